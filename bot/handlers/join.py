"""Strangers: whatever they tap or type, they get no data, only a way in."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.caller import Caller
from bot.keyboards.join import AskToJoin
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import people
from bot.views import join, menu
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.errors import ForbiddenError


def build_router() -> Router:
    """The router of everybody who is not an employee yet, new for each bot."""
    router = Router(name="strangers")
    router.callback_query.register(ask_to_join, AskToJoin.filter())
    return router


@allow(Who.STRANGER)
async def ask_to_join(query: CallbackQuery, call: Caller, words: Words, zone: BusinessZone, is_open: bool) -> Screen:
    """The request goes to the admins, once however often it is tapped."""
    if is_open:
        return await greet(query, call, words, zone, is_open)
    user = query.from_user
    await call(people.ask_to_join, user.id, user.full_name, user.language_code)
    return join.render_asked(words)


async def come_in(message: Message, code: str, call: Caller, words: Words, zone: BusinessZone, is_open: bool) -> Screen:
    """A stranger's /start, with the code of an invite link or without (empty)."""
    user = message.from_user
    if user is None or not code or is_open:
        return await greet(message, call, words, zone, is_open)
    try:
        joined = await call(people.accept_invite, code, user.id, user.full_name, user.language_code)
    except ForbiddenError:
        return join.render_bad_invite(words)
    return menu.render_welcome(words, joined, zone)


async def greet(
    event: Message | CallbackQuery, call: Caller, words: Words, zone: BusinessZone, is_open: bool
) -> Screen:
    """The way in, or that their request waits; with REGISTRATION=open they are in."""
    user = event.from_user
    if user is None:
        return join.render_greeting(words)
    if not is_open:
        has_asked = await call(people.has_asked, user.id)
        return join.render_asked(words) if has_asked else join.render_greeting(words)
    joined = await call(people.join_openly, user.id, user.full_name, user.language_code)
    return menu.render_welcome(words, joined, zone)
