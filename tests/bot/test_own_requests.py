"""“My requests”: all that one has asked the admins for, where it stands, and each request whole (SPEC 4.19, 4.23)."""

from datetime import date

import pytest

from payroll.offers import BonusOffer, BonusType
from playground.client import Person
from playground.screens import Screen
from tests.bot.conftest import Chat
from tests.bot.shifts import log, open_edit, say
from tests.clock import SteppingClock
from tests.owners import FIRST_HALF, move_to

OFFER = "📨 Ask the admins for a correction"


@pytest.fixture
def clock(clock: SteppingClock) -> SteppingClock:
    """20:00 of the first day of a pay period: what is recorded for the days before lies in a closed one."""
    move_to(clock, date(2026, 11, 15))
    return clock


async def ask_for_correction(chat: Chat, person: Person) -> None:
    """Ask for other sales of a shift of the 10th, which is closed."""
    log(chat, person, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    chat.service.periods.close(FIRST_HALF, actor=chat.service.people.get(9001))
    await open_edit(person)
    await person.tap("Total sales")
    await say(person, "800")
    await person.tap(OFFER)
    await say(person, "a zero too few")


async def open_own(person: Person) -> Screen:
    """The list of one's own requests."""
    await say(person, "/balance")
    await person.tap("📨 My requests")
    return await person.screen()


async def test_a_correction_says_which_shift_of_which_day_and_why_it_was_refused(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await ask_for_correction(chat, alice)
    shift = "Shift 1 of 2026/11/10"
    listed = await open_own(alice)
    assert f"⏳ {shift}, correction asked on 2026/11/15: waits for the admins" in listed.text
    await alice.tap(f"⏳ {shift}")
    whole = await alice.screen()
    assert whole.text.startswith("⏳ It waits for the admins.")
    assert "Model A: <s>500.00</s> → <b>800.00</b>" in whole.html
    assert "💬 a zero too few" in whole.text
    await olga.wait_for("Alice asks")
    await olga.tap("Refuse")
    await say(olga, "no proof")
    await alice.wait_for("Your correction is refused")
    assert f"🚫 {shift}, correction asked on 2026/11/15: refused, “no proof”" in (await open_own(alice)).text
    await alice.tap(f"🚫 {shift}")
    assert (await alice.screen()).text.splitlines()[:2] == ["🚫 Refused by Olga", "💬 no proof"]
    await alice.tap("Back")
    assert "My requests" in (await alice.screen()).text


async def test_a_missing_shift_is_listed_by_its_day_and_by_its_number_once_it_is_there(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    chat.service.periods.close(FIRST_HALF, actor=chat.service.people.get(9001))
    await say(alice, "/shift")
    for answer in ("2026/11/03", "9:00", "13:00"):
        await say(alice, answer)
    await alice.tap("No sales")
    await alice.tap(OFFER)
    await say(alice, "I was ill")
    assert "⏳ Missing shift of 2026/11/03, asked on 2026/11/15: waits for the admins" in (await open_own(alice)).text
    await olga.wait_for("Alice asks")
    await olga.tap("Approve")
    await alice.wait_for("is approved")
    assert "✅ Missing shift of 2026/11/03, asked on 2026/11/15: approved, shift 2" in (await open_own(alice)).text


async def test_what_an_admin_asked_for_oneself_says_so(chat: Chat) -> None:
    alice, _ = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    owner = chat.service.people.get(9001)
    chat.service.periods.close(FIRST_HALF, actor=owner)
    chat.service.corrections.ask_delete(1, "that was Ben", actor=owner)
    told = "⏳ Shift 1 of 2026/11/10, to be taken out, asked by Olga on 2026/11/15: waits for the admins"
    assert told in (await open_own(alice)).text
    await alice.tap("⏳ Shift 1 of 2026/11/10")
    whole = await alice.screen()
    assert "Asked by Olga, 2026/11/15 20:00:00" in whole.text
    assert "It made $160.00." in whole.text
    assert whole.buttons == ("Back", "Main menu")


async def test_days_off_and_premium_are_listed_too(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    owner = chat.service.people.get(9001)
    assert "You have asked the admins for nothing yet." in (await open_own(alice)).text
    for bonus_type in (BonusType.PAID_DAY_OFF, BonusType.TELEGRAM_PREMIUM):
        chat.service.bonuses.grant(1001, BonusOffer(bonus_type, None), actor=owner)
    assert "Day off" not in (await open_own(alice)).text
    await say(alice, "/ranks")
    await alice.tap("🏖 Use my day off")
    await say(alice, "2026/11/20")
    await alice.tap("Yes")
    listed = await open_own(alice)
    assert "⏳ Day off on 2026/11/20: waits for the admins" in listed.text
    assert "⏳ Telegram Premium: an admin will give it to you" in listed.text
    await olga.wait_for("Alice asks")
    await olga.tap("Refuse")
    await say(olga, "we need you then")
    await alice.wait_for("is refused")
    assert "🚫 Day off on 2026/11/20: refused by Olga, “we need you then”" in (await open_own(alice)).text
    chat.service.bonuses.request_day_off(1, date(2026, 11, 21), actor=chat.service.people.get(1001))
    chat.service.bonuses.approve_day_off(1, actor=owner)
    chat.service.bonuses.mark_premium_given(2, actor=owner)
    listed = await open_own(alice)
    assert "✅ Day off on 2026/11/21: approved by Olga" in listed.text
    assert "2026/11/20" not in listed.text
    assert "✅ Telegram Premium: given" in listed.text


async def test_nobody_reads_somebody_elses_request_by_a_made_up_number(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    ben = await chat.employee("Ben", 1002)
    await ask_for_correction(chat, alice)
    for person in (ben, olga):
        await say(person, "/start")
        for number in (1, 99):
            toast = await person.press(f"qo:{number}", message_id=(await person.screen()).message_id)
            assert toast.is_alert
        assert not [screen for screen in await person.screens() if "It waits for the admins" in screen.text]
    assert "Shift 1" not in (await open_own(ben)).text
