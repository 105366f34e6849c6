"""The clocks of a shift in the chat: what may be typed, what is refused, midnight, and the nights of the change."""

from datetime import UTC, datetime

import pytest

from tests.bot.conftest import Chat
from tests.bot.shifts import NO_SALES, begin, count_shifts, log, record, say, sell, set_hour

AFTER_THE_CLOCKS_WENT_BACK = datetime(2026, 11, 1, 20, 0, tzinfo=UTC)  # 15:00 in New York, that night was 31 October
AFTER_THE_CLOCKS_WENT_FORWARD = datetime(2026, 3, 8, 19, 0, tzinfo=UTC)  # 15:00 in New York


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("8:30", "08:30:00"),
        ("08:30", "08:30:00"),
        ("8:30 am", "08:30:00"),
        ("8:30 pm", "20:30:00"),
        ("8:30PM", "20:30:00"),
        ("20:15", "20:15:00"),
        ("8 pm", "20:00:00"),
        ("12 AM", "00:00:00"),
        ("12:05 am", "00:05:00"),
        ("20", "20:00:00"),
        ("2030", "20:30:00"),
        ("20.30", "20:30:00"),
        ("4.15am", "04:15:00"),
        ("8p", "20:00:00"),
        ("noon", "12:00:00"),
        ("midnight", "00:00:00"),
    ],
)
async def test_a_start_can_be_typed(chat: Chat, typed: str, shown: str) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Yesterday…")
    assert f"Start: 2026/11/15 {shown}" in (await say(alice, typed)).text


async def test_half_past_eight_to_a_quarter_to_five_typed_is_eight_and_a_quarter_hours(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, NO_SALES, start="8:30", end="16:45")
    assert "Hours: 8.25" in receipt.text
    assert "Hourly: 123.75" in receipt.text


BAD_TIMES = {
    "8": "“8” can be 08:00 or 20:00.",
    "12": "“12” can be 00:00 or 12:00.",
    "25:00": "“25:00” is not a time.",
    "8:60": "“8:60” is not a time.",
    "13:00 pm": "“13:00 pm” is not a time.",
    "0:30 am": "“0:30 am” is not a time.",
    "-1:00": "“-1:00” is not a time.",
    "half past nine": "“half past nine” is not a time.",
    "8:30 9:30": "“8:30 9:30” is not a time.",
    "٨:٣٠": "“٨:٣٠” is not a time.",
    "500": "“500” can be 05:00 or 17:00.",
    "<b>8": "“<b>8” is not a time.",
    "\u202e8:30 mp": "“8:30 mp” is not a time.",
    "9" * 4000: "is not a time.",
}


async def test_what_is_no_time_gets_its_sentence_and_loses_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Yesterday…")
    asked = await alice.screen()
    for typed, sentence in BAD_TIMES.items():
        screen = await say(alice, typed)
        assert sentence in screen.text, typed
        assert "2026/11/15" in screen.text
        assert screen.rows[-len(asked.rows) :] == asked.rows
    await say(alice, "9:00")
    for typed, sentence in BAD_TIMES.items():
        screen = await say(alice, typed)
        assert sentence in screen.text, typed
        assert "Start: 2026/11/15 09:00:00" in screen.text
    await say(alice, "17:00")
    assert "You made $160.00" in (await sell(alice, "500")).text


