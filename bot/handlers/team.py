"""The team: the list and a person's page."""

from functools import partial

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.handlers.showing import show
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.member import ShowMember
from bot.keyboards.team import AddShift, AddShiftAnew, ShowShifts, TeamPage
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import new_shift, team
from bot.views import team as view
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="team")
    router.callback_query.register(show_team, DeskButton.filter(F.to == Desk.TEAM))
    router.callback_query.register(turn_team, TeamPage.filter())
    router.callback_query.register(show_working, DeskButton.filter(F.to == Desk.NOW))
    router.callback_query.register(show_member, ShowMember.filter())
    router.callback_query.register(show_shifts, ShowShifts.filter())
    router.callback_query.register(add_shift, AddShift.filter())
    return router


@allow(Who.ADMIN)
async def show_team(_query: CallbackQuery, call: Caller, person: Person, words: Words) -> Screen:
    """Everybody in the team."""
    return view.render_team(words, await call(team.list_team, person, 0, with_left=False))


@allow(Who.ADMIN)
async def turn_team(
    _query: CallbackQuery, callback_data: TeamPage, call: Caller, person: Person, words: Words
) -> Screen:
    """Another page, with who has left or without."""
    wanted = callback_data
    return view.render_team(words, await call(team.list_team, person, wanted.page, with_left=wanted.with_left))


@allow(Who.ADMIN)
async def show_member(
    _query: CallbackQuery, callback_data: ShowMember, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A person's page."""
    return view.render_member(words, zone, await call(team.get_card, person, callback_data.employee_id))


@allow(Who.ADMIN)
async def show_working(_query: CallbackQuery, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """Who is on shift now."""
    return view.render_working(words, zone, await call(team.list_working, person))


@allow(Who.ADMIN)
async def show_shifts(
    _query: CallbackQuery, callback_data: ShowShifts, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A page of a person's shifts."""
    wanted = callback_data
    return view.render_shifts(words, zone, await call(team.list_shifts, person, wanted.employee_id, wanted.page))


@allow(Who.ADMIN)
async def add_shift(
    _query: CallbackQuery, callback_data: AddShift, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A shift of somebody's: asks when it started, or when the running one ended."""
    wanted = callback_data
    instead_of = wanted.instead_of if isinstance(wanted, AddShiftAnew) else None
    anew = partial(AddShiftAnew, employee_id=wanted.employee_id, is_running=wanted.is_running)
    if wanted.is_running:
        answered = await call(new_shift.begin_to_finish_for, person, wanted.employee_id, instead_of)
    else:
        answered = await call(new_shift.begin_for, person, wanted.employee_id, instead_of)
    return show(words, zone, answered, anew=anew)
