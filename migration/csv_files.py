"""A directory of CSV files, as Google, Excel and others write them (SPEC 7)."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from migration.tabs import HEADER_ROWS, Tab, find_header, lay_out
from migration.values import Cell, is_empty

_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_COPY = re.compile(r"(?i)\s*(?:\(\d+\)|[-–]?\s*(?:copy|копия|копія)(?:\s*\(?\d+\)?)?)$")
_SEPARATOR_LINE = re.compile(r"sep=(.)(?:\r\n|\r|\n|$)")


class NoCsvError(Exception):
    """The file cannot be read; the text goes on from its name."""


def name_tab(stem: str) -> str:
    """The worksheet that a file holds: Google names it `<spreadsheet> - <worksheet>`, a browser the second `(1)`."""
    return _COPY.sub("", stem.rpartition(" - ")[2]) if " - " in stem else _COPY.sub("", stem)


def read_csv_file(file: Path, tab: Tab | None) -> list[list[Cell]]:
    """The rows of a file; `tab` is the worksheet that it holds, whose headers tell what separates its values.

    Raises NoCsvError.
    """
    text = _read_text(file)
    named = _SEPARATOR_LINE.match(text)
    text = text[named.end() :] if named else text
    rows = _parse(text, named[1] if named else _find_separator(text, tab))
    if tab is not None and rows:
        _refuse_ragged(rows, len(rows[find_header(tab, rows)]))
    return [list(row) for row in rows]


def _find_separator(text: str, tab: Tab | None) -> str:
    """The sign that makes most headers of the worksheet's, or most values, in the first rows."""

    def rate(separator: str) -> tuple[int, int]:
        try:
            rows = list(islice(_open(text, separator), HEADER_ROWS))
        except csv.Error:
            return -1, 0
        found = len(lay_out(tab, rows[find_header(tab, rows)]).places) if tab and rows else 0
        return found, max((len(row) for row in rows), default=0)

    return max(",;\t", key=rate)


def _read_text(file: Path) -> str:
    try:
        raw = file.read_bytes()
        return raw.decode(_BYTE_ORDER_MARKS.get(raw[:2], "utf-8-sig"))
    except UnicodeDecodeError as error:
        raise NoCsvError(
            "is not UTF-8 text: download it from Google Sheets as CSV again, or save it from Excel as CSV UTF-8."
        ) from error
    except OSError as error:
        raise NoCsvError(f"cannot be read: {error.strerror}.") from error


def _open(text: str, separator: str) -> Iterator[list[str]]:
    # Rows end where lines do, and nowhere else: a note may have any other sign in it.
    return csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)


def _parse(text: str, separator: str) -> list[list[str]]:
    try:
        return list(_open(text, separator))
    except csv.Error as error:
        raise NoCsvError(f"is no CSV file: {error}.") from error


def _refuse_ragged(rows: list[list[str]], width: int) -> None:
    """A row with more values than there are headers: a separator is part of a value, and nothing says so."""
    for number, row in enumerate(rows, start=1):
        if any(not is_empty(value) for value in row[width:]):
            raise NoCsvError(
                f"has {len(row)} values in row {number} and {width} headers: a value that has the separator in it must "
                "stand in quotation marks."
            )
