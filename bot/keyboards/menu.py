"""The main menu, and the way back to it."""

from enum import StrEnum
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.words import Words


class Place(StrEnum):
    """Where a button of the menu leads."""

    MAIN = "main"
    SHIFT = "shift"
    START_NOW = "start_now"
    FINISH_NOW = "finish_now"
    EDIT = "edit"
    STATS = "stats"
    RANKS = "ranks"
    HISTORY = "history"
    BALANCE = "balance"
    PAY = "pay"
    REQUESTS = "requests"
    ADMIN = "admin"


Rows = list[list[InlineKeyboardButton]]


ShiftId = Annotated[int, Field(gt=0, lt=2**63)]
"""What the database can hold; a made-up button may say anything."""


class UndoStart(CallbackData, prefix="u"):
    """The running shift was begun by mistake."""

    shift_id: ShiftId


class MenuButton(CallbackData, prefix="m"):
    """A button that leads somewhere, whatever else is going on."""

    to: Place


def place_button(words: Words, to: Place) -> InlineKeyboardButton:
    """The button to a place; its text is the message `place-<place>`."""
    text = words.plain(f"place-{to.replace('_', '-')}")
    return InlineKeyboardButton(text=text, callback_data=MenuButton(to=to).pack())


def main_menu_button(words: Words) -> InlineKeyboardButton:
    """The way back to the main menu."""
    return place_button(words, Place.MAIN)


def build_main_menu(
    words: Words, begun: Rows, *, is_running: bool, is_admin: bool, undo: int | None = None
) -> InlineKeyboardMarkup:
    """The main menu (SPEC 4), what was begun first.

    While a shift runs it can be finished and no other be started; `undo` is the one whose start can be taken back.
    """
    first = [Place.SHIFT, Place.FINISH_NOW if is_running else Place.START_NOW]
    rest = [[Place.EDIT], [Place.STATS, Place.RANKS], [Place.PAY], *([[Place.ADMIN]] if is_admin else [])]
    taken_back = [[_undo_button(words, undo)]] if undo is not None else []
    return _build(words, [*begun, [place_button(words, to) for to in first], *taken_back], rest)


def _undo_button(words: Words, shift_id: int) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=words.plain("button-undo"), callback_data=UndoStart(shift_id=shift_id).pack())


def build_leaver_menu(words: Words, begun: Rows, *, is_running: bool) -> InlineKeyboardMarkup:
    """What who has left can still do (D36): finish a running shift, ask for what is missing, read their own pay."""
    rows = [[Place.FINISH_NOW]] if is_running else [[Place.SHIFT], [Place.EDIT]]
    return _build(words, begun, [*rows, [Place.PAY]])


def build_places(words: Words, rows: list[list[Place]]) -> InlineKeyboardMarkup:
    """A keyboard of places, row by row."""
    return _build(words, [], rows)


def build_main_menu_only(words: Words) -> InlineKeyboardMarkup:
    """Nothing but the way back."""
    return build_places(words, [[Place.MAIN]])


def _build(words: Words, first: Rows, rows: list[list[Place]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[*first, *([place_button(words, to) for to in row] for row in rows)])
