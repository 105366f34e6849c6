"""Where a person stands: the month, the rank, the days, the ledger, as they are shown."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from payroll.ledger import find_mover
from payroll.money import ZERO
from payroll.offers import BonusOffer


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank as people know it, with its range of the month's sales in USD and its bonuses."""

    rank_id: int
    name: str
    emoji: str
    text: str
    min_sales: Decimal
    max_sales: Decimal | None
    offers: tuple[BonusOffer, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in a month: its sales in USD, the ranks lowest first, and the place in them.

    `sales` are what counts: those of the shifts less `refunded`, the refunds that lower the rank (PAYROLL D35).
    """

    month: date
    sales: Decimal
    ranks: tuple[Rank, ...]
    position: int
    refunded: Decimal = ZERO

    @property
    def sold(self) -> Decimal:
        """What the month's shifts sum up to, refunds not taken off. 290.00 of which 260.00 were refunded: 290.00."""
        return self.sales + self.refunded

    @property
    def rank(self) -> Rank:
        """The rank held."""
        return self.ranks[self.position]

    @property
    def next_rank(self) -> Rank | None:
        """The rank above, None at the top."""
        return self.ranks[self.position + 1] if self.position + 1 < len(self.ranks) else None

    @property
    def missing_sales(self) -> Decimal:
        """USD of sales to the next rank, 0.00 at the top."""
        return self.next_rank.min_sales - self.sales if self.next_rank else ZERO


@dataclass(frozen=True, slots=True)
class DayTotal:
    """A shift date with what was sold and made on it, in USD."""

    day: date
    sales: Decimal
    made: Decimal


@dataclass(frozen=True, slots=True)
class Summary:
    """A person's statistics on a date; `rolling_average` is None before the first shift."""

    standing: Standing
    made_since_pay_day: Decimal
    last_pay_day: date
    next_pay_day: date
    rolling_average: Decimal | None
    shift_count: int
    days: tuple[DayTotal, ...]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A line of a person's ledger; `units` and `balance_after` in USD."""

    created_at: datetime
    direction: str
    units: Decimal
    balance_after: Decimal
    ref: str
    reason: str
    period_start: date
    period_end: date

    @property
    def mover_id(self) -> int | None:
        """The shift whose change moved the pay of the one that the line is about, None where it was its own."""
        return find_mover(self.reason)
