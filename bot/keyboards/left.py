"""The buttons of dialogues that were left: going on with one, or starting anew in its place."""

from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.keyboards.menu import main_menu_button
from bot.words import Words

DraftId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,16}$")]


class ContinueDialogue(CallbackData, prefix="go"):
    """Go on with a dialogue that was left."""

    draft_id: DraftId


def continue_button(text: str, draft_id: str) -> InlineKeyboardButton:
    """The button that goes on with a dialogue."""
    return InlineKeyboardButton(text=text, callback_data=ContinueDialogue(draft_id=draft_id).pack())


def build_begun(words: Words, go_on: InlineKeyboardButton, anew: CallbackData) -> InlineKeyboardMarkup:
    """Go on with what was begun, or start anew."""
    start_anew = InlineKeyboardButton(text=words.plain("button-start-anew"), callback_data=anew.pack())
    return InlineKeyboardMarkup(inline_keyboard=[[go_on], [start_anew], [main_menu_button(words)]])
