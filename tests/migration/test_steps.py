"""A migration done again, later or in steps comes to the same, or is stopped with a sentence (SPEC 7, PAYROLL D41)."""

import csv
import itertools
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from migration.values import Cell as SourceCell
from tests.migration.conftest import Office
from tests.migration.sample_sheet import Cell
from tests.migration.small_sheet import ANNA, BORIS, make_row, make_small_tabs, put
from tests.migration.test_cases import CASES, NOW

Write = Callable[[Mapping[str, Sequence[Sequence[Cell]]]], str]
STEPS = f"xlsx:{CASES / '25-tables-subsets' / 'h.xlsx'}"
OWED = f"xlsx:{CASES / '16-owed-from-later' / 'h.xlsx'}"
CUT = f"xlsx:{CASES / '27-commission-rate' / 'h.xlsx'}"
HISTORY = "Shifts,EmployeeRanks,ActiveBonuses"


def _read_business(office: Office) -> dict[str, list[tuple[object, ...]]]:
    """All rows but the lines about the runs; and since when people take part."""
    rows = office.read()
    del rows["audit_log"], rows["audit_chain"]
    return {**rows, "joined": office.fetch("SELECT employee_id, created_at FROM employees ORDER BY 1")}


# --- in steps --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "references", [["EmployeeSettings,DynamicRates,Ranks"], ["Ranks", "EmployeeSettings", "DynamicRates"]]
)
def test_in_steps_it_comes_to_what_one_run_does(make_office: Callable[[], Office], references: list[str]) -> None:
    at_once, in_steps = make_office(), make_office()
    assert at_once.run("--source", STEPS, "--execute", clock=NOW).status == 0
    for tables in (*references, HISTORY):
        ran = in_steps.run("--source", STEPS, "--tables", tables, "--execute", clock=NOW)
        assert ran.status == 0, ran.out + ran.err
    assert _read_business(in_steps) == _read_business(at_once)


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (
            "Shifts",
            "Shifts, EmployeeRanks, ActiveBonuses are migrated together: name EmployeeRanks and ActiveBonuses in",
        ),
        ("ActiveBonuses,EmployeeRanks", "are migrated together: name Shifts in --tables too."),
        (HISTORY, "EmployeeSettings: comes before Shifts: migrate it first, or name it in --tables too"),
        (f"{HISTORY},EmployeeSettings,DynamicRates", "Ranks: comes before Shifts: migrate it first, or name it in"),
    ],
)
def test_an_order_that_would_come_to_something_else_is_named(ready: Office, tables: str, sentence: str) -> None:
    before = ready.read(is_whole=True)
    ran = ready.run("--source", STEPS, "--tables", tables, "--execute", clock=NOW)
    assert ran.status == 1
    assert any(sentence in line for line in ran.lines), ran.out
    assert ready.read(is_whole=True) == before


def test_another_wage_comes_with_the_shifts_that_it_prices(ready: Office, as_csv: Write) -> None:
    assert ready.run("--source", as_csv(make_small_tabs()), "--execute").status == 0
    source = as_csv(put(make_small_tabs(), "EmployeeSettings", 2, "Hourly wage", 17.5))
    ran = ready.run("--source", source, "--tables", "EmployeeSettings", "--execute")
    assert ran.status == 1
    assert any(line.startswith("EmployeeSettings: shifts that are there were priced by another") for line in ran.lines)
    assert ready.run("--source", source, "--execute").status == 0
    assert ready.fetch("SELECT hourly_wage FROM employee_settings WHERE employee_id = %s", ANNA) == [
        (Decimal("17.50"),)
    ]


# --- from when on it is owed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owed_from", "sentence"),
    [
        (
            "2026-11-25",
            "would make 1 shift of 2026-11-20 to 2026-11-20 paid, but an earlier migration",
        ),
        (
            "01.09.2026",
            "would make 2 shifts of 2026-09-01 to 2026-09-01 owed, but an earlier migration",
        ),
        ("1 Dec 2026", "--owed-from 2026-12-01 is in the future: nothing would be owed to anybody."),
    ],
)
def test_another_day_than_before_is_refused_where_it_would_change_what_is_owed(
    ready: Office, owed_from: str, sentence: str
) -> None:
    assert ready.run("--source", OWED, "--execute", clock=NOW).status == 0
    before = ready.read(is_whole=True)
    options = ("--owed-from", owed_from, "--date-order", "dmy")
    ran = ready.run("--source", OWED, *options, "--execute", clock=NOW)
    assert ran.status == 1
    assert any(sentence in line for line in ran.lines), ran.out
    assert ready.read(is_whole=True) == before


