"""A person's own pay: their pay periods, statements and files."""

from datetime import date
from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.errands import OwnErrand, PeriodSubject
from bot.keyboards.deciding import Deciding
from bot.keyboards.errand import BeginOwnErrand, build_back, turn_buttons
from bot.keyboards.member import PersonId
from bot.keyboards.menu import MenuButton, Place, main_menu_button, place_button
from bot.keyboards.periods import DayNumber, show_person_period
from bot.keyboards.questions import ask_button
from bot.keyboards.team import PageNumber
from bot.seals import seal
from bot.words import Words
from payroll.business_time import format_date
from payroll.periods import MyPay, PeriodState, PersonPeriod


class FileForm(StrEnum):
    """What a statement or report can be taken away as."""

    PDF = "pdf"
    XLSX = "xlsx"


class ShowMyPeriod(CallbackData, prefix="mp"):
    """One's own pay period, by its first day."""

    start: DayNumber


class ConfirmPeriod(Deciding, prefix="mc"):
    """Somebody says that their pay period is complete, or that it is not after all."""

    start: DayNumber
    is_complete: bool


class ShowStatement(CallbackData, prefix="st"):
    """A person's statement of a pay period, one's own or for an admin; a long one has pages."""

    start: DayNumber
    employee_id: PersonId
    page: PageNumber = 0


class StatementFile(CallbackData, prefix="sf"):
    """The same as a file."""

    start: DayNumber
    employee_id: PersonId
    form: FileForm


def list_statement_buttons(words: Words, employee_id: int, start: date) -> list[InlineKeyboardButton]:
    """Statement, PDF, XLSX."""
    number = start.toordinal()
    return [
        _button(words.plain("button-statement"), ShowStatement(start=number, employee_id=employee_id)),
        *_list_files(words, employee_id, number),
    ]


def build_my_pay(words: Words, pay: MyPay) -> InlineKeyboardMarkup:
    """A button a period, and where the figures come from."""
    rows = [
        [
            _button(
                words.plain(f"button-period-all-{one.state}", **_name_period(one)),
                ShowMyPeriod(start=one.period.start_date.toordinal()),
            )
        ]
        for one in pay.periods
    ]
    places = [place_button(words, Place.BALANCE), place_button(words, Place.HISTORY)]
    more = [] if pay.has_left else [places]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *more, [main_menu_button(words)]])


def build_my_period(words: Words, one: PersonPeriod) -> InlineKeyboardMarkup:
    """Whether it is complete, as long as it is open; the statement; back to one's pay."""
    statement = list_statement_buttons(words, one.employee_id, one.period.start_date)
    return build_back(words, MenuButton(to=Place.PAY), *list_confirming_rows(words, one), statement)


def list_confirming_rows(words: Words, one: PersonPeriod) -> list[list[InlineKeyboardButton]]:
    """The answers to "is it complete?" that one has not given yet; who has left is not asked."""
    if one.state is not PeriodState.OPEN or one.left_date is not None:
        return []
    start = one.period.start_date.toordinal()
    if one.is_confirmed:
        withdrawing = ConfirmPeriod(seen=seal(one.digest), start=start, is_complete=False)
        return [[_button(words.plain("button-not-complete"), withdrawing)]]
    return build_confirming(words, one.employee_id, one.period.start_date, one.digest)


def build_confirming(words: Words, employee_id: int, start: date, digest: str) -> list[list[InlineKeyboardButton]]:
    """Yes to the shifts of this digest, or something is missing."""
    complete = ConfirmPeriod(seen=seal(digest), start=start.toordinal(), is_complete=True)
    missing = BeginOwnErrand(kind=OwnErrand.MISSING, subject=PeriodSubject(start, employee_id).dump())
    return [
        [_button(words.plain("button-complete"), complete)],
        [_button(words.plain("button-missing"), missing)],
    ]


def build_statement(
    words: Words, employee_id: int, start: date, page: int, page_count: int, *, is_own: bool, may_ask: bool
) -> InlineKeyboardMarkup:
    """The pages of a long one, the files, a question for who `may_ask` one, and back to the period."""
    number = start.toordinal()
    turns = turn_buttons(
        words, page, page_count, lambda to: ShowStatement(start=number, employee_id=employee_id, page=to)
    )
    files = _list_files(words, employee_id, number)
    back = ShowMyPeriod(start=number) if is_own else show_person_period(start, employee_id)
    asking = [[ask_button(words, period=PeriodSubject(start, employee_id))]] if may_ask else []
    return build_back(words, back, *([turns] if turns else []), files, *asking)


def _list_files(words: Words, employee_id: int, number: int) -> list[InlineKeyboardButton]:
    return [
        _button(words.plain(f"button-{form}"), StatementFile(start=number, employee_id=employee_id, form=form))
        for form in FileForm
    ]


def _name_period(one: PersonPeriod) -> dict[str, str]:
    return {
        "start": format_date(one.period.start_date),
        "end": format_date(one.period.end_date),
    }


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
