"""Ranges in A1 notation."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"(?:(?:'((?:[^']|'')*)'|([^'!]+))!)?([A-Z]*)(\d*)(?::([A-Z]*)(\d*))?")


@dataclass(frozen=True, slots=True)
class Range:
    """A part of a sheet: rows and columns from 0, the ends excluded; None reaches to the edge of the grid."""

    title: str | None
    top: int
    left: int
    bottom: int | None
    right: int | None


def parse_range(text: str) -> Range | None:
    """`'Shifts'!A2:C5`, `Shifts!A:C`, `Shifts!2:5`, `Shifts!B3`, `A1:B2`; None for what is no range of cells."""
    match = _RANGE.fullmatch(text)
    if match is None or not (match[3] or match[4]):
        return None
    title = match[1].replace("''", "'") if match[1] is not None else match[2]
    left, top = _column(match[3]), int(match[4] or 0)
    if ":" not in text.rpartition("!")[2]:
        return Range(title, top - 1, left - 1, top, left) if top and left else None
    right, bottom = _column(match[5] or ""), int(match[6] or 0)
    return Range(title, max(top - 1, 0), max(left - 1, 0), bottom or None, right or None)


def name_column(number: int) -> str:
    """The letters of a column, counted from 0."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def render_range(title: str, top: int, left: int, bottom: int, right: int) -> str:
    """A range as the API names it in its answers."""
    name = title if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", title) else "'" + title.replace("'", "''") + "'"
    first, last = f"{name_column(left)}{top + 1}", f"{name_column(right - 1)}{bottom}"
    return f"{name}!{first}" if first == last else f"{name}!{first}:{last}"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
