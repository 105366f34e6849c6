"""Values as cells, and back, for the tabs that a restore reads: exact, whatever a spreadsheet does to what it holds.

Money and counts are numbers (Decimal, int), never float; flags are booleans; all else is text. Dates are
`2026-11-16`, instants `2026-11-16T14:00:00.000000Z` in UTC (TECH T23). NULL is an empty cell.

Text stands as it is, but where a spreadsheet would lose something: empty text, text with control characters, text that
begins with an apostrophe or a backslash. That is written as a backslash and the text as JSON.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from hashlib import blake2b
from typing import Any, TypeAlias
from uuid import UUID

Cell: TypeAlias = str | int | Decimal | bool | None
"""A cell as it is written; None is an empty one."""

_LARGEST_NUMBER = 10**15
"""A sheet shows 15 digits: what has more is text, so that a download loses nothing."""
_ODD = re.compile(r"^$|^[\\']|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")


class Kind(StrEnum):
    """What a column holds, and so how its cells are written and read."""

    WHOLE = "whole number"
    AMOUNT = "number"
    TEXT = "text"
    DATE = "date"
    INSTANT = "instant in UTC"
    FLAG = "TRUE or FALSE"
    JSON = "JSON"
    UUID = "UUID"


class CellError(ValueError):
    """A cell that cannot be read; the text says what it must be."""


def encode(kind: Kind, value: Any) -> Cell:
    """A value of the database as a cell. JSON and UUID come as text."""
    return None if value is None else _ENCODERS[kind](value)


def decode(kind: Kind, cell: object) -> Any:
    """A cell as the value that PostgreSQL takes; the reverse of `encode`, also for what a CSV or XLSX file made of it.

    Raises CellError.
    """
    if cell is None or cell == "":
        return None
    return _DECODERS[kind](cell)


def clean_text(text: str) -> str:
    """Text for a tab that people look at: without the control characters that a sheet would drop or change."""
    return _CONTROL.sub(" ", text.replace("\r\n", "\n"))


def format_instant(instant: datetime) -> str:
    """An instant in UTC with microseconds, `2026-11-16T14:00:00.000000Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")


def _encode_whole(value: int) -> Cell:
    return value if abs(value) < _LARGEST_NUMBER else str(value)


def _encode_text(value: str) -> Cell:
    return "\\" + json.dumps(value) if _ODD.search(value) else value


def _keep(value: Any) -> Cell:
    kept: Cell = value
    return kept


_ENCODERS: Mapping[Kind, Callable[[Any], Cell]] = {
    Kind.WHOLE: _encode_whole,
    Kind.AMOUNT: _keep,
    Kind.TEXT: _encode_text,
    Kind.DATE: date.isoformat,
    Kind.INSTANT: format_instant,
    Kind.FLAG: _keep,
    Kind.JSON: _encode_text,
    Kind.UUID: _keep,
}


def _decode_amount(cell: object) -> Decimal:
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal | str):
        raise CellError("a number")
    try:
        # repr of a float is the shortest text that means it: what the sheet shows.
        number = Decimal(repr(cell) if isinstance(cell, float) else cell)
    except InvalidOperation as error:
        raise CellError("a number") from error
    if not number.is_finite():
        raise CellError("a number")
    return number


def _decode_whole(cell: object) -> int:
    number = _decode_amount(cell)
    if number != number.to_integral_value():
        raise CellError("a whole number")
    return int(number)


def _decode_text(cell: object) -> str:
    if not isinstance(cell, str):
        raise CellError("text")
    if not cell.startswith("\\"):
        return cell
    try:
        text = json.loads(cell[1:])
    except ValueError as error:
        raise CellError("text as the mirror writes it") from error
    if not isinstance(text, str):
        raise CellError("text as the mirror writes it")
    return text


def _decode_date(cell: object) -> date:
    try:
        return date.fromisoformat(_decode_text(cell))
    except ValueError as error:
        raise CellError("a date such as 2026-11-16") from error


def _decode_instant(cell: object) -> datetime:
    try:
        instant = datetime.fromisoformat(_decode_text(cell))
    except ValueError as error:
        raise CellError("an instant such as 2026-11-16T14:00:00.000000Z") from error
    if instant.tzinfo is None:
        raise CellError("an instant with its zone, such as 2026-11-16T14:00:00.000000Z")
    return instant


def _decode_flag(cell: object) -> bool:
    if isinstance(cell, bool):
        return cell
    if isinstance(cell, str) and cell.upper() in ("TRUE", "FALSE"):
        return cell.upper() == "TRUE"
    raise CellError("TRUE or FALSE")


def _decode_json(cell: object) -> str:
    text = _decode_text(cell)
    try:
        json.loads(text)
    except ValueError as error:
        raise CellError("JSON") from error
    return text


def _decode_uuid(cell: object) -> str:
    try:
        return str(UUID(_decode_text(cell)))
    except ValueError as error:
        raise CellError("a UUID") from error


_DECODERS: Mapping[Kind, Callable[[object], Any]] = {
    Kind.WHOLE: _decode_whole,
    Kind.AMOUNT: _decode_amount,
    Kind.TEXT: _decode_text,
    Kind.DATE: _decode_date,
    Kind.INSTANT: _decode_instant,
    Kind.FLAG: _decode_flag,
    Kind.JSON: _decode_json,
    Kind.UUID: _decode_uuid,
}


# --- what the API gives back -----------------------------------------------------------------------------------------

_decode_json_text = json.JSONDecoder(parse_float=Decimal).decode


def load_json(text: bytes) -> Any:
    """JSON whose numbers with a point are Decimal."""
    return _decode_json_text(text.decode())


def compute_digest(cells: Sequence[object]) -> int:
    """What tells one row from another: 64 bits of what its cells hold, 0 for an empty row.

    The same for a row as it is written and as it is read back: 12.50 and 12.5 are one number, empty cells at the end
    do not count.
    """
    texts = [_normalize(cell) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    if not texts:
        return 0
    hashed = blake2b("\x1f".join(texts).encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(hashed, "big", signed=True) or 1


def _normalize(cell: object) -> str:
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return "s" + cell
    if isinstance(cell, bool):
        return f"b{cell}"
    if isinstance(cell, int):
        return f"n{cell}"
    text = f"{cell:f}"
    return "n" + (text.rstrip("0").rstrip(".") if "." in text else text)
