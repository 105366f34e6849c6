"""What became of every row, and what it comes to: the report of a migration, the same for a dry run (SPEC 7)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from payroll.amounts import format_amount


@dataclass(frozen=True, slots=True)
class Rejection:
    """A row that is not taken over: its number as the sheet counts (1 is the header's), the column, the value, why."""

    tab: str
    row_no: int
    column: str
    value: str
    reason: str

    def render(self) -> str:
        """One line."""
        value = f"“{self.value}” " if self.value else ""
        return f"{self.tab} row {self.row_no}, {self.column}: {value}{self.reason}"


@dataclass(frozen=True, slots=True)
class Warned:
    """A row that is taken over, and what somebody should know about it."""

    tab: str
    row_no: int
    text: str

    def render(self) -> str:
        """One line."""
        return f"{self.tab} row {self.row_no}: {self.text}"


_Entry = TypeVar("_Entry", Rejection, Warned)


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
class Report:
    """Filled while rows are read and loaded."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    """What is wrong with a worksheet as a whole: nothing is written then."""
    rejections: list[Rejection] = field(default_factory=list)
    warnings: list[Warned] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    owed: list[Owed] = field(default_factory=list)
    _rejected_rows: set[tuple[str, int]] = field(default_factory=set)

    def reject(self, rejection: Rejection) -> None:
        """Note a cell that a row is rejected for; a row counts once."""
        self.rejections.append(rejection)
        if (rejection.tab, rejection.row_no) not in self._rejected_rows:
            self._rejected_rows.add((rejection.tab, rejection.row_no))
            self.tallies[rejection.tab].rejected += 1

    def warn(self, tab: str, row_no: int, text: str) -> None:
        """Note something about a row that is taken over."""
        self.warnings.append(Warned(tab, row_no, text))

    @property
    def is_clean(self) -> bool:
        """Nothing was rejected."""
        return not self.rejections and not self.faults

    @property
    def has_changes(self) -> bool:
        """Whether anything differs from what the database has."""
        return any(tally.inserted or tally.updated for tally in self.tallies.values())

    def render(self) -> str:
        """All of it, the table last."""
        return "\n".join(self._list_lines())

    def _list_lines(self) -> Iterator[str]:
        yield from self.notes
        yield from _section("Worth knowing", [warned.render() for warned in _by_place(self.warnings)])
        yield from _section("Wrong with the source", self.faults)
        yield from _section("Rejected", [rejection.render() for rejection in _by_place(self.rejections)])
        if self.owed:
            rows = [
                [f"{one.name} ({one.employee_id})", format_amount(one.booked), format_amount(one.balance)]
                for one in self.owed
            ]
            yield from _section("Owed", _render_table([["", "booked now", "owed in all"], *rows]))
        heads = ["", "read", "inserted", "updated", "unchanged", "rejected"]
        counts = [
            [tab, *(f"{count:,}" for count in (t.read, t.inserted, t.updated, t.unchanged, t.rejected))]
            for tab, t in self.tallies.items()
        ]
        yield ""
        yield from _render_table([heads, *counts])


def _by_place(entries: Sequence[_Entry]) -> list[_Entry]:
    return sorted(entries, key=lambda one: (one.tab, one.row_no))


def _section(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)


def _render_table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
