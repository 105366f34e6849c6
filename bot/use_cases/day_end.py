"""Who may have forgotten to clock out, and what the past day came to (SPEC 4.24, PAYROLL D12)."""

from datetime import date
from typing import Any

from payroll.checks import is_long_shift
from payroll.money import ZERO
from payroll.settings import SettingKey
from postgres_service import PostgresService

MOST_LISTED = 30


def ask_overdue(service: PostgresService) -> int:
    """Ask everybody once whose shift runs longer than is usual for them when it really ended; how many.

    Nothing is closed by guess.
    """
    now = service.rules.clock()
    with service.transaction():
        overdue = [
            one
            for one in service.running.list_all()
            if is_long_shift(now - one.time_in, one.last_hours) and service.running.note_asked(one.shift_id)
        ]
        for one in overdue:
            since, hours = service.rules.zone.format(one.time_in), int((now - one.time_in).total_seconds()) // 3600
            facts = {"shift_id": one.shift_id, "since": since, "hours": hours}
            service.outbox.add(one.employee_id, "shift_overdue", facts)
        return len(overdue)


def tell_day(service: PostgresService, day: date) -> None:
    """Tell the admins what a date came to and who is on shift; not of one on which nothing was, nor where it is off.

    What people made is for who may see wages.
    """
    totals = service.reports.list_days(day, day)
    running = service.running.list_all()
    if not service.settings.get(SettingKey.DAY_SUMMARY_SENT) or not (totals or running):
        return
    people = service.reports.list_people(day, day)
    facts: dict[str, Any] = {
        "day": day.isoformat(),
        "shifts": sum(one.shifts for one in totals),
        "sales": str(sum((one.total_sales for one in totals), ZERO)),
        "made": str(sum((one.total_made for one in totals), ZERO)),
        "people": [
            {"name": one.name, "shifts": one.shifts, "sales": str(one.total_sales), "made": str(one.total_made)}
            for one in people[:MOST_LISTED]
        ],
        "more": max(0, len(people) - MOST_LISTED),
        "running": [[one.name, service.rules.zone.format(one.time_in)] for one in running[:MOST_LISTED]],
    }
    sold = {**facts, "made": None, "people": [{**one, "made": None} for one in facts["people"]]}
    for admin in service.people.list_admins():
        told = facts if service.staff.may_see_wages(admin, employee_id=0) else sold
        service.outbox.add(admin.employee_id, "day_summary", told)
