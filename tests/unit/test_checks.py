"""What a shift must be before it is priced, and what is asked about twice (SPEC 3.4, PAYROLL D4, D12, TECH T21)."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from payroll.business_time import BusinessZone
from payroll.checks import (
    check_clock,
    check_shift_date,
    check_shift_times,
    compute_first_day,
    is_far_above,
    is_long_ago,
    is_long_shift,
)
from payroll.errors import ConflictError, ErrorKey, InvalidInputError

NOW = datetime(2026, 11, 16, 20, 0, tzinfo=UTC)
UTC_MINUS_5 = BusinessZone.fixed_utc_minus_5()
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def check(time_in: datetime, time_out: datetime) -> None:
    check_shift_times(time_in, time_out, now=NOW, max_hours=24, zone=UTC_MINUS_5)


@pytest.mark.parametrize("worked", [MINUTE, 8 * HOUR, 24 * HOUR], ids=["a minute", "eight hours", "24 hours"])
def test_a_shift_of_a_minute_to_24_hours_up_to_now_can_be(worked: timedelta) -> None:
    check(NOW - worked, NOW)


@pytest.mark.parametrize(
    ("time_in", "time_out", "key"),
    [
        pytest.param(NOW - HOUR, NOW - 2 * HOUR, ErrorKey.SHIFT_ENDS_BEFORE_START, id="an end before the start"),
        pytest.param(NOW - HOUR, NOW - HOUR, ErrorKey.SHIFT_ENDS_BEFORE_START, id="an end at the start"),
        pytest.param(NOW - HOUR, NOW + timedelta(seconds=1), ErrorKey.TIME_IN_FUTURE, id="an end in the future"),
        pytest.param(NOW - timedelta(seconds=59), NOW, ErrorKey.SHIFT_TOO_SHORT, id="under a minute"),
        pytest.param(NOW - 24 * HOUR - timedelta(seconds=1), NOW, ErrorKey.SHIFT_TOO_LONG, id="over 24 hours"),
    ],
)
def test_a_shift_that_cannot_be_is_refused_by_its_end(time_in: datetime, time_out: datetime, key: ErrorKey) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check(time_in, time_out)
    assert (refused.value.key, refused.value.value) == (key, UTC_MINUS_5.format(time_out))


@pytest.mark.parametrize(
    ("worked", "last_hours", "is_long"),
    [
        pytest.param(12 * HOUR, [], False, id="12 hours"),
        pytest.param(12 * HOUR + MINUTE, [], True, id="over 12 hours"),
        pytest.param(12 * HOUR + MINUTE, ["11"] * 20, True, id="over 12 hours, however usual"),
        pytest.param(8 * HOUR, ["4"] * 5, False, id="twice the usual"),
        pytest.param(8 * HOUR + MINUTE, ["4"] * 5, True, id="over twice the usual"),
        pytest.param(11 * HOUR, ["4"] * 4, False, id="no usual before five shifts"),
        pytest.param(9 * HOUR, ["4", "4", "4", "11", "12"], True, id="the usual is the median"),
    ],
)
def test_a_shift_over_12_hours_or_over_twice_the_usual_is_long(
    worked: timedelta, last_hours: list[str], is_long: bool
) -> None:
    assert is_long_shift(worked, [Decimal(hours) for hours in last_hours]) == is_long


@pytest.mark.parametrize(
    ("amount", "last_amounts", "is_far"),
    [
        pytest.param("500.00", ["1", "100", "50", "20", "3"], False, id="five times the largest"),
        pytest.param("500.01", ["1", "100", "50", "20", "3"], True, id="over five times the largest"),
        pytest.param("99999999.99", ["1"] * 4, False, id="no usual before five amounts"),
    ],
)
def test_an_amount_over_5_times_the_largest_of_the_last_is_far_above(
    amount: str, last_amounts: list[str], is_far: bool
) -> None:
    assert is_far_above(Decimal(amount), [Decimal(one) for one in last_amounts]) == is_far


@pytest.mark.parametrize("newest", [None, NOW - 400 * 24 * HOUR, NOW, NOW + 24 * HOUR])
def test_a_clock_that_is_not_before_what_is_recorded_is_believed(newest: datetime | None) -> None:
    check_clock(NOW, newest, UTC_MINUS_5)


@pytest.mark.parametrize(
    ("now", "newest"),
    [
        pytest.param(NOW, NOW + 24 * HOUR + MINUTE, id="over a day before the newest record"),
        pytest.param(datetime(1970, 1, 1, tzinfo=UTC), None, id="never set"),
        pytest.param(datetime(2024, 12, 31, 23, 59, tzinfo=UTC), None, id="before the program was made"),
    ],
)
def test_another_clock_is_not(now: datetime, newest: datetime | None) -> None:
    with pytest.raises(ConflictError) as refusal:
        check_clock(now, newest, UTC_MINUS_5)
    assert refusal.value.key is ErrorKey.CLOCK_WRONG


@pytest.mark.parametrize(
    ("today", "earliest", "first"),
    [
        pytest.param(date(2026, 11, 16), None, date(2025, 11, 16), id="a year back"),
        pytest.param(date(2028, 2, 29), None, date(2027, 2, 28), id="on a leap day"),
        pytest.param(date(2026, 11, 16), date(2026, 1, 1), date(2026, 1, 1), id="as it is set"),
        pytest.param(date(2026, 11, 16), date(2012, 5, 1), date(2012, 5, 1), id="set further back"),
        pytest.param(date(2000, 6, 1), None, date(2000, 1, 1), id="never before 2000"),
        pytest.param(date(2026, 11, 16), date(1990, 1, 1), date(2000, 1, 1), id="not even where it is set so"),
    ],
)
def test_the_first_day_of_a_shift(today: date, earliest: date | None, first: date) -> None:
    assert compute_first_day(today, earliest) == first
    check_shift_date(first, first)
    with pytest.raises(InvalidInputError) as refused:
        check_shift_date(first - timedelta(days=1), first)
    assert refused.value.key is ErrorKey.DATE_TOO_EARLY
    assert f"{first.isoformat().replace('-', '/')} or later" in str(refused.value)


def test_a_year_below_1000_is_named_with_four_digits() -> None:
    with pytest.raises(InvalidInputError, match="shift_date: 0226/11/29 "):
        check_shift_date(date(226, 11, 29), date(2025, 11, 16))


def test_a_date_is_long_ago_from_the_32nd_day_on() -> None:
    assert not is_long_ago(date(2026, 10, 16), date(2026, 11, 16))
    assert is_long_ago(date(2026, 10, 15), date(2026, 11, 16))
