"""A tap on a form, or a text typed to the dialogue that is open: one step, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Protocol, TypeAlias

from bot.errands import ErrandAsked, ErrandDone, is_errand
from bot.forms import CONFIRMING_STEPS, Act, Form, Half, Kind, Step
from bot.use_cases import corrections, dialogs, edit_shift, errands, left, new_shift
from bot.use_cases.corrections import Requested
from bot.use_cases.dialogs import Asked, Saved, Transition
from bot.use_cases.errand_rules import read_text
from payroll.business_time import Occurrence
from payroll.errors import ConflictError, ErrorKey
from payroll.people import Person
from payroll.shifts import ShiftChange
from postgres_service import PostgresService
from repository.drafts import Draft, refuse_closed

Answered: TypeAlias = Asked | Saved | Requested | ErrandAsked | ErrandDone
"""Where a dialogue stands, or what came of it."""


class SetClock(Protocol):
    """Takes a form one step on by a clock time."""

    def __call__(
        self, service: PostgresService, person: Person, form: Form, clock: time, occurrence: Occurrence | None = None
    ) -> Form:
        """The form with the clock time, or asking which of two is meant."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What one kind of form does with taps, clock times and texts, and how it is saved."""

    steps: Mapping[Act, Transition]
    set_clock: SetClock
    type_text: Transition
    save: Callable[[PostgresService, Person, Form], ShiftChange]


_FLOWS = {
    Kind.NEW: Flow(new_shift.STEPS, new_shift.set_clock, new_shift.type_text, new_shift.save),
    Kind.EDIT: Flow(edit_shift.STEPS, edit_shift.set_clock, edit_shift.type_text, edit_shift.save),
}
_HOUR_ACTS = {Act.HOUR, Act.HALF}
_ACTS: Mapping[Step, set[Act]] = {
    Step.DAY: {Act.DAY},
    Step.DAY_SURE: {Act.SURE},
    Step.START: _HOUR_ACTS,
    Step.END: _HOUR_ACTS,
    Step.WHICH_END: {Act.END},
    Step.TWICE: {Act.TWICE},
    Step.MOVE_SURE: {Act.SURE},
    Step.SURE: {Act.SURE},
    Step.PRODUCT: {Act.PRODUCT, Act.FINISH, Act.NO_SALES},
    Step.AMOUNT: set(),
    Step.AMOUNT_SURE: {Act.SURE},
    Step.FIELD: {Act.FIELD},
    Step.TOTAL: set(),
    Step.DELETE: {Act.SURE},
    Step.CLOSED: {Act.ASK},
    Step.REASON: set(),
}
"""The taps that each step is answered by, beside Back and Show: anything else was made up."""


def press(
    service: PostgresService, person: Person, draft_id: str, revision: int, act: Act, value: str
) -> Asked | Saved | Requested:
    """Answer a form by a button.

    A button of an older step changes nothing and shows where one is. Raises ConflictError for a form that is over,
    and whatever the answer is refused with; the form then stays as it is.
    """
    person.require_open_matters()
    with service.transaction():
        draft, form = dialogs.find_form(service, person, draft_id)
        anew = dialogs.ask_in_new_zone(service, person, draft, form)
        if anew is not None:
            return anew
        if form.revision != revision:
            return dialogs.ask(service, person, form, is_stale=True)
        if act is Act.SHOW:
            return dialogs.ask(service, person, form)
        step = _COMMON.get(act) or _FLOWS[form.kind].steps.get(act)
        if step is None or act not in {Act.BACK, *([Act.READ] if form.is_typed else []), *_ACTS[form.step]}:
            raise ConflictError(ErrorKey.DRAFT_CLOSED, field="button", value=act, allowed="a button of this step")
        return _go_on(service, person, draft, step(service, person, form, value))


def type_text(service: PostgresService, person: Person, message_id: int, text: str) -> Answered | None:
    """Answer the dialogue in sight by a text; None where there is none.

    A text where only buttons answer, or one that was taken before and is delivered again (TECH T20), changes nothing
    and shows where one is. A dialogue that was left for another screen takes none: its own button goes on with it.
    """
    person.require_open_matters()
    with service.transaction():
        draft = service.drafts.find_current(person.employee_id)
        if draft is None:
            return None
        if is_errand(draft.kind):
            return errands.type_text(service, person, draft, message_id, text)
        form = left.load_form(draft)
        anew = dialogs.ask_in_new_zone(service, person, draft, form)
        if anew is not None:
            return anew
        if message_id in form.texts:
            return dialogs.ask(service, person, form)
        asked = form.go_back() if form.step in CONFIRMING_STEPS else form
        if not asked.is_typed:
            return dialogs.ask(service, person, form, needs_tap=True)
        answer = _give_reason if form.step is Step.REASON else _FLOWS[form.kind].type_text
        answered = answer(service, person, asked, text)
        return _go_on(service, person, draft, replace(answered, texts=(*form.texts, message_id)))


