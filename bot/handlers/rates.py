"""The desk of dynamic rates; what is done there are errands."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.rates import ShowRate
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import rates
from bot.views import rates as view
from bot.words import Words
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="rates")
    router.callback_query.register(show_rates, DeskButton.filter(F.to == Desk.RATES))
    router.callback_query.register(show_rate, ShowRate.filter())
    return router


@allow(Who.ADMIN)
async def show_rates(_query: CallbackQuery, call: Caller, person: Person, words: Words) -> Screen:
    """The table."""
    return view.render_rates(words, await call(rates.list_rates, person))


@allow(Who.ADMIN)
async def show_rate(
    _query: CallbackQuery, callback_data: ShowRate, call: Caller, person: Person, words: Words
) -> Screen:
    """A step of it."""
    return view.render_rate(words, await call(rates.get_step, person, callback_data.start))
