"""The table of dynamic rates as admins see and change it, a step at a time, from a date on (SPEC 3.6, PAYROLL D6).

A step is from which sales of a day on and what it adds; it ends where the next begins, so the table has no gap.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.errands import AdminErrand, Choice, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import ErrandRules, ask_sure, offer_dates, read_amount, read_date, read_pct
from bot.use_cases.wages import KEEP, REPRICE
from payroll.errors import ConflictError, ErrorKey, NotFoundError
from payroll.people import Person
from payroll.repricing import RatesChange, RatesFrom, TouchedShift
from payroll.tables import RateStep, check_pct, check_whole
from postgres_service import PostgresService


def list_rates(service: PostgresService, admin: Person) -> list[RatesFrom]:
    """The table in force, then those to come. Raises ForbiddenError."""
    admin.require_admin()
    return service.terms.list_rates()


def get_step(service: PostgresService, admin: Person, start: str) -> RateStep:
    """A step of the table in force, by its from-amount. Raises ForbiddenError, NotFoundError."""
    return _find_step(list_rates(service, admin)[0].steps, start)


def ask(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """What is new about the step, from when on, and whether it is right: with the recorded shifts that it touches."""
    answers = errand.answers
    today = service.terms.list_rates()[0]
    old = tuple(today.steps)
    step = None if errand.kind is AdminErrand.RATE_ADD else _find_step(old, errand.subject)
    if "from" not in answers and errand.kind in (AdminErrand.RATE_ADD, AdminErrand.RATE_FROM):
        return Question("from", read=read_amount, shown=step)
    new = _change(old, errand)
    check_whole(new, field="rates")
    if "pct" not in answers and errand.kind in (AdminErrand.RATE_ADD, AdminErrand.RATE_PCT):
        return Question("pct", read=read_pct("percentage"), shown=step)
    if "since" not in answers:
        shown = RatesChange(old, new, service.rules.today())
        return Question("since", _offer_days(service), read=read_date("date"), shown=shown)
    question = ask_sure(service, admin, errand, do)
    if question is None:
        return None
    is_priced_again = any(not one.is_refunded for one in question.shown.touched)
    # The answer names the table that was looked at: of two admins who change it, the second looks again.
    yes = (REPRICE, KEEP) if is_priced_again else (Choice("yes", key="button-yes"),)
    return replace(question, choices=[replace(one, value=f"{one.value}.{today.version_id}") for one in yes])


def do(service: PostgresService, admin: Person, errand: Errand) -> RatesChange:
    """Put the table in force. Where that was said, the shifts that it touches are priced again and people are told."""
    said, _, version = errand.answers.get("sure", "").partition(".")
    tables = service.terms.list_rates()
    old = tuple(tables[0].steps)
    new, since = _change(old, errand), date.fromisoformat(errand.answers["since"])
    touched = service.terms.set_rates(new, actor=admin, since=since, over=int(version) if version else None)
    if said:
        repriced = service.terms.reprice(since, actor=admin) if said == REPRICE.value else []
        touched = [one for one in repriced if not one.is_refunded]
        _tell(service, since, touched)
    later = [one.since for one in tables if one.since > since]
    return RatesChange(old, new, since, tuple(touched), min(later, default=None))


def _tell(service: PostgresService, since: date, repriced: Sequence[TouchedShift]) -> None:
    counts = Counter(one.employee_id for one in repriced)
    for employee_id, count in sorted(counts.items()):
        differences = [one.difference for one in repriced if one.employee_id == employee_id]
        facts = {"since": since.isoformat(), "repriced": count, "difference": str(sum(differences, Decimal(0)))}
        service.outbox.add(employee_id, "rates_changed", facts)


def _change(steps: Sequence[RateStep], errand: Errand) -> tuple[RateStep, ...]:
    """The table with what is said so far. Raises ConflictError for a step that is there already."""
    starts = [(step.min_sales, step.pct) for step in steps]
    place = next((at for at, (start, _) in enumerate(starts) if str(start) == errand.subject), 0)
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
            starts[place] = (begin, pct)
    ends = [*(start for start, _ in starts[1:]), None]
    return tuple(RateStep(start, end, pct) for (start, pct), end in zip(starts, ends, strict=True))


def _find_step(steps: Sequence[RateStep], start: str) -> RateStep:
    for step in steps:
        if str(step.min_sales) == start:
            return step
    raise NotFoundError(ErrorKey.STEP_UNKNOWN, field="from", value=start, allowed="a step of the table")


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
