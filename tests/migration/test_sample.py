"""Three months of the old bot, 500 shifts of 8 people with all that people do to a sheet (SPEC 7)."""

import csv
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from config import Config
from migration.progress import Progress
from migration.sources import parse_source
from postgres_service import PostgresService
from tests.fake_sheets.server import FakeSheets
from tests.migration import sample_sheet
from tests.migration.conftest import Office, fill, init_schema
from tests.migration.sample_sheet import Cell, Tabs

XLSX = f"xlsx:{sample_sheet.XLSX}"
CSV = f"csv:{sample_sheet.CSV}"
OWED = ("--owed-from", "2025-11-01")


def test_the_shipped_files_are_what_their_script_makes(sample: Tabs, tmp_path: Path) -> None:
    sample_sheet.write_xlsx(sample, tmp_path / "history.xlsx")
    read = parse_source(f"xlsx:{tmp_path / 'history.xlsx'}").read
    assert read(Config(), Progress()) == parse_source(XLSX).read(Config(), Progress())
    sample_sheet.write_csv(sample, tmp_path / "csv")
    for file in sample_sheet.CSV.iterdir():
        assert (tmp_path / "csv" / file.name).read_text("utf-8") == file.read_text("utf-8")
    assert {file.stem for file in sample_sheet.CSV.iterdir()} == set(sample)


