"""/start, /help, /cancel and the main menu."""

from aiogram import F, Router
from aiogram.types import TelegramObject

from bot import commands
from bot.caller import Caller
from bot.filters import Typed
from bot.keyboards.menu import MenuButton, Place
from bot.screen import Screen
from bot.use_cases import home
from bot.views import menu
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="start")
    router.message.register(show_menu, Typed(commands.START))
    router.callback_query.register(show_menu, MenuButton.filter(F.to == Place.MAIN))
    router.message.register(show_help, Typed(commands.HELP))
    router.message.register(cancel, Typed(commands.CANCEL))
    return router


async def show_menu(_event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """The main menu. A dialogue that is open stays open."""
    return menu.render_menu(words, person, zone, await call(home.find_running_since, person))


async def show_help(_event: TelegramObject, person: Person, words: Words) -> Screen:
    """What the bot can do, and its commands."""
    return menu.render_help(words, person)


async def cancel(_event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """Leave whatever dialogue is open."""
    had_one, running_since = await call(home.cancel, person)
    said = words("menu-cancelled" if had_one else "menu-nothing-to-cancel")
    return menu.render_menu(words, person, zone, running_since, said)
