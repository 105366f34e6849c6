"""The buttons of a form: each carries the draft's short id and the revision it was shown at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.forms import CLOCKS, Act, EditField, Form, Half, Kind, Step
from bot.keyboards.left import DraftId
from bot.keyboards.member import ShowMember
from bot.keyboards.menu import MenuButton, Place, ShiftId, main_menu_button
from bot.keyboards.receipt import ShowShift
from bot.words import Words
from payroll.amounts import format_amount
from payroll.products import Catalogue, Product
from payroll.shifts import RunningShift, StoredShift

HOURS_IN_ROW = 4


class FormButton(CallbackData, prefix="f"):
    """A tap on a form; `value` belongs to the act."""

    draft_id: DraftId
    revision: Annotated[int, Field(ge=0, lt=2**31)]
    act: Act
    value: str = ""


Rows = list[list[InlineKeyboardButton]]


@dataclass(frozen=True, slots=True)
class Offer:
    """A date or an end of a shift that a button offers: `act` and `value` are what the button says to the form."""

    act: Act
    text: str
    value: str


def build_form_keyboard(
    words: Words,
    form: Form,
    catalogue: Catalogue,
    stored: StoredShift | None,
    offers: Sequence[Offer] = (),
    ways_on: Sequence[InlineKeyboardButton] = (),
) -> InlineKeyboardMarkup:
    """The keyboard of a form's step, with Back and Main menu; `offers` are the dates or the ends that can be tapped.

    `ways_on` lead out of the form where something is in its way.
    """
    rows = [*_STEPS[form.step](words, form, catalogue, stored), *([[*ways_on]] if ways_on else [])]
    if offers:
        rows = [[_button(form, one.act, one.text, one.value) for one in offers], *rows]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [_back(words, form), main_menu_button(words)]])


def _button(form: Form, act: Act, text: str, value: str = "") -> InlineKeyboardButton:
    data = FormButton(draft_id=form.draft_id, revision=form.revision, act=act, value=value)
    return InlineKeyboardButton(text=text, callback_data=data.pack())


def read_form_button(form: Form, text: str, typed: str) -> InlineKeyboardButton:
    """The button of one of two readings: `typed` is how it is typed so that it is plain."""
    return _button(form, Act.READ, text, typed)


def show_form(form: Form) -> str:
    """The data of the button that shows the form as it is."""
    return FormButton(draft_id=form.draft_id, revision=form.revision, act=Act.SHOW).pack()


def _back(words: Words, form: Form) -> InlineKeyboardButton:
    text = words.plain("button-back")
    if not form.is_at_start:
        return _button(form, Act.BACK, text)
    return InlineKeyboardButton(text=text, callback_data=_find_origin(form).pack())


def _find_origin(form: Form) -> CallbackData:
    """Where a form was begun from."""
    if form.for_id is None:
        return MenuButton(to=Place.EDIT if form.kind is Kind.EDIT else Place.MAIN)
    if form.shift_id is not None:
        return ShowShift(shift_id=form.shift_id)
    return ShowMember(employee_id=form.for_id)


def _build_hours(words: Words, form: Form, _catalogue: Catalogue, _stored: StoredShift | None) -> Rows:
    other = Half.PM if form.half is Half.AM else Half.AM
    first = 0 if form.half is Half.AM else 12
    hours = [_button(form, Act.HOUR, f"{hour % 12 or 12} {form.half}", str(hour)) for hour in range(first, first + 12)]
    rows = [hours[at : at + HOURS_IN_ROW] for at in range(0, len(hours), HOURS_IN_ROW)]
    rows.append([_button(form, Act.HALF, str(other), other)])
    return rows + _offer_discard(words, form)


def _build_which_end(words: Words, form: Form, _catalogue: Catalogue, _stored: StoredShift | None) -> Rows:
    return _offer_discard(words, form)


def _build_twice(words: Words, form: Form, _catalogue: Catalogue, _stored: StoredShift | None) -> Rows:
    return [
        [
            _button(form, Act.TWICE, words.plain("button-before-change"), "earlier"),
            _button(form, Act.TWICE, words.plain("button-after-change"), "later"),
        ]
    ]


def _build_sure(words: Words, form: Form, _catalogue: Catalogue, _stored: StoredShift | None) -> Rows:
    return [[_button(form, Act.SURE, words.plain("button-yes"))], *_offer_discard(words, form)]


def _build_products(words: Words, form: Form, catalogue: Catalogue, stored: StoredShift | None) -> Rows:
    sold = stored.shift.work.products if stored else form.products
    shown = [one for one in catalogue.products if one.is_active or one.product_id in sold]
    buttons = [_button(form, Act.PRODUCT, _name_product(words, form, one), str(one.product_id)) for one in shown]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    if form.kind is Kind.EDIT:
        return rows
    if form.products:
        rows.append([_button(form, Act.FINISH, words.plain("button-save-shift"))])
    else:
        rows.append([_button(form, Act.NO_SALES, words.plain("button-no-sales"))])
    return rows + _offer_discard(words, form)


def _name_product(words: Words, form: Form, product: Product) -> str:
    """A product's name, in a new shift with its amount so far."""
    if product.product_id not in form.products:
        return product.name
    return words.plain("button-sold", product=product.name, amount=format_amount(form.products[product.product_id]))


