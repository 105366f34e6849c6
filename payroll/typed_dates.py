"""Dates as people type them: by number, by name, by how long ago (SPEC 4, SPEC 11).

Deterministic, no guessing: what has two readings is refused with both, for whoever asks to offer them as buttons.
"""

import re
from collections.abc import Iterator
from datetime import date, time, timedelta
from enum import StrEnum

from payroll.business_time import format_clock, format_date, parse_clock
from payroll.errors import DomainError, ErrorKey, InvalidInputError


class Looking(StrEnum):
    """Which way the date lies that is asked for: a shift's back, a day off's ahead, a wage's on either side."""

    BACK = "back"
    AHEAD = "ahead"
    EITHER = "either"


ALLOWED = "a date such as 2026/11/22, 29 Nov, 11/29, yesterday, Sunday or 3 days ago"
_ONE_DAY = timedelta(days=1)
_DAYS_IN_WEEK = 7
_NEAREST_YEARS = (-1, 0, 1, -2, 2, -3, 3, -4, 4)
"""29 February is in one year of four."""
_LONGEST_QUOTE = 40
_MOST_DAYS_AGO = 36_500

_WORDS = {"today": 0, "yesterday": -1, "day before yesterday": -2, "the day before yesterday": -2, "tomorrow": 1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_WEEKDAYS = {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SHORT_MONTHS = {"sept": 9}
_SHORTEST_NAME = 3
_COUNTS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_UNITS = {"day": 1, "days": 1, "week": 7, "weeks": 7}

_YEAR_FIRST = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_BY_NUMBERS = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})(?:\2([0-9]{4}|[0-9]{2}))?\.?")
_DAY_AND_NAME = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)?\.?(?: of)? ?([a-z]+)\.?,?(?: ([0-9]{4}))?")
_NAME_AND_DAY = re.compile(r"([a-z]+)\.? ([0-9]{1,2})(?:st|nd|rd|th)?,?(?: ([0-9]{4}))?")
_DAY_ALONE = re.compile(r"(?:the )?([0-9]{1,2})(?:st|nd|rd|th|\.)?")
_AGO = re.compile(r"([0-9]{1,5}|[a-z]+) (day|days|week|weeks) ago")
_IN_DAYS = re.compile(r"in ([0-9]{1,5}|[a-z]+) (day|days|week|weeks)")
_NAMED_DAY = re.compile(r"(?:(last|next|on) )?([a-z]+)")


def parse_day(text: str, today: date, looking: Looking = Looking.EITHER, *, field: str = "date") -> date:
    """The date that somebody typed on `today`.

    A date without a year is the nearest one on the side on which it lies, today included; so is a weekday. Raises
    InvalidInputError: DATE_NOT_READABLE, DATE_AMBIGUOUS for one that may be two (facts `reading_1`, `reading_2`).

    Example: on Monday 2026/11/16, looking back, `sun` is 2026/11/15, `29 Nov` 2025/11/29, `11/25` 2025/11/25, and
    `11/12` may be 2026/11/12 or 2025/12/11.
    """
    said = " ".join(text.casefold().split())
    found = sorted(set(_list_readings(said, today, looking)))
    if not found:
        raise InvalidInputError(ErrorKey.DATE_NOT_READABLE, field=field, value=_quote(text), allowed=ALLOWED)
    if len(found) == 1:
        return found[0]
    first, second = found[:2]
    raise InvalidInputError(
        ErrorKey.DATE_AMBIGUOUS,
        field=field,
        value=_quote(text),
        allowed=f"{format_date(first)} or {format_date(second)}",
        reading_1=first,
        reading_2=second,
    )


def parse_moment(text: str, today: date, looking: Looking = Looking.EITHER) -> tuple[date, time | None]:
    """A date that somebody typed, alone or with a clock time behind it.

    Raises InvalidInputError as `parse_day`, and CLOCK_AMBIGUOUS for a clock time that may be two; the readings of
    either keep the other part (`list_readings`).

    Example: on 2026/11/16 `yesterday at 9:30 pm` is 2026/11/15 and 21:30.
    """
    try:
        return parse_day(text, today, looking), None
    except InvalidInputError as error:
        if error.key is ErrorKey.DATE_AMBIGUOUS:
            raise
        told = error
    words = text.replace(",", " ").split()
    for count in (1, 2):
        day, clock = " ".join(words[:-count]), " ".join(words[-count:])
        if day:
            try:
                return _parse_both(day.removesuffix(" at"), clock, today, looking)
            except InvalidInputError as error:
                if error.key not in (ErrorKey.DATE_NOT_READABLE, ErrorKey.CLOCK_NOT_A_TIME):
                    raise
    raise told


def _parse_both(day: str, clock: str, today: date, looking: Looking) -> tuple[date, time]:
    try:
        at = parse_clock(clock)
    except InvalidInputError as error:
        if error.key is ErrorKey.CLOCK_AMBIGUOUS:
            error.facts["before"] = f"{parse_day(day, today, looking)} "
        raise
    try:
        return parse_day(day, today, looking), at
    except InvalidInputError as error:
        if error.key is ErrorKey.DATE_AMBIGUOUS:
            error.facts["behind"] = f" {_write_plainly(at)}"
        raise


