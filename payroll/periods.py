"""A person's pay period: open, closed, paid, and what is due of it (SPEC 4.17 to 4.22, PAYROLL D30 to D36)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from payroll.held_bonuses import HeldBonus
from payroll.money import ZERO
from payroll.pay_periods import PayPeriod


class PeriodState(StrEnum):
    """Open until an admin closes it, closed until it is paid; a closed one can be opened again (SPEC 4.17)."""

    OPEN = "open"
    CLOSED = "closed"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class PersonPeriod:
    """One pay period of one person. Amounts in USD: `opening` + `booked` = `closing`, fixed once it is closed.

    `is_confirmed`: the person said that it is complete, and it is the same since (PAYROLL D31). `missing` is what they
    named as missing. `earlier_open` is the first day of an earlier period with something in it that is still open.
    """

    employee_id: int
    name: str
    period: PayPeriod
    state: PeriodState
    is_confirmed: bool
    missing: str | None
    shifts: int
    has_running: bool
    opening: Decimal
    booked: Decimal
    closed_at: datetime | None
    paid_at: datetime | None
    paid: Decimal | None
    left_date: date | None
    earlier_open: date | None
    digest: str = field(compare=False, repr=False)
    """Of its shifts as they are now: what a confirmation is of."""

    @property
    def closing(self) -> Decimal:
        """The balance at its end."""
        return self.opening + self.booked

    @property
    def result(self) -> Decimal:
        """What was paid of it once it is paid, its closing balance until then."""
        return self.paid if self.state is PeriodState.PAID and self.paid is not None else self.closing

    @property
    def unpaid(self) -> Decimal:
        """By how much less was paid than it was closed with: taken back meanwhile, or paid with another period."""
        return max(ZERO, self.closing - self.result)

    @property
    def has_anything(self) -> bool:
        """Whether there is anything to tell of it: shifts, an amount, or a balance from before."""
        return bool(self.shifts or self.booked or self.opening)

    def is_over(self, today: date) -> bool:
        """Whether it can be closed: from its pay day on, for who has left by then also earlier (PAYROLL D31, D36)."""
        has_left = self.left_date is not None and self.left_date <= min(today, self.period.end_date)
        return has_left or today >= self.period.pay_day


@dataclass(frozen=True, slots=True)
class Due:
    """What is due to a person of their last closed period that is not paid, in USD; 0.00 where nothing is.

    `closing` is the balance that it was closed with, `paid_since` what was paid out after it, for earlier ones, and
    `balance` what the person is owed in all just now.
    """

    employee_id: int
    name: str
    period: PayPeriod
    closing: Decimal
    paid_since: Decimal
    balance: Decimal

    @property
    def amount(self) -> Decimal:
        """What a payout pays just now (PAYROLL D34)."""
        return compute_due(self.closing, self.paid_since, self.balance)

    @property
    def taken_back(self) -> Decimal:
        """By how much it is less because more was taken back since than was made: corrections, refunds, deductions."""
        return max(ZERO, self.closing - self.paid_since) - self.amount

    @property
    def has_difference(self) -> bool:
        """Whether another amount is due than the period was closed with, apart from what the person owes."""
        return self.closing > 0 and self.amount != self.closing


@dataclass(frozen=True, slots=True)
class EverybodysPeriod:
    """One pay period with everybody who takes part in it, by name.

    `hidden` are the people whose amounts who looks may not see: a balance beside the hours tells the wage. `due` is
    what a payout would pay of it just now, by person. `is_overdue`: its pay day has come, and somebody's is still open.
    """

    period: PayPeriod
    people: tuple[PersonPeriod, ...]
    hidden: frozenset[int] = frozenset()
    due: Mapping[int, Due] = field(default_factory=dict)
    is_overdue: bool = False

    def list_in(self, state: PeriodState) -> tuple[PersonPeriod, ...]:
        """Those whose period is in that state."""
        return tuple(one for one in self.people if one.state is state)

    def list_silent(self) -> tuple[PersonPeriod, ...]:
        """Who is in the team and could say that their open period is complete, but has not (SPEC 4.18)."""
        is_open = self.list_in(PeriodState.OPEN)
        return tuple(one for one in is_open if not one.is_confirmed and one.left_date is None)


@dataclass(frozen=True, slots=True)
class PeriodList:
    """A page of pay periods, newest first; pages count from 0."""

    periods: tuple[EverybodysPeriod, ...]
    page: int
    page_count: int


@dataclass(frozen=True, slots=True)
class MyPay:
    """What a person is owed in USD, and their newest pay periods, newest first; the first holds today.

    `earned` is all that the first one has but payouts. `due` is what would be paid of the last closed one just now.
    """

    balance: Decimal
    earned: Decimal
    periods: tuple[PersonPeriod, ...]
    today: date
    due: Due | None = None

    @property
    def has_left(self) -> bool:
        """Whether it is that of somebody who has left: they read what is theirs, and say nothing about it any more."""
        return self.periods[0].left_date is not None

    def list_to_confirm(self) -> tuple[PersonPeriod, ...]:
        """The periods that end today or ended before, are open, and of which nothing was said yet."""
        return tuple(
            one
            for one in self.periods
            if one.state is PeriodState.OPEN
            and one.left_date is None
            and one.period.end_date <= self.today
            and not one.is_confirmed
            and one.missing is None
        )


class LeftOutReason(StrEnum):
    """Why a person's period was not closed with the others'."""

    RUNNING = "running"
    EARLIER_OPEN = "earlier-open"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody whose period stays open, and why; `since` is the first day of the earlier period that is in the way."""

    employee_id: int
    name: str
    reason: LeftOutReason
    since: date | None = None


