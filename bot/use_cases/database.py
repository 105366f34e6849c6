"""How the database is, for the admins."""

from payroll.people import Person
from postgres_service import PostgresService
from repository.db_report import DatabaseReport


def get_report(service: PostgresService, admin: Person) -> DatabaseReport:
    """What the server knows of its own work. Raises ForbiddenError for who is no admin."""
    admin.require_admin()
    return service.db_report.get()
