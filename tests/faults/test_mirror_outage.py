"""An hour of 429, then a dead network, in the middle of changes, on a simulated clock."""

import os
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pg_schema import PostgresSchema
from postgres_service import PostgresService
from sheets_backup.mirror import run_mirror
from sheets_backup.quota import Pace
from tests.fake_sheets.server import FakeSheets, Fault, serve
from tests.sheets.kills import assert_same
from tests.sheets.mirrors import Mirror, Seconds, make_config
from tests.sheets.shifts import MARCH, record

MINUTE = 60.0
APPLIED = (Fault.APPLIED_BUT_UNANSWERED, Fault.APPLIED_BUT_503, Fault.CUT_OFF)


@dataclass(frozen=True, slots=True)
class WallClock:
    """The time of the day that goes with seconds."""

    seconds: Seconds
    began: datetime

    def __call__(self) -> datetime:
        return self.began + timedelta(seconds=int(self.seconds.now))


def say_what(now: Callable[[], float], rng: random.Random) -> Callable[[str], Fault | None]:
    """20 good minutes, 60 of 429, 20 of a dead network, 20 of answers that are lost, and good again."""

    def fault(_: str) -> Fault | None:
        minute = now() / MINUTE
        if 20 <= minute < 80:
            return Fault.TOO_MANY
        if 80 <= minute < 100:
            return Fault.REFUSED
        if 100 <= minute < 120:
            return rng.choice(APPLIED) if rng.random() < 0.7 else None
        return None

    return fault


def test_an_hour_of_429_and_a_dead_network_end_in_one_catch_up(
    database: dict[str, Any], service: PostgresService
) -> None:
    seed = int(os.environ.get("FAULT_SEED", random.randrange(10**6)))
    rng = random.Random(seed)
    service.people.ensure_owner(900_001)
    seconds = Seconds(0.0)
    clock = WallClock(seconds, datetime.fromisoformat("2026-12-01T12:00:00Z"))
    pace = Pace(now=seconds, sleep=seconds.sleep, jitter=rng.random)
    errors: Counter[str] = Counter()
    changes = 0
    with serve(FakeSheets(clock=seconds, standing=say_what(seconds, rng))) as fake:
        config = make_config(fake)
        PostgresSchema(**database, config=config).init_schema()
        while seconds.now < 150 * MINUTE:
            for _ in range(rng.randrange(4)):
                changes += 1
                change(service, rng, changes)
            report = run_mirror(config, database, clock=clock, pace=pace)
            errors[type(report.error).__name__ if report.error else "ok"] += 1
            seconds.now = max(seconds.now, (seconds.now // (5 * MINUTE) + 1) * 5 * MINUTE)
        mirror = Mirror(database, fake, clock, seconds)  # type: ignore[arg-type]
        mirror.run_well()
        assert_same(mirror)
        shown: list[Any] = [row[0] for row in fake.book.get_sheet("Shifts").read_all()[1:] if row]
        titles = [sheet.title for sheet in fake.book.sheets]
        busiest = {kind: fake.find_busiest_minute(is_write=kind == "writes") for kind in ("reads", "writes")}
        print(
            f"\nmirror-outage: seed={seed} changes={changes} runs={dict(errors)} calls={len(fake.calls)} "
            f"busiest_minute={busiest} doubled={len(shown) - len(set(shown))} "
            f"missing={len(service.get_all_shifts()) - len(shown)}"
        )
        assert sorted(shown) == sorted(shift["ID"] for shift in service.get_all_shifts())
        assert len(titles) == len(set(titles))
        assert not [title for title in titles if "(kept" in title]
        assert max(busiest.values()) <= 60
        assert len(mirror.list_notices("mirror_failing")) == 1
        assert errors["UnavailableError"] >= 10


def change(service: PostgresService, rng: random.Random, number: int) -> None:
    ids = [shift["ID"] for shift in service.get_all_shifts()]
    match rng.randrange(4) if ids else 0:
        case 0 | 1:
            person, amount = 101 + rng.randrange(3), str(rng.randrange(1, 900))
            record(service, number, employee_id=person, first_day=MARCH, Model_A=amount)
        case 2:
            service.update_total_sales(rng.choice(ids), rng.randrange(1, 900))
        case _:
            service.shifts.delete(rng.choice(ids))
