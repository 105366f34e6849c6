"""A spreadsheet: sheets, their grids, and the values in their cells."""

import re
from copy import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from tests.fake_sheets.errors import ApiError

CELL_LIMIT = 10_000_000
TEXT_LIMIT = 50_000
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a sheet's serial numbers are wall-clock times


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and what it shows; this spreadsheet computes nothing."""

    text: str
    shown: str = "#N/A"


@dataclass(frozen=True, slots=True)
class Moment:
    """A date or a time of day: a serial number with a format."""

    serial: float
    shown: str


@dataclass(frozen=True, slots=True)
class Formatted:
    """A number with a format: its kind and its pattern, as `userEnteredFormat.numberFormat` has them."""

    number: float
    kind: str
    pattern: str


Value: TypeAlias = str | int | float | bool | Formula | Moment | Formatted
"""What a cell holds; an empty cell holds None, which is no value."""


@dataclass(slots=True)
class Sheet:
    """One tab. `rows` has the cells of each row that has any, as long as they go."""

    sheet_id: int
    title: str
    row_count: int = 1000
    column_count: int = 26
    frozen_rows: int = 0
    rows: dict[int, list[Value | None]] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    """Merged cells as top, left, bottom, right: only the first of them holds anything."""

    def get(self, row: int, column: int) -> Value | None:
        """A cell's value, counted from 0."""
        cells = self.rows.get(row, ())
        return cells[column] if column < len(cells) else None

    def put(self, row: int, column: int, value: Value | None) -> None:
        """Give a cell a value."""
        cells = self.rows.setdefault(row, [])
        cells += [None] * (column + 1 - len(cells))
        cells[column] = None if value == "" or self.is_covered(row, column) else value

    def read_row(self, row: int) -> list[Value | None]:
        """The row's cells without the empty ones at its end."""
        cells = list(self.rows.get(row, ()))
        while cells and cells[-1] is None:
            cells.pop()
        return cells

    def read_all(self) -> list[list[Value | None]]:
        """All rows down to the last that has a cell."""
        last = max((row for row in self.rows if self.read_row(row)), default=-1)
        return [self.read_row(row) for row in range(last + 1)]

    def write_all(self, rows: list[list[Value | None]]) -> None:
        """Put these rows in place of everything, the grid grown where that is needed."""
        self.rows = {number: list(cells) for number, cells in enumerate(rows)}
        self.row_count = max(self.row_count, len(rows))
        self.column_count = max(self.column_count, *(len(cells) for cells in rows), 1)

    def copy(self, sheet_id: int, title: str) -> "Sheet":
        """A copy with all its cells."""
        made = copy(self)
        made.sheet_id, made.title = sheet_id, title
        made.rows = {number: list(cells) for number, cells in self.rows.items()}
        made.merges = list(self.merges)
        return made

    def is_covered(self, row: int, column: int) -> bool:
        """Whether a cell lies behind merged ones: what is written there is gone."""
        return any(
            top <= row < bottom and left <= column < right and (row, column) != (top, left)
            for top, left, bottom, right in self.merges
        )


@dataclass(slots=True)
class Spreadsheet:
    """Sheets in their order. A new one has an empty `Sheet1`."""

    spreadsheet_id: str = "1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms"
    title: str = "Shifts"
    sheets: list[Sheet] = field(default_factory=lambda: [Sheet(0, "Sheet1")])

    def find(self, title: str) -> Sheet | None:
        """The sheet of that name; upper and lower case are one."""
        return next((sheet for sheet in self.sheets if sheet.title.casefold() == title.casefold()), None)

    def get_sheet(self, title: str) -> Sheet:
        """The sheet of that name, which is there."""
        sheet = self.find(title)
        assert sheet is not None, f"{title} is not among {[sheet.title for sheet in self.sheets]}"
        return sheet

    def count_cells(self) -> int:
        """Cells of all grids, full or empty: what the limit is about."""
        return sum(sheet.row_count * sheet.column_count for sheet in self.sheets)


