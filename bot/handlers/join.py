"""Strangers: whatever they tap or type, they get no data, only a way in."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message, User

from bot import commands
from bot.caller import Caller
from bot.filters import IsStranger, Typed
from bot.keyboards.join import AskToJoin
from bot.screen import Screen
from bot.use_cases import people
from bot.views import join, menu
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.errors import ForbiddenError
from payroll.people import Person


def build_router() -> Router:
    """The router of everybody who is not (or no longer) an employee, new for each bot."""
    router = Router(name="strangers")
    for observer in (router.message, router.edited_message, router.callback_query):
        observer.filter(IsStranger())
    router.message.register(start, Typed(commands.START))
    router.callback_query.register(ask_to_join, AskToJoin.filter())
    for observer in (router.message, router.edited_message, router.callback_query):
        observer.register(greet)
    return router


async def start(
    message: Message,
    argument: str,
    call: Caller,
    person: Person | None,
    words: Words,
    zone: BusinessZone,
    is_open: bool,
) -> Screen:
    """/start, with the code of an invite link or without."""
    user = message.from_user
    if person is not None or user is None or not argument or is_open:
        return await greet(message, call, person, words, zone, is_open)
    try:
        joined = await call(people.accept_invite, argument, user.id, user.full_name, user.language_code)
    except ForbiddenError:
        return join.render_bad_invite(words)
    return menu.render_menu(words, joined, zone, None, words("joined-openly"))


async def ask_to_join(
    query: CallbackQuery, call: Caller, person: Person | None, words: Words, zone: BusinessZone, is_open: bool
) -> Screen:
    """The request goes to the admins, once however often it is tapped."""
    if person is not None or is_open:
        return await greet(query, call, person, words, zone, is_open)
    user = query.from_user
    await call(people.ask_to_join, user.id, user.full_name, user.language_code)
    return join.render_asked(words)


async def greet(
    event: Message | CallbackQuery,
    call: Caller,
    person: Person | None,
    words: Words,
    zone: BusinessZone,
    is_open: bool,
) -> Screen:
    """The way in; with REGISTRATION=open they are in."""
    if person is not None:
        return join.render_left(words)
    user: User | None = event.from_user
    if user is None or not is_open:
        return join.render_greeting(words)
    joined = await call(people.join_openly, user.id, user.full_name, user.language_code)
    return menu.render_menu(words, joined, zone, None, words("joined-openly"))
