"""What waits for the admins: the list of it, and the buttons that decide."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.errands import AdminErrand
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import begin_button, build_back
from bot.keyboards.periods import DayNumber
from bot.words import Words

Number = Annotated[int, Field(gt=0, lt=2**63)]
"""What the database can hold; a made-up button may say anything."""


class Matter(StrEnum):
    """What somebody may wait for."""

    CORRECTION = "c"
    QUESTION = "q"
    DAY_OFF = "d"
    PREMIUM = "p"


class RequestsPage(CallbackData, prefix="ql"):
    """A page of the list."""

    page: Annotated[int, Field(ge=0, lt=2**31)]


class ShowMatter(CallbackData, prefix="qm"):
    """Show something that waits, by its number."""

    matter: Matter
    number: Number


class ShowOwnCorrection(CallbackData, prefix="qo"):
    """Show a request of one's own, whole."""

    correction_id: Number


class ApproveCorrection(CallbackData, prefix="qa"):
    """An admin approves a correction."""

    correction_id: Number


class ApproveDayOff(CallbackData, prefix="qd"):
    """An admin grants a day off, on the date of the notice."""

    bonus_id: Number
    day: DayNumber


class GivePremium(CallbackData, prefix="qp"):
    """An admin has given Telegram Premium."""

    bonus_id: Number


class SeePremium(CallbackData, prefix="qv"):
    """Who got it has seen it."""

    bonus_id: Number


def build_correction(words: Words, correction_id: int, *, is_listed: bool = False) -> InlineKeyboardMarkup:
    """Approve or refuse; below a notice nothing else."""
    row = [
        button(words, "button-approve", ApproveCorrection(correction_id=correction_id)),
        begin_button(words, AdminErrand.REFUSE_CORRECTION, correction_id),
    ]
    return build_matter(words, [row], is_listed=is_listed)


def build_day_off(words: Words, bonus_id: int, day: date, *, is_listed: bool = False) -> InlineKeyboardMarkup:
    """Approve or refuse; below a notice nothing else."""
    row = [
        button(words, "button-approve", ApproveDayOff(bonus_id=bonus_id, day=day.toordinal())),
        begin_button(words, AdminErrand.REFUSE_DAY_OFF, bonus_id),
    ]
    return build_matter(words, [row], is_listed=is_listed)


def build_premium(words: Words, bonus_id: int) -> InlineKeyboardMarkup:
    """It is given."""
    return build_matter(words, [[button(words, "button-given", GivePremium(bonus_id=bonus_id))]], is_listed=True)


def build_matter(words: Words, rows: Sequence[list[InlineKeyboardButton]], *, is_listed: bool) -> InlineKeyboardMarkup:
    """What can be done about a matter; in the list of what waits Back leads there."""
    if is_listed:
        return build_back(words, DeskButton(to=Desk.REQUESTS), *rows)
    return InlineKeyboardMarkup(inline_keyboard=list(rows))


def button(words: Words, key: str, to: CallbackData, **facts: str) -> InlineKeyboardButton:
    """A button with a message's words."""
    return InlineKeyboardButton(text=words.plain(key, **facts), callback_data=to.pack())
