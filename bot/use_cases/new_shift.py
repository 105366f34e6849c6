"""Recording a shift: the steps of the form, and its one saving (SPEC 4 "Create shift", "Start now / Finish now")."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import takewhile
from typing import Any

from bot.forms import END_OF_BEFORE, Act, Form, Half, Kind, Step
from bot.left import Begun
from bot.use_cases import after_shift, clock_steps, dialogs, left
from bot.use_cases.dialogs import Asked, Transition
from payroll.amounts import parse_amount
from payroll.business_time import Occurrence, format_date, parse_clock
from payroll.checks import USUAL_FROM, is_far_above, is_long_ago
from payroll.errors import ConflictError, ErrorKey, ForbiddenError, InvalidInputError, NotFoundError
from payroll.money import ZERO
from payroll.people import Person
from payroll.shifts import NewShift, RunningShift, ShiftChange
from payroll.typed_dates import Looking, parse_moment
from postgres_service import PostgresService
from repository.drafts import Draft

HOURS_IN_HALF = 12
UNDO_WITHIN = timedelta(minutes=10)


def begin(service: PostgresService, person: Person, instead_of: str | None = None) -> Asked | Begun:
    """A new form; it asks for the date. One that was begun before is asked about first, unless it is `instead_of`."""
    person.require_open_matters()
    with service.transaction():
        form = dialogs.start_form(Kind.NEW, Step.DAY, has_left=person.has_left)
        return dialogs.begin(service, person, form, instead_of=instead_of)


def begin_for(
    service: PostgresService, admin: Person, employee_id: int, instead_of: str | None = None
) -> Asked | Begun:
    """As `begin`, for somebody else's shift (SPEC 4, PAYROLL D36). Raises ForbiddenError, NotFoundError."""
    admin.require_admin()
    with service.transaction():
        dialogs.require_own_or_decider(service, admin, employee_id)
        form = dialogs.start_form(Kind.NEW, Step.DAY, **_name_other(service, admin, employee_id))
        return dialogs.begin(service, admin, form, instead_of=instead_of)


def begin_to_finish_for(
    service: PostgresService, admin: Person, employee_id: int, instead_of: str | None = None
) -> Asked | Begun:
    """A form that ends somebody's running shift: it asks when. Raises ForbiddenError, NotFoundError.

    One that was begun before, for whomever, is asked about first, but where it is `instead_of`.
    """
    admin.require_admin()
    with service.transaction():
        dialogs.require_own_or_decider(service, admin, employee_id)
        form = _start_finishing(_find_running_of(service, employee_id), **_name_other(service, admin, employee_id))
        return dialogs.begin(service, admin, form, instead_of=instead_of)


def start_now(service: PostgresService, person: Person) -> RunningShift:
    """Open a running shift at this minute (PAYROLL D4).

    Raises ConflictError where the time is taken, or the clock cannot be right.
    """
    person.require_member()
    return service.shifts.start_running(person.employee_id, service.present.read_now().replace(second=0))


def is_fresh(service: PostgresService, running: RunningShift) -> bool:
    """Whether a running shift has begun so shortly before that its start can be taken back without being asked."""
    return service.rules.clock() - running.time_in < UNDO_WITHIN


def undo_start(service: PostgresService, person: Person, shift_id: int) -> bool:
    """Take the running shift of a button back as if it had never begun.

    False where that is to be asked first: it has run for a while, or sales were entered. Raises NotFoundError,
    ConflictError.
    """
    person.require_open_matters()
    with service.transaction():
        running = _get_running_of(service, person, shift_id)
        found = _find_form_of(service, person, running)
        if not is_fresh(service, running) or (found is not None and found[1].products):
            return False
        discard(service, person, shift_id)
        return True


def get_running(service: PostgresService, person: Person) -> RunningShift:
    """The person's running shift. Raises NotFoundError where none runs."""
    return _find_running_of(service, person.employee_id)


