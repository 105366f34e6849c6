"""The audit log."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.audit import ShowAudit, ShowHistory
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import audit
from bot.views.audit import render_audit
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="audit")
    router.callback_query.register(show_newest, DeskButton.filter(F.to == Desk.AUDIT))
    router.callback_query.register(show_page, ShowAudit.filter())
    router.callback_query.register(show_history, ShowHistory.filter())
    return router


@allow(Who.ADMIN)
async def show_newest(_query: CallbackQuery, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """What was changed last."""
    return render_audit(words, zone, await call(audit.get_page, person, 0))


@allow(Who.ADMIN)
async def show_page(
    _query: CallbackQuery, callback_data: ShowAudit, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """Another page, or what was changed about one thing."""
    return render_audit(words, zone, await call(audit.get_page, person, callback_data.page, callback_data.about))


@allow(Who.ADMIN)
async def show_history(
    _query: CallbackQuery, callback_data: ShowHistory, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """What was changed about one thing of a page."""
    found = await call(audit.get_page, person, callback_data.page, callback_data.about)
    return render_audit(words, zone, found, origin=callback_data.origin)
