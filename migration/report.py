"""What became of every row, and what it comes to: the report of a migration, the same for a dry run (SPEC 7)."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import IntEnum

from payroll.amounts import format_amount
from payroll.money import ZERO

_MOST_LINES = 200
"""Of one kind of remark on the terminal, where nothing else tells where the others are; the file has them all."""


class Gravity(IntEnum):
    """How much a line of the report matters: in this order they are printed, the gravest last."""

    NOTE = 0
    REMARK = 1
    DIFFERENT = 2
    KEPT = 3
    REJECTED = 4
    LOST = 5
    FAULT = 6


TITLES = {
    Gravity.NOTE: "Read so",
    Gravity.REMARK: "Worth knowing",
    Gravity.DIFFERENT: "Kept as recorded, though the rules make something else of it",
    Gravity.KEPT: "Sales that stand on no model, or that the total does not have",
    Gravity.REJECTED: "Rejected",
    Gravity.LOST: "Sales that would be lost",
    Gravity.FAULT: "Wrong with the source",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `row_no` as the sheet counts, None of a whole worksheet; `column` and `value` of a cell."""

    gravity: Gravity
    tab: str
    row_no: int | None
    column: str
    value: str
    text: str

    def render(self) -> str:
        """On one line."""
        place = self.tab if self.row_no is None else f"{self.tab} row {self.row_no}"
        value = f"“{self.value}” " if self.value else ""
        column = f", {self.column}" if self.column else ""
        return f"{place}{column}: {value}{self.text}" if place else f"{value}{self.text}"


@dataclass(slots=True)
class Tally:
    """Rows of one worksheet."""

    read: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class Owed:
    """What is owed to a person after the migration, in USD, and what of it the migration booked."""

    employee_id: int
    name: str
    booked: Decimal
    balance: Decimal


@dataclass(slots=True)
class Sums:
    """What shifts come to: how many, elapsed or recorded hours, USD of sales and of pay."""

    shifts: int = 0
    hours: Decimal = ZERO
    sales: Decimal = ZERO
    made: Decimal = ZERO


@dataclass(slots=True)
class Month:
    """A month's shifts as the sheet has them, and as the database has the same ones afterwards."""

    sheet: Sums = field(default_factory=Sums)
    database: Sums = field(default_factory=Sums)

    @property
    def is_equal(self) -> bool:
        """Whether nothing is missing and nothing is more; the sheet's hours are rounded, shift by shift."""
        one, other = self.sheet, self.database
        if (one.shifts, one.sales, one.made) != (other.shifts, other.sales, other.made):
            return False
        return abs(one.hours - other.hours) <= Decimal("0.01") * max(one.shifts, 1)


@dataclass(slots=True)
class Report:
    """Filled while rows are read and loaded."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    months: dict[date | None, Month] = field(default_factory=lambda: defaultdict(Month))
    """By first day; None: rows whose month cannot be read."""
    _rejected_rows: set[tuple[str, int]] = field(default_factory=set)

    def reject(self, tab: str, row_no: int, column: str, value: str, reason: str) -> None:
        """Note a cell that a row is rejected for; a row counts once."""
        self.entries.append(Entry(Gravity.REJECTED, tab, row_no, column, value, reason))
        if (tab, row_no) not in self._rejected_rows:
            self._rejected_rows.add((tab, row_no))
            self.tallies[tab].rejected += 1

    def warn(self, tab: str, row_no: int, text: str, gravity: Gravity = Gravity.REMARK) -> None:
        """Note something about a row that is taken over."""
        self.entries.append(Entry(gravity, tab, row_no, "", "", text))

    def lose(self, tab: str, row_no: int | None, text: str) -> None:
        """Note sales that the database would not have."""
        self.entries.append(Entry(Gravity.LOST, tab, row_no, "", "", text))

    def note(self, text: str) -> None:
        """Note how something was understood."""
        self.entries.append(Entry(Gravity.NOTE, "", None, "", "", text))

    def fault(self, text: str, tab: str = "", column: str = "") -> None:
        """Note what is wrong with a worksheet as a whole: nothing is written then."""
        self.entries.append(Entry(Gravity.FAULT, tab, None, column, "", text))

    def is_rejected(self, tab: str, row_no: int) -> bool:
        """Whether a row was rejected."""
        return (tab, row_no) in self._rejected_rows

    @property
    def has_faults(self) -> bool:
        """Whether something is wrong with the source as a whole."""
        return any(entry.gravity is Gravity.FAULT for entry in self.entries)

    @property
    def is_clean(self) -> bool:
        """Nothing was rejected, and no sales would be lost."""
        return all(entry.gravity < Gravity.REJECTED for entry in self.entries)

    @property
    def has_changes(self) -> bool:
        """Whether anything differs from what the database has."""
        return any(tally.inserted or tally.updated for tally in self.tallies.values())

    def list_entries(self, gravity: Gravity) -> list[Entry]:
        """The lines of one gravity: notes as they came, the others by their place."""
        found = [entry for entry in self.entries if entry.gravity is gravity]
        if gravity is Gravity.NOTE:
            return found
        # In the order in which worksheets are read: what others follow from comes first.
        places = {tab: place for place, tab in enumerate(self.tallies)}
        return sorted(found, key=lambda one: (places.get(one.tab, -1), one.tab, one.row_no or 0))

    def render(self) -> str:
        """All of it: the least first, the gravest near the end, sums last."""
        return "\n".join(self._list_lines())

    def _list_lines(self) -> Iterator[str]:
        for gravity in Gravity:
            lines = [entry.render() for entry in self.list_entries(gravity)]
            if gravity is Gravity.NOTE:
                yield from lines
            else:
                yield from _section(TITLES[gravity], _shorten(lines) if gravity < Gravity.KEPT else lines)
        if self.owed:
            rows = [
                [f"{one.name} ({one.employee_id})", format_amount(one.booked), format_amount(one.balance)]
                for one in self.owed
            ]
            yield from _section("Owed", _render_table([["", "booked now", "owed in all"], *rows]))
        yield from _section("Month by month, the sheet against the database", _render_table(self.list_months()))
        heads = ["", "read", "inserted", "updated", "unchanged", "rejected"]
        counts = [
            [tab, *(f"{count:,}" for count in (t.read, t.inserted, t.updated, t.unchanged, t.rejected))]
            for tab, t in self.tallies.items()
        ]
        yield ""
        yield from _render_table([heads, *counts])

    def list_months(self) -> list[list[str]]:
        """The sums of each month with their headers: two rows, which say the same where nothing is missing."""
        if not self.months:
            return []
        rows = [["", "", "shifts", "hours", "sales", "made"]]
        for month in sorted(self.months, key=lambda one: one or date.max):
            sums = self.months[month]
            name = f"{month:%Y-%m}" if month else "no month"
            rows.append([name, "sheet", *_show_sums(sums.sheet)])
            rows.append(["" if sums.is_equal else "differs", "database", *_show_sums(sums.database)])
        return rows


def _show_sums(sums: Sums) -> list[str]:
    return [f"{sums.shifts:,}", format_amount(sums.hours), format_amount(sums.sales), format_amount(sums.made)]


def _shorten(lines: Sequence[str]) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return list(lines)
    return [*lines[:_MOST_LINES], f"… and {len(lines) - _MOST_LINES:,} more: --report FILE writes them all"]


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)


def _render_table(rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
