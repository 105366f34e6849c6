"""Correcting the clocks of a shift in the chat (PAYROLL D5, D9, D12)."""

from datetime import UTC, datetime

import pytest

from tests.bot.conftest import Chat
from tests.bot.shifts import log, open_edit, record, say, set_hour

AFTER_THE_CLOCKS_WENT_BACK = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)  # 15:00 in New York
AFTER_THE_CLOCKS_WENT_FORWARD = datetime(2026, 3, 8, 19, 0, tzinfo=UTC)


async def test_a_new_clock_in_keeps_the_clock_out_and_the_receipt_shows_old_and_new(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Today", start="9 AM", end="5 PM")
    await open_edit(alice)
    await alice.tap("Clock in")
    screen = await alice.screen()
    assert screen.rows == (("Mon 16 Nov", "Sun 15 Nov", "Tue 17 Nov"), ("Back", "Main menu"))
    assert "still to come" in (await alice.tap("Tue 17 Nov")).text
    await alice.tap("Mon 16 Nov")
    assert "2026/11/16" in (await alice.screen()).text
    await alice.tap("8 AM")
    lines = (await alice.screen()).text.splitlines()
    assert "✏️ Shift 1 is corrected" in lines
    assert "📅 2026/11/16 · Alice" in lines
    assert "Start: 2026/11/16 09:00:00 → 2026/11/16 08:00:00" in lines
    assert "End: 2026/11/16 17:00:00" in lines
    assert "Hours: 8.00 → 9.00" in lines
    assert "Hourly: 120.00 → 135.00" in lines
    assert "💰 You made $160.00 → $175.00" in lines


async def test_a_new_clock_out_keeps_the_clock_in(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Today", start="9 AM", end="5 PM")
    await open_edit(alice)
    await alice.tap("Clock out")
    assert "2026/11/16 09:00:00 → 2026/11/16 17:00:00" in (await alice.screen()).text
    receipt = await say(alice, "17:30")
    assert "Start: 2026/11/16 09:00:00" in receipt.text.splitlines()
    assert "End: 2026/11/16 17:00:00 → 2026/11/16 17:30:00" in receipt.text
    assert "Hours: 8.00 → 8.50" in receipt.text


async def test_a_clock_in_after_the_clock_out_moves_the_clock_out_to_the_next_day(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Yesterday", start="9 AM", end="5 PM")
    await open_edit(alice)
    await alice.tap("Clock in")
    await alice.tap("Sun 15 Nov")
    await set_hour(alice, "6 PM")
    screen = await alice.screen()
    assert "23 h 00 min" in screen.text
    assert "Start: 2026/11/15 18:00:00" in screen.text
    assert "End: 2026/11/16 17:00:00" in screen.text
    await alice.tap("Yes")
    receipt = (await alice.screen()).text
    assert "Start: 2026/11/15 09:00:00 → 2026/11/15 18:00:00" in receipt
    assert "End: 2026/11/15 17:00:00 → 2026/11/16 17:00:00" in receipt


async def test_a_clock_out_before_the_clock_in_is_the_next_days(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Yesterday", start="10 PM", end="9:00")
    await open_edit(alice)
    await alice.tap("Clock out")
    receipt = await say(alice, "6:00")
    assert "End: 2026/11/16 09:00:00 → 2026/11/16 06:00:00" in receipt.text


@pytest.mark.parametrize(("end", "is_asked"), [("21:00", False), ("21:01", True)], ids=["4 h longer", "a minute more"])
async def test_more_than_4_hours_longer_is_confirmed(chat: Chat, end: str, is_asked: bool) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Yesterday", start="9 AM", end="5 PM")
    await open_edit(alice)
    await alice.tap("Clock out")
    screen = await say(alice, end)
    assert ("Is that right?" in screen.text) == is_asked
    if is_asked:
        assert "2026/11/15 09:00:00 → 2026/11/15 17:00:00" in screen.text
        assert "12 h 01 min" in screen.text
        await alice.tap("Yes")
        assert "Hours: 8.00 → 12.02" in (await alice.screen()).text


async def test_an_edit_over_12_hours_is_confirmed_and_shown_to_the_admins(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await record(alice, "500", day="Yesterday", start="9 AM", end="7 PM")
    await open_edit(alice)
    await alice.tap("Clock out")
    assert "12 h 30 min" in (await say(alice, "21:30")).text
    await alice.tap("Yes")
    assert "12.50" in (await olga.wait_for("Alice")).text


async def test_a_longer_shift_that_was_a_slip_is_mended_by_typing_again(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Yesterday", start="9 AM", end="5 PM")
    await open_edit(alice)
    await alice.tap("Clock out")
    await say(alice, "5:00")
    receipt = await say(alice, "6 pm")
    assert "Hours: 8.00 → 9.00" in receipt.text


async def test_what_was_begun_about_the_clock_in_does_not_get_into_the_clock_out(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Yesterday", start="9 AM", end="5 PM")
    await open_edit(alice)
    await alice.tap("Clock in")
    await alice.tap("Sun 15 Nov")
    await set_hour(alice, "6 PM")
    for _ in range(3):
        await alice.tap("Back")
    await alice.tap("Clock out")
    receipt = await say(alice, "10:00")
    assert "Start: 2026/11/15 09:00:00" in receipt.text.splitlines()
    assert "End: 2026/11/15 17:00:00 → 2026/11/15 10:00:00" in receipt.text


async def test_the_dates_offered_are_that_of_the_shift_and_those_beside_it(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Yesterday", start="9 AM", end="5 PM")
    chat.clock.move(days=2)
    await open_edit(alice)
    await alice.tap("Clock in")
    assert (await alice.screen()).rows[0] == ("Sun 15 Nov", "Sat 14 Nov", "Mon 16 Nov")
    await alice.tap("Sun 15 Nov")
    await alice.tap("10 AM")
    assert "Start: 2026/11/15 09:00:00 → 2026/11/15 10:00:00" in (await alice.screen()).text


@pytest.mark.parametrize("typed", ["8:15", "15 Nov 8:15", "yesterday at 8.15", "2026/11/15 0815", "Sunday 8:15 am"])
async def test_a_date_and_a_time_can_be_typed_at_once(chat: Chat, typed: str) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Yesterday", start="9 AM", end="5 PM")
    await open_edit(alice)
    await alice.tap("Clock in")
    assert "Start: 2026/11/15 09:00:00 → 2026/11/15 08:15:00" in (await say(alice, typed)).text


async def test_what_moves_a_shift_to_another_date_is_shown_and_confirmed(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Yesterday", start="9 AM", end="5 PM")
    await open_edit(alice)
    await alice.tap("Clock in")
    asked = await say(alice, "31 Oct 9:00")
    assert asked.text.splitlines()[-5:] == [
        "This moves the shift from Sun 15 Nov to Sat 31 Oct.",
        "It counts for October 2026 then.",
        "It is paid with the pay period 2026/10/15 – 2026/10/31 then.",
        "",
        "Is that right?",
    ]
    assert asked.rows == (("Yes",), ("Back", "Main menu"))
    asked = await say(alice, "14 Nov 9:00")
    assert "to Sat 14 Nov." in asked.text
    assert "counts for" not in asked.text
    assert "It is paid with the pay period 2026/11/01 – 2026/11/14 then." in asked.text
    await alice.tap("Yes")
    assert "Start: 2026/11/15 09:00:00 → 2026/11/14 09:00:00" in (await alice.screen()).text


async def test_times_in_the_future_and_of_other_shifts_are_refused_and_change_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Today", start="9 AM", end="5 PM")
    await record(alice, "100", day="Today", start="6 AM", end="8:00")
    await open_edit(alice)
    await alice.tap("Clock out")
    assert "2026/11/16 20:01:00 is still to come" in (await say(alice, "20:01")).text
    await alice.tap("Back")
    await alice.tap("Clock in")
    await alice.tap("Mon 16 Nov")
    toast = await alice.tap("7 AM")
    assert "2026/11/16 06:00:00 - 2026/11/16 08:00:00" in toast.text
    toast = await alice.tap("5 AM")
    assert "2026/11/16 06:00:00 - 2026/11/16 08:00:00" in toast.text
    await alice.tap("8 AM")
    assert "Hours: 8.00 → 9.00" in (await alice.screen()).text


async def test_the_own_old_times_do_not_stand_in_the_way(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Today", start="9 AM", end="5 PM")
    await open_edit(alice)
    await alice.tap("Clock in")
    await alice.tap("Mon 16 Nov")
    await alice.tap("10 AM")
    assert "Hours: 8.00 → 7.00" in (await alice.screen()).text


async def test_a_bad_time_is_asked_again(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500")
    await open_edit(alice)
    await alice.tap("Clock out")
    for typed, sentence in {"8": "“8” can be 08:00 or 20:00.", "nine": "“nine” is not a time."}.items():
        screen = await say(alice, typed)
        assert sentence in screen.text
        assert "What time did it end?" in screen.text


@pytest.mark.parametrize(("answer", "hours"), [("Before", "8.50"), ("After", "7.50")])
async def test_a_clock_in_in_the_hour_that_came_twice_is_asked_about(chat: Chat, answer: str, hours: str) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_BACK
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Today", start="3 AM", end="9:00")
    await open_edit(alice)
    await alice.tap("Clock in")
    await alice.tap("Sun 1 Nov")
    screen = await say(alice, "1:30")
    assert "before or after the clocks went back" in screen.text
    await alice.tap(answer)
    assert f"Hours: 6.00 → {hours}" in (await alice.screen()).text


@pytest.mark.parametrize(("answer", "hours"), [("Before", "3.50"), ("After", "4.50")])
async def test_a_clock_out_in_the_hour_that_came_twice_is_asked_about(chat: Chat, answer: str, hours: str) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_BACK
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Yesterday", start="10 PM", end="3:00")
    await open_edit(alice)
    await alice.tap("Clock out")
    await say(alice, "1:30")
    await alice.tap(answer)
    assert f"Hours: 6.00 → {hours}" in (await alice.screen()).text


async def test_a_clock_out_that_was_the_second_of_two_stays_it_when_the_clock_in_is_corrected(chat: Chat) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_BACK
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Yesterday…")
    await say(alice, "22:00")
    await say(alice, "1:30")
    await alice.tap("After")
    await alice.tap("No sales")
    await open_edit(alice)
    await alice.tap("Clock in")
    await alice.tap("Sat 31 Oct")
    receipt = await say(alice, "21:00")
    assert "Hours: 4.50 → 5.50" in receipt.text
    assert "End: 2026/11/01 01:30:00" in receipt.text.splitlines()


async def test_a_time_that_the_clocks_leapt_over_is_refused_by_name(chat: Chat) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_FORWARD
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Yesterday", start="10 PM", end="6:00")
    await open_edit(alice)
    await alice.tap("Clock out")
    assert "2026/03/08 02:30:00 never happened" in (await say(alice, "2:30")).text
    assert "Hours: 7.00 → 5.00" in (await say(alice, "4:00")).text


async def test_a_kept_clock_out_that_the_clocks_leapt_over_is_refused_by_name(chat: Chat) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_FORWARD
    alice = await chat.employee("Alice", 1001)
    log(chat, alice, clock_in="2026/03/06 22:00:00", clock_out="2026/03/07 02:30:00")
    await open_edit(alice)
    await alice.tap("Clock in")
    await alice.tap("Sat 7 Mar")
    assert "2026/03/08 02:30:00 never happened" in (await say(alice, "22:00")).text


async def test_seconds_that_came_through_the_api_are_kept_by_the_other_clock(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    log(chat, alice, clock_in="2026/11/16 09:00:30", clock_out="2026/11/16 17:00:45", Model_A="500")
    await open_edit(alice)
    await alice.tap("Clock in")
    await alice.tap("Mon 16 Nov")
    await alice.tap("8 AM")
    receipt = (await alice.screen()).text
    assert "Start: 2026/11/16 09:00:30 → 2026/11/16 08:00:00" in receipt
    assert "End: 2026/11/16 17:00:45" in receipt.splitlines()
    await alice.tap("Why?")
    assert "9 h 00 min 45 s × 15.00 an hour = 135.19" in (await alice.screen()).text
