"""The team as admins see it (SPEC 4 "Admin", PAYROLL D36)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from payroll.held_bonuses import HeldBonus
from payroll.people import Person


@dataclass(frozen=True, slots=True)
class Member:
    """A person with their wage (USD an hour) and base rate (percent points) of today.

    Both are None where the one who asks may not see them. `working_since` has the number of a running shift.
    """

    person: Person
    hourly_wage: Decimal | None
    base_pct: Decimal | None
    running_shift_id: int | None


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaving did: up to when something can be entered, and what became of the bonuses that waited."""

    person: Person
    left_date: date
    bonuses: tuple[HeldBonus, ...]
