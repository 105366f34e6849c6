"""Pay days and the periods between them (SPEC 2, PAYROLL D2, D40)."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PayPeriod:
    """The days from one pay day (`start_date`) to the day before the next (`end_date`), both included."""

    start_date: date
    end_date: date

    @property
    def pay_day(self) -> date:
        """The day on which it is paid: the one after its last."""
        return self.end_date + _ONE_DAY


def compute_pay_period(day: date, pay_days: Sequence[int]) -> PayPeriod:
    """The period that holds a day; `pay_days` are days of the month (PAYROLL D2).

    Example: with pay days 1 and 15 the 14th of November is in the period from the 1st to the 14th.
    """
    return _find_period(day, tuple(pay_days))


def compute_open_period(today: date, closed_until: date | None, pay_days: Sequence[int]) -> PayPeriod:
    """The open period of a person: the one that holds today, or the first after their last closed day (PAYROLL D30).

    Example: on 20 November, closed until the 14th, it is the 15th to the 30th; closed until the 30th (somebody who
    left), it begins on 1 December.
    """
    if closed_until is not None and closed_until >= today:
        return compute_pay_period(closed_until + _ONE_DAY, pay_days)
    return compute_pay_period(today, pay_days)


def compute_last_pay_day(day: date, pay_days: Sequence[int]) -> date:
    """The newest pay day that is not after a day; on a pay day, that day itself (SPEC 3).

    Example: with pay days 1 and 15, on 10 November it is 1 November.
    """
    month_before = day.replace(day=1) - _ONE_DAY
    candidates = _list_pay_days(month_before, pay_days) + _list_pay_days(day, pay_days)
    return max(candidate for candidate in candidates if candidate <= day)


def compute_next_pay_day(day: date, pay_days: Sequence[int]) -> date:
    """The first pay day after a day (SPEC 3).

    Example: with pay days 1 and 15, on 10 November it is 15 November, on 15 November it is 1 December.
    """
    month_after = day.replace(day=_last_day_of_month(day)) + _ONE_DAY
    candidates = _list_pay_days(day, pay_days) + _list_pay_days(month_after, pay_days)
    return min(candidate for candidate in candidates if candidate > day)


@lru_cache(maxsize=1024)
def _find_period(day: date, pay_days: tuple[int, ...]) -> PayPeriod:
    """Few days are asked for, again and again: every line of the ledger has its period."""
    return PayPeriod(
        start_date=compute_last_pay_day(day, pay_days),
        end_date=compute_next_pay_day(day, pay_days) - _ONE_DAY,
    )


def _list_pay_days(month: date, pay_days: Sequence[int]) -> list[date]:
    """The pay days in the month of a date; one past the month's end is its last day (PAYROLL D40)."""
    if not pay_days or not all(1 <= pay_day <= 31 for pay_day in pay_days):
        raise ValueError(f"pay days are days of the month, 1 to 31, at least one: {list(pay_days)}")
    last_day = _last_day_of_month(month)
    return [month.replace(day=min(pay_day, last_day)) for pay_day in pay_days]


def _last_day_of_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]
