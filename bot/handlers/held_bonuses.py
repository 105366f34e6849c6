"""The desk of bonuses; what is given and taken there are errands."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.held_bonuses import HoldersPage, ShowHeld
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import held_bonuses, team
from bot.views import held_bonuses as view
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="held_bonuses")
    router.callback_query.register(show_holders, DeskButton.filter(F.to == Desk.BONUSES))
    router.callback_query.register(turn_holders, HoldersPage.filter())
    router.callback_query.register(show_held, ShowHeld.filter())
    return router


@allow(Who.ADMIN)
async def show_holders(_query: CallbackQuery, call: Caller, person: Person, words: Words) -> Screen:
    """Everybody in the team."""
    return view.render_holders(words, await call(team.list_team, person, 0, with_left=False))


@allow(Who.ADMIN)
async def turn_holders(
    _query: CallbackQuery, callback_data: HoldersPage, call: Caller, person: Person, words: Words
) -> Screen:
    """Another page of them."""
    return view.render_holders(words, await call(team.list_team, person, callback_data.page, with_left=False))


@allow(Who.ADMIN)
async def show_held(
    _query: CallbackQuery, callback_data: ShowHeld, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A person's bonuses."""
    wanted = callback_data
    held = await call(held_bonuses.get_page, person, wanted.employee_id, wanted.page)
    return view.render_held(words, zone, held)
