"""Statistics, ranks, one's own shifts, the balance."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, TelegramObject

from bot import commands
from bot.caller import Caller
from bot.filters import Typed
from bot.keyboards.balance import BalancePage
from bot.keyboards.history import HistoryPage
from bot.keyboards.menu import MenuButton, Place
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import figures
from bot.views import stats
from bot.views.chart import render_chart
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="stats")
    for handler, command, place in (
        (show_stats, commands.STATS, Place.STATS),
        (show_ranks, commands.RANKS, Place.RANKS),
        (show_history, commands.HISTORY, Place.HISTORY),
        (show_balance, commands.BALANCE, Place.BALANCE),
    ):
        router.message.register(handler, Typed(command))
        router.callback_query.register(handler, MenuButton.filter(F.to == place))
    router.callback_query.register(turn_page, HistoryPage.filter())
    router.callback_query.register(turn_balance, BalancePage.filter())
    return router


@allow(Who.MEMBER)
async def show_stats(_event: TelegramObject, call: Caller, person: Person, words: Words) -> Screen:
    """The person's month, with a picture; drawing takes a thread of its own."""
    summary = await call(figures.get_summary, person)
    return stats.render_stats(words, summary, render_chart(words, summary))


@allow(Who.MEMBER)
async def show_ranks(_event: TelegramObject, call: Caller, person: Person, words: Words) -> Screen:
    """The ranks, and where the person stands."""
    race = await call(figures.get_race, person)
    return stats.render_ranks(words, race.standing, race.waiting, has_leaderboard=race.has_leaderboard)


@allow(Who.MEMBER)
async def show_history(
    _event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """The person's newest shifts."""
    history = await call(figures.list_history, person, 0)
    return stats.render_history(words, zone, history.shifts, history.page, history.page_count)


@allow(Who.MEMBER)
async def turn_page(
    _query: CallbackQuery, callback_data: HistoryPage, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """Another page of the person's shifts."""
    history = await call(figures.list_history, person, callback_data.page)
    return stats.render_history(words, zone, history.shifts, history.page, history.page_count)


@allow(Who.MEMBER)
async def show_balance(
    _event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """What the person is owed, and the newest lines of their ledger."""
    return stats.render_balance(words, zone, person.employee_id, await call(figures.get_balance, person, 0))


@allow(Who.MEMBER)
async def turn_balance(
    _query: CallbackQuery, callback_data: BalancePage, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """Another page of the ledger."""
    balance = await call(figures.get_balance, person, callback_data.page)
    return stats.render_balance(words, zone, person.employee_id, balance)
