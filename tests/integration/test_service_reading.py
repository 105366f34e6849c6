"""Reading what was recorded, as callers of `SheetsService` do (SPEC 5, PAYROLL D1, TECH T13, T16)."""

import contextlib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import psycopg2
import pytest

from payroll.errors import ErrorKey, InvalidInputError, UnavailableError
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.shift_data import ANN, BEN, CID, count_rows, deactivate, list_lines, make_shift_data, record

NEW_YORK = ZoneInfo("America/New_York")
HEADERS = [
    "ID", "Date", "EmployeeId", "EmployeeName", "Clock in", "Clock out", "Worked hours/shift",
    "Model A", "Model B", "Model C", "Model D",
    "Total sales", "Net sales", "%", "Total per hour", "Commissions", "Total made",
]  # fmt: skip


def usd(amount: str) -> Decimal:
    return Decimal(amount)


def test_record_is_read_by_the_sheets_headers(service: PostgresService) -> None:
    shift = record(service, products={"Model B": "99.90", "Model D": 100}, start="08:30", end="16:50")
    assert isinstance(shift, Mapping)
    assert list(shift) == HEADERS
    assert len(shift) == len(HEADERS)
    assert dict(shift) == {
        "ID": 1,
        "Date": "2026/11/16 20:00:00",
        "EmployeeId": ANN,
        "EmployeeName": "Person 100",
        "Clock in": "2026/11/16 08:30:00",
        "Clock out": "2026/11/16 16:50:00",
        "Worked hours/shift": usd("8.33"),
        "Model A": usd("0.00"),
        "Model B": usd("99.90"),
        "Model C": usd("0.00"),
        "Model D": usd("100.00"),
        "Total sales": usd("199.90"),
        "Net sales": usd("159.92"),
        "%": usd("8.00"),
        "Total per hour": usd("125.00"),
        "Commissions": usd("12.79"),
        "Total made": usd("137.79"),
    }
    assert all(isinstance(shift[header], Decimal) for header in HEADERS[6:])


def test_record_is_read_by_column_names_too(service: PostgresService) -> None:
    shift = record(service, products={"Model B": "99.90"}, note="a slow day")
    pairs = {
        "ID": "shift_id", "EmployeeId": "employee_id", "EmployeeName": "employee_name",
        "Worked hours/shift": "worked_hours", "Total sales": "total_sales", "Net sales": "net_sales",
        "%": "commission_pct", "Total per hour": "total_per_hour", "Commissions": "commissions",
        "Total made": "total_made",
    }  # fmt: skip
    for header, column in pairs.items():
        assert shift[header] == shift[column]
    assert shift["shift_date"] == date(2026, 11, 16)
    assert shift["time_in"] == datetime(2026, 11, 16, 14, tzinfo=UTC)
    assert shift["time_out"] == datetime(2026, 11, 16, 22, tzinfo=UTC)
    assert shift["recorded_at"] == datetime(2026, 11, 17, 1, tzinfo=UTC)
    assert shift["note"] == "a slow day"
    assert shift.get("Model Z") is None
    with pytest.raises(KeyError):
        shift["bonus"]


def test_running_and_deleted_shifts_are_in_no_answer(service: PostgresService, clock: SteppingClock) -> None:
    gone = record(service)["ID"]
    service.shifts.delete(gone)
    running = service.shifts.start_running(ANN, clock.now).shift_id
    for shift_id in (gone, running, 999):
        assert service.get_shift_by_id(shift_id) is None
        assert service.find_row_by_id(shift_id) is None
    assert service.get_all_shifts() == service.get_last_shifts(ANN) == []
    assert service.find_previous_shift_with_models(BEN, ["Model A"], clock.now) is None
    assert service.find_shifts_with_model("Model A", "2026-11-16", BEN, clock.now) == []


def test_shifts_are_given_newest_record_first(service: PostgresService, clock: SteppingClock) -> None:
    days = ((16, ANN), (12, ANN), (14, BEN), (13, ANN))
    made = [record(service, day=f"2026/11/{day}", who=who)["ID"] for day, who in days]
    late = record(service, day="2026/11/15", date="2026/11/16 10:00:00")["ID"]
    clock.move(minutes=1)
    newest = record(service, day="2026/11/10")["ID"]
    assert [shift["shift_id"] for shift in service.get_all_shifts()] == [newest, *reversed(made), late]
    assert [shift["ID"] for shift in service.get_last_shifts(ANN)] == [newest, made[3], made[1]]
    assert [shift["ID"] for shift in service.get_last_shifts(ANN, limit=1)] == [newest]
    assert len(service.get_last_shifts(ANN, limit=10)) == 5
    assert service.get_last_shifts(CID) == []


