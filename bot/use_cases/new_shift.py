"""Recording a shift: the steps of the form, and its one saving (SPEC 4 "Create shift", "Start now / Finish now")."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

from bot.forms import Act, Form, Half, Kind, Step
from bot.use_cases import after_shift, clock_steps, dialogs
from bot.use_cases.dialogs import Asked, Transition
from payroll.amounts import parse_amount
from payroll.business_time import Occurrence, format_date, parse_clock
from payroll.checks import USUAL_FROM, is_far_above, is_long_ago
from payroll.errors import ConflictError, ErrorKey, ForbiddenError, InvalidInputError, NotFoundError
from payroll.people import Person
from payroll.shifts import NewShift, RunningShift, ShiftChange
from payroll.typed_dates import Looking, parse_moment
from postgres_service import PostgresService
from repository.drafts import Draft

HOURS_IN_HALF = 12


def begin(service: PostgresService, person: Person) -> Asked:
    """A new form; it asks for the date."""
    person.require_open_matters()
    with service.transaction():
        form = dialogs.start_form(Kind.NEW, Step.DAY, has_left=person.has_left)
        form = dialogs.open_form(service, person, form)
        return dialogs.ask(service, person, form)


def begin_for(service: PostgresService, admin: Person, employee_id: int) -> Asked:
    """A new form for somebody else's shift (SPEC 4 "Edit shift", PAYROLL D36). Raises ForbiddenError, NotFoundError."""
    admin.require_admin()
    with service.transaction():
        dialogs.require_own_or_decider(service, admin, employee_id)
        form = dialogs.start_form(Kind.NEW, Step.DAY, **_name_other(service, admin, employee_id))
        return dialogs.ask(service, admin, dialogs.open_form(service, admin, form))


def begin_to_finish_for(service: PostgresService, admin: Person, employee_id: int) -> Asked:
    """A form that ends somebody's running shift: it asks when. Raises ForbiddenError, NotFoundError."""
    admin.require_admin()
    with service.transaction():
        dialogs.require_own_or_decider(service, admin, employee_id)
        running = _find_running_of(service, employee_id)
        known = {"day": running.shift_date, "start": running.time_in, "running_id": running.shift_id}
        form = dialogs.start_form(Kind.NEW, Step.END, **known, **_name_other(service, admin, employee_id))
        return dialogs.ask(service, admin, dialogs.open_form(service, admin, form))


def start_now(service: PostgresService, person: Person) -> RunningShift:
    """Open a running shift at this minute (PAYROLL D4).

    Raises ConflictError where the time is taken, or the clock cannot be right.
    """
    person.require_member()
    return service.shifts.start_running(person.employee_id, service.present.read_now().replace(second=0))


def get_running(service: PostgresService, person: Person) -> RunningShift:
    """The person's running shift. Raises NotFoundError where none runs."""
    return _find_running_of(service, person.employee_id)


def finish_now(service: PostgresService, person: Person) -> Asked:
    """End the running shift at this minute and ask for the sales; it runs on until they are saved.

    One that has run longer than a shift may be asks when it really ended; of any other, Back leads to that question.
    Where sales were entered before, the form goes on as it is, with the end that it shows: nothing is told twice.
    Raises NotFoundError, InvalidInputError, ConflictError where the clock cannot be right.
    """
    person.require_open_matters()
    with service.transaction():
        running = get_running(service, person)
        found = _find_form_of(service, person, running)
        if found is not None and found[1].products:
            draft, form = found
            return (dialogs.resume if draft.is_left else dialogs.ask)(service, person, form)
        end = service.present.read_now().replace(second=0)
        if end - running.time_in < timedelta(minutes=1):
            raise InvalidInputError(
                ErrorKey.SHIFT_TOO_SHORT,
                field="end",
                value=service.rules.zone.format(end),
                allowed="at least a minute after the start",
            )
        known = {"day": running.shift_date, "start": running.time_in, "running_id": running.shift_id}
        form = dialogs.start_form(Kind.NEW, Step.END, **known)
        if end - running.time_in <= timedelta(hours=service.rules.max_shift_hours):
            form = _go_on(service, person, replace(form, end=end))
        return dialogs.ask(service, person, dialogs.open_form(service, person, form))


