"""The worksheets of the old bot, column by column, and finding the columns of one (SPEC 5, 7)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from migration.headers import HEADERS, TITLES
from migration.values import Cell, clean, is_empty, show

HEADER_ROWS = 10
"""People put a title, a logo or an empty row above the headers: these many rows are looked through for them."""

Rows: TypeAlias = Sequence[Sequence[Cell]]
Tabs: TypeAlias = Mapping[str, Rows]
"""Worksheets by title, each with all its rows."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column under the old bot's header. `aliases` are other names of it, `is_needed` that a sheet must have it.

    `is_pct`: it holds percentages, and how its cells are formatted says what a number in them means.
    """

    header: str
    aliases: tuple[str, ...] = ()
    is_needed: bool = True
    is_pct: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that it is known by."""
        return (self.header, *self.aliases, *HEADERS.get(self.header, ()))


@dataclass(frozen=True, slots=True)
class Tab:
    """A worksheet; `table` is its name in the SQLite file of the version before, and on the command line."""

    title: str
    table: str
    columns: tuple[Column, ...]
    has_models: bool = False
    ignored: tuple[str, ...] = ()
    """Further columns that versions of the old bot had, with nothing to take over in them."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the columns of a worksheet stand: by the old bot's header, and those of unknown headers by their own."""

    places: Mapping[str, int]
    unknown: Mapping[str, int]
    faults: tuple[tuple[str, str], ...]
    """Header and what is wrong with it; with any, the rows are not read."""
    ignored: frozenset[int] = frozenset()
    """Places of columns that are known to hold nothing to take over."""


SETTINGS = Tab(
    "EmployeeSettings",
    "employee_settings",
    (
        Column("EmployeeId"),
        Column("Hourly wage", ("wage",)),
        Column("Sales commission", ("base commission", "base rate", "base_pct"), is_pct=True),
    ),
)
RATES = Tab(
    "DynamicRates",
    "dynamic_rates",
    (
        Column("Min Amount", ("min_sales",)),
        Column("Max Amount", ("max_sales",)),
        Column("Percentage", ("rate",), is_pct=True),
    ),
)
RANKS = Tab(
    "Ranks",
    "ranks",
    (
        Column("Rank Name", ("name",)),
        Column("Min Amount", ("min_sales",)),
        Column("Max Amount", ("max_sales",)),
        Column("Emoji"),
        Column("Bonus 1"),
        Column("Bonus 2"),
        Column("Bonus 3"),
        Column("TEXT", ("rank_text",)),
    ),
)
SHIFTS = Tab(
    "Shifts",
    "shifts",
    (
        Column("ID", ("shift_id",)),
        Column("Date", ("recorded_at",)),
        Column("EmployeeId"),
        Column("EmployeeName"),
        Column("Clock in", ("time_in",)),
        Column("Clock out", ("time_out",)),
        Column("Worked hours/shift", ("worked_hours",)),
        Column("Total sales"),
        Column("Net sales"),
        Column("%", ("commission_pct",), is_pct=True),
        Column("Total per hour"),
        Column("Commissions"),
        Column("Total made"),
        Column("Note", ("notes",), is_needed=False),
    ),
    has_models=True,
    ignored=("Rolling average", "Bonus counter", "Shift date", "Status", "Created at", "Updated at"),
)
EMPLOYEE_RANKS = Tab(
    "EmployeeRanks",
    "employee_ranks",
    (
        Column("EmployeeId"),
        Column("Current Rank"),
        Column("Previous Rank"),
        Column("Month"),
        Column("Year"),
        Column("Notified"),
        Column("Last Updated"),
    ),
)
BONUSES = Tab(
    "ActiveBonuses",
    "active_bonuses",
    (
        Column("ID", ("bonus_id",)),
        Column("EmployeeId"),
        Column("Bonus Type"),
        Column("Value"),
        Column("Applied"),
        Column("Shift ID"),
        Column("Created At"),
    ),
)

TABS = (SETTINGS, RATES, RANKS, SHIFTS, EMPLOYEE_RANKS, BONUSES)
"""In the order in which they are read: what a row needs comes before it."""


def find_tab(name: str) -> Tab | None:
    """The worksheet that a name means, however its words are joined: `Shifts`, `employee_ranks`, `Active Bonuses`."""
    wanted = normalize(name)
    return next((tab for tab in TABS if wanted in map(normalize, (tab.title, *TITLES[tab.title]))), None)


def find_alike(rows: Rows) -> Tab | None:
    """The worksheet whose headers another one has, all that it needs."""
    return next((tab for tab in TABS if not lay_out(tab, rows[find_header(tab, rows)]).faults), None) if rows else None


def normalize(name: str) -> str:
    """A name without case, spaces and signs but the %."""
    return re.sub(r"[^\w%]|_", "", clean(name).casefold())


def find_header(tab: Tab, rows: Rows) -> int:
    """Where among the first rows the headers stand: where most of them do, the first row where none does."""
    names = _name_columns(tab)
    found = [len({names[key] for cell in row if (key := _get_key(cell)) in names}) for row in rows[:HEADER_ROWS]]
    return found.index(max(found)) if found else 0


def lay_out(tab: Tab, header: Sequence[Cell]) -> Layout:
    """Find the columns of a worksheet by the row with its headers, in whatever order they stand."""
    names = _name_columns(tab)
    signs = {normalize(name) for name in tab.ignored}
    places: dict[str, int] = {}
    unknown: dict[str, int] = {}
    ignored: set[int] = set()
    doubled: list[str] = []
    for place, cell in enumerate(header):
        key = _get_key(cell)
        if key in signs:
            ignored.add(place)
        if not key or key in signs:
            continue
        found, where = (names[key], places) if key in names else (" ".join(clean(str(cell)).split()), unknown)
        # A model is known by its whole name: two may differ by an emoji.
        same = next((name for name in where if name.casefold() == found.casefold()), None)
        if same is not None:
            doubled.append(same)
        else:
            where[found] = place
    faults = [(name, "the column stands there twice") for name in dict.fromkeys(doubled)]
    if not places:
        wanted = ", ".join(column.header for column in tab.columns if column.is_needed)
        faults = [("headers", f"none of its first {HEADER_ROWS} rows has them: {wanted}")]
    else:
        missing = [column.header for column in tab.columns if column.is_needed and column.header not in places]
        faults += [(name, "the column is missing") for name in missing]
    return Layout(places, unknown, tuple(faults), frozenset(ignored))


def _name_columns(tab: Tab) -> dict[str, str]:
    """The old bot's header by each name that its column is known by."""
    return {_get_key(name): column.header for column in tab.columns for name in column.names}


def _get_key(cell: Cell) -> str:
    """What a header is found by; a sign alone is its own."""
    return "" if is_empty(cell) else normalize(show(cell)) or show(cell)
