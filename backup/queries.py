"""The named queries of backups on a plain connection: they run on databases of any earlier schema version too."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import RawCursor

from sql import QUERIES, Query, load_queries

BACKUP_QUERIES = Path(QUERIES).with_name("backup.sql")
Connection = psycopg.Connection[tuple[Any, ...]]


def fetch(connection: Connection, name: str, **params: Any) -> list[tuple[Any, ...]]:
    """All rows of a named query."""
    return _execute(connection, load_queries(BACKUP_QUERIES)[name], params).fetchall()


def execute(connection: Connection, name: str, **params: Any) -> int:
    """Run a named query; the number of rows it touched."""
    return _execute(connection, load_queries(BACKUP_QUERIES)[name], params).rowcount


def tell_admins(connection: Connection, kind: str, payload: str) -> None:
    """Leave every admin a notice; `payload` is JSON."""
    _execute(connection, load_queries()["insert_admin_notices"], {"kind": kind, "payload": payload})


def _execute(connection: Connection, query: Query, params: Mapping[str, Any]) -> psycopg.Cursor[tuple[Any, ...]]:
    return RawCursor(connection).execute(query.text, [params[name] for name in query.names])
