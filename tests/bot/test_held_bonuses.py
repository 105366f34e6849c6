"""The desk of bonuses: one given, one that waits withdrawn; the person reads of both."""

import asyncio
from typing import Any

import pytest

from payroll.offers import BonusOffer, BonusType
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import record, say
from tests.owners import list_audited, list_booked, usd


async def open_bonuses(admin: Person, name: str) -> None:
    """A person's bonuses, by taps."""
    await say(admin, "/admin")
    await admin.tap("🎁 Bonuses")
    await admin.tap(name)


async def give(chat: Chat, admin: Person, person: Person) -> int:
    """An amount of 10.00, past the chat; the bonus's number."""
    actor = chat.find(admin)
    assert actor is not None
    offer = BonusOffer(BonusType.FLAT, usd(10))
    held = await asyncio.to_thread(chat.service.bonuses.grant, person.id, offer, actor=actor)
    return held.bonus.bonus_id or 0


async def test_a_bonus_is_given_and_the_next_shift_uses_it(chat: Chat, database: dict[str, Any]) -> None:
    """500.00 with one percent more make 164.00 (SPEC 3, worked examples)."""
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await open_bonuses(olga, "Alice")
    assert "None so far." in (await olga.screen()).text
    await olga.tap("🎁 Give one")
    await olga.tap("Percent more on the next shift")
    assert "What for?" in (await say(olga, "1")).text
    sure = await say(olga, "a hard night")
    assert "Give Alice this: +1% on the next shift?" in sure.text
    assert chat.service.get_active_bonuses(1001) == []
    await olga.tap("Yes")
    assert (await olga.screen()).text == "✅ Alice has it: +1% on the next shift"
    await alice.wait_for("🎁 Olga gave you a bonus: +1% on your next shift. “a hard night”")
    assert [action for action, _ in list_audited(database)] == ["bonus granted"]
    receipt = (await record(alice, "500")).text
    assert "$164.00" in receipt
    assert "🎁 +1.0% on this shift (from Olga: a hard night)" in receipt
    await olga.tap("Back")
    assert "+1% on the next shift (from Olga: a hard night) · used on shift 1" in (await olga.screen()).text


async def test_an_amount_waits_for_the_next_shift_and_says_so_until_it_is_booked(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await open_bonuses(olga, "Alice")
    for button in ("🎁 Give one", "An amount"):
        await olga.tap(button)
    await say(olga, "33.33")
    await say(olga, "the raffle")
    await olga.tap("Yes")
    await alice.wait_for("🎁 Olga gave you a bonus: $33.33 on your next shift. “the raffle”")
    assert list_booked(database, 1001) == []
    assert "Waiting for you: $33.33 on your next shift (from Olga: the raffle)" in (await say(alice, "/ranks")).text
    assert "🎁 Flat bonus (from Olga: the raffle): 33.33" in (await record(alice, "500")).text


async def test_one_without_a_number_is_given_without_asking_for_one(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await open_bonuses(olga, "Alice")
    await olga.tap("🎁 Give one")
    await olga.tap("A paid day off")
    await say(olga, "a year with us")
    await olga.tap("Yes")
    notice = await alice.wait_for("🎁 Olga gave you a bonus: a paid day off")
    assert len(notice.buttons) == 2


async def test_one_that_waits_is_withdrawn_with_a_reason_that_the_person_reads(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    number = await give(chat, olga, alice)
    await open_bonuses(olga, "Alice")
    assert f"{number}. $10.00 (from Olga) · waits" in (await olga.screen()).text
    await olga.tap(f"Withdraw {number}")
    assert "They will read: “meant for Ben”" in (await say(olga, "meant for Ben")).text
    await olga.tap("Yes")
    told = await alice.wait_for("An admin withdrew a bonus of yours")
    assert told.text.endswith("Their reason: “meant for Ben”")
    assert chat.service.get_active_bonuses(1001) == []
    assert list_audited(database, since=1) == [("bonus voided", f"bonus:{number}")]


async def test_two_admins_who_withdraw_one_at_once_withdraw_it_once(chat: Chat, database: dict[str, Any]) -> None:
    olga, ivan = await chat.admin("Olga", 9001), await chat.admin("Ivan", 9002)
    alice = await chat.employee("Alice", 1001)
    number = await give(chat, olga, alice)
    for admin in (olga, ivan):
        await open_bonuses(admin, "Alice")
        await admin.tap(f"Withdraw {number}")
        await say(admin, "a mistake")
    toasts = await asyncio.gather(olga.tap("Yes"), ivan.tap("Yes"))
    assert sorted("has been used or withdrawn already" in (toast.text or "") for toast in toasts) == [False, True]
    assert [action for action, _ in list_audited(database)] == ["bonus granted", "bonus voided"]


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("Percent more on the next shift", "101"),
        ("An amount", "100000"),
        ("Percent of the previous chatter’s sales", "0"),
    ],
)
async def test_a_number_that_cannot_be_is_asked_again(chat: Chat, kind: str, typed: str) -> None:
    olga, _ = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await open_bonuses(olga, "Alice")
    await olga.tap("🎁 Give one")
    await olga.tap(kind)
    assert "does not fit for" in (await say(olga, typed)).text
    assert chat.service.get_active_bonuses(1001) == []


async def test_where_there_is_another_admin_nobody_gives_themselves_anything(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await chat.admin("Ivan", 9002)
    await open_bonuses(olga, "Olga")
    page = await olga.screen()
    assert "🎁 Give one" not in page.buttons
    forged = await olga.press("ab:grant:9001", message_id=page.message_id)
    assert forged.text == "That is about yourself. Another admin has to do it."


@pytest.mark.parametrize("typed", ["abc", "0", "100.5"])
async def test_a_percentage_that_cannot_be_is_told_what_can_be(chat: Chat, typed: str) -> None:
    olga, _ = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await open_bonuses(olga, "Alice")
    await olga.tap("🎁 Give one")
    await olga.tap("Percent more on the next shift")
    said = (await say(olga, typed)).text
    assert said.partition("” ")[2].startswith(
        "does not fit for the bonus. Allowed: above 0, at most 100, with at most two decimals."
    )


async def test_an_amount_that_is_too_much_for_a_bonus_is_told_what_can_be(chat: Chat) -> None:
    olga, _ = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await open_bonuses(olga, "Alice")
    await olga.tap("🎁 Give one")
    await olga.tap("An amount")
    said = (await say(olga, "100000.00")).text
    assert "does not fit for the bonus. Allowed: above 0, at most 99,999.99, with at most two decimals." in said
