"""The main menu, and the way back to it."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

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


def build_main_menu(words: Words, *, is_running: bool, is_admin: bool) -> InlineKeyboardMarkup:
    """The main menu (SPEC 4); while a shift runs it can be finished and no other be started."""
    rows = [
        [Place.SHIFT, Place.FINISH_NOW if is_running else Place.START_NOW],
        [Place.EDIT],
        [Place.STATS, Place.RANKS],
        [Place.PAY],
    ]
    if is_admin:
        rows.append([Place.ADMIN])
    return build_places(words, rows)


def build_leaver_menu(words: Words, *, is_running: bool) -> InlineKeyboardMarkup:
    """What who has left can still do (D36): finish a running shift, ask for what is missing, read their own pay."""
    rows = [[Place.FINISH_NOW]] if is_running else [[Place.SHIFT], [Place.EDIT]]
    return build_places(words, [*rows, [Place.PAY]])


def build_places(words: Words, rows: list[list[Place]]) -> InlineKeyboardMarkup:
    """A keyboard of places, row by row."""
    return InlineKeyboardMarkup(inline_keyboard=[[place_button(words, to) for to in row] for row in rows])


def build_main_menu_only(words: Words) -> InlineKeyboardMarkup:
    """Nothing but the way back."""
    return build_places(words, [[Place.MAIN]])
