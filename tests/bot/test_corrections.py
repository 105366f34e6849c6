"""After the close what was typed becomes a request, which one admin decides (SPEC 4.19, PAYROLL D32, D33, D38)."""

import asyncio
from datetime import date
from decimal import Decimal

import pytest

from bot.keyboards.team import AddShift
from payroll.correction_requests import CorrectionState
from payroll.people import Role
from payroll.settings import SettingKey
from payroll.shifts import Correction
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import begin, count_shifts, log, open_edit, say
from tests.clock import SteppingClock
from tests.owners import FIRST_HALF, assert_books_agree, move_to

OFFER = "📨 Ask the admins for a correction"
OVERTAKEN = "It has changed since. Nothing was done."


@pytest.fixture
def clock(clock: SteppingClock) -> SteppingClock:
    """20:00 of the first day of a pay period: what is recorded for yesterday lies in the one before."""
    move_to(clock, date(2026, 11, 15))
    return clock


def close(chat: Chat) -> None:
    """Close the first half of November for everybody."""
    owner = chat.service.people.find_by_telegram(9001)
    assert owner is not None
    chat.service.periods.close(FIRST_HALF, actor=owner)


async def ask_for_missing(chat: Chat, person: Person, reason: str = "I forgot it") -> None:
    """Type a shift of a closed date and ask for it; who has a shift takes part in the close."""
    if not chat.service.get_last_shifts(person.id):
        log(chat, person, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
        close(chat)
    await begin(person, start="9 AM", end="5 PM")
    await person.tap("Model A")
    await say(person, "300")
    await person.tap("Save shift")
    await person.tap(OFFER)
    await say(person, reason)


async def test_a_shift_typed_for_a_closed_date_becomes_a_request_and_is_approved(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    close(chat)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "300")
    await alice.tap("Save shift")
    offered = await alice.screen()
    assert "a pay period that is closed" in offered.text
    assert "Model A: 300.00" in offered.text
    assert offered.buttons == (OFFER, "Back", "Main menu")
    await alice.tap(OFFER)
    await say(alice, "I forgot it")
    asked = await alice.screen()
    assert "The admins have your request" in asked.text
    assert count_shifts(chat) == 1

    notice = await olga.wait_for("Alice asks for a shift that is missing")
    assert notice.text.splitlines()[2:] == [
        "Start: 2026/11/14 09:00:00",
        "End: 2026/11/14 17:00:00",
        "Model A: 300.00",
        "💬 I forgot it",
        "",
        "Approved, this would be booked in the open pay period:",
        "Shift 2: + $139.20",
    ]
    assert notice.buttons == ("Approve", "Refuse")
    await olga.tap("Approve")
    decided = await olga.screen()
    assert decided.text.startswith("✅ Approved by Olga")
    assert "Shift 2: + $139.20" in decided.text

    told = await alice.wait_for("Your correction is approved")
    assert told.text.endswith("Booked in the open pay period:\nShift 2: + $139.20")
    [shift, _] = chat.service.get_all_shifts()
    assert (shift["Clock in"], shift["Total made"]) == ("2026/11/14 09:00:00", Decimal("139.20"))
    assert_books_agree(chat.service)


async def test_a_refunded_shift_of_a_closed_day_keeps_its_rate_and_whoever_reads_of_the_correction_is_told(
    chat: Chat,
) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    for start, end, amount in (("06", "08", "400"), ("08", "10", "200")):
        log(chat, alice, clock_in=f"2026/11/10 {start}:00:00", clock_out=f"2026/11/10 {end}:00:00", Model_A=amount)
        chat.clock.move(minutes=1)
    chat.service.refunds.book(2, 1, Decimal(50), "came back", actor=chat.service.people.get(9001))
    close(chat)
    await open_edit(alice, 1)
    await alice.tap("Total sales")
    await say(alice, "100")
    await alice.tap(OFFER)
    await say(alice, "a slip")
    kept = "↩️ Tue 10 Nov, shift 2 keeps its 10.00%, for it has a refund: the day’s sales would make it 8.00%."
    asked = await olga.wait_for("Alice asks to correct a shift")
    assert "Shift 1: − $19.20" in asked.text
    assert asked.text.endswith(kept)
    await olga.tap("Approve")
    assert kept in (await olga.screen()).text
    assert (await alice.wait_for("Your correction is approved")).text.endswith(kept)
    assert "🗑 Delete" not in (await open_edit(alice, 0)).buttons
    assert_books_agree(chat.service)


AHEAD = "🔒 That day lies in a pay period that is closed: what you enter goes to the admins, as a request."


async def test_a_closed_period_is_told_at_the_date_and_as_long_as_the_shift_is_typed(chat: Chat) -> None:
    alice, _ = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    close(chat)
    assert AHEAD not in (await say(alice, "/shift")).text
    for answer in ("2026/11/03", "9:00", "13:00"):
        assert AHEAD in (await say(alice, answer)).text
    for _ in range(3):
        await alice.tap("Back")
    assert AHEAD not in (await alice.screen()).text
    assert AHEAD not in (await say(alice, "2026/11/15")).text


async def test_it_is_told_before_anything_is_corrected(chat: Chat) -> None:
    alice, _ = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    assert AHEAD not in (await open_edit(alice)).text
    close(chat)
    assert AHEAD in (await open_edit(alice)).text
    await alice.tap("Clock out")
    assert AHEAD in (await alice.screen()).text


async def test_a_forgotten_shift_of_any_date_can_be_typed(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    close(chat)
    await say(alice, "/shift")
    assert "is not a date" in (await say(alice, "last week")).text
    assert "still to come" in (await say(alice, "2026/11/16")).text
    await say(alice, "2026/11/03")
    await say(alice, "9:00")
    await say(alice, "13:00")
    await alice.tap("No sales")
    await alice.tap(OFFER)
    await say(alice, "I was ill and forgot")
    assert "Start: 2026/11/03 09:00:00" in (await olga.wait_for("Alice asks for a shift")).text
    await olga.tap("Approve")
    assert "+ $60.00" in (await alice.wait_for("is approved")).text


async def test_back_leads_through_the_offer_and_the_reason_to_what_was_typed(chat: Chat) -> None:
    alice, _ = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    close(chat)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "300")
    await alice.tap("Save shift")
    await alice.tap(OFFER)
    assert "too long" in (await say(alice, "x" * 501)).text
    await alice.tap("Back")
    await alice.tap("Back")
    assert "Anything else?" in (await alice.screen()).text
    await alice.tap("Model B")
    await say(alice, "50")
    await alice.tap("Save shift")
    await alice.tap(OFFER)
    await say(alice, "and B")
    [request] = chat.service.corrections.list_open(10)
    assert request.products == {1: Decimal("300.00"), 2: Decimal("50.00")}
    assert request.reason == "and B"


async def test_an_edit_of_a_closed_shift_is_asked_for_with_old_and_new(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    close(chat)
    await open_edit(alice)
    await alice.tap("Sales of a model")
    await alice.tap("Model A")
    await say(alice, "800")
    assert "Model A: 800.00" in (await alice.screen()).text
    await alice.tap(OFFER)
    await say(alice, "a zero too few")
    notice = await olga.wait_for("Alice asks to correct a shift")
    assert "Model A: <s>500.00</s> → <b>800.00</b>" in notice.html
    assert notice.text.endswith("would be booked in the open pay period:\nShift 1: + $24.00")
    await olga.tap("Approve")
    # 640.00 at 10 % in place of 400.00 at 10 %
    assert "Shift 1: + $24.00" in (await alice.wait_for("is approved")).text


async def test_a_new_total_and_a_deletion_are_asked_for_too(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="200", Model_B="100")
    log(chat, alice, clock_in="2026/11/11 09:00:00", clock_out="2026/11/11 17:00:00", Model_A="100")
    close(chat)
    await open_edit(alice, 1)
    await alice.tap("Total sales")
    await say(alice, "600")
    await alice.tap(OFFER)
    await say(alice, "twice that")
    await open_edit(alice)
    await alice.tap("🗑 Delete")
    await alice.tap("Yes")
    await alice.tap(OFFER)
    await say(alice, "somebody else's")
    total, deletion = chat.service.corrections.list_open(10)
    assert total.products == {1: Decimal("400.00"), 2: Decimal("200.00")}
    assert (deletion.kind, deletion.shift_id) == ("delete", 2)
    notice = await olga.wait_for("take a shift out")
    assert "🗑 Shift 2\nIt made $126.40." in notice.text
    for _ in range(2):
        await olga.press(notice.data["Approve"], message_id=notice.message_id)
        assert "Approved by Olga" in (await olga.screen()).text
    assert count_shifts(chat) == 1


async def test_a_request_about_a_shift_that_is_taken_out_by_now_can_still_be_read_and_refused(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="200")
    close(chat)
    for field, answer in (("Total sales", "300"), ("🗑 Delete", "")):
        await open_edit(alice)
        await alice.tap(field)
        await (say(alice, answer) if answer else alice.tap("Yes"))
        await alice.tap(OFFER)
        await say(alice, f"because of {field}")
    deletion = await olga.wait_for("take a shift out")
    await olga.press(deletion.data["Approve"], message_id=deletion.message_id)
    await olga.wait_for("Approved by Olga")
    edit = await olga.wait_for("asks to correct a shift")
    toast = await olga.press(edit.data["Approve"], message_id=edit.message_id)
    assert toast.text == OVERTAKEN
    assert "it cannot be approved: There is no shift number 1" in (await olga.wait_for("Nothing was done")).text
    await olga.press(edit.data["Refuse"], message_id=edit.message_id)
    await say(olga, "it is gone")
    assert "it is gone" in (await alice.wait_for("Your correction is refused")).text


async def test_a_refusal_asks_why_and_the_person_is_told(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await ask_for_missing(chat, alice)
    await olga.wait_for("Alice asks")
    await olga.tap("Refuse")
    assert "Why is it refused? Type a few words: Alice will read them." in (await olga.screen()).text
    await say(olga, "you were not here")
    assert "Refused by Olga" in (await olga.screen()).text
    told = await alice.wait_for("Your correction is refused")
    assert "💬 you were not here" in told.text
    assert count_shifts(chat) == 1


async def test_the_desk_lists_what_waits_and_decides_it(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await ask_for_missing(chat, alice)
    assert "One request waits." in (await say(olga, "/admin")).text
    await olga.tap("📨 Requests")
    desk = await olga.screen()
    assert "One correction to decide" in desk.text
    assert desk.buttons == ("✏️ Alice: a missing shift", "Back", "Main menu")
    await olga.tap("✏️ Alice: a missing shift")
    assert (await olga.screen()).buttons == ("Approve", "Refuse", "Back", "Main menu")
    await olga.tap("Approve")
    await olga.tap("Back")
    assert "Nothing waits for you." in (await olga.screen()).text
    await olga.tap("Back")
    assert "Admin" in (await olga.screen()).text


async def test_of_two_admins_the_first_decides_and_the_other_reads_how(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    ivan = await chat.admin("Ivan", 9002)
    await ask_for_missing(chat, alice)
    await asyncio.gather(olga.wait_for("Alice asks"), ivan.wait_for("Alice asks"))
    await ivan.tap("Refuse")
    await olga.tap("Approve")
    assert "Somebody has decided this already" in (await say(ivan, "too late")).text
    first = next(screen for screen in await ivan.screens() if "Alice asks" in screen.text)
    await ivan.press(first.data["Approve"], message_id=first.message_id)
    assert any(screen.text.startswith("✅ Approved by Olga") for screen in await ivan.screens())
    assert count_shifts(chat) == 2


async def test_two_admins_who_approve_at_the_same_second_book_it_once(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    ivan = await chat.admin("Ivan", 9002)
    await ask_for_missing(chat, alice)
    await asyncio.gather(olga.wait_for("Alice asks"), ivan.wait_for("Alice asks"))
    await asyncio.gather(olga.tap("Approve"), ivan.tap("Approve"))
    await asyncio.gather(olga.settled(), ivan.settled(), alice.settled())
    shown = [(await olga.screen()).text, (await ivan.screen()).text]
    assert [text.splitlines()[0] for text in shown] in (["✅ Approved by Olga"] * 2, ["✅ Approved by Ivan"] * 2)
    assert len([screen for screen in await alice.screens() if "is approved" in screen.text]) == 1
    assert count_shifts(chat) == 2
    assert_books_agree(chat.service)


async def test_what_an_admin_asks_for_is_decided_by_another_one(chat: Chat) -> None:
    olga, ivan = await chat.admin("Olga", 9001), await chat.admin("Ivan", 9002)
    await ask_for_missing(chat, olga)
    await ivan.wait_for("Olga asks for a shift")
    assert not [screen for screen in await olga.screens() if "Olga asks" in screen.text]
    await say(olga, "/admin")
    await olga.tap("📨 Requests")
    await olga.tap("✏️ Olga: a missing shift")
    toast = await olga.tap("Approve")
    assert "Another admin has to do it" in toast.text
    await ivan.tap("Approve")
    await olga.wait_for("Your correction is approved")


async def test_an_admin_who_is_alone_decides_their_own(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await ask_for_missing(chat, olga)
    await olga.wait_for("Olga asks for a shift")
    notice = [screen for screen in await olga.screens() if "Olga asks" in screen.text][-1]
    await olga.press(notice.data["Approve"], message_id=notice.message_id)
    assert count_shifts(chat) == 2


async def test_an_employee_and_a_stranger_decide_nothing(chat: Chat) -> None:
    alice, _ = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    ben, dana = await chat.employee("Ben", 1002), await chat.stranger("Dana", 5005)
    await ask_for_missing(chat, alice)
    for person in (alice, ben, dana):
        await say(person, "/start")
        message_id = (await person.screen()).message_id
        for data in ("qa:AAAAAA:1", "qm:c:1", "ab:fix-no:1", "ad:requests", "ql:0"):
            await person.press(data, message_id=message_id)
    assert chat.service.corrections.get(1).state is CorrectionState.OPEN
    assert chat.find(ben) is not None
    assert chat.service.people.get(1002).role is Role.EMPLOYEE


async def test_what_cannot_be_any_more_is_said_and_the_request_waits_on(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await ask_for_missing(chat, alice)
    await ask_for_missing(chat, alice, "did it arrive?")
    await olga.wait_for("did it arrive?")
    first, second = [screen for screen in await olga.screens() if "Alice asks" in screen.text]
    await olga.press(first.data["Approve"], message_id=first.message_id)
    toast = await olga.press(second.data["Approve"], message_id=second.message_id)
    assert toast.text == OVERTAKEN
    assert "it cannot be approved: There is a shift then already" in (await olga.wait_for("Nothing was done")).text
    assert [one.correction_id for one in chat.service.corrections.list_open(10)] == [2]
    assert count_shifts(chat) == 2
    await say(olga, "/admin")
    await olga.tap("📨 Requests")
    await olga.tap("✏️ Alice: a missing shift")
    shown = (await olga.screen()).text
    assert shown.splitlines()[-1].startswith("⚠️ As things are, it cannot be approved: There is a shift then already")
    assert "would be booked" not in shown


# --- what it would cost ----------------------------------------------------------------------------------------------


async def test_the_desk_shows_what_an_approval_would_book_and_looking_uses_up_nothing(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await ask_for_missing(chat, alice)
    next_id = chat.service.get_next_id()
    for _ in range(2):
        await say(olga, "/admin")
        await olga.tap("📨 Requests")
        await olga.tap("✏️ Alice: a missing shift")
        shown = (await olga.screen()).text
        assert shown.endswith(f"Approved, this would be booked in the open pay period:\nShift {next_id}: + $139.20")
    assert chat.service.get_next_id() == next_id
    await olga.tap("Approve")
    assert (await olga.screen()).text.endswith(f"Booked in the open pay period:\nShift {next_id}: + $139.20")


async def test_a_correction_that_changes_no_pay_says_so(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    close(chat)
    wish = Correction(products={2: Decimal(500)})
    chat.service.corrections.ask_edit(1, wish, "it was model B", actor=chat.service.people.get(1001))
    await say(olga, "/admin")
    await olga.tap("📨 Requests")
    await olga.tap("✏️ Alice: a correction")
    assert (await olga.screen()).text.endswith("Approved, no pay would change.")


async def test_what_a_correction_does_to_the_rank_and_its_bonus_is_said_before_and_after(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await alice.send("/start")
    for day, amount in ((9, "1500"), (10, "600")):
        clocks = {"clock_in": f"2026/11/{day:02} 09:00:00", "clock_out": f"2026/11/{day:02} 17:00:00"}
        log(chat, alice, **clocks, Model_A=amount)
    (flat,) = chat.service.shifts.get(2).shift.bonuses
    close(chat)
    wish = Correction(products={1: Decimal(500)})
    chat.service.corrections.ask_edit(1, wish, "a slip", actor=chat.service.people.get(1001))
    await say(olga, "/admin")
    await olga.tap("📨 Requests")
    await olga.tap("✏️ Alice: a correction")
    lost = f"Rank of November 2026: Hustler → Rookie\n🎁 goes back: ${flat.value}"
    assert (await olga.screen()).text.endswith(f"Shift 2: − ${flat.amount}\n{lost}")
    await olga.tap("Approve")
    assert lost in (await olga.screen()).text
    assert lost in (await alice.wait_for("Your correction is approved")).text


async def test_a_manager_who_may_not_see_wages_decides_without_the_amounts(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    mona, owner = await chat.employee("Mona", 1003), chat.service.people.get(9001)
    await say(mona, "/start")
    chat.service.staff.set_role(1003, Role.MANAGER, actor=owner)
    chat.service.settings.change(SettingKey.MANAGERS_SEE_WAGES, "false", actor=owner)
    await ask_for_missing(chat, alice)
    assert "+ $139.20" in (await olga.wait_for("Alice asks")).text
    assert "$" not in (await mona.wait_for("Alice asks")).text
    await say(mona, "/admin")
    await mona.tap("📨 Requests")
    await mona.tap("✏️ Alice: a missing shift")
    assert "$" not in (await mona.screen()).text
    await mona.tap("Approve")
    decided = (await mona.screen()).text
    assert decided.startswith("✅ Approved by Mona")
    assert "$" not in decided
    assert "+ $139.20" in (await alice.wait_for("Your correction is approved")).text


# --- on behalf of somebody -------------------------------------------------------------------------------------------


async def add_for_alice(chat: Chat, olga: Person, alice: Person) -> None:
    """Olga enters a shift of Alice's on a closed date, and asks for it."""
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="500")
    close(chat)
    await say(alice, "/start")
    await say(olga, "/start")
    await olga.press(AddShift(employee_id=1001, is_running=False).pack(), message_id=(await olga.screen()).message_id)
    for answer in ("2026/11/11", "9:00", "17:00"):
        await say(olga, answer)
    await olga.tap("Model A")
    await say(olga, "300")
    await olga.tap("Save shift")
    await olga.tap(OFFER)
    await say(olga, "she forgot")


async def test_what_the_only_admin_asks_for_somebody_is_theirs_to_decide_at_once(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await add_for_alice(chat, olga, alice)
    asked = await olga.screen()
    assert asked.text.startswith("📨 Olga asks, for Alice: a shift is missing")
    assert "Start: 2026/11/11 09:00:00" in asked.text
    assert "+ $139.20" in asked.text
    assert asked.text.endswith("You may decide that yourself: now, or later under Requests.")
    assert asked.buttons == ("Approve", "Refuse", "Back", "Main menu")
    await olga.tap("Approve")
    assert (await olga.screen()).text.startswith("✅ Approved by Olga")
    told = await alice.wait_for("Olga has added a shift of yours that was missing.")
    assert told.text.endswith("+ $139.20")
    for person in (alice, olga):
        texts = [screen.text for screen in await person.screens()]
        assert not [text for text in texts if "Your correction" in text or "The admins have your request" in text]
    assert count_shifts(chat) == 2
    assert_books_agree(chat.service)


async def test_the_other_admins_read_who_asks_for_whom_and_who_asked_hears_what_they_decide(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    ivan = await chat.admin("Ivan", 9002)
    await add_for_alice(chat, olga, alice)
    assert "Olga asks, for Alice: a shift is missing" in (await ivan.wait_for("asks, for")).text
    await ivan.tap("Approve")
    told = await alice.wait_for("Olga has added a shift of yours that was missing.")
    assert told.text.splitlines()[1] == "✅ Approved by Ivan"
    heard = await olga.wait_for("The correction that you asked for, for Alice, is approved.")
    assert heard.text.splitlines()[1] == "✅ Approved by Ivan"


async def test_what_is_refused_of_an_admins_asking_is_told_to_them_and_not_to_who_knows_nothing_of_it(
    chat: Chat,
) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    ivan = await chat.admin("Ivan", 9002)
    await add_for_alice(chat, olga, alice)
    await ivan.wait_for("asks, for")
    await ivan.tap("Refuse")
    assert "Type a few words: Olga will read them." in (await ivan.screen()).text
    await say(ivan, "no proof")
    heard = await olga.wait_for("The correction that you asked for, for Alice, is refused.")
    assert heard.text.splitlines()[1:3] == ["🚫 Refused by Ivan", "💬 no proof"]
    await alice.settled()
    assert not [screen for screen in await alice.screens() if "refused" in screen.text]


# --- who has left (PAYROLL D36) --------------------------------------------------------------------------------------


async def test_who_has_left_finishes_the_running_shift_and_asks_for_the_rest_until_all_is_paid(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    owner = chat.find(olga)
    assert owner is not None
    await say(alice, "/start")
    await alice.tap("Start now")
    chat.clock.move(hours=2)
    chat.service.staff.leave(1001, date(2026, 11, 15), actor=owner)
    menu = await say(alice, "/start")
    assert menu.buttons == ("Finish shift", "💵 My pay")
    assert "You have left the team." in menu.text
    await alice.tap("Finish shift")
    await alice.tap("No sales")
    assert count_shifts(chat) == 1

    assert (await say(alice, "/start")).buttons == ("Create shift", "Edit shift", "💵 My pay")
    await begin(alice)
    await alice.tap("No sales")
    assert "I save nothing new for you" in (await alice.screen()).text
    await alice.tap(OFFER)
    await say(alice, "my last day but one")
    await olga.wait_for("Alice asks for a shift that is missing")
    await olga.tap("Approve")
    await alice.wait_for("Your correction is approved")
    assert count_shifts(chat) == 2
    assert "no longer a member" in (await say(alice, "/stats")).text

    for start in (FIRST_HALF, date(2026, 11, 15)):
        chat.service.periods.close(start, actor=owner, employee_id=1001)
    chat.service.payouts.pay(actor=owner, employee_id=1001)
    assert "no longer a member" in (await say(alice, "/start")).text
    assert "no longer a member" in (await say(alice, "/shift")).text
    assert_books_agree(chat.service)


async def test_what_another_request_has_changed_is_not_approved_by_an_older_screen(chat: Chat) -> None:
    """Of two requests on one shift the first said + $16.00; once the second is approved it would take $8.00 away."""
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/10 09:00:00", clock_out="2026/11/10 17:00:00", Model_A="200")
    close(chat)
    for total in ("400", "500"):
        await open_edit(alice)
        await alice.tap("Total sales")
        await say(alice, total)
        await alice.tap(OFFER)
        await say(alice, f"it was {total}")
    older, newer = await olga.wait_for("it was 400"), await olga.wait_for("it was 500")
    await olga.press(newer.data["Approve"], message_id=newer.message_id)
    balance = chat.service.statistics.get_balance(1001)
    assert (await olga.press(older.data["Approve"], message_id=older.message_id)).text == OVERTAKEN
    assert chat.service.statistics.get_balance(1001) == balance
    shown = await olga.wait_for("Nothing was done")
    assert ("+ $" in older.text, "− $" in shown.text) == (True, True)
    await olga.press(shown.data["Approve"], message_id=shown.message_id)
    assert chat.service.statistics.get_balance(1001) < balance
    assert_books_agree(chat.service)
