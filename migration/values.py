"""What a cell of a spreadsheet holds, as a source gives it, and what is common to reading any of them (SPEC 7)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Uncomputed:
    """A formula whose result the file does not have: a program wrote it that computes nothing."""

    formula: str


Cell: TypeAlias = str | int | float | Decimal | bool | datetime | date | time | timedelta | Uncomputed | None

_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u2009\u202f\u200b\ufeff", " "))
_LONGEST_QUOTE = 60


class CellError(ValueError):
    """A cell that cannot be read; the text goes on from the value: `is not an amount`."""


def is_empty(cell: Cell) -> bool:
    """Nothing, or nothing but spaces."""
    return cell is None or (isinstance(cell, str) and not clean(cell))


def clean(text: str) -> str:
    """Text without the spaces around it, whatever kind they are."""
    return text.translate(_SPACES).strip()


def show(cell: Cell) -> str:
    """A cell for the report, short and on one line."""
    if cell is None:
        return ""
    if isinstance(cell, Uncomputed):
        cell = cell.formula
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds").replace("-", "/")
    text = " ".join(str(cell).split())
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
