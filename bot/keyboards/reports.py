"""Reports: of which dates, by what, as a file; and the month's leaderboard."""

from datetime import date, timedelta
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.errands import EARLIEST_DAY, AdminErrand, OwnErrand
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import begin_button, build_back, turn_buttons
from bot.keyboards.menu import MenuButton, Place, place_button
from bot.keyboards.periods import DayNumber
from bot.keyboards.team import PageNumber
from bot.words import Words
from payroll.reports import ReportDates, ReportKind


class TableForm(StrEnum):
    """What a report can be taken away as."""

    CSV = "csv"
    XLSX = "xlsx"


class ShowReport(CallbackData, prefix="rp"):
    """A report of these dates, the last one included."""

    kind: ReportKind
    since: DayNumber
    until: DayNumber
    page: PageNumber = 0


class ReportFile(CallbackData, prefix="rf"):
    """The same as a file."""

    kind: ReportKind
    form: TableForm
    since: DayNumber
    until: DayNumber


class ShowLeaderboard(CallbackData, prefix="lb"):
    """Who sold most in the month that holds a day."""

    month: DayNumber


class LeaderboardFile(CallbackData, prefix="lf"):
    """The same as a file, for admins."""

    form: TableForm
    month: DayNumber


def build_report_desk(words: Words, offered: ReportDates, month: date, first: ReportKind) -> InlineKeyboardMarkup:
    """The dates that are asked for most, which lead to the `first` report, any others, and the leaderboard."""
    dates = [
        _button(
            words.plain(f"button-report-{name}"),
            ShowReport(kind=first, since=since.toordinal(), until=until.toordinal()),
        )
        for name, (since, until) in offered.items()
    ]
    rows = [dates[at : at + 2] for at in range(0, len(dates), 2)]
    return build_back(
        words,
        MenuButton(to=Place.ADMIN),
        *rows,
        [begin_button(words, AdminErrand.DATES)],
        [leaderboard_button(words, month)],
    )


def build_report(
    words: Words, kind: ReportKind, since: date, until: date, page: int, page_count: int, *, is_pay_shown: bool
) -> InlineKeyboardMarkup:
    """The same dates by something else, the pages, the files; by person for who may see what everybody made."""
    dates = {"since": since.toordinal(), "until": until.toordinal()}
    others = [
        _button(words.plain(f"button-report-by-{other}"), ShowReport(kind=other, **dates))
        for other in ReportKind
        if other is not kind and (is_pay_shown or other is not ReportKind.PEOPLE)
    ]
    files = [_button(words.plain(f"button-{form}"), ReportFile(kind=kind, form=form, **dates)) for form in TableForm]
    turns = turn_buttons(words, page, page_count, lambda to: ShowReport(kind=kind, page=to, **dates))
    return build_back(words, DeskButton(to=Desk.REPORTS), *([turns] if turns else []), others, files)


def build_leaderboard(words: Words, month: date, *, is_admin: bool, has_next: bool) -> InlineKeyboardMarkup:
    """The months beside it; the files for admins; back to the ranks, or to the reports."""
    before, after = month - timedelta(days=1), month + timedelta(days=32)
    turns = []
    if before >= EARLIEST_DAY:
        turns.append(_button(words.plain("button-month-before"), ShowLeaderboard(month=before.toordinal())))
    if has_next:
        turns.append(_button(words.plain("button-month-after"), ShowLeaderboard(month=after.toordinal())))
    files = [
        _button(words.plain(f"button-{form}"), LeaderboardFile(form=form, month=month.toordinal()))
        for form in TableForm
    ]
    back = DeskButton(to=Desk.REPORTS) if is_admin else MenuButton(to=Place.RANKS)
    return build_back(words, back, *([turns] if turns else []), *([files] if is_admin else []))


def build_ranks(words: Words, month: date | None, *, has_day_off: bool = False) -> InlineKeyboardMarkup:
    """Below the ranks; the day off that waits, and the leaderboard of a month, where there is one to see."""
    rows = [[begin_button(words, OwnErrand.DAY_OFF)]] if has_day_off else []
    rows += [[leaderboard_button(words, month)]] if month is not None else []
    return InlineKeyboardMarkup(
        inline_keyboard=[*rows, [place_button(words, Place.STATS)], [place_button(words, Place.MAIN)]]
    )


def leaderboard_button(words: Words, month: date) -> InlineKeyboardButton:
    """The button to a month's leaderboard."""
    return _button(words.plain("button-leaderboard"), ShowLeaderboard(month=month.toordinal()))


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
