"""The wall clock of New York through the service: the hour that is not there, the one that is twice (SPEC 3.3, T23)."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from payroll.business_time import BusinessZone
from payroll.errors import ErrorKey, InvalidInputError
from postgres_service import PostgresService
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.shift_data import ANN, make_shift_data


@pytest.fixture
def clock() -> SteppingClock:
    """Late enough for either change of 2026."""
    return SteppingClock(datetime(2026, 11, 17, 1, 0, tzinfo=UTC))


def make_data(clock_in: object, clock_out: object) -> dict[str, object]:
    return {**make_shift_data(), "clock_in": clock_in, "clock_out": clock_out}


@pytest.mark.parametrize(
    ("clock_in", "clock_out", "hours", "pay"),
    [
        ("2026/10/31 22:00:00", "2026/11/01 06:00:00", "9.00", "135.00"),
        ("2026/03/07 22:00:00", "2026/03/08 06:00:00", "7.00", "105.00"),
        ("2026/11/07 22:00:00", "2026/11/08 06:00:00", "8.00", "120.00"),
    ],
)
def test_worked_time_is_elapsed_time(
    service: PostgresService, clock_in: str, clock_out: str, hours: str, pay: str
) -> None:
    shift = service.get_shift_by_id(service.create_shift(make_data(clock_in, clock_out)))
    assert shift is not None
    assert (shift["Worked hours/shift"], shift["Total per hour"]) == (Decimal(hours), Decimal(pay))
    assert (shift["Clock in"], shift["Clock out"]) == (clock_in, clock_out)


@pytest.mark.parametrize(("day", "hours"), [("2026-10-31", "9.00"), ("2026-03-07", "7.00")])
def test_worked_time_is_elapsed_time_where_it_is_said_by_date_too(
    service: PostgresService, day: str, hours: str
) -> None:
    data = {"employee_id": ANN, "shift_date": day, "time_in": "22:00", "time_out": "06:00"}
    shift = service.get_shift_by_id(service.create_shift(data))
    assert shift is not None
    assert shift["Worked hours/shift"] == Decimal(hours)


@pytest.mark.parametrize(
    ("field", "clock_in", "clock_out"),
    [
        ("clock_in", "2026/03/08 02:30:00", "2026/03/08 06:00:00"),
        ("clock_out", "2026/03/07 22:00:00", "2026/03/08 02:00:00"),
    ],
)
def test_time_that_the_clocks_jump_over_is_refused_by_name(
    service: PostgresService, field: str, clock_in: str, clock_out: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        service.create_shift(make_data(clock_in, clock_out))
    assert (caught.value.key, caught.value.field) == (ErrorKey.TIME_DOES_NOT_EXIST, field)
    assert caught.value.value in (clock_in, clock_out)


def test_corrected_time_that_does_not_exist_is_refused(service: PostgresService) -> None:
    shift_id = service.create_shift(make_data("2026/03/08 01:30:00", "2026/03/08 06:00:00"))
    with pytest.raises(InvalidInputError) as caught:
        service.update_shift_field(shift_id, "Clock in", "2026/03/08 02:30:00")
    assert (caught.value.key, caught.value.field) == (ErrorKey.TIME_DOES_NOT_EXIST, "Clock in")


def test_time_that_is_twice_is_the_earlier_one_unless_an_instant_is_given(service: PostgresService) -> None:
    shift_id = service.create_shift(make_data("2026/11/01 01:30:00", "2026/11/01 06:00:00"))
    shift = service.get_shift_by_id(shift_id)
    assert shift is not None
    assert shift["time_in"].astimezone(UTC) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert shift["Worked hours/shift"] == Decimal("5.50")
    service.update_shift_field(shift_id, "Clock in", datetime(2026, 11, 1, 6, 30, tzinfo=UTC))
    shift = service.get_shift_by_id(shift_id)
    assert shift is not None
    assert (shift["Clock in"], shift["Worked hours/shift"]) == ("2026/11/01 01:30:00", Decimal("4.50"))


def test_shift_within_the_hour_that_is_twice(service: PostgresService) -> None:
    begin, end = datetime(2026, 11, 1, 5, 50, tzinfo=UTC), datetime(2026, 11, 1, 6, 10, tzinfo=UTC)
    shift = service.get_shift_by_id(service.create_shift(make_data(begin, end)))
    assert shift is not None
    assert (shift["Clock in"], shift["Clock out"]) == ("2026/11/01 01:50:00", "2026/11/01 01:10:00")
    assert shift["Total per hour"] == Decimal("5.00")


@pytest.mark.parametrize(
    ("clock_in", "clock_out", "is_fine"),
    [
        ("2026/10/31 12:00:00", "2026/11/01 11:00:00", True),  # 24 h elapsed
        ("2026/10/31 12:00:00", "2026/11/01 12:00:00", False),  # 25 h
        ("2026/03/07 12:00:00", "2026/03/08 13:00:00", True),  # 24 h
    ],
)
def test_24_hours_are_elapsed_hours(service: PostgresService, clock_in: str, clock_out: str, is_fine: bool) -> None:
    if is_fine:
        shift = service.get_shift_by_id(service.create_shift(make_data(clock_in, clock_out)))
        assert shift is not None
        assert shift["Worked hours/shift"] == Decimal("24.00")
    else:
        with pytest.raises(InvalidInputError) as caught:
            service.create_shift(make_data(clock_in, clock_out))
        assert caught.value.key == ErrorKey.SHIFT_TOO_LONG


def test_shift_belongs_to_the_business_date_of_its_clock_in(service: PostgresService) -> None:
    # 03:30 UTC on the 15th is 22:30 on the 14th in New York: the period before.
    begin, end = datetime(2026, 11, 15, 3, 30, tzinfo=UTC), datetime(2026, 11, 15, 11, tzinfo=UTC)
    shift = service.get_shift_by_id(service.create_shift(make_data(begin, end)))
    assert shift is not None
    assert shift["shift_date"].isoformat() == "2026-11-14"
    (line,) = service.statistics.list_entries(ANN, 10)
    assert (line.period_start.isoformat(), line.period_end.isoformat()) == ("2026-11-01", "2026-11-14")


def test_fixed_utc_minus_5_knows_no_daylight_saving(database: dict[str, Any], clock: SteppingClock) -> None:
    rules = Rules(BusinessZone.fixed_utc_minus_5(), clock=clock)
    with PostgresService(rules=rules, **database) as service:
        for clock_in, clock_out in (
            ("2026/10/31 22:00:00", "2026/11/01 06:00:00"),
            ("2026/03/07 22:00:00", "2026/03/08 02:30:00"),
        ):
            service.create_shift(make_data(clock_in, clock_out))
        hours = [shift["Worked hours/shift"] for shift in service.get_all_shifts()]
        assert hours == [Decimal("4.50"), Decimal("8.00")]


def test_stored_dates_stay_when_the_zone_changes(
    make_service: Callable[..., PostgresService], database: dict[str, Any], clock: SteppingClock
) -> None:
    shift_id = make_service().create_shift(make_data("2026/11/14 22:00:00", "2026/11/15 06:00:00"))
    with PostgresService(rules=Rules(BusinessZone.named("Europe/Kyiv"), clock=clock), **database) as moved:
        moved.update_shift_field(shift_id, "Model A", 600)
        shift = moved.get_shift_by_id(shift_id)
    assert shift is not None
    assert shift["shift_date"].isoformat() == "2026-11-14"
    assert shift["Clock in"] == "2026/11/15 05:00:00"
