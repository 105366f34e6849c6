"""How the backups stand, for admins to see (SPEC 10, TECH T26)."""

from dataclasses import dataclass
from datetime import datetime

from repository.database import Database


@dataclass(frozen=True, slots=True)
class BackupStanding:
    """The last backups of this database. Instants are in UTC, None where there was none yet.

    `made_at`, `copied_at` and `checked_at` are when a dump was last made, copied off the machine, and restored and
    compared, each well. `errors` are sentences of what failed the last time that it was tried.
    """

    made_at: datetime | None
    copied_at: datetime | None
    checked_at: datetime | None
    errors: tuple[str, ...] = ()


class BackupRuns:
    """The door to the log of backups."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_standing(self) -> BackupStanding | None:
        """How they stand; None where none was ever tried."""
        rows = self._database.fetch_all("select_backup_standing")
        if not rows:
            return None
        went_well = {kind: at for kind, at, _ in rows}
        errors = tuple(error for _, _, error in rows if error is not None)
        return BackupStanding(went_well.get("made"), went_well.get("copied"), went_well.get("checked"), errors)
