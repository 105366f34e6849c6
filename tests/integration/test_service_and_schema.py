"""The service looks at the schema before it works on it (TECH T18)."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from payroll.business_time import BusinessZone
from payroll.errors import ErrorKey, UnavailableError
from postgres_service import PostgresService
from repository.rules import Rules
from tests.databases import connect

RULES = Rules(BusinessZone.named("America/New_York"))
Make = Callable[[dict[str, Any]], PostgresService]


@pytest.fixture
def make() -> Iterator[Make]:
    """Makes services that are closed after the test."""
    services: list[PostgresService] = []

    def make_service(params: dict[str, Any]) -> PostgresService:
        services.append(PostgresService(rules=RULES, **params))
        return services[-1]

    yield make_service
    for service in services:
        service.close()


def test_an_empty_database_is_refused_with_the_command_that_fills_it(
    make: Make, empty_database: dict[str, Any]
) -> None:
    with pytest.raises(UnavailableError, match=r"python pg_schema\.py") as refused:
        make(empty_database).get_products()
    assert refused.value.key is ErrorKey.SCHEMA_MISSING


@pytest.mark.parametrize(
    ("version", "key", "advice"),
    [
        pytest.param("0000", ErrorKey.SCHEMA_OLDER, r"python pg_schema\.py", id="an older one is to be upgraded"),
        pytest.param("9999", ErrorKey.SCHEMA_NEWER, "upgrade the program", id="a newer one wants a newer program"),
    ],
)
def test_another_version_is_refused(
    make: Make, server: Any, database: dict[str, Any], version: str, key: ErrorKey, advice: str
) -> None:
    with connect({**server.maker, "database": database["database"]}) as owner:
        owner.execute("UPDATE alembic_version SET version_num = %s", [version])
    with pytest.raises(UnavailableError, match=advice) as refused:
        make(database).get_products()
    assert refused.value.key is key
