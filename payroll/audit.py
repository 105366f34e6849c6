"""The audit log: who changed what, when, from what to what (SPEC 4 "Admin")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

OWN_SUFFIX = " (own)"
"""Ends the action of what an admin has decided about themselves (PAYROLL D38)."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A change. `actor_id` is None where nobody in person made it; `subject` names what was changed, `shift:12`.

    `about_id` and `about_name` say whose it is, where it is somebody's. `is_hidden`: who looks may not see the figures.
    """

    at: datetime
    actor_id: int | None
    actor_name: str | None
    action: str
    subject: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    reason: str | None
    about_id: int | None = None
    about_name: str | None = None
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class AuditPage:
    """A page of the log, newest first, pages counted from 0; of one `subject` where one is given.

    `products` has the names of products by their id as a text, as the entries name them.
    """

    entries: tuple[AuditEntry, ...]
    page: int
    page_count: int
    subject: str | None
    products: Mapping[str, str]
