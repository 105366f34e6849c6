"""The buttons below a receipt, and those of the list of shifts to edit."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.errands import AdminErrand
from bot.keyboards.errand import begin_button, build_back
from bot.keyboards.left import DraftId
from bot.keyboards.member import member_button
from bot.keyboards.menu import ShiftId, main_menu_button
from bot.keyboards.questions import ask_button
from bot.words import Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone
from payroll.shifts import StoredShift


class ReceiptView(StrEnum):
    """Which side of a receipt is shown."""

    RECEIPT = "r"
    WHY = "w"


class ShowShift(CallbackData, prefix="r"):
    """Show a shift's receipt, or why it is what it is."""

    shift_id: ShiftId
    view: ReceiptView = ReceiptView.RECEIPT


class Listing(StrEnum):
    """In which list a shift was picked."""

    OWN = "h"
    BALANCE = "b"
    MEMBER = "t"


class ShowListedShift(ShowShift, prefix="rl"):
    """The same, out of a page of a list, to which Back leads."""

    listing: Listing
    page: Annotated[int, Field(ge=0, lt=2**31)]


class EditShift(CallbackData, prefix="e"):
    """Begin to correct a shift."""

    shift_id: ShiftId


class EditShiftAnew(EditShift, prefix="ea"):
    """The same, instead of the correction that was begun before."""

    instead_of: DraftId


def build_receipt_keyboard(
    words: Words,
    shown: ShowShift,
    *,
    errands: Sequence[AdminErrand] | None = None,
    whose: tuple[str, int] | None = None,
    back: CallbackData | None = None,
    is_explained: bool = True,
) -> InlineKeyboardMarkup:
    """Why? or back to the receipt, Edit, Main menu; below an admin's what admins can do, else a question to them.

    `whose` is the name and the number of the person, where an admin looks at somebody else's; `back` the list that it
    was picked from. `is_explained`: who looks may see why it made what it made.
    """
    shift_id = shown.shift_id
    other = ReceiptView.WHY if shown.view is ReceiptView.RECEIPT else ReceiptView.RECEIPT
    text = words.plain("button-why" if other is ReceiptView.WHY else "button-receipt")
    turn = InlineKeyboardButton(text=text, callback_data=shown.model_copy(update={"view": other}).pack())
    edit = InlineKeyboardButton(text=words.plain("button-edit"), callback_data=EditShift(shift_id=shift_id).pack())
    if errands is None:
        more = [ask_button(words, shift_id=shift_id)]
    else:
        more = [begin_button(words, kind, shift_id) for kind in errands]
    page = [[member_button(words.plain("button-member-free", name=clean_name(whose[0])), whose[1])]] if whose else []
    rows = [[*([turn] if is_explained else []), edit], *([more] if more else []), *page]
    if back is not None:
        return build_back(words, back, *rows)
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [main_menu_button(words)]])


def build_edit_list(words: Words, zone: BusinessZone, shifts: Sequence[StoredShift]) -> InlineKeyboardMarkup:
    """One button a shift, by its start and its total sales; no other button has a digit (TECH T21)."""
    rows = [
        [
            InlineKeyboardButton(
                text=words.plain(
                    "button-edit-shift",
                    start=zone.format_minute(one.shift.work.time_in),
                    total=format_amount(one.shift.pay.total_sales),
                ),
                callback_data=EditShift(shift_id=one.shift_id).pack(),
            )
        ]
        for one in shifts
    ]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [main_menu_button(words)]])
