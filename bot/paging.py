"""Screens that Telegram takes, however much there is to show (FAULTS "4,096 characters", SPEC 4).

What is too long is divided: a text at its lines' ends, never inside a tag, a keyboard at its rows' ends. Where a screen
says how to show it again its pages are turned by buttons below it; of any other one the middle is left out, with a
sentence that says so, for the last lines are what is asked.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import replace

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.screen import Screen
from bot.words import Html, Words

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
"""In UTF-16 units after the markup is read, the stricter of the ways in which Telegram may count."""
MOST_BUTTONS = 100
LONGEST_KEYBOARD = 10_000
"""Buttons of a keyboard, and its bytes as JSON."""
_TURN_ROW = 400
_BUTTON_BYTES = 40
_MOST_ALONE = 2
_SPARE = 96
"""What the sentence about lines that are left out may take."""
_TURNED = re.compile(r"~([0-9]{1,4})~(.+)", re.DOTALL)
_TOKEN = re.compile(r"<[^>]*>|&[^;\s]{1,8};|.", re.DOTALL)
_ANY_TAG = re.compile(r"<[^>]*>")
_TAG = re.compile(r"<(/?)([a-z-]+)[^>]*>")

Rows = Sequence[Sequence[InlineKeyboardButton]]


def read_turn(data: str) -> tuple[int, str]:
    """The page that a button turns to, and the data of the screen whose page it is; page 0 for any other button."""
    found = _TURNED.fullmatch(data)
    return (int(found[1]), found[2]) if found else (0, data)


def fit(words: Words, screen: Screen, page: int = 0) -> Screen:
    """A page of a screen, the nearest that there is, with buttons to the next ones; the screen itself where it fits."""
    limit = LONGEST_TEXT if screen.photo is None and screen.file is None else LONGEST_CAPTION
    rows: Rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    # Most texts are short as they are, with all their markup.
    is_short = len(screen.text) * 2 <= limit or measure(screen.text) <= limit
    if is_short and _fits(rows):
        return screen
    if screen.again is None:
        text = screen.text if is_short else cut(words, screen.text, limit)
        return replace(screen, text=text, keyboard=_build(_divide_rows(rows)[-1]) if rows else None)
    texts = [screen.text] if is_short else split(screen.text, limit)
    keyboards = _divide_rows(rows)
    count = max(len(texts), len(keyboards))
    at = min(page, count - 1)
    turns = [
        InlineKeyboardButton(text=words.plain(key), callback_data=f"~{to}~{screen.again}")
        for key, to in (("button-page-before", at - 1), ("button-page-after", at + 1))
        if 0 <= to < count
    ]
    *above, last = keyboards[min(at, len(keyboards) - 1)] or [[]]
    return replace(screen, text=texts[min(at, len(texts) - 1)], keyboard=_build([*above, turns, last]))


def measure(text: Html | str) -> int:
    """How long Telegram takes a text to be."""
    return _count_units(html.unescape(_ANY_TAG.sub("", text)))


def split(text: Html | str, limit: int = LONGEST_TEXT) -> list[Html]:
    """A text in parts of up to `limit`, each whole in itself: a tag that is open at its end is opened anew."""
    parts: list[Html] = []
    opened: list[str] = []
    lines: list[str] = []
    length = 0
    for line in _list_lines(text, limit // 2):
        size = measure(line) + 1
        if lines and length + size > limit:
            parts.append(_close("\n".join(lines), opened))
            lines, length = [], 0
            line = "".join(opened) + line  # noqa: PLW2901 - the tags that go on
        lines.append(line)
        length += size
        opened = _follow_tags(line, [] if len(lines) == 1 else opened)
    return [*parts, _close("\n".join(lines), opened)]


def cut(words: Words, text: Html, limit: int = LONGEST_TEXT) -> Html:
    """A text without the lines of its middle, so that it fits: the beginning says what it is, the end what is asked."""
    lines = split(text, limit // 8)
    for kept in range(len(lines) - 1, 1, -1):
        head, tail = lines[: kept - 1], lines[-1:]
        shorter = words.lines([*head, words("screen-cut"), *tail])
        if measure(shorter) <= limit:
            return shorter
    return split(text, limit)[0]


def _fits(rows: Rows) -> bool:
    return sum(map(len, rows)) <= MOST_BUTTONS and sum(map(_measure_row, rows)) <= LONGEST_KEYBOARD


def _divide_rows(rows: Rows) -> list[list[list[InlineKeyboardButton]]]:
    """Rows in keyboards that Telegram takes; below each the last row, the way back, and what ends a choice above it."""
    if _fits(rows):
        return [[list(row) for row in rows]]
    kept = 1 + _count_single(rows[:-1])
    above, below = [list(row) for row in rows[:-kept]], [list(row) for row in rows[-kept:]]
    room = LONGEST_KEYBOARD - sum(map(_measure_row, below)) - _TURN_ROW
    fixed = sum(map(len, below))
    pages: list[list[list[InlineKeyboardButton]]] = [[]]
    size = count = 0
    for row in above:
        taken = _measure_row(row)
        if pages[-1] and (size + taken > room or count + len(row) + fixed + 2 > MOST_BUTTONS):
            pages.append([])
            size = count = 0
        pages[-1].append(row)
        size, count = size + taken, count + len(row)
    return [[*page, *below] for page in pages]


def _count_single(rows: Rows) -> int:
    """How many buttons stand alone below what is chosen from, as Save below the models; none where all stand alone."""
    if all(len(row) == 1 for row in rows):
        return 0
    alone = 0
    while alone < _MOST_ALONE and len(rows[-1 - alone]) == 1:
        alone += 1
    return alone


def _measure_row(row: Sequence[InlineKeyboardButton]) -> int:
    return sum(len(one.text.encode()) + len((one.callback_data or "").encode()) + _BUTTON_BYTES for one in row)


def _build(rows: Rows) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[list(row) for row in rows if row])


def _list_lines(text: str, longest: int) -> list[str]:
    """The lines of a text; one that is too long in pieces."""
    lines: list[str] = []
    for line in text.split("\n"):
        lines.append("")
        length = 0
        if measure(line) <= longest:
            lines[-1] = line
            continue
        for token in _TOKEN.findall(line):
            size = _measure_token(token)
            if length + size > longest:
                lines.append("")
                length = 0
            lines[-1] += token
            length += size
    return lines


def _measure_token(token: str) -> int:
    if token.startswith("<") and token.endswith(">"):
        return 0
    return 1 if token.startswith("&") and len(token) > 1 else _count_units(token)


def _count_units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _follow_tags(line: str, opened: list[str]) -> list[str]:
    """The tags that are open behind a line."""
    still = list(opened)
    for tag in _TAG.finditer(line):
        if not tag[1]:
            still.append(tag[0])
        elif still:
            still.pop()
    return still


def _close(text: str, opened: list[str]) -> Html:
    names = [found[2] for tag in reversed(opened) if (found := _TAG.fullmatch(tag))]
    return Html(text + "".join(f"</{name}>" for name in names))
