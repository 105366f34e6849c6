"""What a shift must be before it is priced, and what is asked about twice (SPEC 3.4, PAYROLL D4, D12, TECH T21)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

from payroll.errors import ErrorKey, InvalidInputError

SHORTEST_SHIFT = timedelta(minutes=1)
LONG_SHIFT = timedelta(hours=12)
TIMES_THE_USUAL = 2
TIMES_THE_LARGEST = 5
USUAL_FROM = 20
"""How many of a person's last shifts, or amounts, tell what is usual."""
SHORTEST_HISTORY = 5
"""With fewer there is no usual yet."""


def check_shift_times(time_in: datetime, time_out: datetime, *, now: datetime, max_hours: int, shown: str) -> None:
    """Refuse an end that is not after the start, in the future, under a minute or over `max_hours` elapsed hours later.

    `shown` is the end as people write it, for the message. Raises InvalidInputError.
    """
    if time_out <= time_in:
        raise InvalidInputError(
            ErrorKey.SHIFT_ENDS_BEFORE_START, field="clock_out", value=shown, allowed="a time after the clock-in"
        )
    if time_out > now:
        raise InvalidInputError(ErrorKey.TIME_IN_FUTURE, field="clock_out", value=shown, allowed="not in the future")
    if time_out - time_in < SHORTEST_SHIFT:
        raise InvalidInputError(
            ErrorKey.SHIFT_TOO_SHORT, field="clock_out", value=shown, allowed="at least a minute after the clock-in"
        )
    if time_out - time_in > timedelta(hours=max_hours):
        raise InvalidInputError(
            ErrorKey.SHIFT_TOO_LONG,
            field="clock_out",
            value=shown,
            allowed=f"at most {max_hours} hours after the clock-in",
            max_hours=max_hours,
        )


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
