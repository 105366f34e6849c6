"""The main menu, and leaving what one was doing."""

from datetime import datetime

from payroll.people import Person
from postgres_service import PostgresService


def find_running_since(service: PostgresService, person: Person) -> datetime | None:
    """Since when the person is on shift, None where no shift runs."""
    person.require_open_matters()
    running = service.shifts.find_running(person.employee_id)
    return running.time_in if running else None


def cancel(service: PostgresService, person: Person) -> tuple[bool, datetime | None]:
    """Leave the dialogue that is open: whether there was one, and since when the person is on shift."""
    person.require_open_matters()
    had_one = service.drafts.cancel_open(person.employee_id) > 0
    return had_one, find_running_since(service, person)
