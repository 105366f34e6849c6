"""The database goes away and comes back while people chat: they hear so, and what they did is carried out by itself."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from payroll.business_time import BusinessZone
from playground.client import Emulator, Person
from postgres_service import PostgresService
from repository import database as pool
from repository.rules import Rules
from tests.bot.conftest import Chat, run_bot
from tests.bot.processes import Relay, open_relay
from tests.bot.shifts import count_shifts
from tests.clock import SteppingClock

AWAY = "I cannot reach my records right now. As soon as they are back I go on by myself."
PATIENCE = 15.0


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


@pytest.fixture
async def alice(chat: Chat) -> Person:
    """Alice, who is asked for the date of a shift."""
    person = await chat.employee("Alice", 1001)
    await person.send("/shift")
    return person


async def test_a_tap_is_answered_at_once_and_carried_out_when_the_database_is_back(alice: Person, relay: Relay) -> None:
    question = await alice.screen()
    await relay.close()
    toast = await alice.tap("Yesterday…", wait=False)
    while not (toast := await alice.toast()).is_answered:  # noqa: ASYNC110 - another process tells nobody
        await asyncio.sleep(0.05)
    assert (toast.is_alert, toast.text) == (True, AWAY)
    assert (await alice.screen()).rows == question.rows
    await relay.open()
    await alice.wait_for("What time did it start?", timeout=PATIENCE)


async def test_a_text_is_answered_once_and_carried_out_too(alice: Person, relay: Relay) -> None:
    await relay.close()
    await alice.send("/ranks", wait=False)
    await alice.wait_for(AWAY)
    await alice.send("/help", wait=False)
    await asyncio.sleep(2.0)
    assert [screen.text for screen in await alice.screens()].count(AWAY) == 1
    await relay.open()
    await alice.wait_for("How this works", timeout=PATIENCE)
    shown = [screen.text.partition("\n")[0] for screen in await alice.screens()]
    assert shown[-2:] == ["🏆 Ranks, November 2026", "How this works"]


async def test_nothing_is_confirmed_before_it_is_stored(chat: Chat, alice: Person, relay: Relay) -> None:
    await relay.close()
    sent = await alice.send("/ranks", wait=False)
    await alice.wait_for(AWAY)
    await asyncio.sleep(2.0)
    assert not await chat.emulator.is_confirmed(sent.update_id)
    await relay.open()
    await alice.wait_for("Ranks, November", timeout=PATIENCE)
    await alice.settled()
    assert await chat.emulator.is_confirmed(sent.update_id)


async def test_who_writes_later_in_the_outage_hears_of_it_too(chat: Chat, alice: Person, relay: Relay) -> None:
    boris = await chat.employee("Boris", 1002)
    await relay.close()
    await alice.send("/ranks", wait=False)
    await alice.wait_for(AWAY)
    await boris.send("/ranks", wait=False)
    await boris.wait_for(AWAY, timeout=3.0)
    await relay.open()
    for person in (alice, boris):
        await person.wait_for("Ranks, November", timeout=PATIENCE)


async def test_a_finish_into_the_outage_saves_one_shift(chat: Chat, alice: Person, relay: Relay) -> None:
    for button in ("Yesterday…", "9 AM", "5 PM"):
        await alice.tap(button)
    await relay.close()
    await alice.tap("No sales", wait=False)
    await asyncio.sleep(1.0)
    await relay.open()
    await alice.wait_for("is saved", timeout=PATIENCE)
    assert await asyncio.to_thread(count_shifts, chat) == 1
