"""How full the disk is that holds the database, and what is left out when it gets full (FAULTS "Disk full").

From 80 % used the admins are told, from 90 % nothing is written but what people's shifts and pay need: no pictures
kept in the outbox, no mirror, no dumps. Each is told once when it begins and once when it is over, two points lower,
so that a disk on the edge does not talk all day.
"""

import logging
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path

from config import Config
from payroll.errors import UnavailableError
from postgres_service import PostgresService
from repository.disk import FULL_PCT, NARROW_PCT, DiskState, check_disk

RELIEF_PCT = 2
DEBIAN_DATABASES = Path("/var/lib/postgresql")
_FACT = "disk_level"
_log = logging.getLogger(__name__)


class DiskLevel(IntEnum):
    """How much room there is."""

    ROOMY = 0
    NARROW = 1
    """80 % or more: somebody should look."""
    FULL = 2
    """90 % or more: only what shifts and pay need is written."""


def compute_level(used_pct: int, before: DiskLevel) -> DiskLevel:
    """The level now: up at 80 and 90 %, down again only below 78 and 88 %.

    For example 79 % is NARROW after 81 % and ROOMY after 75 %.
    """
    for level, limit in ((DiskLevel.FULL, FULL_PCT), (DiskLevel.NARROW, NARROW_PCT)):
        if used_pct >= (limit if before < level else limit - RELIEF_PCT):
            return level
    return DiskLevel.ROOMY


def find_database_disk(config: Config) -> Path | None:
    """A directory on the disk that holds the database; None where that is another machine's."""
    if config.database is None:
        return config.data_dir
    host = str(config.database.get("host", ""))
    is_here = host.startswith(("/", "@")) or host in ("", "localhost", "127.0.0.1", "::1")
    return DEBIAN_DATABASES if is_here and DEBIAN_DATABASES.is_dir() else None


class DiskWatch:
    """Looks at the disk when asked, remembers what it last told the admins, in the database too."""

    def __init__(
        self, path: Path | None, service: PostgresService, check: Callable[[Path], DiskState] = check_disk
    ) -> None:
        """`path` None: there is nothing to look at, all is well."""
        self._path = path
        self._service = service
        self._check = check
        self._told: DiskLevel | None = None
        self.level = DiskLevel.ROOMY
        self.state: DiskState | None = None

    @property
    def is_sparing(self) -> bool:
        """Whether pictures, mirror and dumps have to wait."""
        return self.level is DiskLevel.FULL

    def look(self) -> bool:
        """Look, and leave the admins a notice where a limit was crossed: True then. A tick calls it in a thread.

        Where the notice cannot be kept (the database is away, or its disk is full to the last byte) the next look
        tells it.
        """
        if self._path is None:
            return False
        try:
            self.state = self._check(self._path)
        except OSError as error:
            _log.warning("the disk cannot be looked at: %s", error)
            return False
        self.level = compute_level(self.state.used_pct, self.level)
        try:
            return self._tell(self.state)
        except UnavailableError as error:
            _log.warning("the admins could not be told of the disk: %s", error)
            return False

    def _tell(self, state: DiskState) -> bool:
        if self._told is None:
            self._told = DiskLevel[self._service.health.find_fact(_FACT) or DiskLevel.ROOMY.name]
            # Another start, in between the limits: what was told stays told.
            self.level = compute_level(state.used_pct, max(self._told, self.level))
        if self.level is self._told:
            return False
        _log.warning("the disk is %d %% full", state.used_pct, extra={"disk_level": self.level.name})
        facts = {"level": self.level.name.lower(), "used_pct": state.used_pct}
        with self._service.transaction():
            self._service.health.put_fact(_FACT, self.level.name)
            self._service.outbox.add_for_admins("disk", facts)
        self._told = self.level
        return True
