"""Notices: messages to send, written by the transaction they tell about and sent after it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from repository.database import Database
from repository.rows import dump_json


@dataclass(frozen=True, slots=True)
class Notice:
    """A message that waits. `kind` names its words, `payload` has its facts; `telegram_id` is where it goes."""

    notice_id: int
    employee_id: int
    telegram_id: int | None
    language: str | None
    kind: str
    payload: Mapping[str, Any]


class Notices:
    """The door to notices."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, employee_id: int, kind: str, payload: Mapping[str, Any]) -> None:
        """Leave a message for a person."""
        params = {"employee_id": employee_id, "kind": kind, "payload": dump_json(payload)}
        self._database.execute("insert_notice", params)

    def add_for_admins(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Leave a message for every active admin."""
        self._database.execute("insert_admin_notices", {"kind": kind, "payload": dump_json(payload)})

    def list_unsent(self, limit: int = 100) -> list[Notice]:
        """What waits to be sent, oldest first."""
        return [Notice(*row) for row in self._database.fetch_all("select_unsent_notices", {"limit": limit})]

    def mark_sent(self, notice_id: int) -> None:
        """It arrived."""
        self._database.execute("mark_notice_sent", {"notice_id": notice_id})

    def mark_failed(self, notice_id: int, error: str) -> None:
        """It cannot arrive, ever; kept with the reason."""
        self._database.execute("mark_notice_failed", {"notice_id": notice_id, "error": error})
