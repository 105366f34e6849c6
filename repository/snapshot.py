"""Everything as it is at one moment, read-only: for checks that look at all of it while others write."""

from collections.abc import Iterator, Mapping
from typing import Any

from psycopg import Connection, RawCursor, RawServerCursor

from sql import Query

ROWS_AT_ONCE = 500
# Takes no lock that a write would wait for. A batch may take longer than a usual statement.
_BEGIN = (
    b"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
    b"SET LOCAL statement_timeout = '60s'",
)


class Snapshot:
    """A transaction that sees what was committed when it began, and nothing after."""

    def __init__(
        self, connection: Connection[tuple[Any, ...]], queries: Mapping[str, Query], *, is_new: bool = True
    ) -> None:
        """`connection` is in a transaction that has just begun; else not `is_new`, and what it wrote is seen too."""
        self._connection = connection
        self._queries = queries
        for statement in _BEGIN if is_new else ():
            connection.execute(statement, prepare=False)

    def fetch_one(self, name: str, params: Mapping[str, Any] | None = None) -> tuple[Any, ...] | None:
        """The first row of a named query, None where there is none."""
        return next(iter(self.fetch_all(name, params)), None)

    def fetch_all(self, name: str, params: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
        """All rows of a named query that gives few; also while another one is streamed."""
        query, values = self._prepare(name, params)
        return RawCursor(self._connection).execute(query, values).fetchall()

    def stream(self, name: str, params: Mapping[str, Any] | None = None) -> Iterator[tuple[Any, ...]]:
        """The rows of a named query, fetched in batches, so that memory holds a batch at a time."""
        query, values = self._prepare(name, params)
        with RawServerCursor(self._connection, "snapshot") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute(query, values)
            yield from cursor

    def _prepare(self, name: str, params: Mapping[str, Any] | None) -> tuple[bytes, list[Any]]:
        query = self._queries[name]
        return query.text, [(params or {})[key] for key in query.names]
