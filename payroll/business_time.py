"""Wall clocks of the business zone and the instants behind them (SPEC 3.2, 3.3, PAYROLL D4, D5, D9, TECH T23).

The one place where a wall-clock time becomes an instant. Every instant that leaves here is an aware datetime in UTC,
so that subtracting two of them gives elapsed time, also over a change of the clocks.
"""

import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from payroll.errors import ErrorKey, InvalidInputError

_ONE_DAY = timedelta(days=1)
_LONGEST_QUOTE = 40
_SHEET_TIME = re.compile(
    r"([0-9]{4})([/-])([0-9]{1,2})\2([0-9]{1,2})\s+([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?",
)
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:.h]([0-9]{2})|h)?\s*(?:([ap])(?:\.?m\.?)?)?", re.IGNORECASE)
_FOUR_DIGITS = re.compile(r"([0-9]{1,2})([0-9]{2})\s*(?:([ap])(?:\.?m\.?)?)?", re.IGNORECASE)
_NAMED_CLOCKS = {"noon": time(12), "midday": time(12), "midnight": time(0)}


class Occurrence(StrEnum):
    """Which one is meant of a wall-clock time that exists twice: before or after the clocks went back (PAYROLL D5)."""

    EARLIER = "earlier"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class BusinessZone:
    """The time zone in which the business reads its clocks.

    `name` is the zone's IANA name, which is for people: the database may not know it, and gets only instants and dates.
    """

    name: str
    zone: tzinfo

    @classmethod
    def named(cls, name: str) -> Self:
        """The zone with an IANA name such as America/New_York, daylight saving included.

        Raises InvalidInputError where there is no such zone.
        """
        try:
            return cls(name, ZoneInfo(name))
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise InvalidInputError(
                ErrorKey.VALUE_INVALID,
                field="TIMEZONE",
                value=_quote(name),
                allowed="the IANA name of a time zone, such as America/New_York",
            ) from error

    @classmethod
    def fixed_utc_minus_5(cls) -> Self:
        """UTC-5 all year round, without daylight saving (SPEC 3.2)."""
        # The IANA name, whose sign is that of POSIX: the other way round.
        return cls("Etc/GMT+5", timezone(timedelta(hours=-5)))

    def exists(self, wall: datetime) -> bool:
        """False for a wall-clock time that the spring change leaps over."""
        before, after = self._offsets(wall)
        return before >= after

    def is_ambiguous(self, wall: datetime) -> bool:
        """True for a wall-clock time that the autumn change brings twice."""
        before, after = self._offsets(wall)
        return before > after

    def localize(
        self, wall: datetime, *, field: str = "time", occurrence: Occurrence | None = Occurrence.EARLIER
    ) -> datetime:
        """The instant of a naive wall-clock time, in UTC, cut to the whole second.

        `occurrence` decides about a time that exists twice; with None it is asked for. Raises InvalidInputError:
        TIME_DOES_NOT_EXIST, TIME_EXISTS_TWICE, or TIME_NOT_READABLE in the years 1 and 9999 (TECH T23).

        Example: in New York 2026/11/01 01:30 is 05:30 UTC, and with Occurrence.LATER 06:30 UTC.
        """
        if not self.exists(wall):
            raise _does_not_exist(wall, field)
        if occurrence is None and self.is_ambiguous(wall):
            raise _exists_twice(wall, field)
        fold = 1 if occurrence is Occurrence.LATER else 0
        return _to_utc(wall.replace(tzinfo=self.zone, fold=fold), field)

    def parse(self, value: object, *, field: str = "time") -> datetime:
        """Read a time that came through the API or from a sheet into an instant in UTC, cut to the whole second.

        Takes `YYYY/MM/DD HH:MM:SS` (seconds may be left out, dashes may stand for the slashes) and a naive datetime
        as wall-clock time of this zone, the earlier one of two (TECH T23), and an aware datetime as the instant it
        is. Raises InvalidInputError: TIME_NOT_READABLE, TIME_DOES_NOT_EXIST.
        """
        if isinstance(value, datetime):
            return self.localize(value, field=field) if value.tzinfo is None else _to_utc(value, field)
        return self.localize(_read_sheet_time(value, field), field=field)

    def to_wall(self, instant: datetime) -> datetime:
        """What the clock on the wall shows at an instant, as a naive datetime."""
        if instant.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return instant.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def date_of(self, instant: datetime) -> date:
        """The calendar date of an instant in this zone."""
        return self.to_wall(instant).date()

    def begin(self, day: date) -> datetime:
        """The first instant of a date, in UTC; where the clocks leap over its midnight, that of the leap."""
        return _to_utc(datetime.combine(day, time(), self.zone), "date")

    def format(self, instant: datetime) -> str:
        """An instant as people see it: `YYYY/MM/DD HH:MM:SS` on this zone's clocks (SPEC 3.2)."""
        return _format_wall(self.to_wall(instant))

    def format_minute(self, instant: datetime) -> str:
        """The same to the minute, where seconds tell nothing: `YYYY/MM/DD HH:MM`."""
        return self.format(instant)[:-3]

    def first_after(
        self, start: datetime, wall: time, *, occurrence: Occurrence | None = None, field: str = "time"
    ) -> datetime:
        """The first instant after `start` at which the clocks show `wall`, in UTC (SPEC 4, PAYROLL D5, D9).

        Strictly after: the clock time of `start` itself is met the day after, or an hour later where the clocks are
        put back over it. `occurrence` decides only where both of a time that exists twice lie after `start`; None
        asks then. Raises InvalidInputError: TIME_DOES_NOT_EXIST where the clocks leap over the time on the day on
        which it would come first, TIME_EXISTS_TWICE.

        Example: 06:00 after 2026/10/31 22:00 in New York comes 9 hours later, after 2026/03/07 22:00 7 hours later.
        """
        start_wall = self.to_wall(start)
        # From the day before on: clocks put back at midnight bring a piece of yesterday once more.
        day = start_wall.date() - _ONE_DAY
        while True:
            moment = datetime.combine(day, wall)
            if not self.exists(moment) and moment > start_wall:
                raise _does_not_exist(moment, field)
            later_ones = [instant for instant in self._list_instants(moment) if instant > start]
            if len(later_ones) > 1 and occurrence is None:
                raise _exists_twice(moment, field)
            if later_ones:
                return later_ones[-1 if occurrence is Occurrence.LATER else 0]
            day += _ONE_DAY

    def _list_instants(self, wall: datetime) -> list[datetime]:
        if not self.exists(wall):
            return []
        occurrences = list(Occurrence) if self.is_ambiguous(wall) else [Occurrence.EARLIER]
        return [self.localize(wall, occurrence=occurrence) for occurrence in occurrences]

    def _offsets(self, wall: datetime) -> tuple[timedelta, timedelta]:
        """UTC offsets of a wall-clock time by the rule before and by the rule after a change; equal on usual days."""
        if wall.tzinfo is not None:
            raise ValueError("a wall-clock time has no time zone of its own")
        before = wall.replace(tzinfo=self.zone, fold=0).utcoffset()
        after = wall.replace(tzinfo=self.zone, fold=1).utcoffset()
        if before is None or after is None:
            raise ValueError(f"{self.name} does not say how far it is from UTC")
        return before, after


