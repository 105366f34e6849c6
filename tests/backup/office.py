"""Databases to back up, and what is asked of two that should be the same."""

from collections.abc import Mapping
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from backup.figures import Figures, read_figures
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from tests.databases import connect

ADMIN = 900
HIRED = 12
"""Shifts that a test's database has."""
_FIRST_DAY = date(2026, 8, 3)


def fill(service: PostgresService, *, shifts: int) -> None:
    """An admin, and shifts of two people over some months, one every third day."""
    service.people.ensure_owner(ADMIN, "Olga")
    for number in range(shifts):
        day = f"{_FIRST_DAY + timedelta(days=3 * (number // 2)):%Y/%m/%d}"
        service.create_shift(
            {
                "date": f"{day} 17:30:00",
                "employee_id": 101 + number % 2,
                "employee_name": ("Anna", "Dmytro Шевченко")[number % 2],
                "clock_in": f"{day} 09:00:00",
                "clock_out": f"{day} 17:00:00",
                "products": {"Model A": 500 + number, "Model B": 20},
                "note": "a tab\there, a \\ and\na second line",
            }
        )


def measure(params: Mapping[str, Any]) -> Figures:
    """The figures of a database as it is now."""
    with closing(PostgresSchema(**params).connect_as_owner()) as connection, connection.transaction():
        return read_figures(connection)


def flip_a_byte(path: Path, place: int | None = None) -> None:
    """Change one bit of a file, in its middle or at a place."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2 if place is None else place] ^= 1
    path.write_bytes(content)


def list_told(params: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What the admins are to read about backups: what failed, and why."""
    with connect(dict(params)) as connection:
        rows = connection.execute(
            "SELECT payload->>'what', payload->>'error' FROM outbox WHERE kind = 'backup_failed' ORDER BY outbox_id"
        )
        return [(str(what), str(error)) for what, error in rows]
