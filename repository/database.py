"""Connections and transactions: a pool, one connection a thread inside a unit of work, errors translated once."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from psycopg import Connection, Cursor, Error
from psycopg.types.json import set_json_loads
from psycopg_pool import ConnectionPool

from repository.errors import translate
from sql import load_queries

Row: TypeAlias = tuple[Any, ...]

POOL_SIZE = 8
CHECKOUT_TIMEOUT_SECONDS = 30.0
# Bounded waits: nothing here takes long, and what hangs must give way (FAULTS "PostgreSQL and the board").
SESSION_SETTINGS = {
    "TimeZone": "UTC",
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
    # The statements are few and always of one shape: planning each anew costs more than it can bring.
    "plan_cache_mode": "force_generic_plan",
}
IDLE_BEFORE_CHECK = timedelta(seconds=2)


class Database:
    """A thread-safe pool with the project's named queries.

    Outside a transaction each query commits by itself. Inside `transaction()` every query of the same thread is part of
    it; a `transaction()` within one joins it.
    """

    def __init__(self, params: Mapping[str, Any], *, pool_size: int | None = None) -> None:
        """`params` are libpq parameters, with the database as `dbname` or `database`."""
        libpq = {("dbname" if name == "database" else name): value for name, value in params.items()}
        self._queries = load_queries()
        self._bound = threading.local()
        self._pool: ConnectionPool[Connection[Row]] = ConnectionPool(
            kwargs={"connect_timeout": 5, "prepare_threshold": 1, **libpq, "autocommit": True},
            configure=_configure,
            min_size=1,
            max_size=pool_size or POOL_SIZE,
            timeout=CHECKOUT_TIMEOUT_SECONDS,
            open=False,
        )
        self._opening = threading.Lock()
        self._is_open = False

    def close(self) -> None:
        """Give the connections back to the server. The database cannot be used afterwards."""
        self._pool.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A unit of work of this thread: all of it or nothing. Raises the service's own errors."""
        if getattr(self._bound, "connection", None) is not None:
            yield
            return
        with self._checkout() as connection:
            self._bound.connection = connection
            try:
                with connection.transaction():
                    yield
            finally:
                self._bound.connection = None

    def fetch_one(self, name: str, params: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of a named query, None where there is none."""
        with self._execute(name, params) as cursor:
            return cursor.fetchone()

    def fetch_all(self, name: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a named query."""
        with self._execute(name, params) as cursor:
            return cursor.fetchall()

    def execute(self, name: str, params: Mapping[str, Any] | None = None) -> int:
        """Run a named query; the number of rows it touched."""
        with self._execute(name, params) as cursor:
            return cursor.rowcount

    @contextmanager
    def _execute(self, name: str, params: Mapping[str, Any] | None) -> Iterator[Cursor[Row]]:
        connection = getattr(self._bound, "connection", None)
        if connection is not None:
            yield connection.execute(self._queries[name], params)
            return
        with self._checkout() as connection:
            yield connection.execute(self._queries[name], params)

    @contextmanager
    def _checkout(self) -> Iterator[Connection[Row]]:
        self._open()
        try:
            with self._pool.connection() as connection:
                yield connection
        except Error as error:
            raise translate(error) from error

    def _open(self) -> None:
        if not self._is_open:
            with self._opening:
                if not self._is_open:
                    self._pool.open()
                    self._is_open = True


def _load_json(text: str | bytes) -> Any:
    """JSON whose numbers with a point are `Decimal`, never float."""
    return json.loads(text, parse_float=Decimal)


def _configure(connection: Connection[Row]) -> None:
    set_json_loads(_load_json, connection)
    settings = ", ".join("set_config(%s, %s, false)" for _ in SESSION_SETTINGS)
    values = [text for item in SESSION_SETTINGS.items() for text in item]
    connection.execute(f"SELECT {settings}".encode(), values, prepare=False)
