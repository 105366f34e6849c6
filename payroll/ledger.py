"""What is booked for a person when a shift's pay comes, changes or goes (SPEC 6, PAYROLL D3, D33)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from payroll.money import ZERO
from payroll.pay_periods import PayDays, PayPeriod, compute_pay_period
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


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """A person's books are closed up to the day `until`; what is booked for these days enters `open_period` (D30)."""

    until: date
    open_period: PayPeriod


CORRECTION = "correction"
"""The reason of a line about a shift whose own period is closed: the adjustment that names it (PAYROLL D33)."""
_MOVED = "moved by shift "


def write_moved(shift_id: int) -> str:
    """The reason of a line about another shift than the one that was changed, which it names: `moved by shift 12`."""
    return f"{_MOVED}{shift_id}"


def find_mover(reason: str) -> int | None:
    """The shift whose change moved the pay of the one that a line is about, None where it was that one's own."""
    number = reason.removeprefix(_MOVED)
    return int(number) if number != reason and number.isdecimal() else None


def book(amount: Decimal, period: PayPeriod, ref: str, reason: str) -> list[LedgerEntry]:
    """The line that books an amount in USD, a debit where it is negative; none for 0.00."""
    if amount == 0:
        return []
    direction = Direction.CREDIT if amount > 0 else Direction.DEBIT
    return [LedgerEntry(direction, abs(amount), period, ref, reason)]


def list_shift_entries(
    old: Shift | None, new: Shift | None, pay_days: PayDays, reason: str, closed: ClosedDays | None = None
) -> list[LedgerEntry]:
    """The lines that take a shift's booked pay from its old version to its new one (None: not there).

    Within a period the difference is booked; a shift that moves to another leaves the old one with its whole old
    amount and enters the new one with its new (PAYROLL D3). Of a closed period nothing changes: what would be booked
    there is booked in the open one (PAYROLL D33). Example: 160.00 edited to 200.00 is one credit of 40.00.
    """
    shift = new or old
    if shift is None:
        return []
    ref = f"shift:{shift.shift_id}"
    before = old.pay.total_made if old else ZERO
    after = new.pay.total_made if new else ZERO
    old_place = _find_place(old, pay_days, reason, closed) if old else None
    new_place = _find_place(new, pay_days, reason, closed) if new else None
    if old_place and new_place and old_place != new_place:
        (old_period, old_reason), (new_period, new_reason) = old_place, new_place
        return book(-before, old_period, ref, old_reason) + book(after, new_period, ref, new_reason)
    place = new_place or old_place
    return book(after - before, place[0], ref, place[1]) if place else []


def _find_place(shift: Shift, pay_days: PayDays, reason: str, closed: ClosedDays | None) -> tuple[PayPeriod, str]:
    """The period that a line about a shift enters, and its reason."""
    if closed is not None and shift.work.shift_date <= closed.until:
        return closed.open_period, CORRECTION
    return compute_pay_period(shift.work.shift_date, pay_days), reason
