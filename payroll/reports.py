"""Reports over everybody for a period or any dates, as they are shown and exported (SPEC 4.25). Amounts in USD."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from payroll.money import ZERO
from payroll.pricing import compute_exact_hours, compute_worked_hours


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

    @property
    def exact_hours(self) -> Decimal:
        """The same, to be summed up: not rounded."""
        return compute_exact_hours(self.worked_seconds)


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

    @property
    def exact_hours(self) -> Decimal:
        """The same, to be summed up: not rounded."""
        return compute_exact_hours(self.worked_seconds)


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


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """Everybody with a shift in these dates, the last one included."""

    since: date
    until: date
    rows: Sequence[PersonTotals]


@dataclass(frozen=True, slots=True)
class DaysReport:
    """Every date with a shift. `is_pay_shown`: who reads it may see what was made."""

    since: date
    until: date
    rows: Sequence[DayTotals]
    is_pay_shown: bool = True


@dataclass(frozen=True, slots=True)
class ProductsReport:
    """Every product sold in these dates. `is_pay_shown`: who reads it may see what was made, in other reports."""

    since: date
    until: date
    rows: Sequence[ProductTotals]
    is_pay_shown: bool = True


@dataclass(frozen=True, slots=True)
class Leaderboard:
    """The places of a month, given by its first day."""

    month: date
    rows: Sequence[Place]


Report: TypeAlias = PeopleReport | DaysReport | ProductsReport | Leaderboard
DatesReport: TypeAlias = PeopleReport | DaysReport | ProductsReport
ReportDates: TypeAlias = Mapping[str, tuple[date, date]]
"""First and last days by the names of what is often asked for."""


class ReportKind(StrEnum):
    """What a report of some dates has a row for."""

    PEOPLE = "people"
    DAYS = "days"
    PRODUCTS = "products"


@dataclass(frozen=True, slots=True)
class Totals:
    """What people did together, and made, in USD."""

    shifts: int
    worked_hours: Decimal
    total_sales: Decimal
    total_made: Decimal


def compute_totals(rows: Sequence[PersonTotals] | Sequence[DayTotals]) -> Totals:
    """The sums of a report's rows; hours are those of the exact time together (SPEC 3.12)."""
    return Totals(
        shifts=sum(one.shifts for one in rows),
        worked_hours=compute_worked_hours(sum(one.worked_seconds for one in rows)),
        total_sales=sum((one.total_sales for one in rows), ZERO),
        total_made=sum((one.total_made for one in rows), ZERO),
    )


def rank_places(rows: list[tuple[int, str, Decimal]]) -> list[Place]:
    """Places for people with their sales in USD, most first. Example: 300, 200, 200, 100 are 1, 2, 2, 4."""
    places: list[Place] = []
    for number, (employee_id, name, sales) in enumerate(rows, start=1):
        is_shared = bool(places) and places[-1].sales == sales
        places.append(Place(places[-1].place if is_shared else number, employee_id, name, sales))
    return places
