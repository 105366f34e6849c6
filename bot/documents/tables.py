"""A table as data, before it is a sheet or a CSV file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from bot.views.statement_lines import clean_text


@dataclass(frozen=True, slots=True)
class Hours:
    """Time worked as it is summed up, and as it is shown, to two decimals: three times 0.33 h are 1.00 h."""

    exact: Decimal
    shown: Decimal


Value: TypeAlias = str | Decimal | int | date | datetime | Hours | None


_ISOLATES = dict.fromkeys(map(ord, "\u2068\u2069"))
_NOT_IN_XML = dict.fromkeys((0xFFFE, 0xFFFF))


class Kind(StrEnum):
    """What stands in a column. Hours and percent points have two decimals as amounts have, and no currency."""

    TEXT = "text"
    ID = "id"
    COUNT = "count"
    AMOUNT = "amount"
    NUMBER = "number"
    DATE = "date"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. One that `is_summed` has a sum in the last row.

    With `adds_up`, each of its values is the sum of the columns from the first to the last place named, in its row.
    """

    label: str
    kind: Kind
    width: int = 12
    is_summed: bool = False
    adds_up: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below columns; `title` tells what it is of, `name` is short."""

    name: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]

    def sum_column(self, place: int) -> Decimal:
        """The sum of a column's numbers; empty cells count as nothing."""
        cells = (row[place] for row in self.rows)
        values = (value.exact if isinstance(value, Hours) else value for value in cells)
        return sum((Decimal(value) for value in values if isinstance(value, Decimal | int)), Decimal(0))


def clean_cell(text: str) -> str:
    """Text for a cell of its own: on one line, without controls; nothing stands around it that it could turn."""
    return clean_text(text.translate(_NOT_IN_XML)).translate(_ISOLATES)
