"""What could not be handled, for admins: try it again, or drop it."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.handlers import deciding
from bot.keyboards.inbox import DecideDead, ShowDead
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import inbox
from bot.views.inbox import render_dead
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="admin_inbox")
    router.callback_query.register(show_dead, ShowDead.filter())
    router.callback_query.register(decide, DecideDead.filter())
    return router


@allow(Who.ADMIN)
async def show_dead(_query: CallbackQuery, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """The list."""
    return render_dead(words, zone, await call(inbox.list_dead, person))


@allow(Who.ADMIN)
async def decide(
    _query: CallbackQuery, callback_data: DecideDead, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A tap in the list, which is shown again."""
    tapped = callback_data

    async def look() -> Screen:
        return render_dead(words, zone, await call(inbox.list_dead, person))

    async def do() -> Screen:
        was_there, left = await call(inbox.decide_dead, person, tapped.update_id, is_retried=tapped.is_retried)
        key = "admin-decided" if not was_there else "dead-retried" if tapped.is_retried else "dead-dropped"
        return render_dead(words, zone, left, words.plain(key))

    return await deciding.decide(call, person, words, tapped, look=look, do=do)
