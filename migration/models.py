"""Which columns of Shifts are models: those that are nothing else, as far as they hold amounts (SPEC 7)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from config import RECORD_FIELDS
from migration.cells import Cell, CellError, is_empty, read_amount
from migration.tabs import Layout, Rows
from payroll.money import ZERO

LONGEST_MODEL = 40


@dataclass(frozen=True, slots=True)
class Models:
    """Columns of sales by name; those that are none, and those that cannot be used, each with the reason."""

    places: Mapping[str, int]
    left_out: Mapping[str, str]
    faults: Mapping[str, str]


def find_models(rows: Rows, layout: Layout, known: frozenset[str]) -> Models:
    """Sort the columns of unknown headers: a model is known by name, or holds more amounts than anything else.

    A column that holds amounts, but is no part of the recorded total sales wherever it is filled, is no model either.
    """
    places: dict[str, int] = {}
    left_out: dict[str, str] = {}
    for name, place in layout.unknown.items():
        why_not = None if name.casefold() in known else _find_why_not(_list_cells(rows, place))
        if why_not is None:
            places[name] = place
        else:
            left_out[name] = why_not
    for name in _list_beside_total(
        rows, layout, {n: p for n, p in places.items() if n.casefold() not in known}, places
    ):
        del places[name]
        left_out[name] = "it is no part of the total sales"
    return Models(places, left_out, {name: why for name in places if (why := _find_fault(name)) is not None})


def _find_why_not(cells: Iterable[Cell]) -> str | None:
    amounts = others = 0
    for cell in cells:
        if _find_amount(cell) is None:
            others += 1
        else:
            amounts += 1
    if amounts == others == 0:
        return "it is empty"
    return None if amounts > others else "it does not hold amounts"


def _find_fault(name: str) -> str | None:
    if name in RECORD_FIELDS:
        return "a model cannot have the name of a shift's field"
    if len(name) > LONGEST_MODEL or not name.isprintable():
        return f"a model's name has 1 to {LONGEST_MODEL} characters"
    return None


def _list_beside_total(
    rows: Rows, layout: Layout, doubtful: Mapping[str, int], candidates: Mapping[str, int]
) -> Iterator[str]:
    total_place = layout.places.get("Total sales")
    for name, place in doubtful.items():
        others = [one for one in candidates.values() if one != place]
        votes = [_vote(row, place, others, total_place) for row in rows[1:]]
        if votes.count(False) > votes.count(True):
            yield name


def _vote(row: object, place: int, others: Iterable[int], total_place: int | None) -> bool | None:
    """Whether a row's total sales speak for (True) or against a column, None where they say nothing."""
    own, total = _amount_at(row, place), None if total_place is None else _amount_at(row, total_place)
    if not own or total is None:
        return None
    beside = sum((_amount_at(row, one) or ZERO for one in others), ZERO)
    if beside + own == total:
        return True
    return False if beside == total else None


def _list_cells(rows: Rows, place: int) -> Iterator[Cell]:
    for row in rows[1:]:
        if place < len(row) and not is_empty(row[place]):
            yield row[place]


def _amount_at(row: object, place: int) -> Decimal | None:
    cells = list(row) if isinstance(row, list | tuple) else []
    return _find_amount(cells[place]) if place < len(cells) and not is_empty(cells[place]) else None


def _find_amount(cell: Cell) -> Decimal | None:
    try:
        return read_amount(cell, is_derived=True)
    except CellError:
        return None
