"""What is wrong with a spreadsheet is one line each, and the database is untouched (SPEC 7)."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from tests.fake_sheets.server import FakeSheets, Fault
from tests.migration.conftest import Office, fill
from tests.migration.sample_sheet import Cell, Tabs
from tests.migration.small_sheet import ANNA, BORIS, make_small_tabs, put

Write = Callable[[Mapping[str, Sequence[Sequence[Cell]]]], str]


def _without(tabs: Tabs, title: str) -> Tabs:
    del tabs[title]
    return tabs


def _without_column(tabs: Tabs, title: str, header: str) -> Tabs:
    place = tabs[title][0].index(header)
    for row in tabs[title]:
        del row[place]
    return tabs


def _with_header(tabs: Tabs, title: str, place: int, header: str) -> Tabs:
    tabs[title][0][place] = header
    return tabs


def _with_further_column(tabs: Tabs, header: str) -> Tabs:
    for row in tabs["Shifts"]:
        row.append(header if row is tabs["Shifts"][0] else ANNA)
    return tabs


def _with_row(tabs: Tabs, title: str, row: list[Cell]) -> Tabs:
    tabs[title].append(row)
    return tabs


WRONG: Mapping[str, tuple[Callable[[Tabs], Tabs], str]] = {
    "a missing tab": (lambda tabs: _without(tabs, "Ranks"), "Ranks: the worksheet is missing"),
    "a missing header": (
        lambda tabs: _without_column(tabs, "Shifts", "Clock out"),
        "Shifts, Clock out: the column is missing",
    ),
    "a doubled header": (
        lambda tabs: _with_header(tabs, "Shifts", 8, "Model A"),
        "Shifts, Model A: the column stands there twice",
    ),
    "another doubled header": (
        lambda tabs: _with_further_column(tabs, "employee id"),
        "Shifts, EmployeeId: the column stands there twice",
    ),
    "negative sales": (
        lambda tabs: put(tabs, "Shifts", 2, "Model A", -500),
        "Shifts row 2, Model A: “-500” is negative",
    ),
    "negative sales as text": (
        lambda tabs: put(tabs, "Shifts", 2, "Model A", "-$500.00"),
        "Shifts row 2, Model A: “-$500.00” is negative",
    ),
    "clock-out before clock-in": (
        lambda tabs: put(tabs, "Shifts", 2, "Clock out", "2025/09/01 08:59:59"),
        "Shifts row 2, Clock out: “2025/09/01 08:59:59” is not after the clock-in",
    ),
    "a clock-out in the future": (
        lambda tabs: put(tabs, "Shifts", 2, "Clock out", "2062/09/01 17:00:00"),
        "Shifts row 2, Clock out: “2062/09/01 17:00:00” is in the future",
    ),
    "an unknown rank": (
        lambda tabs: put(tabs, "EmployeeRanks", 2, "Current Rank", "Wizard"),
        "EmployeeRanks row 2, Current Rank: “Wizard” is no rank",
    ),
    "a duplicate id": (
        lambda tabs: _with_row(tabs, "Shifts", list(tabs["Shifts"][1])),
        "Shifts row 5, ID: “1” stands in row 2 too",
    ),
    "a duplicate bonus": (
        lambda tabs: put(tabs, "ActiveBonuses", 3, "ID", 1),
        "ActiveBonuses row 3, ID: “1” stands in row 2 too",
    ),
    "a person twice": (
        lambda tabs: put(tabs, "EmployeeSettings", 3, "EmployeeId", ANNA),
        "EmployeeSettings row 3, EmployeeId: “1001” stands in row 2 too",
    ),
    "text in an amount": (
        lambda tabs: put(tabs, "Shifts", 2, "Model A", "five hundred"),
        "Shifts row 2, Model A: “five hundred” is not an amount",
    ),
    "an error of the sheet": (
        lambda tabs: put(tabs, "Shifts", 2, "Total made", "#REF!"),
        "Shifts row 2, Total made: “#REF!” is not an amount",
    ),
    "an amount that may be two": (
        lambda tabs: put(tabs, "Shifts", 2, "Model A", "1,234"),
        "Shifts row 2, Model A: “1,234” may be 1,234.00 or 1.234: write it with two decimals",
    ),
    "a rate that may be two": (
        lambda tabs: _with_row(tabs, "EmployeeSettings", [1003, 15, 0.08]),
        "EmployeeSettings row 4, Sales commission: “0.08” may be 0.08 % or 8 %: write it with its %",
    ),
    "31 February": (
        lambda tabs: put(tabs, "Shifts", 2, "Date", "2025/02/31 17:05:00"),
        "Shifts row 2, Date: “2025/02/31 17:05:00” is a day that does not exist",
    ),
    "25 o'clock": (
        lambda tabs: put(tabs, "Shifts", 2, "Clock in", "2025/09/01 25:00:00"),
        "Shifts row 2, Clock in: “2025/09/01 25:00:00” is a time that does not exist",
    ),
    "a time that the clocks leap over": (
        lambda tabs: put(tabs, "Shifts", 2, "Clock in", "2025/03/09 02:30:00"),
        "Shifts row 2, Clock in: “2025/03/09 02:30:00” is a time that does not exist: the clocks go forward over it",
    ),
    "a date that may be two": (
        lambda tabs: put(tabs, "Shifts", 2, "Clock in", "09/01/2025 09:00:00"),
        "Shifts row 2, Clock in: “09/01/2025 09:00:00” may have the day or the month first",
    ),
    "a shift that nobody ended": (
        lambda tabs: put(tabs, "Shifts", 2, "Clock out", None),
        "Shifts row 2, Clock out: is empty",
    ),
    "an id that is none": (
        lambda tabs: put(tabs, "Shifts", 2, "ID", "TOTAL"),
        "Shifts row 2, ID: “TOTAL” is not a whole number",
    ),
    "an unknown bonus": (
        lambda tabs: put(tabs, "ActiveBonuses", 2, "Bonus Type", "free_lunch_2"),
        "ActiveBonuses row 2, Bonus Type: “free_lunch_2” is not a bonus such as flat_10 or percent_next_1",
    ),
    "a bonus of somebody else's shift": (
        lambda tabs: put(tabs, "ActiveBonuses", 2, "Shift ID", 1),
        f"ActiveBonuses row 2, Shift ID: “1” is a shift of {ANNA}, not of {BORIS}",
    ),
    "a bonus of no shift": (
        lambda tabs: put(tabs, "ActiveBonuses", 2, "Shift ID", 99),
        "ActiveBonuses row 2, Shift ID: “99” is no shift that is there or taken over",
    ),
    "neither true nor false": (
        lambda tabs: put(tabs, "ActiveBonuses", 2, "Applied", "maybe"),
        "ActiveBonuses row 2, Applied: “maybe” is neither TRUE nor FALSE",
    ),
    "a gap in the rates": (
        lambda tabs: put(tabs, "DynamicRates", 2, "Max Amount", 400),
        "DynamicRates row 2, Max Amount: “400.00” leaves a gap before row 3",
    ),
    "ranges that overlap": (
        lambda tabs: put(tabs, "Ranks", 2, "Max Amount", 2500),
        "Ranks row 2, Max Amount: “2500.00” lies over row 3",
    ),
    "a month that is none": (
        lambda tabs: put(tabs, "EmployeeRanks", 2, "Month", 13),
        "EmployeeRanks row 2, Month: “13” is not between 1 and 12",
    ),
    "a month twice": (
        lambda tabs: _with_row(tabs, "EmployeeRanks", [ANNA, "Hustler", None, 9, 2025, True, None]),
        "EmployeeRanks row 3, Month: “9” stands in row 2 too for this person",
    ),
}


@pytest.mark.parametrize(("change", "line"), WRONG.values(), ids=WRONG)
def test_it_is_one_line_of_the_report_and_the_database_is_untouched(
    ready: Office, as_xlsx: Write, change: Callable[[Tabs], Tabs], line: str
) -> None:
    before = ready.read(is_whole=True)
    ran = ready.run("--source", as_xlsx(change(make_small_tabs())), "--execute")
    assert ran.status == 1
    assert [one for one in ran.lines if one.startswith(line)] != [], ran.out
    assert ran.lines[-1].startswith("Nothing was written:")
    told = ran.out.partition("Rejected:\n")[2] or ran.out.partition("Wrong with the source:\n")[2]
    assert len(told.partition("\n\n")[0].splitlines()) == 1, told
    assert ready.read(is_whole=True) == before


def test_several_wrong_cells_are_a_line_each_and_the_row_counts_once(office: Office, as_csv: Write) -> None:
    tabs = put(put(make_small_tabs(), "Shifts", 2, "Model A", "?"), "Shifts", 2, "Clock in", "soon")
    ran = office.run("--source", as_csv(tabs), "--execute")
    assert ran.table["Shifts"] == (3, 2, 0, 0, 1)
    assert sum(line.startswith("Shifts row 2,") for line in ran.lines) == 2


def test_with_skip_invalid_the_rest_is_taken_over(office: Office, as_csv: Write) -> None:
    tabs = put(make_small_tabs(), "Shifts", 4, "Model B", "?")
    tabs["ActiveBonuses"][2][5] = None
    ran = office.run("--source", as_csv(tabs), "--skip-invalid", "--execute")
    assert ran.status == 0
    assert ran.table["Shifts"] == (3, 2, 0, 0, 1)
    assert office.fetch("SELECT shift_id FROM shifts ORDER BY 1") == [(1,), (2,)]


def test_with_skip_invalid_a_missing_tab_still_stops_it(office: Office, as_csv: Write) -> None:
    ran = office.run("--source", as_csv(_without(make_small_tabs(), "Ranks")), "--skip-invalid", "--execute")
    assert ran.status == 1
    assert office.fetch("SELECT count(*) FROM shifts") == [(0,)]


def test_a_missing_tab_is_left_out_by_name(office: Office, as_csv: Write) -> None:
    source = as_csv(_without(make_small_tabs(), "Ranks"))
    tables = "Shifts,employee_settings,DynamicRates,Employee Ranks,ActiveBonuses"
    ran = office.run("--source", source, "--tables", tables, "--execute")
    assert ran.status == 0
    assert office.fetch("SELECT count(*) FROM shifts") == [(3,)]


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["--source", "xlsx:nowhere.xlsx"], 1, "nowhere.xlsx is not there."),
        (["--source", "xlsx:README.md"], 1, "README.md is no .xlsx file"),
        (["--source", "csv:README.md"], 1, "README.md is no directory."),
        (["--source", "csv:bot"], 1, "bot holds no .csv file"),
        (["--source", "sqlite:README.md"], 1, "README.md is no SQLite file"),
        (["--source", "sheets"], 1, "SPREADSHEET_ID is not set"),
        (["--source", "word:report.doc"], 2, "write sheets, xlsx:FILE, csv:DIR or sqlite:FILE"),
        (["--tables", "Shifts,Payroll"], 2, "Shifts,Payroll names more than"),
        (["--owed-from", "2025-02-31"], 2, "2025-02-31 is a day that does not exist"),
        (["--dry-run", "--execute"], 2, "not allowed with"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    office: Office, arguments: Sequence[str], status: int, sentence: str
) -> None:
    ran = office.run(*arguments)
    assert ran.status == status
    assert sentence in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Fault.FORBIDDEN, "share it with the address that stands as"),
        (Fault.UNKNOWN, "There is no spreadsheet with this SPREADSHEET_ID"),
        (Fault.UNAUTHENTICATED, "make a new one for the service account"),
    ],
)
def test_what_google_refuses_is_one_sentence_that_says_what_to_do(
    office: Office, fake: FakeSheets, fault: Fault, sentence: str
) -> None:
    fill(fake.book, make_small_tabs())
    fake.faults.append(fault)
    ran = office.run("--source", "sheets")
    assert (ran.status, len(ran.err.splitlines())) == (1, 1)
    assert sentence in ran.err


def test_no_key_is_one_sentence(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPREADSHEET_ID", "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms")
    ran = office.run("--source", "sheets")
    assert (ran.status, len(ran.err.splitlines())) == (1, 1)
    assert ran.err.startswith("SPREADSHEET_ID is set without GOOGLE_SA_JSON: set it to the key file")