async def test_the_switch_turns_the_page_of_hours_and_back(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Yesterday…")
    morning = await alice.screen()
    await alice.tap("PM")
    evening = await alice.screen()
    assert evening.rows[:4] == (
        ("12 PM", "1 PM", "2 PM", "3 PM"),
        ("4 PM", "5 PM", "6 PM", "7 PM"),
        ("8 PM", "9 PM", "10 PM", "11 PM"),
        ("AM",),
    )
    await alice.tap("AM")
    assert (await alice.screen()).rows == morning.rows


async def test_a_shift_over_midnight_needs_no_extra_step(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, start="10 PM", end="6 AM")
    assert "📅 2026/11/15" in receipt.text
    assert "Start: 2026/11/15 22:00:00" in receipt.text
    assert "End: 2026/11/16 06:00:00" in receipt.text
    assert "Hours: 8.00" in receipt.text


async def test_today_and_yesterday_are_business_dates_fixed_when_tapped(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    chat.clock.now = datetime(2026, 11, 17, 4, 59, tzinfo=UTC)  # 23:59 on the 16th in New York, the 17th in UTC
    await say(alice, "/shift")
    await alice.tap("Today…")
    assert "2026/11/16" in (await alice.screen()).text
    chat.clock.move(minutes=2)
    await alice.tap("9 AM")
    assert "Start: 2026/11/16 09:00:00" in (await alice.screen()).text
    await alice.tap("5 PM")
    receipt = await sell(alice, "500")
    assert "📅 2026/11/16" in receipt.text


async def test_a_date_tapped_after_midnight_is_the_one_that_the_button_said(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    chat.clock.now = datetime(2026, 11, 17, 4, 59, tzinfo=UTC)
    await say(alice, "/shift")
    chat.clock.move(minutes=2)
    await alice.tap("Yesterday…")
    assert "2026/11/15" in (await alice.screen()).text


@pytest.mark.parametrize("typed", ["1926-11-29", "2016/11/29", "2025/11/15", "0001/01/01"])
async def test_a_date_of_too_long_ago_is_refused_by_the_first_day_that_can_be(chat: Chat, typed: str) -> None:
    alice = await chat.employee("Alice", 1001)
    asked = await say(alice, "/shift")
    screen = await say(alice, typed)
    assert f"{typed.replace('-', '/')} is too long ago. A shift can be of 2025/11/16 or later." in screen.text
    assert screen.rows == asked.rows


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("Sunday", "2026/11/15"), ("3 days ago", "2026/11/13"), ("10 Nov", "2026/11/10"), ("11/01", "2026/11/01"),
     ("13 Nov 9:15", "Start: 2026/11/13 09:15:00"), ("yesterday at 8p", "Start: 2026/11/15 20:00:00")],
)  # fmt: skip
async def test_a_day_can_be_typed_as_people_say_it_with_the_time_if_they_like(
    chat: Chat, typed: str, shown: str
) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    assert shown in (await say(alice, typed)).text


async def test_a_time_typed_with_a_date_of_long_ago_is_kept_until_that_is_confirmed(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await say(alice, "1 Oct 9:30")
    await alice.tap("Yes")
    assert "Start: 2026/10/01 09:30:00" in (await alice.screen()).text


async def test_a_date_of_over_a_month_ago_is_confirmed(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    screen = await say(alice, "2025/11/20")
    assert "2025/11/20 is more than a month ago. Is that the right day?" in screen.text
    assert screen.rows == (("Yes",), ("Back", "Main menu"))
    await alice.tap("Back")
    await say(alice, "2025/11/20")
    screen = await say(alice, "2026/10/15")
    assert "2026/10/15 is more than a month ago." in screen.text
    await alice.tap("Yes")
    assert "What time did it start?" in (await alice.screen()).text
    await alice.tap("Back")
    assert "When did your shift start?" in (await alice.screen()).text
    assert "What time did it start?" in (await say(alice, "2026/10/16")).text


async def test_a_start_in_the_future_is_refused(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Today…")
    await alice.tap("PM")
    toast = await alice.tap("9 PM")
    assert toast.is_alert
    assert "2026/11/16 21:00:00 is still to come" in toast.text
    await alice.tap("8 PM")
    assert "Start: 2026/11/16 20:00:00" in (await alice.screen()).text


async def test_an_end_in_the_future_is_refused_and_another_can_be_picked(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Today…")
    await alice.tap("9 AM")
    toast = await alice.tap("9 PM")
    assert toast.is_alert
    assert "2026/11/16 21:00:00 is still to come" in toast.text
    assert "2026/11/16 20:01:00 is still to come" in (await say(alice, "20:01")).text
    await alice.tap("8 PM")
    assert "Hours: 11.00" in (await sell(alice, "500")).text


async def test_a_start_within_another_shift_is_refused_by_the_times_of_that_one(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, start="9 AM", end="5 PM")
    await say(alice, "/shift")
    await alice.tap("Yesterday…")
    await alice.tap("PM")
    toast = await alice.tap("4 PM")
    assert toast.is_alert
    assert "2026/11/15 09:00:00 - 2026/11/15 17:00:00" in toast.text
    await alice.tap("5 PM")
    await set_hour(alice, "7 PM")
    assert "You made $78.00" in (await sell(alice, "500")).text


async def test_an_end_within_another_shift_is_refused_by_the_times_of_that_one(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, start="9 AM", end="5 PM")
    await begin(alice, start="6 AM", end="10:00")
    assert "2026/11/15 09:00:00 - 2026/11/15 17:00:00" in (await alice.screen()).text
    await say(alice, "9:00")
    assert "Hours: 3.00" in (await sell(alice, "500")).text


async def test_a_shift_that_appeared_meanwhile_is_not_overlapped_and_nothing_typed_is_lost(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice, start="9 AM", end="5 PM")
    await alice.tap("Model A")
    await say(alice, "500")
    log(chat, alice, clock_in="2026/11/15 12:00:00", clock_out="2026/11/15 13:00:00")
    toast = await alice.tap("Save shift")
    assert toast.is_alert
    assert "2026/11/15 12:00:00 - 2026/11/15 13:00:00" in toast.text
    await alice.tap("Back")
    await say(alice, "12:00")
    await alice.tap("Save shift")
    receipt = await alice.screen()
    assert "Model A: 500.00" in receipt.text
    assert "Hours: 3.00" in receipt.text
    assert count_shifts(chat) == 2


@pytest.mark.parametrize(
    ("answer", "start", "hours"),
    [("Before", "01:30:00", "8.50"), ("After", "01:30:00", "7.50")],
    ids=["before", "after"],
)
async def test_a_start_in_the_hour_that_came_twice_is_asked_about(
    chat: Chat, answer: str, start: str, hours: str
) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_BACK
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Today…")
    screen = await say(alice, "1:30")
    assert "before or after the clocks went back" in screen.text
    assert screen.rows == (("Before", "After"), ("Back", "Main menu"))
    await alice.tap(answer)
    assert f"Start: 2026/11/01 {start}" in (await alice.screen()).text
    await say(alice, "9:00")
    assert f"Hours: {hours}" in (await sell(alice, "500")).text


@pytest.mark.parametrize(("answer", "hours"), [("Before", "3.50"), ("After", "4.50")])
async def test_an_end_in_the_hour_that_came_twice_is_asked_about(chat: Chat, answer: str, hours: str) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_BACK
    alice = await chat.employee("Alice", 1001)
    screen = await begin(alice, day="Yesterday", start="10 PM", end="1:30")
    assert "before or after the clocks went back" in screen.text
    await alice.tap(answer)
    assert f"Hours: {hours}" in (await sell(alice, "500")).text


async def test_an_end_of_which_only_the_second_is_left_is_not_asked_about(chat: Chat) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_BACK
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Today…")
    await say(alice, "1:30")
    await alice.tap("Before")
    screen = await say(alice, "1:15")
    assert "Which model" in screen.text
    assert "Hours: 0.75" in (await sell(alice, "500")).text


async def test_back_from_and_after_the_question_leads_to_the_clock(chat: Chat) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_BACK
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Today…")
    await say(alice, "1:30")
    await alice.tap("Back")
    assert "What time did it start?" in (await alice.screen()).text
    await say(alice, "1:30")
    await alice.tap("After")
    await alice.tap("Back")
    assert "What time did it start?" in (await alice.screen()).text
    await say(alice, "3:00")
    await say(alice, "9:00")
    assert "Hours: 6.00" in (await sell(alice, "500")).text


async def test_a_question_about_the_end_that_was_left_does_not_confuse_the_start(chat: Chat) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_BACK
    alice = await chat.employee("Alice", 1001)
    await begin(alice, day="Yesterday", start="10 PM", end="1:30")
    await alice.tap("Back")
    await alice.tap("Back")
    screen = await say(alice, "23:00")
    assert "Start: 2026/10/31 23:00:00" in screen.text
    assert "What time did it end?" in screen.text


async def test_a_time_that_the_clocks_leapt_over_is_refused_by_name(chat: Chat) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_FORWARD
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Today…")
    toast = await alice.tap("2 AM")
    assert toast.is_alert
    assert "2026/03/08 02:00:00 never happened" in toast.text
    assert "2026/03/08 02:30:00 never happened" in (await say(alice, "2:30")).text
    await alice.tap("1 AM")
    assert "2026/03/08 02:30:00 never happened" in (await say(alice, "2:30")).text
    await say(alice, "3:30")
    assert "Hours: 1.50" in (await sell(alice, "500")).text


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        pytest.param(AFTER_THE_CLOCKS_WENT_BACK, "9.00", id="autumn"),
        pytest.param(AFTER_THE_CLOCKS_WENT_FORWARD, "7.00", id="spring"),
    ],
)
async def test_ten_in_the_evening_to_six_over_a_change_is_elapsed_time(chat: Chat, now: datetime, hours: str) -> None:
    chat.clock.now = now
    alice = await chat.employee("Alice", 1001)
    receipt = await record(alice, start="10 PM", end="6 AM")
    assert f"Hours: {hours}" in receipt.text


async def test_the_same_hour_on_the_next_day_over_the_autumn_change_is_25_hours_and_refused(chat: Chat) -> None:
    chat.clock.now = AFTER_THE_CLOCKS_WENT_BACK
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Yesterday…")
    await alice.tap("9 AM")
    await alice.tap("AM")
    toast = await alice.tap("9 AM")
    assert toast.is_alert
    assert "too long" in toast.text


async def test_yesterday_is_the_date_that_its_button_says_also_after_midnight(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    asked = await say(alice, "/shift")
    assert asked.rows[0] == ("Yesterday, Sun 15", "Today, Mon 16")
    chat.clock.move(hours=5)
    await alice.tap("Today, Mon 16")
    assert "📅 2026/11/16" in (await alice.screen()).text
