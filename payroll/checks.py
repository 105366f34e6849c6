"""What a shift must be before it is priced, and what is asked about twice (SPEC 3.4, PAYROLL D4, D12, TECH T21)."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

from payroll.business_time import BusinessZone, format_date
from payroll.errors import ConflictError, ErrorKey, InvalidInputError

SHORTEST_SHIFT = timedelta(minutes=1)
EARLIEST_DATE = date(2000, 1, 1)
"""No shift is dated earlier: the database refuses it."""
LONG_AGO = timedelta(days=31)
EARLIEST_YEAR = 2025
"""No copy of this program is older: a clock that says so was never set."""
CLOCK_TOLERANCE = timedelta(days=1)
LONG_SHIFT = timedelta(hours=12)
TIMES_THE_USUAL = 2
TIMES_THE_LARGEST = 5
USUAL_FROM = 20
"""How many of a person's last shifts, or amounts, tell what is usual."""
SHORTEST_HISTORY = 5
"""With fewer there is no usual yet."""


def check_shift_times(
    time_in: datetime, time_out: datetime, *, now: datetime, max_hours: int, zone: BusinessZone
) -> None:
    """Refuse an end that is not after the start, in the future, under a minute or over `max_hours` elapsed hours later.

    `zone` is the business zone, in whose clocks the message shows the end. Raises InvalidInputError.
    """
    if time_out <= time_in:
        raise InvalidInputError(
            ErrorKey.SHIFT_ENDS_BEFORE_START,
            field="clock_out",
            value=zone.format(time_out),
            allowed="a time after the clock-in",
        )
    if time_out > now:
        raise InvalidInputError(
            ErrorKey.TIME_IN_FUTURE, field="clock_out", value=zone.format(time_out), allowed="not in the future"
        )
    if time_out - time_in < SHORTEST_SHIFT:
        raise InvalidInputError(
            ErrorKey.SHIFT_TOO_SHORT,
            field="clock_out",
            value=zone.format(time_out),
            allowed="at least a minute after the clock-in",
        )
    if time_out - time_in > timedelta(hours=max_hours):
        raise InvalidInputError(
            ErrorKey.SHIFT_TOO_LONG,
            field="clock_out",
            value=zone.format(time_out),
            allowed=f"at most {max_hours} hours after the clock-in",
            max_hours=max_hours,
        )


def compute_first_day(today: date, earliest: date | None) -> date:
    """The first date that a shift may have: `earliest` where it is set, else a year before today; never before 2000.

    Example: on 2026/11/16 it is 2025/11/16, on 29 February the 28th of the year before.
    """
    year_ago = today.replace(year=today.year - 1, day=28 if (today.month, today.day) == (2, 29) else today.day)
    return max(EARLIEST_DATE, year_ago if earliest is None else earliest)


def check_shift_date(shift_date: date, first_day: date) -> None:
    """Refuse the date of a shift that lies before the first day that one may have. Raises InvalidInputError."""
    if shift_date < first_day:
        raise InvalidInputError(
            ErrorKey.DATE_TOO_EARLY,
            field="shift_date",
            value=format_date(shift_date),
            allowed=f"{format_date(first_day)} or later",
        )


def is_long_ago(shift_date: date, today: date) -> bool:
    """Whether the date of a shift is confirmed by who enters it: it is more than 31 days back."""
    return today - shift_date > LONG_AGO


def check_clock(now: datetime, newest_at: datetime | None, zone: BusinessZone) -> None:
    """Refuse a "now" that lies more than a day before the newest recorded moment, or before this program was made.

    A computer without a battery for its clock begins in the past after a power cut, until the network tells it the
    time. Raises ConflictError with CLOCK_WRONG.
    """
    if now.year >= EARLIEST_YEAR and (newest_at is None or now >= newest_at - CLOCK_TOLERANCE):
        return
    since = f"{EARLIEST_YEAR}" if newest_at is None else zone.format(newest_at)
    raise ConflictError(ErrorKey.CLOCK_WRONG, field="clock", value=zone.format(now), allowed=f"not before {since}")


def is_long_shift(worked: timedelta, last_hours: Sequence[Decimal]) -> bool:
    """Whether a shift is confirmed by the person and shown to the admins: over 12 h, or twice the usual (PAYROLL D12).

    The usual is the median of the worked hours of the person's last shifts.
    """
    if worked > LONG_SHIFT:
        return True
    if len(last_hours) < SHORTEST_HISTORY:
        return False
    return Decimal(worked.total_seconds()) > TIMES_THE_USUAL * median(last_hours) * 3600


def is_far_above(amount: Decimal, last_amounts: Sequence[Decimal]) -> bool:
    """Whether an amount in USD is confirmed: over 5 times the largest of the person's last (TECH T21)."""
    return len(last_amounts) >= SHORTEST_HISTORY and amount > TIMES_THE_LARGEST * max(last_amounts)
