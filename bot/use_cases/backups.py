"""How the backups stand."""

from payroll.people import Person
from postgres_service import PostgresService
from repository.backups import BackupStanding


def find_backups(service: PostgresService, admin: Person) -> tuple[BackupStanding | None, int]:
    """The last backups, None where there are none; and the age of the last good one in minutes.

    Raises ForbiddenError for who is no admin.
    """
    admin.require_admin()
    standing = service.backups.find_standing()
    if standing is None or standing.made_at is None:
        return standing, 0
    age = service.rules.clock() - standing.made_at
    return standing, max(round(age.total_seconds() / 60), 0)
