"""What waits for the admins: the list of it, one by one, and deciding."""

from datetime import date

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.handlers.deciding import decide
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.requests import (
    ApproveCorrection,
    ApproveDayOff,
    GivePremium,
    Matter,
    RequestsPage,
    SeePremium,
    ShowMatter,
    ShowOwnCorrection,
)
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import corrections, days_off, premium, requests
from bot.views import days_off as day_off_views
from bot.views.corrections import render_correction, render_decision, render_own_correction
from bot.views.requests import render_waiting
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="requests")
    router.callback_query.register(show_desk, DeskButton.filter(F.to == Desk.REQUESTS))
    router.callback_query.register(turn_page, RequestsPage.filter())
    router.callback_query.register(show_correction, ShowMatter.filter(F.matter == Matter.CORRECTION))
    router.callback_query.register(show_own_correction, ShowOwnCorrection.filter())
    router.callback_query.register(approve_correction, ApproveCorrection.filter())
    router.callback_query.register(show_day_off, ShowMatter.filter(F.matter == Matter.DAY_OFF))
    router.callback_query.register(approve_day_off, ApproveDayOff.filter())
    router.callback_query.register(show_premium, ShowMatter.filter(F.matter == Matter.PREMIUM))
    router.callback_query.register(give_premium, GivePremium.filter())
    router.callback_query.register(see_premium, SeePremium.filter())
    return router


@allow(Who.ADMIN)
async def show_desk(_query: CallbackQuery, call: Caller, person: Person, words: Words) -> Screen:
    """Everything that waits."""
    return await _show_list(call, person, words, 0)


@allow(Who.ADMIN)
async def turn_page(
    _query: CallbackQuery, callback_data: RequestsPage, call: Caller, person: Person, words: Words
) -> Screen:
    """Another page of it."""
    return await _show_list(call, person, words, callback_data.page)


async def _show_list(call: Caller, person: Person, words: Words, page: int) -> Screen:
    found = await call(requests.list_waiting, person)
    return render_waiting(words, found.corrections, found.questions, found.days_off, found.premium, page)


@allow(Who.ADMIN)
async def show_correction(
    _query: CallbackQuery, callback_data: ShowMatter, call: Caller, person: Person, words: Words
) -> Screen:
    """A request to correct what is closed."""
    found = await call(corrections.find, person, callback_data.number)
    return render_correction(words, found.request, found.facts, found.admin, found.trouble)


@allow(Who.MEMBER)
async def show_own_correction(
    _query: CallbackQuery,
    callback_data: ShowOwnCorrection,
    call: Caller,
    person: Person,
    words: Words,
    zone: BusinessZone,
) -> Screen:
    """A request of one's own."""
    found = await call(corrections.find_own, person, callback_data.correction_id)
    return render_own_correction(words, zone, found.request, found.facts, found.admin)


@allow(Who.ADMIN)
async def approve_correction(
    _query: CallbackQuery, callback_data: ApproveCorrection, call: Caller, person: Person, words: Words
) -> Screen:
    """Of several admins the first decides; the others read what was decided."""

    async def look() -> Screen:
        found = await call(corrections.find, person, callback_data.correction_id)
        return render_correction(words, found.request, found.facts, found.admin, found.trouble)

    async def approve() -> Screen:
        decided = await call(corrections.approve, person, callback_data.correction_id)
        return render_decision(words, decided.request, decided.facts, decided.admin, decided.lines)

    return await decide(call, person, words, callback_data, look=look, do=approve)


@allow(Who.ADMIN)
async def show_day_off(
    _query: CallbackQuery, callback_data: ShowMatter, call: Caller, person: Person, words: Words
) -> Screen:
    """A day off that is asked for."""
    return day_off_views.render_decision(words, await call(days_off.find, person, callback_data.number))


@allow(Who.ADMIN)
async def approve_day_off(
    _query: CallbackQuery, callback_data: ApproveDayOff, call: Caller, person: Person, words: Words
) -> Screen:
    """Of several admins the first decides; the others read what was decided."""
    bonus_id, day = callback_data.bonus_id, date.fromordinal(callback_data.day)

    async def look() -> Screen:
        return day_off_views.render_decision(words, await call(days_off.find, person, bonus_id, day))

    async def approve() -> Screen:
        return day_off_views.render_decision(words, await call(days_off.approve, person, bonus_id, day))

    return await decide(call, person, words, callback_data, look=look, do=approve)


@allow(Who.ADMIN)
async def show_premium(
    _query: CallbackQuery, callback_data: ShowMatter, call: Caller, person: Person, words: Words
) -> Screen:
    """Telegram Premium that is to be given."""
    return day_off_views.render_premium(words, await call(premium.find, person, callback_data.number))


@allow(Who.ADMIN)
async def give_premium(
    _query: CallbackQuery, callback_data: GivePremium, call: Caller, person: Person, words: Words
) -> Screen:
    """It is given."""

    async def look() -> Screen:
        return day_off_views.render_premium(words, await call(premium.find, person, callback_data.bonus_id))

    async def give() -> Screen:
        return day_off_views.render_premium(words, await call(premium.give, person, callback_data.bonus_id))

    return await decide(call, person, words, callback_data, look=look, do=give)


@allow(Who.MEMBER)
async def see_premium(
    _query: CallbackQuery, callback_data: SeePremium, call: Caller, person: Person, words: Words
) -> Screen:
    """Who got it says so."""

    async def look() -> Screen:
        return day_off_views.render_premium_gift(words, await call(premium.find_own, person, callback_data.bonus_id))

    async def see() -> Screen:
        await call(premium.see, person, callback_data.bonus_id)
        return day_off_views.render_premium_seen(words)

    return await decide(call, person, words, callback_data, look=look, do=see)
