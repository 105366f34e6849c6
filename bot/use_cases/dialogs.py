"""What all forms have in common: they are found by their draft, moved under its revision, and closed once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeAlias

from bot.forms import Form, Kind, Step
from bot.left import Begun
from bot.use_cases import left
from bot.use_cases.deciders import may_decide
from payroll.decisions import change_pay
from payroll.errors import ConflictError, ErrorKey, ForbiddenError, InvalidInputError
from payroll.held_bonuses import BonusOrigins
from payroll.people import Person
from payroll.products import Catalogue
from payroll.shifts import ShiftChange, StoredShift
from postgres_service import PostgresService
from repository.drafts import Draft, refuse_closed

LONGEST_MINUTE = 9
"""Digits of an instant in minutes: enough to the year 3871."""
Transition: TypeAlias = Callable[[PostgresService, Person, Form, str], Form]
"""Takes a form one step on by what a button says; raises a domain error where that cannot be."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A form with what its screen needs beside it.

    `is_stale`: the tap was on an older step; this is where one is. `needs_tap`: a text was typed where only the buttons
    answer. `is_resumed`: it had been left for another screen, and is gone on with.
    `is_pay_shown`: who fills it in may see what the shift made. `now` is this minute; `may_end_now`: a running shift is
    no longer by then than one may be. `may_withdraw`: the shift has a refund, and who fills it in may withdraw that.
    `zone_before`: the business zone in which it was begun, where there is another now and its times are asked for anew.
    """

    form: Form
    catalogue: Catalogue
    now: datetime
    stored: StoredShift | None = None
    is_stale: bool = False
    needs_tap: bool = False
    is_resumed: bool = False
    is_pay_shown: bool = True
    may_end_now: bool = False
    may_withdraw: bool = False
    zone_before: str | None = None

    @property
    def draft_id(self) -> str:
        """The draft that keeps it."""
        return self.form.draft_id


@dataclass(frozen=True, slots=True)
class Saved:
    """A form that is done: what it did to the shift. `is_pay_shown`: who filled it in may see what that made.

    `origins` says where the bonuses in it come from.
    """

    form: Form
    change: ShiftChange
    catalogue: Catalogue
    is_pay_shown: bool
    origins: BonusOrigins


def begin(service: PostgresService, person: Person, form: Form, *, instead_of: str | None = None) -> "Asked | Begun":
    """Begin a form. One of that kind in which something was said is asked about first, but where it is `instead_of`."""
    begun = left.find_begun(service, person, form, instead_of=instead_of)
    return Begun(begun) if begun is not None else ask(service, person, open_form(service, person, form))


def open_form(service: PostgresService, person: Person, form: Form) -> Form:
    """Begin a dialogue beside any other of the same person."""
    form = replace(form, zone=service.rules.zone.name)
    draft = service.drafts.open(person.employee_id, form.kind, form.step, form.dump(), form.shift_id)
    return replace(form, draft_id=draft.draft_id, revision=draft.revision)


def find_form(service: PostgresService, person: Person, draft_id: str) -> tuple[Draft, Form]:
    """The open form of a button. Raises ConflictError for one that is over, or that is not this person's."""
    draft = service.drafts.find(draft_id, person.employee_id)
    if draft is None or not draft.is_open or draft.kind not in list(Kind):
        raise refuse_closed(draft_id, draft)
    return draft, left.load_form(draft)


def move(service: PostgresService, draft: Draft, form: Form) -> Form:
    """Keep a form's next step. Raises ConflictError where another tap was faster."""
    form = replace(form, zone=service.rules.zone.name)
    moved = service.drafts.move(draft, form.step, form.dump())
    return replace(form, revision=moved.revision)


def ask_in_new_zone(service: PostgresService, person: Person, draft: Draft, form: Form) -> Asked | None:
    """A form that was begun in another business zone, asked for its times anew; None where they are meant as they are.

    What was said in the old zone could be another date, and another pay period, in the new one. Raises as `ask` does.
    """
    if form.zone in (None, service.rules.zone.name) or not form.is_about_times:
        return None
    return replace(ask(service, person, move(service, draft, form.ask_times_anew())), zone_before=form.zone)


