"""Connections and transactions: a pool, one connection a thread inside a unit of work, errors translated once."""

import itertools
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from decimal import Decimal
from functools import cached_property, partial, wraps
from operator import attrgetter
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar

import psycopg
from psycopg import Cursor, Error, OperationalError, RawCursor
from psycopg.pq import TransactionStatus
from psycopg.types.json import set_json_loads
from psycopg.types.numeric import Int8Dumper
from psycopg_pool import ConnectionPool

from payroll.errors import ErrorKey, UnavailableError, UnitUndoneError
from repository.errors import is_connection_lost, is_worth_another_try, translate
from repository.snapshot import Snapshot
from sql import PLAIN_SESSION, SET_SESSION, Query, get_newest_version, load_queries

Row: TypeAlias = tuple[Any, ...]
T = TypeVar("T")
P = ParamSpec("P")

POOL_SIZE = 8
CHECKOUT_TIMEOUT_SECONDS = 10.0
# Bounded waits: nothing here takes long, and what hangs must give way (FAULTS "PostgreSQL and the board").
SESSION_SETTINGS = {
    **PLAIN_SESSION,
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
    # The statements are few and always of one shape: planning each anew costs more than it can bring.
    "plan_cache_mode": "force_generic_plan",
    # All that a team writes in years fits into memory: a page elsewhere costs no more than the next one. With the
    # default a person's month is looked for among everybody's shifts of it.
    "random_page_cost": "1.1",
}
IDLE_BEFORE_CHECK_SECONDS = 2.0
"""A connection that was used so long ago is asked first whether it lives: a round trip that a busy one is spared."""
TRY_AGAIN_AFTER_SECONDS = (0.0, 0.2, 1.0)
"""Waits before a unit of work is tried again whose connection was lost, or that was the victim of a deadlock."""
LONGEST_COMMIT_SECONDS = 5.0
CLOCK_MARGIN_SECONDS = 0.2
_log = logging.getLogger(__name__)


class Connection(psycopg.Connection[Row]):
    """A connection of the pool."""

    last_used_at = 0.0
    """On the monotonic clock."""

    @cached_property
    def runner(self) -> RawCursor[Row]:
        """One cursor for all its queries, each of which is read to its end before the next."""
        return RawCursor(self)


class CommitUnknownError(UnavailableError):
    """The connection was lost while a transaction ended, and whether it is in the books could not be found out."""

    def __init__(self, xid: str | None, began_at: float) -> None:
        """`began_at` is when the transaction began, on the monotonic clock."""
        super().__init__(
            ErrorKey.DATABASE_AWAY, field="database", value="lost while saving", allowed="a PostgreSQL that stays"
        )
        self.xid = xid
        self.began_at = began_at


class _RehearsedError(Exception):
    """Tells the savepoint that nothing of it is to be kept."""


class _HasDatabase(Protocol):
    @property
    def _database(self) -> "Database": ...


S = TypeVar("S", bound=_HasDatabase)


