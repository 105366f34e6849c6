"""Pay days and the periods between them (SPEC 2, PAYROLL D2, D40)."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Self

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


@dataclass(frozen=True, slots=True)
class PayDays:
    """Which days of the month are pay days, by the date from which that holds (PAYROLL D40).

    `versions` are oldest first; the first holds since ever, each later one from a pay day of the one before on. So that
    date begins a period under both, and no period overlaps another or leaves a gap.
    """

    versions: tuple[tuple[date, tuple[int, ...]], ...]

    def __post_init__(self) -> None:
        for _, days in self.versions:
            if not days or not all(1 <= day <= 31 for day in days):
                raise ValueError(f"pay days are days of the month, 1 to 31, at least one: {list(days)}")

    @classmethod
    def always(cls, *days: int) -> Self:
        """The same since ever."""
        return cls(((date.min, days),))

    @classmethod
    def parse(cls, text: str) -> Self:
        """As the settings keep them: `1,15`, or with what holds from a date `1,15 2026-12-01:10,25`."""
        first, *later = text.split()
        pairs = [one.split(":") for one in later]
        versions = [(date.fromisoformat(since), _read_days(days)) for since, days in pairs]
        return cls(((date.min, _read_days(first)), *versions))

    def dump(self) -> str:
        """What `parse` reads."""
        (_, first), *later = self.versions
        return " ".join([_write_days(first), *(f"{since}:{_write_days(days)}" for since, days in later)])

    def change(self, days: Sequence[int], *, after: date) -> Self:
        """Others from the first pay day after a date on (PAYROLL D40); what was to come from then on never comes.

        Example: 1 and 15 changed to 10 and 25 on 20 November: the periods are 15 to 30 November, 1 to 9 December,
        10 to 24 December, and so on.
        """
        since = compute_next_pay_day(after, self)
        kept = tuple(one for one in self.versions if one[0] < since)
        return type(self)(kept if kept[-1][1] == tuple(days) else (*kept, (since, tuple(days))))

    def find_in_force(self, day: date) -> tuple[date, tuple[int, ...], date | None]:
        """The days of the month that hold on a date, since when, and from when on others do (None: no others)."""
        place = max(place for place, (since, _) in enumerate(self.versions) if since <= day)
        until = self.versions[place + 1][0] if place + 1 < len(self.versions) else None
        return *self.versions[place], until


def compute_pay_period(day: date, pay_days: PayDays) -> PayPeriod:
    """The period that holds a day (PAYROLL D2).

    Example: with pay days 1 and 15 the 14th of November is in the period from the 1st to the 14th.
    """
    return _find_period(day, pay_days)


def compute_open_period(today: date, closed_until: date | None, pay_days: PayDays) -> PayPeriod:
    """The open period of a person: the one that holds today, or the first after their last closed day (PAYROLL D30).

    Example: on 20 November, closed until the 14th, it is the 15th to the 30th; closed until the 30th (somebody who
    left), it begins on 1 December.
    """
    if closed_until is not None and closed_until >= today:
        return compute_pay_period(closed_until + _ONE_DAY, pay_days)
    return compute_pay_period(today, pay_days)


def compute_last_pay_day(day: date, pay_days: PayDays) -> date:
    """The newest pay day that is not after a day; on a pay day, that day itself (SPEC 3).

    Example: with pay days 1 and 15, on 10 November it is 1 November.
    """
    since, days, _ = pay_days.find_in_force(day)
    month_before = day.replace(day=1) - _ONE_DAY
    candidates = [since, *_list_pay_days(month_before, days), *_list_pay_days(day, days)]
    return max(candidate for candidate in candidates if since <= candidate <= day)


def compute_next_pay_day(day: date, pay_days: PayDays) -> date:
    """The first pay day after a day (SPEC 3).

    Example: with pay days 1 and 15, on 10 November it is 15 November, on 15 November it is 1 December.
    """
    _, days, until = pay_days.find_in_force(day)
    month_after = day.replace(day=_last_day_of_month(day)) + _ONE_DAY
    candidates = [*_list_pay_days(day, days), *_list_pay_days(month_after, days), *([until] if until else [])]
    return min(candidate for candidate in candidates if candidate > day)


@lru_cache(maxsize=1024)
def _find_period(day: date, pay_days: PayDays) -> PayPeriod:
    """Few days are asked for, again and again: every line of the ledger has its period."""
    return PayPeriod(
        start_date=compute_last_pay_day(day, pay_days),
        end_date=compute_next_pay_day(day, pay_days) - _ONE_DAY,
    )


def _list_pay_days(month: date, pay_days: Sequence[int]) -> list[date]:
    """The pay days in the month of a date; one past the month's end is its last day (PAYROLL D40)."""
    last_day = _last_day_of_month(month)
    return [month.replace(day=min(pay_day, last_day)) for pay_day in pay_days]


def _read_days(text: str) -> tuple[int, ...]:
    return tuple(int(day) for day in text.split(","))


def _write_days(days: Sequence[int]) -> str:
    return ",".join(map(str, days))


def _last_day_of_month(day: date) -> int:
    return monthrange(day.year, day.month)[1]
