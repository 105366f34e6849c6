"""Migrating a large old spreadsheet: reading it, and what comes after, into PostgreSQL (SPEC 7)."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from benchmarks.dataset import LAST_DAY, MODELS, ZONE, History, get_end, make_team
from benchmarks.places import open_place
from config import Config
from migration.progress import Progress
from migration.report import Report
from migration.run import Order, read_job, take_over
from migration.sources import parse_source
from payroll.records import Shift
from payroll.starting_values import DYNAMIC_RATES, NEW_EMPLOYEE, RANKS
from pg_schema import PostgresSchema
from repository.imports import ImportStore
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, temporary_database

SHIFTS = 20_000
OWED_FROM = date(LAST_DAY.year, LAST_DAY.month, 1)
_TIMES = 3


@dataclass(frozen=True, slots=True)
class MigrationResult:
    """Seconds of the fastest of several runs: the file into records, and these into the database, with the commit."""

    shifts: int
    read_seconds: float
    load_seconds: float

    @property
    def loaded_per_second(self) -> float:
        """Shifts a second into PostgreSQL, reading aside."""
        return self.shifts / self.load_seconds


def measure_migration(server: DatabaseServer, size: int = SHIFTS) -> MigrationResult:
    """Write a workbook of `size` shifts and migrate it, each time into an empty database."""
    with open_place() as place:
        path = place / "history.xlsx"
        _write_workbook(path, History(size, make_team()))
        timings = [_migrate(server, path, size) for _ in range(_TIMES)]
    return MigrationResult(size, min(read for read, _ in timings), min(load for _, load in timings))


def _migrate(server: DatabaseServer, path: Path, size: int) -> tuple[float, float]:
    with temporary_database(server) as params:
        schema = PostgresSchema(**params, config=Config())
        schema.init_schema()
        rules = Rules(ZONE, clock=SteppingClock(get_end()))
        progress, report, order = Progress(is_shown=False), Report(), Order(is_executed=True, owed_from=OWED_FROM)
        begun = time.perf_counter()
        tabs = parse_source(f"xlsx:{path}").read(Config(), progress)
        with schema.connect_as_owner() as connection:
            store = ImportStore(connection)
            with store.transaction():
                job = read_job(store, tabs, order, rules, report, progress)
                read = time.perf_counter()
                take_over(job, progress)
            loaded = time.perf_counter()
    if not report.is_clean or report.tallies["Shifts"].inserted != size:
        raise RuntimeError(f"not all of {size} shifts were migrated: {report.render()[-2000:]}")
    return read - begun, loaded - read


def _write_workbook(path: Path, history: History) -> None:
    workbook = Workbook(write_only=True)
    for title, rows in (
        ("Shifts", _list_shifts(history)),
        ("EmployeeSettings", _list_settings(history)),
        ("DynamicRates", _list_rates()),
        ("Ranks", _list_ranks()),
        (
            "EmployeeRanks",
            [["EmployeeId", "Current Rank", "Previous Rank", "Month", "Year", "Notified", "Last Updated"]],
        ),
        ("ActiveBonuses", _list_bonuses(history)),
    ):
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(path)


def _list_shifts(history: History) -> Iterator[Sequence[object]]:
    names = {member.employee_id: member.name for member in history.team}
    yield [
        "ID", "Date", "EmployeeId", "EmployeeName", "Clock in", "Clock out", "Worked hours/shift", *MODELS.values(),
        "Total sales", "Net sales", "%", "Total per hour", "Commissions", "Total made",
    ]  # fmt: skip
    for shift in history.shifts:
        yield _describe(shift, names[shift.employee_id])


def _describe(shift: Shift, name: str) -> Sequence[object]:
    work, pay = shift.work, shift.pay
    sold = [work.products.get(product_id) for product_id in MODELS]
    times = [ZONE.format(moment) for moment in (shift.recorded_at, work.time_in, work.time_out)]
    return [
        shift.shift_id, times[0], shift.employee_id, name, times[1], times[2], pay.worked_hours, *sold,
        pay.total_sales, pay.net_sales, pay.commission_pct, pay.total_per_hour, pay.commissions, pay.total_made,
    ]  # fmt: skip


def _list_settings(history: History) -> Iterator[Sequence[object]]:
    yield ["EmployeeId", "Hourly wage", "Sales commission"]
    for member in history.team:
        yield [member.employee_id, NEW_EMPLOYEE.hourly_wage, NEW_EMPLOYEE.base_pct]


def _list_rates() -> Iterator[Sequence[object]]:
    yield ["Min Amount", "Max Amount", "Percentage"]
    for step in DYNAMIC_RATES:
        yield [step.min_sales, step.max_sales, step.pct]


def _list_ranks() -> Iterator[Sequence[object]]:
    yield ["Rank Name", "Min Amount", "Max Amount", "Emoji", "Bonus 1", "Bonus 2", "Bonus 3", "TEXT"]
    for rank in RANKS:
        codes = [offer.code for offer in rank.offers]
        bonuses = [*codes, None, None, None][:3]
        yield [rank.rank_name, rank.min_sales, rank.max_sales, rank.emoji, *bonuses, rank.rank_text]


def _list_bonuses(history: History) -> Iterator[Sequence[object]]:
    yield ["ID", "EmployeeId", "Bonus Type", "Value", "Applied", "Shift ID", "Created At"]
    for shift in history.shifts:
        for bonus in shift.bonuses:
            created = ZONE.format(bonus.created_at)
            yield [bonus.bonus_id, shift.employee_id, bonus.bonus_type, bonus.value, True, shift.shift_id, created]
