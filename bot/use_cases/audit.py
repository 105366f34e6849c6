"""The audit log as admins read it (SPEC 4 "Admin")."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from payroll.audit import AuditEntry, AuditPage
from payroll.people import Person
from postgres_service import PostgresService

PAGE_SIZE = 6
_OF_WAGES = ("wage changed", "wage plan withdrawn")
_PLAIN = frozenset(
    {
        *("employee_id", "employee_name", "name", "role", "left_date", "telegram_id"),
        *("time_in", "time_out", "products", "note", "shift_id", "shift_ids", "shift_date"),
        *("bonus", "day", "closed_at", "is_confirmed", "is_active", "value", "valid_from"),
    }
)
"""What an entry about somebody can tell of without telling what they earn; anything else is for who may see wages."""
_OF_SALES = "refund "
"""How the actions begin whose `amount` is one of sales, not of pay."""


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
    if entry.about_id is None or service.staff.may_see_wages(admin, entry.about_id):
        return entry
    if entry.action.startswith(_OF_WAGES):
        return replace(entry, old=None, new=None, is_hidden=True)
    shown = _PLAIN | {"amount"} if entry.action.startswith(_OF_SALES) else _PLAIN
    old, new = _keep(entry.old, shown), _keep(entry.new, shown)
    is_emptied = not (old or new) and (old, new) != (entry.old, entry.new)
    return replace(entry, old=old, new=new, is_hidden=is_emptied)


def _keep(facts: Mapping[str, Any] | None, shown: AbstractSet[str]) -> Mapping[str, Any] | None:
    """A side of a change without what tells a wage, such as what a shift made or what a day off is worth."""
    return {name: value for name, value in facts.items() if name in shown} if facts is not None else None