def finish_now(service: PostgresService, person: Person) -> Asked:
    """End the running shift at this minute and ask for the sales; it runs on until they are saved.

    One that has run longer than a shift may be asks when it really ended; of any other, Back leads to that question.
    Where the form was begun before, it goes on with what was entered, and with the end of then or that of now, which
    is asked. Raises NotFoundError, InvalidInputError, ConflictError where the clock cannot be right.
    """
    person.require_open_matters()
    with service.transaction():
        running = get_running(service, person)
        found = _find_form_of(service, person, running)
        if found is not None:
            draft, form = found
            anew = dialogs.ask_in_new_zone(service, person, draft, form)
            if anew is not None:
                return anew
            return (dialogs.resume if draft.is_left else dialogs.ask)(service, person, take_up(service, draft, form))
        end = _read_minute(service)
        if end - running.time_in < timedelta(minutes=1):
            raise InvalidInputError(
                ErrorKey.SHIFT_TOO_SHORT,
                field="end",
                value=service.rules.zone.format(end),
                allowed="at least a minute after the start",
            )
        form = _start_finishing(running)
        if end - running.time_in <= timedelta(hours=service.rules.max_shift_hours):
            form = _go_on(service, person, replace(form, end=end))
        return _begin_finishing(service, person, form)


def finish_earlier(service: PostgresService, person: Person, shift_id: int) -> Asked:
    """Ask when the running shift of a button really ended; it runs on until its sales are saved (SPEC 4.24).

    What was entered for it before stays. Raises NotFoundError where none runs, ConflictError where another one runs.
    """
    person.require_open_matters()
    with service.transaction():
        running = _get_running_of(service, person, shift_id)
        found = _find_form_of(service, person, running)
        if found is None:
            return _begin_finishing(service, person, _start_finishing(running))
        draft, form = found
        return dialogs.ask(service, person, dialogs.move(service, draft, _ask_end_anew(form)))


def take_up(service: PostgresService, draft: Draft, form: Form) -> Form:
    """A form of before. Where it ends one's own running shift, which of the two ends holds is asked first.

    Raises NotFoundError where nothing runs any more, ConflictError where another shift runs by now.
    """
    if form.running_id is None:
        return form
    running = _find_running_of(service, draft.employee_id if form.for_id is None else form.for_id)
    if running.shift_id != form.running_id:
        raise _refuse_other(form.running_id, running)
    asks_for_end = form.end is None or form.step in (Step.END, Step.WHICH_END) or form.for_id is not None
    if asks_for_end or form.end == _read_minute(service):
        return form
    return dialogs.move(service, draft, form.go(Step.WHICH_END))


def pick_end(service: PostgresService, person: Person, form: Form, value: str) -> Form:
    """The end of before, or the minute that the button said. Sales that were entered stay."""
    before = form.go_back()
    if value == END_OF_BEFORE:
        return before
    moved = replace(before, end=dialogs.read_minute(value))
    whose = get_whose(person, moved)
    start, end = clock_steps.check_times(service, whose, moved)
    if clock_steps.is_long(service, whose, start, end):
        return replace(moved, step=Step.END, trail=()).go(Step.SURE)
    return replace(moved, step=Step.END, trail=()).go(Step.PRODUCT) if before.step is Step.SURE else moved


def pick_day(service: PostgresService, person: Person, form: Form, value: str) -> Form:
    """The start date, the one that the button said when it was shown (PAYROLL D2)."""
    return _set_day(service, person, form, dialogs.read_day(value))


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
    """The amount that was typed, 0 to take the product out; one far above the usual is asked about first (TECH T21)."""
    amount = parse_amount(text, zero_allowed=form.product_id in form.products)
    if not amount:
        return _add(form, ZERO)
    last = service.statistics.list_last_amounts(get_whose(person, form), USUAL_FROM)
    return form.go(Step.AMOUNT_SURE, amount=amount) if is_far_above(amount, last) else _add(form, amount)


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
    if form.step is Step.WHICH_END:
        form = _ask_end_anew(form)
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
        running = _get_running_of(service, person, shift_id)
        found = _find_form_of(service, person, running)
        service.drafts.cancel([found[0]] if found is not None else [])
        service.shifts.discard_running(person.employee_id)


