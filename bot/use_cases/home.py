"""The main menu, and leaving what one was doing."""

from datetime import datetime

from bot.left import Home
from bot.use_cases import left, new_shift
from payroll.people import Person
from postgres_service import PostgresService


def look(service: PostgresService, person: Person) -> Home:
    """What the main menu says: the person's running shift, and what they can go on with."""
    person.require_open_matters()
    running = service.shifts.find_running(person.employee_id)
    may_undo = running is not None and new_shift.is_fresh(service, running)
    return Home(running, left.list_left(service, person, running), may_undo)


def read_clock(service: PostgresService, person: Person) -> datetime:
    """What time it is."""
    person.require_member()
    return service.rules.clock()


def cancel(service: PostgresService, person: Person) -> tuple[bool, Home]:
    """End the dialogue in sight, or where there is none, all that were left: whether there was any, and the menu."""
    person.require_open_matters()
    with service.transaction():
        before = look(service, person)
        current = service.drafts.find_current(person.employee_id)
        service.drafts.cancel([current] if current is not None else service.drafts.list_open(person.employee_id))
        return current is not None or bool(before.left), look(service, person)
