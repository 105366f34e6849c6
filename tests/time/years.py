"""Years of a bot on a computer that is switched off at times, and whose clock is not always right."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from payroll.business_time import BusinessZone
from payroll.schedule import Every
from postgres_service import PostgresService
from repository.due_work import Job
from repository.rules import Rules
from tests.clock import SteppingClock

PAY_DAYS = (1, 15)
DAY = timedelta(days=1)
LOOKS_A_DAY = 3
OFF = 3 * DAY
WRONG_BY = (timedelta(days=-3), timedelta(hours=-5), timedelta(minutes=-50), timedelta(minutes=20), timedelta(hours=3))
"""How wrong the clock is now and then, until the network tells it better."""


class BrokenOffError(Exception):
    """Something went wrong on the way."""


@dataclass
class Bot:
    """What the bot does by itself, with a diary: kind and period of everything that was done, and when."""

    database: dict[str, Any]
    zone: BusinessZone
    clock: SteppingClock
    chance: random.Random
    done: list[tuple[str, str, datetime]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def running(self) -> Iterator[PostgresService]:
        """One run of the process."""
        self.counts["starts"] += 1
        rules = Rules(self.zone, clock=self.clock)
        with PostgresService(settle_ranks=True, rules=rules, pool_size=2, **self.database) as service:
            yield service

    def look(self, service: PostgresService) -> None:
        """One tick: plan, and do what waits until nothing does."""
        self.counts["looks"] += 1
        jobs = {job.kind: job for job in self._list_jobs()}
        for job in jobs.values():
            service.due_work.plan(job)
        while True:
            try:
                if service.due_work.do_next(jobs) is None:
                    return
            except BrokenOffError:
                self.counts["broken off"] += 1

    def _list_jobs(self) -> list[Job]:
        every = {"month": Every.MONTH, "pay day": Every.PAY_DAY, "day": Every.DAY}
        return [Job(kind, how_often, self._make(kind)) for kind, how_often in every.items()]

    def _make(self, kind: str) -> Any:
        def do(period: str) -> None:
            if self.chance.random() < 0.02:
                raise BrokenOffError
            self.done.append((kind, period, self.clock.now))

        return do


def live_through(database: dict[str, Any], zone: BusinessZone, first: date, last: date, *, seed: int) -> Counter[str]:
    """Every day from `first` to `last` in a business zone; what happened. Raises AssertionError for what was missed.

    In each month the process is off for three days from a random moment on, and the clock is wrong now and then.
    """
    chance = random.Random(seed)
    begins = zone.localize(datetime.combine(first, datetime.min.time())) + DAY / 2
    ends = zone.localize(datetime.combine(last, datetime.min.time())) + DAY / 2
    clock = SteppingClock(begins)
    bot = Bot(database, zone, clock, chance)
    for on, off in _plan_runs(begins, ends, chance):
        with bot.running() as service:
            bot.look(service)
            clock.now = on
            while clock.now < off:
                true_now = clock.now
                if chance.random() < 0.03:
                    clock.now += chance.choice(WRONG_BY)
                    bot.counts["looks with a wrong clock"] += 1
                bot.look(service)
                clock.now = true_now + chance.random() * 2 * DAY / LOOKS_A_DAY
        bot.counts["times off for three days"] += off < ends
        clock.now = off + OFF
    # What was broken off last waits for its next try.
    clock.now = ends + DAY / 4
    with bot.running() as service:
        bot.look(service)
    _compare(bot, first, last)
    return bot.counts


def _plan_runs(begins: datetime, ends: datetime, chance: random.Random) -> Iterator[tuple[datetime, datetime]]:
    """From when to when the process runs: three days are missing somewhere in each month."""
    on = begins
    for month in _list_firsts(begins.date(), ends.date()):
        start = datetime(month.year, month.month, 1, tzinfo=UTC)
        off = start + chance.random() * 28 * DAY
        if on < off < ends - OFF:
            yield on, off
            on = off + OFF
    yield on, ends


def _list_firsts(first: date, last: date) -> Iterator[date]:
    """The first day of every month from the one of `first` to the one of `last`."""
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + 32 * DAY).replace(day=1)


def _compare(bot: Bot, first: date, last: date) -> None:
    """What was done against the calendar: nothing is missing, nothing is there twice, nothing came before its time."""
    days = [first + DAY * number for number in range((last - first).days + 1)]
    ended = {
        "day": {(day - DAY).isoformat(): day for day in days[1:]},
        "month": {f"{day - DAY:%Y-%m}": day for day in days[1:] if day.day == 1},
        "pay day": {day.isoformat(): day for day in days[1:] if day.day in PAY_DAYS},
    }
    for kind, ends in ended.items():
        done = [period for of, period, _ in bot.done if of == kind]
        assert sorted(done) == sorted(ends), kind
        assert all(bot.zone.date_of(at) >= ends[period] for of, period, at in bot.done if of == kind)
        bot.counts[f"{kind}s done"] = len(done)