@dataclass(frozen=True, slots=True)
class CloseReport:
    """What a close does: the periods that it closes, those closed before, and who is left out.

    `hidden` are the people whose amounts who closes may not see. `undecided` are days off within it that were asked
    for, and that no admin has decided yet.
    """

    period: PayPeriod
    closed: tuple[PersonPeriod, ...]
    already: tuple[PersonPeriod, ...]
    left_out: tuple[LeftOut, ...]
    hidden: frozenset[int] = frozenset()
    undecided: tuple[HeldBonus, ...] = ()

    def list_told(self) -> tuple[PersonPeriod, ...]:
        """Whose close is worth a statement: who has anything in the period."""
        return tuple(one for one in self.closed if one.has_anything)


def find_obstacle(one: PersonPeriod) -> LeftOut | None:
    """Why a period that is over cannot be closed yet: a running shift, or an earlier one that is open (PAYROLL D31)."""
    if one.has_running:
        return LeftOut(one.employee_id, one.name, LeftOutReason.RUNNING)
    if one.earlier_open is not None:
        return LeftOut(one.employee_id, one.name, LeftOutReason.EARLIER_OPEN, one.earlier_open)
    return None


@dataclass(frozen=True, slots=True)
class PayoutReport:
    """What a payout did. `left_out` is what another admin has to pay (PAYROLL D38).

    `hidden` are the people of whom who pays may see nothing but what is paid.
    """

    paid: tuple[Due, ...]
    left_out: tuple[Due, ...]
    hidden: frozenset[int] = frozenset()

    @property
    def total(self) -> Decimal:
        """USD paid out in all."""
        return sum((one.amount for one in self.paid), ZERO)


def compute_due(closing: Decimal, paid_since: Decimal, balance: Decimal) -> Decimal:
    """What is due in USD: the closing balance less payouts since, at most the balance now, at least 0.00 (D34).

    Example: closed with 500.00, a refund of 200.00 since, nothing paid: 300.00. Closed with -40.00: 0.00.
    """
    return max(ZERO, min(closing - paid_since, balance))
