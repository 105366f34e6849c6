"""/start, /help, /cancel and the main menu."""

from aiogram import F, Router
from aiogram.types import Message, TelegramObject

from bot import commands
from bot.caller import Caller
from bot.filters import Typed
from bot.handlers.join import come_in
from bot.keyboards.menu import MenuButton, Place
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import home
from bot.views import menu
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="start")
    router.message.register(start, Typed(commands.START))
    router.callback_query.register(show_menu, MenuButton.filter(F.to == Place.MAIN))
    router.message.register(show_help, Typed(commands.HELP))
    router.message.register(cancel, Typed(commands.CANCEL))
    return router


@allow(Who.ANYBODY)
async def start(
    message: Message,
    argument: str,
    call: Caller,
    person: Person | None,
    words: Words,
    zone: BusinessZone,
    is_open: bool,
) -> Screen:
    """/start: the main menu; for a stranger the way in, with the code of an invite link or without."""
    if person is None:
        return await come_in(message, argument, call, words, zone, is_open)
    return await show_menu(message, call, person, words, zone)


@allow(Who.LEAVER)
async def show_menu(_event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """The main menu. A dialogue that is left for it is kept, and gone on with by its button there."""
    return menu.render_menu(words, person, zone, await call(home.look, person))


@allow(Who.MEMBER)
async def show_help(_event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """What the bot can do, and its commands."""
    return menu.render_help(words, person, zone, await call(home.read_clock, person))


@allow(Who.LEAVER)
async def cancel(_event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """End the dialogue in sight, or what was left."""
    had_one, found = await call(home.cancel, person)
    said = words("menu-cancelled" if had_one else "menu-nothing-to-cancel")
    return menu.render_menu(words, person, zone, found, said)
