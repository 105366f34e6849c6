"""Buttons that were tapped twice, that are old, that belong to somebody else, or that nobody ever made."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from playground.client import Emulator, Person
from playground.screens import Screen
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import begin, count_shifts, let_go, log, open_edit, record, say, sell
from tests.clock import SteppingClock

OLD_BUTTON = "That button is from an older message. Nothing was changed."
UNKNOWN_BUTTON = "That button is from an older message."


async def test_finish_tapped_five_times_makes_one_shift(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    screen = await say(alice, "500")
    await alice.press_many(screen.data["Save shift"], screen.message_id, 5)
    await alice.settled()
    assert count_shifts(chat) == 1
    said = [toast.text for toast in (await alice.toasts())[-5:]]
    assert sorted(said) == [*["Done already. Nothing was done twice."] * 4, "Saved ✅"]
    assert "You made $160.00" in (await alice.screen()).text


async def test_an_hour_tapped_five_times_is_one_step(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Yesterday…")
    screen = await alice.screen()
    await alice.press_many(screen.data["9 AM"], screen.message_id, 5)
    await alice.settled()
    assert "What time did it end?" in (await alice.screen()).text
    said = [toast.text for toast in (await alice.toasts())[-5:]]
    assert sorted(said) == ["", *["That button is from an earlier step. Here is where you are now."] * 4]


async def test_a_button_of_an_earlier_step_changes_nothing_and_shows_where_one_is(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    days = await alice.screen()
    await alice.tap("Yesterday…")
    await alice.tap("9 AM")
    here = await alice.screen()
    toast = await alice.press(days.data["Today, Mon 16"], message_id=days.message_id)
    assert toast.text == "That button is from an earlier step. Here is where you are now."
    assert (await alice.screen()).text == here.text


async def test_a_saved_shift_is_not_saved_again_by_an_old_keyboard(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    review = await say(alice, "500")
    await alice.tap("Save shift")
    for button in ("Save shift", "Model B", "Back"):
        toast = await alice.press(review.data[button], message_id=review.message_id)
        assert toast.text == "Done already. Nothing was done twice."
    assert count_shifts(chat) == 1


async def test_the_keyboard_of_a_dialogue_that_was_begun_anew_is_refused(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    days = await alice.screen()
    await say(alice, "/shift")
    toast = await alice.press(days.data["Today, Mon 16"], message_id=days.message_id)
    assert (toast.text, toast.is_alert) == (OLD_BUTTON, True)


async def test_a_question_that_is_asked_anew_stands_once_in_the_chat(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await say(alice, "/shift")
    assert [bool(screen.buttons) for screen in await alice.screens()] == [True]


async def test_somebody_elses_dialogue_cannot_be_tapped(chat: Chat) -> None:
    alice, boris = await chat.employee("Alice", 1001), await chat.employee("Boris", 1002)
    await begin(alice)
    await alice.tap("Model A")
    hers = await say(alice, "500")
    his = await say(boris, "/start")
    for button in ("Save shift", "Model B", "Back"):
        toast = await boris.press(hers.data[button], message_id=his.message_id)
        assert (toast.text, toast.is_alert) == (OLD_BUTTON, True)
    assert count_shifts(chat) == 0
    await alice.tap("Save shift")
    assert "You made $160.00" in (await alice.screen()).text


async def test_somebody_elses_shift_can_be_neither_read_nor_edited(chat: Chat) -> None:
    alice, boris = await chat.employee("Alice", 1001), await chat.employee("Boris", 1002)
    await record(alice)
    his = await say(boris, "/start")
    for data in ("r:1:r", "r:1:w", "e:1"):
        toast = await boris.press(data, message_id=his.message_id)
        assert toast.is_alert
        assert toast.text == "That is somebody else’s shift. You can only open your own."
    assert (await boris.screen()).text == his.text


async def test_who_has_left_cannot_finish_what_they_began(chat: Chat, database: dict[str, Any]) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    review = await say(alice, "500")
    let_go(database, alice.id)
    await alice.press(review.data["Save shift"], message_id=review.message_id)
    await alice.settled()
    assert "no longer a member" in (await alice.screen()).text
    assert count_shifts(chat) == 0


async def test_a_stranger_can_tap_nothing_of_somebody_elses_dialogue(chat: Chat) -> None:
    alice, dana = await chat.employee("Alice", 1001), await chat.stranger("Dana", 5005)
    hers = await begin(alice)
    shown = await say(dana, "/start")
    for data in (hers.data["No sales"], "e:1", "r:1:r", "m:shift", "m:start_now", "x:1:1"):
        await dana.press(data, message_id=shown.message_id)
        await dana.settled()
        assert (await dana.screen()).buttons == ("Ask to join",)
    assert count_shifts(chat) == 0


REFUSALS = (UNKNOWN_BUTTON, "There is no shift number 999999.", "No shift is running.")
HOSTILE = (
    "f:", "f", "f:::::", "f:x:0:d:1", "f:x:0:d", "f:x:zero:d:1", "f:x:-1:d:1", "f:x:99999999999999999999999:d:1",
    "f:' OR 1=1 --:0:f:", "f:\x00:0:f:", "f:{draft}:{revision}:d:2", "f:{draft}:{revision}:d:-1",
    "f:{draft}:{revision}:d:", "f:{draft}:{revision}:d:1:1", "f:{draft}:{revision}:f:", "f:{draft}:{revision}:n:",
    "f:{draft}:{revision}:t:9", "f:{draft}:{revision}:h:XM", "f:{draft}:{revision}:p:1", "f:{draft}:{revision}:y:",
    "f:{draft}:{revision}:w:earlier", "f:{draft}:{revision}:e:del", "f:{draft}:{revision}:a:",
    "f:{draft}:{revision}:Z:",
    "r:", "r:abc:r", "r:1:x", "r:-1:r", "r:0:r", "r:999999:w", "r:99999999999999999999999:r", "r:1.5:r", "r:1:r:1",
    "e:", "e:abc", "e:-1", "e:0", "e:999999", "e:99999999999999999999999", "e:٣",
    "m:", "m:nowhere", "m:MAIN", "m:main:main", "m:finish_now",
    "x:", "x:1", "x:1:maybe", "x:1:1", "x:1:0", "x:1:2", "x:-1:1", "x:99999999999999999999:1",
    "", " ", "💥", "zzz", "q" * 64,
)  # fmt: skip


async def test_made_up_buttons_of_every_kind_are_refused_politely_and_change_nothing(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await say(alice, "/shift")
    screen = await alice.screen()
    _, draft, revision, *_ = screen.data["Today, Mon 16"].split(":")
    for hostile in HOSTILE:
        data = hostile.replace("{draft}", draft).replace("{revision}", revision)
        if not data:
            continue
        toast = await alice.press(data, message_id=screen.message_id)
        assert toast.text.startswith(REFUSALS), data
        assert show_of(await alice.screen()) == show_of(screen), data
    assert count_shifts(chat) == 0
    assert not any("went wrong" in one.text for one in await olga.screens())
    await alice.tap("Yesterday…")
    assert "2026/11/15" in (await alice.screen()).text


def show_of(screen: Screen) -> tuple[str, tuple[tuple[str, ...], ...]]:
    return screen.text, screen.rows


@pytest.mark.parametrize("value", ["0", "-1", "5", "99999999999999999999", "A", "1:1", "\x00"])
async def test_a_made_up_model_is_refused(chat: Chat, value: str) -> None:
    alice = await chat.employee("Alice", 1001)
    screen = await begin(alice)
    data = re.sub(r":p:1$", f":p:{value}", screen.data["Model A"])
    toast = await alice.press(data, message_id=screen.message_id)
    assert toast.is_alert or toast.text == UNKNOWN_BUTTON
    assert "went wrong" not in toast.text
    assert (await alice.screen()).text == screen.text


@pytest.mark.parametrize("value", ["24", "-1", "9.5", "nine", "٩", ""])
async def test_a_made_up_hour_is_refused(chat: Chat, value: str) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Yesterday…")
    screen = await alice.screen()
    data = re.sub(r":t:9$", f":t:{value}", screen.data["9 AM"])
    toast = await alice.press(data, message_id=screen.message_id)
    assert "went wrong" not in toast.text
    assert (await alice.screen()).text == screen.text


async def test_no_sales_made_up_after_sales_were_entered_drops_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "500")
    screen = await alice.screen()
    data = re.sub(r":f:$", ":n:", screen.data["Save shift"])
    toast = await alice.press(data, message_id=screen.message_id)
    assert (toast.text, toast.is_alert) == (OLD_BUTTON, True)
    await alice.tap("Save shift")
    assert "Model A: 500.00" in (await alice.screen()).text


async def test_a_dialogue_goes_on_where_it_was_after_a_restart(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    first, second, third = make_service(), make_service(), make_service()
    chat = Chat(emulator, first, clock)
    alice = await chat.employee("Alice", 1001)
    async with run_bot(emulator, first):
        await begin(alice)
    async with run_bot(emulator, second):
        await alice.tap("Model A")
    async with run_bot(emulator, third):
        await say(alice, "500")
        await alice.tap("Save shift")
        assert "You made $160.00" in (await alice.screen()).text
    assert count_shifts(chat) == 1


async def test_a_tap_and_a_text_while_the_bot_is_down_are_handled_when_it_is_back(
    emulator: Emulator, make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    chat = Chat(emulator, make_service(), clock)
    alice = await chat.employee("Alice", 1001)
    async with run_bot(emulator, chat.service):
        await begin(alice)
        await alice.tap("Model A")
    await alice.send("500", wait=False)
    async with run_bot(emulator, make_service()):
        await alice.wait_for("Model A: 500.00")
        await alice.tap("Save shift")
        assert "You made $160.00" in (await alice.screen()).text


async def test_a_tap_delivered_again_after_a_crash_has_no_second_effect(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "500")
    toast = await alice.tap("Save shift")
    await chat.emulator.deliver_again(toast.update_id, 3)
    await alice.settled()
    assert count_shifts(chat) == 1


async def test_a_text_delivered_again_is_not_entered_twice(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    sent = await alice.send("500")
    await alice.settled()
    await chat.emulator.deliver_again(sent.update_id, 2)
    await alice.settled()
    await alice.tap("Save shift")
    assert "Total sales: 500.00" in (await alice.screen()).text
    assert count_shifts(chat) == 1


async def test_a_text_delivered_again_later_is_not_taken_for_the_next_answer(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    sent = await alice.send("500")
    await alice.settled()
    await alice.tap("Model B")
    await chat.emulator.deliver_again(sent.update_id)
    await alice.settled()
    assert "How much did you sell on Model B?" in (await alice.screen()).text
    await say(alice, "99.90")
    await alice.tap("Save shift")
    assert "Total sales: 599.90" in (await alice.screen()).text


async def test_a_dialogue_about_a_shift_that_was_deleted_meanwhile_says_so(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    shift_id = log(chat, alice, clock_in="2026/11/15 09:00:00", clock_out="2026/11/15 17:00:00", Model_A="500")
    await open_edit(alice)
    chat.service.shifts.delete(shift_id)
    toast = await alice.tap("Clock out")
    assert toast.is_alert
    assert toast.text == f"There is no shift number {shift_id}. It may have been deleted."
    await begin(alice, day="Yesterday", start="9 AM", end="5 PM")
    assert "You made $160.00" in (await sell(alice, "500")).text


async def test_two_people_do_not_disturb_each_other(chat: Chat) -> None:
    alice, boris = await chat.employee("Alice", 1001), await chat.employee("Boris", 1002)
    people: tuple[Person, ...] = (alice, boris)
    for person in people:
        await begin(person)
    for person in people:
        await person.tap("Model A")
    await say(alice, "500")
    await say(boris, "300")
    for person in people:
        await person.tap("Save shift")
    assert "Total sales: 500.00" in (await alice.screen()).text
    assert "Total sales: 300.00" in (await boris.screen()).text
