"""What a shift must be before it is priced (SPEC 3.4, PAYROLL D4)."""

from datetime import datetime, timedelta

from payroll.errors import ErrorKey, InvalidInputError

SHORTEST_SHIFT = timedelta(minutes=1)


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
