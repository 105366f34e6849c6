"""Which periods have ended by an instant: hours, days, months, pay periods (SPEC 3.2, PAYROLL D2, D40).

What is due goes by this and never by a clock that rings: a computer that was off, and clocks that were put forward or
back, lose nothing and double nothing. A period is known by a name. Names of one kind sort as their periods follow each
other, and stay what they are when the settings change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import takewhile

from payroll.business_time import BusinessZone
from payroll.pay_periods import PayDays, compute_last_pay_day

LONGEST_WAIT = timedelta(hours=1)
_ONE_DAY = timedelta(days=1)
_ONE_HOUR = timedelta(hours=1)


class Every(StrEnum):
    """How often something is due.

    `HOUR` is an hour of UTC, so that the one that exists twice on the wall is two. `DAY` and `MONTH` are those of the
    business zone. `PAY_DAY` is a pay day that has come: the pay period before it has ended (SPEC 2).
    """

    HOUR = "hour"
    DAY = "day"
    MONTH = "month"
    PAY_DAY = "pay day"


@dataclass(frozen=True, slots=True)
class When:
    """From when on something is due that is due by the day: `days_ahead` before its date, from an hour of that day on.

    Example: on 14 November at 9:00 what is due a day before the pay day of the 15th, from 9 o'clock on. People are
    written to in the morning, not at midnight.
    """

    days_ahead: int = 0
    from_hour: int = 0

    def find_day(self, wall: datetime) -> date:
        """The date that has come, for what is due so, when clocks on the wall show this."""
        return wall.date() + timedelta(days=self.days_ahead - (wall.hour < self.from_hour))


AT_ONCE = When()


@dataclass(frozen=True, slots=True)
class Calendar:
    """What periods follow: the business zone, and the pay days."""

    zone: BusinessZone
    pay_days: PayDays

    def find_newest_ended(self, every: Every, now: datetime, *, when: When = AT_ONCE) -> str:
        """Name of the newest period that has ended by an instant.

        Example: on 1 November 2026 at 00:00 in New York it is the day 2026-10-31, the month 2026-10, the pay day
        2026-11-01, and the hour 2026-11-01T03Z.
        """
        return next(self._walk_back(every, now, when))

    def list_ended(self, every: Every, now: datetime, *, after: str, when: When = AT_ONCE) -> list[str]:
        """Names of the periods that have ended by an instant and follow the one named `after`, oldest first."""
        return list(takewhile(lambda name: name > after, self._walk_back(every, now, when)))[::-1]

    def _walk_back(self, every: Every, now: datetime, when: When) -> Iterator[str]:
        """The names of the periods that have ended, newest first."""
        today = when.find_day(self.zone.to_wall(now))
        match every:
            case Every.HOUR:
                return _walk_hours(now)
            case Every.DAY:
                return _walk_days(today)
            case Every.MONTH:
                return _walk_months(today)
            case Every.PAY_DAY:
                return _walk_pay_days(today, self.pay_days)


def _walk_hours(now: datetime) -> Iterator[str]:
    hour = now.astimezone(UTC)
    while True:
        hour -= _ONE_HOUR
        yield f"{hour:%Y-%m-%dT%HZ}"


def _walk_days(today: date) -> Iterator[str]:
    day = today
    while True:
        day -= _ONE_DAY
        yield day.isoformat()


def _walk_months(today: date) -> Iterator[str]:
    month = today.replace(day=1)
    while True:
        month = (month - _ONE_DAY).replace(day=1)
        yield f"{month:%Y-%m}"


def _walk_pay_days(today: date, pay_days: PayDays) -> Iterator[str]:
    day = today
    while True:
        pay_day = compute_last_pay_day(day, pay_days)
        yield pay_day.isoformat()
        day = pay_day - _ONE_DAY


def compute_retry_wait(failures: int) -> timedelta:
    """How long what has failed so many times waits for the next try: 1, 2, 4, … minutes, an hour at most."""
    return min(timedelta(minutes=2 ** min(failures - 1, 10)), LONGEST_WAIT)
