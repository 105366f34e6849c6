"""Connections and transactions: a pool, one connection a thread inside a unit of work, errors translated once."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from operator import attrgetter
from typing import Any, TypeAlias, TypeVar

from psycopg import Connection, Cursor, Error, RawCursor
from psycopg.types.json import set_json_loads
from psycopg.types.numeric import Int8Dumper
from psycopg_pool import ConnectionPool

from payroll.errors import ErrorKey, UnavailableError
from repository.errors import translate
from sql import get_newest_version, load_queries

Row: TypeAlias = tuple[Any, ...]
T = TypeVar("T")

POOL_SIZE = 8
CHECKOUT_TIMEOUT_SECONDS = 10.0
# Bounded waits: nothing here takes long, and what hangs must give way (FAULTS "PostgreSQL and the board").
SESSION_SETTINGS = {
    "TimeZone": "UTC",
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
    # The statements are few and always of one shape: planning each anew costs more than it can bring.
    "plan_cache_mode": "force_generic_plan",
    # All that a team writes in years fits into memory: a page elsewhere costs no more than the next one. With the
    # default a person's month is looked for among everybody's shifts of it.
    "random_page_cost": "1.1",
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
            kwargs={
                "connect_timeout": 5,
                "prepare_threshold": 1,
                **libpq,
                "autocommit": True,
                # The queries name their parameters as PostgreSQL does; translating the long ones takes 0.1 ms a call.
                "cursor_factory": RawCursor,
            },
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
        return self._run(name, params, Cursor.fetchone)

    def fetch_all(self, name: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a named query."""
        return self._run(name, params, Cursor.fetchall)

    def execute(self, name: str, params: Mapping[str, Any] | None = None) -> int:
        """Run a named query; the number of rows it touched."""
        return self._run(name, params, _get_row_count)

    def _run(self, name: str, params: Mapping[str, Any] | None, take: Callable[[Cursor[Row]], T]) -> T:
        query = self._queries[name]
        values = [params[key] for key in query.names] if params is not None else ()
        connection = getattr(self._bound, "connection", None)
        if connection is not None:
            return take(connection.execute(query.text, values))
        with self._checkout() as connection:
            return take(connection.execute(query.text, values))

    @contextmanager
    def _checkout(self) -> Iterator[Connection[Row]]:
        try:
            self._open()
            connection = self._pool.getconn()
            try:
                yield connection
            finally:
                self._pool.putconn(connection)
        except Error as error:
            raise translate(error) from error

    def _open(self) -> None:
        if not self._is_open:
            with self._opening:
                if not self._is_open:
                    self._pool.open()
                    with self._pool.connection() as connection:
                        _check_schema(connection)
                    self._is_open = True


_get_row_count: Callable[[Cursor[Row]], int] = attrgetter("rowcount")
_decode_json = json.JSONDecoder(parse_float=Decimal).decode


def _check_schema(connection: Connection[Row]) -> None:
    """Raise UnavailableError for a database whose schema is not this program's (TECH T18)."""
    (found,) = connection.execute(b"SELECT version_num FROM alembic_version").fetchone() or ("0",)
    newest = get_newest_version()
    version = int(found) if found.isdecimal() else newest + 1
    if version < newest:
        raise UnavailableError(
            ErrorKey.SCHEMA_OLDER, field="schema version", value=found, allowed="run: python pg_schema.py"
        )
    if version > newest:
        raise UnavailableError(
            ErrorKey.SCHEMA_NEWER, field="schema version", value=found, allowed=f"at most {newest}: upgrade the program"
        )


def _load_json(text: str | bytes) -> Any:
    """JSON whose numbers with a point are `Decimal`, never float."""
    return _decode_json(text if isinstance(text, str) else text.decode())


def _configure(connection: Connection[Row]) -> None:
    set_json_loads(_load_json, connection)
    # By default the type goes by the number's size, and a statement would be prepared anew for each.
    connection.adapters.register_dumper(int, Int8Dumper)
    query = b"SELECT set_config(name, value, false) FROM unnest($1::text[], $2::text[]) AS s (name, value)"
    connection.execute(query, [list(SESSION_SETTINGS), list(SESSION_SETTINGS.values())], prepare=False)
