"""The desk of dynamic rates."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.errands import AdminErrand
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import begin_button, build_back
from bot.keyboards.menu import MenuButton, Place
from bot.words import Words
from payroll.amounts import format_amount
from payroll.repricing import RatesFrom


class ShowRate(CallbackData, prefix="rs"):
    """A step of the table, by the sales in USD from which it holds."""

    start: Annotated[str, Field(pattern=r"^[0-9]{1,8}\.[0-9]{2}$")]


def build_rates(words: Words, tables: Sequence[RatesFrom]) -> InlineKeyboardMarkup:
    """A button a step of the table in force or of one to come, then another step, and to price again."""
    starts = sorted({step.min_sales for table in tables for step in table.steps})
    buttons = [_step_button(words, start) for start in starts]
    rows = [buttons[at : at + 3] for at in range(0, len(buttons), 3)]
    more = [[begin_button(words, kind)] for kind in (AdminErrand.RATE_ADD, AdminErrand.PAY_TERMS)]
    return build_back(words, MenuButton(to=Place.ADMIN), *rows, *more)


def build_rate(words: Words, start: Decimal) -> InlineKeyboardMarkup:
    """What can be changed of a step; the first always begins at 0."""
    kinds = [AdminErrand.RATE_PCT, *([AdminErrand.RATE_FROM, AdminErrand.RATE_REMOVE] if start else [])]
    rows = [[begin_button(words, kind, str(start)) for kind in kinds]]
    return build_back(words, DeskButton(to=Desk.RATES), *rows)


def _step_button(words: Words, start: Decimal) -> InlineKeyboardButton:
    text = words.plain("button-rate", start=format_amount(start))
    return InlineKeyboardButton(text=text, callback_data=ShowRate(start=str(start)).pack())
