"""Telegram Premium: a to-do for the admins; who gets it sees that it was given (SPEC 3, PAYROLL D23)."""

from payroll.errors import ErrorKey, ForbiddenError
from payroll.held_bonuses import HeldBonus
from payroll.people import Person
from postgres_service import PostgresService


def find(service: PostgresService, person: Person, bonus_id: int) -> HeldBonus:
    """The bonus, for an admin. Raises ForbiddenError, NotFoundError."""
    person.require_admin()
    return service.bonuses.get(bonus_id)


def give(service: PostgresService, person: Person, bonus_id: int) -> HeldBonus:
    """Note that it was given, and tell the person. Raises ForbiddenError, ConflictError for who comes second."""
    person.require_admin()
    with service.transaction():
        held = service.bonuses.mark_premium_given(bonus_id, actor=person)
        service.outbox.add(held.employee_id, "premium_given", {"bonus_id": bonus_id})
        return held


def find_own(service: PostgresService, person: Person, bonus_id: int) -> HeldBonus:
    """The bonus that one was given. Raises ForbiddenError for somebody else's, NotFoundError."""
    person.require_member()
    held = service.bonuses.get(bonus_id)
    if held.employee_id != person.employee_id:
        raise ForbiddenError(
            ErrorKey.BONUS_NOT_THEIRS, field="bonus_id", value=bonus_id, allowed="a bonus of one's own"
        )
    return held


def see(service: PostgresService, person: Person, bonus_id: int) -> HeldBonus:
    """Note that the person has it. Raises ForbiddenError for somebody else's, NotFoundError."""
    person.require_member()
    return service.bonuses.mark_premium_seen(bonus_id, actor=person)