def enter(value: object, *, as_user: bool) -> Value | None:
    """What becomes of a JSON value that is written: RAW, or as if a person had typed it."""
    if isinstance(value, dict | list):
        raise ApiError(400, f"Invalid values[0][0]: {value}")
    if not isinstance(value, str | bool | int | float):
        return None
    return _type_in(value) if as_user and isinstance(value, str) else value


def _type_in(text: str) -> Value | None:
    if text.startswith("'"):
        return text[1:]
    if text.startswith("="):
        return Formula(text)
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    if re.fullmatch(r"-?\$?\d+(,\d{3})*(\.\d+)?%?", text):
        number = float(re.sub(r"[$,%]", "", text)) / (100 if text.endswith("%") else 1)
        if text.endswith("%"):
            return Formatted(number, "PERCENT", "0.00%" if "." in text else "0%")
        if "$" in text:
            return Formatted(number, "CURRENCY", '"$"#,##0.00')
        return int(number) if number == int(number) else number
    for form in ("%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y/%m/%d", "%Y-%m-%d", "%m/%d/%Y"):
        try:
            typed = datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
        elapsed = typed - EPOCH
        return Moment(elapsed.days + elapsed.seconds / 86400, text)
    return text


def show(value: Value | None, render: str, dates: str) -> str | int | float | bool:
    """A cell as the API answers it, by valueRenderOption and dateTimeRenderOption."""
    match value:
        case None:
            return ""
        case Formula(text, shown):
            return text if render == "FORMULA" else shown
        case Moment(serial, shown):
            return shown if render == "FORMATTED_VALUE" or dates == "FORMATTED_STRING" else serial
        case Formatted(number, _, pattern):
            return _show_formatted(number, pattern) if render == "FORMATTED_VALUE" else _plain(number)
        case bool():
            return str(value).upper() if render == "FORMATTED_VALUE" else value
        case int() | float():
            return _format_number(value) if render == "FORMATTED_VALUE" else value
        case _:
            return value


def describe_cell(value: Value | None) -> dict[str, object]:
    """A cell as `CellData`: what was entered, what it comes to, how it looks, its number format if it has one."""
    if value is None:
        return {}
    effective = show(value, "UNFORMATTED_VALUE", "SERIAL_NUMBER")
    entered = {"formulaValue": value.text} if isinstance(value, Formula) else _extend(effective)
    described: dict[str, object] = {
        "userEnteredValue": entered,
        "effectiveValue": _extend(effective),
        "formattedValue": str(show(value, "FORMATTED_VALUE", "SERIAL_NUMBER")),
    }
    number_format = None
    if isinstance(value, Moment):
        number_format = {"type": "DATE_TIME", "pattern": "yyyy/mm/dd hh:mm:ss"}
    elif isinstance(value, Formatted):
        number_format = {"type": value.kind, "pattern": value.pattern}
    if number_format is not None:
        described["userEnteredFormat"] = {"numberFormat": number_format}
    return described


def _extend(value: str | float | bool) -> dict[str, object]:
    """An `ExtendedValue`."""
    kind = "boolValue" if isinstance(value, bool) else "stringValue" if isinstance(value, str) else "numberValue"
    return {kind: value}


def _plain(number: float) -> float:
    return int(number) if number == int(number) else number


def _show_formatted(number: float, pattern: str) -> str:
    decimals = len(pattern.partition(".")[2].rstrip('%"$ '))
    bare = re.sub(r'"[^"]*"', "", pattern)
    shown = f"{number * 100 if '%' in bare else number:,.{decimals}f}"
    sign = "%" if "%" in pattern else ""
    return f"{'$' if '$' in pattern else ''}{shown}{sign}"


def _format_number(number: float) -> str:
    """The format "Automatic": as many decimals as there are, at most ten places."""
    return f"{number:.10g}" if abs(number) < 1e15 else f"{number:.5E}"
