"""The settings; each is changed by an errand."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.keyboards.admin import Desk, DeskButton
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases.settings import list_settings
from bot.views.settings import render_settings
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person, Role


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="settings")
    router.callback_query.register(show_settings, DeskButton.filter(F.to == Desk.SETTINGS))
    return router


@allow(Who.ADMIN)
async def show_settings(
    _query: CallbackQuery, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """All of them; the owner can change them."""
    settings, names = await call(list_settings, person)
    return render_settings(words, zone, settings, names, is_owner=person.role is Role.OWNER)
