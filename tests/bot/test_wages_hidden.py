"""What a manager sees where the settings say that wages are for the owner: times and sales, but nobody's pay."""

import asyncio
import csv
from io import StringIO

import pytest

from bot.keyboards.receipt import EditShift
from bot.use_cases.day_end import tell_day
from payroll.adjustments import AdjustmentKind
from payroll.offers import BonusOffer, BonusType
from payroll.people import Role
from payroll.settings import SettingKey
from playground.client import Person
from playground.screens import Screen
from tests.bot.conftest import Chat
from tests.bot.shifts import log, say
from tests.bot.team import TODAY, open_member, work
from tests.bot.test_my_pay import download
from tests.owners import usd

TOLD_PAY = ("160.00", "120.00", "40.00", "15.00", "8.0%", "10.00%", "made $", "Made", "Hourly", "Commissions", "Rate")
"""What the eight hours at $15.00 and 400.00 net at 8 % and 2 % of `work` come to, and the words for it."""


@pytest.fixture
async def max_(chat: Chat) -> Person:
    """A manager who may not see wages; Boris has one shift of 2026/11/16."""
    await chat.admin("Olga", 9001)
    manager, boris = await chat.admin("Max", 9003), await chat.employee("Boris", 1001)
    await boris.send("/start")

    def arrange() -> None:
        owner = chat.service.people.get(9001)
        chat.service.staff.set_role(9003, Role.MANAGER, actor=owner)
        chat.service.settings.change(SettingKey.MANAGERS_SEE_WAGES, "false", actor=owner)
        work(chat, boris, 16)

    await asyncio.to_thread(arrange)
    return manager


def list_told(screen: Screen) -> list[str]:
    """What of anybody's pay a screen tells."""
    shown = "\n".join((screen.text, *screen.buttons))
    return [one for one in TOLD_PAY if one in shown]


async def open_shift(admin: Person, name: str = "Boris") -> Screen:
    """The receipt of a person's newest shift, by taps."""
    await open_member(admin, name)
    await admin.tap("🧾 Shifts")
    await admin.tap((await admin.screen()).buttons[0])
    return await admin.screen()


async def test_a_receipt_tells_times_and_sales_but_no_pay_and_not_why(chat: Chat, max_: Person) -> None:
    shown = await open_shift(max_)
    assert shown.text.splitlines() == [
        "🧾 Shift 1",
        "",
        "📅 2026/11/16 · Boris",
        "Start: 2026/11/16 09:00:00",
        "End: 2026/11/16 17:00:00",
        "Hours: 8.00",
        "",
        "Model A: 500.00",
        "Total sales: 500.00",
        "Net sales: 400.00",
        "",
        "The pay is for the owner to see.",
    ]
    assert "Why?" not in shown.buttons
    forged = await max_.press("r:1:w", message_id=shown.message_id)
    assert forged.text == "That is for the owner only."
    olga = chat.emulator.person(9001)
    assert "💰 Made $160.00" in (await open_shift(olga)).text
    await olga.tap("Why?")
    assert "8.0% is" in (await olga.screen()).text


async def test_nor_does_it_on_the_way_there(chat: Chat, max_: Person) -> None:
    await open_member(max_, "Boris")
    page = await max_.screen()
    assert "so far:\n1 shift, 8.00 h, sales $500.00" in page.text
    await max_.tap("🧾 Shifts")
    listed = await max_.screen()
    assert listed.buttons[0] == "2026/11/16 · $500.00"
    assert "09:00" in listed.text
    assert "Wage, base rate and balance are for the owner to see." in page.text
    assert (list_told(page), list_told(listed)) == ([], [])
    olga = chat.emulator.person(9001)
    await open_member(olga, "Boris")
    await olga.tap("🧾 Shifts")
    assert (await olga.screen()).buttons[0] == "2026/11/16 · $160.00"


