"""Where the worksheets come from: Google Sheets, a downloaded file, a directory of CSV files, SQLite (SPEC 7)."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from config import Config
from migration.csv_files import NoCsvError, name_tab, read_csv_file
from migration.dates import FIRST_SERIAL_DAY
from migration.formats import apply_percent_format
from migration.progress import Progress
from migration.tabs import TABS, Rows, Tabs, find_header, find_tab, lay_out
from migration.values import Cell
from migration.workbooks import NoWorkbookError, read_workbook
from sheets_backup.columns import IDENTITY_TAB
from sheets_backup.errors import MirrorError
from sheets_backup.gateway import Gateway, Window, open_gateway


class SourceError(Exception):
    """The source cannot be read; the text is one sentence that says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class Book:
    """What a source holds: worksheets by title, the day that its numbers count dates from, and what else was found.

    `unread` names each thing beside the worksheets that is none, and is not read.
    """

    tabs: Tabs
    epoch: datetime = FIRST_SERIAL_DAY
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is named on the command line. `is_complete`: it must have every worksheet that is wanted."""

    name: str
    read: Callable[[Config, Progress], Book]
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


# --- Google Sheets ---------------------------------------------------------------------------------------------------


def _read_sheets(config: Config, progress: Progress) -> Book:
    progress.show("Google Sheets", 0, 1)
    try:
        gateway = open_gateway(config)
        tabs = _name_tabs(gateway.read_all_tabs())
        # A mirror has no formats of its own, and is restored from other tabs.
        return Book(tabs if IDENTITY_TAB in tabs else _apply_formats(gateway, tabs))
    except MirrorError as error:
        raise SourceError(str(error)) from error


def _apply_formats(gateway: Gateway, tabs: Tabs) -> Tabs:
    """The worksheets with each percentage as its cell shows it: the API gives 0.08 for 8 % and says nothing of it."""
    places = [
        (tab.title, head, layout.places[column.header])
        for tab in TABS
        if (rows := tabs.get(tab.title))
        for head in (find_header(tab, rows),)
        for layout in (lay_out(tab, rows[head]),)
        for column in tab.columns
        if column.is_pct and column.header in layout.places
    ]
    windows = [Window(title, head + 1, len(tabs[title]), place + 1, place + 1) for title, head, place in places]
    changed = {title: [list(row) for row in tabs[title]] for title, _, _ in places}
    for (title, head, place), patterns in zip(places, gateway.read_formats(windows), strict=True):
        for row, pattern in zip(changed[title][head:], patterns, strict=False):
            if place < len(row):
                row[place] = _apply_format(row[place], pattern)
    return {**tabs, **changed}


def _apply_format(cell: Cell, pattern: str) -> Cell:
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        return apply_percent_format(cell, pattern) or cell
    return cell


# --- a file as Google exports it -------------------------------------------------------------------------------------


def _read_xlsx(path: Path, progress: Progress) -> Book:
    _require(path, is_dir=False)
    try:
        sheets, epoch = read_workbook(path, progress)
    except NoWorkbookError as error:
        raise SourceError(
            f"{path} is no .xlsx file: in Google Sheets choose File, Download, Microsoft Excel."
        ) from error
    return Book(_name_tabs(sheets), epoch)


# --- a directory of CSV files ----------------------------------------------------------------------------------------


def _read_csv(path: Path, progress: Progress) -> Book:
    """Each file is a worksheet by its name."""
    _require(path, is_dir=True)
    found = sorted(file for file in path.iterdir() if not file.name.startswith("."))
    files = [file for file in found if file.suffix.lower() == ".csv" and file.is_file()]
    if not files:
        raise SourceError(f"{path} holds no .csv file: download each worksheet as CSV into it.")
    titles = {file: _name_csv_tab(file.stem) for file in files}
    _refuse_doubles(titles.items())
    tabs = {}
    for file in progress.follow("reading", files, len(files)):
        try:
            tabs[titles[file]] = read_csv_file(file, find_tab(titles[file]))
        except NoCsvError as error:
            raise SourceError(f"{file} {error}") from error
    return Book(_name_tabs(tabs), unread=tuple(file.name for file in found if file not in titles))


def _name_csv_tab(stem: str) -> str:
    """The worksheet's name where the file holds one that is wanted, its own name otherwise."""
    return next((name for name in (stem, name_tab(stem)) if find_tab(name)), stem)


def _refuse_doubles(titles: Iterable[tuple[Path, str]]) -> None:
    """Of two downloads of a worksheet nobody can know which one is meant."""
    taken: dict[str, Path] = {}
    for file, title in titles:
        tab = find_tab(title)
        if tab is not None and taken.setdefault(tab.title, file) is not file:
            raise SourceError(
                f"{taken[tab.title].name} and {file.name} are both {tab.title}: take the one away that does not count."
            )


# --- SQLite ----------------------------------------------------------------------------------------------------------


def _read_sqlite(path: Path, progress: Progress) -> Book:
    """The reference tables of the version before, and whatever else has the name of a worksheet."""
    _require(path, is_dir=False)
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            found = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')").fetchall()
            names = {tab.title: name for (name,) in found if (tab := find_tab(name)) is not None}
            unread = tuple(name for (name,) in found if not find_tab(name) and not name.startswith("sqlite_"))
            tabs = {
                title: _read_sqlite_table(connection, name)
                for title, name in progress.follow("reading", names.items(), len(names))
            }
    except sqlite3.Error as error:
        raise SourceError(f"{path} is no SQLite file that can be read: {error}.") from error
    if not tabs:
        wanted = ", ".join(tab.table for tab in TABS)
        raise SourceError(f"{path} has none of the tables {wanted}.")
    return Book(tabs, unread=unread)


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


def _name_tabs(tabs: Tabs) -> Tabs:
    """The worksheets of the old bot under their own titles, however they are written; the others as they are."""
    named: dict[str, Sequence[Sequence[Cell]]] = {}
    for title, rows in tabs.items():
        tab = find_tab(title)
        if tab is not None and tab.title in named:
            raise SourceError(f"Two worksheets are both {tab.title}: rename the one that should not be migrated.")
        named[tab.title if tab else title] = rows
    return named
