"""Bonuses by hand: a person's, one given, one that waits withdrawn (PAYROLL D22, D28, D38)."""

from collections.abc import Mapping
from dataclasses import replace

from bot.errands import AdminErrand, Errand, ErrandKind, Question
from bot.use_cases.deciders import may_decide
from bot.use_cases.errand_rules import ErrandRules, ask_sure, read_subject, read_text
from bot.use_cases.gifts import ask_offer, read_offer
from payroll.decisions import give, take
from payroll.errors import ConflictError, ErrorKey, ForbiddenError
from payroll.held_bonuses import HeldBonus, HeldPage
from payroll.people import Person
from payroll.records import BonusState
from postgres_service import PostgresService

PAGE_SIZE = 8
MOST_COUNTED = 100


def get_page(service: PostgresService, admin: Person, employee_id: int, page: int) -> HeldPage:
    """A page of a person's bonuses in every state, newest first. Raises ForbiddenError, NotFoundError."""
    admin.require_admin()
    holder = service.people.get(employee_id)
    found = service.bonuses.list_of(employee_id, PAGE_SIZE + 1, skip=page * PAGE_SIZE)
    page_count = page + 1 + (len(found) > PAGE_SIZE)
    return HeldPage(
        employee_id,
        holder.name,
        holder.has_left,
        tuple(found[:PAGE_SIZE]),
        page,
        page_count,
        is_pay_shown=service.staff.may_see_wages(admin, employee_id),
        may_decide=may_decide(service, admin, employee_id),
    )


def ask_grant(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """Which bonus, why, and whether it is right."""
    holder = _get_holder(service, admin, errand)
    question = ask_offer(errand)
    if question is None and "reason" not in errand.answers:
        question = Question("reason", read=read_text("reason"))
    if question is not None:
        return replace(question, shown=holder)
    question = ask_sure(service, admin, errand, grant)
    # Of two admins who give the same the second looks again.
    held = [one.bonus.bonus_id for one in service.bonuses.list_of(holder.employee_id, MOST_COUNTED)]
    return replace(question, stands_on=held) if question is not None else None


def grant(service: PostgresService, admin: Person, errand: Errand) -> HeldBonus:
    """Give it and tell the person from whom it is, and why."""
    holder, reason = _get_holder(service, admin, errand), errand.answers["reason"]
    held = service.bonuses.grant(holder.employee_id, read_offer(errand), actor=admin, reason=reason)
    facts = {
        "bonus_id": held.bonus.bonus_id, "bonus": held.bonus.offer.code, "admin": admin.name, "reason": reason,
    }  # fmt: skip
    service.outbox.add(held.employee_id, "bonus_granted", facts)
    return held


def ask_void(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """Why, and whether it is right."""
    held = service.bonuses.get(read_subject(errand))
    service.staff.require_decider(admin, take(held.employee_id))
    if held.bonus.state is not BonusState.PENDING:
        raise ConflictError(
            ErrorKey.BONUS_NOT_PENDING, field="bonus_id", value=held.bonus.bonus_id, allowed="one that waits"
        )
    if "reason" not in errand.answers:
        return Question("reason", read=read_text("reason"), shown=held)
    return ask_sure(service, admin, errand, void)


def void(service: PostgresService, admin: Person, errand: Errand) -> HeldBonus:
    """Withdraw it and tell the person why."""
    reason = errand.answers["reason"]
    held = service.bonuses.void(read_subject(errand), actor=admin, reason=reason)
    service.outbox.add(held.employee_id, "bonus_voided", {"bonus": held.bonus.offer.code, "reason": reason})
    return held


def _get_holder(service: PostgresService, admin: Person, errand: Errand) -> Person:
    employee_id = read_subject(errand)
    service.staff.require_decider(admin, give(employee_id))
    holder = service.people.get(employee_id)
    if holder.has_left:
        raise ForbiddenError(
            ErrorKey.EMPLOYEE_LEFT, field="employee", value=holder.name, allowed="somebody who is in the team"
        )
    return holder


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.GRANT: ErrandRules(Person.require_admin, ask_grant, grant),
    AdminErrand.VOID: ErrandRules(Person.require_admin, ask_void, void),
}
