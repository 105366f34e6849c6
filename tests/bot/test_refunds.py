"""Refunds in the chat, and deductions for bonuses that stay used (SPEC 4.20, PAYROLL D15, D28, D35)."""

import asyncio

from payroll.offers import BonusOffer, BonusType
from payroll.settings import SettingKey
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import log, open_edit, say
from tests.owners import assert_books_agree, usd


async def meet(chat: Chat) -> tuple[Person, Person]:
    """Alice, who can be written to, and an owner."""
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await say(alice, "/start")
    return alice, olga


async def open_receipt(admin: Person, shift_id: int = 1) -> None:
    """The receipt of a shift, as an admin gets to it."""
    await say(admin, "/start")
    await admin.press(f"r:{shift_id}:r", message_id=(await admin.screen()).message_id)


async def refund(admin: Person, amount: str = "100", reason: str = "the buyer complained") -> None:
    """Book a refund on Model A of shift 1."""
    await open_receipt(admin)
    await admin.tap("↩️ Refund")
    await admin.tap("Model A")
    await say(admin, amount)
    await say(admin, reason)
    await admin.tap("Yes")


def work(chat: Chat, person: Person) -> None:
    """500.00 on Model A and 100.00 on Model B: 10 %, 480.00 net, 48.00 of commissions."""
    log(chat, person, clock_in="2026/11/16 09:00:00", clock_out="2026/11/16 17:00:00", Model_A="500", Model_B="100")


async def test_a_refund_shows_what_it_takes_before_it_is_booked(chat: Chat) -> None:
    alice, olga = await meet(chat)
    work(chat, alice)
    await open_receipt(olga)
    assert "↩️ Refund" in (await olga.screen()).buttons
    assert "Withdraw a refund" not in (await olga.screen()).buttons
    await olga.tap("↩️ Refund")
    first = await olga.screen()
    assert "Model A: sold $500.00, not refunded $500.00" in first.text
    assert first.buttons == ("Model A", "Model B", "Back", "Main menu")
    await olga.tap("Model A")
    assert "up to $500.00" in (await olga.screen()).text
    await say(olga, "100")
    await say(olga, "the buyer complained")
    sure = await olga.screen()
    # 100.00 less 20 % at 10 %
    assert "Pay taken back: $8.00" in sure.text
    assert "Left on that line: $400.00" in sure.text
    assert chat.service.refunds.list_of_shift(1) == []
    await olga.tap("Yes")
    assert "The refund is booked" in (await olga.screen()).text
    told = await alice.wait_for("was refunded to the buyer")
    assert "$8.00 of your pay for it is taken back." in told.text
    assert "💬 the buyer complained" in told.text
    assert chat.service.statistics.get_balance(1001) == usd("160.00")
    assert_books_agree(chat.service)


async def test_all_that_is_left_is_one_tap_and_more_than_that_is_refused(chat: Chat) -> None:
    alice, olga = await meet(chat)
    work(chat, alice)
    await open_receipt(olga)
    await olga.tap("↩️ Refund")
    await olga.tap("Model A")
    assert "more than is left of that sale: 500.00" in (await say(olga, "500.01")).text
    assert "not an amount" in (await say(olga, "much")).text
    await olga.tap("All of it")
    await olga.tap("Back")
    assert "How much of Model A was refunded? Type the amount, up to $500.00." in (await olga.screen()).text
    await olga.tap("All of it")
    await say(olga, "all came back")
    await olga.tap("Yes")
    assert chat.service.refunds.list_of_shift(1)[0].units == usd("40.00")


