"""Statements of real books, as message and as files: the same figures everywhere (SPEC 4.21, PAYROLL D33 to D36)."""

from datetime import date, datetime

import pytest

from bot.documents.reports import render_report_csv
from bot.documents.statement_pdf import render_statement_pdf
from bot.documents.statement_xlsx import render_statement_xlsx
from bot.views.statements import render_statement
from payroll.adjustments import AdjustmentKind
from payroll.amounts import format_amount
from payroll.people import Person
from payroll.reports import PeopleReport
from payroll.statements import LineKind, Statement
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.documents.made import HOSTILE_NAMES, WORDS, ZONE
from tests.documents.reading import read_book, read_csv, read_lines, to_cents
from tests.owners import FIRST_HALF, SECOND_HALF, hire_owner, move_to, sell, usd
from tests.shift_data import ANN


@pytest.fixture
def olga(service: PostgresService) -> Person:
    return hire_owner(service)


def read_message(statement: Statement) -> list[str]:
    return "\n".join(render_statement(WORDS, ZONE, statement)).replace("<b>", "").replace("</b>", "").split("\n")


def assert_same_everywhere(statement: Statement) -> None:
    closing = format_amount(statement.closing)
    assert f"Closing balance: {closing}" in read_message(statement)
    assert f"Closing balance {closing}" in read_lines(render_statement_pdf(WORDS, ZONE, statement))
    sheet = read_book(render_statement_xlsx(WORDS, ZONE, statement), has_results=True)["Statement"]
    assert to_cents(list(sheet.iter_rows(values_only=True))[-1][2]) == statement.closing


def test_a_month_with_everything_that_can_happen(service: PostgresService, olga: Person, clock: SteppingClock) -> None:
    first = sell(service, 10, "500")
    sell(service, 12, "333.33")
    assert_same_everywhere(service.statements.get(ANN, FIRST_HALF))
    service.periods.close(FIRST_HALF, actor=olga)
    service.payouts.pay(actor=olga)
    assert_same_everywhere(service.statements.get(ANN, FIRST_HALF))
    service.create_bonus(ANN, "flat", 10)
    sell(service, 16, "700")
    service.adjustments.book(ANN, AdjustmentKind.BONUS, usd(25), "for Sunday", actor=olga, shift_id=first)
    service.adjustments.book(ANN, AdjustmentKind.DEDUCTION, usd(5), "a key", actor=olga)
    refund = service.refunds.book(first, 1, usd(100), "chargeback", actor=olga)
    service.refunds.withdraw(refund.refund_id, "an error", actor=olga)
    request = service.corrections.ask_delete(2, "not mine", actor=service.people.get(ANN))
    service.corrections.approve(request.correction_id, actor=olga)
    statement = service.statements.get(ANN, SECOND_HALF)
    assert_same_everywhere(statement)
    lines = [line.rsplit(": ", 1)[0] for line in read_message(statement)]
    assert lines[lines.index("Other entries") + 1 :] == [
        "Correction of shift 2 of 2026/11/12, in the closed period from 2026/11/01",
        f"Bonus for shift {first} of 2026/11/10: for Sunday",
        "Deduction: a key",
        f"Pay for 100.00 of Model A that was refunded, shift {first} of 2026/11/10: chargeback",
        f"Pay for 100.00 of Model A given back, as its refund was withdrawn, shift {first} of 2026/11/10: an error",
        "Paid out for the period from 2026/11/01",
    ]


def test_shifts_stand_by_when_they_were_worked_the_newest_first_whenever_they_were_recorded(
    service: PostgresService, olga: Person
) -> None:
    days = {sell(service, day): f"2026/11/{day:02}" for day in (12, 3, 9)}
    for statement in (service.statements.get(ANN, FIRST_HALF), close_first_half(service, olga)):
        message = [line for line in read_message(statement) if line.startswith("Shift ")]
        assert message == [f"Shift {number} · {days[number]}" for number in (1, 3, 2)]
        pages = [line for line in read_lines(render_statement_pdf(WORDS, ZONE, statement)) if "09:00 – 17:00" in line]
        assert [next(day for day in days.values() if day in line) for line in pages] == sorted(days.values())[::-1]
        sheet = read_book(render_statement_xlsx(WORDS, ZONE, statement), has_results=True)["Shifts"]
        rows = [[cell for cell in row if isinstance(cell, datetime)] for row in sheet.iter_rows(values_only=True)]
        assert [f"{row[0]:%Y/%m/%d}" for row in rows if row] == sorted(days.values())[::-1]


def close_first_half(service: PostgresService, admin: Person) -> Statement:
    """Ann's statement once it is fixed."""
    service.periods.close(FIRST_HALF, actor=admin)
    return service.statements.get(ANN, FIRST_HALF)


def test_what_is_to_be_paid_is_the_payout_in_every_form_also_after_a_late_one(
    service: PostgresService, olga: Person, clock: SteppingClock
) -> None:
    sell(service, 10, "500")
    sell(service, 16, "500")
    service.periods.close(FIRST_HALF, actor=olga)
    move_to(clock, date(2026, 12, 1))
    service.payouts.pay(actor=olga)
    service.periods.close(SECOND_HALF, actor=olga)
    statement = service.statements.get(ANN, SECOND_HALF)
    (due,) = service.payouts.preview(actor=olga).paid
    assert (statement.closing, due.amount) == (usd(320), usd(160))
    told = f"Closed on 2026/12/01 · to be paid: {format_amount(due.amount)}, less 160.00 paid out since"
    assert told in read_message(statement)
    assert any(told in line for line in read_lines(render_statement_pdf(WORDS, ZONE, statement)))
    sheet = read_book(render_statement_xlsx(WORDS, ZONE, statement), has_results=True)["Statement"]
    assert any(told in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    service.payouts.pay(actor=olga)
    paid = "Paid on 2026/12/01: 160.00, less 160.00 taken back or paid with another period"
    assert paid in read_message(service.statements.get(ANN, SECOND_HALF))


def test_who_left_gets_a_statement_with_the_day_off_and_what_was_waiting(
    service: PostgresService, olga: Person, clock: SteppingClock
) -> None:
    sell(service, 10, "500")
    day_off = service.create_bonus(ANN, "paid_day_off", None)
    service.bonuses.request_day_off(day_off, date(2026, 11, 20), actor=service.people.get(ANN))
    service.bonuses.approve_day_off(day_off, actor=olga)
    service.create_bonus(ANN, "flat", 10)
    move_to(clock, date(2026, 11, 21))
    service.staff.leave(ANN, date(2026, 11, 21), actor=olga)
    statement = service.statements.get(ANN, SECOND_HALF)
    message = read_message(statement)
    assert "Left on 2026/11/21" in message
    assert "Paid day off on 2026/11/20: 120.00" in message
    assert "Flat bonus that was waiting, paid at leaving: 10.00" in message
    assert_same_everywhere(statement)
    assert {line.kind for line in statement.lines} == {LineKind.PAID_DAY_OFF, LineKind.FLAT_AT_LEAVING}


def test_whatever_somebody_calls_themselves(service: PostgresService, olga: Person) -> None:
    sell(service, 10, "500")
    for name in HOSTILE_NAMES:
        service.staff.rename(ANN, name, actor=olga)
        assert_same_everywhere(service.statements.get(ANN, FIRST_HALF))
    people = service.reports.list_people(FIRST_HALF, SECOND_HALF)
    (row,) = read_csv(render_report_csv(WORDS, PeopleReport(FIRST_HALF, SECOND_HALF, people)))
    assert row["Made"] == "160.00"
