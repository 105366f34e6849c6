"""Paid days off from a calendar, and Telegram Premium given and seen (SPEC 3, PAYROLL D23, D29, D38)."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime

from payroll.offers import BonusOffer, BonusType
from payroll.records import BonusState
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import log, record, say
from tests.owners import assert_books_agree, usd

USE = "🏖 Use my day off"


async def grant(chat: Chat, bonus_type: BonusType = BonusType.PAID_DAY_OFF) -> tuple[Person, Person]:
    """Alice, to whom Olga has given a bonus."""
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await say(alice, "/start")
    owner = chat.find(olga)
    assert owner is not None
    chat.service.bonuses.grant(1001, BonusOffer(bonus_type, None), actor=owner)
    return alice, olga


async def ask(alice: Person, day: str = "2026/11/20") -> None:
    """Ask for a day by typing it."""
    await say(alice, "/ranks")
    await alice.tap(USE)
    await say(alice, day)
    await alice.tap("Yes")


async def test_a_day_is_picked_in_the_calendar_approved_and_booked(chat: Chat) -> None:
    alice, olga = await grant(chat)
    log(chat, alice, clock_in="2026/11/16 09:00:00", clock_out="2026/11/16 17:00:00", Model_A="100")
    await say(alice, "/ranks")
    await alice.tap(USE)
    november = await alice.screen()
    assert november.text.startswith("🏖 November 2026")
    assert november.rows[0] == ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
    # November 2026 begins on a Sunday; today is Monday the 16th, and has a shift.
    assert november.rows[1] == ("·",) * 7
    assert november.rows[4] == ("·", "17", "18", "19", "20", "21", "22")
    assert november.rows[6] == ("30", "·", "·", "·", "·", "·", "·")
    await alice.tap("·")
    assert (await alice.screen()).rows == november.rows
    await alice.tap("Next page ›")
    december = await alice.screen()
    assert december.text.startswith("🏖 December 2026")
    assert december.rows[1] == ("·", "1", "2", "3", "4", "5", "6")
    await alice.tap("24")
    assert "Ask for 2026/12/24 off, paid with $120.00?" in (await alice.screen()).text
    await alice.tap("Yes")
    assert "The admins have your request for 2026/12/24" in (await alice.screen()).text

    notice = await olga.wait_for("Alice asks for a paid day off on 2026/12/24")
    assert notice.buttons == ("Approve", "Refuse")
    await olga.tap("Approve")
    assert (await olga.screen()).text.startswith("✅ Approved by Olga")
    told = await alice.wait_for("Your day off on 2026/12/24 is approved")
    assert "$120.00 is booked" in told.text
    assert chat.service.bonuses.get(1).bonus.state is BonusState.APPLIED
    assert chat.service.statistics.get_balance(1001) == usd("246.40")
    assert USE not in (await say(alice, "/ranks")).buttons
    assert_books_agree(chat.service)


async def test_the_calendar_opens_on_the_first_month_with_a_free_day(chat: Chat) -> None:
    alice, _ = await grant(chat)
    chat.clock.now = datetime(2026, 11, 30, 17, 0, tzinfo=UTC)
    log(chat, alice, clock_in="2026/11/30 09:00:00", clock_out="2026/11/30 11:00:00", Model_A="100")
    await say(alice, "/ranks")
    await alice.tap(USE)
    december = await alice.screen()
    assert december.text.startswith("🏖 December 2026")
    assert "‹ Back a page" not in december.buttons
    await alice.tap("Next page ›")
    await alice.tap("31")
    assert "Ask for 2027/01/31 off" in (await alice.screen()).text


async def test_a_day_that_is_over_taken_or_no_day_is_asked_again(chat: Chat) -> None:
    alice, _ = await grant(chat)
    log(chat, alice, clock_in="2026/11/16 09:00:00", clock_out="2026/11/16 17:00:00", Model_A="100")
    await say(alice, "/ranks")
    await alice.tap(USE)
    assert "2026/11/15 is over" in (await say(alice, "2026/11/15")).text
    assert "2026/11/16 is taken" in (await say(alice, "2026/11/16")).text
    assert "not a date" in (await say(alice, "someday")).text
    await say(alice, "2027/12/24")
    await alice.tap("Back")
    assert "Which day would you like off?" in (await alice.screen()).text
    await alice.tap("Back")
    assert "Ranks, November 2026" in (await alice.screen()).text


async def test_a_refusal_says_why_and_another_day_can_be_asked_for(chat: Chat) -> None:
    alice, olga = await grant(chat)
    await ask(alice)
    await olga.wait_for("Alice asks")
    await olga.tap("Refuse")
    await say(olga, "we need you then")
    assert (await olga.screen()).text.startswith("🚫 Refused by Olga")
    refused = await alice.wait_for("Your day off on 2026/11/20 is refused")
    assert "💬 we need you then" in refused.text
    await alice.press(refused.data[USE], message_id=refused.message_id)
    await say(alice, "2026/11/21")
    await alice.tap("Yes")
    await olga.wait_for("day off on 2026/11/21")
    old = next(screen for screen in await olga.screens() if "2026/11/20" in screen.text)
    await olga.press("qd:AAAAAA:1:739940~1", message_id=old.message_id)
    assert date.fromordinal(739940) == date(2026, 11, 20)
    assert any(screen.text.startswith("🚫 Refused") for screen in await olga.screens())
    assert chat.service.bonuses.get(1).bonus.state is BonusState.PENDING


async def test_another_day_can_be_picked_while_the_first_waits(chat: Chat) -> None:
    alice, olga = await grant(chat)
    await ask(alice)
    await say(alice, "/ranks")
    await alice.tap(USE)
    assert "You have asked for 2026/11/20." in (await alice.screen()).text
    await say(alice, "2026/11/22")
    await alice.tap("Yes")
    await say(olga, "/admin")
    await olga.tap("📨 Requests")
    await olga.tap("🏖 Alice: a day off")
    assert "paid day off on 2026/11/22" in (await olga.screen()).text
    await olga.tap("Approve")
    assert chat.service.bonuses.get(1).day_off_date == date(2026, 11, 22)


async def test_two_admins_who_approve_at_the_same_second_book_it_once(chat: Chat) -> None:
    alice, olga = await grant(chat)
    ivan = await chat.admin("Ivan", 9002)
    await ask(alice)
    await asyncio.gather(olga.wait_for("Alice asks"), ivan.wait_for("Alice asks"))
    await asyncio.gather(olga.tap("Approve"), ivan.tap("Approve"))
    heads = {(await admin.screen()).text.splitlines()[0] for admin in (olga, ivan)}
    assert heads in ({"✅ Approved by Olga"}, {"✅ Approved by Ivan"})
    assert chat.service.statistics.get_balance(1001) == usd(120)
    assert_books_agree(chat.service)


async def test_a_shift_on_a_day_off_is_shown_to_the_admins(chat: Chat) -> None:
    alice, olga = await grant(chat)
    await ask(alice, "2026/11/17")
    await olga.wait_for("Alice asks")
    await olga.tap("Approve")
    chat.clock.move(days=1)
    await record(alice, day="Today")
    assert "has recorded shift 1 on 2026/11/17" in (await olga.wait_for("their paid day off")).text


async def test_premium_is_a_to_do_until_it_is_given_and_seen(chat: Chat) -> None:
    alice, olga = await grant(chat, BonusType.TELEGRAM_PREMIUM)
    await say(olga, "/admin")
    await olga.tap("📨 Requests")
    assert "Telegram Premium to give to one person" in (await olga.screen()).text
    await olga.tap("🎁 Alice: Telegram Premium")
    await olga.tap("✅ It is given")
    assert "is given to Alice" in (await olga.screen()).text
    given = await alice.wait_for("Telegram Premium is yours")
    assert chat.service.bonuses.get(1).seen_at is None
    await alice.press(given.data["🎉 Got it, thanks!"], message_id=given.message_id)
    assert (await alice.screen()).text == "🎉 Enjoy it!"
    assert chat.service.bonuses.get(1).seen_at is not None
    await olga.tap("Back")
    assert "Nothing waits for you." in (await olga.screen()).text


async def test_the_admins_are_told_when_a_rank_brings_premium(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    owner = chat.find(olga)
    assert owner is not None
    premium = BonusOffer(BonusType.TELEGRAM_PREMIUM, None)
    rows = [replace(row, offers=(premium,)) if row.min_sales else row for row in chat.service.ranks.list_rows()]
    chat.service.ranks.change(rows, actor=owner)
    await record(alice, "2500")
    due = await olga.wait_for("Alice has earned Telegram Premium")
    await olga.press(due.data["📨 Requests"], message_id=due.message_id)
    assert "🎁 Alice: Telegram Premium" in (await olga.screen()).buttons


async def test_nobody_else_decides_gives_or_takes(chat: Chat) -> None:
    alice, _ = await grant(chat)
    ben, dana = await chat.employee("Ben", 1002), await chat.stranger("Dana", 5005)
    await ask(alice)
    for person in (alice, ben, dana):
        await say(person, "/start")
        for data in ("qd:AAAAAA:1:739940", "ab:day-no:1", "qp:AAAAAA:1", "qm:d:1", "qm:p:1", "qv:AAAAAA:1"):
            await person.press(data, message_id=(await person.screen()).message_id)
    await say(ben, "/ranks")
    assert USE not in (await ben.screen()).buttons
    toast = await ben.press("ob:day-off:", message_id=(await ben.screen()).message_id)
    assert toast.is_alert
    held = chat.service.bonuses.get(1)
    assert (held.bonus.state, held.day_off_date, held.seen_at) == (BonusState.PENDING, date(2026, 11, 20), None)
