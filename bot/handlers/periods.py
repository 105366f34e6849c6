"""The desk of pay periods; what is done there are errands."""

from datetime import date

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.periods import PeriodsPage, ShowPeriod, ShowPersonPeriod
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import periods
from bot.views import periods as view
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="periods")
    router.callback_query.register(show_periods, DeskButton.filter(F.to == Desk.PERIODS))
    router.callback_query.register(turn_periods, PeriodsPage.filter())
    router.callback_query.register(show_period, ShowPeriod.filter())
    router.callback_query.register(show_person_period, ShowPersonPeriod.filter())
    return router


@allow(Who.ADMIN)
async def show_periods(_query: CallbackQuery, call: Caller, person: Person, words: Words) -> Screen:
    """The newest pay periods."""
    return view.render_periods(words, await call(periods.list_periods, person, 0))


@allow(Who.ADMIN)
async def turn_periods(
    _query: CallbackQuery, callback_data: PeriodsPage, call: Caller, person: Person, words: Words
) -> Screen:
    """Another page of them."""
    return view.render_periods(words, await call(periods.list_periods, person, callback_data.page))


@allow(Who.ADMIN)
async def show_period(
    _query: CallbackQuery, callback_data: ShowPeriod, call: Caller, person: Person, words: Words
) -> Screen:
    """One period with everybody in it."""
    found = await call(periods.get_period, person, date.fromordinal(callback_data.start))
    return view.render_period(words, found, callback_data.page)


@allow(Who.ADMIN)
async def show_person_period(
    _query: CallbackQuery,
    callback_data: ShowPersonPeriod,
    call: Caller,
    person: Person,
    words: Words,
    zone: BusinessZone,
) -> Screen:
    """One person's period."""
    wanted = callback_data
    day = date.fromordinal(wanted.start)
    statement, is_readable = await call(periods.get_person_period, person, wanted.employee_id, day)
    return view.render_person_period(words, zone, statement, is_readable=is_readable)
