"""Shifts for the mirror's tests."""

from datetime import date, timedelta
from decimal import Decimal

from postgres_service import PostgresService

NOVEMBER = date(2026, 11, 1)
MARCH = date(2026, 3, 15)
"""Time enough for hundreds of shifts."""


def record(
    service: PostgresService,
    number: int = 1,
    *,
    employee_id: int = 101,
    name: str = "Anna",
    first_day: date = NOVEMBER,
    **products: str,
) -> int:
    """Record one of a person's shifts, three a day from the first day on; `Model_A="500"` is what was sold."""
    day = f"{first_day + timedelta(days=number // 3):%Y/%m/%d}"
    hour = 8 * (number % 3)
    return service.create_shift(
        {
            "date": f"{day} {hour + 7:02}:59:00",
            "employee_id": employee_id,
            "employee_name": name,
            "clock_in": f"{day} {hour:02}:00:00",
            "clock_out": f"{day} {hour + 7:02}:00:00",
            "products": {product.replace("_", " "): Decimal(amount) for product, amount in products.items()},
        }
    )
