"""People of the owner's side for tests, with defaults: two admins, and shifts of a person by date."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from payroll.people import Person
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.shift_data import ANN, make_shift_data

OLGA, MAX = 900, 901
FIRST_HALF = date(2026, 11, 1)
SECOND_HALF = date(2026, 11, 15)


def usd(amount: str | int) -> Decimal:
    """An amount in USD as the service gives it."""
    return Decimal(amount).quantize(Decimal("0.01"))


def hire_owner(service: PostgresService, telegram_id: int = OLGA) -> Person:
    """An owner of the company."""
    return service.people.ensure_owner(telegram_id, f"Owner {telegram_id}")


def sell(service: PostgresService, day: int, amount: int | str = 500, *, who: int = ANN, month: int = 11) -> int:
    """A shift from 09:00 to 17:00 of a day of November 2026; its number."""
    return service.create_shift(make_shift_data({"Model A": amount}, who=who, day=f"2026/{month:02}/{day:02}"))


def sell_nothing(
    service: PostgresService, day: int, *, who: int = ANN, start: str = "09:00", end: str = "17:00"
) -> int:
    """A shift without sales; its number."""
    return service.create_shift(make_shift_data(0, who=who, day=f"2026/11/{day:02}", start=start, end=end))


def move_to(clock: SteppingClock, day: date) -> None:
    """20:00 in New York of a day to come."""
    clock.now += timedelta(days=(day - clock.now.date()).days + 1)


def list_booked(database: dict[str, Any], employee_id: int = ANN) -> list[tuple[str, str, str, str]]:
    """A person's ledger: what a line is about, why, its signed amount, the first day of its period."""
    return [
        (ref, reason, str(amount), str(start))
        for ref, reason, amount, start in fetch_all(
            database,
            "SELECT ref, reason, CASE direction WHEN 'credit' THEN units ELSE -units END, period_start"
            "  FROM balance_transactions JOIN employees USING (sub) WHERE employee_id = %s ORDER BY entry_no",
            employee_id,
        )
    ]


def list_audited(database: dict[str, Any], *, since: int = 0) -> list[tuple[str, str]]:
    """What the audit log says was done, and to what."""
    return [
        tuple(row) for row in fetch_all(database, "SELECT action, subject FROM audit_log ORDER BY id OFFSET %s", since)
    ]


def assert_books_agree(service: PostgresService) -> None:
    """The reconciliation finds nothing."""
    assert service.reconciliation.run().differences == ()