def parse_clock(text: str) -> time:
    """Read a clock time that somebody typed, in whole minutes (SPEC 4, PAYROLL D4).

    Takes `8:30`, `20:15`, `20.15`, `2015` and `20` on the 24-hour clock, `8:30 pm`, `8.30pm`, `830 pm`, `8 pm` and
    `8p` on the 12-hour clock, `noon` and `midnight`. Raises InvalidInputError: CLOCK_AMBIGUOUS for a bare `8` or `830`
    (facts reading_1 and reading_2 say what it may mean), CLOCK_NOT_A_TIME for all else.
    """
    said = " ".join(text.casefold().split())
    if said in _NAMED_CLOCKS:
        return _NAMED_CLOCKS[said]
    match = _CLOCK.fullmatch(said) or _FOUR_DIGITS.fullmatch(said)
    if match is None:
        raise _not_a_clock(text)
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3]
    if hour > 23 or minute > 59 or (half is not None and not 1 <= hour <= 12):
        raise _not_a_clock(text)
    if half is not None:
        return time(_to_24_hours(hour, is_afternoon=half == "p"), minute)
    # Four digits, or a sign between hour and minute, are the 24-hour clock's.
    is_bare = match[2] is None or (said.isdigit() and len(said) == len("830"))
    if is_bare and 1 <= hour <= 12:
        raise _ambiguous_clock(text, hour, minute)
    return time(hour, minute)


