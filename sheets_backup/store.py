"""The mirror's side of the database: what waits, what stands where in the sheet, the log of runs.

One connection a run, which holds the lock that keeps two runs apart. No call to Google happens inside a transaction.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import Any, LiteralString, Self, TypeAlias

import psycopg
from psycopg import RawCursor, sql

from payroll.business_time import BusinessZone
from payroll.errors import ErrorKey
from payroll.errors import UnavailableError as DatabaseUnavailableError
from repository.clock import Clock
from repository.rows import dump_json
from sheets_backup.cells import Kind
from sheets_backup.columns import Table
from sheets_backup.errors import BusyError
from sql import PLAIN_SESSION, SET_SESSION, load_queries

Row: TypeAlias = tuple[Any, ...]
Connection: TypeAlias = psycopg.Connection[Row]

LOCK_KEY = 0x5EE75
LOCK_TRIES = 10
LOCK_WAIT_SECONDS = 0.1
KEEP_LOG = timedelta(days=90)
_SETTINGS = {
    **PLAIN_SESSION,
    "statement_timeout": "120s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}
_KEY_TYPES: Mapping[Kind, LiteralString] = {
    Kind.WHOLE: "bigint",
    Kind.AMOUNT: "numeric",
    Kind.TEXT: "text",
    Kind.DATE: "date",
}


@dataclass(frozen=True, slots=True)
class MirrorState:
    """What is known of the mirror as a whole. `checked_title` and `checked_row`: up to where it was looked through.

    `run_no` is the last run that wrote, on the database's `timeline`; `restored_from` the timeline of the sheet that
    the database was restored from, as that run left it.
    """

    spreadsheet_id: str | None
    needs_full: bool
    checked_title: str | None
    checked_row: int
    told_failing_at: datetime | None
    told_full_at: datetime | None
    database_uuid: str
    database_created_at: str
    timeline: str
    run_no: int
    restored_from: str | None


@dataclass(frozen=True, slots=True)
class TabState:
    """A tab as it was last written; `is_rebuilt` is False while it is being written anew."""

    title: str
    sheet_id: int
    headers: tuple[str, ...]
    is_rebuilt: bool
    kept_title: str | None
    damage: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands, what the sheet has there, and what is on its way."""

    row_no: int
    digest: int
    pending: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What waits for the sheet: the outbox's numbers, and the keys of changed rows by table."""

    numbers: Sequence[int]
    keys: Mapping[str, Sequence[str]]