async def test_what_a_manager_corrects_and_deletes_tells_no_pay_either(chat: Chat, max_: Person) -> None:
    await open_shift(max_)
    for button in ("✏️ Edit", "Total sales"):
        await max_.tap(button)
    corrected = await say(max_, "400")
    assert "Total sales: 500.00 → 400.00\nNet sales: 400.00 → 320.00" in corrected.text
    assert "Why?" not in corrected.buttons
    for button in ("✏️ Edit", "🗑 Delete"):
        await max_.tap(button)
    asked = await max_.screen()
    await max_.tap("Yes")
    deleted = await max_.screen()
    for screen in (corrected, asked, deleted):
        assert [one for one in (*TOLD_PAY, "145.60") if one in screen.text] == []
    assert "Shift 1 is deleted" in deleted.text


async def test_a_manager_reads_which_other_shifts_a_correction_moves_and_no_amount(chat: Chat, max_: Person) -> None:
    alice = await chat.employee("Alice", 1002)
    first = log(chat, alice, clock_in="2026/11/16 06:00:00", clock_out="2026/11/16 08:00:00", Model_A="500")
    chat.clock.move(minutes=1)
    log(chat, alice, clock_in="2026/11/16 08:00:00", clock_out="2026/11/16 10:00:00", Model_A="700")
    await max_.press(EditShift(shift_id=first).pack(), message_id=(await say(max_, "/start")).message_id)
    for button in ("🗑 Delete", "Yes"):
        await max_.tap(button)
    told = (await max_.wait_for(f"Shift {first} is deleted")).text
    assert f"• Mon 16 Nov, shift {first + 1} is paid anew" in told
    assert "$" not in told


async def test_so_does_one_that_a_manager_enters(chat: Chat, max_: Person) -> None:
    await open_member(max_, "Boris")
    for button in ("➕ Add a shift", "Yesterday…", "9 AM", "5 PM", "Model A"):
        await max_.tap(button)
    await say(max_, "500")
    await max_.tap("Save shift")
    saved = await max_.screen()
    assert "Shift 2 is saved" in saved.text
    assert (list_told(saved), "Why?" in saved.buttons) == ([], False)


async def test_a_bonus_by_hand_is_booked_without_the_balance(chat: Chat, max_: Person) -> None:
    await open_member(max_, "Boris")
    for button in ("🎁 Bonus or deduction", "🎁 Bonus"):
        await max_.tap(button)
    await say(max_, "5")
    asked = await say(max_, "for the night")
    assert "🎁 Boris gets $5.00\nReason: for the night\n\nIs that right?" in asked.text
    await max_.tap("Yes")
    assert "Balance" not in (await max_.screen()).text


async def test_a_period_is_closed_without_what_anybody_is_owed_and_paid_with_what_is_due(
    chat: Chat, max_: Person
) -> None:
    chat.clock.move(days=20)
    await say(max_, "/admin")
    await max_.tap("🗓 Pay periods")
    await max_.tap("⏰ 2026/11/15 – 2026/11/30")
    told = [await max_.screen()]
    for button in ("🟢 Boris", "🔒 Close", "Yes", "Back"):
        await max_.tap(button)
        told.append(await max_.screen())
    assert "🟢 Boris · not confirmed" in told[0].text
    assert "1 shift\nWhat it comes to is for the owner to see." in told[1].text
    assert "• Boris · not confirmed" in told[2].text
    assert [list_told(screen) for screen in told] == [[]] * 5
    await max_.tap("💵 Pay")
    assert "• Boris: $160.00, 2026/11/15 – 2026/11/30" in (await max_.screen()).text
    for button in ("Yes", "Back"):
        await max_.tap(button)
    paid = await max_.screen()
    assert "✅ Paid on 2026/12/06\n" in paid.text
    assert list_told(paid) == []