def _name_other(service: PostgresService, admin: Person, employee_id: int) -> dict[str, Any]:
    """Whose shift a form is about; nothing for one's own."""
    person = service.people.get(employee_id)
    return {} if employee_id == admin.employee_id else {"for_id": employee_id, "for_name": person.name}


def _start_finishing(running: RunningShift, **known: Any) -> Form:
    """A form that asks when a running shift ended."""
    begun = {"day": running.shift_date, "start": running.time_in, "running_id": running.shift_id}
    return dialogs.start_form(Kind.NEW, Step.END, **begun, **known)


def _begin_finishing(service: PostgresService, person: Person, form: Form) -> Asked:
    """Begin it in the place of any about a shift that runs no more."""
    service.drafts.cancel(draft for draft, _ in left.list_same(service, person, form))
    return dialogs.ask(service, person, dialogs.open_form(service, person, form))


def _ask_end_anew(form: Form) -> Form:
    """The form at the question when the shift ended, with the sales that were entered."""
    return replace(form, step=Step.END, half=Half.AM, trail=(), clock=None, product_id=None, amount=None)


def _read_minute(service: PostgresService) -> datetime:
    return service.present.read_now().replace(second=0, microsecond=0)


def _find_form_of(service: PostgresService, person: Person, running: RunningShift) -> tuple[Draft, Form] | None:
    """The person's open form that ends their running shift."""
    for draft in service.drafts.list_open(person.employee_id):
        if draft.kind == Kind.NEW:
            form = left.load_form(draft)
            if form.running_id == running.shift_id and form.for_id is None:
                return draft, form
    return None


def _find_running_of(service: PostgresService, employee_id: int) -> RunningShift:
    running = service.shifts.find_running(employee_id)
    if running is None:
        raise NotFoundError(ErrorKey.SHIFT_NOT_RUNNING, field="shift", value="none", allowed="a running shift")
    return running


def _get_running_of(service: PostgresService, person: Person, shift_id: int) -> RunningShift:
    running = get_running(service, person)
    if running.shift_id != shift_id:
        raise _refuse_other(shift_id, running)
    return running


def _refuse_other(shift_id: int, running: RunningShift) -> ConflictError:
    allowed = f"the running shift, {running.shift_id}"
    return ConflictError(ErrorKey.DRAFT_CLOSED, field="shift", value=shift_id, allowed=allowed)


def _go_on(service: PostgresService, person: Person, form: Form) -> Form:
    """From the clocks to the sales, or first to whether the shift was really that long (PAYROLL D12)."""
    whose = get_whose(person, form)
    start, end = clock_steps.check_times(service, whose, form)
    return form.go(Step.SURE if clock_steps.is_long(service, whose, start, end) else Step.PRODUCT)


def _add(form: Form, amount: Decimal | None) -> Form:
    if form.product_id is None or amount is None:
        raise LookupError("an amount is added only with its product")
    products = {one: sold for one, sold in {**form.products, form.product_id: amount}.items() if sold}
    # Back leads to what was asked before the products, not to an amount that is entered already.
    trail = tuple(takewhile(lambda step: step is not Step.PRODUCT, form.trail))
    return replace(form, step=Step.PRODUCT, trail=trail, products=products, product_id=None, amount=None)


STEPS: Mapping[Act, Transition] = {
    Act.DAY: pick_day,
    Act.END: pick_end,
    Act.SURE: confirm,
    Act.PRODUCT: pick_product,
    Act.FINISH: finish,
    Act.NO_SALES: finish_without_sales,
}
