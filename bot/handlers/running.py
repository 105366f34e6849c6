"""A running shift: start now, take that back, finish now, or drop it."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.handlers.showing import show
from bot.keyboards.form import DiscardButton, FinishEarlier
from bot.keyboards.menu import MenuButton, Place, UndoStart
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import home, new_shift
from bot.views import menu, shift_form
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="running")
    router.callback_query.register(start_now, MenuButton.filter(F.to == Place.START_NOW))
    router.callback_query.register(finish_now, MenuButton.filter(F.to == Place.FINISH_NOW))
    router.callback_query.register(undo, UndoStart.filter())
    router.callback_query.register(finish_earlier, FinishEarlier.filter())
    router.callback_query.register(discard, DiscardButton.filter(F.is_sure))
    router.callback_query.register(ask_to_discard, DiscardButton.filter())
    return router


@allow(Who.MEMBER)
async def start_now(_query: CallbackQuery, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """One tap opens a running shift at this minute."""
    await call(new_shift.start_now, person)
    return menu.render_menu(words, person, zone, await call(home.look, person), words("running-started"))


@allow(Who.LEAVER)
async def undo(
    _query: CallbackQuery, callback_data: UndoStart, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """It was a mistake: the shift that has just begun is dropped, one that has run for a while only after a Yes."""
    shift_id = callback_data.shift_id
    if not await call(new_shift.undo_start, person, shift_id):
        running, form = await call(new_shift.find_finishing, person, shift_id)
        return shift_form.render_discard(words, zone, running, form)
    return menu.render_menu(words, person, zone, await call(home.look, person), words("running-discarded"))


@allow(Who.LEAVER)
async def finish_now(_query: CallbackQuery, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """One tap ends it and asks for the sales."""
    return show(words, zone, await call(new_shift.finish_now, person))


@allow(Who.LEAVER)
async def finish_earlier(
    _query: CallbackQuery, callback_data: FinishEarlier, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """Who forgot to clock out says when it really ended."""
    return show(words, zone, await call(new_shift.finish_earlier, person, callback_data.shift_id))


@allow(Who.LEAVER)
async def ask_to_discard(
    _query: CallbackQuery, callback_data: DiscardButton, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """Asks first."""
    running, form = await call(new_shift.find_finishing, person, callback_data.shift_id)
    return shift_form.render_discard(words, zone, running, form)


@allow(Who.LEAVER)
async def discard(
    _query: CallbackQuery, callback_data: DiscardButton, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """Drops it."""
    await call(new_shift.discard, person, callback_data.shift_id)
    return menu.render_menu(words, person, zone, await call(home.look, person), words("running-discarded"))
