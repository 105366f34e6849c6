"""Clock times in a form: what was tapped or typed, into instants (PAYROLL D5, D9, D12, TECH T23)."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from bot.forms import Form, Step
from payroll.business_time import Occurrence
from payroll.checks import USUAL_FROM, is_long_shift
from payroll.errors import DomainError, ErrorKey, InvalidInputError
from payroll.records import get_month
from payroll.shifts import ShiftChange
from postgres_service import PostgresService


def set_start(
    service: PostgresService, employee_id: int, form: Form, clock: time, occurrence: Occurrence | None
) -> Form:
    """The form with its start, or asking which of two is meant. Raises InvalidInputError, ConflictError."""
    if form.day is None:
        raise LookupError("a start is asked for only after its date")
    try:
        start = service.rules.zone.localize(datetime.combine(form.day, clock), field="start", occurrence=occurrence)
    except InvalidInputError as error:
        return _ask_which(form, clock, error)
    if start > service.rules.clock():
        raise InvalidInputError(
            ErrorKey.TIME_IN_FUTURE, field="start", value=service.rules.zone.format(start), allowed="not in the future"
        )
    service.shifts.refuse_taken(employee_id, start, start + timedelta(minutes=1), except_for=form.shift_id)
    return replace(form, start=start)


def set_end(service: PostgresService, form: Form, clock: time, occurrence: Occurrence | None) -> Form:
    """The form with its end, the first such time after the start, or asking which of two is meant (SPEC 4)."""
    if form.start is None:
        raise LookupError("an end is asked for only after the start")
    try:
        end = service.rules.zone.first_after(form.start, clock, occurrence=occurrence, field="end")
    except InvalidInputError as error:
        return _ask_which(form, clock, error)
    return replace(form, end=end)


def check_times(service: PostgresService, employee_id: int, form: Form) -> tuple[datetime, datetime]:
    """Both clocks of a form. Raises InvalidInputError or ConflictError where no such shift can be."""
    if form.start is None or form.end is None:
        raise LookupError("times are checked when both clocks are known")
    service.shifts.refuse_times(form.start, form.end)
    service.shifts.refuse_taken(employee_id, form.start, form.end, except_for=form.running_id or form.shift_id)
    return form.start, form.end


def is_long(
    service: PostgresService, employee_id: int, start: datetime, end: datetime, *, except_for: int | None = None
) -> bool:
    """Whether a shift is unusually long for this person, or for anybody (PAYROLL D12).

    `except_for` is a shift that does not tell what is usual: the one that is being corrected.
    """
    last = service.get_last_shifts(employee_id, USUAL_FROM)
    return is_long_shift(end - start, [shift["worked_hours"] for shift in last if shift["shift_id"] != except_for])


def tell_admins(service: PostgresService, change: ShiftChange) -> None:
    """Show an unusually long shift to the admins (PAYROLL D12)."""
    if change.after is None:
        return
    facts = {
        "employee_name": change.after.employee_name,
        "shift_id": change.shift_id,
        "hours": str(change.after.shift.pay.worked_hours),
    }
    service.outbox.add_for_admins("long_shift", facts)


def tell_of_changed_month(service: PostgresService, change: ShiftChange) -> None:
    """Show a correction that moved a shift to another month to the admins (PAYROLL D17)."""
    if change.before is None or change.after is None:
        return
    old_month = get_month(change.before.shift.work.shift_date)
    new_month = get_month(change.after.shift.work.shift_date)
    if old_month == new_month:
        return
    facts = {"employee_name": change.after.employee_name, "shift_id": change.shift_id}
    months = {"old_month": str(old_month), "new_month": str(new_month)}
    service.outbox.add_for_admins("month_changed", {**facts, **months})


def _ask_which(form: Form, clock: time, error: DomainError) -> Form:
    if error.key is not ErrorKey.TIME_EXISTS_TWICE:
        raise error
    return form.go(Step.TWICE, clock=clock)
