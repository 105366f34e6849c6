"""The audit log: who changed what, when, from what to what (SPEC 4 "Admin")."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A change. `actor_id` is None where nobody in person made it; `subject` names what was changed, `shift:12`."""

    at: datetime
    actor_id: int | None
    actor_name: str | None
    action: str
    subject: str
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    reason: str | None
