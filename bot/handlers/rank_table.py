"""The desk of ranks, and /recalc_ranks; what is changed there are errands."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, TelegramObject

from bot import commands
from bot.caller import Caller
from bot.filters import Typed
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.ranks import RanksPage, RecalculateRanks, ShowRank
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import rank_table
from bot.views import rank_table as view
from bot.words import Words
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="rank_table")
    router.message.register(recalculate, Typed(commands.RECALC_RANKS))
    router.callback_query.register(recalculate, RecalculateRanks.filter())
    router.callback_query.register(show_ranks, DeskButton.filter(F.to == Desk.RANKS))
    router.callback_query.register(turn_ranks, RanksPage.filter())
    router.callback_query.register(show_rank, ShowRank.filter())
    return router


@allow(Who.ADMIN)
async def show_ranks(_query: CallbackQuery, call: Caller, person: Person, words: Words) -> Screen:
    """The table."""
    return view.render_ranks(words, await call(rank_table.list_ranks, person))


@allow(Who.ADMIN)
async def turn_ranks(
    _query: CallbackQuery, callback_data: RanksPage, call: Caller, person: Person, words: Words
) -> Screen:
    """Another page of it."""
    return view.render_ranks(words, await call(rank_table.list_ranks, person), callback_data.page)


@allow(Who.ADMIN)
async def show_rank(
    _query: CallbackQuery, callback_data: ShowRank, call: Caller, person: Person, words: Words
) -> Screen:
    """A rank of it."""
    return view.render_rank(words, await call(rank_table.get_rank, person, callback_data.rank_id))


@allow(Who.ADMIN)
async def recalculate(_event: TelegramObject, call: Caller, person: Person, words: Words) -> Screen:
    """Everybody's rank of this month, worked out again."""
    report, names = await call(rank_table.recalculate, person)
    return view.render_recalculated(words, report, names)
