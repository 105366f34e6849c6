"""What Telegram refuses, loses or delays: the chat goes on, and nothing that was saved is undone."""

import asyncio
import logging
import time

import pytest

from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import log, open_edit, say


@pytest.fixture
async def alice(chat: Chat) -> Person:
    """Alice in the main menu."""
    person = await chat.employee("Alice", 1001)
    await person.send("/start")
    return person


async def test_a_tap_edits_the_message_in_place(alice: Person) -> None:
    await alice.tap("🏆 Ranks")
    await alice.tap("Main menu")
    assert len(await alice.screens()) == 1


async def test_a_text_brings_a_new_message_and_the_old_keyboard_stops(alice: Person) -> None:
    await alice.send("/ranks")
    await alice.settled()
    old, new = await alice.screens()
    assert old.buttons == ()
    assert new.buttons == ("🏁 Leaderboard", "📊 Statistics", "Main menu")


async def test_a_tap_on_an_old_keyboard_answers_below_and_leaves_the_old_message(alice: Person) -> None:
    old = await alice.screen()
    await alice.send("/ranks")
    await alice.settled()
    await alice.press(old.data["Edit shift"], message_id=old.message_id)
    await alice.settled()
    first, second, third = await alice.screens()
    assert first.text == old.text
    assert [bool(screen.buttons) for screen in (first, second, third)] == [False, False, True]


