"""The door to the database for a migration: one connection, one transaction, the queries of `sql/imports.sql`."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

from psycopg import Connection, RawCursor
from psycopg.types.json import set_json_loads

from sql import QUERIES, load_queries

Row = tuple[Any, ...]

IMPORTS = Path(QUERIES).with_name("imports.sql")
_decode_json = json.JSONDecoder(parse_float=Decimal).decode
_SETTINGS = ("SET lock_timeout = '30s'", "SET statement_timeout = 0")


class ImportStore:
    """Named queries and COPY on a connection of the caller's. Raises psycopg's own errors."""

    def __init__(self, connection: Connection[Row]) -> None:
        """`connection` belongs to the owner of the tables and is outside a transaction."""
        self._connection = connection
        self._queries = load_queries(IMPORTS)
        self._cursor = RawCursor(connection)
        set_json_loads(_load_json, self._cursor)
        for setting in _SETTINGS:
            self._cursor.execute(setting.encode())

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; everybody else's writes wait until it is over."""
        with self._connection.transaction():
            self.execute("lock_people")
            yield

    @contextmanager
    def undone(self) -> Iterator[None]:
        """What is done inside is undone at its end, within the transaction that is going on."""
        with self._connection.transaction(force_rollback=True):
            yield

    def fetch(self, name: str, params: Mapping[str, Any] | None = None) -> list[Row]:
        """All rows of a named query."""
        query = self._queries[name]
        rows: list[Row] = self._cursor.execute(query.text, [(params or {})[key] for key in query.names]).fetchall()
        return rows

    def execute(self, name: str, params: Mapping[str, Any] | None = None) -> None:
        """Run a named query."""
        query = self._queries[name]
        self._cursor.execute(query.text, [(params or {})[key] for key in query.names])

    def execute_many(self, name: str, params: Iterable[Mapping[str, Any]]) -> None:
        """Run a named query once for each of several rows."""
        query = self._queries[name]
        self._cursor.executemany(query.text, [[one[key] for key in query.names] for one in params])

    def insert_audit(self, subject: str, new: object) -> None:
        """Note in the audit log what was imported."""
        self.execute("insert_audit", {"subject": subject, "new": json.dumps(new)})

    def copy(self, name: str, rows: Iterable[Sequence[Any]]) -> None:
        """Load rows in bulk, their values in the order of the statement's columns."""
        with self._cursor.copy(self._queries[name].text) as copy:
            for row in rows:
                copy.write_row(row)


def _load_json(text: str | bytes) -> Any:
    """JSON whose numbers with a point are `Decimal`, never float."""
    return _decode_json(text if isinstance(text, str) else text.decode())
