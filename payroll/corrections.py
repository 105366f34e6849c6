"""What a correction makes of the rest of a shift (PAYROLL D9, D10)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal

from payroll.business_time import BusinessZone, Occurrence
from payroll.money import split_by_largest_remainder

LONGER_BY = timedelta(hours=4)


def compute_clock_out(zone: BusinessZone, time_in: datetime, old_time_out: datetime) -> datetime:
    """The clock-out after an edit of the clock-in: the same clock time, the first after the new clock-in (PAYROLL D9).

    One that was the second of two stays the second. Raises InvalidInputError: TIME_DOES_NOT_EXIST.

    Example: 09:00 to 17:00 with the clock-in moved to 22:00 of the day before ends at 17:00, 19 hours later; moved to
    18:00 of the same day it ends at 17:00 of the next.
    """
    wall = zone.to_wall(old_time_out)
    is_second = zone.is_ambiguous(wall) and zone.localize(wall) < old_time_out
    occurrence = Occurrence.LATER if is_second else Occurrence.EARLIER
    return zone.first_after(time_in, wall.time(), occurrence=occurrence, field="clock_out")


def is_much_longer(old_worked: timedelta, new_worked: timedelta) -> bool:
    """Whether an edit made a shift more than 4 h longer, which is confirmed first (PAYROLL D9)."""
    return new_worked - old_worked > LONGER_BY


def spread_total(products: Mapping[int, Decimal], total: Decimal) -> dict[int, Decimal]:
    """A new total over a shift's products: in proportion, largest remainder, ties to the lower product id (D10).

    Amounts in USD by product id. Raises ValueError for a shift without sales.

    Example: 100.00 over 200.00 and 100.00 is 66.67 and 33.33.
    """
    ordered = dict(sorted(products.items()))
    return dict(zip(ordered, split_by_largest_remainder(total, list(ordered.values())), strict=True))