def unit_of_work(method: Callable[Concatenate[S, P], T]) -> Callable[Concatenate[S, P], T]:
    """Make a method one transaction that is tried again as a whole where its connection was lost (see `run_unit`)."""

    @wraps(method)
    def run(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        database: Database = self._database
        return database.run_unit(partial(method, self, *args, **kwargs))

    return run


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
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            connection_class=Connection,
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
            # It waits twice as long before each further try to connect, and nobody else may try meanwhile: after an
            # outage of minutes nobody would get a connection for minutes. Given up, the next call tries at once.
            reconnect_timeout=CHECKOUT_TIMEOUT_SECONDS,
            open=False,
        )
        self._opening = threading.Lock()
        self._is_open = False
        self._lost_at = 0.0

    def close(self) -> None:
        """Give the connections back to the server. The database cannot be used afterwards."""
        self._pool.close()

    def get_pool_usage(self) -> tuple[int, int]:
        """How many connections are in use, and how many there are."""
        stats = self._pool.get_stats()
        return stats["pool_size"] - stats["pool_available"], stats["pool_size"]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """A unit of work of this thread: all of it or nothing. Raises the service's own errors.

        Where the connection is lost while it ends, CommitUnknownError: it may be in the books or not.
        """
        if self._is_bound:
            yield
            return
        with self._checkout() as connection:
            self._bound.connection, self._bound.xid, self._bound.unset = connection, None, []
            xid, is_ending, began_at = None, False, time.monotonic()
            try:
                with connection.transaction():
                    yield
                    xid = self._bound.xid or _find_xid(connection)
                    is_ending = True
            except OperationalError as error:
                if is_ending and is_connection_lost(error):
                    raise CommitUnknownError(xid, began_at) from error
                raise
            finally:
                self._bound.connection = None

    @contextmanager
    def savepoint(self, *, is_careful: bool = True) -> Iterator[None]:
        """A part of this thread's unit of work: where it raises, only what it wrote is undone and the unit goes on.

        Outside of a unit of work it is one itself. One that is not careful is set with the first query that writes, so
        that a part which only reads costs nothing. Where such a query fails in PostgreSQL, which is rare, there is
        nothing to go back to and the whole unit is undone: UnitUndoneError.
        """
        connection: Connection | None = getattr(self._bound, "connection", None)
        if connection is None:
            with self.transaction():
                yield
            return
        unset: list[ExitStack] = self._bound.unset
        is_set = True
        try:
            with ExitStack() as point:
                unset.append(point)
                if is_careful:
                    self._set_savepoints(connection)
                try:
                    yield
                finally:
                    is_set = point not in unset
                    if not is_set:
                        unset.remove(point)
        except Error as error:
            explained = self._explain(error)
            is_undone = connection.info.transaction_status == TransactionStatus.INERROR
            if is_undone and not is_set and not isinstance(explained, UnavailableError):
                raise UnitUndoneError from error
            raise explained from error

    @contextmanager
    def rehearsal(self) -> Iterator[None]:
        """A part of this thread's unit of work of which nothing is kept, whatever comes of it."""
        was_rehearsing, self._bound.is_rehearsing = self.is_rehearsing, True
        try:
            with suppress(_RehearsedError), self.savepoint():
                yield
                raise _RehearsedError
        finally:
            self._bound.is_rehearsing = was_rehearsing

    @property
    def is_rehearsing(self) -> bool:
        """Whether what this thread does now is undone afterwards: nothing may be used up for it."""
        return getattr(self._bound, "is_rehearsing", False)

    def _set_savepoints(self, connection: Connection) -> None:
        """Set those that were put off, the outermost first."""
        unset: list[ExitStack] = self._bound.unset
        while unset:
            unset.pop(0).enter_context(connection.transaction())

    def note_xid(self, xid: str) -> None:
        """Tell the number of the running transaction where a query that had to be made has brought it along."""
        self._bound.xid = xid

    def run_unit(self, work: Callable[[], T]) -> T:
        """What `work` gives, as one transaction; inside another one as a part of that.

        The whole of it is tried again where its connection was lost, or it was the victim of a deadlock. Where the
        connection was lost while it was committed, the database is asked whether it was: nothing happens twice.
        """
        if self._is_bound:
            return work()
        return self._try_again(partial(self._run_once, work))

    def run_aside(self, work: Callable[[], T]) -> T:
        """What `work` gives, as a unit of work that stays, whatever becomes of the one that this thread is in.

        It takes a connection of its own and must not wait for what the other one has locked.
        """
        bound = dict(vars(self._bound))
        self._bound.connection = None
        try:
            return self.run_unit(work)
        finally:
            vars(self._bound).update(bound)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Everything as it is at this moment, read-only, on a connection of its own also inside a transaction."""
        with self._checkout() as connection, connection.transaction():
            yield Snapshot(connection, self._queries)

    def fetch_one(self, name: str, params: Mapping[str, Any] | None = None) -> Row | None:
        """The first row of a named query, None where there is none."""
        return self._run(name, params, Cursor.fetchone)

    def fetch_all(self, name: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a named query."""
        return self._run(name, params, Cursor.fetchall)

    def stream(self, name: str, params: Mapping[str, Any] | None = None) -> Iterator[Row]:
        """The rows of a named query, one after the other; for many rows a snapshot needs less memory."""
        return iter(self.fetch_all(name, params))

    def execute(self, name: str, params: Mapping[str, Any] | None = None) -> int:
        """Run a named query; the number of rows it touched."""
        return self._run(name, params, _get_row_count)

    def repeat(self, name: str, params: Mapping[str, Any]) -> list[Row]:
        """The rows of a query that writes and does no harm when it is made again: it is a transaction of itself.

        That takes one round trip instead of three. Where it is made again, because the connection was lost and it may
        have been done, its parameter `is_again` says so, if it has one.
        """
        if self._is_bound:
            return self.fetch_all(name, {**params, "is_again": False})
        query, attempts = self._queries[name], itertools.count()

        def attempt() -> list[Row]:
            values = {**params, "is_again": next(attempts) > 0}
            return self._read(query, [values[key] for key in query.names], Cursor.fetchall)

        return self._try_again(attempt)

    @property
    def _is_bound(self) -> bool:
        return getattr(self._bound, "connection", None) is not None

    def _run(self, name: str, params: Mapping[str, Any] | None, take: Callable[[Cursor[Row]], T]) -> T:
        query = self._queries[name]
        values = [params[key] for key in query.names] if params is not None else ()
        connection: Connection | None = getattr(self._bound, "connection", None)
        if connection is not None:
            if self._bound.unset and not query.is_read:
                self._set_savepoints(connection)
            return take(connection.runner.execute(query.text, values))
        if query.is_read:
            return self._try_again(partial(self._read, query, values, take))
        return self.run_unit(partial(self._run, name, params, take))

    def _read(self, query: Query, values: Any, take: Callable[[Cursor[Row]], T]) -> T:
        with self._checkout() as connection:
            return take(connection.runner.execute(query.text, values))

    def _run_once(self, work: Callable[[], T]) -> T:
        results = []
        try:
            with self.transaction():
                results.append(work())
        except CommitUnknownError as error:
            if error.xid is not None and not self._was_committed(error):
                lost = OperationalError("the connection was lost before the transaction was committed")
                raise translate(lost) from lost
        return results[0]

    def _try_again(self, attempt: Callable[[], T]) -> T:
        for seconds in TRY_AGAIN_AFTER_SECONDS:
            try:
                return attempt()
            except CommitUnknownError:
                raise  # it may have been done
            except UnavailableError as error:
                if not is_worth_another_try(error):
                    raise
                _log.warning("a unit of work is tried again: %s", error)
            time.sleep(seconds)
        return attempt()

    def _was_committed(self, unknown: CommitUnknownError) -> bool:
        """Raise `unknown` where the database cannot tell either.

        It cannot after a crash: what had not reached the disk is gone, and its number may be another's by now.
        """
        deadline = time.monotonic() + LONGEST_COMMIT_SECONDS
        while True:
            status = self._find_status(unknown)
            if status is None:
                raise unknown
            if status != "in progress":
                return status == "committed"
            if time.monotonic() > deadline:
                raise unknown
            time.sleep(0.05)

    def _find_status(self, unknown: CommitUnknownError) -> str | None:
        with self._checkout() as connection:
            seconds = time.monotonic() - unknown.began_at + CLOCK_MARGIN_SECONDS
            query = b"SELECT now() - pg_postmaster_start_time() > make_interval(secs => $1)"
            row = connection.execute(query, [seconds]).fetchone()
            if row is None or not row[0]:
                return None
            row = connection.execute(b"SELECT pg_xact_status($1::xid8)", [unknown.xid]).fetchone()
            return str(row[0]) if row and row[0] is not None else None

    @contextmanager
    def _checkout(self) -> Iterator[Connection]:
        try:
            self._open()
            connection = self._get_connection()
            try:
                yield connection
            finally:
                connection.last_used_at = time.monotonic()
                self._pool.putconn(connection)
        except Error as error:
            raise self._explain(error) from error

    def _explain(self, error: Error) -> Exception:
        if is_connection_lost(error):
            self._lost_at = time.monotonic()
        return translate(error)

    def _get_connection(self) -> Connection:
        """A connection that lives. The pool's own check would wait longer after each dead one that it finds."""
        while True:
            connection = self._pool.getconn()
            is_alive = not self._is_doubtful(connection)
            try:
                if not is_alive:
                    with suppress(OperationalError):
                        ConnectionPool.check_connection(connection)
                        is_alive = True
            finally:
                if not is_alive:
                    self._pool.putconn(connection)
            if is_alive:
                return connection

    def _is_doubtful(self, connection: Connection) -> bool:
        """Whether it was idle, or another one was lost since it was used: then it is asked first whether it lives."""
        used_at = connection.last_used_at
        return used_at < self._lost_at or used_at < time.monotonic() - IDLE_BEFORE_CHECK_SECONDS

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


def _find_xid(connection: Connection) -> str | None:
    """Number of the running transaction, None where it has written nothing."""
    row = connection.execute(b"SELECT pg_current_xact_id_if_assigned()").fetchone()
    return row[0] if row else None


def _check_schema(connection: Connection) -> None:
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


def load_json(text: str | bytes) -> Any:
    """JSON whose numbers with a point are `Decimal`, never float."""
    return _decode_json(text if isinstance(text, str) else text.decode())


def _configure(connection: Connection) -> None:
    set_json_loads(load_json, connection)
    # By default the type goes by the number's size, and a statement would be prepared anew for each.
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.execute(SET_SESSION, [list(SESSION_SETTINGS), list(SESSION_SETTINGS.values())], prepare=False)
