"""What is booked for a person when a shift's pay comes, changes or goes (SPEC 6, PAYROLL D3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from payroll.money import ZERO
from payroll.pay_periods import PayPeriod, compute_pay_period
from payroll.records import Shift


class Direction(StrEnum):
    """A credit is owed to the person, a debit was paid or taken back."""

    CREDIT = "credit"
    DEBIT = "debit"


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A line to append. `units` is USD above 0; `ref` names what it is about, `shift:123`; `reason` is a code."""

    direction: Direction
    units: Decimal
    period: PayPeriod
    ref: str
    reason: str


def _book(amount: Decimal, period: PayPeriod, ref: str, reason: str) -> list[LedgerEntry]:
    if amount == 0:
        return []
    direction = Direction.CREDIT if amount > 0 else Direction.DEBIT
    return [LedgerEntry(direction, abs(amount), period, ref, reason)]


def list_shift_entries(old: Shift | None, new: Shift | None, pay_days: Sequence[int], reason: str) -> list[LedgerEntry]:
    """The lines that take a shift's booked pay from its old version to its new one (None: not there).

    Within a period the difference is booked; a shift that moves to another leaves the old one with its whole old
    amount and enters the new one with its new (PAYROLL D3). Example: 160.00 edited to 200.00 is one credit of 40.00.
    """
    shift = new or old
    if shift is None:
        return []
    ref = f"shift:{shift.shift_id}"
    before = old.pay.total_made if old else ZERO
    after = new.pay.total_made if new else ZERO
    old_period = compute_pay_period(old.work.shift_date, pay_days) if old else None
    new_period = compute_pay_period(new.work.shift_date, pay_days) if new else None
    if old_period and new_period and old_period != new_period:
        return _book(-before, old_period, ref, reason) + _book(after, new_period, ref, reason)
    period = new_period or old_period
    return _book(after - before, period, ref, reason) if period else []
