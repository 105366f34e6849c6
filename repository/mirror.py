"""How the mirror in Google Sheets stands, for admins to see (SPEC 8)."""

from dataclasses import dataclass
from datetime import datetime

from repository.database import Database


@dataclass(frozen=True, slots=True)
class MirrorStanding:
    """The last run of the mirror. Instants are in UTC.

    `whole_at` is when a run last ended well: what the sheet has is as old as that. `failing_since` is when the first of
    the failures since then began. `waiting` changes are not in the sheet yet.
    """

    whole_at: datetime | None
    failing_since: datetime | None
    error: str | None
    waiting: int


class MirrorRuns:
    """The door to the log of the mirror's runs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_standing(self) -> MirrorStanding | None:
        """How the mirror stands; None where it never ran."""
        row = self._database.fetch_one("select_last_syncs")
        waiting = self._database.fetch_one("count_sync_outbox")
        if row is None or waiting is None:
            return None
        return MirrorStanding(row[0], row[7], row[3], waiting[0])
