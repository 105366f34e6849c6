"""Dates and times of day as people write them: what is clear is read, what has two readings is not guessed (SPEC 7)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from migration.values import CellError

FIRST_SERIAL_DAY = datetime(1899, 12, 30)  # noqa: DTZ001 - a wall clock, as all of a sheet
FIRST_SERIAL_DAY_1904 = datetime(1904, 1, 1)  # noqa: DTZ001
"""Workbooks that were begun on an old Mac count from here."""
_SERIAL_YEARS = range(1970, 2100)
"""Other numbers in a column of dates are no dates."""
_LARGEST_SERIAL = 100_000


class DateOrder(StrEnum):
    """What comes first in `01/09/2026`."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True)
class DateReading:
    """How the dates of a source are meant: `order` where nothing else tells, `epoch` where its numbers count from.

    None for the order: a date that has two readings is refused.
    """

    order: DateOrder | None = None
    epoch: datetime = FIRST_SERIAL_DAY


_MONTHS = (
    ("january", "январь", "января", "січень", "січня"),
    ("february", "февраль", "февраля", "лютий", "лютого"),
    ("march", "март", "марта", "березень", "березня"),
    ("april", "апрель", "апреля", "квітень", "квітня"),
    ("may", "май", "мая", "травень", "травня"),
    ("june", "июнь", "июня", "червень", "червня"),
    ("july", "июль", "июля", "липень", "липня"),
    ("august", "август", "августа", "серпень", "серпня"),
    ("september", "сентябрь", "сентября", "вересень", "вересня"),
    ("october", "октябрь", "октября", "жовтень", "жовтня"),
    ("november", "ноябрь", "ноября", "листопад", "листопада"),
    ("december", "декабрь", "декабря", "грудень", "грудня"),
)
_WEEKDAYS = "|".join(
    (
        "mon(?:day)?", "tue(?:s|sday)?", "wed(?:nesday)?", "thu(?:r|rs|rsday)?", "fri(?:day)?", "sat(?:urday)?",
        "sun(?:day)?", "пн", "вт", "ср", "чт", "пт", "сб", "вс", "нд",
    )
)  # fmt: skip
_WORD = r"(?P<word>[^\W\d_]{3,})"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>[0-9]{4})(?:\s*[гр]\.?)?"
_TIME_OF_DAY = r"""
    (?: (?:\s*,\s*|\s+|T) (?P<hour>[0-9]{1,2}) (?: (?P<colon>[:/.]) (?P<minute>[0-9]{1,2})
        (?: (?P=colon) (?P<second>[0-9]{1,2}) (?:\.[0-9]+)? )? )?
        (?: \s* (?P<half>[ap]) \.? \s? m \.? )? )?
    (?P<zone> \s* (?: Z | [+-][0-9]{2}:?[0-9]{2} ) )?"""
_FORMS = tuple(
    re.compile(rf"(?: (?:{_WEEKDAYS}) \.? ,? \s+ )? {form} {_TIME_OF_DAY}", re.VERBOSE | re.IGNORECASE)
    for form in (
        r"(?P<year>[0-9]{4}) (?P<dash>[-/.]) (?P<month>[0-9]{1,2}) (?P=dash) (?P<day>[0-9]{1,2})",
        r"(?P<first>[0-9]{1,2}) (?P<dash>[-/.]) (?P<other>[0-9]{1,2}) (?P=dash) (?P<year>[0-9]{4}|[0-9]{2})",
        rf"{_DAY} [\s.-]* {_WORD} \.? ,? [\s-]* {_YEAR}",
        rf"{_WORD} \.? \s* {_DAY} ,? \s+ {_YEAR}",
        rf"{_YEAR} [\s-]+ {_WORD} \.? [\s-]+ {_DAY}",
    )
)
_SERIAL_TEXT = re.compile(r"[0-9]{5}(?:[.,][0-9]+)?")


def read_text(text: str, reading: DateReading) -> datetime:
    """A wall-clock time as a naive datetime, or the instant in UTC of one that says its offset; to the second.

    `2026/11/20 17:00:00`, `20.11.2026 17:00`, `20 Nov 2026`, `2026-11-20 5:00 PM`, and a sheet's number as text; the
    time of day may be left out (midnight). Raises CellError.
    """
    if _SERIAL_TEXT.fullmatch(text):
        return read_serial(Decimal(text.replace(",", ".")), reading)
    for form in _FORMS:
        match = form.fullmatch(text)
        if match is not None:
            return _read_match(match, reading)
    raise CellError("is not a date: write YYYY/MM/DD HH:MM:SS")


def read_serial(number: Decimal, reading: DateReading) -> datetime:
    """The number that a sheet keeps a date as. Raises CellError for one that is none."""
    if 0 < number < _LARGEST_SERIAL:
        seconds = int((number * 86_400).to_integral_value(ROUND_HALF_UP))
        moment = reading.epoch + timedelta(seconds=seconds)
        if moment.year in _SERIAL_YEARS:
            return moment
    raise CellError("is a number, not a date: write YYYY/MM/DD HH:MM:SS")


def _read_match(match: re.Match[str], reading: DateReading) -> datetime:
    year, month, day = _find_day(match.groupdict(), reading)
    try:
        date(year, month, day)
    except ValueError as error:
        raise CellError("is a day that does not exist") from error
    try:
        wall = datetime(year, month, day, *_find_clock(match))  # noqa: DTZ001
    except ValueError as error:
        raise CellError("is a time that does not exist") from error
    zone = (match["zone"] or "").strip()
    if not zone:
        return wall
    offset = "+00:00" if zone in "Zz" else zone
    try:
        return datetime.fromisoformat(f"{wall.isoformat()}{offset}").astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CellError("is a time that does not exist") from error


def _find_day(parts: dict[str, str], reading: DateReading) -> tuple[int, int, int]:
    year = int(parts["year"])
    if "month" in parts:
        return year, int(parts["month"]), int(parts["day"])
    if "word" in parts:
        return year, _find_month(parts["word"].casefold()), int(parts["day"])
    first, other = int(parts["first"]), int(parts["other"])
    order = reading.order
    if len(parts["year"]) == 2:
        if order is None:
            raise _two_readings()
        year += 2000
    if first > 12 or other > 12:
        # Only one of the two can be the month.
        order = DateOrder.DAY_FIRST if first > 12 else DateOrder.MONTH_FIRST
    elif order is None and first != other:
        raise _two_readings()
    return (year, first, other) if order is DateOrder.MONTH_FIRST else (year, other, first)


def _two_readings() -> CellError:
    return CellError(
        "may have the day or the month first: write YYYY/MM/DD HH:MM:SS, or say which with --date-order dmy or mdy"
    )


def _find_month(word: str) -> int:
    for number, names in enumerate(_MONTHS, start=1):
        if any(name.startswith(word) for name in (*names, "sept" if number == 9 else "")):
            return number
    raise CellError("is not a date: write YYYY/MM/DD HH:MM:SS")


def _find_clock(match: re.Match[str]) -> tuple[int, int, int]:
    """Hour, minute and second; raises ValueError for an hour that its half of the day does not have."""
    hour, minute, second = (int(match[name] or 0) for name in ("hour", "minute", "second"))
    half = (match["half"] or "").casefold()
    if match["hour"] and not (match["minute"] or half):
        raise CellError("is not a date: write YYYY/MM/DD HH:MM:SS")
    if not half:
        return hour, minute, second
    if not 1 <= hour <= 12:
        raise ValueError(hour)
    return hour % 12 + (12 if half == "p" else 0), minute, second