def format_clock(clock: time) -> str:
    """A clock time as people see it: `HH:MM` on the 24-hour clock."""
    return f"{clock:%H:%M}"


def format_date(day: date) -> str:
    """A calendar date as people see it: `YYYY/MM/DD` (SPEC 3.2). The year has four digits, whichever it is."""
    return f"{day.year:04}/{day.month:02}/{day.day:02}"


def _to_24_hours(hour: int, *, is_afternoon: bool) -> int:
    return hour % 12 + (12 if is_afternoon else 0)


def _read_sheet_time(value: object, field: str) -> datetime:
    match = _SHEET_TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise _not_readable(value, field)
    year, _, month, day, hour, minute, second = match.groups(default="0")
    try:
        return datetime(int(year), int(month), int(day), int(hour), int(minute), int(second))  # noqa: DTZ001
    except ValueError as error:
        raise _not_readable(value, field) from error


def _to_utc(moment: datetime, field: str) -> datetime:
    # A day at either end of the calendar may have no place in another zone.
    if not MINYEAR < moment.year < MAXYEAR:
        raise _not_readable(_format_wall(moment.replace(tzinfo=None)), field)
    # The database keeps whole seconds and would round a fraction: pay and record would then differ.
    return moment.astimezone(UTC).replace(microsecond=0)


def _format_wall(wall: datetime) -> str:
    return wall.isoformat(sep=" ", timespec="seconds").replace("-", "/")


def _quote(value: object) -> str:
    text = str(value)
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def _does_not_exist(wall: datetime, field: str) -> InvalidInputError:
    return InvalidInputError(
        ErrorKey.TIME_DOES_NOT_EXIST,
        field=field,
        value=_format_wall(wall),
        allowed="a time that the clocks show on that day; they go forward over this one",
    )


def _exists_twice(wall: datetime, field: str) -> InvalidInputError:
    return InvalidInputError(
        ErrorKey.TIME_EXISTS_TWICE,
        field=field,
        value=_format_wall(wall),
        allowed="with it, whether it is before or after the clocks went back",
    )


def _not_readable(value: object, field: str) -> InvalidInputError:
    return InvalidInputError(
        ErrorKey.TIME_NOT_READABLE, field=field, value=_quote(value), allowed="YYYY/MM/DD HH:MM:SS, or a datetime"
    )


def _not_a_clock(text: str) -> InvalidInputError:
    return InvalidInputError(
        ErrorKey.CLOCK_NOT_A_TIME, field="clock", value=_quote(text), allowed="8:30, 20:15, 8:30 pm or 8 pm"
    )


def _ambiguous_clock(text: str, hour: int, minute: int) -> InvalidInputError:
    morning = format_clock(time(_to_24_hours(hour, is_afternoon=False), minute))
    evening = format_clock(time(_to_24_hours(hour, is_afternoon=True), minute))
    return InvalidInputError(
        ErrorKey.CLOCK_AMBIGUOUS,
        field="clock",
        value=_quote(text),
        allowed=f"{morning} or {evening}",
        reading_1=morning,
        reading_2=evening,
    )
