"""XLSX files: amounts are numbers, sums are formulas that know their result, text is never a formula (FAULTS "People").

A phone shows a file without working anything out: without its result a formula would be an empty cell there.
"""

import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import quote_sheetname, xl_range, xl_rowcol_to_cell

from bot.documents.tables import Column, Hours, Kind, Table, Value, clean_cell

_FORMATS: dict[Kind, dict[str, Any]] = {
    Kind.TEXT: {"quote_prefix": True, "text_wrap": True, "valign": "top"},
    Kind.ID: {"num_format": "0", "align": "left", "valign": "top"},
    Kind.COUNT: {"num_format": "0", "valign": "top"},
    Kind.AMOUNT: {"num_format": "#,##0.00", "valign": "top"},
    Kind.NUMBER: {"num_format": "0.00", "valign": "top"},
    Kind.DATE: {"num_format": "yyyy/mm/dd", "align": "left", "valign": "top"},
    Kind.MOMENT: {"num_format": "mm/dd hh:mm", "align": "left", "valign": "top"},
}
_TITLE = {"bold": True, "font_size": 14, "quote_prefix": True}
_HEAD = {"bold": True, "bg_color": "#f0f3f6", "bottom": 1, "text_wrap": True, "valign": "top", "quote_prefix": True}
_TOTAL = {"bold": True, "top": 2}
_RIGHT = {"align": "right"}
# Words stand apart from the figures before them.
_APART = {"align": "left", "indent": 1}
_LINE = 15
_FIGURES = (Kind.COUNT, Kind.AMOUNT, Kind.NUMBER)
# Excel counts days from here; the dates of a file must not depend on the zone of the machine.
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's clocks have no zone


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a table stands in a sheet, rows counted from 0; `total` is the row of its sums."""

    sheet: str
    labels: Sequence[str]
    first: int
    last: int
    total: int

    def refer_to_total(self, label: str) -> str:
        """The cell with the sum of a column, from any sheet."""
        return self._name(xl_rowcol_to_cell(self.total, self._find(label)))

    def refer_to_column(self, label: str) -> str:
        """The cells of a column without the sum, from any sheet."""
        column = self._find(label)
        return self._name(xl_range(self.first, column, max(self.first, self.last), column))

    def _find(self, label: str) -> int:
        """The last one of a name: a product may be called "Commissions", and stands further to the left."""
        return len(self.labels) - 1 - list(reversed(self.labels)).index(label)

    def _name(self, cells: str) -> str:
        return f"{quote_sheetname(self.sheet)}!{cells}"


class Book:
    """An XLSX file being written; the same contents give the same bytes. `created_at` is what it says of itself."""

    def __init__(self, title: str, created_at: datetime) -> None:
        self._file = BytesIO()
        self._book = xlsxwriter.Workbook(self._file, {"in_memory": True})
        self._book.set_properties({"title": title, "created": created_at.replace(tzinfo=None)})
        self._formats: dict[str, Any] = {}

    def add_sheet(self, name: str, *, is_wide: bool = True) -> Any:
        """A sheet that prints on A4, as wide as the page, its pages numbered."""
        sheet = self._book.add_worksheet(name)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        sheet.set_footer("&L&A&R&P / &N")
        if is_wide:
            sheet.set_landscape()
        return sheet

    def add_table(self, table: Table) -> Placed:
        """A sheet with a title, a head that stays when the rest moves and is printed on each page, rows and sums."""
        sheet = self.add_sheet(table.name)
        self.write_title(sheet, table.title)
        for place, column in enumerate(table.columns):
            sheet.set_column(place, place, column.width)
            self.write_value(sheet, 2, place, Kind.TEXT, column.label, {**_HEAD, **_get_style(column)})
        self._set_height(sheet, 2, table.columns, [column.label for column in table.columns])
        for number, row in enumerate(table.rows, start=3):
            self._write_row(sheet, number, table.columns, row)
            self._set_height(sheet, number, table.columns, row)
        labels = [column.label for column in table.columns]
        placed = Placed(table.name, labels, first=3, last=2 + len(table.rows), total=3 + len(table.rows))
        self._write_totals(sheet, table, placed)
        sheet.freeze_panes(3, 2)
        sheet.repeat_rows(2)
        return placed

    def write_title(self, sheet: Any, title: str) -> None:
        """What a sheet is of, in its first cell."""
        sheet.write_string(0, 0, title, self._format(_TITLE))

    def write_value(
        self, sheet: Any, row: int, column: int, kind: Kind, value: Value, style: dict[str, Any] | None = None
    ) -> None:
        """A value as what it is; None leaves the cell empty."""
        shown = self._format({**_FORMATS[kind], **(style or {})})
        match value:
            case None:
                sheet.write_blank(row, column, None, shown)
            case str():
                sheet.write_string(row, column, clean_cell(value), shown)
            case Hours():
                # What is below the two decimals is there for the sum.
                sheet.write_number(row, column, value.exact, shown)
            case datetime() | date():
                sheet.write_number(row, column, _count_days(value), shown)
            case _:
                sheet.write_number(row, column, value, shown)

    def write_formula(
        self, sheet: Any, row: int, column: int, formula: str, result: Decimal, kind: Kind = Kind.AMOUNT,
        style: dict[str, Any] | None = None,
    ) -> None:  # fmt: skip
        """A formula with its result."""
        shown = self._format({**_FORMATS[kind], **(style or {})})
        sheet.write_formula(row, column, formula, shown, result)

    def finish(self) -> bytes:
        """The file."""
        self._book.close()
        return self._file.getvalue()

    def _set_height(self, sheet: Any, number: int, columns: Iterable[Column], row: Iterable[Value]) -> None:
        """As many lines as the longest text takes: not every program finds that out by itself."""
        lines = (
            len(textwrap.wrap(clean_cell(value), max(4, column.width - 1)))
            for column, value in zip(columns, row, strict=True)
            if isinstance(value, str)
        )
        sheet.set_row(number, _LINE * max(1, *lines, 1))

    def _write_row(self, sheet: Any, number: int, columns: Iterable[Column], row: Iterable[Value]) -> None:
        for place, (column, value) in enumerate(zip(columns, row, strict=True)):
            if column.adds_up is not None and isinstance(value, Decimal):
                first, last = column.adds_up
                formula = f"=SUM({xl_range(number, first, number, last)})"
                self.write_formula(sheet, number, place, formula, value, column.kind)
            else:
                self.write_value(sheet, number, place, column.kind, value, _get_style(column))

    def _write_totals(self, sheet: Any, table: Table, placed: Placed) -> None:
        for place, column in enumerate(table.columns):
            if column.is_summed and table.rows:
                cells = xl_range(placed.first, place, placed.last, place)
                self.write_formula(
                    sheet, placed.total, place, f"=SUM({cells})", table.sum_column(place), column.kind, _TOTAL
                )
            elif column.is_summed:
                self.write_value(sheet, placed.total, place, column.kind, Decimal(0), _TOTAL)
            else:
                sheet.write_blank(placed.total, place, None, self._format(_TOTAL))

    def _format(self, style: dict[str, Any]) -> Any:
        key = repr(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(style)
        return self._formats[key]


def _get_style(column: Column) -> dict[str, Any]:
    if column.kind is Kind.TEXT:
        return _APART
    return _RIGHT if column.kind in _FIGURES else {}


def _count_days(value: date) -> Decimal:
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
    since = moment - _EPOCH
    return Decimal(since // timedelta(seconds=1)) / 86400