def test_next_number_is_looked_at_without_being_used_up(service: PostgresService) -> None:
    assert [service.get_next_id(), service.get_next_id()] == [1, 1]
    for _ in range(3):
        expected = service.get_next_id()
        assert record(service, start=f"0{expected}:00", end=f"0{expected}:30")["ID"] == expected


def test_row_of_a_recorded_shift_is_found(service: PostgresService) -> None:
    shift_id = record(service)["ID"]
    assert service.find_row_by_id(shift_id) is not None


def test_products_are_given_in_their_order(service: PostgresService, database: dict[str, Any]) -> None:
    deactivate(database, "Model B")
    assert service.get_products() == ["Model A", "Model B", "Model C", "Model D"]


def test_models_of_a_shift_are_those_it_sold(service: PostgresService) -> None:
    shift = record(service, products={"Model C": 1, "Model A": "0.01"})
    assert service.get_models_from_shift(shift) == ["Model A", "Model C"]
    assert service.get_models_from_shift(dict(shift)) == ["Model A", "Model C"]
    assert service.get_models_from_shift(record(service, day="2026/11/15", products=0)) == []


def test_previous_shift_is_the_newest_of_somebody_else_with_one_of_the_models(
    service: PostgresService, clock: SteppingClock
) -> None:
    old = record(service, who=BEN, products={"Model A": 1, "Model B": 1})["ID"]
    clock.move(minutes=1)
    record(service, who=CID, products={"Model C": 1})
    record(service, who=ANN, products={"Model A": 1})
    found = service.find_previous_shift_with_models(ANN, ["Model B", "Model D"], clock.now)
    assert found is not None
    assert found["ID"] == old
    assert service.find_previous_shift_with_models(ANN, ["Model D"], clock.now) is None
    assert service.find_previous_shift_with_models(ANN, [], clock.now) is None
    assert service.find_previous_shift_with_models(ANN, ["Model A"], "2026/11/16 20:00:00") is None, "strictly before"
    for day in ("2026-11-17", "2026/11/17", date(2026, 11, 17)):
        found = service.find_previous_shift_with_models(ANN, ["Model B"], day)
        assert found is not None
        assert found["ID"] == old
    with pytest.raises(InvalidInputError, match="Model E"):
        service.find_previous_shift_with_models(ANN, ["Model E"], clock.now)


def test_shifts_of_a_date_with_a_model_are_those_of_others_recorded_before(
    service: PostgresService, clock: SteppingClock
) -> None:
    first = record(service, who=BEN, products={"Model A": 1})["ID"]
    record(service, who=BEN, day="2026/11/15", products={"Model A": 1})
    record(service, who=ANN, products={"Model A": 1})
    clock.move(minutes=1)
    second = record(service, who=CID, products={"Model A": 1})["ID"]
    clock.move(minutes=1)
    found = service.find_shifts_with_model("Model A", "2026-11-16", ANN, clock.now)
    assert [shift["ID"] for shift in found] == [first, second]
    found = service.find_shifts_with_model("Model A", date(2026, 11, 16), ANN, "2026/11/16 20:01:00")
    assert [shift["ID"] for shift in found] == [first]
    assert service.find_shifts_with_model("Model B", "2026-11-16", ANN, clock.now) == []


def test_psycopg2_reads_what_the_service_wrote(service: PostgresService, database: dict[str, Any]) -> None:
    record(service, products={"Model B": "99.90"})
    with contextlib.closing(psycopg2.connect(**database)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT employee_name, shift_date, total_sales, total_made FROM shifts")
        assert cursor.fetchall() == [("Person 100", date(2026, 11, 16), usd("99.90"), usd("126.39"))]


# --- the database itself ----------------------------------------------------------------------------------------------


def test_database_that_is_not_there_is_said_to_be_away(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    with PostgresService(**{**database, "database": "test_nothing_here"}) as service:
        service._database._pool.timeout = 0.2
        with pytest.raises(UnavailableError) as caught:
            service.get_all_shifts()
    assert caught.value.key == ErrorKey.DATABASE_AWAY
    assert str(database["password"] or "no secret at all") not in str(caught.value)


def test_several_calls_are_one_unit_of_work(service: PostgresService, database: dict[str, Any]) -> None:
    before = count_rows(database)

    def record_two_of_which_one_is_wrong() -> None:
        with service.transaction():
            service.create_shift(make_shift_data())
            service.create_bonus(ANN, "flat", 5)
            service.create_shift(make_shift_data(day="2026/11/15", products={"Model E": 1}))

    with pytest.raises(InvalidInputError):
        record_two_of_which_one_is_wrong()
    assert count_rows(database) == before
    with service.transaction():
        record(service)
    assert list_lines(database) == [("160.00", "2026-11-15", "160.00")]
