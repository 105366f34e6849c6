"""Reports as files: the same figures in CSV and XLSX, names stay text (SPEC 4.25, FAULTS "People")."""

from datetime import date
from decimal import Decimal

import pytest

from bot.documents.reports import render_report_csv, render_report_xlsx
from bot.documents.tables import clean_cell
from payroll.reports import (
    DaysReport,
    DayTotals,
    Leaderboard,
    PeopleReport,
    PersonTotals,
    Place,
    ProductsReport,
    ProductTotals,
    Report,
)
from tests.documents.made import HOSTILE_NAMES, WORDS, usd
from tests.documents.reading import read_book, read_csv, read_sheet, to_cents

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)


def make_person(name: str = "Ann", *, number: int = 100, difference: str = "0") -> PersonTotals:
    made = usd("360.00") + usd(difference)
    return PersonTotals(number, name, 2, 57630, usd("1200"), usd("960"), usd("240"), usd("100"), usd("20"), made)


PEOPLE = PeopleReport(SINCE, UNTIL, [make_person(), make_person("Ben", number=200, difference="-0.05")])
DAYS = DaysReport(SINCE, UNTIL, [
    DayTotals(date(2026, 11, 10), 2, 2, 57600, usd("800.10"), usd("640.08"), usd("300.33")),
    DayTotals(date(2026, 11, 12), 1, 1, 28800, usd("700"), usd("560"), usd("-1.5")),
])  # fmt: skip
PRODUCTS = ProductsReport(SINCE, UNTIL, [ProductTotals(1, "Model A", 3, usd("1500.10"), usd("50"))])
LEADERBOARD = Leaderboard(SINCE, [Place(1, 100, "Ann", usd("1200")), Place(2, 200, "Ben", usd("300"))])
ALL: list[Report] = [PEOPLE, DAYS, PRODUCTS, LEADERBOARD]
SHEETS = ["People", "Days", "Products", "Leaderboard"]


def test_a_report_by_person_as_csv() -> None:
    file = render_report_csv(WORDS, PEOPLE)
    assert file.startswith(b"\xef\xbb\xbf")
    lines = file.decode("utf-8-sig").split("\r\n")
    assert lines[0] == (
        '"No.","Name","Shifts","Hours","Total sales","Net","Hourly","Commissions","Bonuses",'
        '"Taken over from the old sheet","Made"'
    )
    assert lines[1] == '100,"Ann",2,16.01,1200.00,960.00,240.00,100.00,20.00,0.00,360.00'
    assert lines[2] == '200,"Ben",2,16.01,1200.00,960.00,240.00,100.00,20.00,-0.05,359.95'
    assert lines[3:] == [""]


def test_days_products_and_places_as_csv() -> None:
    days, products, places = (read_csv(render_report_csv(WORDS, one)) for one in ALL[1:])
    assert days[1] == {
        "Date": "2026-11-12", "People": "1", "Shifts": "1", "Hours": "8.00", "Total sales": "700.00", "Net": "560.00",
        "Made": "-1.50",
    }  # fmt: skip
    assert products == [{"No.": "1", "Name": "Model A", "Shifts": "3", "Total sales": "1500.10", "Refunded": "50.00"}]
    assert places[1] == {"Place": "2", "Name": "Ben", "Total sales": "300.00"}


@pytest.mark.parametrize(("report", "sheet"), list(zip(ALL, SHEETS, strict=True)))
def test_the_xlsx_has_the_figures_of_the_csv_and_their_sums_as_formulas(report: Report, sheet: str) -> None:
    rows = read_csv(render_report_csv(WORDS, report))
    xlsx = render_report_xlsx(WORDS, report)
    *found, sums = read_sheet(xlsx, sheet)
    formulas = list(read_book(xlsx, has_results=False)[sheet].iter_rows())[-1]
    assert len(found) == len(rows)
    for row, cells in zip(rows, found, strict=True):
        for label, text in row.items():
            is_text = label in ("Name", "Date")
            assert is_text or to_cents(cells[label]) == to_cents(text)
    for cell, (label, total) in zip(formulas, sums.items(), strict=True):
        if total is not None:
            assert cell.data_type == "f"
            assert to_cents(total) == sum(Decimal(row[label]) for row in rows)
    assert sums["Total sales"] is not None


@pytest.mark.parametrize("report", [type(one)(SINCE, UNTIL, []) for one in (PEOPLE, DAYS, PRODUCTS)])
def test_a_report_of_nothing_is_a_file_with_a_head(report: Report) -> None:
    assert read_csv(render_report_csv(WORDS, report)) == []
    assert render_report_csv(WORDS, report).count(b"\r\n") == 1
    assert len(read_book(render_report_xlsx(WORDS, report), has_results=True).sheetnames) == 1


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_no_formula(name: str) -> None:
    report = PeopleReport(SINCE, UNTIL, [make_person(name)])
    (row,) = read_csv(render_report_csv(WORDS, report))
    shown = clean_cell(name)
    assert row["Name"].removeprefix("'") == shown
    assert row["Name"][0] not in "=+-@\t\r\n"
    assert row["Made"] == "360.00"
    cell = read_book(render_report_xlsx(WORDS, report), has_results=False)["People"]["B4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (shown, "s", True)


def test_no_name_breaks_out_of_its_cell_where_other_signs_divide_columns() -> None:
    file = render_report_csv(WORDS, PeopleReport(SINCE, UNTIL, [make_person('a;=1+1"\t=2')]))
    assert b'"a;=1+1"" =2"' in file


@pytest.mark.parametrize("report", ALL)
def test_the_same_report_is_the_same_file(report: Report) -> None:
    assert render_report_csv(WORDS, report) == render_report_csv(WORDS, report)
    assert render_report_xlsx(WORDS, report) == render_report_xlsx(WORDS, report)