async def test_what_was_taken_back_since_the_close_is_not_told_beside_what_is_paid(chat: Chat, max_: Person) -> None:
    chat.clock.move(days=20)

    def take_back() -> None:
        owner = chat.service.people.get(9001)
        chat.service.periods.close(TODAY, actor=owner)
        chat.service.adjustments.book(1001, AdjustmentKind.DEDUCTION, usd("28.40"), "broken", actor=owner)

    await asyncio.to_thread(take_back)
    await say(max_, "/admin")
    await max_.tap("🗓 Pay periods")
    await max_.tap("🔒 2026/11/15 – 2026/11/30")
    told = [await max_.screen()]
    assert "🔒 Boris\n" in f"{told[0].text}\n"
    await max_.tap("💵 Pay everybody")
    told.append(await max_.screen())
    assert "• Boris: $131.60, 2026/11/15 – 2026/11/30\n" in told[1].text
    await max_.tap("Yes")
    told.append(await max_.screen())
    assert [screen for screen in told if "160" in screen.text or "28.40" in screen.text] == []


async def test_which_shift_keeps_its_rate_is_told_without_the_rate(chat: Chat, max_: Person) -> None:
    alice = await chat.employee("Alice", 1002)
    first = log(chat, alice, clock_in="2026/11/16 06:00:00", clock_out="2026/11/16 08:00:00", Model_A="400")
    chat.clock.move(minutes=1)
    second = log(chat, alice, clock_in="2026/11/16 08:00:00", clock_out="2026/11/16 10:00:00", Model_A="200")
    owner = chat.service.people.get(9001)
    await asyncio.to_thread(lambda: chat.service.refunds.book(second, 1, usd(50), "came back", actor=owner))
    await max_.press(EditShift(shift_id=first).pack(), message_id=(await say(max_, "/start")).message_id)
    for button in ("🗑 Delete", "Yes"):
        await max_.tap(button)
    told = [await max_.wait_for(f"Shift {first} is deleted")]
    assert told[0].text.endswith(f"↩️ Mon 16 Nov, shift {second} keeps its rate, for it has a refund.")
    await max_.press(EditShift(shift_id=second).pack(), message_id=(await say(max_, "/start")).message_id)
    await max_.tap("Withdraw a refund")
    await max_.tap("Model A · $50.00")
    told.append(await say(max_, "a mistake"))
    assert "⚖️ The day’s sales will make the shift’s rate again." in told[1].text
    await max_.tap("Yes")
    told.append(await max_.screen())
    assert "⚖️ The day’s sales make the shift’s rate again." in told[2].text
    assert [screen.text for screen in told if "%" in screen.text or "$4" in screen.text] == []


async def test_ones_own_pay_is_shown_all_the_same(chat: Chat, max_: Person) -> None:
    await asyncio.to_thread(work, chat, max_, 16)
    shown = await open_shift(max_, "Max")
    assert "💰 You made $160.00" in shown.text
    assert "Why?" in shown.buttons


async def test_reports_open_by_day_and_tell_what_was_sold(chat: Chat, max_: Person) -> None:
    await say(max_, "/admin")
    await max_.tap("📊 Reports")
    await max_.tap("This month")
    shown = await max_.screen()
    assert shown.text.splitlines() == [
        "📊 By day, 2026/11/01 – 2026/11/30",
        "",
        "• 2026/11/16: one shift, 8.00 h, sales $500.00",
        "",
        "Together: one shift, 8.00 h, sales $500.00",
    ]
    assert "By person" not in shown.buttons
    made_up = next(data for button, data in shown.data.items() if button == "By model").replace("products", "people")
    assert (await max_.press(made_up, message_id=shown.message_id)).text == "That is for the owner only."
    await max_.tap("CSV")
    await max_.settled()
    rows = list(csv.reader(StringIO((await download(chat, max_)).decode("utf-8-sig"))))
    assert rows[1] == ["2026-11-16", "1", "1", "8.00", "500.00", "400.00"]
    assert len(rows[0]) == len(rows[1])
    await max_.tap("By model")
    assert "By person" not in (await max_.screen()).buttons


async def test_a_manager_has_no_buttons_for_their_own_wage(chat: Chat, max_: Person) -> None:
    await open_member(max_, "Max")
    page = await max_.screen()
    assert "Wage: $15.00 an hour" in page.text
    assert not {"💵 Wage", "📈 Base rate", "🎁 Bonus or deduction", "📱 New account", "🚪 Has left"} & set(page.buttons)
    assert (await max_.press("ab:wage:9003", message_id=page.message_id)).is_alert


