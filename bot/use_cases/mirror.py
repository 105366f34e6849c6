"""How the mirror in Google Sheets stands."""

from payroll.people import Person
from postgres_service import PostgresService
from repository.mirror import MirrorStanding


def find_standing(service: PostgresService, admin: Person) -> MirrorStanding | None:
    """The mirror's last state, None where there is no mirror. Raises ForbiddenError for who is no admin."""
    admin.require_admin()
    return service.mirror.find_standing()