async def test_the_same_screen_again_changes_nothing_and_is_no_error(
    alice: Person, caplog: pytest.LogCaptureFixture
) -> None:
    before = await alice.screen()
    await alice.press("m:main", message_id=before.message_id, wait=False)
    await alice.settled()
    assert [screen.text for screen in await alice.screens()] == [before.text]
    assert (await alice.toast()).is_answered
    assert [record.message for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_message_that_cannot_be_edited_any_more_is_sent_anew(chat: Chat, alice: Person) -> None:
    await chat.emulator.fail("editMessageText", 400, "Bad Request: message can't be edited")
    await alice.tap("🏆 Ranks")
    await alice.settled()
    old, new = await alice.screens()
    assert "Ranks, November" in new.text
    assert old.buttons == ()


async def test_a_picture_too_old_to_be_deleted_only_loses_its_buttons(chat: Chat, alice: Person) -> None:
    await alice.send("/stats")
    await alice.settled()
    await chat.emulator.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    await alice.tap("Main menu")
    await alice.settled()
    picture, menu = (await alice.screens())[-2:]
    assert picture.photo is not None
    assert picture.buttons == ()
    assert "Hi, Alice!" in menu.text


async def test_a_tap_too_old_to_be_answered_still_shows_its_screen(chat: Chat, alice: Person) -> None:
    description = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    await chat.emulator.fail("answerCallbackQuery", 400, description)
    await alice.tap("🏆 Ranks", wait=False)
    await alice.wait_for("Ranks, November")


async def test_told_to_wait_the_bot_waits_and_goes_on(chat: Chat, alice: Person) -> None:
    await chat.emulator.fail("sendMessage", 429, "Too Many Requests: retry after 1", parameters={"retry_after": 1})
    began = time.monotonic()
    await alice.send("/ranks")
    assert "Ranks, November" in (await alice.screen()).text
    assert time.monotonic() - began >= 1


async def test_a_server_error_is_tried_again(chat: Chat, alice: Person) -> None:
    await chat.emulator.fail("sendMessage", 502, "Bad Gateway")
    await alice.send("/ranks")
    assert "Ranks, November" in (await alice.screen()).text


async def test_an_edit_whose_answer_was_lost_shows_once(chat: Chat, alice: Person) -> None:
    await chat.emulator.drop_answers("editMessageText")
    await alice.tap("🏆 Ranks")
    await alice.settled(quiet=0.8)
    (screen,) = await alice.screens()
    assert "Ranks, November" in screen.text


async def test_markup_that_telegram_refuses_is_sent_as_plain_text(chat: Chat, alice: Person) -> None:
    await chat.emulator.fail("sendMessage", 400, "Bad Request: can't parse entities: unexpected end of tag")
    await alice.send("/help")
    screen = await alice.screen()
    assert "How this works" in screen.text
    assert "<b>" not in screen.html
    assert screen.buttons == ("Main menu",)


async def test_who_has_blocked_the_bot_meanwhile_does_not_disturb_the_others(chat: Chat, alice: Person) -> None:
    boris = await chat.employee("Boris", 1002)
    await boris.send("/start")
    menu = await boris.screen()
    await boris.block()
    await boris.press(menu.data["📊 Statistics"], message_id=menu.message_id, wait=False)
    await alice.tap("🏆 Ranks")
    assert "Ranks, November" in (await alice.screen()).text


async def test_one_person_waiting_does_not_hold_up_another(chat: Chat, alice: Person) -> None:
    boris = await chat.employee("Boris", 1002)
    await chat.emulator.delay("sendMessage", 1.0)
    await alice.send("/ranks", wait=False)
    await asyncio.sleep(0.1)
    began = time.monotonic()
    await boris.send("/ranks")
    assert time.monotonic() - began < 0.8


async def test_one_person_is_answered_in_the_order_of_their_messages(alice: Person) -> None:
    commands = ("/ranks", "/history", "/help", "/balance") * 3
    for command in commands:
        await alice.send(command, wait=False)
    await alice.settled()
    heads = ("Ranks", "You have no shifts", "How this works", "Nothing is owed")
    told = [next(head for head in heads if head in screen.text) for screen in (await alice.screens())[1:]]
    # A screen that was overtaken before it was sent is left out; the others keep their order, and the newest is last.
    rest = iter(heads * 3)
    assert all(head in rest for head in told)
    assert told[-1] == heads[-1]


async def test_the_same_update_twice_shows_the_same_once_more_and_harms_nothing(chat: Chat, alice: Person) -> None:
    sent = await alice.send("/help")
    await chat.emulator.deliver_again(sent.update_id)
    await alice.settled()
    assert "How this works" in (await alice.screen()).text


# --- questions that are over -----------------------------------------------------------------------------------------


async def test_a_question_that_was_answered_by_a_text_is_gone(alice: Person) -> None:
    await alice.tap("Create shift")
    for answer in ("2026/11/15", "9:00", "17:00"):
        await say(alice, answer)
    await alice.tap("Model A")
    await say(alice, "a lot")
    await say(alice, "500")
    [checklist] = await alice.screens()
    assert "Model A: 500.00" in checklist.text
    await alice.tap("Save shift")
    [receipt] = await alice.screens()
    assert "You made $160.00" in receipt.text


async def test_a_correction_that_is_typed_leaves_its_receipt_and_nothing_else(chat: Chat, alice: Person) -> None:
    log(chat, alice, clock_in="2026/11/15 09:00:00", clock_out="2026/11/15 17:00:00", Model_A="500")
    await open_edit(alice)
    await alice.tap("Total sales")
    await say(alice, "400")
    _menu, receipt = await alice.screens()
    assert "Total sales: 500.00 → 400.00" in receipt.text


async def test_so_is_one_that_was_left_by_a_command(alice: Person) -> None:
    await alice.tap("Create shift")
    await say(alice, "/help")
    [shown] = await alice.screens()
    assert "How this works" in shown.text


async def test_what_is_no_question_stays_above(alice: Person) -> None:
    await say(alice, "/ranks")
    await say(alice, "/help")
    assert len(await alice.screens()) == 3


async def test_a_question_too_old_to_be_deleted_shrinks_to_one_line(chat: Chat, alice: Person) -> None:
    await alice.tap("Create shift")
    await chat.emulator.fail("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    await say(alice, "2026/11/15")
    old, new = await alice.screens()
    assert (old.text, old.buttons) == ("▫️ This question is over.", ())
    assert "What time did it start?" in new.text


async def test_what_is_said_does_not_depend_on_what_becomes_of_the_question(chat: Chat, alice: Person) -> None:
    await alice.tap("Create shift")
    for method in ("deleteMessage", "editMessageText"):
        await chat.emulator.fail(method, 400, "Bad Request: message can't be edited", times=5)
    assert "What time did it start?" in (await say(alice, "2026/11/15")).text
    assert "What time did it end?" in (await say(alice, "9:00")).text


async def test_a_text_delivered_again_takes_nothing_more_away(chat: Chat, alice: Person) -> None:
    await alice.tap("Create shift")
    sent = await alice.send("2026/11/15")
    await alice.settled()
    before = [one.message_id for one in await alice.screens()]
    await chat.emulator.deliver_again(sent.update_id, 3)
    await alice.settled()
    assert [one.message_id for one in await alice.screens()] == before
