"""What the mirror's tests share: a fake sheet, a database that is mirrored into it, a run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from config import Address, Config
from pg_schema import PostgresSchema
from sheets_backup.columns import TABLES, Table
from sheets_backup.gateway import Gateway, open_gateway
from sheets_backup.mirror import Report, RunKind, run_mirror
from sheets_backup.quota import Pace
from tests.clock import SteppingClock
from tests.databases import connect, fetch_all
from tests.fake_sheets.grid import Spreadsheet
from tests.fake_sheets.server import FakeSheets, serve

SPREADSHEET_ID = Spreadsheet().spreadsheet_id


@dataclass(slots=True)
class Seconds:
    """A clock of seconds that moves only while somebody sleeps."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass(slots=True)
class Mirror:
    """A database, its sheet, and the clock of both."""

    params: dict[str, Any]
    fake: FakeSheets
    clock: SteppingClock
    seconds: Seconds = field(default_factory=Seconds)

    @property
    def book(self) -> Spreadsheet:
        return self.fake.book

    @property
    def config(self) -> Config:
        return make_config(self.fake)

    def run(self, kind: RunKind = RunKind.INCREMENTAL) -> Report:
        """One run; no wait takes any time."""
        pace = Pace(now=self.seconds, sleep=self.seconds.sleep, jitter=lambda: 0.5)
        return run_mirror(self.config, self.params, kind=kind, clock=self.clock, pace=pace)

    def run_well(self, kind: RunKind = RunKind.INCREMENTAL) -> Report:
        report = self.run(kind)
        assert report.error is None, report.error
        return report

    def open_gateway(self) -> Gateway:
        pace = Pace(now=self.seconds, sleep=self.seconds.sleep)
        return open_gateway(self.config, pace=pace)

    def list_notices(self, kind: str) -> list[dict[str, Any]]:
        rows = fetch_all(self.params, "SELECT payload FROM outbox WHERE kind = %s ORDER BY outbox_id", kind)
        return [payload for (payload,) in rows]

    def read_cells(self) -> dict[str, list[list[Any]]]:
        """All tabs as they are, to compare one moment with another; not the identity's time and run."""
        return {
            sheet.title: [row for row in sheet.read_all() if row[:1] not in (["as_of"], ["run"])]
            for sheet in self.book.sheets
            if "(kept" not in sheet.title and sheet.title != "Sheet1"
        }


def make_config(fake: FakeSheets) -> Config:
    host, _, port = fake.host.partition(":")
    return Config(spreadsheet_id=fake.book.spreadsheet_id, sheets_emulator_host=Address(host, int(port)))


@contextmanager
def open_mirror(params: dict[str, Any], clock: SteppingClock) -> Iterator[Mirror]:
    """A database with the schema, mirrored from now on into an empty spreadsheet."""
    seconds = Seconds()
    with serve(FakeSheets(clock=seconds)) as fake:
        mirror = Mirror(params, fake, clock, seconds)
        PostgresSchema(**params, config=mirror.config).init_schema()
        yield mirror


def dump_table(params: dict[str, Any], table: Table) -> list[tuple[Any, ...]]:
    """All rows of a table as text, in the order of its key, by declared columns."""
    columns = ", ".join(f'"{name}"::text' for name in table.headers)
    with connect(params, options="-c timezone=UTC") as connection:
        return connection.execute(
            f'SELECT {columns} FROM "{table.name}" ORDER BY {", ".join(table.key)}'.encode()  # noqa: S608 - declared
        ).fetchall()


def dump_database(params: dict[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    """All mirrored tables."""
    return {table.name: dump_table(params, table) for table in TABLES}
