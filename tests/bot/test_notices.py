"""Messages that come by themselves: ranks, and what happens to one that cannot arrive."""

import asyncio
import logging

import pytest

from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import log
from tests.clock import SteppingClock
from tests.databases import fetch_all

MORNING = {"clock_in": "2026/11/10 06:00:00", "clock_out": "2026/11/10 08:00:00"}
NOON = {"clock_in": "2026/11/10 09:00:00", "clock_out": "2026/11/10 17:00:00"}


async def started(chat: Chat, name: str, telegram_id: int) -> Person:
    """An employee who has written to the bot before."""
    person = await chat.employee(name, telegram_id)
    await person.send("/start")
    return person


async def change(chat: Chat, shift_id: int, product: str, amount: str) -> None:
    await asyncio.to_thread(chat.service.update_shift_field, shift_id, product, amount)


async def poke(person: Person) -> None:
    """Write something: what waits is sent after every update."""
    await person.send("/help")


async def test_a_rank_reached_lost_and_reached_again_is_told_each_time(chat: Chat) -> None:
    alice = await started(chat, "Alice", 1001)
    await asyncio.to_thread(log, chat, alice, **MORNING, Model_A="1500")
    shift_id = await asyncio.to_thread(log, chat, alice, **NOON, Model_A="600")
    await poke(alice)
    up = await alice.wait_for("You are a Hustler now!")
    assert up.text.splitlines()[0] == "💪 You are a Hustler now!"
    bonus = up.text.partition("🎁 Your bonus: ")[2].splitlines()[0]
    assert bonus == "$10.00, booked on your shift of Tue 10 Nov"
    assert "Your rank for November 2026." in up.text

    await change(chat, shift_id, "Model A", "50")
    await poke(alice)
    down = await alice.wait_for("After a correction you are 🧑‍🚀 Rookie, no longer 💪 Hustler.")
    assert "Withdrawn for now: $10.00." in down.text

    await change(chat, shift_id, "Model A", "600")
    await poke(alice)
    again = await alice.wait_for("You are a Hustler again.")
    assert f"🎁 You have it back: {bonus}" in again.text
    await alice.settled()
    assert sum("Hustler now" in screen.text for screen in await alice.screens()) == 1


async def test_the_text_of_the_rank_comes_with_it(chat: Chat) -> None:
    alice = await started(chat, "Alice", 1001)
    await asyncio.to_thread(log, chat, alice, **NOON, Model_A="2000")
    await poke(alice)
    text = chat.service.get_rank_text("Hustler")
    assert text in (await alice.wait_for("You are a Hustler now!")).text


async def test_notices_come_beside_the_screen_one_is_on(chat: Chat) -> None:
    alice = await started(chat, "Alice", 1001)
    await asyncio.to_thread(log, chat, alice, **NOON, Model_A="2000")
    await poke(alice)
    await alice.wait_for("You are a Hustler now!")
    help_screen = await alice.wait_for("How this works")
    assert help_screen.buttons == ("Main menu",)


async def test_what_waits_is_sent_at_the_start(
    emulator: Emulator, service: PostgresService, clock: SteppingClock
) -> None:
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service):
        alice = await started(chat, "Alice", 1001)
    await asyncio.to_thread(log, chat, alice, **NOON, Model_A="2000")
    async with run_bot(emulator, service):
        await alice.wait_for("You are a Hustler now!")


async def test_a_notice_that_cannot_arrive_does_not_hold_up_the_others(chat: Chat, database: dict[str, object]) -> None:
    boris = await started(chat, "Boris", 1002)
    await boris.block()
    await chat.employee("Chen", 1003)
    alice = await started(chat, "Alice", 1001)
    for person_id in (1002, 1003, 1001):
        await asyncio.to_thread(chat.service.outbox.add, person_id, "welcome", {})
    await asyncio.to_thread(chat.service.people.ensure_employee, -1, "Without an account")
    await asyncio.to_thread(chat.service.outbox.add, -1, "welcome", {})
    await poke(alice)
    await alice.wait_for("Welcome to the team!")
    await alice.settled()
    rows = fetch_all(
        database,
        "SELECT employee_id, sent_at IS NOT NULL, error FROM outbox WHERE employee_id IS NOT NULL ORDER BY outbox_id",
    )
    assert [row[:2] for row in rows] == [(1002, False), (1003, False), (1001, True), (-1, False)]
    assert "blocked" in rows[0][2]
    assert "initiate" in rows[1][2]
    assert rows[3][2] == "no Telegram account"


async def test_a_notice_waits_while_telegram_does_not_answer(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    alice = await started(chat, "Alice", 1001)
    await asyncio.to_thread(chat.service.outbox.add, 1001, "welcome", {})
    await alice.settled()
    await chat.emulator.fail("sendMessage", 429, "Too Many Requests: retry after 1", parameters={"retry_after": 1})
    await alice.send("/help", wait=False)
    await alice.wait_for("Welcome to the team!")
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_the_admins_are_told_of_a_failure_and_the_person_hears_sorry(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    olga, alice = await chat.admin("Olga", 9001), await started(chat, "Alice", 1001)

    def fail(*_: object) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr(chat.service.statistics, "get_ledger_end", fail)
    await alice.send("/balance", wait=False)
    await alice.wait_for("Something went wrong on my side")
    await olga.wait_for("Something went wrong while I answered somebody")
    await alice.tap("Main menu")
    assert "Hi, Alice!" in (await alice.screen()).text


async def test_a_notice_that_nobody_has_words_for_is_set_aside(chat: Chat, database: dict[str, object]) -> None:
    alice = await started(chat, "Alice", 1001)
    await asyncio.to_thread(chat.service.outbox.add, 1001, "nonsense", {})
    await asyncio.to_thread(chat.service.outbox.add, 1001, "rank_up", {})
    await asyncio.to_thread(chat.service.outbox.add, 1001, "welcome", {})
    await poke(alice)
    await alice.wait_for("Welcome to the team!")
    rows = fetch_all(database, "SELECT error FROM outbox WHERE employee_id IS NOT NULL ORDER BY outbox_id")
    assert rows == [("no words",), ("no words",), (None,)]
