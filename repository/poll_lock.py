"""The lock that lets one process of a database poll: held by a connection of its own, gone with it (FAULTS)."""

import contextlib
from collections.abc import Mapping
from typing import Any

import psycopg

from repository.errors import translate

_KEY = 5_417_202_611
_OWN = {
    "connect_timeout": 5,
    # A server that has vanished without a word is noticed within seconds.
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "shift-bot poll lock",
}


class PollLock:
    """A session advisory lock. Not thread-safe: one thread takes it, looks after it and lets it go."""

    def __init__(self, params: Mapping[str, Any]) -> None:
        """`params` are libpq parameters, with the database as `dbname` or `database`. Connects at the first call."""
        self._params = {("dbname" if name == "database" else name): value for name, value in params.items()}
        self._connection: psycopg.Connection[tuple[Any, ...]] | None = None

    def take(self) -> bool:
        """Take the lock, or make sure that it is still held. False where another process has it.

        Raises UnavailableError where the database is away: then it is not held.
        """
        try:
            if self._connection is not None:
                self._connection.execute("SELECT 1")
                return True
            connection = psycopg.connect(**{**_OWN, **self._params}, autocommit=True)
            return self._try(connection)
        except psycopg.Error as error:
            self.release()
            raise translate(error) from error

    def release(self) -> None:
        """Let it go, if it is held."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _try(self, connection: psycopg.Connection[tuple[Any, ...]]) -> bool:
        with contextlib.ExitStack() as unless_held:
            unless_held.callback(connection.close)
            connection.execute("SET statement_timeout = '5s'")
            row = connection.execute("SELECT pg_try_advisory_lock(%s)", [_KEY]).fetchone()
            if row is None or not row[0]:
                return False
            unless_held.pop_all()
        self._connection = connection
        return True
