"""The audit log as admins read it (SPEC 4 "Admin")."""

from dataclasses import replace

from payroll.audit import AuditEntry, AuditPage
from payroll.people import Person
from postgres_service import PostgresService

PAGE_SIZE = 6


def get_page(service: PostgresService, admin: Person, page: int, subject: str | None = None) -> AuditPage:
    """A page of it, of one subject where one is given. Raises ForbiddenError.

    Who may not see others' wages does not see them here either.
    """
    admin.require_admin()
    found = service.audit.list_entries(PAGE_SIZE + 1, skip=page * PAGE_SIZE, subject=subject)
    entries = tuple(_hide(service, admin, one) for one in found[:PAGE_SIZE])
    products = {str(product_id): name for product_id, name in service.get_catalogue().names.items()}
    return AuditPage(entries, page, page + 1 + (len(found) > PAGE_SIZE), subject, products)


def _hide(service: PostgresService, admin: Person, entry: AuditEntry) -> AuditEntry:
    is_wage = entry.action.startswith("wage changed") and entry.about_id is not None
    if not is_wage or service.staff.may_see_wages(admin, entry.about_id or 0):
        return entry
    return replace(entry, old=None, new=None, is_hidden=True)
