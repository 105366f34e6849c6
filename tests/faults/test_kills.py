"""Kills at named points: nothing lost, nothing doubled, the books in balance, every dialogue can be finished."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.databases import DatabaseServer, fetch_all, temporary_database
from tests.faults.books import Findings, compare
from tests.faults.kills import Toll, kill_bots
from tests.faults.stage import read_seed, scale, set_up, tell

KILLS = 5_000
NAMED_POINTS = 40
PEOPLE = 12
FINISH_SECONDS = 300.0
OPEN_DRAFTS = "SELECT draft_id FROM drafts WHERE state = 'open'"
STATES = "SELECT state, count(*) FROM drafts WHERE draft_id = ANY(%s) GROUP BY state"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one crowd whose bots were killed; `drafts` are those open at the last kill, by their state now."""

    toll: Toll
    findings: Findings
    drafts: Counter[str]
    counts: Counter[str]
    unstored: list[int] = field(default_factory=list)


async def test_wherever_it_is_killed_nothing_is_lost_or_doubled(
    server: DatabaseServer, template: str, tmp_path: Path
) -> None:
    """Two crowds at once, each with its own bots and database: the machine has two cores."""
    seed, kills = read_seed(), scale(KILLS)
    with temporary_database(server, template) as one, temporary_database(server, template) as other:
        async with asyncio.TaskGroup() as both:
            tasks = [
                both.create_task(be_killed(database, tmp_path / f"{number}.log", seed + number, -(-kills // 2)))
                for number, database in enumerate((one, other))
            ]
    judge([task.result() for task in tasks], seed, kills)


async def be_killed(database: dict[str, Any], log: Path, seed: int, kills: int, *, people: int = PEOPLE) -> Outcome:
    """So many bots are killed under a crowd, then one lives and everybody finishes what they began."""
    async with set_up(database, log, seed, people=people, strangers=3, patience=0.7) as stage:
        stage.crowd.begin()
        toll = await kill_bots(stage, kills)
        open_drafts = [draft_id for (draft_id,) in fetch_all(database, OPEN_DRAFTS)]
        await stage.bots.start(stage.order())
        await stage.finish(FINISH_SECONDS)
        counts = Counter({name: stage.crowd.count(name) for name in ("goals", "actions", "repeats")})
        counts["confirmed"] = stage.watch.checked
        drafts = Counter(dict(fetch_all(database, STATES, open_drafts)))
        return Outcome(toll, compare(database, stage.crowd.people), drafts, counts, stage.watch.unstored)


def judge(outcomes: list[Outcome], seed: int, kills: int) -> None:
    """Print the counts of all crowds and refuse what must not be."""
    killed = sum((one.toll.killed for one in outcomes), Counter[str]())
    drafts = sum((one.drafts for one in outcomes), Counter[str]())
    counts = sum((one.counts for one in outcomes), Counter[str]())
    unstored = [update_id for one in outcomes for update_id in one.unstored]
    tell(
        "kills-at-points", seed, kills=killed.total(), points=len(killed), **counts, unstored=len(unstored),
        drafts_then_open=drafts.total(), finished=drafts["saved"], begun_anew=drafts["cancelled"],
        findings=" + ".join(f"[{one.findings}]" for one in outcomes),
    )  # fmt: skip
    for one in outcomes:
        one.findings.refuse_any()
    assert unstored == []
    assert drafts["open"] == 0
    assert killed.total() >= kills
    assert len(killed) >= min(NAMED_POINTS, kills // 4)
