"""From the mirror's tabs back into rows: what `migrate_to_postgres.py` calls for a spreadsheet that is a mirror.

    if is_mirror(tabs):
        contents = read_mirror(tabs)          # pure: rows, and what cannot be read
        rows = load_contents(connection, contents)   # COPY, in the caller's transaction

`tabs` are worksheets by title, each a list of rows, each row a list of cells as the source gives them: the Sheets API
unformatted (numbers, text, booleans), openpyxl's values, or the text of a CSV file. Short rows and missing trailing
rows are fine; empty rows are passed over.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import psycopg
from psycopg import sql

from repository.timeline import FIRST, begin_timeline
from sheets_backup.cells import CellError, Kind, compute_digest, decode, encode
from sheets_backup.columns import IDENTITY_TAB, TABLES, Column, Table

Tabs: TypeAlias = Mapping[str, Sequence[Sequence[object]]]
Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

IDENTITY_KEYS = ("database_uuid", "created_at", "schema_version", "state", "as_of", "timeline", "run", "sums")
"""What the identity tab tells: whose mirror it is, of which schema, `whole` or `being written`, and as of when.

The database's timeline, and which run of the mirror on it wrote there last; of each table's tab how many rows it has,
and the sum of their digests.
"""
WHOLE = "whole"
BEING_WRITTEN = "being written"


@dataclass(frozen=True, slots=True)
class Rejected:
    """What cannot be read: the row as the sheet numbers it (1 is the header's), the column's name, the value, why."""

    tab: str
    row_no: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class MirrorContents:
    """What a mirror holds. `tables` has each table's rows in the order of its declared columns, ready for COPY."""

    database_uuid: str
    created_at: str
    schema_version: int
    is_whole: bool
    """False where the mirror was left in the middle of a rewrite: its tabs need not fit together."""
    as_of: datetime | None
    timeline: str
    run_no: int
    tables: Mapping[str, Sequence[tuple[Any, ...]]]
    rejected: tuple[Rejected, ...]
    differences: tuple[str, ...] | None
    """What of the tables' tabs is not as it was written; None where the mirror does not tell, as those of before."""


class NotEmptyError(Exception):
    """The database holds records of its own, which a restore never overwrites."""


def is_mirror(tabs: Tabs) -> bool:
    """Whether a spreadsheet carries the identity of a database: a mirror of ours, not an old bot's sheet (TECH T25)."""
    return bool(_read_identity(tabs).get("database_uuid"))


def list_nameless(tabs: Tabs) -> list[str]:
    """The tabs of a mirror that has lost the one that tells whose it is: no old bot's sheet has any of these."""
    return [] if is_mirror(tabs) else [table.title for table in TABLES if table.title in tabs]


def read_mirror(tabs: Tabs) -> MirrorContents:
    """All rows of all tables, and every cell that cannot be read. Pure.

    A missing tab, a missing column and a column that stands twice are told in `rejected` too, with row 1.
    """
    identity = _read_identity(tabs)
    rejected: list[Rejected] = []
    tables = {table.name: list(_read_table(table, tabs.get(table.title), rejected)) for table in TABLES}
    version, as_of = identity.get("schema_version", ""), identity.get("as_of", "")
    if not version.isdecimal():
        rejected.append(Rejected(IDENTITY_TAB, 1, "schema_version", version, "a whole number is expected"))
    return MirrorContents(
        database_uuid=identity.get("database_uuid", ""),
        created_at=identity.get("created_at", ""),
        schema_version=int(version) if version.isdecimal() else 0,
        is_whole=identity.get("state") == WHOLE,
        as_of=decode(Kind.INSTANT, as_of),
        timeline=read_timeline(identity),
        run_no=read_run_no(identity),
        tables=tables,
        rejected=tuple(rejected),
        differences=_compare(identity.get("sums", ""), tables),
    )


def load_contents(connection: Connection, contents: MirrorContents) -> dict[str, int]:
    """Put all rows into a database that has the schema and nothing but starting values; rows by table.

    In the caller's transaction, as the owner of the tables (TECH T19). The database becomes the one that was mirrored:
    ids, ledger, settings and its UUID, on a timeline of its own. Raises NotEmptyError where it has records of its own,
    and psycopg.Error where a rule of the schema refuses a row; the caller then rolls back.
    """
    _refuse_records(connection)
    _empty_tables(connection)
    counts = {}
    for table in TABLES:
        rows = contents.tables[table.name]
        _copy(connection, table, rows)
        if table.identity is not None:
            _set_sequence(connection, table)
        counts[table.name] = len(rows)
    _adopt_identity(connection, contents)
    return counts


def read_timeline(identity: Mapping[str, str]) -> str:
    """The timeline that the identity tab tells of; the first where it tells of none, as those of earlier versions."""
    return identity.get("timeline") or FIRST


def read_run_no(identity: Mapping[str, str]) -> int:
    """Which run of the mirror the identity tab tells of; 0 where it tells of none, as those of earlier versions."""
    number = identity.get("run", "")
    return int(number) if number.isascii() and number.isdigit() else 0


# --- reading ---------------------------------------------------------------------------------------------------------


def _read_identity(tabs: Tabs) -> dict[str, str]:
    """Keys and values of the identity tab; nothing where there is none."""
    pairs = ((*row, "", "")[:2] for row in tabs.get(IDENTITY_TAB, ()))
    return {str(key): _show(value) for key, value in pairs if key in IDENTITY_KEYS}


def write_sums(sums: Mapping[str, tuple[int, int]]) -> str:
    """Rows and sum of digests by tab, as one cell."""
    return json.dumps({title: [rows, str(total)] for title, (rows, total) in sums.items()}, sort_keys=True)


def _compare(told: str, tables: Mapping[str, Sequence[tuple[Any, ...]]]) -> tuple[str, ...] | None:
    """What is not as it was written, a sentence a tab. That the sums agree by accident cannot be; by design it can."""
    if not told:
        return None
    try:
        expected = {title: (int(rows), int(total)) for title, (rows, total) in json.loads(told).items()}
    except (ValueError, TypeError, AttributeError):
        return (f"{IDENTITY_TAB}: the sums of the tabs cannot be read",)
    found = ((table.title, _sum_up(table, tables[table.name])) for table in TABLES)
    return tuple(_tell(title, expected.get(title, (0, 0)), sums) for title, sums in found
                 if sums != expected.get(title, (0, 0)))  # fmt: skip


def _sum_up(table: Table, rows: Sequence[tuple[Any, ...]]) -> tuple[int, int]:
    kinds = [column.kind for column in table.columns]
    digests = [compute_digest([encode(kind, cell) for kind, cell in zip(kinds, row, strict=True)]) for row in rows]
    return len(digests), sum(digests)


def _tell(title: str, expected: tuple[int, int], found: tuple[int, int]) -> str:
    if expected[0] != found[0]:
        return f"{title}: {expected[0]:,} rows were written, {found[0]:,} are there"
    return f"{title}: of its {found[0]:,} rows some are not as they were written"


def _read_table(
    table: Table, rows: Sequence[Sequence[object]] | None, rejected: list[Rejected]
) -> Iterator[tuple[Any, ...]]:
    if rows is None:
        rejected.append(Rejected(table.title, 1, "", "", "the tab is missing"))
        return
    places = _find_places(table, rows[0] if rows else (), rejected)
    if places is None:
        return
    for row_no, row in enumerate(rows[1:], start=2):
        if any(cell not in (None, "") for cell in row):
            values = tuple(
                _read_cell(table, row_no, column, row[place] if place < len(row) else None, rejected)
                for column, place in zip(table.columns, places, strict=True)
            )
            yield values


def _find_places(table: Table, header: Sequence[object], rejected: list[Rejected]) -> list[int] | None:
    """Where each column stands, whatever the order and whatever else is there."""
    names = [_show(cell).strip() for cell in header]
    wrong = [name for name in table.headers if names.count(name) != 1]
    for name in wrong:
        reason = "the column stands there twice" if name in names else "the column is missing"
        rejected.append(Rejected(table.title, 1, name, "", reason))
    return None if wrong else [names.index(name) for name in table.headers]


def _read_cell(table: Table, row_no: int, column: Column, cell: object, rejected: list[Rejected]) -> Any:
    try:
        return decode(column.kind, cell)
    except CellError as error:
        rejected.append(Rejected(table.title, row_no, column.name, _show(cell), f"{error} is expected"))
        return None


def _show(cell: object) -> str:
    return "" if cell is None else str(cell)


# --- loading ---------------------------------------------------------------------------------------------------------

_OF_SETTINGS = sql.SQL("WHERE actor_id IS NOT NULL OR action <> 'setting changed'")
_RECORDS = {
    "shifts": sql.SQL(""),
    "balance_transactions": sql.SQL(""),
    "active_bonuses": sql.SQL(""),
    "employee_ranks": sql.SQL(""),
    "audit_log": _OF_SETTINGS,
    "drafts": sql.SQL(""),
}
"""Tables that are filled by use only; other settings between two starts are no use."""


def _refuse_records(connection: Connection) -> None:
    for table, condition in _RECORDS.items():
        query = sql.SQL("SELECT EXISTS (SELECT FROM {} {})").format(sql.Identifier("public", table), condition)
        if connection.execute(query).fetchall()[0][0]:
            raise NotEmptyError(f"the database has {table} of its own")


def _empty_tables(connection: Connection) -> None:
    """Take the starting values out. Those of versioned tables are held by triggers, which let go for this moment."""
    held = connection.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgfoid = 'public.refuse_change'::regproc"
    ).fetchall()
    for switch in ("DISABLE", "ENABLE"):
        if switch == "ENABLE":
            for table in reversed(TABLES):
                connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier("public", table.name)))
        for relation, trigger in held:
            connection.execute(
                sql.SQL("ALTER TABLE {} {} TRIGGER {}").format(
                    sql.Identifier("public", relation), sql.SQL(switch), sql.Identifier(trigger)
                )
            )


