"""Comparing: the sheet with the database cell by cell, and a database restored from the sheet with this one."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from config import Config
from pg_schema import PostgresSchema
from sheets_backup.cells import Cell, compute_digest
from sheets_backup.columns import IDENTITY_TAB, TABLES, Table
from sheets_backup.errors import MirrorError
from sheets_backup.gateway import Gateway, Row
from sheets_backup.look import look_at
from sheets_backup.mirror import refuse_foreign
from sheets_backup.restore import load_contents, read_mirror
from sheets_backup.store import Changes, Store
from sheets_backup.worksheets import TABS, Tab

SHOWN = 20
"""Differences that are told one by one."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A place where two things that should be the same are not."""

    where: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.where}: {self.expected} is expected, {self.found} found"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How much was compared, and what differed. `waiting` rows have changed since the last run and were left out."""

    compared: int
    waiting: int
    differences: Sequence[Difference]

    def render(self, what: str) -> str:
        """As lines for a terminal."""
        lines = [f"{self.compared:,} {what} compared, {len(self.differences):,} differ."]
        if self.waiting:
            lines.append(f"{self.waiting:,} rows have changed since the last run and were left out.")
        return "\n".join([*lines, *map(str, self.differences[:SHOWN])])


def verify_sheet(gateway: Gateway, store: Store) -> Comparison:
    """Read the sheet back and compare each cell with the database (SPEC 8)."""
    _refuse_foreign(gateway, store)
    tabs = gateway.read_all_tabs([tab.title for tab in TABS])
    cells = waiting = 0
    differences: list[Difference] = []
    with store.snapshot():
        changes = store.read_changes()
        for tab in TABS:
            compared, left_out, found = _compare_tab(store, tab, tabs.get(tab.title), changes)
            cells, waiting = cells + compared, waiting + left_out
            differences += found
    return Comparison(cells, waiting, differences)


def check_restore(gateway: Gateway, store: Store, config: Config, scratch: Mapping[str, Any]) -> Comparison:
    """Restore the sheet into the scratch database and compare every row of every mirrored table with this one.

    Raises MirrorError where the sheet cannot be read back, psycopg.Error where the schema refuses what it holds.
    """
    _refuse_foreign(gateway, store)
    contents = read_mirror(gateway.read_all_tabs([IDENTITY_TAB, *(table.title for table in TABLES)]))
    if contents.rejected:
        one = contents.rejected[0]
        raise MirrorError(
            f"The sheet cannot be restored: {len(contents.rejected)} cells cannot be read, the first in {one.tab}, row "
            f"{one.row_no}, {one.column}: {one.reason}. Run: python -m sheets_backup --full"
        )
    if not contents.is_whole:
        raise MirrorError("The sheet was left in the middle of a rewrite. Run: python -m sheets_backup --full")
    schema = PostgresSchema(**scratch, config=config)
    schema.init_schema()
    with schema.connect_as_owner() as connection, connection.transaction():
        load_contents(connection, contents)
    return _compare_databases(store, scratch)


def _refuse_foreign(gateway: Gateway, store: Store) -> None:
    state = store.read_state()
    refuse_foreign(look_at(gateway, store, state, everything=False), state)


# --- the sheet -------------------------------------------------------------------------------------------------------


def _compare_tab(
    store: Store, tab: Tab, rows: Sequence[Row] | None, changes: Changes
) -> tuple[int, int, list[Difference]]:
    """Cells compared, rows left out, and what differs."""
    if rows is None:
        return 0, 0, [Difference(tab.title, "a tab", "none")]
    headers = tab.read_headers(store)
    expected: dict[int, Sequence[Cell]] = {1: headers}
    places = store.find_places(tab.title, None)
    left_out = {place.row_no for place in places.values() if place.pending is not None}
    touched = tab.list_touched(changes.keys) if changes.numbers else []
    for key, cells in tab.read(store, None):
        if key in places:
            expected[places[key].row_no] = cells
        elif touched is not None and key not in touched:
            expected[-len(expected)] = cells
    if touched is None:
        left_out |= {row_no for row_no in expected if row_no != 1}
    else:
        left_out |= {places[key].row_no for key in touched if key in places}
    found = {row_no: row for row_no, row in enumerate(rows, start=1) if compute_digest(row)}
    compared = sorted((expected.keys() | found.keys()) - left_out)
    differences = [
        difference
        for row_no in compared
        for difference in _compare_row(tab.title, row_no, headers, expected.get(row_no, ()), found.get(row_no, ()))
    ]
    return sum(len(expected.get(row_no, ())) for row_no in compared), len(left_out), differences


def _compare_row(
    title: str, row_no: int, headers: Sequence[str], expected: Sequence[Cell], found: Row
) -> Iterator[Difference]:
    if compute_digest(expected) == compute_digest(found):
        return
    if row_no < 0:
        yield Difference(f"{title}, {headers[0]} {expected[0]}", "a row", "none")
        return
    for place in range(max(len(expected), len(found))):
        wanted = expected[place] if place < len(expected) else None
        there = found[place] if place < len(found) else None
        if compute_digest([wanted]) != compute_digest([there]):
            column = headers[place] if place < len(headers) else f"column {place + 1}"
            yield Difference(f"{title}, row {row_no}, {column}", _quote(wanted), _quote(there))


def _quote(cell: object) -> str:
    return "nothing" if cell is None or cell == "" else repr(cell) if isinstance(cell, str) else str(cell)


# --- a restored database ---------------------------------------------------------------------------------------------


def _compare_databases(store: Store, scratch: Mapping[str, Any]) -> Comparison:
    rows = waiting = 0
    differences: list[Difference] = []
    with Store(scratch, store.zone, store.clock) as restored, store.snapshot():
        changed = store.read_changes().keys
        for table in TABLES:
            left_out = set(changed.get(table.name, ()))
            ours, theirs = (_read_rows(one, table, left_out) for one in (store, restored))
            rows += len(ours)
            waiting += len(left_out)
            differences += [
                Difference(f"{table.name} {key}", str(ours.get(key, "no row")), str(theirs.get(key, "no row")))
                for key in sorted(ours.keys() | theirs.keys())
                if ours.get(key) != theirs.get(key)
            ]
    return Comparison(rows, waiting, differences)


def _read_rows(store: Store, table: Table, left_out: set[str]) -> dict[str, tuple[Any, ...]]:
    rows = ((table.write_key(row), row) for row in store.fetch_table(table, None))
    return {key: row for key, row in rows if key not in left_out}
