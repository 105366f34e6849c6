"""Reports for admins, on the screen and as files; the leaderboard for everybody."""

from datetime import date

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.documents.names import name_report_file
from bot.documents.reports import render_report_csv, render_report_xlsx
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.reports import LeaderboardFile, ReportFile, ShowLeaderboard, ShowReport, TableForm
from bot.policies import Who, allow
from bot.screen import File, Screen
from bot.use_cases import reports
from bot.views import reports as view
from bot.words import Words
from payroll.people import Person
from payroll.reports import Report

_RENDERERS = {TableForm.CSV: render_report_csv, TableForm.XLSX: render_report_xlsx}


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="reports")
    router.callback_query.register(show_desk, DeskButton.filter(F.to == Desk.REPORTS))
    router.callback_query.register(show_report, ShowReport.filter())
    router.callback_query.register(send_report, ReportFile.filter())
    router.callback_query.register(show_leaderboard, ShowLeaderboard.filter())
    router.callback_query.register(send_leaderboard, LeaderboardFile.filter())
    return router


@allow(Who.ADMIN)
async def show_desk(_query: CallbackQuery, call: Caller, person: Person, words: Words) -> Screen:
    """The dates that are asked for most."""
    offered, month, first = await call(reports.list_dates, person)
    return view.render_report_desk(words, offered, month, first)


@allow(Who.ADMIN)
async def show_report(
    _query: CallbackQuery, callback_data: ShowReport, call: Caller, person: Person, words: Words
) -> Screen:
    """A report of some dates."""
    wanted = callback_data
    since, until = date.fromordinal(wanted.since), date.fromordinal(wanted.until)
    return view.render_report(words, await call(reports.get_report, person, wanted.kind, since, until), wanted.page)


@allow(Who.ADMIN)
async def send_report(
    _query: CallbackQuery, callback_data: ReportFile, call: Caller, person: Person, words: Words
) -> Screen:
    """The same as a file."""
    wanted = callback_data
    since, until = date.fromordinal(wanted.since), date.fromordinal(wanted.until)
    return await _send(words, await call(reports.get_report, person, wanted.kind, since, until), wanted.form)


@allow(Who.MEMBER)
async def show_leaderboard(
    _query: CallbackQuery, callback_data: ShowLeaderboard, call: Caller, person: Person, words: Words
) -> Screen:
    """Who sold most in a month."""
    board, has_next = await call(reports.get_leaderboard, person, date.fromordinal(callback_data.month))
    return view.render_leaderboard(words, board, is_admin=person.is_admin, has_next=has_next)


@allow(Who.ADMIN)
async def send_leaderboard(
    _query: CallbackQuery, callback_data: LeaderboardFile, call: Caller, person: Person, words: Words
) -> Screen:
    """The same as a file."""
    board, _ = await call(reports.get_leaderboard, person, date.fromordinal(callback_data.month))
    return await _send(words, board, callback_data.form)


async def _send(words: Words, report: Report, form: TableForm) -> Screen:
    """A report as a file; writing it takes a thread of its own."""
    content = _RENDERERS[form](words, report)
    return view.render_report_file(words, File(name_report_file(report, form), content))
