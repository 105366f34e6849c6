"""The database goes away and comes back while people chat."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from payroll.business_time import BusinessZone
from playground.client import Emulator
from postgres_service import PostgresService
from repository import database as pool
from repository.rules import Rules
from tests.bot.conftest import Chat, run_bot
from tests.bot.processes import Relay, open_relay
from tests.clock import SteppingClock


@pytest.fixture
async def relay(database: dict[str, Any]) -> AsyncIterator[Relay]:
    """The way to the test's database."""
    async with open_relay(database) as way:
        yield way


@pytest.fixture
async def chat(
    emulator: Emulator, relay: Relay, clock: SteppingClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Chat]:
    """A bot that reaches its database through the relay, and gives up on it sooner than a real one."""
    monkeypatch.setattr(pool, "CHECKOUT_TIMEOUT_SECONDS", 1.0)
    rules = Rules(BusinessZone.named("America/New_York"), clock=clock)
    service = PostgresService(settle_ranks=True, rules=rules, **relay.params)
    async with run_bot(emulator, service):
        yield Chat(emulator, service, clock)
    service.close()


async def test_people_hear_so_and_go_on_where_they_were_once_it_is_back(chat: Chat, relay: Relay) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/shift")
    question = await alice.screen()
    await relay.close()
    toast = await alice.tap("Yesterday")
    assert toast.is_alert
    assert toast.text.startswith("I cannot reach my records right now. Nothing was saved.")
    assert (await alice.screen()).rows == question.rows
    await relay.open()
    await asyncio.sleep(0.1)
    for _ in range(10):
        toast = await alice.tap("Yesterday")
        if not toast.is_alert:
            break
    assert "9 AM" in (await alice.screen()).buttons


async def test_a_text_is_answered_too(chat: Chat, relay: Relay) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    await relay.close()
    await alice.send("/stats", wait=False)
    await alice.wait_for("I cannot reach my records right now.")