async def test_the_receipt_shows_refunds_and_an_admin_withdraws_one(chat: Chat) -> None:
    alice, olga = await meet(chat)
    work(chat, alice)
    await refund(olga)
    await open_receipt(olga)
    receipt = await olga.screen()
    assert "↩️ Refunded on Model A: 100.00, 8.00 of pay" in receipt.text
    assert "Withdraw a refund" in receipt.buttons
    await olga.tap("Withdraw a refund")
    await olga.tap("Model A · $100.00")
    assert "Why it is withdrawn:" not in (await olga.screen()).text
    asked = await say(olga, "it was a mistake")
    await olga.tap("Yes")
    done = await olga.screen()
    assert "The refund is withdrawn" in done.text
    for screen in (asked, done):
        assert "💬 Why it was refunded: the buyer complained\n💬 Why it is withdrawn: it was a mistake" in screen.text
    assert "You have $8.00 of pay back." in (await alice.wait_for("is withdrawn")).text
    assert chat.service.statistics.get_balance(1001) == usd("168.00")
    await open_receipt(olga)
    receipt = await olga.screen()
    assert "<s>↩️ Refunded on Model A: 100.00, 8.00 of pay</s>" in receipt.html
    assert "Withdraw a refund" not in receipt.buttons
    assert_books_agree(chat.service)


def work_twice(chat: Chat, person: Person) -> None:
    """400.00, then 200.00 on the same day: 8 % and 10 %, for the day's sales are 600.00 by then."""
    for begin, amount in (("06", "400"), ("08", "200")):
        log(chat, person, clock_in=f"2026/11/16 {begin}:00:00", clock_out=f"2026/11/16 {int(begin) + 2:02}:00:00",
            Model_A=amount)  # fmt: skip
        chat.clock.move(minutes=1)


async def test_a_refunded_shift_keeps_its_rate_when_another_of_the_day_is_corrected_and_the_receipt_says_so(
    chat: Chat,
) -> None:
    alice, olga = await meet(chat)
    await asyncio.to_thread(work_twice, chat, alice)
    await asyncio.to_thread(
        lambda: chat.service.refunds.book(2, 1, usd(50), "came back", actor=chat.service.people.get(9001))
    )
    await open_edit(alice, 1)
    await alice.tap("Total sales")
    corrected = await say(alice, "100")
    kept = "↩️ Mon 16 Nov, shift 2 keeps its 10.00%, for it has a refund: the day’s sales would make it 8.00%."
    assert "Total sales: 400.00 → 100.00" in corrected.text
    assert corrected.text.endswith(f"\n\n{kept}")
    assert "moves other shifts" not in corrected.text
    await open_receipt(alice, 2)
    assert "Rate: 10.00% (8.0% base + 2.0% dynamic)" in (await alice.screen()).text
    await alice.tap("Why?")
    assert "+ 2.0%, kept as it was when its sales were refunded" in (await alice.screen()).text
    await open_receipt(olga)
    for button in ("✏️ Edit", "🗑 Delete", "Yes"):
        await olga.tap(button)
    assert "Shift 1 is deleted" in (await olga.screen()).text
    assert_books_agree(chat.service)


async def test_an_admin_who_corrects_another_shift_of_the_day_tells_the_person_which_one_keeps_its_rate(
    chat: Chat,
) -> None:
    alice, olga = await meet(chat)
    await asyncio.to_thread(work_twice, chat, alice)
    await asyncio.to_thread(
        lambda: chat.service.refunds.book(2, 1, usd(50), "came back", actor=chat.service.people.get(9001))
    )
    await open_receipt(olga)
    for button in ("✏️ Edit", "🗑 Delete", "Yes"):
        await olga.tap(button)
    kept = "↩️ Mon 16 Nov, shift 2 keeps its 10.00%, for it has a refund: the day’s sales would make it 8.00%."
    assert kept in (await olga.screen()).text
    assert kept in (await alice.wait_for("Olga has deleted your shift 1")).text


