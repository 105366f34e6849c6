"""Admins enter, correct and end the shifts of others, who are told (SPEC 4 "Edit shift", PAYROLL D32, D36)."""

import asyncio
from datetime import date
from decimal import Decimal

from payroll.people import Role
from tests.bot.conftest import Chat
from tests.bot.shifts import log, say, sell, set_hour
from tests.bot.team import TODAY, open_member, work


async def test_an_admin_enters_a_shift_for_somebody_who_is_told(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await open_member(olga, "Alice")
    await olga.tap("➕ Add a shift")
    asked = await olga.screen()
    assert "👤 Alice" in asked.text
    assert asked.rows == (("Yesterday, Sun 15", "Today, Mon 16"), ("Back", "Main menu"))
    await say(olga, "2026/11/17")
    assert "2026/11/17 is still to come." in (await olga.screen()).text
    await say(olga, "2026/11/12")
    assert "📅 2026/11/12" in (await olga.screen()).text
    for hour in ("9 AM", "5 PM"):
        await set_hour(olga, hour)
    receipt = await sell(olga, "500")
    assert "📅 2026/11/12 · Alice" in receipt.text
    assert "💰 Made $160.00" in receipt.text
    notice = await alice.wait_for("🧾 Olga has entered a shift for you: 2026/11/12, shift 1. It made $160.00.")
    assert notice.buttons == ("🧾 Receipt", "Main menu")
    await alice.tap("🧾 Receipt")
    assert "💰 You made $160.00" in (await alice.screen()).text
    assert chat.service.statistics.get_balance(1001) == Decimal("160.00")
    assert chat.service.get_last_shifts(9001) == []
    await olga.tap("Alice")
    assert "Balance: $160.00" in (await olga.screen()).text


async def test_an_admin_corrects_and_deletes_a_shift_of_somebody_who_is_told(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await asyncio.to_thread(work, chat, alice, 16)
    await open_member(olga, "Alice")
    for button in ("🧾 Shifts", "2026/11/16 · $160.00", "✏️ Edit", "Back", "✏️ Edit", "Total sales"):
        await olga.tap(button)
    await say(olga, "400")
    assert "💰 Made $160.00 → $145.60" in (await olga.screen()).text
    await alice.wait_for("✏️ Olga has corrected your shift 1 of 2026/11/16: $160.00 → $145.60.")
    for button in ("✏️ Edit", "🗑 Delete", "Yes"):
        await olga.tap(button)
    notice = await alice.wait_for("🗑 Olga has deleted your shift 1 of 2026/11/16. The $145.60 it made is taken back.")
    assert notice.buttons == ("Main menu",)


async def test_who_is_told_of_a_correction_reads_which_other_shifts_it_moves_and_why(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    log(chat, alice, clock_in="2026/11/16 06:00:00", clock_out="2026/11/16 08:00:00", Model_A="500")
    chat.clock.move(minutes=1)
    log(chat, alice, clock_in="2026/11/16 08:00:00", clock_out="2026/11/16 10:00:00", Model_A="700")
    await open_member(olga, "Alice")
    for button in ("🧾 Shifts", "2026/11/16 · $70.00", "✏️ Edit", "🗑 Delete", "Yes"):
        await olga.tap(button)
    moved = "• Mon 16 Nov, shift 2: $97.20 → $86.00 (the day’s sales make it 12.00% → 10.00%)"
    assert moved in (await olga.screen()).text
    assert moved in (await alice.wait_for("🗑 Olga has deleted your shift 1")).text


async def test_for_who_left_shifts_are_entered_up_to_the_last_day_and_what_runs_is_finished(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await alice.tap("Start now")
    chat.clock.move(hours=3)
    boss = await asyncio.to_thread(chat.service.people.get, 9001)
    await asyncio.to_thread(chat.service.staff.leave, 1001, TODAY, actor=boss)
    chat.clock.move(days=1)
    await say(olga, "/admin")
    for button in ("👥 Team", "Show who left", "Alice (left)", "➕ Add a shift"):
        await olga.tap(button)
    assert (await olga.tap("Today…")).text == "Nothing can be entered for Alice. Allowed: up to 2026/11/16."
    await olga.tap("Back")
    await olga.tap("🏁 Finish the shift")
    assert "What time did it end?" in (await olga.screen()).text
    await say(olga, "22:30")
    await sell(olga, "100")
    shifts = chat.service.get_last_shifts(1001)
    assert [str(one["worked_hours"]) for one in shifts] == ["2.50"]
    assert chat.service.shifts.find_running(1001) is None


async def test_who_is_no_admin_any_more_enters_nothing_for_others(chat: Chat) -> None:
    olga, ivan = await chat.admin("Olga", 9001), await chat.admin("Ivan", 9002)
    await chat.employee("Alice", 1001)
    await open_member(olga, "Alice")
    for button in ("➕ Add a shift", "Today…", "9 AM"):
        await olga.tap(button)
    boss = chat.find(ivan)
    assert boss is not None
    await asyncio.to_thread(chat.service.staff.set_role, 9001, Role.EMPLOYEE, actor=boss)
    assert (await olga.tap("5 PM", message_id=None)).text == "That is for admins only."
    await olga.press("ta:1001:0", message_id=(await olga.screen()).message_id)
    assert chat.service.get_last_shifts(1001) == []


async def test_a_shift_of_a_closed_period_becomes_a_request_for_the_person(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    boss = await asyncio.to_thread(chat.service.people.get, 9001)
    await asyncio.to_thread(work, chat, alice, 10)
    await asyncio.to_thread(chat.service.periods.close, date(2026, 11, 1), actor=boss)
    await open_member(olga, "Alice")
    await olga.tap("➕ Add a shift")
    await say(olga, "2026/11/12")
    for hour in ("9 AM", "5 PM"):
        await set_hour(olga, hour)
    await olga.tap("No sales")
    closed = await olga.screen()
    await olga.tap(closed.buttons[0])
    await say(olga, "forgotten")
    (asked,) = chat.service.corrections.list_of(1001, 9)
    assert (asked.employee_id, asked.requested_by, asked.reason) == (1001, 9001, "forgotten")


async def test_from_a_receipt_the_way_leads_back_to_the_page_of_the_persons_shifts(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await asyncio.to_thread(lambda: [work(chat, alice, day, "5") for day in range(1, 14)])
    await open_member(olga, "Alice")
    for button in ("🧾 Shifts", "Next page ›", "Next page ›"):
        await olga.tap(button)
    listed = (await olga.screen()).text
    assert "page 3 of 3" in listed
    await olga.tap((await olga.screen()).buttons[0])
    assert (await olga.screen()).rows[-2:] == (("Alice",), ("Back", "Main menu"))
    for button in ("Why?", "Back"):
        await olga.tap(button)
    assert (await olga.screen()).text == listed
