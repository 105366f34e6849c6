"""Deciding about updates that could not be handled."""

from collections.abc import Sequence
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.keyboards.deciding import Deciding
from bot.keyboards.menu import Place, place_button
from bot.words import Words


class ShowDead(CallbackData, prefix="dl"):
    """An admin wants to see what was set aside."""


class DecideDead(Deciding, prefix="dd"):
    """An admin has it tried again, or dropped."""

    update_id: Annotated[int, Field(ge=0, lt=2**63)]
    is_retried: bool


def show_dead_button(words: Words, count: int) -> InlineKeyboardButton:
    """To the list, from the admins' menu."""
    return InlineKeyboardButton(text=words.plain("button-dead", count=count), callback_data=ShowDead().pack())


def build_dead_list(words: Words, letters: Sequence[tuple[int, str]]) -> InlineKeyboardMarkup:
    """Try again or drop, for each of the list by its number there: its id, and the seal of what is shown of it."""
    rows = [
        [
            InlineKeyboardButton(
                text=words.plain(key, number=str(number)),
                callback_data=DecideDead(seen=seen, update_id=update_id, is_retried=is_retried).pack(),
            )
            for key, is_retried in (("button-dead-retry", True), ("button-dead-drop", False))
        ]
        for number, (update_id, seen) in enumerate(letters, 1)
    ]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, [place_button(words, Place.ADMIN)]])