async def test_of_a_refunded_shift_the_form_offers_the_clocks_alone_and_asks_the_admins_for_the_withdrawal(
    chat: Chat,
) -> None:
    alice, olga = await meet(chat)
    await asyncio.to_thread(work_twice, chat, alice)
    await refund(olga, "50")
    await alice.wait_for("was refunded to the buyer")
    form = await open_edit(alice, 1)
    assert "This shift has a refund. Until that is withdrawn its sales and its date stay as they are" in form.text
    assert form.rows == (("Clock in", "Clock out"), ("↩️ Ask for its withdrawal",), ("Back", "Main menu"))
    await alice.tap("Clock in")
    assert "Start" not in (await alice.screen()).text, "no date is asked for"
    refused = await say(alice, "15 Nov")
    assert "Shift 1 has a refund." in refused.text
    assert "Clock in" not in refused.buttons, "the question stands as before"
    moved = await say(alice, "7:00")
    assert "Start: 2026/11/16 06:00:00 → 2026/11/16 07:00:00" in moved.text
    await open_edit(alice, 1)
    await alice.tap("↩️ Ask for its withdrawal")
    assert "Why should the refund on shift 1 be withdrawn?" in (await alice.screen()).text
    assert "The admins have your question" in (await say(alice, "the buyer paid again")).text
    asked = await olga.wait_for("Alice asks for the refund on shift 1 to be withdrawn:")
    assert "“the buyer paid again”" in asked.text
    await olga.press(asked.data["Withdraw a refund"], message_id=asked.message_id)
    await olga.tap("Model A · $50.00")
    await say(olga, "they did")
    await olga.tap("Yes")
    assert "The refund is withdrawn" in (await olga.screen()).text
    await alice.wait_for("is withdrawn. You have")
    assert "🗑 Delete" in (await open_edit(alice, 1)).buttons
    assert_books_agree(chat.service)


async def test_an_admin_withdraws_the_refund_from_the_form_and_everybody_reads_the_rate_that_it_has_again(
    chat: Chat,
) -> None:
    alice, olga = await meet(chat)
    await asyncio.to_thread(work_twice, chat, alice)
    owner = chat.service.people.get(9001)
    await asyncio.to_thread(lambda: chat.service.refunds.book(2, 1, usd(50), "came back", actor=owner))
    await asyncio.to_thread(lambda: chat.service.update_total_sales(1, 100))
    await open_receipt(olga, 2)
    await olga.tap("✏️ Edit")
    assert (await olga.screen()).rows[1] == ("Withdraw a refund",)
    await olga.tap("Withdraw a refund")
    await olga.tap("Model A · $50.00")
    asked = await say(olga, "a mistake")
    assert (
        "⚖️ The day’s sales will make the shift’s rate again: 10.00% → 8.00%. It will make $46.00 → $42.80."
        in asked.text
    )
    await asyncio.to_thread(lambda: chat.service.update_total_sales(1, 90))
    await olga.tap("Yes")
    again = "⚖️ The day’s sales make the shift’s rate again: 10.00% → 8.00%. It makes $46.00 → $42.80 now."
    assert again in (await olga.screen()).text
    assert again in (await alice.wait_for("is withdrawn")).text
    assert_books_agree(chat.service)


async def test_a_button_of_before_the_refund_is_refused_before_anything_is_typed(chat: Chat) -> None:
    alice, olga = await meet(chat)
    await asyncio.to_thread(work, chat, alice)
    form = await open_edit(alice)
    await refund(olga, "50")
    for button in ("Sales of a model", "Total sales", "🗑 Delete"):
        toast = await alice.press(form.data[button], message_id=form.message_id)
        assert "Shift 1 has a refund." in toast.text


