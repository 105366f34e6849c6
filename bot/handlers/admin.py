"""/admin: who waits to join, and invite links."""

from aiogram import F, Router
from aiogram.types import CallbackQuery, TelegramObject

from bot import commands
from bot.caller import Caller
from bot.filters import Typed
from bot.handlers import deciding
from bot.keyboards.join import CreateInvite, DecideJoin
from bot.keyboards.menu import MenuButton, Place
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import inbox, people, periods
from bot.use_cases.backups import find_backups
from bot.use_cases.books import find_report
from bot.use_cases.clock import find_shift_ahead
from bot.use_cases.mirror import find_standing
from bot.use_cases.requests import count_waiting
from bot.views import join
from bot.views.backup import render_backup_line
from bot.views.books import render_books_line
from bot.views.clock import render_shift_ahead
from bot.views.mirror import render_mirror_line
from bot.views.periods import list_overdue_lines
from bot.views.requests import render_requests_line
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The admins' router, new for each bot."""
    router = Router(name="admin")
    router.message.register(show_admin, Typed(commands.ADMIN))
    router.callback_query.register(show_admin, MenuButton.filter(F.to == Place.ADMIN))
    router.callback_query.register(decide_in_list, DecideJoin.filter(F.is_listed))
    router.callback_query.register(decide, DecideJoin.filter())
    router.callback_query.register(create_invite, CreateInvite.filter())
    return router


@allow(Who.ADMIN)
async def show_admin(_event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """Who waits to join, what is overdue or asked of the admins, and how the books, the mirror and the backups are."""
    return await _show(call, person, words, zone)


async def _show(call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    books = render_books_line(words, zone, await call(find_report, person))
    mirror = render_mirror_line(words, zone, await call(find_standing, person))
    backup = render_backup_line(words, zone, *await call(find_backups, person))
    dead = await call(inbox.count_dead, person)
    waiting = await call(people.list_requests, person)
    ahead = await call(find_shift_ahead, person)
    clock = render_shift_ahead(words, ahead) if ahead is not None else None
    asked = render_requests_line(words, await call(count_waiting, person))
    overdue = list_overdue_lines(words, await call(periods.list_overdue, person))
    return join.render_admin(words, waiting, words.lines([clock, *overdue, asked, books, mirror, backup]), dead=dead)


@allow(Who.ADMIN)
async def decide(
    _query: CallbackQuery, callback_data: DecideJoin, call: Caller, person: Person, words: Words
) -> Screen:
    """A tap below the notice of a request; of several admins the first decides."""
    wanted = callback_data

    async def look() -> Screen:
        asked = await call(people.find_request, person, wanted.request_id)
        if asked is None:
            return join.render_decided_before(words, await call(people.find_decision, person, wanted.request_id))
        return join.render_request(words, asked.request_id, asked.telegram_id, asked.name)

    async def do() -> Screen:
        done = await call(people.decide_request, person, wanted.request_id, is_approved=wanted.is_approved)
        return join.render_decision(words, done)

    return await deciding.decide(call, person, words, wanted, look=look, do=do)


@allow(Who.ADMIN)
async def decide_in_list(
    _query: CallbackQuery, callback_data: DecideJoin, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A tap in the list of who waits, which is shown again."""
    wanted = callback_data

    async def look() -> Screen:
        return await _show(call, person, words, zone)

    async def do() -> Screen:
        done = await call(people.decide_request, person, wanted.request_id, is_approved=wanted.is_approved)
        return join.say_decided(words, await look(), done)

    return await deciding.decide(call, person, words, wanted, look=look, do=do)


@allow(Who.ADMIN)
async def create_invite(
    _query: CallbackQuery, call: Caller, person: Person, words: Words, zone: BusinessZone, bot_name: str
) -> Screen:
    """A link that lets one person in."""
    return join.render_invite(words, zone, await call(people.create_invite, person), bot_name)
