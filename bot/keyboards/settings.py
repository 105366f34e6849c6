"""The settings."""

from collections.abc import Sequence

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.errands import AdminErrand
from bot.keyboards.errand import BeginAdminErrand, build_back
from bot.keyboards.menu import MenuButton, Place
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
