"""What callers of the service say, with defaults: 16 November 2026 from 09:00 to 17:00 with 500.00 on Model A."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, LiteralString

from payroll.business_time import BusinessZone
from postgres_service import PostgresService
from repository.records import ShiftRecord
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.factories import Draws

ANN, BEN, CID = 100, 200, 300


def make_shift_data(
    products: Mapping[str, object] | int | str = 500,
    *,
    who: int = ANN,
    day: str = "2026/11/16",
    start: str = "09:00",
    end: str = "17:00",
    **more: object,
) -> dict[str, object]:
    """`shift_data` with clocks; one amount alone is sold on Model A, 0 is a shift without sales."""
    sold = products if isinstance(products, Mapping) else {"Model A": products} if products else {}
    clocks = {"clock_in": f"{day} {start}:00", "clock_out": f"{day} {end}:00"}
    return {"employee_id": who, "employee_name": f"Person {who}", **clocks, "products": sold, **more}


def make_drawing_service(database: dict[str, Any], clock: SteppingClock, *offers: int) -> PostgresService:
    """A service whose ranks draw these offers of their lists, one after the other, and nothing beyond them."""
    rules = Rules(BusinessZone.named("America/New_York"), draw=Draws(*offers), clock=clock)
    return PostgresService(settle_ranks=True, rules=rules, **database)


def fetch_amounts(database: dict[str, Any], query: LiteralString, *values: object) -> list[tuple[Any, ...]]:
    """Rows of a query with amounts as text, to compare them with what one would write."""
    return [
        tuple(str(value) if isinstance(value, Decimal | datetime) else value for value in row)
        for row in fetch_all(database, query, *values)
    ]


def list_lines(database: dict[str, Any], employee_id: int = ANN) -> list[tuple[str, str, str]]:
    """A person's ledger: signed units, first day of the period, balance after."""
    return [
        (units, start, balance)
        for units, start, balance in fetch_amounts(
            database,
            "SELECT CASE direction WHEN 'credit' THEN units ELSE -units END, period_start::text, balance_after"
            "  FROM balance_transactions JOIN employees USING (sub) WHERE employee_id = %s ORDER BY entry_no",
            employee_id,
        )
    ]


def count_rows(database: dict[str, Any]) -> tuple[Any, ...]:
    """How many rows each table has that a change of a shift may touch."""
    return fetch_all(
        database,
        "SELECT (SELECT count(*) FROM active_bonuses), (SELECT count(*) FROM audit_log),"
        " (SELECT count(*) FROM balance_transactions), (SELECT count(*) FROM employee_ranks),"
        " (SELECT count(*) FROM employees), (SELECT count(*) FROM employee_settings), (SELECT count(*) FROM outbox),"
        " (SELECT count(*) FROM rank_awards), (SELECT count(*) FROM shift_products), (SELECT count(*) FROM shifts)",
    )[0]


def deactivate(database: dict[str, Any], name: str) -> None:
    """Take a product out of what can be sold."""
    fetch_all(database, "UPDATE products SET is_active = false WHERE name = %s RETURNING name", name)


def record(service: PostgresService, **data: Any) -> ShiftRecord:
    """Record a shift; its record as anybody reads it."""
    found = service.get_shift_by_id(service.create_shift(make_shift_data(**data)))
    assert found is not None
    return found
