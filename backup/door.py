"""Keeping the bot, and other backups, away while a database is filled or left."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from backup.errors import BackupError
from backup.log import BackupLog
from pg_schema import PostgresSchema
from repository.clock import read_system_clock
from repository.poll_lock import PollLock


@contextmanager
def keep_others_out(params: Mapping[str, Any]) -> Iterator[None]:
    """No bot works with the database, and no other backup of it is made or checked, until the block ends.

    Raises BackupError where a bot does already, BusyError where a backup does, UnavailableError with the reason where
    there is no such database.
    """
    PostgresSchema(**params).get_schema_version()
    lock = PollLock(params)
    if not lock.take():
        raise BackupError("A bot works with this database: end it first (systemctl stop shift-bot, or Ctrl-C).")
    try:
        with BackupLog(params, read_system_clock):
            yield
    finally:
        lock.release()
