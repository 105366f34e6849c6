"""The settings."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.errands import AdminErrand
from bot.keyboards.errand import BeginAdminErrand, begin_button, build_back
from bot.keyboards.menu import MenuButton, Place, main_menu_button
from bot.words import Words
from payroll.settings import Setting


def build_settings(words: Words, settings: Sequence[Setting], *, is_owner: bool) -> InlineKeyboardMarkup:
    """A button a setting, for the owner, who alone may change them."""
    rows = [
        [
            InlineKeyboardButton(
                text=words.plain(f"setting-{one.definition.key.replace('_', '-')}"),
                callback_data=BeginAdminErrand(kind=AdminErrand.SETTING, subject=one.definition.key).pack(),
            )
        ]
        for one in settings
    ]
    return build_back(words, MenuButton(to=Place.ADMIN), *(rows if is_owner else []))


def build_changed(words: Words, *, may_reprice: bool) -> InlineKeyboardMarkup:
    """Below what is set otherwise than before: to price what is recorded again, where shifts are priced with it."""
    rows = [[begin_button(words, AdminErrand.PAY_TERMS)]] if may_reprice else []
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [main_menu_button(words)]])
