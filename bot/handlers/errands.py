"""Errands: begun by a button of their topic, answered by taps; texts come through `bot.handlers.typed`."""

from functools import partial

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.errands import ErrandAct
from bot.handlers.deciding import say_overtaken
from bot.handlers.showing import show
from bot.keyboards.deciding import has_button
from bot.keyboards.errand import (
    BeginAdminErrand,
    BeginAdminErrandAnew,
    BeginOwnErrand,
    BeginOwnErrandAnew,
    ErrandButton,
)
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import errands
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="errands")
    for admins in (BeginAdminErrand, BeginAdminErrandAnew):
        router.callback_query.register(begin_for_admin, admins.filter())
    for own in (BeginOwnErrand, BeginOwnErrandAnew):
        router.callback_query.register(begin, own.filter())
    router.callback_query.register(press, ErrandButton.filter())
    return router


@allow(Who.ADMIN)
async def begin_for_admin(
    _query: CallbackQuery,
    callback_data: BeginAdminErrand,
    call: Caller,
    person: Person,
    words: Words,
    zone: BusinessZone,
) -> Screen:
    """The first question of what only admins do."""
    wanted = callback_data
    instead_of = wanted.instead_of if isinstance(wanted, BeginAdminErrandAnew) else None
    answered = await call(errands.begin, person, wanted.kind, wanted.subject, instead_of)
    return show(words, zone, answered, anew=partial(BeginAdminErrandAnew, kind=wanted.kind, subject=wanted.subject))


@allow(Who.MEMBER)
async def begin(
    _query: CallbackQuery, callback_data: BeginOwnErrand, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """The first question of what everybody does for themselves."""
    wanted = callback_data
    instead_of = wanted.instead_of if isinstance(wanted, BeginOwnErrandAnew) else None
    answered = await call(errands.begin, person, wanted.kind, wanted.subject, instead_of)
    return show(words, zone, answered, anew=partial(BeginOwnErrandAnew, kind=wanted.kind, subject=wanted.subject))


@allow(Who.MEMBER)
async def press(
    _query: CallbackQuery, callback_data: ErrandButton, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A tap on a question; it is answered only where it still is what was shown."""
    tapped = callback_data
    taken = await call(errands.take_up, person, tapped.draft_id, tapped.revision)
    screen = show(words, zone, taken.asked)
    if taken.asked.is_stale or tapped.act is ErrandAct.SHOW:
        return screen
    if tapped.act is ErrandAct.ANSWER and not has_button(screen.keyboard, tapped):
        return say_overtaken(words, screen, tapped)
    return show(words, zone, await call(errands.press, person, taken, tapped.act, tapped.value))
