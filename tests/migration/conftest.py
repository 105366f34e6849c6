"""A migration as somebody runs it: the real command on a database of its own, and what it leaves there."""

import contextlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

import migrate_to_postgres
from pg_schema import PostgresSchema
from repository.clock import Clock, read_system_clock
from tests.databases import DatabaseServer, connect, temporary_database
from tests.fake_sheets.grid import Moment, Sheet, Spreadsheet
from tests.fake_sheets.server import FakeSheets, serve
from tests.migration.sample_sheet import Cell, Tabs, make_tabs, to_serial, write_csv, write_xlsx

# When a row was written differs from run to run; so do numbers that are drawn, and a person's identity.
OF_THE_MOMENT = {
    "audit_log": ("at",),
    "audit_chain": ("digest",),
    "active_bonuses": ("draw",),
    "balance_transactions": ("created_at", "sub"),
    "dynamic_rate_versions": ("created_at",),
    "employee_settings": ("changed_at",),
    "employees": ("created_at", "sub"),
    "imported_shifts": ("imported_at",),
    "pay_terms": ("changed_at",),
    "products": ("created_at",),
    "rank_awards": ("created_at",),
    "rank_versions": ("created_at",),
    "schema_metadata": ("value",),
    "shifts": ("created_at",),
}
NO_BUSINESS = ("alembic_version", "sync_outbox", "mirror_state", "mirror_tabs", "mirror_rows")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run of the command left: exit status, what it printed, what it complained of."""

    status: int
    out: str
    err: str

    @property
    def table(self) -> dict[str, tuple[int, ...]]:
        """Read, inserted, updated, unchanged, rejected by worksheet."""
        rows = [
            line.split() for line in self.out.partition("unchanged  rejected\n")[2].partition("\n\n")[0].splitlines()
        ]
        return {row[0]: tuple(int(count.replace(",", "")) for count in row[1:]) for row in rows}

    @property
    def lines(self) -> list[str]:
        """Every line of the report."""
        return [line.strip() for line in self.out.splitlines()]


Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class Office:
    """A database of its own, and the command that migrates into it."""

    params: dict[str, Any]
    environment: pytest.MonkeyPatch

    def run(self, *arguments: str, clock: Clock = read_system_clock) -> Ran:
        """Run `migrate_to_postgres.py` with arguments, at the time of a clock."""
        for name, value in (("HOST", "host"), ("PORT", "port"), ("DB", "database"), ("USER", "user")):
            self.environment.setenv(f"POSTGRES_{name}", str(self.params[value]))
        self.environment.setenv("POSTGRES_PASSWORD", str(self.params["password"]))
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            status = _run(arguments, clock)
        return Ran(status, out.getvalue(), err.getvalue())

    def read(self, *, is_whole: bool = False) -> Rows:
        """Every row of every table; without what depends on the moment, unless `is_whole`."""
        rows: Rows = {}
        with connect(self.params) as connection:
            for table, columns in connection.execute(
                "SELECT relname, array_agg(attname::text ORDER BY attnum) FROM pg_class c"
                " JOIN pg_attribute a ON attrelid = c.oid WHERE relnamespace = 'public'::regnamespace"
                " AND relkind = 'r' AND attnum > 0 AND NOT attisdropped GROUP BY relname"
            ).fetchall():
                if is_whole or table not in NO_BUSINESS:
                    left_out = () if is_whole else OF_THE_MOMENT.get(table, ())
                    names = sql.SQL(", ").join(sql.Identifier(name) for name in columns if name not in left_out)
                    query = sql.SQL("SELECT {} FROM {} t ORDER BY t::text").format(names, sql.Identifier(table))
                    rows[table] = sorted(connection.execute(query).fetchall(), key=repr)
            if is_whole:
                rows["sequences"] = connection.execute(
                    # The mirror's list of changes may skip numbers: nobody sees them.
                    "SELECT sequencename, last_value FROM pg_sequences"
                    " WHERE sequencename <> 'sync_outbox_outbox_no_seq' ORDER BY sequencename"
                ).fetchall()
        return rows

    def fetch(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows of one query."""
        with connect(self.params) as connection:
            return connection.execute(query.encode(), values).fetchall()


