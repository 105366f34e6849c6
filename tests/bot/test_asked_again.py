"""After an outage in which presses may have been lost, open dialogues are asked again, once."""

import asyncio
from typing import Any

import pytest

from bot.delivery import poller
from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import begin, find_receipt
from tests.clock import SteppingClock
from tests.databases import connect

BACK = "I am back. This is where we were:"


@pytest.fixture
def chat(emulator: Emulator, service: PostgresService, clock: SteppingClock) -> Chat:
    """People and a database; the bot is started by the test."""
    return Chat(emulator, service, clock)


def let_pass(database: dict[str, Any], minutes: int) -> None:
    """Time goes by in which nobody touches a dialogue."""
    with connect(dict(database)) as connection:
        connection.execute("UPDATE drafts SET updated_at = updated_at - make_interval(mins => %s)", [minutes])


async def ask_amount(chat: Chat, emulator: Emulator, service: PostgresService) -> Person:
    """Alice, whom the bot asked for a model before it ended."""
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await begin(alice)
        await alice.settled()
    return alice


async def test_after_a_long_pause_the_question_is_asked_again_and_can_be_answered(
    chat: Chat, emulator: Emulator, service: PostgresService, database: dict[str, Any]
) -> None:
    alice = await ask_amount(chat, emulator, service)
    question = await alice.screen()
    let_pass(database, 30)
    async with run_bot(emulator, service):
        asked = await alice.wait_for(BACK)
        assert asked.rows == question.rows
        await alice.settled()
        assert [screen.message_id for screen in await alice.screens()] == [asked.message_id]
        await alice.tap("No sales")
        assert "is saved" in (await find_receipt(alice)).text


async def test_it_is_asked_once_however_often_the_bot_starts(
    chat: Chat, emulator: Emulator, service: PostgresService, database: dict[str, Any]
) -> None:
    alice = await ask_amount(chat, emulator, service)
    let_pass(database, 30)
    for _ in range(3):
        async with run_bot(emulator, service):
            await alice.wait_for(BACK)
            await asyncio.sleep(0.3)
    assert sum(BACK in screen.text for screen in await alice.screens()) == 1


@pytest.mark.parametrize("minutes", [0, 2, 25 * 60])
async def test_after_a_short_pause_or_a_day_nobody_is_asked(
    chat: Chat, emulator: Emulator, service: PostgresService, database: dict[str, Any], minutes: int
) -> None:
    alice = await ask_amount(chat, emulator, service)
    let_pass(database, minutes)
    async with run_bot(emulator, service):
        await asyncio.sleep(0.4)
    assert not any(BACK in screen.text for screen in await alice.screens())


async def test_an_outage_of_telegram_ends_with_the_question_too(
    chat: Chat, emulator: Emulator, service: PostgresService, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poller, "OUTAGE_SECONDS", 1.5)
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await begin(alice)
        await alice.settled()
        await emulator.go_away("5xx")
        await asyncio.sleep(1.6)
        let_pass(database, 30)
        await emulator.come_back()
        await alice.wait_for(BACK, timeout=10)
