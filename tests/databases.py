"""Databases for tests: a server on which they may be made, and one made for a test and dropped after it (TECH T6)."""

import contextlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import sql

DROP_TRIES = 25


@dataclass(frozen=True, slots=True)
class DatabaseServer:
    """A server on which tests make databases `test_<random>` and drop only these."""

    maker: dict[str, Any]
    """Parameters of a role that may create databases, on a database that exists."""
    login: dict[str, Any]
    """Parameters of the role that tests log in with, without a database: the bot's own role where there are two."""
    owner: str | None
    """Who owns the databases; None: the maker."""


def connect(params: dict[str, Any], **more: Any) -> "psycopg.Connection[tuple[Any, ...]]":
    """An autocommit connection of psycopg 3 by parameters as `Config.get_db_params()` gives them."""
    named = {("dbname" if name == "database" else name): value for name, value in params.items()}
    return psycopg.connect(**{"autocommit": True, **named, **more})


def create_database(server: DatabaseServer, template: str | None = None) -> dict[str, Any]:
    """Make `test_<random>`, empty or as a copy of the `template` (to which nobody may be connected); its parameters."""
    name = f"test_{secrets.token_hex(8)}"
    # template0: what somebody put into template1 is none of our business, and neither is its encoding.
    source = sql.SQL("template0 ENCODING 'UTF8'") if template is None else sql.Identifier(template)
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), source)
    if server.owner is not None:
        # A server of ours: copying the files takes half as long as logging what is in them.
        statement += sql.SQL(" STRATEGY FILE_COPY OWNER {}").format(sql.Identifier(server.owner))
    _execute(server, statement)
    return {**server.login, "database": name}


def drop_database(server: DatabaseServer, params: dict[str, Any]) -> None:
    """Drop what `create_database` made, with everybody still connected to it."""
    name = str(params["database"])
    assert name.startswith("test_"), "tests drop only what they made"
    statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
    for _ in range(DROP_TRIES):
        try:
            _execute(server, statement)
        except psycopg.errors.InsufficientPrivilege:
            # The server's own autovacuum is at work in it, and an ordinary role may not end that.
            time.sleep(0.2)
        else:
            return
    _execute(server, statement)


@contextlib.contextmanager
def temporary_database(server: DatabaseServer, template: str | None = None) -> Iterator[dict[str, Any]]:
    """A database from `create_database`, dropped at the end."""
    params = create_database(server, template)
    try:
        yield params
    finally:
        drop_database(server, params)


def fetch_all(params: dict[str, Any], query: LiteralString, *values: Any) -> list[tuple[Any, ...]]:
    """All rows of one query on a connection of its own."""
    with connect(params) as connection:
        return connection.execute(query, values).fetchall()


def _execute(server: DatabaseServer, statement: sql.Composed) -> None:
    with connect(server.maker) as connection:
        connection.execute(statement)
