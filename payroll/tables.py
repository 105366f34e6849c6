"""Rate and rank tables: half-open ranges without gaps or overlaps, the last without an upper end (SPEC 3.6, 3.13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from payroll.errors import ErrorKey, InvalidInputError
from payroll.money import HUNDRED
from payroll.offers import BonusOffer

MAX_WAGE = Decimal("9999.99")


class Range(Protocol):
    """A row of such a table: `[min_sales, max_sales)` in USD, `max_sales` None for the last."""

    @property
    def min_sales(self) -> Decimal:
        """From this amount on."""

    @property
    def max_sales(self) -> Decimal | None:
        """Up to, not including, this amount."""


@dataclass(frozen=True, slots=True)
class RateStep:
    """One range of the day's sales and the percent points it adds."""

    min_sales: Decimal
    max_sales: Decimal | None
    pct: Decimal


@dataclass(frozen=True, slots=True)
class RateTable:
    """One version of the dynamic rates (TECH T11)."""

    version_id: int
    steps: tuple[RateStep, ...]

    def find_pct(self, sales: Decimal) -> Decimal:
        """Percent points for sales in USD. Example: the starting table gives 2 for 500.00 and 0 for 499.99."""
        return self.steps[find_position(self.steps, sales)].pct


@dataclass(frozen=True, slots=True)
class RankStep:
    """One range of the month's sales, the rank it is, and the bonuses one of which is drawn when it is reached."""

    rank_id: int
    min_sales: Decimal
    max_sales: Decimal | None
    offers: tuple[BonusOffer, ...]


@dataclass(frozen=True, slots=True)
class RankTable:
    """One version of the ranks, lowest first."""

    version_id: int
    steps: tuple[RankStep, ...]

    def find_position(self, sales: Decimal) -> int:
        """Place of the rank that a month's sales in USD reach, 0 for the lowest (SPEC 3.13)."""
        return find_position(self.steps, sales)

    def find_position_of(self, rank_id: int) -> int | None:
        """Place of a rank, None where this version does not have it."""
        return next((place for place, step in enumerate(self.steps) if step.rank_id == rank_id), None)


def find_position(steps: Sequence[Range], sales: Decimal) -> int:
    """Place of the range that holds an amount; a negative amount (refunds) is in the first."""
    place = len(steps) - 1
    while place > 0 and steps[place].min_sales > sales:
        place -= 1
    return place


def check_whole(steps: Sequence[Range], *, field: str) -> None:
    """Refuse a table with a gap, an overlap, a first range not from 0, or a last one with an end (SPEC 3.6)."""
    allowed = "ranges from 0 upwards, each beginning where the one before ends, the last without an end"
    expected: Decimal | None = Decimal(0)
    for step in steps:
        if expected is None or step.min_sales != expected:
            raise InvalidInputError(ErrorKey.TABLE_NOT_WHOLE, field=field, value=step.min_sales, allowed=allowed)
        if step.max_sales is not None and step.max_sales <= step.min_sales:
            raise InvalidInputError(ErrorKey.TABLE_NOT_WHOLE, field=field, value=step.max_sales, allowed=allowed)
        expected = step.max_sales
    if not steps or expected is not None:
        raise InvalidInputError(ErrorKey.TABLE_NOT_WHOLE, field=field, value=expected, allowed=allowed)


def check_start(steps: Sequence[Range], place: int, start: Decimal, *, name: str) -> None:
    """Refuse another beginning of a range that would not lie between those of its neighbours.

    `name` is what the range is called. Example: in the starting rates the step from 500.00 can begin at more than 0.00
    and less than 1,000.00. Raises InvalidInputError with START_OUT_OF_PLACE.
    """
    low = steps[place - 1].min_sales if place else None
    high = steps[place + 1].min_sales if place + 1 < len(steps) else None
    if (low is None or start > low) and (high is None or start < high):
        return
    bounds = [f"more than {low:,.2f}"] if low is not None else []
    bounds += [f"less than {high:,.2f}"] if high is not None else []
    raise InvalidInputError(ErrorKey.START_OUT_OF_PLACE, field=name, value=start, allowed=" and ".join(bounds))


def check_wage(wage: Decimal, *, field: str) -> None:
    """Refuse a wage in USD an hour that is below 0 or not below 10,000; 0 is who lives on commission alone."""
    if not 0 <= wage <= MAX_WAGE:
        raise InvalidInputError(ErrorKey.VALUE_INVALID, field=field, value=wage, allowed=f"0.00 to {MAX_WAGE:,}")


def check_pct(pct: Decimal, *, field: str) -> None:
    """Refuse a percentage outside 0 to 100 or with more than two decimals (SPEC 3.1, PAYROLL D11)."""
    if not (pct.is_finite() and 0 <= pct <= HUNDRED and pct == pct.quantize(Decimal("0.01"))):
        allowed = "0 to 100 with at most two decimals"
        raise InvalidInputError(ErrorKey.VALUE_INVALID, field=field, value=pct, allowed=allowed)