def finish_earlier(service: PostgresService, person: Person, shift_id: int) -> Asked:
    """Ask when the running shift of a button really ended; it runs on until its sales are saved (SPEC 4.24).

    Raises NotFoundError where none runs, ConflictError where another one runs by now.
    """
    person.require_open_matters()
    with service.transaction():
        running = _get_running_of(service, person, shift_id)
        known = {"day": running.shift_date, "start": running.time_in, "running_id": running.shift_id}
        form = dialogs.start_form(Kind.NEW, Step.END, **known)
        return dialogs.ask(service, person, dialogs.open_form(service, person, form))


def pick_day(service: PostgresService, person: Person, form: Form, value: str) -> Form:
    """The start date, today or some days ago, fixed at this tap (PAYROLL D2)."""
    return _set_day(service, person, form, service.rules.today() - dialogs.read_days_ago(value))


def _set_day(service: PostgresService, person: Person, form: Form, day: date) -> Form:
    if day > service.rules.today():
        raise InvalidInputError(ErrorKey.TIME_IN_FUTURE, field="date", value=day, allowed="today or before")
    whose = get_whose(person, form)
    left_date = service.people.get(whose).left_date if form.for_id is not None else None
    if left_date is not None and day > left_date:
        raise ForbiddenError(
            ErrorKey.EMPLOYEE_LEFT, field="date", value=form.for_name, allowed=f"up to {format_date(left_date)}"
        )
    service.shifts.refuse_date(day)
    is_closed = form.running_id is None and service.shifts.is_closed(whose, day)
    is_asked = is_long_ago(day, service.rules.today())
    return form.go(Step.DAY_SURE if is_asked else Step.START, day=day, is_closed=is_closed)


def set_clock(
    service: PostgresService, person: Person, form: Form, clock: time, occurrence: Occurrence | None = None
) -> Form:
    """The start or the end, whichever the form asks for."""
    if form.step is Step.START:
        found = clock_steps.set_start(service, get_whose(person, form), form, clock, occurrence)
        half = Half.PM if clock.hour < HOURS_IN_HALF else Half.AM
        return found if found.step is Step.TWICE else found.go(Step.END, half=half)
    found = clock_steps.set_end(service, form, clock, occurrence)
    return found if found.step is Step.TWICE else _go_on(service, person, found)


def confirm(service: PostgresService, person: Person, form: Form, _value: str) -> Form:
    """Yes: the shift was that long ago, or that long, or the amount is that large."""
    if form.step is Step.DAY_SURE:
        # Back from the clock leads to the date, not to this question about it.
        dated = replace(form, step=Step.START, clock=None)
        return dated if form.clock is None else set_clock(service, person, dated, form.clock)
    return form.go(Step.PRODUCT) if form.step is Step.SURE else _add(form, form.amount)


def pick_product(service: PostgresService, _person: Person, form: Form, value: str) -> Form:
    """The product to enter sales of. Raises InvalidInputError for one that cannot be picked (PAYROLL D11)."""
    product_id = dialogs.check_product(service, value, sold=form.products)
    return form.go(Step.AMOUNT, product_id=product_id)


def set_amount(service: PostgresService, person: Person, form: Form, text: str) -> Form:
    """The amount that was typed; one far above the usual is asked about first (TECH T21)."""
    amount = parse_amount(text)
    last = service.statistics.list_last_amounts(get_whose(person, form), USUAL_FROM)
    return form.go(Step.AMOUNT_SURE, amount=amount) if is_far_above(amount, last) else _add(form, amount)


def add_model(_service: PostgresService, _person: Person, form: Form, _value: str) -> Form:
    """One more product."""
    return form.go(Step.PRODUCT)


def finish(_service: PostgresService, _person: Person, form: Form, _value: str) -> Form:
    """That was all."""
    if not form.products:
        raise ConflictError(ErrorKey.DRAFT_CLOSED, field="button", value="finish", allowed="a shift with sales")
    return form.go(Step.DONE)


def finish_without_sales(_service: PostgresService, _person: Person, form: Form, _value: str) -> Form:
    """Nothing was sold."""
    if form.products:
        raise ConflictError(ErrorKey.DRAFT_CLOSED, field="button", value="no sales", allowed="a shift without sales")
    return form.go(Step.DONE)


def type_text(service: PostgresService, person: Person, form: Form, text: str) -> Form:
    """What was typed at a step that is answered by typing."""
    if form.step is Step.AMOUNT:
        return set_amount(service, person, form, text)
    if form.step is Step.DAY:
        day, clock = parse_moment(text, service.rules.today(), Looking.BACK)
        dated = _set_day(service, person, form, day)
        if clock is None or dated.step is Step.DAY_SURE:
            return replace(dated, clock=clock)
        return set_clock(service, person, dated, clock)
    return set_clock(service, person, form, parse_clock(text))


