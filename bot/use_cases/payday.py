"""Closing a pay period, opening it again, paying it, and reminding who has not confirmed (SPEC 4.17, 4.18, 4.22)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.errands import YES, AdminErrand, Errand, ErrandKind, PeriodSubject, Question
from bot.use_cases.errand_rules import SURE, ErrandRules, read_text
from bot.use_cases.periods import get_period
from payroll.decisions import give
from payroll.errors import ConflictError, ErrorKey, InvalidInputError
from payroll.people import Person
from payroll.periods import CloseReport, Due, PayoutReport, PersonPeriod
from postgres_service import PostgresService

REASON = "reason"


def read_subject(errand: Errand) -> PeriodSubject:
    """What an errand is about. Raises InvalidInputError for a made-up one."""
    try:
        return PeriodSubject.load(errand.subject)
    except ValueError:
        raise InvalidInputError(
            ErrorKey.VALUE_INVALID, field="period", value=errand.subject, allowed="a pay period"
        ) from None


def write_facts(one: PersonPeriod | Due) -> dict[str, Any]:
    """What every notice about a person's pay period carries."""
    period = one.period
    return {"employee_id": one.employee_id, "start": f"{period.start_date}", "end": f"{period.end_date}"}


def _agree_to(amounts: Sequence[tuple[int, Decimal]], shown: object) -> Question:
    """Whether these amounts are right; where there are none, there is nothing to say yes to."""
    return Question(SURE, (YES,) if amounts else (), shown=shown, stands_on=amounts)


# --- closing ---------------------------------------------------------------------------------------------------------


def _ask_close(service: PostgresService, person: Person, errand: Errand) -> Question | None:
    subject = read_subject(errand)
    if SURE in errand.answers:
        return None
    report = service.periods.preview_close(subject.start, employee_id=subject.employee_id)
    return _agree_to(_list_closing(report), _show_to(service, person, report))


def _close(service: PostgresService, person: Person, errand: Errand) -> CloseReport:
    subject = read_subject(errand)
    report = service.periods.close(subject.start, actor=person, employee_id=subject.employee_id)
    for one in report.list_told():
        facts = {"amount": f"{one.closing}", "statement_of": f"{one.period.start_date}"}
        service.outbox.add(one.employee_id, "period_closed", {**write_facts(one), **facts})
    return _show_to(service, person, report)


def _show_to(service: PostgresService, person: Person, report: CloseReport) -> CloseReport:
    """Without the amounts of those whose wage who closes may not see; with what waits to be decided about them."""
    closed = [one.employee_id for one in report.closed]
    period = report.period
    undecided = [
        one
        for one in service.bonuses.list_day_off_requests()
        if one.employee_id in closed
        and one.day_off_date is not None
        and period.start_date <= one.day_off_date <= period.end_date
    ]
    return replace(report, hidden=service.staff.list_hidden(person, closed), undecided=tuple(undecided))


def _list_closing(report: CloseReport) -> list[tuple[int, Decimal]]:
    return [(one.employee_id, one.closing) for one in report.closed]


# --- opening again ---------------------------------------------------------------------------------------------------


def _ask_reopen(service: PostgresService, person: Person, errand: Errand) -> Question | None:
    one = _get_one(service, read_subject(errand))
    service.staff.require_decider(person, give(one.employee_id))
    if REASON not in errand.answers:
        return Question(REASON, read=read_text("reason"), shown=one)
    return None if SURE in errand.answers else Question(SURE, (YES,), shown=one, stands_on=(one.state, one.closing))


def _reopen(service: PostgresService, person: Person, errand: Errand) -> PersonPeriod:
    one, reason = _get_one(service, read_subject(errand)), errand.answers[REASON]
    opened = service.periods.reopen(one.employee_id, one.period.start_date, actor=person, reason=reason)
    service.outbox.add(opened.employee_id, "period_reopened", {**write_facts(opened), "reason": reason})
    return opened


def _get_one(service: PostgresService, subject: PeriodSubject) -> PersonPeriod:
    if subject.employee_id is None:
        raise InvalidInputError(ErrorKey.VALUE_INVALID, field="period", value="", allowed="one person's pay period")
    return service.periods.find(subject.employee_id, subject.start)


# --- paying ----------------------------------------------------------------------------------------------------------


def _ask_pay(service: PostgresService, person: Person, errand: Errand) -> Question | None:
    subject = read_subject(errand)
    if SURE in errand.answers:
        return None
    report = service.payouts.preview(actor=person, employee_id=subject.employee_id)
    if subject.employee_id is not None and not (report.paid or report.left_out):
        name = service.people.get(subject.employee_id).name
        raise ConflictError(
            ErrorKey.NOTHING_DUE, field="payout", value=name, allowed="a closed period that is not paid"
        )
    return _agree_to(_list_paid(report), _show_payout_to(service, person, report))


def _pay(service: PostgresService, person: Person, errand: Errand) -> PayoutReport:
    report = service.payouts.pay(actor=person, employee_id=read_subject(errand).employee_id)
    for one in report.paid:
        if one.amount:
            figures = {name: f"{getattr(one, name)}" for name in ("amount", "closing", "paid_since", "balance")}
            service.outbox.add(one.employee_id, "period_paid", {**write_facts(one), **figures})
    return _show_payout_to(service, person, report)


def _show_payout_to(service: PostgresService, person: Person, report: PayoutReport) -> PayoutReport:
    """What somebody's wage can be told by is left out for who may not see it: all but what is paid."""
    return replace(report, hidden=service.staff.list_hidden(person, (one.employee_id for one in report.paid)))


def _list_paid(report: PayoutReport) -> list[tuple[int, Decimal]]:
    return [(one.employee_id, one.amount) for one in report.paid]


# --- reminding -------------------------------------------------------------------------------------------------------


def _ask_remind(service: PostgresService, person: Person, errand: Errand) -> Question | None:
    subject = read_subject(errand)
    if SURE in errand.answers:
        return None
    silent = get_period(service, person, subject.start).list_silent()
    return Question(SURE, (YES,) if silent else (), shown=silent)


def _remind(service: PostgresService, person: Person, errand: Errand) -> tuple[PersonPeriod, ...]:
    silent = get_period(service, person, read_subject(errand).start).list_silent()
    ask_to_confirm(service, silent)
    return silent


def ask_to_confirm(service: PostgresService, people: Iterable[PersonPeriod]) -> None:
    """Ask people whether their pay periods are complete (SPEC 4.18)."""
    for one in people:
        facts = {**write_facts(one), "count": one.shifts, "digest": one.digest}
        service.outbox.add(one.employee_id, "confirm_period", facts)


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.CLOSE: ErrandRules(Person.require_admin, _ask_close, _close),
    AdminErrand.REOPEN: ErrandRules(Person.require_admin, _ask_reopen, _reopen),
    AdminErrand.PAY: ErrandRules(Person.require_admin, _ask_pay, _pay),
    AdminErrand.REMIND: ErrandRules(Person.require_admin, _ask_remind, _remind),
}
