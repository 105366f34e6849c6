"""The desk of bonuses: whose, and what an admin can give and take."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.errands import AdminErrand
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import BeginAdminErrand, begin_button, build_back, turn_buttons
from bot.keyboards.member import PersonId
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.team import PageNumber
from bot.words import Words, clean_name
from payroll.held_bonuses import HeldPage
from payroll.records import BonusState
from payroll.staff import MemberList


class HoldersPage(CallbackData, prefix="bl"):
    """A page of the people whose bonuses can be looked at."""

    page: PageNumber


class ShowHeld(CallbackData, prefix="bh"):
    """A page of a person's bonuses."""

    employee_id: PersonId
    page: PageNumber = 0


def build_holders(words: Words, team: MemberList) -> InlineKeyboardMarkup:
    """A button a person, and the pages."""
    rows = [
        [
            InlineKeyboardButton(
                text=clean_name(one.person.name), callback_data=ShowHeld(employee_id=one.person.employee_id).pack()
            )
        ]
        for one in team.members
    ]
    turns = turn_buttons(words, team.page, team.page_count, lambda to: HoldersPage(page=to))
    return build_back(words, MenuButton(to=Place.ADMIN), *rows, *([turns] if turns else []))


def build_held(words: Words, held: HeldPage) -> InlineKeyboardMarkup:
    """Withdraw, for each that waits, by its number; the pages; and giving one."""
    waiting = [one.bonus.bonus_id for one in held.bonuses if one.bonus.state is BonusState.PENDING]
    pending = waiting if held.may_decide else []
    buttons = [
        InlineKeyboardButton(
            text=words.plain("button-void-number", number=str(bonus_id)),
            callback_data=BeginAdminErrand(kind=AdminErrand.VOID, subject=str(bonus_id)).pack(),
        )
        for bonus_id in pending
    ]
    rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    turns = turn_buttons(words, held.page, held.page_count, lambda to: ShowHeld(employee_id=held.employee_id, page=to))
    is_given = held.may_decide and not held.has_left
    giving = [[begin_button(words, AdminErrand.GRANT, held.employee_id)]] if is_given else []
    return build_back(words, DeskButton(to=Desk.BONUSES), *rows, *([turns] if turns else []), *giving)
