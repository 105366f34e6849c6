"""The inbox: what Telegram sent, kept before it is confirmed there (FAULTS "Telegram", TECH T20).

A row is taken in the transaction of what it brings about. Handled rows are remembered by their number for six days, so
that the same update delivered again has no effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from repository.database import Database, unit_of_work


@dataclass(frozen=True, slots=True)
class RawUpdate:
    """An update as it came: `payload` is its JSON in ASCII, `sender_id` whose turn it takes (None: nobody's)."""

    update_id: int
    sender_id: int | None
    payload: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An update that is still to be handled; `arrival_no` grows in the order in which they came in."""

    arrival_no: int
    update_id: int
    sender_id: int | None


@dataclass(frozen=True, slots=True)
class DeadUpdate:
    """An update that could not be handled, for an admin to decide about. `sender` is their name, None of a stranger."""

    update_id: int
    sender: str | None
    error: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class TakenUpdate:
    """An update that is being handled: its JSON, and the timeline that the database is on."""

    payload: str
    timeline: str


class Inbox:
    """The door to the inbox."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def store(self, updates: Sequence[RawUpdate]) -> list[Waiting]:
        """Keep updates in this order, all of them or none; those that are new. A number known already stays as it is.

        Where the connection was lost meanwhile, those that wait. Raises UnavailableError.
        """
        params = {
            "update_ids": [one.update_id for one in updates],
            "sender_ids": [one.sender_id for one in updates],
            "payloads": [one.payload for one in updates],
        }
        return [Waiting(*row) for row in self._database.repeat("insert_updates", params)]

    def list_waiting(self, after: int, limit: int) -> list[Waiting]:
        """What waits, in the order of arrival, from behind the arrival number `after`."""
        rows = self._database.fetch_all("select_waiting_updates", {"after": after, "limit": limit})
        return [Waiting(*row) for row in rows]

    def list_waiting_of(self, sender_id: int | None, limit: int) -> list[Waiting]:
        """The first updates of one sender that wait."""
        rows = self._database.fetch_all("select_waiting_of_sender", {"sender_id": sender_id, "limit": limit})
        return [Waiting(*row) for row in rows]

    def take(self, update_id: int) -> TakenUpdate | None:
        """An update to handle, done with this transaction; None where it is done, or somebody else is at it.

        Its number is remembered, and its sender can be reached again.
        """
        row = self._database.fetch_one("take_update", {"update_id": update_id})
        if row is None:
            return None
        payload, timeline, xid = row
        self._database.note_xid(xid)
        return TakenUpdate(payload, timeline)

    def lock(self, update_id: int) -> str | None:
        """The JSON of an update to set aside, held to the end of this transaction; None as in `take`."""
        row = self._database.fetch_one("lock_update", {"update_id": update_id})
        return row[0] if row else None

    @unit_of_work
    def bury(self, update_id: int, error: str) -> None:
        """It cannot be handled; kept with the reason, in which nothing personal stands, until an admin decides."""
        self._database.execute("bury_update", {"update_id": update_id, "error": error})

    def list_dead(self, limit: int = 50) -> list[DeadUpdate]:
        """What could not be handled, oldest first."""
        return [DeadUpdate(*row) for row in self._database.fetch_all("select_dead_updates", {"limit": limit})]

    def count_dead(self) -> int:
        """How many could not be handled."""
        row = self._database.fetch_one("count_dead_updates")
        return int(row[0]) if row else 0

    @unit_of_work
    def retry_dead(self, update_id: int) -> bool:
        """Have it handled once more, within seconds. False where it is not (or no longer) among the dead."""
        return self._database.execute("revive_update", {"update_id": update_id}) == 1

    @unit_of_work
    def drop_dead(self, update_id: int) -> bool:
        """Forget it. False where it is not (or no longer) among the dead."""
        return self._database.execute("drop_update", {"update_id": update_id}) == 1
