"""What the pay rules speak of: frozen records, each field documented once.

Money is USD as `Decimal` with two decimals, `_pct` are percent points, `_at`, `time_in` and `time_out` are aware
datetimes in UTC to the second, `_date` and `_month` (its first day) are dates of the business time zone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from payroll.money import HUNDRED, ZERO, round_cents
from payroll.offers import BonusOffer, BonusType
from payroll.tables import RateTable

OrderKey: TypeAlias = tuple[datetime, int]


class DynamicBasis(StrEnum):
    """Which sales decide the dynamic rate: the person's day, or the shift alone (SPEC 3.6)."""

    DAY = "day"
    SHIFT = "shift"


class BonusState(StrEnum):
    """A bonus waits, is used up, or is withdrawn (SPEC 3.16)."""

    PENDING = "pending"
    APPLIED = "applied"
    VOID = "void"


class VoidedBy(StrEnum):
    """Why a bonus is void; only one that a lost rank withdrew comes back with the rank (PAYROLL D15, D28)."""

    RANK = "rank"
    ADMIN = "admin"
    LEAVING = "leaving"
    REFUND = "refund"


@dataclass(frozen=True, slots=True)
class EarnedBy:
    """The shift that earned a bonus, as far as "the next shift" needs to know it (PAYROLL D22)."""

    shift_id: int
    recorded_at: datetime
    time_in: datetime

    @property
    def order_key(self) -> OrderKey:
        """The one order of shifts (PAYROLL D1)."""
        return (self.recorded_at, self.shift_id)


@dataclass(frozen=True, slots=True)
class Bonus:
    """One bonus of one person.

    `draw` is its own random number, 0 to 2**32 - 1, from which every choice it needs follows (PAYROLL D26).
    `shift_id` is the shift it is applied to; `product_id`, `source_shift_id`, `basis_net` (USD of net sales it was
    taken from) and `amount` (USD it adds) are fixed when it is applied (PAYROLL D27). `bonus_id` is None until stored.
    """

    bonus_id: int | None
    bonus_type: BonusType
    value: Decimal | None
    state: BonusState
    draw: int
    created_at: datetime
    earned_by: EarnedBy | None = None
    rank_id: int | None = None
    rank_month: date | None = None
    shift_id: int | None = None
    product_id: int | None = None
    source_shift_id: int | None = None
    basis_net: Decimal | None = None
    amount: Decimal | None = None
    voided_by: VoidedBy | None = None

    @property
    def offer(self) -> BonusOffer:
        """What it is, apart from whose and when."""
        return BonusOffer(self.bonus_type, self.value)


@dataclass(frozen=True, slots=True)
class ImportedInputs:
    """What the old sheet said of a shift that today's rules would make otherwise: inputs of its pay (PAYROLL D42, T24).

    Hourly pay is `total_per_hour` for `worked_seconds`. Net sales and commissions stay as recorded as long as total
    sales and the % do. With `is_pct_fixed` the recorded % is the whole of it, whatever the table and the bonuses say.
    `difference` is what makes the sum whole.
    """

    worked_seconds: int
    total_per_hour: Decimal
    total_sales: Decimal
    net_sales: Decimal
    commission_pct: Decimal
    is_pct_fixed: bool
    commissions: Decimal
    difference: Decimal


@dataclass(frozen=True, slots=True)
class Terms:
    """What a shift is priced with; kept with the shift, so that later changes do not touch it (SPEC 3.9, D6).

    `imported` is there for migrated history that breaks the rules alone; a fixed % then stands in `base_pct`.
    """

    hourly_wage: Decimal
    base_pct: Decimal
    platform_cut_pct: Decimal
    dynamic_basis: DynamicBasis
    rates: RateTable
    imported: ImportedInputs | None = None

    def find_dynamic_pct(self, *, day_sales: Decimal, shift_sales: Decimal) -> Decimal:
        """The dynamic rate for the day's sales up to and including the shift, or for the shift's own (SPEC 3.6)."""
        if self.imported is not None and self.imported.is_pct_fixed:
            return ZERO
        return self.rates.find_pct(day_sales if self.dynamic_basis is DynamicBasis.DAY else shift_sales)


@dataclass(frozen=True, slots=True)
class Pay:
    """What a shift made and the figures it follows from (SPEC 3.5 to 3.8)."""

    worked_seconds: int
    worked_hours: Decimal
    total_sales: Decimal
    net_sales: Decimal
    dynamic_pct: Decimal
    commission_pct: Decimal
    total_per_hour: Decimal
    commissions: Decimal
    bonus_pay: Decimal
    total_made: Decimal


@dataclass(frozen=True, slots=True)
class Work:
    """What a person says of a shift: when, and what was sold (product id → USD, all above 0)."""

    shift_date: date
    time_in: datetime
    time_out: datetime
    products: Mapping[int, Decimal]

    @property
    def total_sales(self) -> Decimal:
        """Sum of the product amounts (SPEC 3.5)."""
        return sum(self.products.values(), ZERO)


@dataclass(frozen=True, slots=True)
class Shift:
    """A recorded shift with its terms, the bonuses applied to it, and its pay.

    `is_refunded`: a refund was booked at its rates, which it keeps until that is withdrawn (PAYROLL D35).
    """

    shift_id: int
    employee_id: int
    recorded_at: datetime
    work: Work
    terms: Terms
    bonuses: tuple[Bonus, ...]
    pay: Pay
    is_refunded: bool = False

    @property
    def order_key(self) -> OrderKey:
        """The one order of shifts: recorded at, then id (PAYROLL D1)."""
        return (self.recorded_at, self.shift_id)

    @property
    def by_start(self) -> OrderKey:
        """What lists of shifts go by, the newest first."""
        return (self.work.time_in, self.shift_id)

    @property
    def earned_by(self) -> EarnedBy:
        """This shift, as the one that earned a bonus."""
        return EarnedBy(self.shift_id, self.recorded_at, self.work.time_in)


@dataclass(frozen=True, slots=True)
class SourceShift:
    """Another person's shift, as far as `percent_prev` and `percent_all` need it."""

    shift_id: int
    platform_cut_pct: Decimal
    products: Mapping[int, Decimal]

    def compute_net_on(self, product_id: int) -> Decimal:
        """Net sales on one model at this shift's own platform cut, rounded (PAYROLL D27). 500.00 at 20 % is 400.00."""
        amount = self.products.get(product_id, ZERO)
        return round_cents(amount * (HUNDRED - self.platform_cut_pct) / HUNDRED)


@dataclass(frozen=True, slots=True)
class Sources:
    """What others sold before this shift was recorded: the newest that sold one of its models, and all of the date."""

    previous: SourceShift | None = None
    same_day: tuple[SourceShift, ...] = ()


def get_month(day: date) -> date:
    """The month a date belongs to, as its first day."""
    return day.replace(day=1)