def show_current(service: PostgresService, person: Person) -> Asked | ErrandAsked | None:
    """The dialogue in sight as it is, None where there is none."""
    person.require_open_matters()
    draft = service.drafts.find_current(person.employee_id)
    if draft is None:
        return None
    if is_errand(draft.kind):
        return errands.show(service, person, left.load_errand(draft))
    form = left.load_form(draft)
    return dialogs.ask_in_new_zone(service, person, draft, form) or dialogs.ask(service, person, form)


def resume(service: PostgresService, person: Person, draft_id: str) -> Asked | ErrandAsked:
    """Go on with a dialogue that was left, where it was.

    Raises ConflictError for one that is over, and whatever its question is refused with; it then stays as it is.
    """
    person.require_open_matters()
    with service.transaction():
        draft = service.drafts.find(draft_id, person.employee_id)
        if draft is None or not draft.is_open:
            raise refuse_closed(draft_id, draft)
        if is_errand(draft.kind):
            person.require_member()
            return replace(errands.show(service, person, left.load_errand(draft)), is_resumed=True)
        form = left.load_form(draft)
        anew = dialogs.ask_in_new_zone(service, person, draft, form)
        return anew or dialogs.resume(service, person, new_shift.take_up(service, draft, form))


def give_up(service: PostgresService, person: Person, draft_id: str) -> None:
    """End a dialogue that cannot be gone on with."""
    person.require_open_matters()
    draft = service.drafts.find(draft_id, person.employee_id)
    service.drafts.cancel([draft] if draft is not None else [])


def _go_on(service: PostgresService, person: Person, draft: Draft, form: Form) -> Asked | Saved | Requested:
    if form.step is not Step.DONE:
        return dialogs.ask(service, person, dialogs.move(service, draft, form))
    # Who has left enters nothing any more: what they finish is saved, the rest they ask for (PAYROLL D36).
    if person.has_left and form.running_id is None and form.reason is None:
        asking = replace(form, step=Step.CLOSED, has_left=True)
        return dialogs.ask(service, person, dialogs.move(service, draft, asking))
    try:
        with service.savepoint():
            return _finish(service, person, draft, form)
    except ConflictError as error:
        if error.key is not ErrorKey.PERIOD_CLOSED or form.running_id is not None:
            raise
    closed = replace(form, step=Step.CLOSED)
    return dialogs.ask(service, person, dialogs.move(service, draft, closed))


def _finish(service: PostgresService, person: Person, draft: Draft, form: Form) -> Saved | Requested:
    # First the one conditional update: of any number of taps at once one gets past it.
    service.drafts.close(draft)
    if form.reason is not None:
        return corrections.request(service, person, form)
    change = _FLOWS[form.kind].save(service, person, form)
    service.drafts.link(draft.draft_id, change.shift_id)
    stored = [one for one in (change.before, change.after) if one is not None]
    origins = service.bonuses.find_origins(bonus for one in stored for bonus in one.shift.bonuses)
    return Saved(form, change, service.get_catalogue(), dialogs.may_see_pay(service, person, form), origins)


def _go_back(_service: PostgresService, _person: Person, form: Form, _value: str) -> Form:
    return form.go_back()


def _ask_admins(_service: PostgresService, _person: Person, form: Form, _value: str) -> Form:
    """What is closed is changed by the admins' word alone; they want to know why (PAYROLL D32)."""
    return form.go(Step.REASON)


def _give_reason(_service: PostgresService, _person: Person, form: Form, text: str) -> Form:
    return form.go(Step.DONE, reason=read_text("reason")(text))


def _read_as(service: PostgresService, person: Person, form: Form, value: str) -> Form:
    """One of two readings of what was typed, as it is typed so that it is plain."""
    return _FLOWS[form.kind].type_text(service, person, form, value)


def _turn_page(_service: PostgresService, _person: Person, form: Form, value: str) -> Form:
    return replace(form, half=Half(dialogs.read_choice(value, Half)))


def _pick_hour(service: PostgresService, person: Person, form: Form, value: str) -> Form:
    return _FLOWS[form.kind].set_clock(service, person, form, time(int(dialogs.read_choice(value, _HOURS))))


def _pick_occurrence(service: PostgresService, person: Person, form: Form, value: str) -> Form:
    if form.clock is None:
        raise LookupError("which one is asked for only with a clock time")
    occurrence = Occurrence(dialogs.read_choice(value, Occurrence))
    # Back from the next step leads to the clock, not to this question about it.
    return _FLOWS[form.kind].set_clock(service, person, form.go_back(), form.clock, occurrence)


_HOURS = [str(hour) for hour in range(24)]
_COMMON: Mapping[Act, Transition] = {
    Act.ASK: _ask_admins,
    Act.BACK: _go_back,
    Act.HALF: _turn_page,
    Act.HOUR: _pick_hour,
    Act.READ: _read_as,
    Act.TWICE: _pick_occurrence,
}
