"""Two months of shifts that three employees may have worked: what the playground shows. Pure and seeded.

The same day and products give the same shifts. They end the day before yesterday, so that yesterday and today are free
to be logged, and leave a thousand dollars to the next rank, so that a shift tried out brings no bonus that surprises.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from playground.records import Suggestion

DAYS = 61
_MARGIN_CENTS = 1_000_00
_RANKS_FROM_CENTS = (2_000_00, 4_000_00, 7_000_00, 10_000_00, 15_000_00)
"""The month's sales from which a new playground has its ranks."""
_LAST_SHIFTS = 2
_NOTES = ("Quiet evening", "Two new regulars", "Covered for a friend", "Big tip at the end")


@dataclass(frozen=True, slots=True)
class SampleEmployee:
    """Somebody who works `weekdays` (Monday is 0) from `start_hour`, and sells about `usual_cents` a shift."""

    person_id: int
    name: str
    start_hour: int
    weekdays: frozenset[int]
    usual_cents: int


@dataclass(frozen=True, slots=True)
class SampleShift:
    """A shift that begins at `start_minute` of `day` on the wall clock and lasts `minutes`.

    `sales` are cents by product; it was recorded `recorded_after` minutes after its end.
    """

    person_id: int
    day: date
    start_minute: int
    minutes: int
    sales: Mapping[str, int]
    recorded_after: int
    note: str | None = None

    @property
    def end_minute(self) -> int:
        """Its end in minutes from the midnight at which `day` begins."""
        return self.start_minute + self.minutes

    @property
    def total_cents(self) -> int:
        """Sum of the sales."""
        return sum(self.sales.values())


ALICE = SampleEmployee(1001, "Alice", 9, frozenset({0, 1, 2, 3, 4}), 310_00)
BORIS = SampleEmployee(1002, "Boris", 16, frozenset({1, 2, 4, 5, 6}), 190_00)
CHEN = SampleEmployee(1003, "Chen", 22, frozenset({0, 2, 3, 5, 6}), 640_00)
EMPLOYEES = (ALICE, BORIS, CHEN)
ADMIN_ID, ADMIN_NAME = 9001, "Olga"
STRANGER_ID, STRANGER_NAME = 5005, "Dana"

SUGGESTIONS = (
    Suggestion(
        CHEN.person_id,
        "Log a night shift",
        "Create shift, Yesterday, from 10 PM to 6 AM: the end is the next morning by itself.",
    ),
    Suggestion(
        BORIS.person_id,
        "Reach Shark",
        "🏆 Ranks says from which sales on. Log a shift that gets there, and see which bonus is drawn.",
    ),
    Suggestion(
        ADMIN_ID,
        "Close the period",
        "Admin, 🗓 Pay periods: the one that is over waits. Close it for everybody, then pay everybody.",
    ),
)
"""What shows most with these people and their two months."""


def make_sample_shifts(today: date, products: Sequence[str], *, seed: int = 7) -> list[SampleShift]:
    """The shifts of the two months before `today` (a business date), in the order in which they were recorded."""
    shifts: list[SampleShift] = []
    last_day = today - timedelta(days=2)
    for employee in EMPLOYEES:
        chance = random.Random(seed * 10_000 + employee.person_id)  # noqa: S311 - play, not secrets
        worked = [
            _make_shift(employee, day, products, chance)
            for day in (today - timedelta(days=back) for back in range(DAYS, 1, -1))
            if day.weekday() in employee.weekdays
        ]
        # One that ends after midnight of the last day would stand in yesterday's way.
        shifts += _leave_margins(one for one in worked if one.day < last_day or one.end_minute <= 24 * 60)
    return sorted(shifts, key=lambda one: (one.day, one.end_minute + one.recorded_after))


def _make_shift(employee: SampleEmployee, day: date, products: Sequence[str], chance: random.Random) -> SampleShift:
    start_minute = employee.start_hour * 60 + chance.choice((0, 0, 0, 15, 30))
    minutes = chance.choice((420, 450, 480, 480, 480, 495))
    total = round(employee.usual_cents * chance.uniform(0.45, 1.6) / 50) * 50
    sold = sorted(chance.sample(range(len(products)), k=min(len(products), chance.choice((1, 1, 2, 2, 3)))))
    note = chance.choice(_NOTES) if chance.random() < 0.08 else None
    shares = [chance.randint(2, 8) for _ in sold]
    parts = [total * share // sum(shares) for share in shares]
    parts[0] += total - sum(parts)
    sales = {products[place]: part for place, part in zip(sold, parts, strict=True)}
    return SampleShift(employee.person_id, day, start_minute, minutes, sales, chance.randint(1, 20), note)


def _leave_margins(shifts: Iterable[SampleShift]) -> list[SampleShift]:
    """The same shifts with sales that reach no rank in a month's last shifts, nor come close to one."""
    months: dict[tuple[int, int], list[SampleShift]] = {}
    for one in shifts:
        months.setdefault((one.day.year, one.day.month), []).append(one)
    return [one for month in months.values() for one in _leave_margin(month)]


def _leave_margin(month: list[SampleShift]) -> list[SampleShift]:
    """The month with its sales changed by as few per cent as will do, up or down."""
    for percent in range(100):
        for factor in (100 + percent, 100 - percent):
            scaled = [replace(one, sales=_scale(one.sales, factor)) for one in month]
            if _is_calm(scaled):
                return scaled
    raise ValueError("sales of one per cent are far from every rank")


def _scale(sales: Mapping[str, int], percent: int) -> dict[str, int]:
    return {name: max(1, cents * percent // 100) for name, cents in sales.items()}


def _is_calm(month: list[SampleShift]) -> bool:
    total = sum(one.total_cents for one in month)
    before = total - sum(one.total_cents for one in month[-_LAST_SHIFTS:])
    return not any(
        before < rank_from <= total or rank_from - _MARGIN_CENTS < total < rank_from for rank_from in _RANKS_FROM_CENTS
    )
