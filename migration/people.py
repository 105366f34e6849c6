"""People and what they earn: EmployeeSettings, and everybody whom another worksheet names (SPEC 7, TECH T1)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from migration.books import Job
from migration.rows import SettingsRow, ShiftRow
from payroll.names import name_employee
from payroll.starting_values import NEW_EMPLOYEE, SINCE_EVER


def drop_rows_of_rejected_people(job: Job) -> None:
    """Reject every row of who is in EmployeeSettings with a row that cannot be read: nobody knows what they earn.

    Where not even the number in such a row can be read, it is whoever is in no other row of EmployeeSettings.
    """
    reading = job.reading
    known = {row.employee_id for row in reading.settings}
    named = {employee_id: row_no for row_no, employee_id in reading.rejected_settings if employee_id is not None}
    unnamed = next((row_no for row_no, employee_id in reading.rejected_settings if employee_id is None), None)

    def find_row(employee_id: int) -> int | None:
        if employee_id in known:
            return None
        is_stored = employee_id in job.books.settings
        return named.get(employee_id, None if is_stored else unnamed)

    for tab, rows in (
        ("Shifts", reading.shifts),
        ("EmployeeRanks", reading.employee_ranks),
        ("ActiveBonuses", reading.bonuses),
    ):
        kept: list[Any] = []
        for row in rows:
            row_no = find_row(row.employee_id)
            if row_no is None:
                kept.append(row)
                continue
            reason = f"is somebody whose row {row_no} of EmployeeSettings is rejected"
            job.reject(tab, row.row_no, "EmployeeId", row.employee_id, reason)
            if isinstance(row, ShiftRow):
                job.lose(row)
        rows[:] = kept


def import_people(job: Job) -> None:
    """Make everybody who is named and not there, and give them their wage and base rate."""
    settings = _list_settings(job)
    names = {row.employee_id: row.employee_name for row in sorted(job.reading.shifts, key=lambda one: one.order_key)}
    began = _list_beginnings(job)
    for tab, row_no, employee_id in _list_named(job):
        if employee_id not in job.books.subs:
            _insert_person(job, employee_id, names.get(employee_id), began.get(employee_id))
        elif employee_id in began and employee_id not in job.books.closed:
            _complete_person(job, employee_id, names.get(employee_id), began.pop(employee_id))
        if employee_id not in settings and employee_id not in job.books.settings:
            wage, base_pct = NEW_EMPLOYEE.hourly_wage, NEW_EMPLOYEE.base_pct
            job.report.warn(
                tab, row_no, f"{employee_id} has no EmployeeSettings and starts with {wage} $/h, {base_pct} %"
            )
            _set(job, SettingsRow(row_no, employee_id, wage, base_pct))
    for row in settings.values():
        _take_over(job, row)


def _list_settings(job: Job) -> dict[int, SettingsRow]:
    settings: dict[int, SettingsRow] = {}
    for row in job.reading.settings:
        first = settings.setdefault(row.employee_id, row)
        if first is not row:
            reason = f"stands in row {first.row_no} too"
            job.reject("EmployeeSettings", row.row_no, "EmployeeId", row.employee_id, reason)
    return settings


def _list_named(job: Job) -> Iterator[tuple[str, int, int]]:
    reading = job.reading
    yield from (("EmployeeSettings", row.row_no, row.employee_id) for row in reading.settings)
    yield from (("Shifts", row.row_no, row.employee_id) for row in reading.shifts)
    yield from (("EmployeeRanks", row.row_no, row.employee_id) for row in reading.employee_ranks)
    yield from (("ActiveBonuses", row.row_no, row.employee_id) for row in reading.bonuses)


def _list_beginnings(job: Job) -> dict[int, datetime]:
    """When each person's first shift began: they take part in the pay periods from then on."""
    began: dict[int, datetime] = {}
    for row in job.reading.shifts:
        began[row.employee_id] = min(row.time_in, began.get(row.employee_id, row.time_in))
    return began


def _insert_person(job: Job, employee_id: int, name: str | None, began_at: datetime | None) -> None:
    params = {"employee_id": employee_id, "name": name or name_employee(employee_id), "began_at": began_at}
    job.books.subs[employee_id] = job.store.fetch("insert_person", params)[0][0]


def _complete_person(job: Job, employee_id: int, name: str | None, began_at: datetime) -> None:
    """Who came in with another worksheet has a name and a first shift by now: as if all had come at once."""
    placeholder = name_employee(employee_id)
    params = {"employee_id": employee_id, "placeholder": placeholder, "name": name, "began_at": began_at}
    job.store.execute("complete_person", params)


def _take_over(job: Job, row: SettingsRow) -> None:
    """What an admin changed since holds from a later date, and stays."""
    tally = job.report.tallies["EmployeeSettings"]
    held = dict(job.books.settings.get(row.employee_id, ())).get(SINCE_EVER)
    if held == (row.hourly_wage, row.base_pct):
        tally.unchanged += 1
        return
    tally.inserted += held is None
    tally.updated += held is not None
    _set(job, row)


def _set(job: Job, row: SettingsRow) -> None:
    job.store.execute(
        "upsert_settings",
        {
            "employee_id": row.employee_id,
            "valid_from": SINCE_EVER,
            "hourly_wage": row.hourly_wage,
            "base_pct": row.base_pct,
        },
    )
    later = [held for held in job.books.settings.get(row.employee_id, ()) if held[0] != SINCE_EVER]
    job.books.settings[row.employee_id] = [(SINCE_EVER, (row.hourly_wage, row.base_pct)), *later]
