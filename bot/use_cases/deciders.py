"""The admins who decide what somebody asks for: who they are, and what they read of it (PAYROLL D38)."""

from collections.abc import Mapping
from typing import Any

from payroll.people import Person
from postgres_service import PostgresService

Facts = Mapping[str, Any]


def hold_books(service: PostgresService, person: Person) -> None:
    """Nobody else changes what somebody may decide about before this transaction ends.

    The others of a team wait for an admin, who may decide about all of them; for anybody else only their own.
    Raises ForbiddenError for who has left.
    """
    person.require_member()
    if person.is_admin:
        service.hold_books()
    else:
        service.people.hold(person.employee_id)


def may_decide(service: PostgresService, person: Person, about: int) -> bool:
    """Whether somebody may decide what is asked about a person: an admin, about themselves only where alone."""
    return person.is_admin and not service.staff.is_left_to_another(person, about)


def show_to(service: PostgresService, person: Person, about: int, facts: Facts, without_pay: Facts) -> Facts:
    """The facts as somebody may read them: changed by `without_pay` where they may not see what the person earns."""
    return facts if service.staff.may_see_wages(person, about) else {**facts, **without_pay}


def tell_deciders(
    service: PostgresService, about: int, kind: str, facts: Facts, *, without_pay: Facts, but: int | None = None
) -> None:
    """Leave a notice for everybody who may decide, `but` one."""
    for admin in service.people.list_admins():
        if admin.employee_id != but and may_decide(service, admin, about):
            service.outbox.add(admin.employee_id, kind, show_to(service, admin, about, facts, without_pay))