def _build_nothing(_words: Words, _form: Form, _catalogue: Catalogue, _stored: StoredShift | None) -> Rows:
    return []


def _build_fields(words: Words, form: Form, _catalogue: Catalogue, stored: StoredShift | None) -> Rows:
    fields = CLOCKS if stored is not None and stored.shift.is_refunded else tuple(EditField)
    buttons = [_button(form, Act.FIELD, words.plain(f"button-edit-{field}"), field) for field in fields]
    return [buttons[at : at + 2] for at in range(0, len(buttons), 2)]


def _build_closed(words: Words, form: Form, _catalogue: Catalogue, _stored: StoredShift | None) -> Rows:
    return [[_button(form, Act.ASK, words.plain("button-ask-correction"))]]


def _offer_discard(words: Words, form: Form) -> Rows:
    if form.running_id is None or form.for_id is not None:
        return []
    data = DiscardButton(shift_id=form.running_id, is_sure=False).pack()
    return [[InlineKeyboardButton(text=words.plain("button-discard"), callback_data=data)]]


class DiscardButton(CallbackData, prefix="x"):
    """Drop a running shift; asks first."""

    shift_id: ShiftId
    is_sure: bool


class BeginShiftAnew(CallbackData, prefix="sa"):
    """Record a shift instead of the one that was begun before."""

    instead_of: DraftId


class FinishEarlier(CallbackData, prefix="fe"):
    """End a running shift at a time that is over: who forgot to clock out says when they really stopped."""

    shift_id: ShiftId


def build_overdue(words: Words, shift_id: int) -> InlineKeyboardMarkup:
    """Below the question whether somebody forgot to clock out."""
    data = FinishEarlier(shift_id=shift_id).pack()
    ended = InlineKeyboardButton(text=words.plain("button-ended-earlier"), callback_data=data)
    return InlineKeyboardMarkup(inline_keyboard=[[ended], [main_menu_button(words)]])


def build_discard_keyboard(words: Words, running: RunningShift, form: Form | None) -> InlineKeyboardMarkup:
    """Yes, or back to the form that ends the shift, as it was."""
    data = DiscardButton(shift_id=running.shift_id, is_sure=True).pack()
    yes = InlineKeyboardButton(text=words.plain("button-yes"), callback_data=data)
    back = [_button(form, Act.SHOW, words.plain("button-back"))] if form else []
    return InlineKeyboardMarkup(inline_keyboard=[[yes], [*back, main_menu_button(words)]])


_STEPS = {
    Step.DAY: _build_nothing,
    Step.DAY_SURE: _build_sure,
    Step.START: _build_hours,
    Step.END: _build_hours,
    Step.WHICH_END: _build_which_end,
    Step.TWICE: _build_twice,
    Step.MOVE_SURE: _build_sure,
    Step.SURE: _build_sure,
    Step.PRODUCT: _build_products,
    Step.AMOUNT: _build_nothing,
    Step.AMOUNT_SURE: _build_sure,
    Step.FIELD: _build_fields,
    Step.TOTAL: _build_nothing,
    Step.DELETE: _build_sure,
    Step.CLOSED: _build_closed,
    Step.REASON: _build_nothing,
}
