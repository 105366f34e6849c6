"""Telegram answers 5xx for an hour, the database is away for ten minutes: nothing is lost, and all goes on at once.

Time runs faster for the bot: its timers, its monotonic clock and the waits that are not on the event loop, all by the
same factor. What is measured here is told in the bot's seconds.
"""

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

from playground.faults import Outage
from tests.bot.processes import open_relay
from tests.faults.books import compare
from tests.faults.orders import Order
from tests.faults.stage import Stage, read_seed, scale, set_up, tell, time_answer

SPEED = 20.0
HOUR = 3_600.0
TEN_MINUTES = 600.0
MOST_SECONDS = 15.0
POLL_SECONDS = 30.0
WAITS_OFF_THE_LOOP = {
    "repository.database:CHECKOUT_TIMEOUT_SECONDS": 10.0,
    "psycopg_pool.base:AttemptWithBackoff.INITIAL_DELAY": 1.0,
}


def hurry(stage: Stage, speed: float) -> Order:
    """A bot whose time runs so many times faster."""
    stage.playground.world.updates.longest_poll = POLL_SECONDS / speed
    constants = {name: value / speed for name, value in WAITS_OFF_THE_LOOP.items()}
    return stage.order(sleep_speed=speed, constants=constants, clock_speed=speed)


async def test_telegram_answers_5xx_for_an_hour(database: dict[str, Any], tmp_path: Path) -> None:
    await be_without_telegram(database, tmp_path / "bot.log", scale(HOUR), SPEED)


async def be_without_telegram(database: dict[str, Any], log: Path, seconds: float, speed: float) -> None:
    """Telegram is unwell for so many seconds while everybody goes on tapping, then well again."""
    seed = read_seed()
    async with set_up(database, log, seed, people=12, patience=2.0) as stage:
        world = stage.playground.world
        await stage.bots.start(hurry(stage, speed))
        stage.crowd.begin()
        await time_answer(stage, MOST_SECONDS)
        world.set_outage(Outage.REFUSING)
        began = len(world.arrivals)
        await asyncio.sleep(seconds / speed)
        calls = [moment for moment, _ in list(world.arrivals)[began:]]
        longest = max((later - earlier for earlier, later in pairwise(calls)), default=seconds) * speed
        world.set_outage(None)
        answer = await time_answer(stage, 4 * MOST_SECONDS / speed) * speed
        await stage.finish(300)
        found = compare(database, stage.crowd.people)
        tell(
            "telegram-5xx", seed, minutes=f"{seconds / 60:.0f}", speed=speed, refused_calls=len(calls),
            longest_wait_s=f"{longest:.1f}", answer_s=f"{answer:.1f}", goals=stage.crowd.count("goals"),
            confirmed=stage.watch.checked, unstored=len(stage.watch.unstored), findings=f"[{found}]",
        )  # fmt: skip
    found.refuse_any()
    assert stage.watch.unstored == []
    assert longest <= MOST_SECONDS
    assert answer <= MOST_SECONDS


async def test_the_database_is_away_for_ten_minutes(database: dict[str, Any], tmp_path: Path) -> None:
    await be_without_database(database, tmp_path / "bot.log", scale(TEN_MINUTES), SPEED / 2)


async def be_without_database(database: dict[str, Any], log: Path, seconds: float, speed: float) -> None:
    """The database is away for so many seconds while everybody goes on tapping, then there again."""
    seed = read_seed()
    async with (
        open_relay(database) as relay,
        set_up(database, log, seed, people=12, patience=2.0, bot_database=relay.params) as stage,
    ):
        world = stage.playground.world
        await stage.bots.start(hurry(stage, speed))
        stage.crowd.begin()
        await time_answer(stage, MOST_SECONDS)
        await relay.close()
        alerts = count_alerts(stage)
        await asyncio.sleep(0.2)
        confirmed = stage.watch.checked
        await asyncio.sleep(seconds / speed)
        confirmed_meanwhile = stage.watch.checked - confirmed
        alerts = count_alerts(stage) - alerts
        texts = count_texts(stage)
        await relay.open()
        answer = await time_answer(stage, 4 * MOST_SECONDS / speed) * speed
        await stage.finish(300)
        found = compare(database, stage.crowd.people)
        tell(
            "database-away", seed, minutes=f"{seconds / 60:.0f}", speed=speed, answer_s=f"{answer:.1f}",
            told_by_toast=alerts, told_by_text=texts, confirmed_meanwhile=confirmed_meanwhile,
            waited=world.updates.known_count, goals=stage.crowd.count("goals"), confirmed=stage.watch.checked,
            unstored=len(stage.watch.unstored), findings=f"[{found}]",
        )  # fmt: skip
    found.refuse_any()
    assert stage.watch.unstored == []
    assert confirmed_meanwhile == 0
    assert alerts > 0
    assert answer <= MOST_SECONDS


def count_alerts(stage: Stage) -> int:
    """How many taps were answered by an alert."""
    return sum(press.answer is not None and press.answer.is_alert for press in stage.playground.world.presses.values())


def count_texts(stage: Stage) -> int:
    """How many messages say that the records are away."""
    return sum(
        "cannot reach my records" in message.content.text
        for chat in stage.playground.world.chats.values()
        for message in chat.messages.values()
    )


async def test_both_at_once_and_telegram_back_first(database: dict[str, Any], tmp_path: Path) -> None:
    """Telegram hangs, then the database goes away too; Telegram comes back first."""
    seed = read_seed()
    async with (
        open_relay(database) as relay,
        set_up(database, tmp_path / "bot.log", seed, people=12, patience=1.0, bot_database=relay.params) as stage,
    ):
        await stage.bots.start(stage.order())
        stage.crowd.begin()
        await time_answer(stage, MOST_SECONDS)
        stage.playground.world.set_outage(Outage.HANGING)
        await asyncio.sleep(2)
        await relay.close()
        await asyncio.sleep(2)
        stage.playground.world.set_outage(None)
        await asyncio.sleep(2)
        await relay.open()
        answer = await time_answer(stage, 2 * MOST_SECONDS)
        await stage.finish(60)
        found = compare(database, stage.crowd.people)
        tell("both-away", seed, answer_s=f"{answer:.1f}", unstored=len(stage.watch.unstored), findings=f"[{found}]")
    found.refuse_any()
    assert stage.watch.unstored == []
    assert answer <= MOST_SECONDS
