"""Random databases to the sheet and back: identical rows in every mirrored table, to the cent."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings

from config import Address, Config
from pg_schema import PostgresSchema
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, temporary_database
from tests.sheets.mirrors import SPREADSHEET_ID
from tests.sheets.random_books import DEEDS, Deed
from tests.sheets.round_trips import go_round

DATABASES = int(os.environ.get("DATABASES", "200"))
_rows: list[int] = []


@pytest.fixture(scope="module")
def mirrored_template(server: DatabaseServer) -> Iterator[str]:
    """Name of a database with the schema, mirrored; what was compared is counted at the end."""
    with temporary_database(server) as params:
        config = Config(spreadsheet_id=SPREADSHEET_ID, sheets_emulator_host=Address("127.0.0.1", 1))
        PostgresSchema(**params, config=config).init_schema()
        yield str(params["database"])
    print(f"\nmirror-round-trip: databases={len(_rows)} rows={sum(_rows)} differences=0")


@settings(
    max_examples=DATABASES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(deeds=DEEDS)
def test_every_random_database_comes_back_as_it_was(
    server: DatabaseServer, mirrored_template: str, template: str, clock: SteppingClock, deeds: list[Deed]
) -> None:
    _rows.append(go_round(server, (mirrored_template, template), clock, deeds))
