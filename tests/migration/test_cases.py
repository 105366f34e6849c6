"""Sheets as people really have them, one thing odd in each: what is taken over, what is rejected, what is said.

`cases/` has a directory for each. Whatever would cost somebody sales, hours or pay ends with status 1.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.clock import SteppingClock
from tests.migration.conftest import Office

CASES = Path(__file__).parent / "cases"
NOW = SteppingClock(datetime(2026, 11, 30, 17, 0, tzinfo=UTC))
"""The time at which they are migrated: the pay period since 15 November is the open one."""
NO_RESULT = "is a formula whose result the file does not have: open it once in a spreadsheet program and save it"


@dataclass(frozen=True, slots=True)
class Case:
    """A source, and what becomes of it. `shifts` read, inserted, rejected; the sums are in the database afterwards.

    `owed` is what the ledger has in USD. `told` are lines of the report, or pieces of them.
    """

    name: str
    status: int
    shifts: tuple[int, int, int] = (0, 0, 0)
    sales: str = "0"
    made: str = "0"
    hours: str = "0"
    owed: str = "0"
    told: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """As the command line names it."""
        path = CASES / self.name
        return f"xlsx:{path}" if path.suffix == ".xlsx" else f"csv:{path}"


CASE_TABLE = (
    Case("03-literal-percent-format/h.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43"),
    Case("05-wage-zero/h.xlsx", 0, (1, 1, 0), "500", "40", "8"),
    Case(
        "06-models-differ-by-emoji/h.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43",
        ("Models: Lola 💎, Lola 🆓.",),
    ),
    Case(
        "07-merged-title-row/h.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43",
        ("Shifts: the headers stand in row 2: ID, Date, EmployeeId,", "Ranks: the headers stand in row 1:"),
    ),
    Case(
        "08-russian-headers/h.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43",
        ("№ (as ID), Дата (as Date), ID сотрудника (as EmployeeId),", "За часы (as Total per hour)"),
    ),
    Case(
        "09-archive-tabs/h.xlsx", 1, (3, 3, 0), told=(
            "Sales that would be lost:",
            "Worksheet Shifts 2025 looks like Shifts and is not read: 1 row with 999.00 of sales.",
            "Worksheet Shifts_old looks like Shifts and is not read: 1 row with 999.00 of sales.",
        ),
    ),
    Case(
        "09-archive-tabs/h.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43",
        ("Worksheet Shifts_old",), ("--skip-invalid",),
    ),
    Case(
        "14-formulas-no-cache/h.xlsx", 1, (3, 2, 1), told=(
            f"Shifts row 2, Lola: “=250+250” {NO_RESULT}",
            f"Shifts row 2, Total sales: “=SUM(H2:I2)” {NO_RESULT}",
            "Shifts row 2: 0.00 of sales and 0.00 of pay, and what cannot be read, as the row is rejected",
        ),
    ),
    Case(
        "14-formulas-no-cache/h2.xlsx", 1, (3, 2, 1), told=(
            f"Shifts row 2, Lola: “=250+250” {NO_RESULT}",
            "Shifts row 2: 500.00 of sales and 160.00 of pay, and what cannot be read, as the row is rejected",
        ),
    ),
    Case(
        "15-total-without-products/h.xlsx", 0, (3, 3, 0), "3300", "699.20", "24", "139.20", (
            "Sales that stand on no model, or that the total does not have:",
            "Shifts row 2: Total sales are 2,500.00, the models 0.00: 2,500.00 go to (unassigned)",
            "New model: (unassigned), closed for new sales",
        ),
    ),
    Case(
        "16-owed-from-later/h.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43",
        ("Owed through the ledger: shifts dated 2026-11-15 or",),
    ),
    Case(
        "16-owed-from-later/h.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "0",
        ("Owed through the ledger: shifts dated 2026-11-21 or",), ("--owed-from", "21 Nov 2026"),
    ),
    Case(
        "20-three-date-formats/h.xlsx", 1, (3, 2, 1), told=(
            "Shifts row 2, Date: “01.09.2026 17:05:00” may have the day or the month first:",
            "or say which with --date-order dmy or mdy",
            "Shifts row 2: 500.00 of sales and 160.00 of pay, as the row is rejected",
        ),
    ),
    Case("20-three-date-formats/h.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43",
         options=("--date-order", "dmy")),
    Case("20-three-date-formats/h.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43",
         options=("--date-order", "mdy")),
    Case("22-u2028-note/csv", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43"),
    Case("23-dash-for-no-sales/h.xlsx", 0, (7, 7, 0), "1000", "904", "56", "904", ("Models: Lola, Mia.",)),
    Case(
        "25-tables-subsets/h.xlsx", 0, (3, 3, 0), "1200.50", "459.23", "24", "126.43",
        ("Kept as recorded, though the rules make something else of it:", "Shifts row 2: shift 1: % 10.00, by"),
    ),
    Case(
        "27-commission-rate/h.xlsx", 0, (2, 2, 0), "1000", "315", "16", "157.50",
        ("Shifts row 2: shift 1: Net sales 375.00, by the rules 400.00;",),
    ),
    Case(
        "32-year-typo/h.xlsx", 1, (3, 2, 1),
        told=("Shifts row 2, Clock in: “1926/09/01 09:00:00” is not between 2000 and 2100",),
    ),
    Case(
        "32-year-typo/h2.xlsx", 1, (3, 2, 1),
        told=("Shifts row 2, Clock in: “0226/09/01 09:00:00” is not between 2000 and 2100",),
    ),
    Case("33-infinity-as-1E99/h.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43"),
    Case("33-infinity-as-1E99/h2.xlsx", 0, (3, 3, 0), "1200.50", "454.43", "24", "126.43"),
    Case("50-wrong-dimension/none.xlsx", 0, (3, 3, 0), "1200", "459.20", "24"),
    Case("50-wrong-dimension/short-no-bonuses.xlsx", 0, (3, 3, 0), "1200", "459.20", "24"),
    Case(
        "51-formulas/errors.xlsx", 1, (3, 1, 2), told=(
            "Shifts row 3, Total sales: “#REF!” is not an amount",
            "Shifts row 4, %: “#N/A” is not a percentage",
            "Shifts row 3: 600.00 of sales and 172.80 of pay, and what cannot be read, as the row is rejected",
            "Shifts row 4: 100.00 of sales and 126.40 of pay, as the row is rejected",
        ),
    ),
    Case(
        "51-formulas/models-nocache.xlsx", 1, (3, 0, 3), told=(
            f"Shifts row 2, Model A: “=500” {NO_RESULT}",
            f"Shifts row 4, Total sales: “=1+1” {NO_RESULT}",
            "Shifts row 3: 300.00 of sales and 0.00 of pay, and what cannot be read, as the row is rejected",
        ),
    ),
    Case(
        "51-formulas/nocache.xlsx", 1, (3, 0, 3), told=(
            f"Shifts row 3, Total sales: “=H3+I3” {NO_RESULT}",
            f"Shifts row 3, Net sales: “=J3*0.8” {NO_RESULT}",
            "Shifts row 3: 600.00 of sales and 172.80 of pay, and what cannot be read, as the row is rejected",
        ),
    ),
    Case("52-csv-from-excel/bomsemi", 0, (3, 3, 0), "1200", "459.20", "24"),
    Case(
        "52-csv-from-excel/commasinheader", 0, (3, 3, 0), "1200", "459.20", "24",
        told=("Models: A,B,C,D,E,F,G,H,I,J,K,L,M,N,O,P,Q, Model B.",),
    ),
    Case(
        "52-csv-from-excel/cp1252", 1,
        told=("Shifts.csv is not UTF-8 text: download it from Google Sheets as CSV again, or save it from Excel as",),
    ),
    Case("52-csv-from-excel/cronly", 0, (3, 3, 0), "1200", "459.20", "24"),
    Case("52-csv-from-excel/sepline", 0, (3, 3, 0), "1200", "459.20", "24"),
    Case("52-csv-from-excel/utf16", 0, (3, 3, 0), "1200", "459.20", "24"),
    Case("53-1904/mac1904.xlsx", 0, (3, 3, 0), "1200", "459.20", "24"),
    Case("53-1904/real.xlsx", 0, (3, 3, 0), "1200", "459.20", "24"),
    Case("53-1904/serial.xlsx", 0, (3, 3, 0), "1200", "459.20", "24"),
    Case("53-1904/serial1904.xlsx", 0, (3, 3, 0), "1200", "459.20", "24"),
)  # fmt: skip


def test_every_sheet_that_was_handed_in_is_one_of_the_cases() -> None:
    named = {CASES / case.name for case in CASE_TABLE}
    sources = {path if path.suffix == ".xlsx" else path.parent for path in CASES.rglob("*") if path.is_file()}
    assert sources == named


@pytest.mark.parametrize("case", CASE_TABLE, ids=lambda case: " ".join((case.name, *case.options)))
def test_a_sheet_is_taken_over_to_the_cent_or_not_at_all(ready: Office, case: Case) -> None:
    before = ready.read(is_whole=True)
    dry = ready.run("--source", case.source, *case.options, clock=NOW)
    assert ready.read(is_whole=True) == before
    wet = ready.run("--source", case.source, *case.options, "--execute", clock=NOW)
    assert (dry.status, wet.status) == (case.status, case.status), wet.out + wet.err
    assert dry.out.splitlines()[:-1] == wet.out.splitlines()[:-1]
    for piece in case.told:
        assert any(piece in line for line in (*wet.lines, *wet.err.splitlines())), f"{piece}\n{wet.out}{wet.err}"
    if wet.err == "":
        read, inserted, _, _, rejected = wet.table["Shifts"]
        assert (read, inserted, rejected) == case.shifts, wet.out
    count, *sums = ready.fetch(
        "SELECT count(*), coalesce(sum(total_sales), 0), coalesce(sum(total_made), 0),"
        " coalesce(sum(worked_hours), 0) FROM shifts"
    )[0]
    owed = ready.fetch("SELECT coalesce(sum(units), 0) FROM balance_transactions")[0]
    assert (*sums, *owed) == tuple(map(Decimal, (case.sales, case.made, case.hours, case.owed))), wet.out
    assert count == (case.shifts[1] if case.status == 0 else 0)
    if case.status == 1:
        assert ready.read(is_whole=True) == before
