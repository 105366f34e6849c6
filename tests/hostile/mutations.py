"""Breaks updates: drops, repeats, retypes and nests what is in them. The same seed gives the same updates."""

import copy
import random
from collections.abc import Callable, Iterator
from typing import Any

from tests.hostile.corpus import Json, list_updates
from tests.hostile.shapes import DEEPEST, add_unknown_block, draw_table, nest_blocks, nest_styles
from tests.hostile.texts import write_text

_DEEP = 300
_NUMBERS = (0, 1, -1, 2**31, 2**52, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 10**40, 1.5, -0.0, 1e308, 1_087_968_824)
_CHATS = ("private", "group", "supergroup", "channel", "sender", "", "Private", None, 7)
_KINDS = ("message", "edited_message", "callback_query", "massage", "update", "inline_query", "", "from")

Place = tuple[Any, Any]
"""A dict or a list, and the key or the index in it."""


def list_mutated(seed: int, count: int) -> Iterator[Json]:
    """So many broken updates, most of them broken in one place, some in up to four."""
    dice, updates = random.Random(seed), list_updates()
    for _ in range(count):
        update = copy.deepcopy(dice.choice(updates))
        for _ in range(dice.choice((1, 1, 1, 1, 2, 2, 3, 4))):
            dice.choice(_MUTATIONS)(dice, update)
        yield update


def _list_places(value: Any) -> Iterator[Place]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in list(items):
        yield value, key
        yield from _list_places(inner)


def _pick(dice: random.Random, update: Json) -> Place | None:
    places = list(_list_places(update))
    return dice.choice(places) if places else None


def _pick_named(dice: random.Random, update: Json, *names: str) -> Place | None:
    places = [place for place in _list_places(update) if place[1] in names]
    return dice.choice(places) if places else None


def _drop(dice: random.Random, update: Json) -> None:
    place = _pick(dice, update)
    if place is not None:
        del place[0][place[1]]


def _repeat(dice: random.Random, update: Json) -> None:
    source, target = _pick(dice, update), _pick(dice, update)
    if source is not None and target is not None:
        target[0][target[1]] = copy.deepcopy(source[0][source[1]])


def _retype(dice: random.Random, update: Json) -> None:
    _put(_pick(dice, update), _write_junk(dice))


def _nest(dice: random.Random, update: Json) -> None:
    place = _pick(dice, update)
    if place is not None:
        value = place[0][place[1]]
        for _ in range(dice.choice((1, 3, _DEEP))):
            value = [value] if dice.random() < 0.5 else {str(place[1]): value}
        place[0][place[1]] = value


def _put_text(dice: random.Random, update: Json) -> None:
    names = ("text", "caption", "first_name", "last_name", "username", "language_code", "title", "sender_user_name")
    _put(_pick_named(dice, update, *names), write_text(dice))


def _put_data(dice: random.Random, update: Json) -> None:
    place = _pick_named(dice, update, "data")
    if place is not None:
        old = str(place[0][place[1]])
        head = old[: dice.randrange(len(old) + 1)]
        data = (head + "".join(chr(dice.randrange(1, 0x250)) for _ in range(64))).encode()[:64].decode(errors="ignore")
        place[0][place[1]] = dice.choice((data, head, head + ":", old + ":1", ":".join(reversed(old.split(":"))), ""))


def _put_chat(dice: random.Random, update: Json) -> None:
    _put(_pick_named(dice, update, "type"), dice.choice(_CHATS))


def _put_number(dice: random.Random, update: Json) -> None:
    names = ("id", "message_id", "date", "edit_date", "offset", "length", "width", "file_size")
    _put(_pick_named(dice, update, *names), dice.choice(_NUMBERS))


def _lose_sender(dice: random.Random, update: Json) -> None:
    place = _pick_named(dice, update, "from")
    if place is not None:
        del place[0][place[1]]


def _rename_kind(dice: random.Random, update: Json) -> None:
    kind = next(iter(update), None)
    if kind is not None:
        update[dice.choice(_KINDS)] = update.pop(kind)


def _add_unknown(dice: random.Random, update: Json) -> None:
    place = _pick(dice, update)
    if place is not None and isinstance(place[0], dict):
        place[0][write_text(dice)[:50]] = _write_junk(dice)


def _put_rich(dice: random.Random, update: Json) -> None:
    """Formatting as deep, wide and strange as Telegram lets through."""
    place = _pick_named(dice, update, "message", "edited_message", "reply_to_message", "quote", "forward_origin")
    if place is not None and isinstance(place[0][place[1]], dict):
        depth = dice.randrange(1, DEEPEST + 1)
        contents = (nest_styles(depth), nest_blocks(depth), draw_table(depth), add_unknown_block())
        place[0][place[1]] |= dice.choice(contents)


def _put(place: Place | None, value: Any) -> None:
    if place is not None:
        place[0][place[1]] = value


def _write_junk(dice: random.Random) -> Any:
    return dice.choice((
        None, True, False, "", " ", "private", [], {}, [[]], [None], {"": None}, ["x"] * 1000,
        dice.choice(_NUMBERS), write_text(dice), copy.deepcopy(dice.choice(list_updates())),
    ))  # fmt: skip


_MUTATIONS: tuple[Callable[[random.Random, Json], None], ...] = (
    _drop, _repeat, _retype, _retype, _nest, _put_text, _put_text, _put_data, _put_chat, _put_number, _lose_sender,
    _rename_kind, _add_unknown, _put_rich,
)  # fmt: skip