async def test_the_months_rank_bonuses_are_shown_and_a_deduction_offered(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    log(chat, alice, clock_in="2026/11/16 09:00:00", clock_out="2026/11/16 17:00:00", Model_A="4000")
    [bonus] = [held.bonus for held in chat.service.bonuses.list_of(1001, 10)]
    await open_receipt(olga)
    await olga.tap("↩️ Refund")
    await olga.tap("Model A")
    await say(olga, "3900")
    await say(olga, "chargeback")
    assert "Bonuses of that month’s ranks, which stay:" in (await olga.screen()).text
    await olga.tap("Yes")
    assert "✂️ Book a deduction" in (await olga.screen()).buttons
    assert bonus.rank_id is not None


async def test_a_used_bonus_is_answered_by_a_deduction_that_names_it(chat: Chat) -> None:
    alice, olga = await meet(chat)
    owner = chat.find(olga)
    assert owner is not None
    chat.service.bonuses.grant(1001, BonusOffer(BonusType.FLAT, usd(25)), actor=owner)
    work(chat, alice)
    await say(olga, "/start")
    await olga.press("ab:cut-bonus:1001", message_id=(await olga.screen()).message_id)
    assert "1. $25.00, used on shift 1" in (await olga.screen()).text
    await olga.tap("1")
    await olga.tap("All of it")
    await say(olga, "the rank was lost")
    assert "To deduct: $25.00" in (await olga.screen()).text
    await olga.tap("Yes")
    assert "$25.00 is deducted from Alice" in (await olga.screen()).text
    assert "$25.00 is deducted for a bonus" in (await alice.wait_for("deducted")).text
    [booked] = chat.service.adjustments.list_of(1001, 10)
    assert (booked.amount, booked.bonus_id, booked.shift_id) == (usd(25), 1, 1)
    assert_books_agree(chat.service)


async def test_the_notice_of_a_bonus_that_stays_used_offers_the_deduction(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    facts = {"employee_id": 1001, "employee_name": "Alice", "month": "2026-11-01", "rank_id": 1, "previous_rank_id": 2,
             "kept": ["percent_next_1"]}  # fmt: skip
    chat.service.outbox.add_for_admins("bonus_kept", facts)
    notice = await olga.wait_for("It stays with the shift.", timeout=10)
    await olga.press(notice.data["✂️ Book a deduction"], message_id=notice.message_id)
    assert "No bonus has been used" in (await olga.screen()).text
    assert chat.find(alice) is not None


async def test_two_admins_who_refund_the_same_line_at_once_take_no_more_than_the_line(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    ivan = await chat.admin("Ivan", 9002)
    work(chat, alice)
    for admin in (olga, ivan):
        await open_receipt(admin)
        await admin.tap("↩️ Refund")
        await admin.tap("Model B")
        await admin.tap("All of it")
        await say(admin, "chargeback")
    toasts = await asyncio.gather(olga.tap("Yes"), ivan.tap("Yes"))
    assert sorted("more than is left" in toast.text for toast in toasts) == [False, True]
    assert [one.amount for one in chat.service.refunds.list_of_shift(1)] == [usd(100)]
    assert_books_agree(chat.service)


async def test_an_employee_and_a_stranger_refund_nothing(chat: Chat) -> None:
    alice, dana = await chat.employee("Alice", 1001), await chat.stranger("Dana", 5005)
    work(chat, alice)
    await open_receipt(alice)
    assert "↩️ Refund" not in (await alice.screen()).buttons
    for person in (alice, dana):
        await say(person, "/start")
        for data in ("ab:refund:1", "ab:unrefund:1", "ab:cut-bonus:1001"):
            await person.press(data, message_id=(await person.screen()).message_id)
    assert chat.service.refunds.list_of_shift(1) == []
    assert chat.service.adjustments.list_of(1001, 10) == []


async def test_where_refunds_lower_the_rank_statistics_say_what_was_sold_refunded_and_counts(chat: Chat) -> None:
    alice, olga = await meet(chat)

    def arrange() -> None:
        owner = chat.service.people.get(9001)
        chat.service.settings.change(SettingKey.REFUND_LOWERS_RANK, "true", actor=owner)
        work(chat, alice)

    await asyncio.to_thread(arrange)
    assert "refunded" not in (await say(alice, "/stats")).text
    await refund(olga, "460.50")
    await alice.wait_for("was refunded to the buyer")
    counted = "↩️ $460.50 of it was refunded: $139.50 counts for the rank"
    told = await say(alice, "/stats")
    assert f"Sales this month: $600.00, one shift\n{counted}" in told.text
    assert "$1,860.50 to go" in told.text
    assert f"Your sales this month: $600.00\n{counted}" in (await say(alice, "/ranks")).text
