"""A database for a moment, on the server of the real one: made empty, dropped at the end."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql

import own_postgres
from config import Config
from sheets_backup.errors import RefusedError
from sql import load_queries


@contextmanager
def open_scratch(config: Config) -> Iterator[dict[str, Any]]:
    """Parameters of a scratch database. Raises RefusedError where the role may not make one."""
    if config.database is not None:
        with make_scratch(config.database, None) as params:
            yield {**config.database, **params}
        return
    with (
        own_postgres.lease(config.data_dir) as lease,
        make_scratch(lease.superuser_params, own_postgres.OWNER) as params,
    ):
        yield {**lease.params, **params}


@contextmanager
def make_scratch(maker: Mapping[str, Any], owner: str | None) -> Iterator[dict[str, Any]]:
    """Make a database as the role of `maker`, owned by `owner`; its name as a parameter.

    The name tells the server's process of who made it, and has it open: those of one that is gone are dropped first.
    """
    libpq = {("dbname" if key == "database" else key): value for key, value in maker.items()}
    with psycopg.connect(**{"connect_timeout": 5, **libpq, "autocommit": True}) as connection:
        rows = connection.execute(load_queries()["select_left_scratch"].text).fetchall()
        for (left,) in rows:
            _drop(connection, left)
        pid = connection.execute("SELECT pg_backend_pid()").fetchall()[0][0]
        name = f"restore_check_{pid}_{secrets.token_hex(4)}"
        _create(connection, name, owner)
        try:
            yield {"database": name}
        finally:
            _drop(connection, name)


def _create(connection: psycopg.Connection[Any], name: str, owner: str | None) -> None:
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(sql.Identifier(name))
    if owner is not None:
        statement += sql.SQL(" OWNER {}").format(sql.Identifier(owner))
    try:
        connection.execute(statement)
    except psycopg.errors.InsufficientPrivilege as error:
        raise RefusedError(
            f"The database role {connection.info.user} may not make a database to restore into: let it, with "
            f"ALTER ROLE {connection.info.user} CREATEDB."
        ) from error


def _drop(connection: psycopg.Connection[Any], name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
