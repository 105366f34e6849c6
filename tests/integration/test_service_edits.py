"""Correcting and deleting shifts (SPEC 3.10, 3.16, PAYROLL D1 to D3, D8, D10, D11, TECH T14, T16)."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from payroll.errors import ConflictError, ErrorKey, InvalidInputError, NotFoundError
from payroll.shifts import Correction
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.shift_data import ANN, BEN, count_rows, list_lines, make_shift_data

NEW_YORK = ZoneInfo("America/New_York")


def usd(amount: str) -> Decimal:
    return Decimal(amount)


def read(service: PostgresService, shift_id: int) -> Mapping[str, Any]:
    found = service.get_shift_by_id(shift_id)
    assert found is not None
    return found


# --- one field --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["Clock in", "time_in"])
def test_clock_in_is_corrected_by_either_name(service: PostgresService, field: str) -> None:
    shift_id = service.create_shift(make_shift_data())
    assert service.update_shift_field(shift_id, field, "2026/11/16 10:30:00") is True
    shift = read(service, shift_id)
    assert shift["Clock in"] == "2026/11/16 10:30:00"
    assert (shift["Worked hours/shift"], shift["Total per hour"]) == (usd("6.50"), usd("97.50"))
    assert shift["Total made"] == usd("137.50")


@pytest.mark.parametrize("field", ["Clock out", "time_out"])
def test_clock_out_is_corrected_by_either_name(service: PostgresService, field: str) -> None:
    shift_id = service.create_shift(make_shift_data())
    assert service.update_shift_field(shift_id, field, datetime(2026, 11, 16, 18, tzinfo=NEW_YORK)) is True
    shift = read(service, shift_id)
    assert (shift["Clock out"], shift["Total per hour"]) == ("2026/11/16 18:00:00", usd("135.00"))


@pytest.mark.parametrize("field", ["EmployeeName", "employee_name"])
def test_name_is_corrected_by_either_name_on_that_shift_alone(service: PostgresService, field: str) -> None:
    shift_id = service.create_shift(make_shift_data())
    other_id = service.create_shift(make_shift_data(day="2026/11/15"))
    assert service.update_shift_field(shift_id, field, "  Annie ") is True
    assert read(service, shift_id)["EmployeeName"] == "Annie"
    assert read(service, other_id)["EmployeeName"] == "Person 100"


@pytest.mark.parametrize("field", ["Note", "note"])
def test_note_is_corrected_by_either_name_and_taken_away(service: PostgresService, field: str) -> None:
    shift_id = service.create_shift(make_shift_data(note="a slow day"))
    assert service.update_shift_field(shift_id, field, "a very slow day") is True
    assert read(service, shift_id)["note"] == "a very slow day"
    assert service.update_shift_field(shift_id, field, "") is True
    assert read(service, shift_id)["note"] is None


def test_note_stays_when_something_else_is_corrected(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data(note="a slow day"))
    service.update_shift_field(shift_id, "Model A", 100)
    assert read(service, shift_id)["note"] == "a slow day"


def test_sales_of_a_product_are_corrected_added_and_removed(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data())
    assert service.update_shift_field(shift_id, "Model A", "600.50") is True
    assert service.update_shift_field(shift_id, "Model C", 100) is True
    shift = read(service, shift_id)
    assert (shift["Model A"], shift["Model C"], shift["Total sales"]) == (usd("600.50"), usd("100.00"), usd("700.50"))
    assert service.update_shift_field(shift_id, "Model A", 0) is True
    shift = read(service, shift_id)
    assert service.get_models_from_shift(shift) == ["Model C"]
    assert (shift["Total sales"], shift["%"], shift["Total made"]) == (usd("100.00"), usd("8.00"), usd("126.40"))


def test_last_product_may_be_removed(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data())
    assert service.update_shift_field(shift_id, "Model A", 0) is True
    shift = read(service, shift_id)
    assert (shift["Total sales"], shift["Total made"]) == (usd("0.00"), usd("120.00"))


def test_sales_on_a_deactivated_product_are_corrected_but_not_begun(
    service: PostgresService, database: dict[str, Any]
) -> None:
    shift_id = service.create_shift(make_shift_data())
    fetch_all(database, "UPDATE products SET is_active = false WHERE product_id IN (1, 2) RETURNING name")
    assert service.update_shift_field(shift_id, "Model A", 700) is True
    assert read(service, shift_id)["Total sales"] == usd("700.00")
    assert service.update_total_sales(shift_id, 800) is True
    with pytest.raises(InvalidInputError) as caught:
        service.update_shift_field(shift_id, "Model B", 1)
    assert caught.value.key == ErrorKey.PRODUCT_INACTIVE


@pytest.mark.parametrize(
    "field",
    [
        "ID", "Date", "EmployeeId", "Worked hours/shift", "Total sales", "Net sales", "%", "Total per hour",
        "Commissions", "Total made", "shift_id", "recorded_at", "employee_id", "worked_hours", "total_sales",
        "net_sales", "commission_pct", "total_per_hour", "commissions", "total_made", "shift_date",
    ],
)  # fmt: skip
def test_derived_field_is_refused_by_name(service: PostgresService, database: dict[str, Any], field: str) -> None:
    shift_id = service.create_shift(make_shift_data())
    before = count_rows(database), dict(read(service, shift_id))
    with pytest.raises(InvalidInputError) as caught:
        service.update_shift_field(shift_id, field, 1)
    assert (caught.value.key, caught.value.field) == (ErrorKey.FIELD_NOT_EDITABLE, field)
    assert caught.value.allowed == "Clock in, Clock out, EmployeeName, Note, Model A, Model B, Model C, Model D"
    assert (count_rows(database), dict(read(service, shift_id))) == before


def test_unknown_field_is_refused_by_name(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data())
    with pytest.raises(InvalidInputError) as caught:
        service.update_shift_field(shift_id, "Model E", 1)
    assert (caught.value.key, caught.value.field) == (ErrorKey.FIELD_UNKNOWN, "Model E")


@pytest.mark.parametrize(
    ("field", "value", "key"),
    [
        ("Clock in", "2026/11/16 17:00:00", ErrorKey.SHIFT_ENDS_BEFORE_START),
        ("Clock in", "2026/11/15 16:59:59", ErrorKey.SHIFT_TOO_LONG),
        ("Clock in", "nine", ErrorKey.TIME_NOT_READABLE),
        ("Clock out", "2026/11/16 09:00:00", ErrorKey.SHIFT_ENDS_BEFORE_START),
        ("Clock out", "2026/11/16 20:00:01", ErrorKey.TIME_IN_FUTURE),
        ("Clock out", None, ErrorKey.TIME_NOT_READABLE),
        ("EmployeeName", " ", ErrorKey.FIELD_MISSING),
        ("EmployeeName", "x" * 201, ErrorKey.TEXT_TOO_LONG),
        ("Note", "x" * 1001, ErrorKey.TEXT_TOO_LONG),
        ("Model A", "-0.01", ErrorKey.AMOUNT_NEGATIVE),
        ("Model A", "many", ErrorKey.AMOUNT_NOT_A_NUMBER),
        ("Model A", "100000000", ErrorKey.AMOUNT_TOO_LARGE),
    ],
)
def test_wrong_value_changes_nothing(
    service: PostgresService, database: dict[str, Any], field: str, value: object, key: ErrorKey
) -> None:
    shift_id = service.create_shift(make_shift_data())
    before = count_rows(database), dict(read(service, shift_id))
    with pytest.raises(InvalidInputError) as caught:
        service.update_shift_field(shift_id, field, value)
    assert caught.value.key == key
    assert (count_rows(database), dict(read(service, shift_id))) == before


def test_corrected_clocks_may_not_overlap_another_shift(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data())
    service.create_shift(make_shift_data(start="17:00", end="18:00"))
    with pytest.raises(ConflictError) as caught:
        service.update_shift_field(shift_id, "Clock out", "2026/11/16 17:00:01")
    assert caught.value.key == ErrorKey.SHIFT_OVERLAPS


def test_a_shifts_number_may_be_given_as_text_as_a_sheet_has_it(service: PostgresService) -> None:
    number = str(service.create_shift(make_shift_data()))
    assert service.update_shift_field(number, "Note", "late")  # type: ignore[arg-type]
    assert service.update_total_sales(number, 600)  # type: ignore[arg-type]
    assert service.recalculate_worked_hours(number)  # type: ignore[arg-type]
    with pytest.raises(InvalidInputError, match="shift_id: first"):
        service.recalculate_worked_hours("first")  # type: ignore[arg-type]


def test_without_such_a_shift_the_answer_is_false(service: PostgresService) -> None:
    gone = service.create_shift(make_shift_data())
    service.shifts.delete(gone)
    for shift_id in (gone, 999):
        assert service.update_shift_field(shift_id, "Model A", 5) is False
        assert service.update_total_sales(shift_id, 5) is False
        assert service.recalculate_worked_hours(shift_id) is False
        with pytest.raises(NotFoundError):
            service.shifts.delete(shift_id)


def test_computing_again_changes_nothing(service: PostgresService, database: dict[str, Any]) -> None:
    service.create_bonus(ANN, "flat", 5)
    shift_id = service.create_shift(make_shift_data())
    before = dict(read(service, shift_id)), list_lines(database)
    assert service.recalculate_worked_hours(shift_id) is True
    assert (dict(read(service, shift_id)), list_lines(database)) == before


# --- the total --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sold", "total", "parts"),
    [
        ({"Model A": 200, "Model B": 100}, "100.00", {"Model A": "66.67", "Model B": "33.33"}),
        ({"Model A": 1, "Model B": 1, "Model C": 1}, "0.05", {"Model A": "0.02", "Model B": "0.02", "Model C": "0.01"}),
        ({"Model D": 1, "Model B": 1}, "0.01", {"Model B": "0.01"}),
        ({"Model A": "0.01", "Model B": "99.99"}, "50.00", {"Model A": "0.01", "Model B": "49.99"}),
        ({"Model B": 500}, "99999999.99", {"Model B": "99999999.99"}),
        ({"Model A": 1, "Model B": 2}, "0", {}),
    ],
)
def test_total_is_spread_in_proportion_to_the_cent(
    service: PostgresService, sold: dict[str, object], total: str, parts: dict[str, str]
) -> None:
    shift_id = service.create_shift(make_shift_data(sold))
    assert service.update_total_sales(shift_id, total) is True
    shift = read(service, shift_id)
    assert {name: str(shift[name]) for name in service.get_models_from_shift(shift)} == parts
    assert shift["Total sales"] == usd(total)


def test_shift_without_sales_has_no_total_to_change(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data(0))
    with pytest.raises(InvalidInputError) as caught:
        service.update_total_sales(shift_id, 100)
    assert (caught.value.key, caught.value.field) == (ErrorKey.SHIFT_WITHOUT_SALES, "Total sales")


@pytest.mark.parametrize("total", [-1, "0.001", "much", "100000000.00"])
def test_total_that_is_no_amount_is_refused(service: PostgresService, total: object) -> None:
    shift_id = service.create_shift(make_shift_data())
    with pytest.raises(InvalidInputError) as caught:
        service.update_total_sales(shift_id, total)
    assert caught.value.field == "Total sales"
    assert read(service, shift_id)["Total sales"] == usd("500.00")


# --- what follows -----------------------------------------------------------------------------------------------------


def test_later_shifts_of_the_date_are_paid_anew_and_the_earlier_are_not(
    service: PostgresService, clock: SteppingClock
) -> None:
    ids = []
    for hour in (1, 3, 5):
        ids.append(service.create_shift(make_shift_data(400, start=f"{hour:02}:00", end=f"{hour + 1:02}:00")))
        clock.move(minutes=1)
    assert [read(service, one)["%"] for one in ids] == [usd("8.00"), usd("10.00"), usd("12.00")]
    service.update_shift_field(ids[1], "Model A", 2000)
    assert [read(service, one)["%"] for one in ids] == [usd("8.00"), usd("14.00"), usd("14.00")]
    service.shifts.delete(ids[0])
    assert [read(service, one)["%"] for one in ids[1:]] == [usd("14.00"), usd("14.00")]
    service.shifts.delete(ids[1])
    assert read(service, ids[2])["%"] == usd("8.00")
    assert service.statistics.get_balance(ANN) == read(service, ids[2])["Total made"]


def test_move_prices_both_dates_anew_and_keeps_its_place_in_the_order(
    service: PostgresService, clock: SteppingClock
) -> None:
    moved = service.create_shift(make_shift_data(600, start="01:00", end="02:00"))
    clock.move(minutes=1)
    left = service.create_shift(make_shift_data(500, start="03:00", end="04:00"))
    joined = service.create_shift(make_shift_data(500, day="2026/11/15", start="03:00", end="04:00"))
    assert [read(service, one)["%"] for one in (moved, left, joined)] == [usd("10.00"), usd("12.00"), usd("10.00")]
    times = [datetime(2026, 11, 15, hour, tzinfo=NEW_YORK) for hour in (1, 2)]
    service.shifts.edit(moved, Correction(time_in=times[0], time_out=times[1]))
    assert [read(service, one)["%"] for one in (moved, left, joined)] == [usd("10.00"), usd("10.00"), usd("12.00")]
    assert read(service, moved)["shift_date"] == date(2026, 11, 15)
    assert [shift["ID"] for shift in service.get_all_shifts()] == [joined, left, moved]


def test_new_clock_in_on_another_date_is_another_shift_date(service: PostgresService, database: dict[str, Any]) -> None:
    shift_id = service.create_shift(make_shift_data(day="2026/11/15", start="02:00", end="08:00"))
    service.update_shift_field(shift_id, "Clock in", "2026/11/14 23:00:00")
    shift = read(service, shift_id)
    assert (shift["shift_date"], shift["Total made"]) == (date(2026, 11, 14), usd("175.00"))
    # 14 November is of the period before: the old amount leaves the one, the new enters the other (D3).
    assert list_lines(database) == [
        ("130.00", "2026-11-15", "130.00"), ("-130.00", "2026-11-15", "0.00"), ("175.00", "2026-11-01", "175.00"),
    ]  # fmt: skip


def test_edit_books_the_difference(service: PostgresService, database: dict[str, Any]) -> None:
    shift_id = service.create_shift(make_shift_data())
    service.update_shift_field(shift_id, "Model A", 1000)
    service.update_shift_field(shift_id, "Model A", 100)
    service.shifts.delete(shift_id)
    assert list_lines(database) == [
        ("160.00", "2026-11-15", "160.00"), ("56.00", "2026-11-15", "216.00"), ("-89.60", "2026-11-15", "126.40"),
        ("-126.40", "2026-11-15", "0.00"),
    ]  # fmt: skip


def test_edit_uses_the_terms_that_the_shift_was_priced_with(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data())
    service.set_employee_settings(ANN, hourly_wage=usd("99.00"), base_pct=usd("50.00"))
    service.update_shift_field(shift_id, "Model A", 600)
    assert read(service, shift_id)["Total made"] == usd("168.00")  # 480 × 10 % + 8 × 15


def test_edit_draws_nothing_and_uses_no_bonus_up(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data())
    service.create_bonus(ANN, "percent_next", 1)
    service.update_shift_field(shift_id, "Model A", 600)
    assert read(service, shift_id)["%"] == usd("10.00")
    assert len(service.get_active_bonuses(ANN)) == 1


def test_deleted_shift_gives_its_bonuses_back(service: PostgresService) -> None:
    bonus_ids = [service.create_bonus(ANN, "double_commission"), service.create_bonus(ANN, "flat", 5)]
    shift_id = service.create_shift(make_shift_data())
    assert len(service.get_shift_applied_bonuses(shift_id)) == 2
    service.shifts.delete(shift_id)
    assert service.get_shift_applied_bonuses(shift_id) == []
    assert [(bonus["ID"], bonus["Applied"], bonus["Shift ID"]) for bonus in service.get_active_bonuses(ANN)] == [
        (bonus_ids[0], False, None), (bonus_ids[1], False, None),
    ]  # fmt: skip
    again = service.create_shift(make_shift_data())
    assert again > shift_id
    assert read(service, again)["Total made"] == usd("205.00")


def test_every_change_is_in_the_audit_log(service: PostgresService, database: dict[str, Any]) -> None:
    shift_id = service.create_shift(make_shift_data())
    service.people.ensure_owner(1)
    service.shifts.edit(shift_id, Correction(products={1: usd("700.00")}), actor_id=1)
    service.shifts.delete(shift_id, actor_id=1)
    log = fetch_all(
        database,
        "SELECT actor_id, action, subject, old->'products'->>'1', new->'products'->>'1' FROM audit_log"
        " WHERE subject LIKE 'shift:%%' ORDER BY id",
    )
    assert log == [
        (1, "shift edited", f"shift:{shift_id}", "500.00", "700.00"),
        (1, "shift deleted", f"shift:{shift_id}", "700.00", None),
    ]


def test_edit_that_changes_the_month_settles_both_the_earlier_first(service: PostgresService) -> None:
    shift_id = service.create_shift(make_shift_data(2500))
    times = [datetime(2026, 10, 31, hour, tzinfo=NEW_YORK) for hour in (9, 17)]
    service.shifts.edit(shift_id, Correction(time_in=times[0], time_out=times[1]))
    assert [service.determine_rank(ANN, 2026, month) for month in (10, 11)] == ["Hustler", "Rookie"]
    assert [(one.employee_id, one.kind, one.payload["month"]) for one in service.outbox.list_unsent()] == [
        (ANN, "rank_up", "2026-11-01"),
        (ANN, "rank_up", "2026-10-01"),
        (ANN, "rank_down", "2026-11-01"),
    ]


def test_one_persons_correction_leaves_everybody_else_alone(service: PostgresService, database: dict[str, Any]) -> None:
    mine = service.create_shift(make_shift_data())
    theirs = dict(read(service, service.create_shift(make_shift_data(700, who=BEN))))
    lines = list_lines(database, BEN)
    service.update_shift_field(mine, "Model A", 2000)
    service.shifts.delete(mine)
    assert dict(read(service, theirs["ID"])) == theirs
    assert list_lines(database, BEN) == lines