async def test_a_refund_is_booked_and_withdrawn_without_what_it_takes_of_the_pay(chat: Chat, max_: Person) -> None:
    told = []
    for begin in ("↩️ Refund", "Withdraw a refund"):
        told.append(await open_shift(max_))
        await max_.tap(begin)
        await max_.tap((await max_.screen()).buttons[0])
        if begin == "↩️ Refund":
            await say(max_, "100")
        told.append(await say(max_, "the buyer complained"))
        await max_.tap("Yes")
        told.append(await max_.screen())
        assert "Yes" not in told[-1].buttons, "it is done"
    told.append(await open_shift(max_))
    assert "↩️ Refunded on Model A: 100.00" in told[-1].text
    # 100.00 less 20 % at 10 %
    assert [
        screen.text for screen in told if "8.00 " in screen.text.replace("8.00\n", "") or "$8.00" in screen.text
    ] == []


async def test_the_summary_of_a_day_tells_a_manager_what_was_sold(chat: Chat, max_: Person) -> None:
    await asyncio.to_thread(tell_day, chat.service, TODAY)
    told = await max_.wait_for("🌙 2026/11/16")
    assert told.text == "🌙 2026/11/16\nOne shift · sold $500.00\n\nBoris: one shift, sold $500.00"
    assert "made $160.00" in (await chat.emulator.person(9001).wait_for("🌙 2026/11/16")).text


async def test_bonuses_are_named_without_what_they_came_to(chat: Chat, max_: Person) -> None:
    owner = await asyncio.to_thread(chat.service.people.get, 9001)
    offers = [BonusOffer(BonusType.FLAT, usd("10")), BonusOffer(BonusType.DOUBLE_COMMISSION, None)]

    def arrange() -> None:
        for offer in offers:
            chat.service.bonuses.grant(1001, offer, actor=owner)
        work(chat, chat.emulator.person(1001), 15)

    await asyncio.to_thread(arrange)
    shown = await open_shift(max_)
    await max_.tap("Back")
    await max_.tap("2026/11/15 · $500.00")
    shown = await max_.screen()
    assert shown.text.splitlines()[-4:] == ["🎁 $10.00", "🎁 Double commission", "", "The pay is for the owner to see."]
    await say(max_, "/admin")
    await max_.tap("🎁 Bonuses")
    await max_.tap("Boris")
    assert "$10.00 (from Olga) · used on shift 2 · " in (await max_.screen()).text
    await max_.tap("Back")
    await max_.tap("Max")
    assert "🎁 Give one" not in (await max_.screen()).buttons


async def test_other_day_rates_tell_the_difference_but_not_what_shifts_made(chat: Chat, max_: Person) -> None:
    await say(max_, "/admin")
    await max_.tap("📈 Day rates")
    await max_.tap(next(button for button in (await max_.screen()).buttons if "500.00" in button))
    await max_.tap("Percent")
    for _ in range(2):
        screen = await max_.screen()
        await (max_.tap("2026/11/16") if "2026/11/16" in screen.buttons else say(max_, "3"))
    asked = await max_.screen()
    assert "• Boris, 2026/11/16, shift 1: $4.00 more" in asked.text
    assert "160.00" not in asked.text


async def test_what_a_day_off_is_worth_is_not_told(chat: Chat, max_: Person) -> None:
    boris = chat.emulator.person(1001)
    owner = await asyncio.to_thread(chat.service.people.get, 9001)
    await asyncio.to_thread(chat.service.bonuses.grant, 1001, BonusOffer(BonusType.PAID_DAY_OFF, None), actor=owner)
    await say(boris, "/ranks")
    await boris.tap("🏖 Use my day off")
    await say(boris, "2026/11/20")
    await boris.tap("Yes")
    asked = await max_.wait_for("Boris asks for a paid day off")
    assert "It is worth" not in asked.text
    assert "It is worth $" in (await chat.emulator.person(9001).wait_for("Boris asks for a paid day off")).text
    await max_.press(asked.data["Approve"], message_id=asked.message_id)
    decided = await max_.wait_for("Approved by Max")
    assert "It is worth" not in decided.text
