"""The table of dynamic rates as admins see and change it, a step at a time, from a date on (SPEC 3.6, PAYROLL D6).

A step is from which sales of a day on and what it adds; it ends where the next begins, so the table has no gap.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.errands import YES, AdminErrand, Choice, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import ErrandRules, ask_sure, offer_dates, read_amount, read_date, read_pct
from bot.use_cases.wages import KEEP, REPRICE, list_differences
from payroll.amounts import format_amount
from payroll.errors import ConflictError, ErrorKey, NotFoundError
from payroll.people import Person
from payroll.repricing import RatesChange, RatesFrom, TouchedShift
from payroll.tables import RateStep, check_pct, check_start, check_whole
from postgres_service import PostgresService


def list_rates(service: PostgresService, admin: Person) -> list[RatesFrom]:
    """The table in force, then those to come. Raises ForbiddenError."""
    admin.require_admin()
    return service.terms.list_rates()


def get_step(service: PostgresService, admin: Person, start: str) -> RateStep:
    """A step of the table in force or of one to come, by its from-amount. Raises ForbiddenError, NotFoundError."""
    return _find_listed(list_rates(service, admin), start)


def ask(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """From when on, what is new about the step then, and whether it is right: with the recorded shifts it touches.

    The date is the first question: a change is made of the table that is in force on it (PAYROLL D6), and only that
    one says which step there is and between which amounts it can lie.
    """
    answers = errand.answers
    is_new = errand.kind is AdminErrand.RATE_ADD
    if "since" not in answers:
        step = None if is_new else _find_listed(service.terms.list_rates(), errand.subject)
        return Question("since", _offer_days(service), read=read_date("date", service.rules.today()), shown=step)
    table, _ = _get_table(service, errand)
    shown = table if is_new else replace(table, steps=(_find_step(table, errand.subject),))
    if "from" not in answers and errand.kind in (AdminErrand.RATE_ADD, AdminErrand.RATE_FROM):
        return Question("from", read=read_amount, shown=shown)
    new = _change(table, errand)
    check_whole(new, field="rates")
    if "pct" not in answers and errand.kind in (AdminErrand.RATE_ADD, AdminErrand.RATE_PCT):
        return Question("pct", read=read_pct("percentage"), shown=shown)
    question = ask_sure(service, admin, errand, do)
    if question is None:
        return None
    touched = question.shown.touched
    choices = (REPRICE, KEEP) if any(not one.is_refunded for one in touched) else (YES,)
    # Of two admins who change the table the second looks again.
    return replace(question, choices=choices, stands_on=(table.version_id, list_differences(touched)))


def do(service: PostgresService, admin: Person, errand: Errand) -> RatesChange:
    """Put the table in force. Where that was said, the shifts that it touches are priced again and people are told."""
    said = errand.answers.get("sure")
    table, overtaken_on = _get_table(service, errand)
    new, since = _change(table, errand), table.since
    touched = service.terms.set_rates(new, actor=admin, since=since)
    if said:
        repriced = service.terms.reprice(since, actor=admin) if said == REPRICE.value else []
        touched = [one for one in repriced if not one.is_refunded]
        _tell(service, since, touched)
    is_pay_shown = service.staff.may_see_wages(admin, employee_id=0)
    return RatesChange(table.steps, new, since, tuple(touched), overtaken_on, is_pay_shown)


def _get_table(service: PostgresService, errand: Errand) -> tuple[RatesFrom, date | None]:
    """The table in force on the date that was said, as one from that date on, and when another one takes over.

    Raises ConflictError with PERIOD_CLOSED.
    """
    since = date.fromisoformat(errand.answers["since"])
    service.terms.refuse_closed(since)
    table, *later = service.terms.list_rates(since)
    return replace(table, since=since), later[0].since if later else None


def _tell(service: PostgresService, since: date, repriced: Sequence[TouchedShift]) -> None:
    counts = Counter(one.employee_id for one in repriced)
    for employee_id, count in sorted(counts.items()):
        differences = [one.difference for one in repriced if one.employee_id == employee_id]
        facts = {"since": since.isoformat(), "repriced": count, "difference": str(sum(differences, Decimal(0)))}
        service.outbox.add(employee_id, "rates_changed", facts)


def _change(table: RatesFrom, errand: Errand) -> tuple[RateStep, ...]:
    """The table with what is said so far. Raises ConflictError for a step that is there already."""
    starts = [(step.min_sales, step.pct) for step in table.steps]
    place = 0 if errand.kind is AdminErrand.RATE_ADD else table.steps.index(_find_step(table, errand.subject))
    begin = Decimal(errand.answers.get("from", starts[place][0]))
    pct = Decimal(errand.answers.get("pct", starts[place][1]))
    check_pct(pct, field="percentage")
    match errand.kind:
        case AdminErrand.RATE_ADD:
            if begin in [start for start, _ in starts]:
                raise ConflictError(ErrorKey.STEP_TAKEN, field="from", value=begin, allowed="another amount")
            starts = sorted([*starts, (begin, pct)])
        case AdminErrand.RATE_REMOVE:
            del starts[place]
        case _:
            check_start(table.steps, place, begin, name=f"the step from ${format_amount(starts[place][0])}")
            starts[place] = (begin, pct)
    ends = [*(start for start, _ in starts[1:]), None]
    return tuple(RateStep(start, end, pct) for (start, pct), end in zip(starts, ends, strict=True))


def _find_listed(tables: Sequence[RatesFrom], start: str) -> RateStep:
    """A step of the first table that has it."""
    for step in (step for table in tables for step in table.steps):
        if str(step.min_sales) == start:
            return step
    raise NotFoundError(ErrorKey.STEP_UNKNOWN, field="from", value=start, allowed="a step of the table")


def _find_step(table: RatesFrom, start: str) -> RateStep:
    for step in table.steps:
        if str(step.min_sales) == start:
            return step
    there = ", ".join(f"${format_amount(step.min_sales)}" for step in table.steps)
    raise NotFoundError(ErrorKey.STEP_NOT_THEN, field="from", value=Decimal(start), allowed=there, since=table.since)


def _offer_days(service: PostgresService) -> tuple[Choice, ...]:
    """Today, and the first days of this pay period and the next one."""
    today = service.rules.today()
    period = service.pay_days.find_period(today)
    return offer_dates(*sorted({period.start_date, today, period.pay_day}))


_RULES = ErrandRules(Person.require_admin, ask, do)
ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.RATE_ADD: _RULES,
    AdminErrand.RATE_FROM: _RULES,
    AdminErrand.RATE_PCT: _RULES,
    AdminErrand.RATE_REMOVE: _RULES,
}
