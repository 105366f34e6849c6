"""Databases of an earlier schema version, built as that version's program did, and everything that is in one."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from psycopg import sql

import pg_schema
from config import Config
from pg_schema import PostgresSchema
from sql.catalog import read_catalog
from tests.databases import connect

_HEAD = re.compile(r"^-- version: (\d+)$", re.MULTILINE)
_, *_PIECES = _HEAD.split((Path(__file__).parent / "data.sql").read_text(encoding="utf-8"))
DATA: Mapping[int, str] = dict(zip(map(int, _PIECES[::2]), _PIECES[1::2], strict=True))
"""What comes into a database with each version."""
SETTLED = frozenset({"alembic_version", "settings", "audit_log"})
"""Tables to which an upgrade itself adds rows."""
CONFIG = Config.load(environ={}, env_file=None)


@dataclass(frozen=True, slots=True)
class Content:
    """All that is in a database: its schema by parts, the rights on its tables, its rows as JSON by table."""

    catalog: Mapping[str, str]
    rights: Mapping[str, str]
    rows: Mapping[str, Counter[str]]


def build(params: dict[str, Any], version: int) -> None:
    """Fill an empty database: migrate to each version up to this one, and add its data each time."""
    schema = PostgresSchema(**params, config=CONFIG)
    for step in range(1, version + 1):
        _migrate(schema, params, step)
        if step == 1:
            with connect(params, autocommit=False) as connection:
                pg_schema._describe_database(connection, CONFIG)
                pg_schema._fill_empty_tables(connection, CONFIG)
        with schema.connect_as_owner() as connection:
            connection.execute(DATA[step].encode())


def read_content(params: dict[str, Any]) -> Content:
    """Everything as it is now."""
    with PostgresSchema(**params).connect_as_owner() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rights = connection.execute(
            "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        ).fetchall()
        tables = [
            part.removeprefix("relation ") for part, told in read_catalog(connection).items() if _is_table(part, told)
        ]
        return Content(
            read_catalog(connection), dict(rights), {table: _read_rows(connection, table) for table in tables}
        )


def project(rows: Counter[str], onto: Counter[str]) -> Counter[str]:
    """Rows with only the columns that other rows have."""
    columns = set(json.loads(next(iter(onto)))) if onto else set()
    narrowed: Counter[str] = Counter()
    for row, count in rows.items():
        narrowed[_spell({name: value for name, value in json.loads(row).items() if name in columns})] += count
    return narrowed


def _migrate(schema: PostgresSchema, params: dict[str, Any], version: int) -> None:
    upgrade = command.upgrade
    with pytest.MonkeyPatch.context() as patch, connect(params) as connection:
        patch.setattr(command, "upgrade", lambda config, _newest: upgrade(config, f"{version:04}"))
        schema._migrate(connection)


def _is_table(part: str, told: str) -> bool:
    return part.startswith("relation ") and told.startswith("r ")


def _read_rows(connection: "psycopg.Connection[tuple[Any, ...]]", table: str) -> Counter[str]:
    query = sql.SQL("SELECT to_jsonb(t) FROM {} t").format(sql.Identifier("public", table))
    return Counter(_spell(row) for (row,) in connection.execute(query))


def _spell(row: Mapping[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False)
