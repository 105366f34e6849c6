"""Why a change of a shift is refused by what is in the books: another shift, a closed period, a person who left."""

from collections.abc import Iterable
from datetime import date, datetime

from payroll.business_time import BusinessZone, format_date
from payroll.errors import ConflictError, ErrorKey, ForbiddenError, NotFoundError
from repository import rows
from repository.outcome import LockedPerson


def refuse_overlap(zone: BusinessZone, other: rows.JsonRow | None) -> None:
    """Raise ConflictError for another shift that lies in these times; one that runs is to be finished first."""
    if other is None:
        return
    shift_id, status, begin, end = other
    began = zone.format(_as_instant(begin))
    if status == "running":
        raise ConflictError(
            ErrorKey.SHIFT_RUNNING,
            field="time_in",
            value=began,
            allowed=f"finish the shift of {began} first",
            shift_id=shift_id,
            began=began,
        )
    ended = zone.format(_as_instant(end))
    raise ConflictError(
        ErrorKey.SHIFT_OVERLAPS,
        field="time_in",
        value=f"{began} - {ended}",
        allowed=f"a time outside shift {shift_id}",
        shift_id=shift_id,
        began=began,
        ended=ended,
    )


def is_after_leaving(person: LockedPerson, shift_date: date) -> bool:
    """Whether a date is later than the person's last day."""
    return person.left_date is not None and shift_date > person.left_date


def refuse_after_leaving(person: LockedPerson, shift_date: date) -> None:
    """Raise ForbiddenError for a date after the person's last day (PAYROLL D36)."""
    if person.left_date is not None and shift_date > person.left_date:
        raise ForbiddenError(
            ErrorKey.EMPLOYEE_LEFT,
            field="shift_date",
            value=shift_date,
            allowed=f"up to {format_date(person.left_date)}, when {person.name} left",
        )


def refuse_closed(person: LockedPerson, dates: Iterable[date], *, is_correction: bool = False) -> None:
    """Raise ConflictError for a date of a closed period: an approved correction request alone changes it (D32)."""
    closed = [day for day in dates if person.is_closed(day)]
    if closed and not is_correction:
        raise ConflictError(
            ErrorKey.PERIOD_CLOSED,
            field="shift_date",
            value=min(closed),
            allowed=f"a date after {person.closed_until}",
        )


def unknown_employee(employee_id: int) -> NotFoundError:
    """There is nobody of that number."""
    return NotFoundError(
        ErrorKey.EMPLOYEE_UNKNOWN, field="employee_id", value=employee_id, allowed="the number of an employee"
    )


def unknown_shift(shift_id: int) -> NotFoundError:
    """There is no recorded shift of that number."""
    return NotFoundError(
        ErrorKey.SHIFT_UNKNOWN, field="shift_id", value=shift_id, allowed="the number of a recorded shift"
    )


def _as_instant(value: datetime | str) -> datetime:
    """An instant of a row, or of the JSON in one."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)
