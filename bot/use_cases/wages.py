"""A person's wage and base rate, from a date on, and taken back before it (SPEC 4 "Admin", PAYROLL D6)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.errands import YES, AdminErrand, Choice, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import SURE, ErrandRules, ask_sure, offer_dates, read_date, read_pct
from bot.use_cases.team import read_employee_id
from payroll.amounts import parse_amount
from payroll.decisions import change_pay
from payroll.errors import ErrorKey, ForbiddenError, NotFoundError
from payroll.people import Person
from payroll.repricing import TouchedShift
from payroll.staff import Member, PlannedTerms, PlanWithdrawn, TermsChange
from payroll.tables import check_wage
from postgres_service import PostgresService

REPRICE = Choice("reprice", key="button-reprice")
KEEP = Choice("keep", key="button-keep-prices")


@dataclass(frozen=True, slots=True)
class _Term:
    """What is changed: where it stands, and how a typed one is read."""

    get: Callable[[Member], Decimal | None]
    read: Callable[[str], str]


def _read_wage(text: str) -> str:
    wage = parse_amount(text, zero_allowed=True)
    check_wage(wage, field="wage")
    return str(wage)


_TERMS: Mapping[ErrandKind, _Term] = {
    AdminErrand.WAGE: _Term(lambda member: member.hourly_wage, _read_wage),
    AdminErrand.BASE_RATE: _Term(lambda member: member.base_pct, read_pct("base rate")),
}


def ask(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """The new figure, from when, and whether it is right: with the recorded shifts that it would price otherwise."""
    employee_id, answers = read_employee_id(errand), errand.answers
    service.staff.require_decider(admin, change_pay(employee_id))
    term = _TERMS[errand.kind]
    known = _get_change(service, admin, errand)
    if "amount" not in answers:
        return Question("amount", read=term.read, shown=known)
    if "since" not in answers:
        return Question(
            "since", _offer_days(service, employee_id), read=read_date("date", service.rules.today()), shown=known
        )
    if SURE not in answers:
        change = _rehearse(service, admin, errand, known)
        choices = (REPRICE, KEEP) if any(not one.is_refunded for one in change.touched) else (YES,)
        return Question(SURE, choices, columns=1, shown=change, stands_on=list_differences(change.touched))
    return None


def do(service: PostgresService, admin: Person, errand: Errand) -> TermsChange:
    """Set it and tell the person. Where that was said, the shifts that it touches are priced again."""
    employee_id = read_employee_id(errand)
    change = _get_change(service, admin, errand)
    _set(service, admin, errand, change)
    is_repriced = errand.answers["sure"] == REPRICE.value
    touched = service.terms.reprice(change.since, actor=admin, employee_id=employee_id) if is_repriced else []
    done = [one for one in touched if not one.is_refunded]
    facts = {
        "what": errand.kind,
        "new": str(change.new),
        "since": change.since.isoformat(),
        "repriced": len(done),
        "difference": str(sum((one.difference for one in done), Decimal(0))),
    }
    service.outbox.add(employee_id, "terms_changed", facts)
    return replace(change, touched=tuple(done))


def list_differences(touched: Iterable[TouchedShift]) -> list[tuple[int, Decimal]]:
    """What each shift would change by: a yes is to all of it, of which only the first are shown."""
    return [(one.shift_id, one.difference) for one in touched]


def _get_change(service: PostgresService, admin: Person, errand: Errand) -> TermsChange:
    """What is known so far. Raises ForbiddenError for who may not see it: nobody sets blindly what others agreed."""
    member = service.staff.get_member(read_employee_id(errand), actor=admin)
    old = _TERMS[errand.kind].get(member)
    if old is None:
        raise ForbiddenError(ErrorKey.OWNER_ONLY, field="role", value=admin.role, allowed="who may see wages")
    new = errand.answers.get("amount")
    today = service.rules.today()
    since = date.fromisoformat(errand.answers.get("since", today.isoformat()))
    return TermsChange(member.person, old, Decimal(new) if new is not None else old, since, is_to_come=since > today)


def _offer_days(service: PostgresService, employee_id: int) -> tuple[Choice, ...]:
    """Today, and the first days of the periods that are still open."""
    period = service.periods.find(employee_id)
    days = {service.rules.today(), period.period.start_date, period.earlier_open}
    return offer_dates(*sorted(day for day in days if day is not None))


def _rehearse(service: PostgresService, admin: Person, errand: Errand, change: TermsChange) -> TermsChange:
    with service.rehearsal():
        touched = _set(service, admin, errand, change)
        member = service.staff.get_member(change.person.employee_id, actor=admin)
        after = _TERMS[errand.kind].get(member)
        planned = service.terms.list_planned(change.person.employee_id)
    is_overtaken = change.since <= service.rules.today() and after != change.new
    later = [one for one in planned if one.since > change.since and _get_planned(errand.kind, one) != change.new]
    return replace(change, touched=tuple(touched), is_overtaken=is_overtaken, planned=tuple(later))


def _get_planned(kind: ErrandKind, plan: PlannedTerms) -> Decimal:
    return plan.hourly_wage if kind is AdminErrand.WAGE else plan.base_pct


def _set(service: PostgresService, admin: Person, errand: Errand, change: TermsChange) -> list[TouchedShift]:
    return service.terms.set_wage(
        change.person.employee_id,
        actor=admin,
        hourly_wage=change.new if errand.kind is AdminErrand.WAGE else None,
        base_pct=change.new if errand.kind is AdminErrand.BASE_RATE else None,
        since=change.since,
    )


def ask_withdrawing(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """Which of the wages to come, and whether it is right. Raises NotFoundError where none is to come any more."""
    service.staff.require_decider(admin, change_pay(read_employee_id(errand)))
    member = service.staff.get_member(read_employee_id(errand), actor=admin)
    if member.hourly_wage is None:
        raise ForbiddenError(ErrorKey.OWNER_ONLY, field="role", value=admin.role, allowed="who may see wages")
    if "since" in errand.answers:
        return ask_sure(service, admin, errand, withdraw)
    planned = service.terms.list_planned(member.person.employee_id)
    if not planned:
        raise NotFoundError(ErrorKey.PLAN_UNKNOWN, field="since", value="", allowed="a date with a wage to come")
    return Question("since", offer_dates(*(one.since for one in planned)), shown=(member.person, tuple(planned)))


def withdraw(service: PostgresService, admin: Person, errand: Errand) -> PlanWithdrawn:
    """Take it back, and tell the person if they were told that it comes."""
    since = date.fromisoformat(errand.answers["since"])
    withdrawn = service.terms.withdraw_planned(read_employee_id(errand), since, actor=admin)
    if withdrawn.plan.is_told:
        facts = {"since": since.isoformat(), "wage": str(withdrawn.hourly_wage), "base": str(withdrawn.base_pct)}
        service.outbox.add(withdrawn.person.employee_id, "terms_withdrawn", facts)
    return withdrawn


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.WAGE: ErrandRules(Person.require_admin, ask, do),
    AdminErrand.BASE_RATE: ErrandRules(Person.require_admin, ask, do),
    AdminErrand.UNPLAN: ErrandRules(Person.require_admin, ask_withdrawing, withdraw),
}
