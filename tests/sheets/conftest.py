"""A mirrored database for each test."""

from collections.abc import Iterator
from typing import Any

import pytest

from config import Address, Config
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, temporary_database
from tests.sheets.mirrors import SPREADSHEET_ID, Mirror, open_mirror


@pytest.fixture
def database(server: DatabaseServer, mirrored_template: str) -> Iterator[dict[str, Any]]:
    """Connection parameters of a fresh database that is mirrored, dropped after the test."""
    with temporary_database(server, mirrored_template) as params:
        yield params


@pytest.fixture
def mirror(database: dict[str, Any], clock: SteppingClock, service: PostgresService) -> Iterator[Mirror]:
    """A database with one admin, and its sheet, still empty."""
    service.people.ensure_owner(900_001)
    with open_mirror(database, clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def mirrored_template(server: DatabaseServer) -> Iterator[str]:
    """Name of a database with the schema, mirrored, which tests copy."""
    with temporary_database(server) as params:
        config = Config(spreadsheet_id=SPREADSHEET_ID, sheets_emulator_host=Address("127.0.0.1", 1))
        PostgresSchema(**params, config=config).init_schema()
        yield str(params["database"])
