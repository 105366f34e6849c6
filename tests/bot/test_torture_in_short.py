"""The short form of each torture in tests/faults: the same crowd, bots and checks, with small numbers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import own_postgres
from pg_schema import PostgresSchema
from tests.faults.stage import read_seed
from tests.faults.test_database import be_restarted, lose_commits
from tests.faults.test_kills import be_killed, judge
from tests.faults.test_notices import be_told
from tests.faults.test_outages import be_without_database, be_without_telegram
from tests.faults.test_process_kills import be_killed as processes_be_killed
from tests.faults.test_redelivery import be_delivered_again

SEED = 1


@pytest.fixture
def torn_down(run_dir: Path) -> Iterator[dict[str, Any]]:
    """A database on a server of its own that can be torn down."""
    with own_postgres.lease(run_dir / "torn-down", database="torn_down") as lease:
        PostgresSchema(**lease.params).init_schema()
        yield lease.params


@pytest.fixture(autouse=True)
def seed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same each time."""
    monkeypatch.setenv("FAULT_SEED", str(SEED))


async def test_30_kills_at_named_points(database: dict[str, Any], tmp_path: Path) -> None:
    seed = read_seed()
    judge([await be_killed(database, tmp_path / "bot.log", seed, 30, people=8)], seed, 30)


async def test_2_kills_of_the_process(database: dict[str, Any], tmp_path: Path) -> None:
    await processes_be_killed(database, tmp_path, 2)


async def test_2000_updates_of_which_a_third_comes_again(database: dict[str, Any], tmp_path: Path) -> None:
    await be_delivered_again(database, tmp_path / "bot.log", 2_000, people=20)


async def test_3_power_cuts(torn_down: dict[str, Any], run_dir: Path, tmp_path: Path) -> None:
    await be_restarted(torn_down, run_dir / "torn-down", tmp_path / "bot.log", 3)


async def test_3_answers_to_commits_are_lost(database: dict[str, Any], tmp_path: Path) -> None:
    await lose_commits(database, tmp_path / "bot.log", 3)


async def test_a_minute_of_5xx(database: dict[str, Any], tmp_path: Path) -> None:
    await be_without_telegram(database, tmp_path / "bot.log", 60, 20)


async def test_a_minute_without_database(database: dict[str, Any], tmp_path: Path) -> None:
    await be_without_database(database, tmp_path / "bot.log", 60, 10)


async def test_60_notices_under_the_limits(database: dict[str, Any], tmp_path: Path) -> None:
    await be_told(database, tmp_path / "bot.log", 60, people=30)
