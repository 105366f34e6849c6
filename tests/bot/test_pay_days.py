"""What the bot tells by itself around a pay day. The clock says Monday 2026-11-16 20:00 in New York."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.jobs import Jobs
from payroll.settings import SettingKey
from playground.client import Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat
from tests.bot.shifts import say
from tests.bot.test_periods import work
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.owners import SECOND_HALF

BOARD = [("leaderboard", 1001), ("leaderboard", 9001)]
MINE = ("confirm_period", "periods_wait", "leaderboard")


@pytest.fixture
async def team(chat: Chat, clock: SteppingClock) -> tuple[Person, Person]:
    """An employee and an owner; the jobs have been seen on the 17th, a shift was worked on the 16th."""
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await say(alice, "/start")
    await look(chat, clock, "2026-11-17T12:00-05:00")
    await work(chat, alice, (16,))
    return alice, olga


async def look(chat: Chat, clock: SteppingClock, at: str) -> None:
    """The bot looks at a moment for what is due."""
    clock.now = datetime.fromisoformat(at).astimezone(UTC)
    await Jobs(chat.service).tick()


def list_told(database: dict[str, Any]) -> list[tuple[str, int]]:
    """What was told to whom by these jobs."""
    rows = fetch_all(database, "SELECT kind, employee_id FROM outbox WHERE employee_id IS NOT NULL ORDER BY outbox_id")
    return sorted((kind, employee_id) for kind, employee_id in rows if kind in MINE)


async def test_the_day_before_the_pay_day_everybody_is_asked_in_the_morning_and_once(
    chat: Chat, team: tuple[Person, Person], clock: SteppingClock, database: dict[str, Any]
) -> None:
    await look(chat, clock, "2026-11-30T08:59-05:00")
    assert list_told(database) == []
    await look(chat, clock, "2026-11-30T09:00-05:00")
    assert list_told(database) == [("confirm_period", 1001)]
    await look(chat, clock, "2026-11-30T21:00-05:00")
    assert list_told(database) == [("confirm_period", 1001)]
    told = await team[0].wait_for("complete?")
    assert "Is your pay period 2026/11/15 – 2026/11/30 complete?" in told.text


async def test_who_was_off_on_that_day_asks_when_back_and_the_pay_day_is_told_to_the_admins(
    chat: Chat, team: tuple[Person, Person], clock: SteppingClock, database: dict[str, Any]
) -> None:
    await look(chat, clock, "2026-12-02T03:00-05:00")
    assert list_told(database) == [("confirm_period", 1001), *BOARD, ("periods_wait", 9001)]
    told = await team[1].wait_for("Pay day!")
    assert told.text.splitlines() == [
        "🗓 Pay day! The pay period 2026/11/15 – 2026/11/30 waits to be closed for one person.",
        "One of them has not said yet whether it is complete.",
    ]
    await team[1].tap("Show the pay period")
    assert "🟢 Alice · balance $160.00 · not confirmed" in (await team[1].screen()).text


async def test_who_has_confirmed_is_not_asked_and_nothing_closes_by_itself(
    chat: Chat, team: tuple[Person, Person], clock: SteppingClock, database: dict[str, Any]
) -> None:
    alice = chat.service.people.get(1001)
    await asyncio.to_thread(chat.service.periods.confirm, 1001, clock.now.date(), actor=alice)
    for day in ("11-30", "12-01", "12-05"):
        await look(chat, clock, f"2026-{day}T12:00-05:00")
    assert list_told(database) == [*BOARD, ("periods_wait", 9001)]
    assert fetch_all(database, "SELECT state FROM pay_periods") == [("open",)]


async def test_what_is_closed_on_the_pay_day_is_not_told_to_be_waiting(
    chat: Chat, team: tuple[Person, Person], clock: SteppingClock, database: dict[str, Any]
) -> None:
    clock.now = datetime.fromisoformat("2026-12-01T07:00-05:00").astimezone(UTC)
    olga = chat.service.people.get(9001)
    await asyncio.to_thread(chat.service.periods.close, SECOND_HALF, actor=olga)
    await look(chat, clock, "2026-12-01T09:00-05:00")
    assert [told for told in list_told(database) if told[0] == "periods_wait"] == []


async def test_how_many_days_before_is_a_setting(
    chat: Chat, team: tuple[Person, Person], clock: SteppingClock, database: dict[str, Any]
) -> None:
    olga = chat.service.people.get(9001)
    await asyncio.to_thread(chat.service.settings.change, SettingKey.REMINDER_DAYS, "2", actor=olga)
    await look(chat, clock, "2026-11-29T09:30-05:00")
    assert list_told(database) == [("confirm_period", 1001)]
    await asyncio.to_thread(chat.service.settings.change, SettingKey.REMINDER_DAYS, "1", actor=olga)
    await look(chat, clock, "2026-11-30T09:30-05:00")
    assert list_told(database) == [("confirm_period", 1001)]


async def test_on_the_first_the_past_months_leaderboard_is_told_to_the_team(
    chat: Chat, team: tuple[Person, Person], clock: SteppingClock, database: dict[str, Any]
) -> None:
    alice, _ = team
    boris = await chat.employee("Boris", 1002)
    await work(chat, boris, (16,), "1000")
    await look(chat, clock, "2026-12-01T09:00-05:00")
    told = await alice.wait_for("Who sold most")
    assert told.text.splitlines() == [
        "🏁 November 2026 is over. Who sold most:",
        "",
        "🥇 Boris · $1,000.00",
        "🥈 Alice · $500.00",
        "",
        "You: place 2 with $500.00.",
    ]
    assert [told for told in list_told(database) if told[0] == "leaderboard"] == [
        ("leaderboard", 1001), ("leaderboard", 1002), ("leaderboard", 9001),
    ]  # fmt: skip


async def test_where_the_leaderboard_is_switched_off_nobody_is_told(
    chat: Chat, team: tuple[Person, Person], clock: SteppingClock, database: dict[str, Any], service: PostgresService
) -> None:
    owner = service.people.get(9001)
    await asyncio.to_thread(service.settings.change, SettingKey.LEADERBOARD_SHOWN, "false", actor=owner)
    await look(chat, clock, "2026-12-01T09:00-05:00")
    assert "leaderboard" not in [kind for kind, _ in list_told(database)]
