"""The worksheets of the old bot, column by column, and finding the columns of one (SPEC 5, 7)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from migration.cells import Cell, clean, is_empty, show

Rows: TypeAlias = Sequence[Sequence[Cell]]
Tabs: TypeAlias = Mapping[str, Rows]
"""Worksheets by title, each with its rows, the header's first."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column under the old bot's header. `aliases` are other names of it, `is_needed` that a sheet must have it."""

    header: str
    aliases: tuple[str, ...] = ()
    is_needed: bool = True


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


SETTINGS = Tab(
    "EmployeeSettings",
    "employee_settings",
    (
        Column("EmployeeId"),
        Column("Hourly wage", ("wage",)),
        Column("Sales commission", ("base commission", "base rate", "base_pct")),
    ),
)
RATES = Tab(
    "DynamicRates",
    "dynamic_rates",
    (Column("Min Amount", ("min_sales",)), Column("Max Amount", ("max_sales",)), Column("Percentage", ("rate",))),
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
        Column("%", ("commission_pct",)),
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
    return next((tab for tab in TABS if normalize(tab.title) == normalize(name)), None)


def normalize(name: str) -> str:
    """A name without case, spaces and signs but the %."""
    return re.sub(r"[^\w%]|_", "", clean(name).casefold())


def lay_out(tab: Tab, header: Sequence[Cell]) -> Layout:
    """Find the columns of a worksheet by its first row, in whatever order they stand."""
    names = {normalize(name): column.header for column in tab.columns for name in (column.header, *column.aliases)}
    ignored = {normalize(name) for name in tab.ignored}
    places: dict[str, int] = {}
    unknown: dict[str, int] = {}
    doubled: list[str] = []
    for place, cell in enumerate(header):
        key = "" if is_empty(cell) else normalize(show(cell)) or show(cell)
        if not key or key in ignored:
            continue
        found, where = (names[key], places) if key in names else (clean(str(cell)), unknown)
        same = next((name for name in where if normalize(name) == normalize(found)), None)
        if same is not None:
            doubled.append(same)
        else:
            where[found] = place
    missing = [column.header for column in tab.columns if column.is_needed and column.header not in places]
    faults = [(name, "the column stands there twice") for name in dict.fromkeys(doubled)]
    faults += [(name, "the column is missing") for name in missing]
    return Layout(places, unknown, tuple(faults))
