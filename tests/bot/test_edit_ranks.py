"""What corrections do to the rank of the month, as the chat tells it (PAYROLL D14, D15, D20)."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from decimal import Decimal

import pytest

from playground.client import Emulator, Person
from playground.screens import Screen
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import log, open_edit, record, say
from tests.clock import SteppingClock

# Seeds with which Hustler's list gives each of its bonuses.
FLAT, NEXT, PREV = 1, 0, 5
NAMES = {
    FLAT: "$10.00, booked on your shift of Sun 15 Nov",
    NEXT: "+1% on your next shift",
    PREV: "1% of the net sales of the chatter before you",
}
WITHDRAWN = {FLAT: "$10.00.", NEXT: "+1% on the next shift.", PREV: "1% of the previous chatter’s sales."}


@asynccontextmanager
async def open_month(
    emulator: Emulator, service: PostgresService, clock: SteppingClock
) -> AsyncIterator[tuple[Chat, Person]]:
    """The bot, and Alice with 1,500 in her month."""
    chat = Chat(emulator, service, clock)
    alice = await chat.employee("Alice", 1001)
    log(chat, alice, clock_in="2026/11/02 09:00:00", clock_out="2026/11/02 17:00:00", Model_A="1500")
    clock.move(minutes=1)
    async with run_bot(emulator, service):
        yield chat, alice


async def correct(person: Person, amount: str) -> Screen:
    """Give the newest shift another amount; its receipt."""
    await open_edit(person)
    await person.tap("Sales of a model")
    await person.tap("Model A")
    await say(person, amount)
    await person.settled()
    return [screen for screen in await person.screens() if "is corrected" in screen.text][-1]


async def list_notices(person: Person) -> list[str]:
    """What the person was told about ranks, oldest first."""
    await person.settled()
    return [screen.text for screen in await person.screens() if "Your rank for November 2026" in screen.text]


@pytest.mark.parametrize("seed", [FLAT, NEXT, PREV], ids=["flat", "percent_next", "percent_prev"])
async def test_600_over_1500_is_hustler_50_is_rookie_and_600_is_hustler_with_the_same_bonus(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock, seed: int
) -> None:
    async with open_month(emulator, make_service(seed=seed), clock) as (_, alice):
        await record(alice, "600")
        up = (await alice.wait_for("You are a Hustler now!")).text
        assert f"Your bonus: {NAMES[seed]}" in up
        await correct(alice, "50")
        down = (await alice.wait_for("no longer 💪 Hustler")).text
        assert "Rookie" in down
        assert f"Withdrawn for now: {WITHDRAWN[seed]}" in down
        await correct(alice, "600")
        again = (await alice.wait_for("You are a Hustler again.")).text
        assert f"You have it back: {NAMES[seed]}" in again
        assert await list_notices(alice) == [up, down, again]


async def test_the_flat_bonus_goes_with_the_rank_and_comes_back_with_it_in_the_receipts(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    async with open_month(emulator, make_service(seed=FLAT), clock) as (chat, alice):
        receipt = (await record(alice, "600")).text
        assert "🎁 Flat bonus (Hustler, November 2026): 10.00" in receipt
        assert "You made $178.00" in receipt
        down = (await correct(alice, "50")).text
        assert "You made $178.00 → $123.20" in down
        back = (await correct(alice, "600")).text
        assert "🎁 Flat bonus (Hustler, November 2026): 10.00" in back
        assert "You made $123.20 → $178.00" in back
        assert chat.service.statistics.get_balance(alice.id) == Decimal("264.00") + Decimal("178.00")


async def test_a_bonus_that_was_struck_out_is_shown_so(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    async with open_month(emulator, make_service(seed=FLAT), clock) as (_, alice):
        await record(alice, "600")
        corrected = await correct(alice, "50")
        assert "<s>🎁 Flat bonus (Hustler, November 2026): 10.00</s>" in corrected.html


async def test_a_deletion_that_loses_the_rank_is_told(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    async with open_month(emulator, make_service(seed=FLAT), clock) as (_, alice):
        await record(alice, "600")
        await alice.wait_for("You are a Hustler now!")
        await open_edit(alice)
        await alice.tap("🗑 Delete")
        await alice.tap("Yes")
        await alice.wait_for("no longer 💪 Hustler")


async def test_a_slip_of_6000_for_600_ends_with_the_bonus_of_the_rank_that_was_really_reached(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    async with open_month(emulator, make_service(seed=FLAT), clock) as (chat, alice):
        await record(alice, "6000")
        shark = (await alice.wait_for("You are a Shark now!")).text
        assert "Your bonus: " in shark
        await correct(alice, "600")
        down = (await alice.wait_for("no longer 🦈 Shark")).text
        assert "💪 Hustler" in down
        assert "Your bonus: " in down
        assert "Withdrawn for now: " in down
        rank = chat.service.get_employee_rank(alice.id, 2026, 11)
        assert rank is not None
        assert rank["Current Rank"] == "Hustler"


async def test_a_percentage_that_was_used_stays_when_the_rank_is_lost_and_the_admins_hear_of_it(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    async with open_month(emulator, make_service(seed=NEXT), clock) as (chat, alice):
        olga = await chat.admin("Olga", 9001)
        await record(alice, "600", day="Yesterday", start="9 AM", end="11:00")
        clock.move(minutes=1)
        used = await record(alice, "100", day="Yesterday", start="12:00", end="14:00")
        assert "+ 1.0% bonus" in used.text
        await open_edit(alice, 1)
        await alice.tap("Total sales")
        await say(alice, "50")
        assert "You keep what you have used already" in (await alice.wait_for("no longer 💪 Hustler")).text
        assert "+1% on the next shift" in (await olga.wait_for("has used that rank’s bonus already")).text


async def test_nobody_is_told_of_a_rank_that_a_correction_leaves_as_it_is(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    async with open_month(emulator, make_service(seed=FLAT), clock) as (_, alice):
        await record(alice, "600")
        await alice.wait_for("You are a Hustler now!")
        await correct(alice, "700")
        assert len(await list_notices(alice)) == 1
