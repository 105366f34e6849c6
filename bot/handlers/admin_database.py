"""How the database is: sizes, use, waits."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.database import DatabasePart, ShowDatabase
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import database
from bot.views.database import render_database
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="admin_database")
    router.callback_query.register(show_database, DeskButton.filter(F.to == Desk.DATABASE))
    router.callback_query.register(show_part, ShowDatabase.filter())
    return router


@allow(Who.ADMIN)
async def show_database(
    _query: CallbackQuery, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """The database, and its largest tables."""
    return render_database(words, zone, await call(database.get_report, person), DatabasePart.TABLES, 0)


@allow(Who.ADMIN)
async def show_part(
    _query: CallbackQuery, callback_data: ShowDatabase, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """Another list, or another page of it."""
    report = await call(database.get_report, person)
    return render_database(words, zone, report, callback_data.part, callback_data.page)
