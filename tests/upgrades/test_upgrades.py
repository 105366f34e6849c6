"""From each earlier schema version, with data in it, to the newest: killed before any statement and started again.

UPGRADE_KILLS says how many statements of each upgrade are tried, or `all`; `make test-long` takes all.
"""

import os
import random
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from payroll.reconciliation import Check
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from sql import MIGRATIONS, get_newest_version
from sql.catalog import list_differences, read_catalog
from tests.databases import DatabaseServer, connect, temporary_database
from tests.integration.schema.rows import connect_as_owner
from tests.upgrades.earlier import CONFIG, DATA, SETTLED, Content, build, project, read_content
from tests.upgrades.killed import count_statements, kill_before, split

KILLS = os.environ.get("UPGRADE_KILLS", "1")
EARLIER = range(1, get_newest_version())
DECLARED = MIGRATIONS.parent / "schema.sql"


@dataclass(frozen=True, slots=True)
class Upgrade:
    """An upgrade from a version that was not cut off: what was there before and after, in how many statements."""

    template: str
    before: Content
    after: Content
    statements: int


@pytest.fixture(scope="module")
def upgrades(server: DatabaseServer) -> Iterator[Mapping[int, Upgrade]]:
    """By the version from which they begin."""
    with ExitStack() as stack:
        found = {}
        for version in EARLIER:
            earlier = stack.enter_context(temporary_database(server))
            build(earlier, version)
            before = read_content(earlier)
            with temporary_database(server, str(earlier["database"])) as upgraded:
                statements = count_statements(upgraded)
                found[version] = Upgrade(str(earlier["database"]), before, read_content(upgraded), statements)
        yield found


@pytest.fixture(scope="module")
def declared(server: DatabaseServer) -> Iterator[Mapping[str, str]]:
    """The schema as it is declared."""
    with temporary_database(server) as params, connect_as_owner(params, server) as connection:
        connection.execute(DECLARED.read_bytes())
        yield read_catalog(connection)


def test_every_version_has_data_of_its_own() -> None:
    assert sorted(DATA) == list(range(1, get_newest_version() + 1))


@pytest.mark.parametrize("version", EARLIER)
def test_an_upgrade_gives_the_declared_schema_and_loses_nothing(
    upgrades: Mapping[int, Upgrade], declared: dict[str, str], version: int
) -> None:
    upgrade = upgrades[version]
    assert list_differences(declared, dict(upgrade.after.catalog)) == []
    for table, rows in upgrade.before.rows.items():
        if table == "notices":
            assert sum(rows.values()) == sum(upgrade.after.rows["outbox"].values())
            continue
        found = project(upgrade.after.rows[table], rows)
        assert rows <= found or table == "alembic_version", table
        assert sum(rows.values()) == sum(found.values()) or table in SETTLED or not rows, table


@pytest.mark.parametrize("version", EARLIER)
def test_killed_before_a_statement_and_started_again_it_ends_the_same(
    server: DatabaseServer, upgrades: Mapping[int, Upgrade], version: int
) -> None:
    upgrade = upgrades[version]
    for statement in choose(version, upgrade.statements):
        with temporary_database(server, upgrade.template) as params:
            kill_before(params, statement)
            PostgresSchema(**params, config=CONFIG).init_schema()
            found = read_content(params)
        assert found.catalog == upgrade.after.catalog, statement
        assert found.rights == upgrade.after.rights, statement
        assert skip_sealed(found) == skip_sealed(upgrade.after), statement
        assert len(found.rows["audit_chain"]) == len(found.rows["audit_log"])
    tried = len(choose(version, upgrade.statements))
    print(f"from version {version}: killed before {tried} of {upgrade.statements} statements")


def skip_sealed(content: Content) -> dict[str, object]:
    """All rows, of the audit log how many: the one that seals the books says when it was written."""
    return {
        table: rows.total() if table in ("audit_log", "audit_chain") else rows for table, rows in content.rows.items()
    }


@pytest.mark.parametrize("version", [*EARLIER, get_newest_version()])
def test_the_audit_log_is_a_chain_from_its_first_row_on(server: DatabaseServer, version: int) -> None:
    with temporary_database(server) as params:
        build(params, version)
        PostgresSchema(**params, config=CONFIG).init_schema()
        with connect(params) as connection:
            connection.execute("DELETE FROM reconciliations")  # what the data has there was never found by a check
        with PostgresService(**params) as service:
            differences = service.reconciliation.run().differences
    assert [
        one for one in differences if one.check in (Check.AUDIT_CHAIN, Check.WAGE, Check.WAGES, Check.SHIFT_DATE)
    ] == []


def choose(version: int, statements: int) -> list[int]:
    """Which statements to be killed before."""
    if KILLS == "all":
        return list(range(1, statements + 1))
    return sorted(random.Random(version).sample(range(1, statements + 1), min(int(KILLS), statements)))


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("SELECT 1", 1),
        ("SELECT ';'; SELECT 2;", 2),
        ("CREATE FUNCTION f() AS $$ BEGIN; END; $$; -- ; no more\n", 1),
        ('SELECT ";" /* ; */; SELECT $a$ ; $b$ ; $a$', 2),
    ],
)
def test_statements_are_told_apart(text: str, count: int) -> None:
    assert len(list(split(text))) == count
