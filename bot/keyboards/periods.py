"""The desk of pay periods: the list, one period with everybody in it, and one person's."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.errands import EARLIEST_DAY, LATEST_DAY, AdminErrand, PeriodSubject
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import BeginAdminErrand, build_back, turn_buttons
from bot.keyboards.member import PersonId
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.team import PageNumber
from bot.words import Words, clean_name
from payroll.business_time import format_date
from payroll.periods import EverybodysPeriod, PeriodList, PeriodState, PersonPeriod

PEOPLE_ON_A_PAGE = 8

DayNumber = Annotated[int, Field(ge=EARLIEST_DAY.toordinal(), le=LATEST_DAY.toordinal())]
"""A date as the number of its day (`date.toordinal`), so that a made-up button can only name a real one."""


class PeriodsPage(CallbackData, prefix="ps"):
    """A page of the list of pay periods."""

    page: PageNumber


class ShowPeriod(CallbackData, prefix="pp"):
    """A pay period, by its first day, with a page of its people."""

    start: DayNumber
    page: PageNumber = 0


class ShowPersonPeriod(CallbackData, prefix="pi"):
    """One person's pay period, by its first day."""

    start: DayNumber
    employee_id: PersonId


def write_subject(one: EverybodysPeriod | PersonPeriod) -> str:
    """What an errand about everybody's period, or one person's, is about."""
    employee_id = one.employee_id if isinstance(one, PersonPeriod) else None
    return PeriodSubject(one.period.start_date, employee_id).dump()


def show_period(day: date) -> ShowPeriod:
    """The button data of a period."""
    return ShowPeriod(start=day.toordinal())


def show_person_period(day: date, employee_id: int) -> ShowPersonPeriod:
    """The button data of one person's period."""
    return ShowPersonPeriod(start=day.toordinal(), employee_id=employee_id)


def build_periods(words: Words, listed: PeriodList) -> InlineKeyboardMarkup:
    """A button a period, and the pages."""
    rows = [
        [_button(_spell_period(words, one), ShowPeriod(start=one.period.start_date.toordinal()))]
        for one in listed.periods
    ]
    turns = turn_buttons(words, listed.page, listed.page_count, lambda to: PeriodsPage(page=to))
    return build_back(words, MenuButton(to=Place.ADMIN), *rows, *([turns] if turns else []))


def build_period(words: Words, one: EverybodysPeriod, shown: Sequence[PersonPeriod], page: int) -> InlineKeyboardMarkup:
    """A button a person of the page, what can be done for everybody, and the pages."""
    start = one.period.start_date.toordinal()
    people = [
        _button(
            words.plain(f"button-period-{each.state}", name=clean_name(each.name)),
            ShowPersonPeriod(start=start, employee_id=each.employee_id),
        )
        for each in shown
    ]
    page_count = -(-len(one.people) // PEOPLE_ON_A_PAGE)
    turns = turn_buttons(words, page, page_count, lambda to: ShowPeriod(start=start, page=to))
    rows = [people[at : at + 2] for at in range(0, len(people), 2)]
    return build_back(
        words,
        DeskButton(to=Desk.PERIODS),
        *rows,
        *([turns] if turns else []),
        *_list_for_everybody(words, one),
    )


def build_person_period(words: Words, one: PersonPeriod, *statement: InlineKeyboardButton) -> InlineKeyboardMarkup:
    """Their statement for who may read it, what can be done with the period, and back to everybody's."""
    kinds = {
        PeriodState.OPEN: [("button-close", AdminErrand.CLOSE)],
        PeriodState.CLOSED: [("button-pay", AdminErrand.PAY), ("button-reopen", AdminErrand.REOPEN)],
        PeriodState.PAID: [],
    }[one.state]
    errands = [_errand(words, key, kind, write_subject(one)) for key, kind in kinds]
    rows = [row for row in (list(statement), errands) if row]
    return build_back(words, show_period(one.period.start_date), *rows)


def _list_for_everybody(words: Words, one: EverybodysPeriod) -> list[list[InlineKeyboardButton]]:
    subject = write_subject(one)
    rows = []
    if one.list_silent():
        rows.append([_errand(words, "button-remind", AdminErrand.REMIND, subject)])
    if one.list_in(PeriodState.OPEN):
        rows.append([_errand(words, "button-close-everybody", AdminErrand.CLOSE, subject)])
    if one.list_in(PeriodState.CLOSED):
        rows.append([_errand(words, "button-pay-everybody", AdminErrand.PAY, subject)])
    return rows


def _spell_period(words: Words, one: EverybodysPeriod) -> str:
    states = {each.state for each in one.people}
    key = f"button-period-all-{states.pop()}" if len(states) == 1 else "button-period-all-open"
    key = "button-period-all-overdue" if one.is_overdue else key
    return words.plain(key, start=format_date(one.period.start_date), end=format_date(one.period.end_date))


def _errand(words: Words, key: str, kind: AdminErrand, subject: str) -> InlineKeyboardButton:
    return _button(words.plain(key), BeginAdminErrand(kind=kind, subject=subject))


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
