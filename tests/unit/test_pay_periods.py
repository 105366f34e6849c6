"""Everybody can tell the last pay day, the next one, and the period a day belongs to."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.pay_periods import PayDays, PayPeriod, compute_last_pay_day, compute_next_pay_day, compute_pay_period

TWICE_A_MONTH = PayDays.always(1, 15)
ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
PAY_DAYS = st.lists(st.integers(1, 31), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("day", "last", "following"),
    [
        (date(2026, 11, 10), date(2026, 11, 1), date(2026, 11, 15)),
        (date(2026, 11, 15), date(2026, 11, 15), date(2026, 12, 1)),
        (date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 15)),
        (date(2026, 11, 14), date(2026, 11, 1), date(2026, 11, 15)),
        (date(2026, 11, 30), date(2026, 11, 15), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2026, 12, 15), date(2027, 1, 1)),
        (date(2028, 2, 29), date(2028, 2, 15), date(2028, 3, 1)),
    ],
)
def test_pay_days_are_the_first_and_the_fifteenth(day: date, last: date, following: date) -> None:
    assert compute_last_pay_day(day, TWICE_A_MONTH) == last
    assert compute_next_pay_day(day, TWICE_A_MONTH) == following


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2026, 11, 14), PayPeriod(date(2026, 11, 1), date(2026, 11, 14))),
        (date(2026, 11, 15), PayPeriod(date(2026, 11, 15), date(2026, 11, 30))),
        (date(2026, 2, 28), PayPeriod(date(2026, 2, 15), date(2026, 2, 28))),
    ],
)
def test_a_period_runs_to_the_day_before_the_next_pay_day(day: date, period: PayPeriod) -> None:
    assert compute_pay_period(day, TWICE_A_MONTH) == period


@pytest.mark.parametrize(
    ("pay_days", "day", "last", "following"),
    [
        ((31,), date(2026, 2, 10), date(2026, 1, 31), date(2026, 2, 28)),
        ((31,), date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 31)),
        ((31,), date(2028, 2, 28), date(2028, 1, 31), date(2028, 2, 29)),
        ((15, 30), date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 15)),
        ((30, 31), date(2026, 4, 30), date(2026, 4, 30), date(2026, 5, 30)),
        ((20,), date(2026, 1, 5), date(2025, 12, 20), date(2026, 1, 20)),
    ],
)
def test_a_pay_day_past_the_end_of_the_month_is_its_last_day(
    pay_days: tuple[int, ...], day: date, last: date, following: date
) -> None:
    held = PayDays.always(*pay_days)
    assert compute_last_pay_day(day, held) == last
    assert compute_next_pay_day(day, held) == following


@given(DAYS, PAY_DAYS)
@settings(deadline=None)
def test_every_day_lies_in_exactly_one_period(day: date, days: list[int]) -> None:
    pay_days = PayDays.always(*days)
    period = compute_pay_period(day, pay_days)
    assert period.start_date <= day <= period.end_date
    assert compute_pay_period(period.start_date, pay_days) == period
    assert compute_pay_period(period.end_date, pay_days) == period
    assert compute_pay_period(period.start_date - ONE_DAY, pay_days).end_date == period.start_date - ONE_DAY
    assert compute_pay_period(period.end_date + ONE_DAY, pay_days).start_date == period.end_date + ONE_DAY


@given(DAYS, PAY_DAYS)
@settings(deadline=None)
def test_the_order_of_the_pay_days_does_not_matter(day: date, pay_days: list[int]) -> None:
    in_order = PayDays.always(*sorted(set(pay_days)))
    assert compute_pay_period(day, PayDays.always(*pay_days)) == compute_pay_period(day, in_order)


@pytest.mark.parametrize("pay_days", [(), (0,), (1, 32), (-1,)])
def test_pay_days_that_are_no_days_of_the_month_are_refused(pay_days: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pay days are days of the month"):
        PayDays.always(*pay_days)


# --- other pay days from the next period on (D40) ---------------------------------------------------------------------


def list_periods(pay_days: PayDays, first: date, last: date) -> list[PayPeriod]:
    """The periods of a stretch of days, each once."""
    days = [first + ONE_DAY * number for number in range((last - first).days + 1)]
    return list(dict.fromkeys(compute_pay_period(day, pay_days) for day in days))


@pytest.mark.parametrize(
    ("days", "on", "ends"),
    [
        ((10, 25), date(2026, 11, 20), ["11-30", "12-09", "12-24", "01-09"]),
        ((10, 25), date(2026, 11, 14), ["11-14", "11-24", "12-09", "12-24", "01-09"]),
        ((31,), date(2026, 11, 20), ["11-30", "12-30", "01-30"]),
        ((1, 8, 15, 22), date(2026, 11, 20), ["11-30", "12-07", "12-14", "12-21", "12-31", "01-07"]),
        ((1, 15), date(2026, 11, 20), ["11-30", "12-14", "12-31", "01-14"]),
    ],
)
def test_other_pay_days_hold_from_the_next_period_on(days: tuple[int, ...], on: date, ends: list[str]) -> None:
    changed = TWICE_A_MONTH.change(days, after=on)
    shown = [f"{period.end_date:%m-%d}" for period in list_periods(changed, on, date(2027, 1, 7))]
    assert shown == ends
    assert compute_pay_period(on, changed) == compute_pay_period(on, TWICE_A_MONTH)


def test_what_was_to_come_is_replaced_and_the_same_again_is_no_change() -> None:
    first = TWICE_A_MONTH.change((10, 25), after=date(2026, 11, 20))
    assert first.change((5, 20), after=date(2026, 11, 22)).dump() == "1,15 2026-12-01:5,20"
    assert first.change((1, 15), after=date(2026, 11, 22)) == TWICE_A_MONTH
    assert first.change((10, 25), after=date(2027, 3, 1)) == first


def test_pay_days_are_kept_as_they_were_said() -> None:
    text = "1,15 2026-12-01:10,25 2027-02-10:31"
    assert PayDays.parse(text).dump() == text


CHANGES = st.lists(st.tuples(PAY_DAYS, st.integers(0, 90)), min_size=1, max_size=4)


@given(PAY_DAYS, st.dates(date(2024, 1, 1), date(2030, 12, 31)), CHANGES)
@settings(deadline=None, max_examples=100)
def test_however_they_change_no_period_overlaps_and_no_day_is_left_out(
    days: list[int], begin: date, changes: list[tuple[list[int], int]]
) -> None:
    """Each change keeps every period up to the one of its day, and after it each begins where the last one ended."""
    pay_days, today = PayDays.always(*days), begin
    for changed, waited in changes:
        today += ONE_DAY * waited
        before = list_periods(pay_days, begin - ONE_DAY * 40, today)
        pay_days = PayDays.parse(pay_days.change(sorted(set(changed)), after=today).dump())
        assert list_periods(pay_days, begin - ONE_DAY * 40, today) == before
    periods = list_periods(pay_days, begin - ONE_DAY * 40, today + ONE_DAY * 80)
    for earlier, later in pairwise(periods):
        assert later.start_date == earlier.end_date + ONE_DAY
