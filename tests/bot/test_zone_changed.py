"""A form that was begun before the business time zone became another: its times are asked for anew, its sales stay."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any, TypeAlias

import pytest

from config import Config
from payroll.business_time import BusinessZone
from pg_schema import PostgresSchema
from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import begin, find_receipt, open_edit, record, say, set_hour
from tests.clock import SteppingClock
from tests.databases import connect

Restart: TypeAlias = Callable[[str], AbstractAsyncContextManager[PostgresService]]
NEW_YORK = "America/New_York"


@pytest.fixture
def chat(emulator: Emulator, service: PostgresService, clock: SteppingClock) -> Chat:
    """People and a database; the bot is started by the test. It is Monday 20:00 in New York, Tuesday 10:00 in Tokyo."""
    return Chat(emulator, service, clock)


@pytest.fixture
def restart(emulator: Emulator, service: PostgresService, database: dict[str, Any]) -> Iterator[Restart]:
    """Starts the bot with another TIMEZONE."""
    services: list[PostgresService] = []

    @asynccontextmanager
    async def start(zone: str) -> AsyncIterator[PostgresService]:
        PostgresSchema(**database, config=Config(timezone=zone)).init_schema()
        rules = replace(service.rules, zone=BusinessZone.named(zone))
        services.append(PostgresService(settle_ranks=True, rules=rules, **database))
        async with run_bot(emulator, services[-1]):
            yield services[-1]

    yield start
    for one in services:
        one.close()


def say_why(old: str, new: str) -> str:
    """The sentence above the question."""
    return f"The business time zone was {old} when you began this, and is {new} now."


async def sell_so_far(alice: Person) -> None:
    """Yesterday from 9 to 5 in New York, and 500.00 of Model A; not saved yet."""
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "500")


async def test_a_tap_is_answered_by_why_the_times_are_asked_for_once_more_and_the_sales_stay(
    chat: Chat, emulator: Emulator, service: PostgresService, restart: Restart
) -> None:
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await sell_so_far(alice)
    async with restart("Asia/Tokyo") as tokyo:
        await alice.tap("Save shift")
        asked = (await alice.screen()).text
        assert say_why(NEW_YORK, "Asia/Tokyo") in asked
        assert tokyo.shifts.list_last(1001, 5) == []
        await alice.tap("Yesterday…")
        await set_hour(alice, "9 AM")
        await set_hour(alice, "5 PM")
        await alice.tap("Save shift")
        assert "is saved" in (await find_receipt(alice)).text
        (stored,) = tokyo.shifts.list_last(1001, 5)
        assert str(stored.shift.work.shift_date) == "2026-11-16"
        assert stored.shift.work.time_in.hour == 0
        assert [str(one) for one in stored.shift.work.products.values()] == ["500.00"]


async def test_a_text_is_no_answer_to_the_question_of_another_zone(
    chat: Chat, emulator: Emulator, service: PostgresService, restart: Restart
) -> None:
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await say(alice, "/shift")
        await alice.tap("Yesterday…")
    async with restart("Asia/Tokyo"):
        asked = await say(alice, "8:30")
        assert say_why(NEW_YORK, "Asia/Tokyo") in asked.text
        assert any(button.startswith("Yesterday") for button in asked.buttons)
        assert say_why(NEW_YORK, "Asia/Tokyo") not in (await say(alice, "yesterday 8:30")).text


async def test_what_was_left_is_gone_on_with_by_its_button_and_says_why(
    chat: Chat, emulator: Emulator, service: PostgresService, restart: Restart
) -> None:
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await sell_so_far(alice)
        await say(alice, "/start")
    async with restart("Asia/Tokyo"):
        menu = await say(alice, "/start")
        await alice.tap(next(button for button in menu.buttons if button.startswith("▶ Continue")))
        assert say_why(NEW_YORK, "Asia/Tokyo") in (await alice.screen()).text


async def test_a_running_shift_runs_on_and_asks_for_its_end(
    chat: Chat, emulator: Emulator, service: PostgresService, restart: Restart, clock: SteppingClock
) -> None:
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await say(alice, "/start")
        await alice.tap("Start now")
        started = service.shifts.find_running(1001)
        clock.move(hours=3)
        await say(alice, "/start")
        await alice.tap("Finish shift")
    async with restart("Asia/Tokyo") as tokyo:
        await alice.tap("No sales")
        assert say_why(NEW_YORK, "Asia/Tokyo") in (await alice.screen()).text
        assert tokyo.shifts.find_running(1001) == started


async def test_a_correction_of_sales_goes_on_and_one_of_the_clock_begins_anew(
    chat: Chat, emulator: Emulator, service: PostgresService, restart: Restart
) -> None:
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await record(alice)
        await open_edit(alice)
        await alice.tap("Sales of a model")
    async with restart("Asia/Tokyo"):
        await alice.tap("Model A")
        assert "business time zone" not in (await say(alice, "600")).text
        await open_edit(alice)
        await alice.tap("Clock in")
    async with restart(NEW_YORK):
        assert say_why("Asia/Tokyo", NEW_YORK) in (await say(alice, "9:30")).text
        assert "Clock in" in (await alice.screen()).buttons


async def test_who_is_asked_again_after_the_start_reads_why_at_once(
    chat: Chat, emulator: Emulator, service: PostgresService, restart: Restart, database: dict[str, Any]
) -> None:
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await sell_so_far(alice)
        await alice.settled()
    with connect(database) as connection:
        connection.execute("UPDATE drafts SET updated_at = updated_at - interval '30 minutes'")
    async with restart("Asia/Tokyo"):
        asked = await alice.wait_for(say_why(NEW_YORK, "Asia/Tokyo"))
        assert any(button.startswith("Yesterday") for button in asked.buttons)
