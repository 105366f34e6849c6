"""Reports over everybody for a period or any dates, as they are shown and exported (SPEC 4.25). Amounts in USD."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from payroll.pricing import compute_worked_hours


@dataclass(frozen=True, slots=True)
class PersonTotals:
    """What one person worked, sold and made."""

    employee_id: int
    name: str
    shifts: int
    worked_seconds: int
    total_sales: Decimal
    net_sales: Decimal
    total_per_hour: Decimal
    commissions: Decimal
    bonus_pay: Decimal
    total_made: Decimal

    @property
    def worked_hours(self) -> Decimal:
        """Hours of the exact time together, two decimals."""
        return compute_worked_hours(self.worked_seconds)


@dataclass(frozen=True, slots=True)
class DayTotals:
    """What everybody did on a shift date."""

    day: date
    people: int
    shifts: int
    worked_seconds: int
    total_sales: Decimal
    net_sales: Decimal
    total_made: Decimal

    @property
    def worked_hours(self) -> Decimal:
        """Hours of the exact time together, two decimals."""
        return compute_worked_hours(self.worked_seconds)


@dataclass(frozen=True, slots=True)
class ProductTotals:
    """What was sold of a product, on how many shifts, and refunded of that."""

    product_id: int
    name: str
    shifts: int
    total_sales: Decimal
    refunded: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the month's leaderboard; equal sales share one (SPEC 4.25, PAYROLL D21)."""

    place: int
    employee_id: int
    name: str
    sales: Decimal


def rank_places(rows: list[tuple[int, str, Decimal]]) -> list[Place]:
    """Places for people with their sales in USD, most first. Example: 300, 200, 200, 100 are 1, 2, 2, 4."""
    places: list[Place] = []
    for number, (employee_id, name, sales) in enumerate(rows, start=1):
        is_shared = bool(places) and places[-1].sales == sales
        places.append(Place(places[-1].place if is_shared else number, employee_id, name, sales))
    return places
