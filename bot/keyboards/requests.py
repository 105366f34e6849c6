"""What waits for the admins: the list of it, and the buttons that decide."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.errands import AdminErrand
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.deciding import Deciding
from bot.keyboards.errand import begin_button, build_back
from bot.keyboards.periods import DayNumber
from bot.seals import seal
from bot.words import Words
from payroll.correction_requests import CorrectionKind

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


class ApproveCorrection(Deciding, prefix="qa"):
    """An admin approves a correction."""

    correction_id: Number


class ApproveDayOff(Deciding, prefix="qd"):
    """An admin grants a day off, on the date of the notice."""

    bonus_id: Number
    day: DayNumber


class GivePremium(Deciding, prefix="qp"):
    """An admin has given Telegram Premium."""

    bonus_id: Number


class SeePremium(Deciding, prefix="qv"):
    """Who got it has seen it."""

    bonus_id: Number


def build_correction(words: Words, facts: Mapping[str, Any], *, is_listed: bool = False) -> InlineKeyboardMarkup:
    """Approve what these facts say, or refuse; below a notice nothing else."""
    correction_id = facts["correction_id"]
    seen = _seal_correction(facts)
    row = [
        button(words, "button-approve", ApproveCorrection(seen=seen, correction_id=correction_id)),
        begin_button(words, AdminErrand.REFUSE_CORRECTION, correction_id),
    ]
    return build_matter(words, [row], is_listed=is_listed)


def _seal_correction(facts: Mapping[str, Any]) -> str:
    """Of all that is shown but the number that a missing shift would get: others take theirs meanwhile."""
    booking = facts["booking"]
    if booking is not None and facts["kind"] == CorrectionKind.NEW:
        booking = [amount for _, amount in booking]
    shown = ("kind", "name", "by", "shift_id", "reason", "old", "new", "made", "ranks")
    return seal([facts.get(name) for name in shown], booking)


def build_day_off(
    words: Words, bonus_id: int, name: str, day: date, amount: Decimal | None, *, is_listed: bool = False
) -> InlineKeyboardMarkup:
    """Approve what is asked for, worth so much where that is shown, or refuse; below a notice nothing else."""
    approving = ApproveDayOff(seen=seal(name, day, amount), bonus_id=bonus_id, day=day.toordinal())
    row = [
        button(words, "button-approve", approving),
        begin_button(words, AdminErrand.REFUSE_DAY_OFF, bonus_id),
    ]
    return build_matter(words, [row], is_listed=is_listed)


def build_premium(words: Words, bonus_id: int, name: str) -> InlineKeyboardMarkup:
    """It is given."""
    given = GivePremium(seen=seal(name), bonus_id=bonus_id)
    return build_matter(words, [[button(words, "button-given", given)]], is_listed=True)


def build_thanks(words: Words, bonus_id: int) -> InlineKeyboardMarkup:
    """Who was given it has seen that."""
    thanks = button(words, "button-thanks", SeePremium(seen=seal(), bonus_id=bonus_id))
    return InlineKeyboardMarkup(inline_keyboard=[[thanks]])


def build_matter(words: Words, rows: Sequence[list[InlineKeyboardButton]], *, is_listed: bool) -> InlineKeyboardMarkup:
    """What can be done about a matter; in the list of what waits Back leads there."""
    if is_listed:
        return build_back(words, DeskButton(to=Desk.REQUESTS), *rows)
    return InlineKeyboardMarkup(inline_keyboard=list(rows))


def button(words: Words, key: str, to: CallbackData, **facts: str) -> InlineKeyboardButton:
    """A button with a message's words."""
    return InlineKeyboardButton(text=words.plain(key, **facts), callback_data=to.pack())
