"""A database with the schema, and a transaction in it, for the tests of its rules."""

from collections.abc import Iterator
from typing import Any

import pytest

from config import Config
from pg_schema import PostgresSchema
from tests.databases import DatabaseServer, connect, temporary_database
from tests.integration.schema.rows import (
    ALICE,
    BOB,
    Connection,
    add_employee,
    connect_as_owner,
)


@pytest.fixture(scope="session")
def schema_database(server: DatabaseServer) -> Iterator[dict[str, Any]]:
    """A database with the schema and its starting values, for all tests of its rules."""
    with temporary_database(server) as params:
        PostgresSchema(**params, config=Config.load(environ={}, env_file=None)).init_schema()
        yield params


@pytest.fixture
def db(schema_database: dict[str, Any]) -> Iterator[Connection]:
    """A transaction with Alice and Bob in it, rolled back after the test."""
    with connect(schema_database) as connection, connection.transaction(force_rollback=True):
        add_employee(connection, ALICE)
        add_employee(connection, BOB)
        yield connection


@pytest.fixture
def owner_db(schema_database: dict[str, Any], server: DatabaseServer) -> Iterator[Connection]:
    """The same, with all rights over the tables."""
    with connect_as_owner(schema_database, server) as connection, connection.transaction(force_rollback=True):
        add_employee(connection, ALICE)
        add_employee(connection, BOB)
        yield connection
