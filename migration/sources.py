"""Where the worksheets come from: Google Sheets, a downloaded file, a directory of CSV files, SQLite (SPEC 7)."""

import csv
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from config import Config
from migration.cells import Cell
from migration.progress import Progress
from migration.tabs import TABS, Rows, Tabs, find_tab
from sheets_backup.errors import MirrorError
from sheets_backup.gateway import open_gateway

_HUNDRED = Decimal(100)


class SourceError(Exception):
    """The source cannot be read; the text is one sentence that says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is named on the command line. `is_complete`: it must have every worksheet that is wanted."""

    name: str
    read: Callable[[Config, Progress], Tabs]
    is_complete: bool = True


def parse_source(text: str) -> Source:
    """`sheets`, `xlsx:FILE`, `csv:DIR` or `sqlite:FILE`. Raises SourceError."""
    kind, _, place = text.partition(":")
    if text == "sheets":
        return Source(text, _read_sheets)
    if kind == "xlsx" and place:
        return Source(text, lambda _, progress: _read_xlsx(Path(place), progress))
    if kind == "csv" and place:
        return Source(text, lambda _, progress: _read_csv(Path(place), progress))
    if kind == "sqlite" and place:
        return Source(text, lambda _, progress: _read_sqlite(Path(place), progress), is_complete=False)
    raise SourceError(f"--source {text} is none: write sheets, xlsx:FILE, csv:DIR or sqlite:FILE.")


def _read_sheets(config: Config, progress: Progress) -> Tabs:
    progress.show("Google Sheets", 0, 1)
    try:
        return _name_tabs(open_gateway(config).read_all_tabs())
    except MirrorError as error:
        raise SourceError(str(error)) from error


# --- a file as Google exports it -------------------------------------------------------------------------------------


def _read_xlsx(path: Path, progress: Progress) -> Tabs:
    from openpyxl import load_workbook  # late: the other sources need none of it
    from openpyxl.utils.exceptions import InvalidFileException

    _require(path, is_dir=False)
    try:
        workbook = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, BadZipFile, KeyError, ValueError, OSError) as error:
        raise SourceError(
            f"{path} is no .xlsx file: in Google Sheets choose File, Download, Microsoft Excel."
        ) from error
    with closing(workbook):
        return _name_tabs({sheet.title: list(_list_xlsx_rows(sheet, progress)) for sheet in workbook.worksheets})


def _list_xlsx_rows(sheet: Any, progress: Progress) -> Iterator[list[Cell]]:
    percent_styles: dict[int, bool] = {}

    def read(cell: Any) -> Cell:
        value: Cell = cell.value
        if isinstance(value, int | float) and not isinstance(value, bool):
            style = cell._style_id  # noqa: SLF001 - the format itself is looked up once a style, not once a cell
            if style not in percent_styles:
                percent_styles[style] = "%" in (cell.number_format or "")
            if percent_styles[style]:
                return f"{Decimal(repr(value)) * _HUNDRED:f}%"
        return value

    rows = sheet.iter_rows()
    for row in progress.follow(f"reading {sheet.title}", rows, sheet.max_row or 1):
        yield [read(cell) if cell.value is not None else None for cell in row]


# --- a directory of CSV files ----------------------------------------------------------------------------------------


def _read_csv(path: Path, progress: Progress) -> Tabs:
    """Each file is a worksheet by its name; Google names a download `<spreadsheet> - <worksheet>.csv`."""
    _require(path, is_dir=True)
    files = sorted(file for file in path.iterdir() if file.suffix.lower() == ".csv")
    if not files:
        raise SourceError(f"{path} holds no .csv file: download each worksheet as CSV into it.")
    return _name_tabs(
        {_name_csv_tab(file.stem): _read_csv_file(file) for file in progress.follow("reading", files, len(files))}
    )


def _name_csv_tab(stem: str) -> str:
    return stem if find_tab(stem) else stem.rpartition(" - ")[2]


def _read_csv_file(file: Path) -> Rows:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            text = stream.read()
    except UnicodeDecodeError as error:
        raise SourceError(f"{file} is not UTF-8 text: download it from Google Sheets as CSV again.") from error
    except OSError as error:
        raise SourceError(f"{file} cannot be read: {error.strerror}.") from error
    first, _, _ = text.partition("\n")
    # In countries with a decimal comma a semicolon stands between the values.
    delimiter = max(",;\t", key=first.count)
    try:
        return list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise SourceError(f"{file} is no CSV file: {error}.") from error


# --- SQLite ----------------------------------------------------------------------------------------------------------


def _read_sqlite(path: Path, progress: Progress) -> Tabs:
    """The reference tables of the version before, and whatever else has the name of a worksheet."""
    _require(path, is_dir=False)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
            names = {tab.title: name for (name,) in found if (tab := find_tab(name)) is not None}
            tabs = {
                title: _read_sqlite_table(connection, name)
                for title, name in progress.follow("reading", names.items(), len(names))
            }
    except sqlite3.Error as error:
        raise SourceError(f"{path} is no SQLite file that can be read: {error}.") from error
    if not tabs:
        wanted = ", ".join(tab.table for tab in TABS)
        raise SourceError(f"{path} has none of the tables {wanted}.")
    return tabs


def _read_sqlite_table(connection: sqlite3.Connection, name: str) -> Rows:
    quoted = name.replace('"', '""')
    # The name of a table that was found in the file, quoted; SQLite takes no name as a parameter.
    cursor = connection.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  # nosec B608
    header: list[Cell] = [column[0] for column in cursor.description]
    return [header, *(list(row) for row in cursor)]


# --- all -------------------------------------------------------------------------------------------------------------


def _require(path: Path, *, is_dir: bool) -> None:
    if not path.exists():
        raise SourceError(f"{path} is not there.")
    if path.is_dir() != is_dir:
        raise SourceError(f"{path} is {'no' if is_dir else 'a'} directory.")


def _name_tabs(tabs: dict[str, Any]) -> dict[str, Sequence[Sequence[Cell]]]:
    """The worksheets of the old bot under their own titles, however they are written; the others as they are."""
    named: dict[str, Sequence[Sequence[Cell]]] = {}
    for title, rows in tabs.items():
        tab = find_tab(title)
        if tab is not None and tab.title in named:
            raise SourceError(f"Two worksheets are called {tab.title}: rename the one that should not be migrated.")
        named[tab.title if tab else title] = rows
    return named
