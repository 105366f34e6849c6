"""The migrations build the declared schema, by the catalogs (TECH T17); and the comparison would notice if not."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import LiteralString

import pytest

from config import Config
from pg_schema import PostgresSchema
from sql.catalog import list_differences, read_catalog
from tests.databases import DatabaseServer, temporary_database
from tests.integration.schema.rows import Connection, connect_as_owner

SCHEMA_FILE = Path(__file__).resolve().parents[3] / "sql" / "schema.sql"


@pytest.fixture(scope="module")
def databases(server: DatabaseServer) -> Iterator[tuple[Connection, Connection]]:
    """A database built from the declared schema, and one built by the migrations."""
    with ExitStack() as stack:
        declared, migrated = (stack.enter_context(temporary_database(server)) for _ in range(2))
        declared_connection = stack.enter_context(connect_as_owner(declared, server))
        declared_connection.execute(SCHEMA_FILE.read_bytes())
        PostgresSchema(**migrated, config=Config.load(environ={}, env_file=None)).init_schema()
        yield declared_connection, stack.enter_context(connect_as_owner(migrated, server))


def test_the_migrations_build_the_declared_schema(databases: tuple[Connection, Connection]) -> None:
    declared, migrated = (read_catalog(connection) for connection in databases)
    assert list_differences(declared, migrated) == []
    assert {part.split(" ")[0] for part in declared} == {
        "relation", "column", "constraint", "index", "sequence", "function", "trigger",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("drift", "parts"),
    [
        ("ALTER TABLE shifts DROP CONSTRAINT shifts_total_made_check", {"constraint shifts.shifts_total_made_check"}),
        (
            """
            ALTER TABLE shifts DROP CONSTRAINT shifts_base_pct_check,
                ADD CONSTRAINT shifts_base_pct_check CHECK (base_pct BETWEEN 0 AND 101)
            """,
            {"constraint shifts.shifts_base_pct_check"},
        ),
        (
            "ALTER TABLE shifts DROP CONSTRAINT shifts_employee_id_time_in_time_out_excl",
            {
                "constraint shifts.shifts_employee_id_time_in_time_out_excl",
                "index shifts_employee_id_time_in_time_out_excl",
                "relation shifts_employee_id_time_in_time_out_excl",
            },
        ),
        ("DROP INDEX idx_shifts_status", {"index idx_shifts_status", "relation idx_shifts_status"}),
        ("DROP INDEX idx_shifts_date; CREATE INDEX idx_shifts_date ON shifts (shift_date)", {"index idx_shifts_date"}),
        (
            "DROP TRIGGER audit_log_append_only ON audit_log",
            {"trigger audit_log.audit_log_append_only"},
        ),
        (
            "ALTER TABLE audit_log DISABLE TRIGGER audit_log_append_only",
            {"trigger audit_log.audit_log_append_only"},
        ),
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            {"function refuse_change()"},
        ),
        ("ALTER TABLE employees ALTER role SET DEFAULT 'manager'", {"column employees.role"}),
        ("ALTER TABLE drafts ALTER revision DROP DEFAULT", {"column drafts.revision"}),
        ("ALTER TABLE outbox ALTER error SET NOT NULL", {"column outbox.error"}),
        ("ALTER TABLE pay_terms ALTER platform_cut_pct TYPE numeric(6,2)", {"column pay_terms.platform_cut_pct"}),
        ("ALTER TABLE audit_log ALTER id SET GENERATED ALWAYS", {"column audit_log.id"}),
        ("ALTER TABLE shifts ADD COLUMN mood text", {"column shifts.mood"}),
        ("ALTER SEQUENCE shifts_shift_id_seq INCREMENT 2", {"sequence shifts_shift_id_seq"}),
        ("DROP TABLE chat_screens", {"relation chat_screens", "column chat_screens.chat_id"}),
    ],
)
def test_a_drift_is_noticed(databases: tuple[Connection, Connection], drift: LiteralString, parts: set[str]) -> None:
    declared, migrated = databases
    with migrated.transaction(force_rollback=True):
        migrated.execute(drift)
        found = {line.split(":")[0] for line in list_differences(read_catalog(declared), read_catalog(migrated))}
    assert parts <= found
