"""A running shift: started with one tap, finished with another, or dropped."""

from collections.abc import Callable
from datetime import UTC, datetime

from bot.keyboards.form import FinishEarlier
from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import NO_SALES, begin, count_shifts, log, record, say, sell
from tests.clock import SteppingClock

NOON_ON_THE_16TH = datetime(2026, 11, 16, 17, 0, tzinfo=UTC)


async def start_now(person: Person) -> None:
    await say(person, "/start")
    await person.tap("Start now")
    await person.settled(quiet=0.04)


async def finish_now(person: Person) -> str:
    """What is asked then."""
    await say(person, "/start")
    await person.tap("Finish shift")
    return (await person.screen()).text


async def test_one_tap_starts_at_this_minute_and_the_menu_offers_to_finish(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    chat.clock.move(seconds=45)
    await start_now(alice)
    screen = await alice.screen()
    assert "Your shift has begun." in screen.text
    assert "on shift since 2026/11/16 20:00:00" in screen.text
    assert screen.rows[0] == ("Create shift", "Finish shift")
    assert "Start now" not in screen.buttons


async def test_one_tap_finishes_at_this_minute_and_asks_for_the_sales(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8, seconds=30)
    text = await finish_now(alice)
    assert "Start: 2026/11/16 20:00:00" in text
    assert "End: 2026/11/17 04:00:00" in text
    assert "Which model did you sell?" in text
    chat.clock.move(minutes=10)
    receipt = await sell(alice, "500")
    assert "End: 2026/11/17 04:00:00" in receipt.text
    assert "Hours: 8.00" in receipt.text
    assert "You made $160.00" in receipt.text
    assert "Start now" in (await say(alice, "/start")).buttons
    assert count_shifts(chat) == 1


async def test_a_running_shift_is_in_no_list_before_it_is_finished(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    assert "nothing to correct" in (await say(alice, "/edit")).text
    assert count_shifts(chat) == 0


async def test_a_shift_under_a_minute_is_asked_again(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(seconds=59)
    toast = await alice.tap("Finish shift")
    assert toast.is_alert
    assert "less than a minute" in toast.text
    chat.clock.move(seconds=1)
    await alice.tap("Finish shift")
    receipt = await sell(alice, NO_SALES)
    assert "Hours: 0.02" in receipt.text
    assert "Hourly: 0.25" in receipt.text


async def test_finish_shift_reached_again_later_asks_which_end_holds_and_keeps_what_was_entered(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    await finish_now(alice)
    await alice.tap("Model B")
    review = await say(alice, "150")
    await alice.tap("Main menu")
    chat.clock.move(minutes=20)
    await alice.tap("Finish shift")
    asked = await alice.screen()
    assert "You finished this shift at 04:00" in asked.text
    assert "End:" not in asked.text
    assert asked.rows[0] == ("04:00", "Now, 04:20")
    await alice.tap("04:00")
    screen = await alice.screen()
    assert screen.text == review.text
    assert screen.buttons == review.buttons
    await alice.tap("Save shift")
    receipt = await alice.screen()
    assert "Model B: 150.00" in receipt.text
    assert "Hours: 8.00" in receipt.text
    assert count_shifts(chat) == 1


async def test_continue_asks_which_end_holds_too_and_now_is_what_its_button_says(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=6)
    await finish_now(alice)
    await alice.tap("Model B")
    await say(alice, "150")
    chat.clock.move(hours=2)
    menu = await say(alice, "/start")
    assert menu.buttons[0] == "▶ Continue: Mon 16 Nov, Model B 150.00"
    await alice.tap(menu.buttons[0])
    chat.clock.move(minutes=3, seconds=5)
    await alice.tap("Now, 04:00")
    assert "End: 2026/11/17 04:00:00" in (await alice.screen()).text
    await alice.tap("Save shift")
    assert "Hours: 8.00" in (await alice.screen()).text


async def test_which_end_holds_can_be_typed(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=6)
    await finish_now(alice)
    chat.clock.move(hours=2)
    await finish_now(alice)
    assert "Which model did you sell?" in (await say(alice, "3:30")).text
    assert "Hours: 7.50" in (await sell(alice, NO_SALES)).text


async def test_back_from_which_end_holds_goes_on_with_the_one_of_before(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=6)
    await finish_now(alice)
    await alice.tap("Model B")
    chat.clock.move(hours=2)
    await finish_now(alice)
    await alice.tap("Back")
    assert "How much did you sell on Model B?" in (await alice.screen()).text
    await say(alice, "150")
    await alice.tap("Save shift")
    assert "Hours: 6.00" in (await alice.screen()).text


async def test_an_end_of_now_that_makes_it_long_is_confirmed(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    await finish_now(alice)
    await alice.tap("Model B")
    await say(alice, "150")
    chat.clock.move(hours=6)
    await finish_now(alice)
    await alice.tap("Now, 10:00")
    assert "14 h 00 min" in (await alice.screen()).text
    await alice.tap("Yes")
    await alice.tap("Save shift")
    assert "Hours: 14.00" in (await alice.screen()).text


async def test_an_end_of_now_is_not_offered_for_longer_than_a_shift_may_be(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    await finish_now(alice)
    chat.clock.move(hours=17)
    await finish_now(alice)
    assert (await alice.screen()).rows[0] == ("04:00",)


async def test_it_ended_earlier_keeps_the_sales_that_were_entered(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    await finish_now(alice)
    await alice.tap("Model B")
    await say(alice, "150")
    menu = await say(alice, "/start")
    await alice.press(FinishEarlier(shift_id=1).pack(), message_id=menu.message_id)
    assert "What time did you really stop?" in (await alice.screen()).text
    assert "Model B: 150.00" in (await say(alice, "3:00")).text


async def test_a_start_by_mistake_is_undone_at_once(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    menu = await alice.screen()
    assert menu.rows[:2] == (("Create shift", "Finish shift"), ("Undo",))
    await alice.tap("Undo")
    screen = await alice.screen()
    assert "is dropped" in screen.text
    assert "Start now" in screen.buttons
    toast = await alice.press(menu.data["Undo"], message_id=menu.message_id)
    assert (toast.text, toast.is_alert) == ("No shift is running. Tap “Start now” when you begin one.", True)


async def test_undo_is_offered_for_ten_minutes_and_asks_first_from_then_on(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(minutes=9)
    menu = await say(alice, "/start")
    assert "Undo" in menu.buttons
    chat.clock.move(minutes=2)
    await alice.tap("Undo")
    assert "Drop the shift that you began at 2026/11/16 20:00:00?" in (await alice.screen()).text
    assert "Undo" not in (await say(alice, "/start")).buttons


async def test_undo_asks_first_where_sales_were_entered(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(minutes=5)
    await finish_now(alice)
    await alice.tap("Model B")
    await say(alice, "150")
    await say(alice, "/start")
    await alice.tap("Undo")
    assert "Drop the shift that you began" in (await alice.screen()).text
    await alice.tap("Back")
    assert "Model B: 150.00" in (await alice.screen()).text


async def test_an_old_undo_does_not_touch_the_next_shift(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    menu = await alice.screen()
    await alice.tap("Undo")
    await alice.tap("Start now")
    toast = await alice.press(menu.data["Undo"], message_id=menu.message_id)
    assert (toast.text, toast.is_alert) == ("That button is from an older message. Nothing was changed.", True)
    assert "Finish shift" in (await say(alice, "/start")).buttons


async def test_finish_shift_tapped_twice_asks_once(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    menu = await say(alice, "/start")
    await alice.press_many(menu.data["Finish shift"], menu.message_id, 2)
    await alice.settled()
    assert "This is where" not in (await alice.screen()).text
    await sell(alice, "500")
    assert count_shifts(chat) == 1


async def test_a_form_about_another_shift_is_not_taken_up_by_finish_shift(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    await begin(alice)
    await alice.tap("Model B")
    await say(alice, "150")
    text = await finish_now(alice)
    assert "Start: 2026/11/16 20:00:00" in text
    assert "Model B" not in text


async def test_cancel_after_start_now_says_that_the_form_is_dropped_and_the_shift_runs(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Main menu")
    await alice.tap("Start now")
    text = (await say(alice, "/cancel")).text
    assert "The form you had begun is dropped." in text
    assert "Nothing was saved" not in text
    assert "You have been on shift since 2026/11/16 20:00:00" in text


async def test_start_now_tapped_five_times_starts_once(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    menu = await say(alice, "/start")
    await alice.press_many(menu.data["Start now"], menu.message_id, 5)
    await alice.settled()
    refused = [toast.text for toast in await alice.toasts() if toast.is_alert]
    assert len(refused) == 4
    assert all("2026/11/16 20:00:00" in text for text in refused)


async def test_finish_tapped_five_times_finishes_once(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    menu = await say(alice, "/start")
    await alice.press_many(menu.data["Finish shift"], menu.message_id, 5)
    await alice.settled()
    await sell(alice, "500")
    assert count_shifts(chat) == 1


async def test_finish_without_a_running_shift_says_so(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    menu = await say(alice, "/start")
    toast = await alice.press("m:finish_now", message_id=menu.message_id)
    assert (toast.text, toast.is_alert) == ("No shift is running. Tap “Start now” when you begin one.", True)


async def test_a_shift_that_runs_for_more_than_24_hours_is_asked_when_it_really_ended(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=24, minutes=1)
    text = await finish_now(alice)
    assert "Start: 2026/11/16 20:00:00" in text
    assert "What time did you really stop?" in text
    await say(alice, "4:00")
    receipt = await sell(alice, "500")
    assert "End: 2026/11/17 04:00:00" in receipt.text
    assert "Hours: 8.00" in receipt.text


async def test_a_shift_that_runs_for_24_hours_is_confirmed_and_shown_to_the_admins(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await start_now(alice)
    chat.clock.move(hours=24)
    assert "24 h 00 min" in await finish_now(alice)
    await alice.tap("Yes")
    await sell(alice, "500")
    assert "24.00" in (await olga.wait_for("Alice")).text


async def test_who_forgot_to_finish_goes_back_and_says_when_they_really_stopped(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=13)
    assert "13 h 00 min" in await finish_now(alice)
    await alice.tap("Back")
    assert "What time did you really stop?" in (await alice.screen()).text
    await say(alice, "4:30")
    receipt = await sell(alice, "500")
    assert "Hours: 8.50" in receipt.text


async def test_a_time_that_is_still_to_come_is_no_end_of_a_running_shift(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    await finish_now(alice)
    await alice.tap("Back")
    assert "2026/11/17 04:01:00 is still to come" in (await say(alice, "4:01")).text
    await say(alice, "4:00")
    assert "Hours: 8.00" in (await sell(alice, "500")).text


async def test_a_later_shift_is_refused_while_one_runs(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    chat.clock.now = NOON_ON_THE_16TH
    await start_now(alice)
    chat.clock.move(hours=4)
    await say(alice, "/shift")
    await alice.tap("Today…")
    await alice.tap("PM")
    toast = await alice.tap("2 PM")
    assert toast.is_alert
    assert "Finish the shift of 2026/11/16 12:00:00 first" in toast.text
    await alice.tap("AM")
    await alice.tap("9 AM")
    toast = await alice.tap("1 PM")
    assert toast.is_alert
    assert "Finish the shift of 2026/11/16 12:00:00 first" in toast.text
    await alice.tap("12 PM")
    assert "Hours: 3.00" in (await sell(alice, "500")).text


async def test_an_earlier_shift_can_be_recorded_while_one_runs_which_runs_on(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    assert "Hours: 8.00" in (await record(alice)).text
    assert "Finish shift" in (await say(alice, "/start")).buttons


async def test_a_shift_cannot_be_started_within_one_that_is_recorded_up_to_now(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    chat.clock.move(seconds=50)
    log(chat, alice, clock_in="2026/11/16 12:00:00", clock_out="2026/11/16 20:00:40")
    await say(alice, "/start")
    toast = await alice.tap("Start now")
    assert toast.is_alert
    assert "2026/11/16 12:00:00" in toast.text
    chat.clock.move(minutes=1)
    await alice.tap("Start now")
    assert "2026/11/16 20:01:00" in (await alice.screen()).text


async def test_a_running_shift_that_is_left_for_the_menu_runs_on_and_ends_later(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=3)
    await finish_now(alice)
    await alice.tap("Main menu")
    chat.clock.move(hours=1)
    await finish_now(alice)
    await alice.tap("Now, 00:00")
    assert "Hours: 4.00" in (await sell(alice, "500")).text


async def test_dropping_a_running_shift_asks_first_and_keeps_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=3)
    await finish_now(alice)
    await alice.tap("🗑 Drop this shift")
    screen = await alice.screen()
    assert "Drop the shift that you began at 2026/11/16 20:00:00?" in screen.text
    assert screen.buttons == ("Yes", "Back", "Main menu")
    await alice.tap("Yes")
    screen = await alice.screen()
    assert "dropped" in screen.text
    assert "Start now" in screen.buttons
    assert count_shifts(chat) == 0
    assert "Hours: 2.00" in (await record(alice, start="8 PM", end="10 PM", day="Yesterday")).text


async def test_back_from_dropping_leads_to_what_was_entered(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    await finish_now(alice)
    await alice.tap("Model B")
    await say(alice, "99.90")
    before = await alice.screen()
    await alice.tap("🗑 Drop this shift")
    await alice.tap("Back")
    assert (await alice.screen()).text == before.text
    await alice.tap("Save shift")
    receipt = (await alice.screen()).text
    assert "Model B: 99.90" in receipt
    assert "Hours: 8.00" in receipt


async def test_a_dropped_shift_cannot_be_finished_by_an_old_keyboard(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    await finish_now(alice)
    await alice.tap("Model A")
    review = await say(alice, "500")
    await alice.press("x:1:1", message_id=review.message_id)
    await alice.settled()
    assert "dropped" in (await alice.screen()).text
    toast = await alice.press(review.data["Save shift"], message_id=review.message_id)
    assert toast.is_alert
    assert count_shifts(chat) == 0


async def test_a_late_yes_does_not_drop_the_next_running_shift(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=3)
    await finish_now(alice)
    await alice.tap("🗑 Drop this shift")
    asked = await alice.screen()
    await alice.tap("Yes")
    await alice.tap("Start now")
    for button in ("Yes", "Back"):
        toast = await alice.press(asked.data[button], message_id=asked.message_id)
        assert (toast.text, toast.is_alert) == ("That button is from an older message. Nothing was changed.", True)
    assert "Finish shift" in (await say(alice, "/start")).buttons


async def test_what_is_dropped_twice_or_not_running_says_so(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    menu = await say(alice, "/start")
    for data in ("x:1:0", "x:1:1"):
        toast = await alice.press(data, message_id=menu.message_id)
        assert (toast.text, toast.is_alert) == ("No shift is running. Tap “Start now” when you begin one.", True)


async def test_a_running_shift_is_finished_over_a_restart(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    chat = Chat(emulator, make_service(), clock)
    alice = await chat.employee("Alice", 1001)
    async with run_bot(emulator, chat.service):
        await start_now(alice)
    chat.clock.move(hours=8)
    async with run_bot(emulator, make_service()):
        assert "End: 2026/11/17 04:00:00" in await finish_now(alice)
    chat.clock.move(hours=1)
    async with run_bot(emulator, make_service()):
        receipt = await sell(alice, "500")
    assert "Hours: 8.00" in receipt.text


async def test_a_running_shift_over_the_autumn_change_counts_elapsed_hours(chat: Chat) -> None:
    chat.clock.now = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)  # 22:00 in New York
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=9)
    assert "End: 2026/11/01 06:00:00" in await finish_now(alice)
    receipt = await sell(alice, "500")
    assert "📅 2026/10/31" in receipt.text
    assert "Hours: 9.00" in receipt.text


async def test_the_clocks_of_a_running_shift_do_not_get_into_the_next_one(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await start_now(alice)
    chat.clock.move(hours=8)
    await finish_now(alice)
    await sell(alice, "500")
    screen = await begin(alice)
    assert "🗑 Drop this shift" not in screen.buttons


async def test_now_is_refused_while_the_computers_clock_cannot_be_right(chat: Chat) -> None:
    alice, now = await chat.employee("Alice", 1001), chat.clock.now
    chat.clock.now = datetime(1970, 1, 1, 12, 0, tzinfo=UTC)
    await say(alice, "/start")
    toast = await alice.tap("Start now")
    assert toast.is_alert
    assert toast.text.startswith("My clock seems to be wrong: it says 1970/01/01 07:00:00. Nothing was saved.")
    chat.clock.now = now
    await start_now(alice)
    chat.clock.move(days=-2)
    await say(alice, "/start")
    assert "My clock seems to be wrong" in (await alice.tap("Finish shift")).text
    chat.clock.move(days=2, hours=8)
    assert "End: 2026/11/17 04:00:00" in await finish_now(alice)
