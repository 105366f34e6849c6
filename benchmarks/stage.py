"""A database of one size with everybody who is measured on it."""

import contextlib
import itertools
import random
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from psycopg import Connection

from benchmarks.dataset import (
    FIRST_EMPLOYEE_ID,
    LAST_DAY,
    ZONE,
    History,
    Member,
    get_end,
    load,
    make_team,
    make_work,
)
from benchmarks.plain import Plain
from benchmarks.plain import connect as connect_plainly
from config import Config
from payroll.records import Work
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, connect, temporary_database

_ONE_DAY = timedelta(days=1)
_FIRST_NEW_ID = 1_000_000


@dataclass(slots=True)
class Calendar:
    """Free days after the end of the data: each person's next shift is on the day after their last."""

    rng: random.Random
    next_days: dict[int, date] = field(default_factory=lambda: defaultdict(lambda: LAST_DAY + _ONE_DAY))

    def make_work(self, employee_id: int) -> Work:
        """A shift of a person on their next free day."""
        day = self.next_days[employee_id]
        self.next_days[employee_id] = day + _ONE_DAY
        return make_work(day, self.rng)


@dataclass(frozen=True, slots=True)
class Stage:
    """One database and its contestants.

    `settling` is the service as the bot uses it, `bare` the one that leaves ranks to the caller. `held` is the floor's
    connection, `side` one for what is prepared outside the time taken.
    """

    size: int
    params: Mapping[str, Any]
    team: Sequence[Member]
    settling: PostgresService
    bare: PostgresService
    held: Plain
    side: "Connection[tuple[Any, ...]]"
    clock: SteppingClock
    calendar: Calendar
    rng: random.Random
    new_ids: Iterator[int]

    def pick_member(self) -> Member:
        """Anybody of the team."""
        return self.rng.choice(self.team)

    def pick_next_of(self, group: int, groups: int) -> Member:
        """Who is next of one of several groups that the team is divided into: day by day each has a shift."""
        return min(self.team[group::groups], key=lambda member: self.calendar.next_days[member.employee_id])

    def get_member(self, employee_id: int) -> Member:
        """One of the team."""
        return self.team[employee_id - FIRST_EMPLOYEE_ID]

    def pick_day(self) -> date:
        """Any day of the data on which the whole team worked."""
        return LAST_DAY - self.rng.randrange(self.size // len(self.team)) * _ONE_DAY

    def pick_shift_id(self) -> int:
        """Any shift of the data, however old."""
        return self.rng.randint(1, self.size)


@contextlib.contextmanager
def open_stage(server: DatabaseServer, size: int) -> Iterator[Stage]:
    """Make and fill a database of `size` shifts; it is dropped at the end."""
    with contextlib.ExitStack() as stack:
        params = stack.enter_context(temporary_database(server))
        PostgresSchema(**params, config=Config()).init_schema()
        side = stack.enter_context(connect(params))
        load(side, History(size, make_team()))
        with connect({**server.maker, "database": params["database"]}) as maker:
            maker.execute("VACUUM (ANALYZE)")
        yield _set_up(stack, size, params, side)


def _set_up(
    stack: contextlib.ExitStack, size: int, params: Mapping[str, Any], side: "Connection[tuple[Any, ...]]"
) -> Stage:
    clock = SteppingClock(get_end())
    rng = random.Random(size)
    rules = Rules(ZONE, draw=rng.randrange, clock=clock)
    held = connect_plainly(params, is_prepared=True)
    stack.callback(held.close)
    return Stage(
        size=size,
        params=params,
        team=make_team(),
        settling=stack.enter_context(PostgresService(settle_ranks=True, rules=rules, **params)),
        bare=stack.enter_context(PostgresService(rules=rules, **params)),
        held=held,
        side=side,
        clock=clock,
        calendar=Calendar(rng),
        rng=rng,
        new_ids=itertools.count(_FIRST_NEW_ID),
    )