def ask(
    service: PostgresService, person: Person, form: Form, *, is_stale: bool = False, needs_tap: bool = False
) -> Asked:
    """The form with what its screen needs.

    Raises NotFoundError where its shift has been deleted since, ForbiddenError where it may not be seen any more.
    """
    stored = get_own(service, person, form.shift_id) if form.shift_id is not None else None
    is_pay_shown = may_see_pay(service, person, form)
    now = service.rules.clock().replace(second=0, microsecond=0)
    most = timedelta(hours=service.rules.max_shift_hours)
    may_end_now = form.start is not None and now - form.start <= most
    refunded = stored.shift if stored is not None and stored.shift.is_refunded else None
    may_withdraw = refunded is not None and may_decide(service, person, refunded.employee_id)
    return Asked(
        form,
        service.get_catalogue(),
        now,
        stored,
        is_stale,
        needs_tap,
        is_pay_shown=is_pay_shown,
        may_end_now=may_end_now,
        may_withdraw=may_withdraw,
    )


def may_see_pay(service: PostgresService, person: Person, form: Form) -> bool:
    """Whether one may see what the shift of a form makes."""
    return service.staff.may_see_wages(person, person.employee_id if form.for_id is None else form.for_id)


def resume(service: PostgresService, person: Person, form: Form) -> Asked:
    """A form that had been left, where it was. Raises as `ask` does."""
    return replace(ask(service, person, form), is_resumed=True)


def get_own(service: PostgresService, person: Person, shift_id: int) -> StoredShift:
    """A shift that this person may see and correct: their own, or anybody's for an admin.

    Raises NotFoundError, ForbiddenError.
    """
    stored = service.shifts.get(shift_id)
    if stored.shift.employee_id != person.employee_id and not person.is_admin:
        raise ForbiddenError(ErrorKey.SHIFT_NOT_YOURS, field="shift", value=shift_id, allowed="a shift of your own")
    return stored


def require_own_or_decider(service: PostgresService, person: Person, employee_id: int) -> None:
    """Raise ForbiddenError for who may not enter or change a person's shifts: everybody may their own (PAYROLL D38).

    Those of an account that was an admin's own before are another admin's to change.
    """
    if employee_id != person.employee_id:
        service.staff.require_decider(person, change_pay(employee_id))


def read_choice(value: str, choices: Iterable[str]) -> str:
    """The value of a button that offers these choices. Raises ConflictError for one that was made up."""
    if value not in list(choices):
        raise refuse_made_up(value)
    return value


def refuse_made_up(value: str) -> ConflictError:
    """The error for a button that says what none of this step does."""
    return ConflictError(ErrorKey.DRAFT_CLOSED, field="button", value=value, allowed="a button of this step")


def read_day(value: str) -> date:
    """A date as a button says it, `2026-11-29`. Raises ConflictError for one that was made up."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise refuse_made_up(value) from None


def read_minute(value: str) -> datetime:
    """An instant as a button says it: minutes since 1970. Raises ConflictError for one that was made up."""
    if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_MINUTE):
        raise refuse_made_up(value)
    return datetime.fromtimestamp(60 * int(value), UTC)


def check_product(service: PostgresService, value: str, *, sold: Mapping[int, Decimal]) -> int:
    """A product that can be picked, or that the shift has sold. Raises InvalidInputError (PAYROLL D11)."""
    catalogue = service.get_catalogue()
    product_id = int(read_choice(value, [str(product.product_id) for product in catalogue.products]))
    active = catalogue.active
    if product_id not in sold and product_id not in [product.product_id for product in active]:
        raise InvalidInputError(
            ErrorKey.PRODUCT_INACTIVE,
            field="product",
            value=catalogue.names[product_id],
            allowed=", ".join(product.name for product in active),
        )
    return product_id


def start_form(kind: Kind, step: Step, **known: object) -> Form:
    """A form that no draft keeps yet."""
    return replace(Form(kind=kind, draft_id="", revision=0, step=step), **known)  # type: ignore[arg-type]