class Store:
    """A connection for one run of the mirror. Raises the service's UnavailableError where the database is away."""

    def __init__(self, params: Mapping[str, Any], zone: BusinessZone, clock: Clock) -> None:
        """`params` as `Config.get_db_params()` gives them."""
        libpq = {("dbname" if name == "database" else name): value for name, value in params.items()}
        self._queries = load_queries()
        self.zone = zone
        self.clock = clock
        try:
            self._connection: Connection = psycopg.connect(
                **{"connect_timeout": 5, **libpq, "autocommit": True, "cursor_factory": RawCursor}
            )
        except psycopg.OperationalError as error:
            raise DatabaseUnavailableError(
                ErrorKey.DATABASE_AWAY,
                field="database",
                value="not answering",
                allowed="a PostgreSQL that can be reached",
            ) from error
        self._connection.execute(SET_SESSION, [list(_SETTINGS), list(_SETTINGS.values())])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @property
    def today(self) -> date:
        """The business date."""
        return self.zone.date_of(self.clock())

    def take_lock(self) -> None:
        """One run at a time; the server takes the lock back from one that dies. Raises BusyError."""
        for _ in range(LOCK_TRIES):
            if self._connection.execute("SELECT pg_try_advisory_lock($1)", [LOCK_KEY]).fetchall()[0][0]:
                return
            # The server may not have noticed yet that a run has ended.
            time.sleep(LOCK_WAIT_SECONDS)
        raise BusyError("Another run of the mirror is at work; this one has nothing to do.")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """A transaction that sees what was committed when it began; it may write what belongs to the mirror."""
        with self._connection.transaction():
            self._connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it or nothing."""
        with self._connection.transaction():
            yield

    def fetch(self, query: str, **params: Any) -> list[Row]:
        """All rows of a named query."""
        return self._execute(query, params).fetchall()

    def execute(self, query: str, **params: Any) -> int:
        """Run a named query; the number of rows it touched."""
        return self._execute(query, params).rowcount

    def fetch_table(self, table: Table, keys: Sequence[str] | None) -> Iterator[Row]:
        """Rows of a mirrored table in the order of their key, by declared columns; all of them without keys."""
        columns = sql.SQL(", ").join(
            sql.SQL("{}::text" if column.kind in (Kind.JSON, Kind.UUID) else "{}").format(sql.Identifier(column.name))
            for column in table.columns
        )
        key = sql.SQL(", ").join(map(sql.Identifier, table.key))
        statement = sql.SQL("SELECT {} FROM {}").format(columns, sql.Identifier("public", table.name))
        params: list[list[str]] = []
        if keys is not None:
            statement += sql.SQL(" WHERE ({}) IN (SELECT {} FROM unnest({}) AS k ({}))").format(
                key, self._cast_keys(table), _number_arrays(len(table.key)), key
            )
            params = [list(part) for part in zip(*(_split_key(table, one) for one in keys), strict=True)]
            if not params:
                return
        statement += sql.SQL(" ORDER BY {}").format(key)
        yield from self._connection.execute(statement.as_string(self._connection).encode(), params)

    def read_state(self) -> MirrorState:
        """What is known of the mirror."""
        return MirrorState(*self.fetch("select_mirror_state")[0])

    def list_tabs(self) -> dict[str, TabState]:
        """The tabs as they were written, by name."""
        rows = self.fetch("select_mirror_tabs")
        return {row[0]: TabState(row[0], row[1], tuple(row[2]), *row[3:]) for row in rows}

    def find_places(self, title: str, keys: Sequence[str] | None) -> dict[str, Place]:
        """Where rows of a tab stand, by their keys; those that have a place, all of them without keys."""
        rows = self.fetch("select_mirror_places", title=title, keys=None if keys is None else list(keys))
        return {row[0]: Place(*row[1:]) for row in rows}

    def list_expected(self, title: str, top: int, bottom: int) -> dict[int, Place]:
        """What the sheet has in rows of a tab, by their number."""
        rows = self.fetch("select_mirror_rows", title=title, top=top, bottom=bottom)
        return {row[0]: Place(*row) for row in rows}

    def place_all(self, title: str, rows: Iterable[tuple[str, int]]) -> None:
        """Give all rows of a tab, key and digest, places anew, from the second row down."""
        self.execute("delete_mirror_rows", title=title)
        with self._connection.cursor() as cursor:
            statement = b"COPY mirror_rows (title, row_key, row_no, pending) FROM STDIN"
            with cursor.copy(statement) as copy:
                for row_no, (key, digest) in enumerate(rows, start=2):
                    copy.write_row((title, key, row_no, digest))

    def read_changes(self) -> Changes:
        """What waits for the sheet."""
        rows = self.fetch("select_sync_outbox")
        keys: dict[str, dict[str, None]] = {}
        for _, table, key in rows:
            keys.setdefault(table, {})[key] = None
        return Changes([row[0] for row in rows], {table: list(found) for table, found in keys.items()})

    def tell_admins(self, kind: str, payload: Mapping[str, Any]) -> None:
        """Leave a message for every admin."""
        self.execute("insert_admin_notices", kind=kind, payload=dump_json(payload))

    def _execute(self, query: str, params: Mapping[str, Any]) -> psycopg.Cursor[Row]:
        found = self._queries[query]
        return self._connection.execute(found.text, [params[name] for name in found.names])

    def _cast_keys(self, table: Table) -> sql.Composed:
        kinds = {column.name: column.kind for column in table.columns}
        return sql.SQL(", ").join(
            sql.SQL("{}::{}").format(sql.Identifier("k", name), sql.SQL(_KEY_TYPES[kinds[name]])) for name in table.key
        )


def _number_arrays(count: int) -> sql.Composed:
    """`$1::text[], $2::text[]`, as many as a key has columns."""
    return sql.SQL(", ").join(sql.SQL("${}::text[]").format(sql.Literal(number)) for number in range(1, count + 1))


def _split_key(table: Table, key: str) -> list[str]:
    return key.split(":", len(table.key) - 1)
