"""A bonus or a deduction by hand, with its reason (SPEC 4.19, PAYROLL D15, D38)."""

from collections.abc import Mapping
from decimal import Decimal

from bot.errands import YES, AdminErrand, Choice, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import ErrandRules, read_amount, read_text
from bot.use_cases.team import find_balance, read_employee_id
from payroll.adjustments import AdjustmentKind, BookedAdjustment
from payroll.decisions import change_pay
from payroll.people import Person
from postgres_service import PostgresService

_KINDS = tuple(Choice(kind, key=f"button-adjust-{kind}") for kind in AdjustmentKind)


def ask(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """Given or taken, how much, why, and whether that is right: with the balance then."""
    employee_id, answers = read_employee_id(errand), errand.answers
    service.staff.require_decider(admin, change_pay(employee_id))
    known = _describe(service, admin, errand)
    if "kind" not in answers:
        return Question("kind", _KINDS, shown=known)
    if "amount" not in answers:
        return Question("amount", read=read_amount, shown=known)
    if "reason" not in answers:
        return Question("reason", read=read_text("reason"), shown=known)
    return Question("sure", (YES,), shown=known) if "sure" not in answers else None


def do(service: PostgresService, admin: Person, errand: Errand) -> BookedAdjustment:
    """Book it and tell the person."""
    known = _describe(service, admin, errand)
    made = service.adjustments.book(
        read_employee_id(errand), known.kind, known.amount, errand.answers["reason"], actor=admin
    )
    balance = service.statistics.get_balance(made.employee_id)
    facts = {"kind": made.kind, "amount": str(made.amount), "reason": made.reason, "balance": str(balance)}
    service.outbox.add(made.employee_id, "adjusted", facts)
    return known


def _describe(service: PostgresService, admin: Person, errand: Errand) -> BookedAdjustment:
    person = service.people.get(read_employee_id(errand))
    answers = errand.answers
    return BookedAdjustment(
        person,
        AdjustmentKind(answers.get("kind", AdjustmentKind.BONUS)),
        Decimal(answers.get("amount", 0)),
        answers.get("reason", ""),
        find_balance(service, admin, person.employee_id),
    )


ERRANDS: Mapping[ErrandKind, ErrandRules] = {AdminErrand.ADJUST: ErrandRules(Person.require_admin, ask, do)}
