"""The admins' desks: where each button of /admin leads."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.words import Words


class Desk(StrEnum):
    """A part of the admins' side."""

    TEAM = "team"
    NOW = "now"
    PERIODS = "periods"
    REQUESTS = "requests"
    PRODUCTS = "products"
    RATES = "rates"
    RANKS = "ranks"
    BONUSES = "bonuses"
    REPORTS = "reports"
    SETTINGS = "settings"
    AUDIT = "audit"
    DATABASE = "database"


class DeskButton(CallbackData, prefix="ad"):
    """An admin goes to a desk."""

    to: Desk


DESK_ROWS: tuple[tuple[Desk, ...], ...] = (
    (Desk.TEAM, Desk.NOW),
    (Desk.PERIODS, Desk.REQUESTS),
    (Desk.REPORTS, Desk.BONUSES),
    (Desk.RATES, Desk.RANKS),
    (Desk.PRODUCTS, Desk.SETTINGS),
    (Desk.AUDIT, Desk.DATABASE),
)
"""The desks as /admin lists them."""


def desk_button(words: Words, to: Desk) -> InlineKeyboardButton:
    """The button to a desk; its text is the message `desk-<desk>`."""
    return InlineKeyboardButton(text=words.plain(f"desk-{to}"), callback_data=DeskButton(to=to).pack())


def build_desks(words: Words) -> list[list[InlineKeyboardButton]]:
    """The rows of /admin that lead to the desks."""
    return [[desk_button(words, to) for to in row] for row in DESK_ROWS]