def test_a_day_that_changes_nothing_for_what_is_there_may_be_another(ready: Office) -> None:
    assert ready.run("--source", OWED, "--execute", clock=NOW).status == 0
    assert ready.run("--source", OWED, "--owed-from", "2026/11/17", "--execute", clock=NOW).status == 0
    assert ready.fetch("SELECT sum(units) FROM balance_transactions") == [(Decimal("126.43"),)]


def test_who_says_no_day_again_means_the_one_of_the_first_time(ready: Office, as_csv: Write) -> None:
    tabs = make_small_tabs()
    assert ready.run("--source", as_csv(tabs), "--owed-from", "2025-09-02", "--execute").status == 0
    tabs["Shifts"].append(make_row(4, BORIS, "Boris", "2025/09/03", pct=8, commissions=0, made=120))
    tabs["Shifts"].append(make_row(5, BORIS, "Boris", "2025/08/31", pct=8, commissions=0, made=120))
    ran = ready.run("--source", as_csv(tabs), "--execute")
    assert "Owed through the ledger: shifts dated 2025-09-02 or later; all before are paid." in ran.lines
    assert ready.fetch("SELECT ref FROM balance_transactions ORDER BY id") == [("shift:3",), ("shift:4",)]


# --- settings, and a dry run -----------------------------------------------------------------------------------------


