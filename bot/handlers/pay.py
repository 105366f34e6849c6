"""My pay: one's pay periods, whether they are complete, and statements as messages and files."""

from datetime import date

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.documents.names import name_statement_file
from bot.documents.orders import STATEMENT_FILES, write_order
from bot.handlers.deciding import decide
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.pay import ConfirmPeriod, ShowMyPeriod, ShowStatement, StatementFile
from bot.policies import Who, allow
from bot.screen import File, Screen
from bot.use_cases import pay
from bot.views import pay as view
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="pay")
    router.callback_query.register(show_my_pay, MenuButton.filter(F.to == Place.PAY))
    router.callback_query.register(show_my_period, ShowMyPeriod.filter())
    router.callback_query.register(confirm, ConfirmPeriod.filter())
    router.callback_query.register(show_statement, ShowStatement.filter())
    router.callback_query.register(send_statement, StatementFile.filter())
    return router


@allow(Who.FORMER)
async def show_my_pay(_query: CallbackQuery, call: Caller, person: Person, words: Words) -> Screen:
    """What one is owed, and one's pay periods."""
    return view.render_my_pay(words, await call(pay.get_my_pay, person))


@allow(Who.FORMER)
async def show_my_period(
    _query: CallbackQuery, callback_data: ShowMyPeriod, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """One's own pay period."""
    found = await call(pay.get_my_period, person, date.fromordinal(callback_data.start))
    return view.render_my_period(words, zone, found)


@allow(Who.MEMBER)
async def confirm(
    _query: CallbackQuery, callback_data: ConfirmPeriod, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """One's pay period is complete, or not after all."""
    day, is_complete = date.fromordinal(callback_data.start), callback_data.is_complete

    async def look() -> Screen:
        return view.render_my_period(words, zone, await call(pay.get_my_period, person, day))

    async def do() -> Screen:
        screen = view.render_my_period(words, zone, await call(pay.confirm, person, day, is_complete=is_complete))
        return screen.with_toast(words.plain("toast-complete" if is_complete else "toast-not-complete"))

    return await decide(call, person, words, callback_data, look=look, do=do)


@allow(Who.FORMER)
async def show_statement(
    _query: CallbackQuery, callback_data: ShowStatement, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A statement as a message."""
    wanted = callback_data
    statement = await call(pay.get_statement, person, wanted.employee_id, date.fromordinal(wanted.start))
    is_own = wanted.employee_id == person.employee_id
    return view.render_statement_page(words, zone, statement, wanted.page, is_own=is_own)


@allow(Who.FORMER)
async def send_statement(
    _query: CallbackQuery,
    callback_data: StatementFile,
    call: Caller,
    person: Person,
    words: Words,
    zone: BusinessZone,
    long_from: int,
) -> Screen:
    """A statement as a file; from `long_from` rows on it is drawn in a process of its own, and comes later."""
    wanted = callback_data
    statement = await call(pay.get_statement, person, wanted.employee_id, date.fromordinal(wanted.start))
    name = name_statement_file(statement, wanted.form)
    if len(statement.shifts) + len(statement.lines) >= long_from:
        order = write_order(words, zone, statement, wanted.form)
        return view.render_statement_drawing(words, statement, name, order)
    content = STATEMENT_FILES[wanted.form](words, zone, statement)
    return view.render_statement_file(words, statement, File(name, content))
