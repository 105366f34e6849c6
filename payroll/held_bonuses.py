"""Bonuses as admins see them: whose, and how far those are that no shift uses up (PAYROLL D23, D28, D29)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from payroll.money import round_cents
from payroll.records import Bonus


@dataclass(frozen=True, slots=True)
class HeldBonus:
    """A bonus of a person. `day_off_date` is asked for while it is pending, granted when it is applied.

    `seen_at` is when the person saw that Telegram Premium was given.
    """

    employee_id: int
    name: str
    bonus: Bonus
    day_off_date: date | None
    seen_at: datetime | None


def compute_day_off_pay(hours: Decimal, hourly_wage: Decimal) -> Decimal:
    """What a paid day off is worth in USD (SPEC 3 `paid_day_off`). 8 hours at 15.00 are 120.00."""
    return round_cents(hours * hourly_wage)
