"""The audit log: written by every change that an admin makes, never changed (SPEC 4 "Admin")."""

from collections.abc import Mapping
from typing import Any

from payroll.audit import OWN_SUFFIX, AuditEntry
from payroll.people import Person
from repository.database import Database
from repository.rows import dump_json


class AuditLog:
    """The door to the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(
        self,
        actor: Person | None,
        action: str,
        subject: str,
        *,
        is_own: bool = False,
        old: Mapping[str, Any] | None = None,
        new: Mapping[str, Any] | None = None,
        reason: str | None = None,
        witness: Mapping[str, Any] | None = None,
    ) -> None:
        """Note a change; amounts, dates and instants in `old` and `new` are kept as text.

        `actor` None: nobody in person. `is_own`: the admin made it about themselves, which it says (PAYROLL D38).
        `witness` is for the check of the books alone (repository/witnesses.py).
        """
        attested = {**(new or {}), "witness": witness} if witness is not None else new
        self._database.execute(
            "insert_audit",
            {
                "actor_id": actor.employee_id if actor is not None else None,
                "action": action + OWN_SUFFIX if is_own else action,
                "subject": subject,
                "old": dump_json(old) if old is not None else None,
                "new": dump_json(attested) if attested is not None else None,
                "reason": reason,
            },
        )

    def list_entries(self, limit: int, *, skip: int = 0, subject: str | None = None) -> list[AuditEntry]:
        """The newest changes first, after the first `skip`; those of one subject where one is given."""
        rows = self._database.fetch_all("select_audit", {"limit": limit, "skip": skip, "subject": subject})
        return [AuditEntry(*row) for row in rows]
