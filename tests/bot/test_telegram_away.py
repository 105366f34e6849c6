"""While Telegram is away one call asks for everybody whether it is back, the log stays short, and nothing is lost."""

import asyncio
import logging
from typing import Any

import pytest

from bot.delivery import reach, sender
from playground.client import Emulator
from playground.faults import Outage
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.test_outbox import wait_until, wait_until_sent
from tests.clock import SteppingClock
from tests.databases import connect, fetch_all

CHATS = 50
AT_ONCE = sender.MOST_SCREENS + sender.MOST_NOTICES


@pytest.fixture
async def waiting(
    emulator: Emulator,
    service: PostgresService,
    clock: SteppingClock,
    database: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> Chat:
    """Fifty chats in which something is to be said, and a bot that has not said it yet. Time is short."""
    monkeypatch.setattr(reach, "FIRST_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(reach, "LONGEST_WAIT_SECONDS", 0.2)
    chat = Chat(emulator, service, clock)
    people = [await chat.employee(f"Person {number}", 1000 + number) for number in range(CHATS)]
    for person in people:
        await person.send("/start", wait=False)
    with connect(database) as connection:
        connection.execute("INSERT INTO outbox (employee_id, kind) SELECT employee_id, 'welcome' FROM employees")
        connection.execute(
            "INSERT INTO outbox (chat_id, kind, payload) SELECT telegram_id, 'letter', '{\"text\": \"hello\"}'"
            "  FROM employees"
        )
    return chat


@pytest.mark.parametrize("kind", [Outage.REFUSING, Outage.PAGE, Outage.CLOSING])
async def test_one_call_asks_for_all_chats_and_everything_arrives_afterwards(
    waiting: Chat, database: dict[str, Any], caplog: pytest.LogCaptureFixture, kind: Outage
) -> None:
    caplog.set_level(logging.INFO)
    emulator = waiting.emulator
    async with run_bot(emulator, waiting.service):
        await emulator.go_away(kind)
        caplog.clear()
        asked, sent = await emulator.count_attempts("getMe"), await emulator.count_attempts("sendMessage")
        polled = await emulator.count_attempts("getUpdates")

        async def has_asked_often() -> bool:
            return await emulator.count_attempts("getMe") > asked + 12

        await wait_until(has_asked_often)
        assert await emulator.count_attempts("sendMessage") - sent <= AT_ONCE
        assert await emulator.count_attempts("getUpdates") - polled <= 2
        assert len([line for line in caplog.messages if "elegram" in line]) == 1
        await emulator.come_back()
        await wait_until_sent(database)
    assert len([line for line in caplog.messages if "elegram" in line]) == 2
    assert fetch_all(database, "SELECT error FROM outbox WHERE failed_at IS NOT NULL") == []


async def test_an_outage_that_lasts_is_logged_now_and_then_and_its_end_too(
    emulator: Emulator, service: PostgresService, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(reach, "FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(reach, "LONGEST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr(reach, "REMIND_SECONDS", 0.3)

    def count(text: str) -> int:
        return sum(text in line for line in caplog.messages)

    async def is_told_twice() -> bool:
        return count("has not answered for") >= 2

    async def is_told_to_be_back() -> bool:
        return count("answers again, after") == 1

    async with run_bot(emulator, service):
        await emulator.go_away(Outage.CLOSING)
        await wait_until(is_told_twice)
        assert count("Telegram does not answer") == 1
        await emulator.come_back()
        await wait_until(is_told_to_be_back)


async def test_one_call_that_is_not_heard_is_no_outage(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    await chat.emulator.fail("sendMessage", 502, "Bad Gateway")
    await alice.send("/ranks")
    await alice.wait_for("Ranks, November")
    assert [line for line in caplog.messages if "Telegram does not answer" in line] == []


async def test_a_message_that_is_too_large_is_given_up(chat: Chat, database: dict[str, Any]) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    await chat.emulator.fail("sendMessage", 413, "Request Entity Too Large")
    await asyncio.to_thread(chat.service.outbox.add, 1001, "welcome", {})
    await alice.send("/ranks")
    await wait_until_sent_or_failed(database)
    assert len(fetch_all(database, "SELECT FROM outbox WHERE failed_at IS NOT NULL")) == 1


async def wait_until_sent_or_failed(database: dict[str, Any]) -> None:
    query = "SELECT FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL"

    async def is_over() -> bool:
        return not await asyncio.to_thread(fetch_all, database, query)

    await wait_until(is_over)
