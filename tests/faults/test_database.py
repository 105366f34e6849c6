"""The database goes away under load: power cuts, answers to COMMIT that are lost, ten minutes without it."""

import asyncio
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import own_postgres
from pg_schema import PostgresSchema
from tests.faults.books import compare
from tests.faults.cluster import restart_immediately
from tests.faults.commit_relay import CommitRelay
from tests.faults.stage import read_seed, scale, set_up, tell, time_answer, wait_until

RESTARTS = 100
LOST_COMMITS = 20
MOST_SECONDS = 15.0


@pytest.fixture
def durable(run_dir: Path) -> Iterator[dict[str, Any]]:
    """A database on a server of its own with the settings of a real one, which can be torn down."""
    with own_postgres.lease(run_dir / "durable", database="restarts") as lease:
        PostgresSchema(**lease.params).init_schema()
        yield lease.params


async def test_the_power_is_cut_again_and_again(durable: dict[str, Any], run_dir: Path, tmp_path: Path) -> None:
    await be_restarted(durable, run_dir / "durable", tmp_path / "bot.log", scale(RESTARTS))


async def be_restarted(database: dict[str, Any], data_dir: Path, log: Path, restarts: int) -> None:
    """The server is torn down so many times while people work."""
    seed = read_seed()
    dice, waits = random.Random(seed), [0.0]
    async with set_up(database, log, seed, people=12, strangers=2, patience=1.5) as stage:
        await stage.bots.start(stage.order())
        stage.crowd.begin()
        await time_answer(stage, MOST_SECONDS)
        for _ in range(restarts):
            await asyncio.sleep(dice.uniform(0.0, 0.8))
            await asyncio.to_thread(restart_immediately, data_dir)
            waits.append(await time_answer(stage, 2 * MOST_SECONDS))
        await stage.finish(300)
        found = compare(database, stage.crowd.people)
        tell(
            "power-cuts", seed, restarts=restarts, slowest_answer_s=f"{max(waits):.2f}",
            goals=stage.crowd.count("goals"), confirmed=stage.watch.checked, looked_up_later=stage.watch.checked_later,
            unstored=len(stage.watch.unstored), findings=f"[{found}]",
        )  # fmt: skip
    found.refuse_any()
    assert stage.watch.unstored == []
    assert max(waits) <= MOST_SECONDS


async def test_answers_to_commits_are_lost(database: dict[str, Any], tmp_path: Path) -> None:
    await lose_commits(database, tmp_path / "bot.log", scale(LOST_COMMITS))


async def lose_commits(database: dict[str, Any], log: Path, commits: int) -> None:
    """So many commits go through without the bot being told."""
    seed = read_seed()
    dice = random.Random(seed)
    relay = CommitRelay(database)
    await relay.open()
    try:
        async with set_up(database, log, seed, people=12, patience=1.5, bot_database=relay.params) as stage:
            await stage.bots.start(stage.order())
            stage.crowd.begin()
            await time_answer(stage, MOST_SECONDS)
            while relay.lost < commits:
                await asyncio.sleep(dice.uniform(0.1, 0.5))
                relay.to_lose += 1
                await wait_until(lambda: relay.to_lose == 0, MOST_SECONDS, stage.crowd.check)
            await stage.finish(300)
            found = compare(database, stage.crowd.people)
            tell(
                "lost-commits", seed, lost_answers=relay.lost, goals=stage.crowd.count("goals"),
                confirmed=stage.watch.checked, unstored=len(stage.watch.unstored), findings=f"[{found}]",
            )  # fmt: skip
    finally:
        await relay.close()
    found.refuse_any()
    assert stage.watch.unstored == []
