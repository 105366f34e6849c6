"""What an admin gives or takes by hand, with a reason (SPEC 4.19)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from payroll.people import Person


class AdjustmentKind(StrEnum):
    """Given, or taken."""

    BONUS = "bonus"
    DEDUCTION = "deduction"


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An amount in USD above 0, why, and the shift or the bonus that it is about where there is one."""

    adjustment_id: int
    employee_id: int
    kind: AdjustmentKind
    amount: Decimal
    reason: str
    shift_id: int | None
    bonus_id: int | None
    made_by: int
    made_at: datetime


@dataclass(frozen=True, slots=True)
class BookedAdjustment:
    """What is booked for a person whose balance in USD is `balance` before it.

    It is None where who books may not see it.
    """

    person: Person
    kind: AdjustmentKind
    amount: Decimal
    reason: str
    balance: Decimal | None

    @property
    def balance_after(self) -> Decimal | None:
        """The balance with it, in USD; a deduction may make it negative (PAYROLL D34)."""
        if self.balance is None:
            return None
        return self.balance + (self.amount if self.kind is AdjustmentKind.BONUS else -self.amount)
