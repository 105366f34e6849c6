"""How the database is: its tables, its indexes, its slowest queries."""

from enum import StrEnum

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.keyboards.errand import build_back, turn_buttons
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.team import PageNumber
from bot.words import Words


class DatabasePart(StrEnum):
    """What is listed."""

    TABLES = "t"
    INDEXES = "i"
    QUERIES = "q"


class ShowDatabase(CallbackData, prefix="db"):
    """A page of one of the lists."""

    part: DatabasePart
    page: PageNumber = 0


def build_database(words: Words, part: DatabasePart, page: int, page_count: int) -> InlineKeyboardMarkup:
    """The other lists, and the pages of this one."""
    others = [
        InlineKeyboardButton(
            text=words.plain(f"database-{to.name.lower()}"), callback_data=ShowDatabase(part=to).pack()
        )
        for to in DatabasePart
        if to is not part
    ]
    turns = turn_buttons(words, page, page_count, lambda to: ShowDatabase(part=part, page=to))
    return build_back(words, MenuButton(to=Place.ADMIN), others, *([turns] if turns else []))


def _part_button(words: Words, to: DatabasePart) -> InlineKeyboardButton:
    text = words.plain(f"database-{to.name.lower()}")
    return InlineKeyboardButton(text=text, callback_data=ShowDatabase(part=to).pack())