def save(service: PostgresService, person: Person, form: Form) -> ShiftChange:
    """Record the shift of a form. What is refused raises and leaves the form as it is."""
    whose = get_whose(person, form)
    dialogs.require_own_or_decider(service, person, whose)
    start, end = clock_steps.check_times(service, whose, form)
    is_long = clock_steps.is_long(service, whose, start, end)
    change = service.shifts.record(
        NewShift(
            employee_id=whose,
            time_in=start,
            time_out=end,
            products=form.products,
            employee_name=person.name if form.for_id is None else None,
            request_id=form.draft_id,
            running_shift_id=form.running_id,
        )
    )
    if is_long:
        clock_steps.tell_admins(service, change)
    after_shift.tell_admins(service, change)
    after_shift.tell_person(service, person, change)
    return change


def get_whose(person: Person, form: Form) -> int:
    """Whose shift a form is about: one's own, or somebody else's for an admin. Raises ForbiddenError."""
    if form.for_id is None:
        return person.employee_id
    person.require_admin()
    return form.for_id


def find_finishing(service: PostgresService, person: Person, shift_id: int) -> tuple[RunningShift, Form | None]:
    """The running shift of a button, and the open form that ends it, if there is one.

    Raises NotFoundError where none runs, ConflictError where another one runs by now.
    """
    person.require_open_matters()
    running = _get_running_of(service, person, shift_id)
    found = _find_form_of(service, person, running)
    return running, found[1] if found is not None else None


def discard(service: PostgresService, person: Person, shift_id: int) -> None:
    """Drop the running shift of a button as if it had never begun. Raises NotFoundError, ConflictError."""
    person.require_open_matters()
    with service.transaction():
        _get_running_of(service, person, shift_id)
        service.drafts.cancel_open(person.employee_id)
        service.shifts.discard_running(person.employee_id)


def _name_other(service: PostgresService, admin: Person, employee_id: int) -> dict[str, Any]:
    """Whose shift a form is about; nothing for one's own."""
    person = service.people.get(employee_id)
    return {} if employee_id == admin.employee_id else {"for_id": employee_id, "for_name": person.name}


def _find_form_of(service: PostgresService, person: Person, running: RunningShift) -> tuple[Draft, Form] | None:
    """The open form that ends a running shift."""
    draft = service.drafts.find_open(person.employee_id)
    if draft is None or draft.kind != Kind.NEW:
        return None
    form = dialogs.load_form(draft)
    return (draft, form) if form.running_id == running.shift_id else None


def _find_running_of(service: PostgresService, employee_id: int) -> RunningShift:
    running = service.shifts.find_running(employee_id)
    if running is None:
        raise NotFoundError(ErrorKey.SHIFT_NOT_RUNNING, field="shift", value="none", allowed="a running shift")
    return running


def _get_running_of(service: PostgresService, person: Person, shift_id: int) -> RunningShift:
    running = get_running(service, person)
    if running.shift_id != shift_id:
        raise ConflictError(
            ErrorKey.DRAFT_CLOSED, field="shift", value=shift_id, allowed=f"the running shift, {running.shift_id}"
        )
    return running


def _go_on(service: PostgresService, person: Person, form: Form) -> Form:
    """From the clocks to the sales, or first to whether the shift was really that long (PAYROLL D12)."""
    whose = get_whose(person, form)
    start, end = clock_steps.check_times(service, whose, form)
    return form.go(Step.SURE if clock_steps.is_long(service, whose, start, end) else Step.PRODUCT)


def _add(form: Form, amount: Decimal | None) -> Form:
    if form.product_id is None or amount is None:
        raise LookupError("an amount is added only with its product")
    products = {**form.products, form.product_id: amount}
    # Back leads to the products, not to an amount that is entered already.
    trail = tuple(step for step in form.trail if step is not Step.AMOUNT)
    return replace(form, step=Step.REVIEW, trail=trail, products=products, product_id=None, amount=None)


STEPS: Mapping[Act, Transition] = {
    Act.DAY: pick_day,
    Act.SURE: confirm,
    Act.PRODUCT: pick_product,
    Act.ADD: add_model,
    Act.FINISH: finish,
    Act.NO_SALES: finish_without_sales,
}
