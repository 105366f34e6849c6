"""Correcting a shift: the steps of the form, each saved as soon as it is answered (SPEC 4 "Edit shift")."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time

from bot.forms import CLOCKS, Act, EditField, Form, Kind, Step
from bot.left import Begun
from bot.use_cases import after_shift, clock_steps, dialogs
from bot.use_cases.dialogs import Asked, Transition
from payroll.amounts import parse_amount
from payroll.business_time import Occurrence, parse_clock
from payroll.checks import USUAL_FROM, is_far_above
from payroll.corrections import compute_clock_out, is_much_longer, spread_total
from payroll.errors import ConflictError, ErrorKey, InvalidInputError
from payroll.people import Person
from payroll.refunds import refuse_refunded
from payroll.shifts import Correction, ShiftChange, StoredShift
from payroll.typed_dates import Looking, parse_moment
from postgres_service import PostgresService

LISTED = 3


def list_editable(service: PostgresService, person: Person) -> list[StoredShift]:
    """The person's last shifts, newest first."""
    person.require_open_matters()
    return service.shifts.list_last(person.employee_id, LISTED)


def begin(service: PostgresService, person: Person, shift_id: int, instead_of: str | None = None) -> Asked | Begun:
    """A new form about a shift; it asks what to correct. Raises NotFoundError, ForbiddenError.

    A correction that was begun before is asked about first, but where it is `instead_of`.
    """
    person.require_open_matters()
    with service.transaction():
        stored = dialogs.get_own(service, person, shift_id)
        dialogs.require_own_or_decider(service, person, stored.shift.employee_id)
        work = stored.shift.work
        known = {"shift_id": shift_id, "start": work.time_in, "end": work.time_out, "has_left": person.has_left}
        known["is_closed"] = service.shifts.is_closed(stored.shift.employee_id, work.shift_date)
        if stored.shift.employee_id != person.employee_id:
            known |= {"for_id": stored.shift.employee_id, "for_name": stored.employee_name}
        form = dialogs.start_form(Kind.EDIT, Step.FIELD, **known)
        return dialogs.begin(service, person, form, instead_of=instead_of)


def pick_field(service: PostgresService, person: Person, form: Form, value: str) -> Form:
    """What to correct. A shift without sales has no total: a model is asked for instead (PAYROLL D10).

    Of a refunded one the clocks alone, within its date: raises ConflictError for anything else (PAYROLL D35).
    """
    field = EditField(dialogs.read_choice(value, EditField))
    shift = _get_stored(service, person, form).shift
    work = shift.work
    if field not in CLOCKS:
        refuse_refunded(shift, None)
    if field is EditField.TOTAL and not work.products:
        field = EditField.SALES
    # What was begun about another field, and left by Back, is forgotten.
    known = {"edited": field, "start": work.time_in, "end": work.time_out, "amount": None}
    if field is EditField.CLOCK_IN and shift.is_refunded:
        return form.go(Step.START, day=work.shift_date, **known)
    return form.go(_FIRST_STEPS[field], **known)


def pick_day(service: PostgresService, person: Person, form: Form, value: str) -> Form:
    """The new date of the clock-in, as a button says it."""
    return _set_day(service, person, form, dialogs.read_day(value))


def _set_day(service: PostgresService, person: Person, form: Form, day: date) -> Form:
    stored = _get_stored(service, person, form)
    if day > service.rules.today():
        raise InvalidInputError(ErrorKey.TIME_IN_FUTURE, field="date", value=day, allowed="today or before")
    if day != stored.shift.work.shift_date:
        refuse_refunded(stored.shift, None)
        service.shifts.refuse_date(day)
    is_closed = form.is_closed or service.shifts.is_closed(stored.shift.employee_id, day)
    return form.go(Step.START, day=day, is_closed=is_closed)


def set_clock(
    service: PostgresService, person: Person, form: Form, clock: time, occurrence: Occurrence | None = None
) -> Form:
    """The new clock-in or clock-out; the other keeps its clock time (PAYROLL D9)."""
    stored = _get_stored(service, person, form)
    work = stored.shift.work
    if form.edited is EditField.CLOCK_IN:
        found = clock_steps.set_start(service, stored.shift.employee_id, form, clock, occurrence)
        if found.start is not None and found.step is not Step.TWICE:
            found = replace(found, end=compute_clock_out(service.rules.zone, found.start, work.time_out))
    else:
        found = clock_steps.set_end(service, replace(form, start=work.time_in), clock, occurrence)
    if found.step is Step.TWICE:
        return found
    start, _ = clock_steps.check_times(service, stored.shift.employee_id, found)
    _refuse_unchanged(found, stored)
    day = service.rules.zone.date_of(start)
    if day != work.shift_date:
        return found.go(Step.MOVE_SURE, moved_to=_find_other_period(service, work.shift_date, day))
    return _go_on(service, stored, found)


def _go_on(service: PostgresService, stored: StoredShift, form: Form) -> Form:
    """From the clocks to the end, or first to whether the shift was really that long."""
    start, end = clock_steps.check_times(service, stored.shift.employee_id, form)
    work = stored.shift.work
    is_longer = is_much_longer(work.time_out - work.time_in, end - start)
    return form.go(Step.SURE if is_longer or _is_long(service, stored, start, end) else Step.DONE)


def _find_other_period(service: PostgresService, old: date, new: date) -> tuple[date, date] | None:
    period = service.pay_days.find_period(new)
    is_same = period == service.pay_days.find_period(old)
    return None if is_same else (period.start_date, period.end_date)


