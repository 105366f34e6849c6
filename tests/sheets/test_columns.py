"""What is mirrored is declared once; the declaration and the database are compared."""

from typing import Any

import pytest

from sheets_backup.cells import Kind
from sheets_backup.columns import NOT_MIRRORED, TABLES
from tests.databases import fetch_all

KINDS = {
    "bigint": Kind.WHOLE, "integer": Kind.WHOLE, "smallint": Kind.WHOLE, "numeric": Kind.AMOUNT, "text": Kind.TEXT,
    "date": Kind.DATE, "timestamp with time zone": Kind.INSTANT, "boolean": Kind.FLAG, "jsonb": Kind.JSON,
    "uuid": Kind.UUID,
}  # fmt: skip


def test_every_table_is_mirrored_or_left_out_for_a_reason(database: dict[str, Any]) -> None:
    rows = fetch_all(database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    assert {name for (name,) in rows} == {table.name for table in TABLES} | NOT_MIRRORED.keys()


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_column_of_a_mirrored_table_is_declared_as_what_it_is(database: dict[str, Any], table: Any) -> None:
    found = fetch_all(
        database,
        "SELECT column_name, data_type, is_identity = 'YES' FROM information_schema.columns"
        " WHERE table_schema = 'public' AND table_name = %s ORDER BY ordinal_position",
        table.name,
    )
    assert {column.name: column.kind for column in table.columns} == {name: KINDS[kind] for name, kind, _ in found}
    assert [name for name, _, is_numbered in found if is_numbered] == ([table.identity] if table.identity else [])


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_key_is_the_primary_key_and_its_changes_are_noted(database: dict[str, Any], table: Any) -> None:
    ((columns,),) = fetch_all(
        database,
        "SELECT array_agg(a.attname::text ORDER BY array_position(i.indkey::int[], a.attnum::int)) FROM pg_index i"
        " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)"
        " WHERE i.indisprimary AND i.indrelid = %s::regclass",
        table.name,
    )
    assert list(table.key) == columns
    triggers = fetch_all(
        database,
        "SELECT pg_get_triggerdef(oid) FROM pg_trigger"
        " WHERE tgrelid = %s::regclass AND tgfoid = 'note_changes'::regproc",
        table.name,
    )
    arguments = ", ".join(f"'{name}'" for name in table.key)
    assert sorted(text.partition("EXECUTE FUNCTION ")[2] for (text,) in triggers) == [f"note_changes({arguments})"] * 3


def test_a_table_stands_behind_those_that_it_refers_to(database: dict[str, Any]) -> None:
    places = {table.name: place for place, table in enumerate(TABLES)}
    references = fetch_all(
        database, "SELECT conrelid::regclass::text, confrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
    )
    wrong = [pair for pair in references if pair[0] in places and places[pair[0]] < places[pair[1]]]
    assert wrong == []
