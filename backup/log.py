"""One backup at a time on a database, and a line in `backup_runs` for each that ended, which `/admin` shows."""

import contextlib
import json
import logging
import time
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import TracebackType
from typing import Any, Self

import psycopg
from psycopg import RawCursor

from backup.errors import BackupError, BusyError, telling_errors
from backup.queries import execute, fetch, tell_admins
from payroll.errors import ErrorKey, UnavailableError
from repository.clock import Clock
from sql import PLAIN_SESSION, SET_SESSION

LOCK_KEY = 0xBAC0
LOCK_TRIES = 10
LOCK_WAIT_SECONDS = 0.1
TELL_AGAIN_AFTER = timedelta(days=1)
KEEP_LOG = timedelta(days=90)
_OWN = {"connect_timeout": 5, "application_name": "shift-bot backup"}
_log = logging.getLogger(__name__)


class RunKind(StrEnum):
    """What was done."""

    MADE = "made"
    COPIED = "copied"
    CHECKED = "checked"


class BackupLog:
    """A connection that holds the lock of backups as long as the block lasts, and keeps the log.

    A database of an older schema has no log: then only what is printed tells.
    """

    def __init__(self, params: Mapping[str, Any], clock: Clock) -> None:
        """Raises BusyError where another backup is at work, UnavailableError where the database is away."""
        libpq = {("dbname" if name == "database" else name): value for name, value in params.items()}
        self.clock = clock
        try:
            self._connection = psycopg.connect(**{**_OWN, **libpq, "autocommit": True})
        except psycopg.OperationalError as error:
            raise UnavailableError(
                ErrorKey.DATABASE_AWAY,
                field="database",
                value="not answering",
                allowed="a PostgreSQL that can be reached",
                reason=str(error).partition("\n")[0],
            ) from error
        with contextlib.ExitStack() as unless_locked:
            unless_locked.callback(self._connection.close)
            RawCursor(self._connection).execute(SET_SESSION, [list(PLAIN_SESSION), list(PLAIN_SESSION.values())])
            self._take_lock()
            self._has_log = bool(fetch(self._connection, "has_backup_log")[0][0])
            unless_locked.pop_all()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def find_last_check(self) -> datetime | None:
        """When the newest backup was last restored and compared, well or not."""
        return fetch(self._connection, "select_last_check")[0][0] if self._has_log else None

    @contextlib.contextmanager
    def noting(self, kind: RunKind, started_at: datetime) -> Iterator[None]:
        """What fails inside the block is kept as `note` does, and goes on as a BackupError or UnavailableError."""
        try:
            with telling_errors():
                yield
        except (BackupError, UnavailableError) as error:
            self.note(kind, started_at, error=describe(error))
            raise

    def note(
        self,
        kind: RunKind,
        started_at: datetime,
        *,
        error: str | None = None,
        file_name: str | None = None,
        size_bytes: int | None = None,
    ) -> None:
        """Keep how it ended. The admins hear of a failure when it begins, and once a day while it lasts.

        Where the database is away by now, or its disk is full, that is logged: the failure itself goes on to the
        caller.
        """
        at = max(self.clock(), started_at)
        if error is not None:
            _log.error("backup: %s failed: %s", kind, error)
        if not self._has_log:
            return
        run = {"file_name": file_name, "size_bytes": size_bytes, "started_at": started_at, "finished_at": at}
        try:
            with self._connection.transaction():
                is_told = error is not None and not self._has_been_told(kind, at)
                execute(self._connection, "insert_backup_run", kind=kind, error=error, is_told=is_told, **run)
                execute(self._connection, "purge_backup_runs", before=at - KEEP_LOG)
                if is_told:
                    tell_admins(self._connection, "backup_failed", json.dumps({"what": kind, "error": error}))
        except psycopg.Error as refusal:
            _log.warning("backup: that could not be kept in the log: %s", refusal.diag.message_primary or refusal)

    def forget_failed_copies(self) -> None:
        """Where copies are no longer wanted, that they failed is wrong with nothing any more."""
        if self._has_log:
            execute(self._connection, "delete_failed_copies")

    def _take_lock(self) -> None:
        """Asked for a few times: the server takes a moment to notice that a connection is gone, with its lock."""
        for _ in range(LOCK_TRIES):
            if fetch(self._connection, "take_backup_lock", key=LOCK_KEY)[0][0]:
                return
            time.sleep(LOCK_WAIT_SECONDS)
        raise BusyError("Another backup of this database is at work.")

    def _has_been_told(self, kind: RunKind, at: datetime) -> bool:
        return bool(fetch(self._connection, "has_been_told", kind=kind, since=at - TELL_AGAIN_AFTER)[0][0])


def describe(error: BackupError | UnavailableError) -> str:
    """An error as a sentence, with the reason where the database is away."""
    reason = error.facts.get("reason") if isinstance(error, UnavailableError) else None
    return f"{error}: {reason}" if reason else str(error)
