"""Killing runs of the mirror in the middle of changes, and looking at what comes of it."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

from postgres_service import PostgresService
from sheets_backup.check import run_verify
from sheets_backup.mirror import RunKind
from sheets_backup.quota import Pace
from tests.databases import connect
from tests.sheets.killable import make_order, start_killer
from tests.sheets.mirrors import Mirror
from tests.sheets.shifts import MARCH, record


@dataclass(slots=True)
class Toll:
    """What happened: runs killed, runs that ended by themselves first, at how many different steps, things broken."""

    killed: int = 0
    ended: int = 0
    steps: set[float] = field(default_factory=set)
    damaged: int = 0


def assert_same(mirror: Mirror) -> None:
    """The sheet has what the database has, in every cell, and nothing waits."""
    pace = Pace(now=mirror.seconds, sleep=mirror.seconds.sleep)
    comparison = run_verify(mirror.config, mirror.params, clock=mirror.clock, pace=pace)
    assert comparison.differences == [], comparison.render("cells")
    assert comparison.waiting == 0


def kill_runs(mirror: Mirror, service: PostgresService, count: int, seed: int) -> Toll:
    """Kill so many runs at random steps; now and then a run lives, after which the sheet must be as the database."""
    rng = random.Random(seed)
    toll = Toll()
    most = 60
    number = 0
    with start_killer() as killer:
        while toll.killed < count:
            number += 1
            _change_something(mirror, service, rng, number)
            toll.damaged += _break_something(mirror, rng)
            kind = RunKind.FULL if rng.random() < 0.15 else RunKind.INCREMENTAL
            step = rng.randint(1, most) + rng.choice([0, 0.5])
            order = make_order(
                mirror.params, mirror.fake.host, mirror.book.spreadsheet_id, mirror.clock.now, step=step, kind=kind
            )
            ended = killer.run(order)
            mirror.seconds.sleep(30)
            if ended["signal"]:
                toll.killed += 1
                toll.steps.add(step)
            else:
                assert ended["steps"] > 0, "a run that nobody killed ends well"
                toll.ended += 1
                most = max(ended["steps"], 10)
            if not ended["signal"] or rng.random() < 0.3:
                mirror.run_well()
                assert_same(mirror)
                mirror.seconds.sleep(60)
                most = 250 if rng.random() < 0.3 else most
    mirror.run_well()
    assert_same(mirror)
    return toll


def _change_something(mirror: Mirror, service: PostgresService, rng: random.Random, number: int) -> None:
    match rng.randrange(5):
        case 0 | 1:
            person, amount = 101 + rng.randrange(3), str(rng.randrange(1, 900))
            record(service, number, employee_id=person, first_day=MARCH, Model_A=amount)
        case 2:
            for shift in service.get_all_shifts()[:3]:
                service.update_total_sales(shift["ID"], rng.randrange(1, 900))
        case 3:
            for shift in service.get_all_shifts()[2:3]:
                service.shifts.delete(shift["ID"])
        case _:
            with connect(mirror.params) as connection:
                connection.execute("INSERT INTO products (name) VALUES (%s)", [f"Model {number}"])
    mirror.clock.now += timedelta(minutes=5)


def _break_something(mirror: Mirror, rng: random.Random) -> int:
    """Now and then somebody writes into the sheet."""
    sheet = mirror.book.find("data_shifts")
    if sheet is None or rng.random() > 0.1:
        return 0
    sheet.put(rng.randrange(1, 10), 2, "somebody was here")
    return 1
