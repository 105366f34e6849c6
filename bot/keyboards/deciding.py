"""Buttons that decide: each carries a digest of what was shown, and means nothing once something else is."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.seals import SEAL_LENGTH

Seen = Annotated[str, Field(pattern=rf"^[A-Za-z0-9_-]{{{SEAL_LENGTH}}}$")]


class Deciding(CallbackData, prefix="!"):
    """A button that decides; `seen` is the seal of what it decides about, as it was shown (`bot.seals.seal`).

    It does something only as long as the screen, made anew, has this very button (`bot.handlers.deciding`).
    """

    seen: Seen


def list_kinds() -> list[type[Deciding]]:
    """Every kind of button that decides."""
    return Deciding.__subclasses__()


def list_prefixes() -> frozenset[str]:
    """How the data of buttons that decide begin."""
    return frozenset(kind.__prefix__ for kind in list_kinds())


def has_button(keyboard: InlineKeyboardMarkup | None, tapped: CallbackData) -> bool:
    """Whether a keyboard has this very button."""
    data = tapped.pack()
    return any(button.callback_data == data for row in _list_rows(keyboard) for button in row)


def has_alike(keyboard: InlineKeyboardMarkup | None, tapped: CallbackData) -> bool:
    """Whether a keyboard has a button of the same kind."""
    begin = f"{tapped.__prefix__}{tapped.__separator__}"
    return any((button.callback_data or "").startswith(begin) for row in _list_rows(keyboard) for button in row)


def _list_rows(keyboard: InlineKeyboardMarkup | None) -> list[list[InlineKeyboardButton]]:
    return keyboard.inline_keyboard if keyboard is not None else []
