"""Which columns of Shifts are models: those that are nothing else, as far as they hold amounts (SPEC 7)."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from config import RECORD_FIELDS
from migration.cells import is_nothing, read_amount
from migration.tabs import Layout, Rows
from migration.values import Cell, CellError, Uncomputed, is_empty
from payroll.money import ZERO
from sheets_backup.gateway import name_column

LONGEST_MODEL = 40
# Digits and the signs that stand beside them: meant as an amount, whether or not it can be read as one.
_LIKE_AMOUNT = re.compile(r"[-+−–—$€£₽₴\s.,'’]*[0-9][-+−–—$€£₽₴\s.,'’0-9]*|#[A-Z0-9/!?]+")


@dataclass(frozen=True, slots=True)
class Models:
    """Columns of sales by name; those that are none, and those that cannot be used, each with the reason.

    `doubtful` are columns that are none of the models, but hold amounts of which no total says that they are no sales.
    """

    places: Mapping[str, int]
    left_out: Mapping[str, str]
    faults: Mapping[str, str]
    doubtful: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Votes:
    """In how many rows the total sales speak for a column, and in how many against it."""

    ayes: int
    noes: int


def find_models(body: Rows, layout: Layout, known: frozenset[str]) -> Models:
    """Sort the columns of unknown headers. `body` are the rows below the headers, `known` products by any case.

    A model is known by name, or holds more amounts than anything else. A column whose amounts are part of the recorded
    total sales somewhere is one whatever else it holds; one whose amounts are no part of them anywhere is none.
    """
    products = {name: place for name, place in layout.unknown.items() if name.casefold() in known}
    counts = {name: _count(body, place) for name, place in layout.unknown.items() if name not in products}
    likely = products | {name: layout.unknown[name] for name, (amounts, others) in counts.items() if amounts > others}
    places: dict[str, int] = {}
    left_out: dict[str, str] = {}
    doubtful: dict[str, int] = {}
    total_place = layout.places.get("Total sales")
    for name, place in layout.unknown.items():
        amounts, _ = counts.get(name, (0, 0))
        votes = _ask(body, place, [one for one in likely.values() if one != place], total_place)
        if name in products or votes.ayes or (name in likely and not votes.noes):
            places[name] = place
            continue
        if name in likely:
            left_out[name] = "it is no part of the total sales"
        else:
            left_out[name] = (
                "it does not hold amounts" if next(_list_cells(body, place), None) is not None else "it is empty"
            )
        if amounts and not votes.noes:
            doubtful[name] = place
    for name, place in _list_nameless(body, layout):
        left_out[name] = "it has no header"
        if _count(body, place)[0] and not _ask(body, place, list(places.values()), total_place).noes:
            doubtful[name] = place
    faults = {name: why for name in places if (why := _find_fault(name)) is not None}
    return Models(places, left_out, faults, doubtful)


def find_amount(cell: Cell) -> Decimal | None:
    """The amount that a cell holds; None where it holds none that can be read."""
    try:
        return read_amount(cell, is_derived=True)
    except CellError:
        return None


def _count(body: Rows, place: int) -> tuple[int, int]:
    """How many cells of a column are meant as amounts, and how many as something else."""
    amounts = others = 0
    for cell in _list_cells(body, place):
        if is_nothing(cell):
            continue
        if isinstance(cell, Uncomputed) or find_amount(cell) is not None or _is_like_amount(cell):
            amounts += 1
        else:
            others += 1
    return amounts, others


def _is_like_amount(cell: Cell) -> bool:
    return isinstance(cell, str) and _LIKE_AMOUNT.fullmatch(cell.strip()) is not None


def _find_fault(name: str) -> str | None:
    if name in RECORD_FIELDS:
        return "a model cannot have the name of a shift's field"
    # Emojis are joined by a sign that is none of those to print.
    if len(name) > LONGEST_MODEL or not name.replace("\u200d", "").isprintable():
        return f"a model's name has 1 to {LONGEST_MODEL} characters"
    return None


def _ask(body: Rows, place: int, others: Sequence[int], total_place: int | None) -> _Votes:
    if total_place is None:
        return _Votes(0, 0)
    votes = [_vote(row, place, others, total_place) for row in body]
    return _Votes(votes.count(True), votes.count(False))


def _vote(row: Sequence[Cell], place: int, others: Iterable[int], total_place: int) -> bool | None:
    """Whether a row's total sales speak for (True) or against a column, None where they say nothing."""
    own, total = _amount_at(row, place), _amount_at(row, total_place)
    if not own or total is None or is_empty(row[total_place]):
        return None
    beside = ZERO
    for one in others:
        amount = _amount_at(row, one)
        if amount is None:
            return None
        beside += amount
    if beside + own == total:
        return True
    return False if beside == total else None


def _list_nameless(body: Rows, layout: Layout) -> Iterator[tuple[str, int]]:
    """Columns with something in them and nothing above."""
    named = {*layout.places.values(), *layout.unknown.values(), *layout.ignored}
    filled = {place for row in body for place, cell in enumerate(row) if place not in named and not is_empty(cell)}
    for place in sorted(filled):
        yield f"in {name_column(place + 1)}", place


def _list_cells(body: Rows, place: int) -> Iterator[Cell]:
    for row in body:
        if place < len(row) and not is_empty(row[place]):
            yield row[place]


def _amount_at(row: Sequence[Cell], place: int) -> Decimal | None:
    """The amount at a place of a row, 0 where nothing stands there, None where it cannot be read."""
    if place >= len(row) or is_empty(row[place]) or is_nothing(row[place]):
        return ZERO
    return find_amount(row[place])
