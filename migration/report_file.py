"""The whole report as a file to sort and search: CSV or XLSX, the gravest first (SPEC 7)."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

from migration.report import TITLES, Gravity, Report
from payroll.amounts import format_amount

Row: TypeAlias = Sequence[str | int | None]

SUFFIXES = (".csv", ".xlsx")
_HEADER = ("Kind", "Worksheet", "Row", "Column", "Value", "What")
# What spreadsheets take for the beginning of a formula, the wide forms of East Asia too.
_FORMULA_BEGINS = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")


def write_report(report: Report, path: Path) -> None:
    """Write it, by the ending of the file's name. Text that could be taken for a formula gets an apostrophe before it.

    Raises OSError.
    """
    if path.suffix.lower() == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as stream:
            csv.writer(stream).writerows([_defuse(cell) for cell in row] for row in _list_rows(report))
        return
    from openpyxl import Workbook  # late: a report on the terminal needs none of it

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("Report")
    sheet.freeze_panes = "A2"
    for row in _list_rows(report):
        sheet.append([_defuse(cell) for cell in row])
    workbook.save(path)


def _list_rows(report: Report) -> Iterator[Row]:
    yield _HEADER
    for gravity in reversed(Gravity):
        for entry in report.list_entries(gravity):
            yield TITLES[gravity], entry.tab, entry.row_no, entry.column, entry.value, entry.text
    name = ""
    heads, *months = report.list_months() or [[]]
    for month, whose, *sums in months:
        name = month if whose == "sheet" else name
        told = ", ".join(f"{head} {amount}" for head, amount in zip(heads[2:], sums, strict=True))
        yield "Month by month", whose, None, name, "differs" if month == "differs" else "", told
    for one in report.owed:
        told = f"booked now {format_amount(one.booked)}, owed in all {format_amount(one.balance)}"
        yield "Owed", "", None, str(one.employee_id), one.name, told
    for tab, tally in report.tallies.items():
        told = (
            f"read {tally.read}, inserted {tally.inserted}, updated {tally.updated}, unchanged {tally.unchanged}, "
            f"rejected {tally.rejected}"
        )
        yield "Rows", tab, None, "", "", told


def _defuse(cell: str | int | None) -> str | int | None:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_BEGINS) else cell
