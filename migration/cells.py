"""Cells as people fill them: strict about what a value means, forgiving about how it is written (SPEC 7).

A cell is what a source gives (`values.Cell`): the Sheets API's numbers, text and booleans, openpyxl's values, or the
text of a file. What could mean two things is refused with both, never guessed. Every function raises CellError, whose
text says what is wrong with the value; empty cells are the caller's to decide.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from migration import dates
from migration.dates import DateReading
from migration.values import Cell, CellError, Uncomputed, clean
from payroll.amounts import parse_amount
from payroll.errors import ErrorKey, InvalidInputError
from payroll.money import CENT, MAX_AMOUNT, round_cents

_LONG_FRACTION = re.compile(r"\$?\s*([0-9]+)[.,]([0-9]{4,})\s*\$?")
_THREE_DECIMALS = re.compile(r"\$?\s*([0-9]+)([.,])([0-9]{3})\s*\$?")
_CLEAR_DECIMALS = re.compile(r"[0-9]([.,])(?:[0-9]{1,2}|[0-9]{4,})\s*[$%]?$")
_PCT = re.compile(r"([0-9]{1,4})(?:[.,]([0-9]+))?\s*(%?)")
_DURATION = re.compile(r"([0-9]{1,4}):([0-5][0-9])(?::([0-5][0-9]))?")
_CURRENCY_WORDS = r"(?:US\s?\$|USD|dollars?|долл(?:ар(?:а|ов|и|ів)?)?\.?|дол\.?)"
# A word beside the number; what else is written with it is the amount's own affair.
_CURRENCY = re.compile(rf"(?i)^\s*{_CURRENCY_WORDS}(?![^\W\d_])|(?<![^\W\d_]){_CURRENCY_WORDS}\s*$")
_NOTHING = re.compile(rf"(?i)(?:(?:\$|{_CURRENCY_WORDS})\s*)?[-–—−]?(?:\s*(?:\$|{_CURRENCY_WORDS}))?(?<!^)")
_PLAIN_DATES = DateReading()
NO_RESULT = "is a formula whose result the file does not have: open it once in a spreadsheet program and save it"
_NOISE = Decimal("0.000001")
"""What a float may be beside the cents that it stands for."""
_LARGEST_ID = 2**63 - 1
_LARGEST_EXACT_FLOAT = 2**53

_YES = ("true", "yes", "1")
_NO = ("false", "no", "0", "")

_AMOUNT_REASONS = {
    ErrorKey.AMOUNT_NOT_A_NUMBER: "is not an amount",
    ErrorKey.AMOUNT_NEGATIVE: "is negative",
    ErrorKey.AMOUNT_TOO_LARGE: f"is over {MAX_AMOUNT:,}",
    ErrorKey.AMOUNT_TOO_PRECISE: "has more than two decimals",
}


def is_nothing(cell: Cell) -> bool:
    """A dash, with or without a currency, as an accounting format shows nothing: `-`, `$ -`, `USD`."""
    return isinstance(cell, str) and _NOTHING.fullmatch(clean(cell)) is not None


def read_amount(cell: Cell, *, is_derived: bool = False, decimal_sign: str | None = None) -> Decimal:
    """An amount in USD to the cent, not negative: `99.90`, `99,90`, `$1 234.50`, a number.

    `is_derived`: one that the old bot worked out from others and may have left unrounded; it is rounded half-up.
    `decimal_sign` is the one of its column, where that is known: it tells what `439.984` is.
    """
    if isinstance(cell, str):
        return _read_amount_text(cell, is_derived=is_derived, decimal_sign=decimal_sign)
    number = _to_number(cell, "is not an amount")
    if number > MAX_AMOUNT:
        raise CellError(f"is over {MAX_AMOUNT:,}")
    if number < -MAX_AMOUNT or round_cents(number) < 0:
        raise CellError("is negative")
    amount = round_cents(number)
    if abs(number - amount) > _NOISE and not is_derived:
        raise CellError("has more than two decimals")
    return abs(amount)


def find_decimal_sign(column: Iterable[Cell]) -> str | None:
    """The sign before the decimals in a column of text, None where there is none, or where it has both."""
    texts = (clean(cell) for cell in column if isinstance(cell, str))
    signs = {match[1] for text in texts if (match := _CLEAR_DECIMALS.search(text)) is not None}
    return signs.pop() if len(signs) == 1 else None


def read_pct(cell: Cell, *, highest: int = 100) -> Decimal:
    """Percent points with two decimals: `8`, `8.5`, `8,5 %`.

    A number between 0 and 1 is refused: a sheet has 0.08 for 8 % where the cell is formatted as a percentage.
    """
    if isinstance(cell, str):
        match = _PCT.fullmatch(clean(cell))
        if match is None:
            raise CellError("is not a percentage")
        number, has_sign = Decimal(f"{match[1]}.{match[2] or '0'}"), bool(match[3])
    else:
        number, has_sign = _to_number(cell, "is not a percentage"), False
    if not -1 < number <= highest + 1:
        raise CellError(f"is not between 0 and {highest}")
    pct = number.quantize(CENT, ROUND_HALF_UP)
    if abs(number - pct) > _NOISE:
        raise CellError("has more than two decimals")
    if not 0 <= pct <= highest:
        raise CellError(f"is not between 0 and {highest}")
    if 0 < pct < 1 and not has_sign:
        raise CellError(f"may be {pct} % or {(pct * 100).normalize():f} %: write it with its %")
    return pct


def read_hours(cell: Cell) -> Decimal:
    """Hours with two decimals, from `8.33`, `8,33`, `8:20`, or a cell formatted as a duration."""
    if isinstance(cell, datetime | date):
        raise CellError("is a date, not hours")
    if isinstance(cell, time):
        cell = timedelta(hours=cell.hour, minutes=cell.minute, seconds=cell.second)
    if isinstance(cell, timedelta):
        return round_cents(Decimal(round(cell.total_seconds())) / 3600)
    match = _DURATION.fullmatch(clean(cell)) if isinstance(cell, str) else None
    if match is not None:
        hours, minutes, seconds = (int(part or 0) for part in match.groups())
        return round_cents(Decimal(hours * 3600 + minutes * 60 + seconds) / 3600)
    return read_amount(cell, is_derived=True)


def read_time(cell: Cell, reading: DateReading = _PLAIN_DATES) -> datetime:
    """A wall-clock time as a naive datetime, or the instant of one that says its offset; to the second.

    Reads text as `dates.read_text` does, real dates, and the numbers that a sheet keeps dates as.
    """
    if isinstance(cell, datetime):
        return _round_seconds(cell)
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)  # noqa: DTZ001
    if isinstance(cell, str):
        return dates.read_text(clean(cell), reading)
    return dates.read_serial(_to_number(cell, "is not a date"), reading)


def read_whole(cell: Cell) -> int:
    """A whole number, such as an ID."""
    if isinstance(cell, str):
        text = clean(cell)
        if not re.fullmatch(r"-?[0-9]{1,19}", text):
            raise CellError("is not a whole number")
        number = int(text)
    else:
        exact = _to_number(cell, "is not a whole number")
        if exact != exact.to_integral_value() or (isinstance(cell, float) and abs(exact) > _LARGEST_EXACT_FLOAT):
            raise CellError("is not a whole number")
        number = int(exact)
    if abs(number) > _LARGEST_ID:
        raise CellError("is too large")
    return number


def read_flag(cell: Cell) -> bool:
    """TRUE, true, 1, yes; FALSE, false, 0, no, or nothing."""
    if isinstance(cell, bool):
        return cell
    text = "" if cell is None else clean(str(cell)).casefold().removesuffix(".0")
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellError("is neither TRUE nor FALSE")


def read_text(cell: Cell, *, longest: int) -> str:
    """Text on one or more lines, without the spaces around it; a number as a sheet shows it."""
    if isinstance(cell, float | Decimal):
        cell = f"{_to_number(cell, 'is not text').normalize():f}"
    text = clean(str(cell))
    if len(text) > longest:
        raise CellError(f"is longer than {longest} characters")
    if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise CellError("has characters that cannot be stored")
    return text


def _to_number(cell: Cell, otherwise: str) -> Decimal:
    if isinstance(cell, Uncomputed):
        raise CellError(NO_RESULT)
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise CellError(otherwise)
    # repr of a float is the shortest text that means it: 0.1 is read as 0.1.
    number = Decimal(repr(cell)) if isinstance(cell, float) else Decimal(cell)
    if not number.is_finite():
        raise CellError(otherwise)
    return number


def _read_amount_text(text: str, *, is_derived: bool, decimal_sign: str | None) -> Decimal:
    cleaned = clean(_CURRENCY.sub(" ", text))
    try:
        return parse_amount(cleaned, zero_allowed=True)
    except InvalidInputError as error:
        match = _LONG_FRACTION.fullmatch(cleaned)
        if is_derived and match is not None:
            return round_cents(Decimal(f"{match[1]}.{match[2]}"))
        match = _THREE_DECIMALS.fullmatch(cleaned)
        if is_derived and match is not None and match[2] == decimal_sign:
            return round_cents(Decimal(f"{match[1]}.{match[3]}"))
        if error.key is ErrorKey.AMOUNT_AMBIGUOUS:
            readings = "{reading_1} or {reading_2}".format(**error.facts)
            raise CellError(f"may be {readings}: write it with two decimals") from error
        raise CellError(_AMOUNT_REASONS[error.key]) from error


def _round_seconds(moment: datetime) -> datetime:
    """A real date of a file is a fraction of days, and a second may come out as 0.999997 of one."""
    return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
