"""Recording shifts, as callers of `SheetsService` do: what may be said, what is refused (SPEC 3, 5, TECH T12)."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from payroll.errors import ConflictError, DomainError, ErrorKey, InvalidInputError, NotFoundError
from payroll.shifts import NewShift
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.shift_data import ANN, BEN, count_rows, deactivate, make_shift_data, record

NEW_YORK = ZoneInfo("America/New_York")


def usd(amount: str) -> Decimal:
    return Decimal(amount)


# --- the worked examples of SPEC 3 ------------------------------------------------------------------------------------


def test_first_worked_example(service: PostgresService) -> None:
    shift = record(service, products=500)
    assert [shift[header] for header in ("Net sales", "%", "Total per hour", "Commissions", "Total made")] == [
        usd("400.00"), usd("10.00"), usd("120.00"), usd("40.00"), usd("160.00"),
    ]  # fmt: skip


def test_second_shift_of_a_date_is_paid_by_the_days_sales_and_the_first_stays(service: PostgresService) -> None:
    first = record(service, products=500, start="01:00", end="05:00")
    second = record(service, products=700)
    assert second["%"] == usd("12.00")
    assert dict(service.get_shift_by_id(first["ID"]) or {}) == dict(first)


@pytest.mark.parametrize(
    ("bonus", "pct", "made"),
    [(("percent_next", "1"), "11.00", "164.00"), (("double_commission", None), "20.00", "200.00")],
)
def test_pending_bonus_is_used_up_by_the_next_shift(
    service: PostgresService, bonus: tuple[str, str | None], pct: str, made: str
) -> None:
    bonus_id = service.create_bonus(ANN, *bonus)
    shift = record(service, products=500)
    assert (shift["%"], shift["Total made"]) == (usd(pct), usd(made))
    (used,) = service.get_shift_applied_bonuses(shift["ID"])
    assert (used["ID"], used["Applied"], used["Shift ID"]) == (bonus_id, True, shift["ID"])
    assert service.get_active_bonuses(ANN) == []


def test_percent_prev_takes_from_the_previous_chatter(service: PostgresService) -> None:
    record(service, who=BEN, products=500)
    service.create_bonus(ANN, "percent_prev", 1)
    shift = record(service, products=300)
    # 300 × 0.8 × 8 % = 19.20, 8 h × 15 = 120.00, and 500 × 0.8 × 1 % = 4.00 of the other's
    assert shift["Total made"] == usd("143.20")


@pytest.mark.parametrize(
    ("start", "end", "hours", "pay"), [("08:30", "16:45", "8.25", "123.75"), ("08:30", "16:50", "8.33", "125.00")]
)
def test_hours_are_paid_from_the_exact_minutes(
    service: PostgresService, start: str, end: str, hours: str, pay: str
) -> None:
    shift = record(service, start=start, end=end)
    assert (shift["Worked hours/shift"], shift["Total per hour"]) == (usd(hours), usd(pay))


def test_reaching_hustler_and_losing_it_by_a_correction(service: PostgresService) -> None:
    record(service, products=1500, day="2026/11/14")
    shift = record(service, products=600)
    assert service.determine_rank(ANN, 2026, 11) == "Hustler"
    bonuses = service.get_active_bonuses(ANN) + service.get_shift_applied_bonuses(shift["ID"])
    assert [bonus["Bonus Type"] for bonus in bonuses] in (["flat"], ["percent_next"], ["percent_prev"])
    assert service.update_shift_field(shift["ID"], "Model A", 50)
    assert service.determine_rank(ANN, 2026, 11) == "Rookie"
    assert service.get_active_bonuses(ANN) + service.get_shift_applied_bonuses(shift["ID"]) == []
    assert [notice.kind for notice in service.outbox.list_unsent()] == ["rank_up", "rank_down"]


def test_rolling_average_weighs_the_newest_most(service: PostgresService, clock: SteppingClock) -> None:
    for day, total in enumerate((100, 200, 300, 400, 500), start=10):
        record(service, products=total, day=f"2026/11/{day}")
        clock.move(minutes=1)
    assert service.statistics.get_summary(ANN).rolling_average == usd("366.67")


@pytest.mark.parametrize(
    ("day", "last", "following"), [(10, "2026-11-01", "2026-11-15"), (15, "2026-11-15", "2026-12-01")]
)
def test_pay_days_around_a_day(
    service: PostgresService, clock: SteppingClock, day: int, last: str, following: str
) -> None:
    clock.now = datetime(2026, 11, day, 12, tzinfo=NEW_YORK)
    summary = service.statistics.get_summary(ANN)
    assert (summary.last_pay_day.isoformat(), summary.next_pay_day.isoformat()) == (last, following)


# --- what a shift may be said with ------------------------------------------------------------------------------------


def test_shift_may_be_said_by_date_and_times(service: PostgresService) -> None:
    data = {"employee_id": ANN, "shift_date": "2026-11-15", "time_in": "22:00", "time_out": "06:00"}
    shift = service.get_shift_by_id(service.create_shift({**data, "products": {"Model B": "99.90"}}))
    assert shift is not None
    assert (shift["Clock in"], shift["Clock out"]) == ("2026/11/15 22:00:00", "2026/11/16 06:00:00")
    assert (shift["shift_date"], shift["Model B"]) == (date(2026, 11, 15), usd("99.90"))


def test_equal_times_of_a_date_are_24_hours(service: PostgresService) -> None:
    data = {"employee_id": ANN, "shift_date": "2026-11-15", "time_in": "08:00", "time_out": "08:00"}
    shift = service.get_shift_by_id(service.create_shift(data))
    assert shift is not None
    assert shift["Worked hours/shift"] == usd("24.00")


def test_unknown_employee_gets_the_starting_values(service: PostgresService) -> None:
    assert service.get_employee_settings(ANN) is None
    shift = record(service, products=0)
    assert service.get_employee_settings(ANN) == {
        "EmployeeId": ANN, "Hourly wage": usd("15.00"), "Sales commission": usd("8.00"),
    }  # fmt: skip
    assert shift["EmployeeName"] == "Person 100"


def test_name_on_a_shift_is_the_one_given_else_the_persons(service: PostgresService) -> None:
    record(service, employee_name="Ann")
    assert record(service, day="2026/11/15", employee_name="Annie")["EmployeeName"] == "Annie"
    assert record(service, day="2026/11/14", employee_name=None)["EmployeeName"] == "Ann"


def test_recorded_at_is_now_unless_a_date_is_given(service: PostgresService) -> None:
    assert record(service)["Date"] == "2026/11/16 20:00:00"
    assert record(service, day="2026/11/14", date="2026/11/14 18:30:05")["Date"] == "2026/11/14 18:30:05"


def test_shift_recorded_before_others_of_its_date_prices_those_again(service: PostgresService) -> None:
    first = record(service, products=500, start="01:00", end="02:00")
    late = record(service, products=600, start="03:00", end="04:00", date="2026/11/16 05:00:00")
    assert late["%"] == usd("10.00")
    repriced = service.get_shift_by_id(first["ID"])
    assert repriced is not None
    assert (repriced["%"], repriced["Total made"]) == (usd("12.00"), usd("63.00"))  # 400 × 12 % + 15.00
    assert service.statistics.get_balance(ANN) == late["Total made"] + repriced["Total made"]


@pytest.mark.parametrize(
    ("change", "key", "field", "value"),
    [
        ({"employee_id": None}, ErrorKey.FIELD_MISSING, "employee_id", "nothing"),
        ({"employee_id": "Ann"}, ErrorKey.VALUE_INVALID, "employee_id", "Ann"),
        ({"employee_id": "--5"}, ErrorKey.VALUE_INVALID, "employee_id", "--5"),
        ({"employee_id": 10**30}, ErrorKey.VALUE_INVALID, None, None),
        ({"clock_in": None}, ErrorKey.FIELD_MISSING, "clock_in", "nothing"),
        ({"clock_out": ""}, ErrorKey.FIELD_MISSING, "clock_out", "nothing"),
        ({"clock_in": "yesterday"}, ErrorKey.TIME_NOT_READABLE, "clock_in", "yesterday"),
        ({"clock_in": "2026/02/30 10:00:00"}, ErrorKey.TIME_NOT_READABLE, "clock_in", "2026/02/30 10:00:00"),
        ({"date": "16.11.2026"}, ErrorKey.TIME_NOT_READABLE, "date", "16.11.2026"),
        ({"date": "2026/11/16 20:00:01"}, ErrorKey.TIME_IN_FUTURE, "date", "2026/11/16 20:00:01"),
        ({"shift_date": "2026-11-15"}, ErrorKey.VALUE_INVALID, "shift_date", "2026-11-15"),
        ({"bonus": 5}, ErrorKey.FIELD_UNKNOWN, "bonus", 5),
        ({"products": ["Model A"]}, ErrorKey.VALUE_INVALID, "products", ["Model A"]),
        ({"products": {"Model E": 5}}, ErrorKey.PRODUCT_UNKNOWN, "products", "Model E"),
        ({"products": {"Model A": "1,234"}}, ErrorKey.AMOUNT_NOT_A_NUMBER, "Model A", "1,234"),
        ({"products": {"Model A": "NaN"}}, ErrorKey.AMOUNT_NOT_A_NUMBER, "Model A", "NaN"),
        ({"products": {"Model A": float("inf")}}, ErrorKey.AMOUNT_NOT_A_NUMBER, "Model A", float("inf")),
        ({"products": {"Model A": None}}, ErrorKey.AMOUNT_NOT_A_NUMBER, "Model A", None),
        ({"products": {"Model A": True}}, ErrorKey.AMOUNT_NOT_A_NUMBER, "Model A", True),
        ({"products": {"Model A": -1}}, ErrorKey.AMOUNT_NEGATIVE, "Model A", -1),
        ({"products": {"Model A": "0.001"}}, ErrorKey.AMOUNT_TOO_PRECISE, "Model A", "0.001"),
        ({"products": {"Model A": "100000000"}}, ErrorKey.AMOUNT_TOO_LARGE, "Model A", "100000000"),
        ({"products": {"Model A": "1e40"}}, ErrorKey.AMOUNT_TOO_LARGE, "Model A", "1e40"),
        ({"note": "x" * 1001}, ErrorKey.TEXT_TOO_LONG, "note", None),
        ({"employee_name": "x" * 201}, ErrorKey.TEXT_TOO_LONG, "employee_name", None),
        ({"employee_name": "A\x00nn"}, ErrorKey.TEXT_TOO_LONG, "employee_name", None),
        ({"request_id": "x" * 201}, ErrorKey.TEXT_TOO_LONG, "request_id", None),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_written(
    service: PostgresService,
    database: dict[str, Any],
    change: dict[str, object],
    key: ErrorKey,
    field: str | None,
    value: object,
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        service.create_shift({**make_shift_data(), **change})
    error = caught.value
    assert error.key == key
    assert str(error) == f"{error.field}: {error.value} (allowed: {error.allowed})"
    assert error.allowed
    if field is not None:
        assert error.field == field
    if value is not None:
        assert error.value == value
    assert set(count_rows(database)) == {0}


@pytest.mark.parametrize(
    ("clock_in", "clock_out", "key"),
    [
        ("2026/11/16 17:00:00", "2026/11/16 17:00:00", ErrorKey.SHIFT_ENDS_BEFORE_START),
        ("2026/11/16 17:00:00", "2026/11/16 09:00:00", ErrorKey.SHIFT_ENDS_BEFORE_START),
        ("2026/11/15 09:00:00", "2026/11/16 09:00:01", ErrorKey.SHIFT_TOO_LONG),
        ("2026/11/16 09:00:00", "2026/11/16 20:00:01", ErrorKey.TIME_IN_FUTURE),
        ("2026/11/17 09:00:00", "2026/11/17 17:00:00", ErrorKey.TIME_IN_FUTURE),
    ],
)
def test_times_that_cannot_be_worked_are_refused(
    service: PostgresService, database: dict[str, Any], clock_in: str, clock_out: str, key: ErrorKey
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        service.create_shift({**make_shift_data(), "clock_in": clock_in, "clock_out": clock_out})
    assert (caught.value.key, caught.value.field, caught.value.value) == (key, "clock_out", clock_out)
    assert fetch_all(database, "SELECT count(*) FROM shifts") == [(0,)]


def test_24_hours_to_this_second_are_fine(service: PostgresService) -> None:
    shift = record(service, clock_in="2026/11/15 20:00:00", clock_out="2026/11/16 20:00:00")
    assert shift["Worked hours/shift"] == usd("24.00")


def test_deactivated_product_takes_no_new_sales(service: PostgresService, database: dict[str, Any]) -> None:
    deactivate(database, "Model B")
    with pytest.raises(InvalidInputError) as caught:
        service.create_shift(make_shift_data({"Model B": 1}))
    assert (caught.value.key, caught.value.value) == (ErrorKey.PRODUCT_INACTIVE, "Model B")
    assert caught.value.allowed == "Model A, Model C, Model D"
    assert record(service, products={"Model B": 0, "Model A": 5})["Total sales"] == usd("5.00")


# --- overlaps ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "end"),
    [("09:00", "17:00"), ("08:00", "09:01"), ("16:59", "18:00"), ("10:00", "11:00"), ("08:00", "18:00")],
)
def test_shift_may_not_overlap_another_of_the_same_person(
    service: PostgresService, database: dict[str, Any], start: str, end: str
) -> None:
    record(service)
    before = count_rows(database)
    with pytest.raises(ConflictError) as caught:
        service.create_shift(make_shift_data(start=start, end=end))
    assert caught.value.key == ErrorKey.SHIFT_OVERLAPS
    assert "2026/11/16 09:00:00" in str(caught.value)
    assert count_rows(database) == before


def test_shifts_may_touch_and_others_may_work_at_the_same_time(service: PostgresService) -> None:
    record(service)
    record(service, start="17:00", end="18:00")
    record(service, start="08:00", end="09:00")
    record(service, who=BEN)
    assert len(service.get_all_shifts()) == 4


def test_deleted_shift_is_in_nobodys_way(service: PostgresService) -> None:
    service.shifts.delete(record(service)["ID"])
    assert record(service)["Total made"] == usd("160.00")


def test_running_shift_is_finished_first(service: PostgresService) -> None:
    service.create_default_employee_settings(ANN)
    service.shifts.start_running(ANN, datetime(2026, 11, 16, 12, tzinfo=NEW_YORK))
    with pytest.raises(ConflictError) as caught:
        service.create_shift(make_shift_data())
    assert caught.value.key == ErrorKey.SHIFT_RUNNING
    assert caught.value.allowed == "finish the shift of 2026/11/16 12:00:00 first"
    assert record(service, end="12:00")["Worked hours/shift"] == usd("3.00")


# --- running shifts ---------------------------------------------------------------------------------------------------


def test_finished_shift_is_recorded_at_its_finish(service: PostgresService, clock: SteppingClock) -> None:
    service.create_default_employee_settings(ANN)
    running = service.shifts.start_running(ANN, clock.now)
    other = record(service, who=BEN)
    clock.move(hours=3)
    new = NewShift(ANN, running.time_in, clock.now, {1: usd("500.00")}, running_shift_id=running.shift_id)
    assert service.shifts.record(new).shift_id == running.shift_id
    assert [shift["ID"] for shift in service.get_all_shifts()] == [running.shift_id, other["ID"]]
    assert service.get_all_shifts()[0]["Date"] == "2026/11/16 23:00:00"


def test_running_shift_is_finished_once(service: PostgresService, clock: SteppingClock) -> None:
    service.create_default_employee_settings(ANN)
    running = service.shifts.start_running(ANN, clock.now)
    clock.move(hours=1)
    new = NewShift(ANN, running.time_in, clock.now, {1: usd("500.00")}, running_shift_id=running.shift_id)
    service.shifts.record(new)
    before = service.statistics.list_entries(ANN, 10)
    with pytest.raises(DomainError):
        service.shifts.record(new)
    assert service.statistics.list_entries(ANN, 10) == before


def test_nobody_finishes_somebody_elses_running_shift(service: PostgresService, clock: SteppingClock) -> None:
    for who in (ANN, BEN):
        service.create_default_employee_settings(who)
    running = service.shifts.start_running(ANN, clock.now)
    clock.move(hours=1)
    with pytest.raises(DomainError):
        service.shifts.record(NewShift(BEN, running.time_in, clock.now, {}, running_shift_id=running.shift_id))
    assert service.shifts.find_running(ANN) == running


def test_discarded_running_shift_cannot_be_finished(service: PostgresService, clock: SteppingClock) -> None:
    service.create_default_employee_settings(ANN)
    running = service.shifts.start_running(ANN, clock.now)
    service.shifts.discard_running(ANN)
    clock.move(hours=1)
    with pytest.raises(DomainError):
        service.shifts.record(NewShift(ANN, running.time_in, clock.now, {}, running_shift_id=running.shift_id))
    assert service.get_all_shifts() == []
    with pytest.raises(NotFoundError):
        service.shifts.discard_running(ANN)


def test_running_shift_begins_now_or_earlier(service: PostgresService, clock: SteppingClock) -> None:
    service.create_default_employee_settings(ANN)
    with pytest.raises(InvalidInputError) as caught:
        service.shifts.start_running(ANN, clock.now + timedelta(minutes=1))
    assert caught.value.key == ErrorKey.TIME_IN_FUTURE


# --- the same request twice -------------------------------------------------------------------------------------------


def test_same_request_again_gives_the_same_shift(service: PostgresService, database: dict[str, Any]) -> None:
    service.create_bonus(ANN, "flat", 5)
    shift = record(service, request_id="tap 1")
    service.create_bonus(ANN, "flat", 7)
    before = count_rows(database)
    assert service.create_shift(make_shift_data(request_id="tap 1")) == shift["ID"]
    assert count_rows(database) == before
    assert [bonus["Value"] for bonus in service.get_active_bonuses(ANN)] == [usd("7.00")]


def test_same_request_of_a_deleted_shift_creates_nothing(service: PostgresService) -> None:
    shift = record(service, request_id="tap 1")
    service.shifts.delete(shift["ID"])
    assert service.create_shift(make_shift_data(request_id="tap 1")) == shift["ID"]
    assert service.get_all_shifts() == []
    assert service.statistics.get_balance(ANN) == 0


def test_a_request_of_somebody_else_is_no_repeat(service: PostgresService) -> None:
    record(service, request_id="tap 1")
    with pytest.raises(ConflictError, match="request_id"):
        service.create_shift(make_shift_data(request_id="tap 1", employee_id=200))
    assert service.get_last_shifts(200) == []
