"""Figures that tell how the bot is, without anything about a person: how much waits, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from repository.database import Database


@dataclass(frozen=True, slots=True)
class Health:
    """What the database knows of how things are. Ages are whole seconds, None where nothing waits."""

    inbox_waiting: int
    inbox_dead: int
    inbox_oldest_seconds: int | None
    outbox_unsent: int
    outbox_failed: int
    outbox_oldest_seconds: int | None
    last_mirror_at: datetime | None
    """When the sheet was last written whole."""
    last_backup_at: datetime | None
    """When a dump was last made."""
    differences: int | None
    """What the last reconciliation found; None: none has run yet."""
    reconciled_at: datetime | None
    lock_holders: Sequence[str]
    """Of each query that has waited for a lock for over a second, oldest first: the programs that hold it."""


@dataclass(frozen=True, slots=True)
class MirrorRun:
    """A run of the mirror; `status` is running, ok or failed."""

    started_at: datetime
    status: str


class HealthFigures:
    """The door to these figures, and to what is remembered of the machine (`schema_metadata`)."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self) -> Health:
        """The figures of this moment, in one statement. Raises UnavailableError."""
        row = self._database.fetch_one("select_health")
        if row is None:
            raise LookupError("select_health gives a row always")
        return Health(*row)

    def get_pool_usage(self) -> tuple[int, int]:
        """How many connections of the pool are in use, and how many it has."""
        return self._database.get_pool_usage()

    def find_last_mirror(self) -> MirrorRun | None:
        """The newest run of the mirror, None where there was none."""
        row = self._database.fetch_one("select_last_mirror")
        return MirrorRun(*row) if row else None

    def list_kept_dates(self) -> list[tuple[int, date]]:
        """The numbers and dates of shifts of an older version that are dated before 2000, oldest number first."""
        return [(shift_id, day) for shift_id, day in self._database.fetch_all("select_kept_dates")]

    def find_fact(self, key: str) -> str | None:
        """What was last remembered under that key."""
        row = self._database.fetch_one("select_metadata", {"key": key})
        return row[0] if row is not None else None

    def put_fact(self, key: str, value: str) -> None:
        """Remember a value in place of the one before."""
        self._database.execute("upsert_metadata", {"key": key, "value": value})
