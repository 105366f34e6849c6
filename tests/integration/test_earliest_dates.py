"""How long ago a shift may be: the setting, the year 2000, and what an older version let through."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from payroll.business_time import BusinessZone
from payroll.errors import ErrorKey, InvalidInputError
from payroll.shifts import Correction, NewShift
from postgres_service import PostgresService
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.databases import DatabaseServer
from tests.integration.schema.rows import connect_as_owner
from tests.owners import hire_owner
from tests.shift_data import ANN, list_lines, make_shift_data, record

NEW_YORK = BusinessZone.named("America/New_York")


def at(text: str) -> datetime:
    return NEW_YORK.parse(text)


def refuse(do: Callable[[], object]) -> str:
    """Why something is refused: its date is too early."""
    with pytest.raises(InvalidInputError) as refused:
        do()
    assert refused.value.key is ErrorKey.DATE_TOO_EARLY
    return str(refused.value)


@pytest.mark.parametrize("day", ["1926/11/29", "0226/11/29", "1999/12/31", "2016/11/29", "2025/11/15"])
def test_a_shift_of_over_a_year_ago_is_refused_by_the_first_day_that_can_be(service: PostgresService, day: str) -> None:
    told = refuse(lambda: service.create_shift(make_shift_data(day=day)))
    assert told == f"shift_date: {day} (allowed: 2025/11/16 or later)"
    assert service.get_all_shifts() == []


def test_on_the_first_day_it_is_recorded(service: PostgresService) -> None:
    assert record(service, day="2025/11/16")["shift_date"] == date(2025, 11, 16)


def test_the_setting_moves_the_first_day_but_not_before_2000(database: dict[str, Any], clock: SteppingClock) -> None:
    rules = Rules(NEW_YORK, clock=clock, earliest_shift=date(1990, 1, 1))
    with PostgresService(settle_ranks=True, rules=rules, **database) as service:
        assert "2000/01/01 or later" in refuse(lambda: service.create_shift(make_shift_data(day="1999/12/31")))
        record(service, day="2000/01/01")


def test_a_shift_is_not_moved_there_but_one_that_is_there_keeps_its_date(
    service: PostgresService, clock: SteppingClock
) -> None:
    old = record(service, day="2025/11/16")["shift_id"]
    clock.move(days=30)
    service.update_shift_field(old, "Clock out", "2025/11/16 18:00:00")
    service.update_shift_field(old, "Model A", 600)
    earlier = Correction(time_in=at("2025/11/15 09:00:00"), time_out=at("2025/11/15 17:00:00"))
    refuse(lambda: service.shifts.edit(old, earlier))


def test_nor_is_it_asked_for_there_but_what_was_asked_for_in_time_is_approved_later(
    service: PostgresService, clock: SteppingClock
) -> None:
    service.people.join(ANN, "Ann", "en")
    ann, owner = service.people.get(ANN), hire_owner(service)
    missing = NewShift(ANN, at("2025/11/15 09:00:00"), at("2025/11/15 17:00:00"), {})
    refuse(lambda: service.corrections.ask_new(missing, "forgotten", actor=ann))
    shift_id = record(service, day="2025/11/20")["shift_id"]
    moved = Correction(time_in=missing.time_in, time_out=missing.time_out)
    refuse(lambda: service.corrections.ask_edit(shift_id, moved, "another day", actor=ann))
    asked = service.corrections.ask_new(
        NewShift(ANN, at("2025/11/17 09:00:00"), at("2025/11/17 17:00:00"), {}), "forgotten", actor=ann
    )
    clock.move(days=7)
    assert service.corrections.approve(asked.correction_id, actor=owner).change.after is not None


def test_a_date_of_an_older_version_can_be_corrected_and_its_shift_deleted(
    database: dict[str, Any], server: DatabaseServer, service: PostgresService
) -> None:
    first, second = (
        record(service, day="2026/11/16", start=start, end=end)["shift_id"]
        for start, end in (("09:00", "12:00"), ("13:00", "17:00"))
    )
    _mistype(database, server, first, second)
    assert service.periods.find(ANN, date(1926, 11, 29)).shifts == 2
    right = Correction(time_in=at("2026/11/16 09:00:00"), time_out=at("2026/11/16 12:00:00"))
    service.shifts.edit(first, right)
    service.shifts.delete(second)
    shift = service.get_shift_by_id(first)
    assert shift is not None
    assert shift["shift_date"] == date(2026, 11, 16)
    assert list_lines(database)[-1][2] == str(shift["total_made"])


def _mistype(database: dict[str, Any], server: DatabaseServer, *shift_ids: int) -> None:
    """What an older version let through: the same shifts, a hundred years ago."""
    with connect_as_owner(database, server) as connection:
        connection.execute(
            "UPDATE shifts SET is_date_kept = true, shift_date = '1926-11-29',"
            " time_in = time_in - interval '100 years', time_out = time_out - interval '100 years'"
            " WHERE shift_id = ANY (%s)",
            [list(shift_ids)],
        )