def test_it_is_500_shifts_of_8_people_over_three_months() -> None:
    with (sample_sheet.CSV / "Shifts.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if (row["ID"] or "").strip()]
    assert len(rows) == 500
    assert len({row[" EmployeeId"] for row in rows}) == 8
    months = {row["Clock in"].strip()[:7].replace("-", "/") for row in rows}
    assert months == {"2025/08", "2025/09", "2025/10", "2025/11"}


def test_every_source_gives_the_same_database_and_the_same_report(
    make_office: Callable[[], Office], sample: Tabs, fake: FakeSheets
) -> None:
    fill(fake.book, sample)
    offices, reports = [], []
    for source in (XLSX, CSV, "sheets"):
        office = make_office()
        ran = office.run("--source", source, *OWED, "--execute")
        assert (ran.status, ran.err) == (0, "")
        assert ran.table == {
            "EmployeeSettings": (8, 8, 0, 0, 0),
            "DynamicRates": (4, 0, 0, 4, 0),
            "Ranks": (6, 0, 6, 0, 0),
            "Shifts": (500, 500, 0, 0, 0),
            "EmployeeRanks": (28, 28, 0, 0, 0),
            "ActiveBonuses": (27, 27, 0, 0, 0),
        }
        offices.append(_without_source(office))
        reports.append(ran.out)
    assert offices[0] == offices[1] == offices[2]
    assert reports[0] == reports[1] == reports[2]


def _without_source(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """All rows; the line in the audit log says where they came from."""
    rows = office.read()
    assert len(rows.pop("audit_log")) == len(rows.pop("audit_chain")) == 1
    return dict(rows)


@pytest.mark.parametrize("source", [XLSX, CSV])
def test_a_dry_run_prints_the_same_and_writes_nothing(office: Office, source: str) -> None:
    init_schema(office)
    before = office.read(is_whole=True)
    dry = office.run("--source", source, *OWED, "--dry-run")
    assert office.read(is_whole=True) == before
    wet = office.run("--source", source, *OWED, "--execute")
    assert dry.status == wet.status == 0
    assert dry.out.splitlines()[:-1] == wet.out.splitlines()[:-1]
    assert dry.out.splitlines()[-1].startswith("This was a dry run: nothing was written.")
    assert wet.out.splitlines()[-1].startswith("Done")


@pytest.mark.parametrize("source", [XLSX, CSV])
def test_the_second_run_changes_nothing(migrated: Office, source: str) -> None:
    before = migrated.read(is_whole=True)
    again = migrated.run("--source", source, *OWED, "--execute")
    assert again.status == 0
    assert {counts[1:3] for counts in again.table.values()} == {(0, 0)}
    after = migrated.read(is_whole=True)
    # The sequences are set to where they stand.
    assert after == before


def test_the_books_are_in_order_afterwards(migrated: Office) -> None:
    with PostgresService(**migrated.params, settle_ranks=True) as service:
        report = service.reconciliation.run()
    assert report.checked["shifts"] == 500
    assert report.differences == ()


def test_every_shift_keeps_the_amounts_that_it_was_recorded_with(migrated: Office) -> None:
    recorded = _read_recorded()
    with PostgresService(**migrated.params) as service:
        shifts = {shift["ID"]: shift for shift in service.get_all_shifts()}
    assert len(shifts) == 500
    for shift_id, amounts in recorded.items():
        for header, amount in amounts.items():
            assert shifts[shift_id][header] == amount, (shift_id, header)


def _read_recorded() -> Mapping[int, Mapping[str, Decimal]]:
    """The amounts of the sheet by shift, read without our reader: what is empty is left out."""
    headers = ("Total sales", "Net sales", "%", "Total per hour", "Commissions", "Total made", *sample_sheet.MODELS)
    with (sample_sheet.CSV / "Shifts.csv").open(encoding="utf-8", newline="") as stream:
        return {
            int(row["ID"]): {header: _to_cents(row[header]) for header in headers if row[header].strip()}
            for row in csv.DictReader(stream)
            if (row["ID"] or "").strip()
        }


def _to_cents(text: str) -> Decimal:
    plain = text.replace("\u00a0", "").strip(" $%").replace(",", ".")
    return (Decimal(plain) + Decimal("0.0000001")).quantize(Decimal("0.01"))


def test_the_mess_is_told_line_by_line(office: Office) -> None:
    ran = office.run("--source", CSV, *OWED)
    told = "\n".join(ran.lines)
    for piece in (
        "Models: Daisy, Aria, Bella, Cleo.",
        "New model: Aria, open for new sales.",
        "Column Comment of Shifts is not read: it does not hold amounts.",
        "is 30.00 h long",
        "shift 122: lies over shift 121",
        "shift 121: lies over shift 122",
        "Clock out 2025/11/02 01:30:00 exists twice: it is taken as the earlier one",
        "Total per hour 124.95, by the rules 125.00",
        "imported difference 11.50",
        "imported difference -5.00",
    ):
        assert piece in told, piece


def test_what_is_owed_is_printed_for_each_person(office: Office) -> None:
    ran = office.run("--source", CSV, *OWED, "--execute")
    owed = dict(
        office.fetch("""
        SELECT e.name, sum(s.total_made) FROM shifts s JOIN employees e USING (employee_id)
         WHERE s.shift_date >= '2025-11-01' GROUP BY e.name
    """)
    )
    assert len(owed) == 8
    for name, amount in owed.items():
        assert any(line.startswith(f"{name} (") and line.endswith(f"{amount:,.2f}") for line in ran.lines), name


def test_nobody_is_told_and_nothing_is_drawn(migrated: Office) -> None:
    assert migrated.fetch("SELECT count(*) FROM outbox") == [(0,)]
    assert migrated.fetch("SELECT count(*) FROM active_bonuses") == [(27,)]
    assert migrated.fetch("SELECT count(*) FROM employee_ranks WHERE NOT notified") == [(0,)]


def test_ids_go_on_behind_those_of_the_sheet(migrated: Office) -> None:
    with PostgresService(**migrated.params) as service:
        assert service.get_next_id() == 501


def test_models_that_sold_nothing_for_long_cannot_be_picked_for_new_sales(
    office: Office, sample: Tabs, as_csv: Callable[[Mapping[str, Sequence[Sequence[Cell]]]], str]
) -> None:
    daisy = sample["Shifts"][0].index("Daisy")
    for row in sample["Shifts"][40:]:
        if len(row) > daisy:
            row[daisy] = None
    office.run("--source", as_csv(sample), "--execute")
    active = dict(office.fetch("SELECT name, is_active FROM products"))
    assert {"Aria": True, "Bella": True, "Cleo": True}.items() <= active.items()
