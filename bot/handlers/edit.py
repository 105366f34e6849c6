"""Correcting a shift, and its receipt."""

from functools import partial

from aiogram import F, Router
from aiogram.types import CallbackQuery, TelegramObject

from bot import commands
from bot.caller import Caller
from bot.filters import Typed
from bot.handlers.showing import show
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.receipt import EditShift, EditShiftAnew, ReceiptView, ShowListedShift, ShowShift
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import edit_shift, receipts
from bot.views import receipt, shift_form
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="edit")
    router.message.register(list_shifts, Typed(commands.EDIT))
    router.callback_query.register(list_shifts, MenuButton.filter(F.to == Place.EDIT))
    for begun in (EditShift, EditShiftAnew):
        router.callback_query.register(begin, begun.filter())
    for button in (ShowShift, ShowListedShift):
        router.callback_query.register(show_receipt, button.filter(F.view == ReceiptView.RECEIPT))
        router.callback_query.register(show_why, button.filter(F.view == ReceiptView.WHY))
    return router


@allow(Who.LEAVER)
async def list_shifts(_event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """The last shifts."""
    return shift_form.render_edit_list(words, zone, await call(edit_shift.list_editable, person))


@allow(Who.LEAVER)
async def begin(
    _query: CallbackQuery, callback_data: EditShift, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """Asks what to correct about a shift."""
    shift_id = callback_data.shift_id
    instead_of = callback_data.instead_of if isinstance(callback_data, EditShiftAnew) else None
    answered = await call(edit_shift.begin, person, shift_id, instead_of)
    return show(words, zone, answered, anew=partial(EditShiftAnew, shift_id=shift_id))


@allow(Who.LEAVER)
async def show_receipt(
    _query: CallbackQuery, callback_data: ShowShift, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A shift's receipt."""
    shown = await call(receipts.get_receipt, person, callback_data.shift_id)
    return receipt.render_receipt(
        words,
        zone,
        shown.stored,
        shown.names,
        shown.origins,
        refunds=shown.refunds,
        may_refund=shown.may_refund,
        is_own=shown.is_own,
        is_pay_shown=shown.is_pay_shown,
        shown=callback_data,
    )


@allow(Who.LEAVER)
async def show_why(
    _query: CallbackQuery, callback_data: ShowShift, call: Caller, person: Person, words: Words
) -> Screen:
    """A shift's sum step by step."""
    shown = await call(receipts.get_explained, person, callback_data.shift_id)
    return receipt.render_why(
        words,
        shown.stored,
        shown.day_sales,
        shown.names,
        shown.origins,
        refunds=shown.refunds,
        may_refund=shown.may_refund,
        is_own=shown.is_own,
        shown=callback_data,
    )