def pick_product(service: PostgresService, person: Person, form: Form, value: str) -> Form:
    """The product whose sales to correct: one that can be picked, or that the shift has (PAYROLL D11)."""
    sold = _get_stored(service, person, form).shift.work.products
    return form.go(Step.AMOUNT, product_id=dialogs.check_product(service, value, sold=sold))


def set_amount(service: PostgresService, person: Person, form: Form, text: str) -> Form:
    """The new sales of a product, 0 to remove it, or the new total; far above the usual is asked about first.

    Raises ConflictError where that is what the shift says already.
    """
    amount = parse_amount(text, zero_allowed=True)
    stored = _get_stored(service, person, form)
    _refuse_unchanged(replace(form, amount=amount), stored)
    last = service.statistics.list_last_amounts(stored.shift.employee_id, USUAL_FROM)
    return form.go(Step.AMOUNT_SURE if is_far_above(amount, last) else Step.DONE, amount=amount)


def confirm(service: PostgresService, person: Person, form: Form, _value: str) -> Form:
    """Yes, do it; a shift that moves to another date may be unusually long besides."""
    if form.step is Step.MOVE_SURE:
        return _go_on(service, _get_stored(service, person, form), form)
    return form.go(Step.DONE)


def type_text(service: PostgresService, person: Person, form: Form, text: str) -> Form:
    """What was typed at a step that is answered by typing."""
    if form.step in (Step.AMOUNT, Step.TOTAL):
        return set_amount(service, person, form, text)
    if form.step is Step.DAY or (form.step is Step.START and not _is_clock(text)):
        return _type_moment(service, person, form, text)
    return set_clock(service, person, form, parse_clock(text))


def _type_moment(service: PostgresService, person: Person, form: Form, text: str) -> Form:
    """Another date, another time of the shift's own date, or both at once."""
    try:
        day, clock = parse_moment(text, service.rules.today(), Looking.BACK)
    except InvalidInputError as error:
        if error.key is not ErrorKey.DATE_NOT_READABLE or not _is_clock(text):
            raise
        day, clock = _get_stored(service, person, form).shift.work.shift_date, parse_clock(text)
    asked = form if form.step is Step.DAY else form.go_back()
    dated = _set_day(service, person, asked, day)
    return dated if clock is None else set_clock(service, person, dated, clock)


def _is_clock(text: str) -> bool:
    """Whether it can only be meant as a clock time, be it one or two."""
    try:
        parse_clock(text)
    except InvalidInputError as error:
        return error.key is ErrorKey.CLOCK_AMBIGUOUS
    return True


def save(service: PostgresService, person: Person, form: Form) -> ShiftChange:
    """Carry the correction out. What is refused, or changes nothing, raises and leaves the form as it is."""
    # Under the lock: sales are corrected one product at a time, and nobody else's correction may get lost.
    stored = service.shifts.lock(_get_stored(service, person, form).shift_id)
    dialogs.require_own_or_decider(service, person, stored.shift.employee_id)
    actor_id = person.employee_id
    if form.edited is EditField.DELETE:
        gone = service.shifts.delete(stored.shift_id, actor_id=actor_id)
        after_shift.tell_person(service, person, gone)
        return gone
    _refuse_unchanged(form, stored)
    change = service.shifts.edit(stored.shift_id, write_correction(form, stored), actor_id=actor_id)
    if form.edited in CLOCKS and change.after is not None:
        work = change.after.shift.work
        if _is_long(service, stored, work.time_in, work.time_out):
            clock_steps.tell_admins(service, change)
    clock_steps.tell_of_changed_month(service, change)
    after_shift.tell_admins(service, change)
    after_shift.tell_person(service, person, change)
    return change


def write_correction(form: Form, stored: StoredShift) -> Correction:
    """What a form makes of a shift's clocks or sales; a total is spread (PAYROLL D9, D10)."""
    if form.edited is EditField.TOTAL and form.amount is not None:
        return Correction(products=spread_total(stored.shift.work.products, form.amount))
    if form.edited is EditField.SALES:
        if form.product_id is None or form.amount is None:
            raise LookupError("sales are corrected only with a product and an amount")
        return Correction(products={**stored.shift.work.products, form.product_id: form.amount})
    if form.edited is EditField.CLOCK_IN:
        return Correction(time_in=form.start, time_out=form.end)
    return Correction(time_out=form.end)


def _refuse_unchanged(form: Form, stored: StoredShift) -> None:
    wish, work = write_correction(form, stored), stored.shift.work
    sold = {one: amount for one, amount in (wish.products or {}).items() if amount}
    is_same = (
        wish.time_in in (None, work.time_in)
        and wish.time_out in (None, work.time_out)
        and (wish.products is None or sold == work.products)
    )
    if is_same:
        raise ConflictError(
            ErrorKey.NOTHING_CHANGES, field="shift", value=stored.shift_id, allowed="something else than it says"
        )


def _is_long(service: PostgresService, stored: StoredShift, start: datetime, end: datetime) -> bool:
    return clock_steps.is_long(service, stored.shift.employee_id, start, end, except_for=stored.shift_id)


def _get_stored(service: PostgresService, person: Person, form: Form) -> StoredShift:
    if form.shift_id is None:
        raise LookupError("an edit is about a shift")
    return dialogs.get_own(service, person, form.shift_id)


_FIRST_STEPS = {
    EditField.CLOCK_IN: Step.DAY,
    EditField.CLOCK_OUT: Step.END,
    EditField.SALES: Step.PRODUCT,
    EditField.TOTAL: Step.TOTAL,
    EditField.DELETE: Step.DELETE,
}

STEPS: Mapping[Act, Transition] = {
    Act.FIELD: pick_field,
    Act.DAY: pick_day,
    Act.PRODUCT: pick_product,
    Act.SURE: confirm,
}
