"""A shift that was recorded while the clock was ahead: until that moment comes, "now" cannot be believed."""

from collections.abc import Mapping
from typing import Any

from payroll.people import Person
from postgres_service import PostgresService

_TOLD = "shift_ahead_told"


def find_shift_ahead(service: PostgresService, admin: Person) -> Mapping[str, Any] | None:
    """What holds up the jobs and "Start now"; None where nothing does. Raises ForbiddenError for who is no admin."""
    admin.require_admin()
    return _find_facts(service)


def tell_of_shift_ahead(service: PostgresService) -> None:
    """Name it to the admins, once."""
    facts = _find_facts(service)
    if facts is None or service.health.find_fact(_TOLD) == str(facts["shift_id"]):
        return
    with service.transaction():
        service.health.put_fact(_TOLD, str(facts["shift_id"]))
        service.outbox.add_for_admins("shift_ahead", facts)


def _find_facts(service: PostgresService) -> Mapping[str, Any] | None:
    ahead = service.present.find_ahead()
    if ahead is None:
        return None
    return {
        "name": ahead.employee_name,
        "day": ahead.shift_date.isoformat(),
        "shift_id": ahead.shift_id,
        "at": service.rules.zone.format(ahead.moment),
    }
