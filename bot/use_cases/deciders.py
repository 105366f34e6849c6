"""The admins who decide what somebody asks for: who they are, and what they read of it (PAYROLL D38)."""

from collections.abc import Mapping
from typing import Any

from payroll.decisions import change_pay
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
    """Whether somebody may decide what is asked about a person's pay: an admin, about themselves only where alone."""
    return person.is_admin and service.staff.get_council(person).may_decide(change_pay(about))


def show_to(service: PostgresService, person: Person, about: int, facts: Facts, without_pay: Facts) -> Facts:
    """The facts as somebody may read them: changed by `without_pay` where they may not see what the person earns."""
    return facts if service.staff.may_see_wages(person, about) else {**facts, **without_pay}


def tell_deciders(
    service: PostgresService,
    about: int,
    kind: str,
    facts: Facts,
    *,
    without_pay: Facts | None = None,
    but: int | None = None,
) -> None:
    """Leave a notice for everybody who may decide, `but` one; `without_pay` as for `show_to`, None: there is none."""
    deciders = service.staff.list_deciders(change_pay(about))
    for admin in service.people.list_admins():
        if admin.employee_id == but or admin.employee_id not in deciders:
            continue
        if without_pay is None:
            service.outbox.add(admin.employee_id, kind, facts)
        else:
            service.outbox.add(admin.employee_id, kind, show_to(service, admin, about, facts, without_pay))