def test_a_dry_run_with_other_settings_leaves_them_free_to_be_put_right(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAY_DAYS", "10,25")
    assert office.run("--source", CUT, clock=NOW).status == 0
    assert office.fetch("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == [(0,)]
    monkeypatch.setenv("COMMISSION_RATE", "0.25")
    monkeypatch.setenv("PAY_DAYS", "1,15")
    ran = office.run("--source", CUT, "--execute", clock=NOW)
    assert ran.status == 0
    assert not any("by the rules" in line for line in ran.lines)
    assert office.fetch("SELECT valid_from, platform_cut_pct FROM pay_terms") == [(date(1, 1, 1), Decimal("25.00"))]
    assert office.fetch("SELECT value, default_value FROM settings WHERE key = 'pay_days'") == [(None, "1,15")]


def test_a_dry_run_on_an_older_database_says_what_comes_first(ready: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pg_schema.get_newest_version", lambda: 9999)
    ran = ready.run("--source", CUT)
    assert (ran.status, len(ran.err.splitlines())) == (1, 1)
    assert "this database is of an older version: run pg_schema.py first" in ran.err


# --- wages of nothing, and of nobody ---------------------------------------------------------------------------------


def test_nobody_whose_settings_are_rejected_gets_the_starting_values(ready: Office, as_csv: Write) -> None:
    source = as_csv(put(make_small_tabs(), "EmployeeSettings", 2, "Hourly wage", "a lot"))
    ran = ready.run("--source", source, "--skip-invalid", "--execute")
    assert ran.status == 0
    assert "Shifts row 2, EmployeeId: “1001” is somebody whose row 2 of EmployeeSettings is rejected" in ran.lines
    assert ready.fetch("SELECT shift_id FROM shifts") == [(2,)]
    assert ready.fetch("SELECT employee_id FROM employees") == [(BORIS,)]


def test_where_the_number_itself_cannot_be_read_it_may_be_anybody_without_settings(
    ready: Office, as_csv: Write
) -> None:
    source = as_csv(put(make_small_tabs(), "EmployeeSettings", 2, "EmployeeId", "Anna"))
    assert ready.run("--source", source, "--skip-invalid", "--execute").status == 0
    assert ready.fetch("SELECT employee_id FROM employees") == [(BORIS,)]


# --- sales -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("filler", ["n/a", "sick", "?"])
def test_a_column_that_is_part_of_the_total_is_never_dropped_and_its_other_cells_are_rejected_by_row(
    ready: Office, as_csv: Write, filler: str
) -> None:
    tabs = make_small_tabs()
    for row in range(2, 5):
        put(tabs, "Shifts", row, "Model B", tabs["Shifts"][row - 1][8] or filler)
    tabs["Shifts"].append(make_row(4, ANNA, "Anna", "2025/09/04", model_a=50, pct=8, commissions=3.2, made=123.2))
    put(tabs, "Shifts", 5, "Model B", filler)
    tabs["Shifts"][0][8] = "Zoe"
    ran = ready.run("--source", as_csv(tabs), "--execute")
    assert ran.status == 1
    assert f"Shifts row 2, Zoe: “{filler}” is not an amount" in ran.lines
    assert (
        "Shifts row 2: 500.00 of sales and 160.00 of pay, and what cannot be read, as the row is rejected" in ran.lines
    )


def test_amounts_beside_the_total_that_nobody_can_place_are_in_the_way(ready: Office, as_csv: Write) -> None:
    tabs = make_small_tabs()
    tabs["Shifts"][0].append("")
    tabs["Shifts"][1].append(75)
    put(tabs, "Shifts", 2, "Total sales", None)
    ran = ready.run("--source", as_csv(tabs), "--execute")
    assert ran.status == 1
    assert any("may be sales: the column is not read, and the row has no Total sales" in line for line in ran.lines)


def test_what_the_total_has_beside_the_models_is_kept_on_a_product_of_its_own(ready: Office, as_csv: Write) -> None:
    tabs = put(make_small_tabs(), "Shifts", 2, "Total sales", 620)
    runs = [ready.run("--source", as_csv(tabs), "--execute") for _ in range(2)]
    for ran in runs:
        assert ran.status == 0
        assert "Shifts row 2: Total sales are 620.00, the models 500.00: 120.00 go to (unassigned)" in ran.lines
    assert runs[1].table["Shifts"] == (3, 0, 0, 3, 0)
    assert ready.fetch(
        "SELECT p.name, p.is_active, sp.amount FROM shift_products sp JOIN products p USING (product_id)"
        " WHERE shift_id = 1 ORDER BY 1"
    ) == [("(unassigned)", False, Decimal("120.00")), ("Model A", True, Decimal("500.00"))]


def test_of_two_downloads_of_a_worksheet_neither_is_taken(ready: Office, as_csv: Write) -> None:
    source = as_csv(make_small_tabs())
    directory = Path(source.partition(":")[2])
    (directory / "Shifts (1).csv").write_bytes((directory / "Shifts.csv").read_bytes())
    ran = ready.run("--source", source)
    assert (ran.status, ran.out) == (1, "")
    assert "Shifts (1).csv and Shifts.csv are both Shifts: take the one away that does not count." in ran.err
    (directory / "Shifts.csv").unlink()
    (directory / "notes.txt").write_text("x", encoding="utf-8")
    ran = ready.run("--source", source)
    assert ran.status == 0
    assert "notes.txt is not read: it is no worksheet." in ran.lines


def test_a_comma_in_a_number_that_nothing_quotes_stops_it(ready: Office, as_csv: Write) -> None:
    source = as_csv(make_small_tabs())
    shifts = Path(source.partition(":")[2]) / "Shifts.csv"
    shifts.write_text(shifts.read_text("utf-8").replace(",500,", ",500,50,", 1), encoding="utf-8")
    ran = ready.run("--source", source)
    assert ran.status == 1
    assert "has 16 values in row 2 and 15 headers" in ran.err


# --- the report as a file --------------------------------------------------------------------------------------------


def _read_csv(path: Path) -> list[list[SourceCell]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [[cell or None for cell in row] for row in csv.reader(stream)]


def _read_xlsx(path: Path) -> list[list[SourceCell]]:
    rows = load_workbook(path, read_only=True).worksheets[0].iter_rows(values_only=True)
    return [[None if cell is None else str(cell) for cell in row] for row in rows]


@pytest.mark.parametrize(("name", "read"), [("report.csv", _read_csv), ("report.xlsx", _read_xlsx)])
def test_the_whole_report_is_written_to_a_file_the_gravest_first(
    ready: Office, as_csv: Write, tmp_path: Path, name: str, read: Callable[[Path], list[list[SourceCell]]]
) -> None:
    tabs = put(put(make_small_tabs(), "Shifts", 2, "Model A", "=1+1"), "Shifts", 3, "Total made", 180)
    tabs["Shifts"] += [
        make_row(number, ANNA, "Anna", "2025/10/01", pct=8, commissions=1, made=121) for number in range(10, 310)
    ]
    ran = ready.run("--source", as_csv(tabs), "--report", str(tmp_path / name))
    assert ran.status == 1
    assert any(line.startswith("… and 101 more: --report FILE") for line in ran.lines), ran.out
    header, *rows = read(tmp_path / name)
    assert header == ["Kind", "Worksheet", "Row", "Column", "Value", "What"]
    kinds = [kind for kind, _ in itertools.groupby(row[0] for row in rows)]
    assert kinds == [
        "Sales that would be lost", "Rejected", "Kept as recorded, though the rules make something else of it",
        "Worth knowing", "Read so", "Month by month", "Rows",
    ]  # fmt: skip
    assert ["Rejected", "Shifts", "2", "Model A", "'=1+1", "is not an amount"] in rows
    assert sum(row[0] == "Kept as recorded, though the rules make something else of it" for row in rows) == 301
    assert [
        "Month by month",
        "database",
        None,
        "2025-09",
        "differs",
        "shifts 2, hours 16.00, sales 700.00, made 306.40",
    ] in rows


@pytest.mark.parametrize("name", ["report.txt", "nowhere/report.csv"])
def test_a_file_that_cannot_be_written_is_said_before_anything_is_done(ready: Office, name: str) -> None:
    ran = ready.run("--source", CUT, "--report", name, "--execute")
    assert ran.status == 2
    assert ready.fetch("SELECT count(*) FROM shifts") == [(0,)]
