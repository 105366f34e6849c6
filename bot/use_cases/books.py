"""How the books are."""

from payroll.people import Person
from payroll.reconciliation import Report
from postgres_service import PostgresService


def find_report(service: PostgresService, admin: Person) -> Report | None:
    """The last check of the books, None where there was none. Raises ForbiddenError for who is no admin."""
    admin.require_admin()
    return service.reconciliation.find_last()
