"""A statement as an XLSX file: real numbers, dates and sums; names stay text (SPEC 4.21, FAULTS "People")."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.utils import range_boundaries

from bot.documents.statement_xlsx import render_statement_xlsx
from bot.documents.tables import clean_cell
from payroll.statements import LineKind, Statement
from tests.documents.made import (
    HOSTILE_NAMES,
    WORDS,
    ZONE,
    make_full_statement,
    make_line,
    make_shift,
    make_statement,
    usd,
)
from tests.documents.reading import read_book, read_sheet, to_cents


def write(statement: Statement) -> bytes:
    return render_statement_xlsx(WORDS, ZONE, statement)


def read_summary(xlsx: bytes) -> dict[str, Any]:
    """Label and figure of each row of the first sheet."""
    sheet = read_book(xlsx, has_results=True)["Statement"]
    return {str(label): part if amount is None else amount for label, part, amount in sheet.iter_rows(values_only=True)}


def test_the_summary_has_every_figure() -> None:
    statement = make_full_statement(left_date=date(2026, 11, 12))
    found = read_summary(write(statement))
    assert (found["Name"], found["Employee No."]) == ("Ann Example", 100)
    assert found["Pay day"] == datetime(2026, 11, 15)  # noqa: DTZ001 - a sheet's dates have no zone
    assert found["Left on"] == datetime(2026, 11, 12)  # noqa: DTZ001
    amounts = {label: str(to_cents(found[label])) for label in list(found)[-16:]}
    assert amounts == {
        "Opening balance": "412.34", "Made on 5 shifts": "755.33", "Hourly": "600.00", "Commissions": "204.00",
        "Bonuses": "21.33", "Taken over from the old sheet": "-0.05", "Paid before": "-59.95",
        "Corrected in another period": "-10.00", "Corrections of closed periods": "40.00", "Bonuses given": "30.00",
        "Paid days off": "120.00", "Bonuses paid at leaving": "10.00", "Deductions": "-7.50", "Refunds": "0.00",
        "Payouts": "-412.34", "Closing balance": "947.83",
    }  # fmt: skip


def test_the_shifts_have_every_part() -> None:
    rows = read_sheet(write(make_full_statement()), "Shifts")
    third = rows[2]
    assert {label: str(to_cents(third[label])) for label in list(third)[4:18] if third[label] is not None} == {
        "Hours": "8.00", "Model A": "300.10", "Model B": "199.90", "Total sales": "500.00", "Net": "400.00",
        "Platform %": "20.00", "Base %": "8.00", "Dynamic %": "2.00", "%": "21.00", "Hourly wage": "15.00",
        "Hourly": "120.00", "Commissions": "84.00", "Bonuses": "11.33",
    }  # fmt: skip
    assert (third["Shift"], to_cents(third["Made"]), third["Note"]) == (3, usd("215.33"), "A long night with <3 guests")
    assert third["Clock in"] == datetime(2026, 11, 4, 9)  # noqa: DTZ001
    assert third["What bonuses"].endswith("1.0% of the 333.00 net that the others sold that day on Model B: 3.33")
    assert [to_cents(row["Made"]) for row in rows] == [
        usd(amount) for amount in ("160.00", "130.00", "215.33", "100.00", "150.00", "755.33")
    ]


def test_the_other_entries_say_why_and_add_up() -> None:
    *rows, total = read_sheet(write(make_full_statement()), "Other entries")
    assert rows[0]["What for"] == "Correction of shift 90 of 2026/10/20, in the closed period from 2026/10/15"
    assert (rows[0]["Shift"], rows[0]["Kind"]) == (90, "Corrections of closed periods")
    assert to_cents(total["Amount"]) == sum(to_cents(row["Amount"]) for row in rows) == usd("-219.84")


@pytest.mark.parametrize("statement", [make_full_statement(), make_statement([make_shift(1)])])
def test_every_sum_is_a_formula_over_the_cells_above_or_beside_it(statement: Statement) -> None:
    formulas, results = (read_book(write(statement), has_results=has_results) for has_results in (False, True))
    summed = 0
    for sheet in formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            result = results[sheet.title][cell.coordinate].value
            if (found := re.fullmatch(r"=SUM\(([A-Z]+\d+(?::[A-Z]+\d+)?)\)", str(cell.value))) is not None:
                left, top, right, bottom = range_boundaries(found[1])
                cells = results[sheet.title].iter_rows(top, bottom, left, right, values_only=True)
                values = [to_cents(value) for row in cells for value in row if value is not None]
                assert sum(values) == to_cents(result)
                summed += 1
    assert summed > 10
    closing = next(row for row in formulas["Statement"].iter_rows() if row[0].value == "Closing balance")
    assert closing[2].data_type == "f"


def test_a_product_that_is_called_like_a_column_changes_no_sum() -> None:
    sold = {"Commissions": 100, "Hourly": 200, "Made": 300, "Bonuses": 400}
    statement = make_statement([make_shift(1, sold)])
    assert to_cents(read_summary(write(statement))["Closing balance"]) == statement.closing
    assert to_cents(read_summary(write(statement))["Commissions"]) == usd(80)
    book = read_book(write(statement), has_results=False)
    (formula,) = (row[1].value for row in book["Statement"].iter_rows() if row[0].value == "Commissions")
    column = str(formula).removeprefix("=Shifts!").rstrip("0123456789")
    assert book["Shifts"][f"{column}4"].value == 80


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_stays_text(name: str) -> None:
    line = make_line(LineKind.BONUS, 1, note=name)
    statement = make_statement([make_shift(1, {name[:40]: 500}, note=name)], [line], name=name)
    book = read_book(write(statement), has_results=False)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {str(cell.value)[:5] for cell in cells if cell.data_type == "f"} <= {"=SUM(", "=SUMI", "=Shif"}
    shown = clean_cell(name)
    mine = [cell for cell in cells if cell.value == shown]
    assert len(mine) >= 2
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in mine)
    assert to_cents(read_summary(write(statement))["Closing balance"]) == usd(161)


def test_it_is_ready_to_be_read_and_printed() -> None:
    book = read_book(write(make_full_statement()), has_results=False)
    assert book.sheetnames == ["Statement", "Shifts", "Other entries"]
    shifts = book["Shifts"]
    assert (shifts.freeze_panes, shifts.print_title_rows, shifts.page_setup.orientation) == ("C4", "$3:$3", "landscape")
    assert shifts.sheet_properties.pageSetUpPr is not None
    assert shifts.sheet_properties.pageSetUpPr.fitToPage
    assert (shifts.page_setup.fitToWidth or 1, shifts.page_setup.fitToHeight) == (1, 0)
    formats = [shifts[cell].number_format for cell in ("B4", "C4", "F4")]
    assert formats == ["yyyy/mm/dd", "mm/dd hh:mm", "#,##0.00"]
    assert all((shifts.column_dimensions[letter].width or 0) >= 8 for letter in "ABCDEF")
    closing = list(book["Statement"].iter_rows())[-1][2]
    assert closing.number_format.startswith('"$"')


def test_an_empty_statement_has_its_balances() -> None:
    xlsx = write(make_statement(opening="-7.25"))
    assert to_cents(read_summary(xlsx)["Closing balance"]) == usd("-7.25")
    assert len(read_sheet(xlsx, "Shifts")) == 1


@pytest.mark.parametrize("make", [make_full_statement, make_statement])
def test_the_same_statement_is_the_same_file(make: Callable[[], Statement]) -> None:
    assert write(make()) == write(make())


@given(st.lists(st.text(max_size=200), min_size=10, max_size=10))
@example(["\ufffe", "\uffff\U0001ffff", "_x0041_", "]]>", "\x85\u2028", "a" * 200, "", " ", "\x7f", "=\ud800"])
@settings(deadline=None, max_examples=8)
def test_any_text_can_be_written_and_read_back(texts: list[str]) -> None:
    shifts = [make_shift(1, {text[:40] or "?": 500}, note=text, shift_id=number) for number, text in enumerate(texts)]
    statement = make_statement(shifts, name=texts[0])
    *rows, total = read_sheet(write(statement), "Shifts")
    assert [row["Note"] or "" for row in rows] == [clean_cell(text) for text in texts]
    assert to_cents(total["Made"]) == statement.shift_total
