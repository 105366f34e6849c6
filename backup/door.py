"""Keeping the bot away while a database is filled or left."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from backup.errors import BackupError
from pg_schema import PostgresSchema
from repository.poll_lock import PollLock


@contextmanager
def keep_bot_out(params: Mapping[str, Any]) -> Iterator[None]:
    """No bot works with the database until the block ends.

    Raises BackupError where one does already, UnavailableError with the reason where there is no such database.
    """
    PostgresSchema(**params).get_schema_version()
    lock = PollLock(params)
    if not lock.take():
        raise BackupError("A bot works with this database: end it first (systemctl stop shift-bot, or Ctrl-C).")
    try:
        yield
    finally:
        lock.release()
