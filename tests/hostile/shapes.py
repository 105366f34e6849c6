"""Updates that are well formed and take very long to decode: deep, wide and long ones, in every place."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.hostile.corpus import Json, write_message, write_tap

DEEPEST = 16
"""So many levels Telegram lets through."""
_STYLES = ("bold", "italic", "underline", "spoiler", "marked", "code")


def nest_styles(depth: int = DEEPEST) -> Json:
    """A message of styles within styles."""
    text: Any = "text"
    for level in range(depth):
        text = {"type": _STYLES[level % len(_STYLES)], "text": ["a", text]}
    return {"rich_message": {"blocks": [{"type": "paragraph", "text": text}]}}


def nest_blocks(depth: int = DEEPEST) -> Json:
    """Lists within quotations within lists."""
    block: Json = {"type": "paragraph", "text": "text"}
    for level in range(depth):
        items = {"type": "list", "items": [{"blocks": [block]}]}
        block = items if level % 2 == 0 else {"type": "blockquote", "blocks": [block]}
    return {"rich_message": {"blocks": [block]}}


def draw_table(rows: int = 500, columns: int = 8, text: Any = "9") -> Json:
    """A table with the same text in each cell."""
    cell = {"text": text, "align": "left", "valign": "top"}
    return {"rich_message": {"blocks": [{"type": "table", "cells": [[cell] * columns] * rows}]}}


def add_unknown_block() -> Json:
    """A block of a Bot API that is not out yet."""
    return {"rich_message": {"blocks": [{"type": "widget", "of": {"type": "hologram"}}]}}


def _chain(name: str, length: int) -> Json:
    message: Json = {}
    for _ in range(length):
        message = {name: write_message(5, text="one more", **message)}
    return message


def _fill_keyboard(buttons: int = 10_000) -> Json:
    button = {"text": "Button", "callback_data": "m:main"}
    return {"text": "500", "reply_markup": {"inline_keyboard": [[button] * 8] * (buttons // 8)}}


def _nest_lists(depth: int, times: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return [value] * times


_PICTURE = {"file_id": "x", "file_unique_id": "y", "width": 9, "height": 9}
_BOLD = {"type": "bold", "offset": 1, "length": 2}
SHAPES: Mapping[str, Callable[[], Json]] = {
    "styles": nest_styles,
    "blocks": nest_blocks,
    "a table": draw_table,
    "a table of styles": lambda: draw_table(text=nest_styles(3)["rich_message"]["blocks"][0]["text"]),
    "an unknown block": add_unknown_block,
    "a wrong form": lambda: {"rich_message": [[{}] * 1000] * 100},
    "entities": lambda: {"text": "500", "entities": [_BOLD] * 10_000},
    "caption entities": lambda: {"photo": [_PICTURE], "caption": "500", "caption_entities": [_BOLD] * 10_000},
    "pictures": lambda: {"photo": [_PICTURE] * 8_000},
    "buttons": _fill_keyboard,
    "members": lambda: {"new_chat_members": [{"id": 5, "is_bot": False, "first_name": "A"}] * 8_000},
    "replies": lambda: _chain("reply_to_message", 200),
    "pins": lambda: _chain("pinned_message", 200),
    "keys": lambda: {"text": "500", **{f"key{number}": number for number in range(35_000)}},
    "many keys": lambda: {"text": "500", "more": {f"{number}": 1 for number in range(90_000)}},
    "lists": lambda: {"text": "500", "more": [[]] * 200_000},
    "deep lists": lambda: {"text": "500", "more": _nest_lists(200, 1_000)},
    "numbers": lambda: {"text": "500", "more": [1] * 300_000},
    "fractions": lambda: {"text": "500", "more": [2.2250738585072012e-308] * 40_000},
    "long numbers": lambda: {"text": "500", "more": [10**4_000] * 240},
    "a long text": lambda: {"text": "5" * 900_000},
    "a long name": lambda: {"text": "500", "via_bot": {"id": 5, "is_bot": True, "first_name": "A" * 900_000}},
    "a list for a text": lambda: {"text": [[[["500"]]]] * 10_000},
}
"""What a message is made of, by the name of its shape."""


def list_places(account: int, content: Json) -> Iterator[tuple[str, Json]]:
    """Updates without an id that have this content where Telegram can put a message."""
    inner = write_message(account, **content)
    yield "a message", {"message": inner}
    yield "a change", {"edited_message": {**inner, "edit_date": 1_790_000_001}}
    yield "a reply", {"message": write_message(account, text="500", reply_to_message=inner)}
    yield "a quotation", {"message": write_message(account, text="500", external_reply={"origin": inner, **content})}
    yield "a forward", {"message": {**inner, "forward_origin": {"type": "user", "sender_user": inner, "date": 1}}}
    yield "a tap", write_tap(account, "m:main", message=inner)
    yield "a tap below a reply", write_tap(account, "m:main", message=write_message(account, reply_to_message=inner))
    yield "what nobody asked for", {"business_message": inner}
