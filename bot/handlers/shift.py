"""Recording a shift, and the taps of every form."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, TelegramObject

from bot import commands
from bot.caller import Caller
from bot.filters import Typed
from bot.handlers.showing import show
from bot.keyboards.form import BeginShiftAnew, FormButton
from bot.keyboards.menu import MenuButton, Place
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import answering, new_shift
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="shift")
    router.message.register(begin, Typed(commands.SHIFT))
    router.callback_query.register(begin, MenuButton.filter(F.to == Place.SHIFT))
    router.callback_query.register(begin_anew, BeginShiftAnew.filter())
    router.callback_query.register(press, FormButton.filter())
    return router


@allow(Who.LEAVER)
async def begin(_event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """A new shift: asks when it started."""
    return show(words, zone, await call(new_shift.begin, person), anew=BeginShiftAnew)


@allow(Who.LEAVER)
async def begin_anew(
    _query: CallbackQuery, callback_data: BeginShiftAnew, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A new shift instead of the one that was begun."""
    return show(words, zone, await call(new_shift.begin, person, callback_data.instead_of), anew=BeginShiftAnew)


@allow(Who.LEAVER)
async def press(
    _query: CallbackQuery, callback_data: FormButton, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A tap on a form."""
    tapped = callback_data
    answered = await call(answering.press, person, tapped.draft_id, tapped.revision, tapped.act, tapped.value)
    return show(words, zone, answered)