def list_readings(error: DomainError) -> list[tuple[date | str, str]]:
    """Both readings of what may be two, each with how it is typed so that it is plain; nothing for any other error."""
    if error.key not in (ErrorKey.DATE_AMBIGUOUS, ErrorKey.CLOCK_AMBIGUOUS):
        return []
    before, behind = error.facts.get("before", ""), error.facts.get("behind", "")
    found: list[tuple[date | str, str]] = []
    for name in ("reading_1", "reading_2"):
        reading = error.facts[name]
        if isinstance(reading, date):
            found.append((reading, f"{before}{reading}{behind}"))
        else:
            found.append((str(reading), f"{before}{str(reading).replace(':', '')}{behind}"))
    return found


def _write_plainly(clock: time) -> str:
    """A clock time in four digits: no sign between them that a button's data cannot hold."""
    return format_clock(clock).replace(":", "")


def _list_readings(said: str, today: date, looking: Looking) -> Iterator[date]:
    if said in _WORDS:
        yield today + _WORDS[said] * _ONE_DAY
    elif match := _YEAR_FIRST.fullmatch(said):
        yield from _make(int(match[1]), int(match[3]), int(match[4]))
    elif match := _BY_NUMBERS.fullmatch(said):
        yield from _read_numbers(match, today, looking)
    elif match := _AGO.fullmatch(said):
        yield from _move(today, match, -1)
    elif match := _IN_DAYS.fullmatch(said):
        yield from _move(today, match, 1)
    elif match := _DAY_ALONE.fullmatch(said):
        yield from _find_day_of_month(int(match[1]), today, looking)
    elif match := _DAY_AND_NAME.fullmatch(said):
        yield from _read_month(match[2], int(match[1]), match[3], today, looking)
    elif match := _NAME_AND_DAY.fullmatch(said):
        yield from _read_month(match[1], int(match[2]), match[3], today, looking)
    elif match := _NAMED_DAY.fullmatch(said):
        yield from _read_weekday(match[2], match[1], today, looking)


def _read_numbers(match: re.Match[str], today: date, looking: Looking) -> Iterator[date]:
    """With points the day comes first; with slashes and dashes either may."""
    first, second, year = int(match[1]), int(match[3]), match[4]
    pairs = [(second, first)] if match[2] == "." else [(first, second), (second, first)]
    for month, day in pairs:
        yield from _with_year(month, day, year, today, looking)


def _read_month(name: str, day: int, year: str | None, today: date, looking: Looking) -> Iterator[date]:
    month = _SHORT_MONTHS.get(name) or _find_name(name, _MONTHS)
    if month is not None:
        yield from _with_year(month, day, year, today, looking)


def _with_year(month: int, day: int, year: str | None, today: date, looking: Looking) -> Iterator[date]:
    if year is not None:
        yield from _make(int(year) + (2000 if len(year) == 2 else 0), month, day)
        return
    around = [one for years in _NEAREST_YEARS for one in _make(today.year + years, month, day)]
    yield from _pick_nearest(around, today, looking)


def _find_day_of_month(day: int, today: date, looking: Looking) -> Iterator[date]:
    counts = [today.year * 12 + today.month - 1 + months for months in range(-2, 3)]
    around = [one for count in counts for one in _make(count // 12, count % 12 + 1, day)]
    yield from _pick_nearest(around, today, looking)


def _read_weekday(name: str, which: str | None, today: date, looking: Looking) -> Iterator[date]:
    """The nearest such day; the day of the week that it is today may be today's or a week away."""
    place = _SHORT_WEEKDAYS.get(name)
    found = _find_name(name, _WEEKDAYS) if place is None else place + 1
    if found is None:
        return
    back = (today.weekday() - (found - 1)) % _DAYS_IN_WEEK
    before, after = today - back * _ONE_DAY, today + (-back % _DAYS_IN_WEEK) * _ONE_DAY
    week = _DAYS_IN_WEEK * _ONE_DAY
    if which == "last":
        yield before if back else before - week
    elif which == "next":
        yield after if back else after + week
    elif looking is Looking.BACK:
        yield before
        if not back:
            yield before - week
    elif looking is Looking.AHEAD:
        yield after
        if not back:
            yield after + week
    else:
        yield from ((before, after) if back else (before,))


def _move(today: date, match: re.Match[str], sign: int) -> Iterator[date]:
    count = int(match[1]) if match[1].isdigit() else _COUNTS.get(match[1])
    if count is not None and count * _UNITS[match[2]] <= _MOST_DAYS_AGO:
        yield today + sign * count * _UNITS[match[2]] * _ONE_DAY


def _pick_nearest(around: list[date], today: date, looking: Looking) -> Iterator[date]:
    if looking is Looking.BACK:
        around = [one for one in around if one <= today] or around
    elif looking is Looking.AHEAD:
        around = [one for one in around if one >= today] or around
    if around:
        yield min(around, key=lambda one: (abs(one - today), one))


def _find_name(name: str, names: tuple[str, ...]) -> int | None:
    """Which one is meant, counted from 1, by a beginning that is long enough to be plain."""
    if len(name) < _SHORTEST_NAME:
        return None
    found = [place for place, one in enumerate(names, 1) if one.startswith(name)]
    return found[0] if len(found) == 1 else None


def _make(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return


def _quote(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"