def _run(arguments: Sequence[str], clock: Clock) -> int:
    try:
        return migrate_to_postgres.main(arguments, clock=clock)
    except SystemExit as end:
        return int(end.code or 0)


@pytest.fixture(autouse=True)
def _history_may_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sheets are of 2025: what is recorded in the bot afterwards may be too, whatever today is."""
    monkeypatch.setenv("EARLIEST_SHIFT", "2025-01-01")


@pytest.fixture
def make_office(server: DatabaseServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Office]]:
    """Makes databases without any table, each with its command."""
    with contextlib.ExitStack() as stack:
        yield lambda: Office(stack.enter_context(temporary_database(server)), monkeypatch)


@pytest.fixture
def office(make_office: Callable[[], Office]) -> Office:
    """One database without any table."""
    return make_office()


@pytest.fixture
def ready(server: DatabaseServer, template: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A database with the schema and its starting values, started once with the settings of the run."""
    with temporary_database(server, template) as params:
        office = Office(params, monkeypatch)
        init_schema(office)
        yield office


@pytest.fixture
def migrated(office: Office, sample: Tabs, tmp_path: Path) -> Office:
    """A database into which the sample was migrated, owed from 1 November 2025."""
    write_csv(sample, tmp_path / "migrated")
    assert office.run("--source", f"csv:{tmp_path / 'migrated'}", "--owed-from", "2025-11-01", "--execute").status == 0
    return office


@pytest.fixture
def sample() -> Tabs:
    """The sample's cells, to be changed at will."""
    return make_tabs()


@pytest.fixture
def as_csv(tmp_path: Path) -> Callable[[Mapping[str, Sequence[Sequence[Cell]]]], str]:
    """Writes worksheets as CSV files; gives what names them on the command line."""

    def write(tabs: Mapping[str, Sequence[Sequence[Cell]]]) -> str:
        directory = tmp_path / f"csv{len(list(tmp_path.iterdir()))}"
        write_csv(tabs, directory)
        return f"csv:{directory}"

    return write


@pytest.fixture
def as_xlsx(tmp_path: Path) -> Callable[[Mapping[str, Sequence[Sequence[Cell]]]], str]:
    """Writes worksheets as a workbook; gives what names it on the command line."""

    def write(tabs: Mapping[str, Sequence[Sequence[Cell]]]) -> str:
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.xlsx"
        write_xlsx(tabs, path)
        return f"xlsx:{path}"

    return write


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeSheets]:
    """A Google Sheets API, and the settings that name it."""
    with serve(FakeSheets(read_limit=10_000)) as fake:
        monkeypatch.setenv("SHEETS_EMULATOR_HOST", fake.host)
        monkeypatch.setenv("SPREADSHEET_ID", fake.book.spreadsheet_id)
        yield fake


def fill(book: Spreadsheet, tabs: Mapping[str, Sequence[Sequence[Cell]]]) -> None:
    """Put worksheets into a spreadsheet, real dates as a sheet keeps them."""
    book.sheets.clear()
    for number, (title, rows) in enumerate(tabs.items()):
        sheet = Sheet(number, title)
        sheet.write_all([[_enter(cell) for cell in row] for row in rows])
        book.sheets.append(sheet)


def _enter(cell: Cell) -> Any:
    if isinstance(cell, datetime):
        return Moment(to_serial(cell), f"{cell:%m/%d/%Y %H:%M:%S}")
    return None if cell == "" else cell


def init_schema(office: Office) -> None:
    """The schema with its starting values."""
    PostgresSchema(**office.params).init_schema()
