"""`kill -9` at random steps of the mirror's runs: the next run ends with the sheet as the database."""

import os
import random
from typing import Any

from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.sheets.kills import kill_runs
from tests.sheets.mirrors import open_mirror

KILLS = int(os.environ.get("KILLS", "200"))


def test_killed_at_any_of_its_steps_the_next_run_makes_it_good(
    database: dict[str, Any], clock: SteppingClock, service: PostgresService
) -> None:
    seed = int(os.environ.get("FAULT_SEED", random.randrange(10**6)))
    service.people.ensure_owner(900_001)
    with open_mirror(database, clock) as mirror:
        toll = kill_runs(mirror, service, KILLS, seed)
        kept = [sheet.title for sheet in mirror.book.sheets if "(kept" in sheet.title]
    print(
        f"\nmirror-kills: seed={seed} killed={toll.killed} ended={toll.ended} steps={len(toll.steps)} "
        f"damaged={toll.damaged} kept={len(kept)} differences=0"
    )
    assert toll.killed == KILLS
    assert len(kept) <= toll.damaged
