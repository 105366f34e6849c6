"""A downloaded workbook: its worksheets as they are, whatever it says of itself (SPEC 7)."""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias
from zipfile import BadZipFile, ZipFile

from migration.dates import FIRST_SERIAL_DAY, FIRST_SERIAL_DAY_1904
from migration.formats import apply_percent_format
from migration.progress import Progress
from migration.values import Cell, Uncomputed

Rows: TypeAlias = list[list[Cell]]

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CHUNK = 1 << 20


class NoWorkbookError(Exception):
    """The file is no workbook."""


def read_workbook(path: Path, progress: Progress) -> tuple[dict[str, Rows], datetime]:
    """The rows of each worksheet by its title, and the day that the workbook's numbers count dates from.

    A formula that has no result becomes `Uncomputed`. Raises NoWorkbookError.
    """
    from openpyxl import load_workbook  # late: the other sources need none of it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
        has_formulas = _has_formulas(path)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError) as error:
        raise NoWorkbookError from error
    blanks: dict[str, set[tuple[int, int]]] = {}
    with closing(workbook):
        sheets = {sheet.title: _read_sheet(sheet, progress, blanks) for sheet in workbook.worksheets}
        is_from_1904 = workbook.epoch == FIRST_SERIAL_DAY_1904
    if has_formulas:
        with closing(load_workbook(path, read_only=True)) as formulas:
            for sheet in formulas.worksheets:
                _mark_uncomputed(sheet, sheets[sheet.title], blanks[sheet.title])
    return sheets, FIRST_SERIAL_DAY_1904 if is_from_1904 else FIRST_SERIAL_DAY


def _read_sheet(sheet: Any, progress: Progress, blanks: dict[str, set[tuple[int, int]]]) -> Rows:
    """All rows down to the last that has something. `blanks` get the places of results that are empty text."""
    patterns: dict[int, str] = {}
    blank = blanks.setdefault(sheet.title, set())

    def read(cell: Any, row: int, column: int) -> Cell:
        value: Cell = cell.value
        if value is None and cell.data_type == "str":
            blank.add((row, column))
        if isinstance(value, int | float) and not isinstance(value, bool):
            style = cell._style_id  # noqa: SLF001 - the format itself is looked up once a style, not once a cell
            if style not in patterns:
                patterns[style] = cell.number_format or ""
            if "%" in patterns[style]:
                return apply_percent_format(value, patterns[style]) or value
        return value

    rows: Rows = []
    for place, row in enumerate(_list_rows(sheet, progress)):
        cells = [read(cell, place, column) for column, cell in enumerate(row)]
        if any(cell is not None for cell in cells):
            _put(rows, place, cells)
    return rows


def _list_rows(sheet: Any, progress: Progress) -> Iterator[Any]:
    claimed = sheet.max_row or 1
    # The size that a file says of itself may be too small, and rows would be missing.
    sheet.reset_dimensions()
    return progress.follow(f"reading {sheet.title}", sheet.iter_rows(), claimed)


def _mark_uncomputed(sheet: Any, rows: Rows, blank: set[tuple[int, int]]) -> None:
    sheet.reset_dimensions()
    for place, row in enumerate(sheet.iter_rows()):
        for column, cell in enumerate(row):
            if cell.data_type != "f" or (place, column) in blank:
                continue
            if place >= len(rows):
                _put(rows, place, [])
            cells = rows[place]
            cells += [None] * (column + 1 - len(cells))
            if cells[column] is None:
                cells[column] = Uncomputed(str(getattr(cell.value, "text", cell.value)))


def _put(rows: Rows, place: int, cells: list[Cell]) -> None:
    rows.extend([] for _ in range(place - len(rows)))
    rows.append(cells)


def _has_formulas(path: Path) -> bool:
    """Whether a second look is worth while: it takes as long as the first."""
    with ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/"):
                with archive.open(name) as stream:
                    end = b""
                    while chunk := stream.read(_CHUNK):
                        if _FORMULA.search(end + chunk):
                            return True
                        end = chunk[-16:]
    return False
