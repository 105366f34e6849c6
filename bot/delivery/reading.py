"""What is read of an update: the few fields that the bot looks at, taken out of the JSON before aiogram decodes it.

Anybody may send a message of any shape, and decoding some of them takes minutes (nested styles), while a form that this
version does not know cannot be decoded at all. So nothing reaches aiogram but what stands in the tables here, whatever
else an update brings along, and JSON that is too much to be parsed within moments is not parsed either.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from typing import Any, TypeAlias

from aiogram import Bot
from aiogram.types import Update

Trim: TypeAlias = Callable[[Any], Any]

HEAVIEST = 400_000
"""What may be parsed at once, as `weigh` counts it: at most 50 ms, most shapes a third of that."""
_KEY, _CONTAINER, _ITEM = 10, 3, 1
_CHARACTERS = 2
"""So many at least are read in a tenth of a microsecond, whatever they are part of."""
_ID = re.compile(r'"update_id"\s*:\s*(\d{1,18})\b')
_BEGIN = re.compile(r'\{\s*"update_id"\s*:')
_PASSED_ON = ("forward_origin", "forward_from", "forward_from_chat", "forward_sender_name", "forward_date")
"""Any of these says that somebody else wrote it; a Bot API server before 7.0 knows only the later ones."""
_SOMEBODY_ELSE = {"type": "hidden_user", "sender_user_name": "-", "date": 0}


class TooHeavyError(ValueError):
    """JSON of so many parts that it is not parsed."""


def parse(text: str) -> Any:
    """The value that JSON stands for. Raises ValueError, RecursionError."""
    if weigh(text) > HEAVIEST:
        raise TooHeavyError("too many parts")
    # No number with a fraction is read, and to make sense of one may take longer than of all the rest.
    return json.loads(text, parse_constant=_refuse_constant, parse_float=str)


def weigh(text: str) -> int:
    """How long it takes to parse JSON, by its shape: at most so many tenths of a microsecond."""
    containers = text.count("{") + text.count("[")
    parts = _KEY * text.count(":") + _CONTAINER * containers + _ITEM * text.count(",")
    return max(parts, len(text) // _CHARACTERS)


def find_update_id(text: str) -> int | None:
    """The id of the first update in JSON that cannot be parsed; None where there is none."""
    found = _ID.search(text)
    return int(found[1]) if found is not None else None


def split_updates(text: str) -> list[str]:
    """The JSON of each update in an answer to getUpdates, not parsed.

    Each begins with its id, and nothing else has one: in a text that somebody wrote the quotes are escaped.
    """
    begins = [found.start() for found in _BEGIN.finditer(text)]
    # {"ok":true,"result":[ … ]}
    end = len(text.rstrip().removesuffix("}").rstrip().removesuffix("]"))
    return [text[first:last].rstrip().removesuffix(",") for first, last in pairwise([*begins, end])]


def parse_update(text: str) -> Any:
    """A raw update, of what is read of it. Raises ValueError, RecursionError, but for what is too much to be parsed."""
    try:
        return trim_update(parse(text))
    except TooHeavyError:
        update_id = find_update_id(text)
        if update_id is None:
            raise
        return unreadable(update_id)


def unreadable(update_id: int) -> dict[str, Any]:
    """In place of an update that cannot be parsed: one that cannot be decoded, and is set aside."""
    return {"update_id": update_id, "message": "no JSON"}


def read_update(raw: Any, bot: Bot | None = None) -> Update:
    """A raw update as an object, of what is read of it. Raises ValueError."""
    return Update.model_validate(trim_update(raw), context={"bot": bot})


def parse_answer(text: str) -> Any:
    """An answer of the Bot API as aiogram is to decode it. Raises ValueError, RecursionError.

    Raw updates stay as they are: each is trimmed when it is read.
    """
    answer = parse(text)
    result = answer.get("result") if isinstance(answer, dict) else None
    if isinstance(result, dict) and "message_id" in result:
        return {**answer, "result": _trim_message(result)}
    return answer


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


# --- what is kept ----------------------------------------------------------------------------------------------------


def _keep(value: Any) -> Any:
    """A text, a number, a truth. What ought to be one and is not keeps its type only: it cannot be decoded."""
    return type(value)() if isinstance(value, dict | list) else value


def _take(fields: Mapping[str, Trim]) -> Trim:
    def take(value: Any) -> Any:
        if not isinstance(value, dict):
            return _keep(value)
        return {name: trim(value[name]) for name, trim in fields.items() if name in value}

    return take


def _plain(*names: str) -> dict[str, Trim]:
    return dict.fromkeys(names, _keep)


def _note(stand_in: Any) -> Trim:
    """Of what is not read it is kept only that it was there."""
    return lambda value: None if value is None else stand_in


def _take_largest(sizes: Any) -> Any:
    """A picture comes in several sizes, the largest last."""
    return [_take_size(size) for size in sizes[-1:]] if isinstance(sizes, list) else _keep(sizes)


_take_user = _take(_plain("id", "is_bot", "first_name", "last_name", "username", "language_code"))
_take_chat = _take(_plain("id", "type"))
_take_size = _take(_plain("file_id", "file_unique_id", "width", "height", "file_size"))
_take_message = _take({
    **_plain("message_id", "date", "edit_date", "text"),
    "chat": _take_chat,
    "from": _take_user,
    "sender_chat": _take_chat,
    "via_bot": _take_user,
    "photo": _take_largest,
    "rich_message": _note({"blocks": []}),
})  # fmt: skip


def _trim_message(message: Any) -> Any:
    kept = _take_message(message)
    if isinstance(message, dict) and _has_any(message, _PASSED_ON):
        kept["forward_origin"] = _SOMEBODY_ELSE
    return kept


def _has_any(message: Mapping[str, Any], names: Iterable[str]) -> bool:
    return any(message.get(name) is not None for name in names)


trim_update = _take({
    "update_id": _keep,
    "callback_query": _take({
        **_plain("id", "chat_instance", "data", "inline_message_id"),
        "from": _take_user,
        "message": _trim_message,
    }),
    "message": _trim_message,
    "edited_message": _trim_message,
})  # fmt: skip
"""A raw update with nothing but what is read of it."""
