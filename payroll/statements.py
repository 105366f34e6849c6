"""A person's statement of a pay period: one record that message, PDF and XLSX are rendered from (SPEC 4.21)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from payroll.explain import RateParts
from payroll.money import ZERO
from payroll.offers import BonusType, UsedBonus
from payroll.pay_periods import PayPeriod
from payroll.periods import Due, PersonPeriod
from payroll.pricing import compute_exact_hours, compute_worked_hours


class LineKind(StrEnum):
    """What a line of a statement is, apart from shifts: the reasons of the ledger, in the order in which they stand."""

    CORRECTION = "correction"
    BONUS = "bonus"
    DEDUCTION = "deduction"
    PAID_DAY_OFF = "paid day off"
    FLAT_AT_LEAVING = "flat at leaving"
    REFUND = "refund"
    REFUND_WITHDRAWN = "refund withdrawn"
    PAYOUT = "payout"


@dataclass(frozen=True, slots=True)
class StatementShift:
    """A shift with its parts, as it was when the period was closed; amounts in USD, `_pct` percent points.

    `booked` is what this period's ledger has for it; it differs from `total_made` where a correction of it stands in
    another period. `paid_before` was paid before the ledger began (PAYROLL D41).
    """

    shift_id: int
    shift_date: date
    time_in: datetime
    time_out: datetime
    note: str | None
    products: tuple[tuple[str, Decimal], ...]
    hourly_wage: Decimal
    platform_cut_pct: Decimal
    worked_hours: Decimal
    total_sales: Decimal
    net_sales: Decimal
    base_pct: Decimal
    dynamic_pct: Decimal
    commission_pct: Decimal
    total_per_hour: Decimal
    commissions: Decimal
    bonuses: tuple[UsedBonus, ...]
    bonus_pay: Decimal
    imported_difference: Decimal
    total_made: Decimal
    booked: Decimal
    paid_before: Decimal

    @property
    def worked_seconds(self) -> int:
        """Elapsed real time (SPEC 3.3)."""
        return int((self.time_out - self.time_in).total_seconds())

    @property
    def exact_hours(self) -> Decimal:
        """The same as hours, to be summed up: not rounded."""
        return compute_exact_hours(self.worked_seconds)

    @property
    def elsewhere(self) -> Decimal:
        """USD of it that another period has, as a correction; 0.00 for nearly all."""
        return self.total_made - self.booked - self.paid_before

    @property
    def rate_parts(self) -> RateParts:
        """What its % is made of; one that history fixed has no parts, all of it stands as base (PAYROLL D42).

        Example: base 8, dynamic 2, a doubling and a `percent_next_1` make 21.00.
        """
        offers = [bonus.offer for bonus in self.bonuses]
        types = [offer.bonus_type for offer in offers]
        extra = sum((offer.value or ZERO for offer in offers if offer.bonus_type is BonusType.PERCENT_NEXT), ZERO)
        is_doubled = BonusType.DOUBLE_COMMISSION in types
        factor = 2 if is_doubled else 1
        if (self.base_pct + self.dynamic_pct) * factor + extra != self.commission_pct:
            return RateParts(self.commission_pct, ZERO, is_doubled=False, extra_pct=ZERO)
        return RateParts(self.base_pct, self.dynamic_pct, is_doubled, extra)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line that is no shift. `amount` in USD, negative where it was taken or paid; `note` is the reason given.

    `shift_id` and `shift_date`: the shift it is about; `product` and `sale`: what was refunded of which; `day`: the day
    off, or the first day of the period that a payout is for or a correction corrects (None where that is not known).
    `gone` and `come` are the flat bonuses that went back or came with the correction of a shift: a rank was lost or
    reached by it.
    """

    kind: LineKind
    ref: str
    amount: Decimal
    at: datetime
    note: str | None
    shift_id: int | None
    shift_date: date | None
    product: str | None
    sale: Decimal | None
    day: date | None
    gone: tuple[UsedBonus, ...] = ()
    come: tuple[UsedBonus, ...] = ()


@dataclass(frozen=True, slots=True)
class Booking:
    """A line of a person's ledger by itself, with what it is about.

    `amount` in USD, negative where it was taken or paid. `line` is what a statement says of it: None for what a shift
    made or what a change of it moved, which a statement sums up with the shift. `products` are the models of its shift;
    `mover_date` is the date of the shift whose change moved its pay; `is_there`: the shift is recorded, and their own.
    """

    at: datetime
    amount: Decimal
    reason: str
    period: PayPeriod
    shift_id: int | None
    shift_date: date | None
    is_there: bool
    products: tuple[str, ...]
    mover_date: date | None
    line: StatementLine | None

    @property
    def statement_day(self) -> date:
        """A day of the pay period whose statement tells of it: for a payout the one that was paid."""
        if self.line is not None and self.line.kind is LineKind.PAYOUT and self.line.day is not None:
            return self.line.day
        return self.period.start_date


@dataclass(frozen=True, slots=True)
class Balance:
    """What a person is owed in USD, and a page of their ledger, newest first.

    Pages count from 0, and there is at least one.
    """

    amount: Decimal
    bookings: list[Booking]
    page: int
    page_count: int


@dataclass(frozen=True, slots=True)
class Statement:
    """A pay period of a person with everything in it. `closing` is `opening` with all that is booked (SPEC 3.12).

    `due` is what a payout would pay of it just now, in USD: of the last closed one until it is paid (PAYROLL D34). It
    differs from `closing` where an earlier period was paid late, or where more was taken back since than was made; so
    it is no part of what the close has fixed.
    """

    of: PersonPeriod
    shifts: tuple[StatementShift, ...]
    lines: tuple[StatementLine, ...]
    due: Due | None = field(default=None, compare=False)

    @property
    def pay_day(self) -> date:
        """The day on which it is paid."""
        return self.of.period.pay_day

    @property
    def opening(self) -> Decimal:
        """The balance it began with, USD."""
        return self.of.opening

    @property
    def closing(self) -> Decimal:
        """The balance it ends with, USD."""
        return self.of.closing

    @property
    def shift_total(self) -> Decimal:
        """What the shifts made that is booked in it, USD."""
        return sum((one.booked for one in self.shifts), ZERO)

    @property
    def worked_hours(self) -> Decimal:
        """The time worked, together, as hours: rounded once, from the exact seconds of all shifts."""
        return compute_worked_hours(sum(one.worked_seconds for one in self.shifts))

    @property
    def total_sales(self) -> Decimal:
        """USD sold."""
        return sum((one.total_sales for one in self.shifts), ZERO)

    def list_lines(self, *kinds: LineKind) -> tuple[StatementLine, ...]:
        """The lines of some kinds, oldest first."""
        return tuple(line for line in self.lines if line.kind in kinds)

    def sum_lines(self, *kinds: LineKind) -> Decimal:
        """What the lines of some kinds come to, USD."""
        return sum((line.amount for line in self.list_lines(*kinds)), ZERO)

    @property
    def earned(self) -> Decimal:
        """USD of everything in it but payouts."""
        return self.shift_total + sum((one.amount for one in self.lines if one.kind is not LineKind.PAYOUT), ZERO)

    @property
    def paid_out(self) -> Decimal:
        """USD paid out within it, for earlier periods."""
        return -self.sum_lines(LineKind.PAYOUT)


def sort_lines(lines: Iterable[StatementLine]) -> tuple[StatementLine, ...]:
    """Lines by kind, in the order in which statements have them, oldest first within one."""
    places = {kind: place for place, kind in enumerate(LineKind)}
    return tuple(sorted(lines, key=lambda line: places[line.kind]))
