"""Seals: what a button that decides carries of what was shown beside it, and of the timeline it was shown on.

A Yes means what stands above it. Each button that decides carries a short digest of that (`seal`), and a message leaves
with the number of the database's timeline behind each of its buttons that decide (`stamp`): what was shown before a
restore is not what is there now, even where it looks the same.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Collection

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

SEAL_LENGTH = 6
OF_ANOTHER_TIMELINE = "-" * SEAL_LENGTH
"""What a button of another timeline is taken to carry: nothing that is shown now has it."""
_MARK = "~"
_PARTS = ":"


def seal(*shown: object) -> str:
    """A digest of what is shown: texts, numbers, dates, and lists and mappings of them."""
    told = json.dumps(shown, sort_keys=True, default=str)
    return urlsafe_b64encode(hashlib.sha256(told.encode()).digest())[:SEAL_LENGTH].decode()


def stamp(keyboard: InlineKeyboardMarkup, prefixes: Collection[str], timeline: str) -> InlineKeyboardMarkup:
    """The keyboard with the timeline behind each button of these prefixes."""
    rows = [[_stamp(one, prefixes, timeline) for one in row] for row in keyboard.inline_keyboard]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def unstamp(data: str, prefixes: Collection[str], timeline: str) -> str:
    """The data of a button without its timeline; where that is another one, or none, it carries no seal of now."""
    if data.partition(_PARTS)[0] not in prefixes:
        return data  # whatever stands in it
    plain, _, given = data.partition(_MARK)
    prefix, *parts = plain.split(_PARTS)
    if given == timeline or not parts:
        return plain
    return _PARTS.join([prefix, OF_ANOTHER_TIMELINE, *parts[1:]])


def _stamp(button: InlineKeyboardButton, prefixes: Collection[str], timeline: str) -> InlineKeyboardButton:
    data = button.callback_data
    if data is None or data.partition(_PARTS)[0] not in prefixes:
        return button
    return button.model_copy(update={"callback_data": f"{data}{_MARK}{timeline}"})