def _copy(connection: Connection, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier("public", table.name), sql.SQL(", ").join(map(sql.Identifier, table.headers))
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _set_sequence(connection: Connection, table: Table) -> None:
    """Numbers go on behind those of the rows. Unlike setval this is taken back with the transaction (a dry run)."""
    column, name = sql.Identifier(table.identity or ""), sql.Identifier("public", table.name)
    query = sql.SQL(
        "SELECT (SELECT relname FROM pg_class WHERE oid = pg_get_serial_sequence(%s, %s)::regclass),"
        " coalesce(max({}), 0) + 1 FROM {}"
    ).format(column, name)
    sequence, following = connection.execute(query, [f"public.{table.name}", table.identity]).fetchall()[0]
    connection.execute(
        sql.SQL("ALTER SEQUENCE {} RESTART WITH {}").format(sql.Identifier("public", sequence), sql.Literal(following))
    )


def _adopt_identity(connection: Connection, contents: MirrorContents) -> None:
    """The database takes over the name of the one that was mirrored, so that its mirror goes on (TECH T25)."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO public.schema_metadata (key, value) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            [("database_uuid", contents.database_uuid), ("created_at", contents.created_at)],
        )
    # Its mirror goes on from what was restored, and from nothing that was written since.
    begin_timeline(connection, facts={"restored_from": contents.timeline, "mirror_run": str(contents.run_no)})
