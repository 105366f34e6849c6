"""Rows for the tests of the schema, past the service, with defaults so that a test states only what matters."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.databases import DatabaseServer, connect

Connection: TypeAlias = "psycopg.Connection[tuple[Any, ...]]"

ALICE, BOB = 100, 200
DAY = date(2025, 11, 10)
NINE = datetime(2025, 11, 10, 14, tzinfo=UTC)
"""09:00 in New York on `DAY`."""

PRICE_COLUMNS = (
    "time_out",
    "recorded_at",
    "hourly_wage",
    "base_pct",
    "platform_cut_pct",
    "dynamic_basis",
    "rate_version_id",
    "worked_seconds",
    "worked_hours",
    "total_sales",
    "net_sales",
    "dynamic_pct",
    "commission_pct",
    "total_per_hour",
    "commissions",
    "bonus_pay",
    "total_made",
)
NOTHING_YET = dict.fromkeys(PRICE_COLUMNS)
"""What a running shift has of its end and its pay."""


def connect_as_owner(params: dict[str, Any], server: DatabaseServer) -> Connection:
    """A connection with all rights over the tables, as a migration has it."""
    return connect(params if server.owner is None else {**params, "user": server.owner})


def insert(connection: Connection, table: str, values: dict[str, Any], returning: str | None = None) -> Any:
    """Add a row; the value of the column `returning`."""
    query = sql.SQL("INSERT INTO {} ({}) VALUES ({}) {}").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, values)),
        sql.SQL(", ").join(sql.Placeholder() * len(values)),
        sql.SQL("RETURNING {}").format(sql.Identifier(returning)) if returning else sql.SQL(""),
    )
    given = [Jsonb(value) if isinstance(value, dict | list) else value for value in values.values()]
    cursor = connection.execute(query, given)
    return cursor.fetchall()[0][0] if returning else None


def add_employee(connection: Connection, employee_id: int, **others: Any) -> Any:
    """A person; their `sub`."""
    return insert(
        connection, "employees", {"employee_id": employee_id, "name": f"Person {employee_id}", **others}, "sub"
    )


def add_shift(
    connection: Connection, employee_id: int = ALICE, *, start: datetime = NINE, hours: float = 8, **others: Any
) -> int:
    """A recorded shift of `hours` with 500.00 sold, that made 160.00 if it took 8; its id."""
    seconds = int(hours * 3600)
    hourly = Decimal(seconds * 15) / 3600
    values = {
        "employee_id": employee_id,
        "employee_name": f"Person {employee_id}",
        "status": "recorded",
        "shift_date": DAY,
        "time_in": start,
        "time_out": start + timedelta(seconds=seconds),
        "recorded_at": start + timedelta(seconds=seconds),
        "hourly_wage": Decimal("15.00"),
        "base_pct": Decimal("8.00"),
        "platform_cut_pct": Decimal("20.00"),
        "dynamic_basis": "day",
        "rate_version_id": 1,
        "worked_seconds": seconds,
        "worked_hours": Decimal(seconds) / 3600,
        "total_sales": Decimal("500.00"),
        "net_sales": Decimal("400.00"),
        "dynamic_pct": Decimal("2.00"),
        "commission_pct": Decimal("10.00"),
        "total_per_hour": hourly,
        "commissions": Decimal("40.00"),
        "bonus_pay": Decimal("0.00"),
        "total_made": hourly + 40,
        **others,
    }
    return int(insert(connection, "shifts", values, "shift_id"))


def start_shift(connection: Connection, employee_id: int = ALICE, *, start: datetime = NINE, **others: Any) -> int:
    """A running shift; its id."""
    return add_shift(connection, employee_id, start=start, **{"status": "running", **NOTHING_YET, **others})


def add_bonus(connection: Connection, bonus_type: str = "flat", value: int | None = 10, **others: Any) -> int:
    """A pending bonus of Alice; its id."""
    values = {"employee_id": ALICE, "bonus_type": bonus_type, "value": value, "draw": 0, **others}
    return int(insert(connection, "active_bonuses", values, "bonus_id"))


def book(connection: Connection, sub: Any, entry_no: int, units: int, balance_after: int, **others: Any) -> None:
    """A line of the ledger: a credit of `units` unless said otherwise."""
    values = {
        "sub": sub,
        "entry_no": entry_no,
        "direction": "credit",
        "units": units,
        "balance_after": balance_after,
        "period_start": date(2025, 11, 1),
        "period_end": date(2025, 11, 14),
        "ref": "shift:1",
        "reason": "shift",
        "source_service": "test",
        **others,
    }
    insert(connection, "balance_transactions", values)


@contextmanager
def refused(connection: Connection, constraint: str) -> Iterator[None]:
    """What is done inside breaks this rule of the database, and nothing of it stays."""
    with pytest.raises(psycopg.errors.IntegrityError) as refusal, connection.transaction():  # noqa: PT012
        yield
        connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert refusal.value.diag.constraint_name == constraint
