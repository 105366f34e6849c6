"""The main menu, the help, /cancel, and everything that is none of the bot's business."""

import asyncio

import aiohttp
import pytest

from bot.commands import LISTED
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.pictures import PICTURE
from tests.bot.shifts import record, say

MAIN_MENU = (("Create shift", "Start now"), ("Edit shift",), ("📊 Statistics", "🏆 Ranks"), ("💵 My pay",))


async def test_start_shows_the_main_menu(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    screen = await alice.screen()
    assert "Hi, Alice!" in screen.text
    assert screen.rows == MAIN_MENU


async def test_while_a_shift_runs_it_can_be_finished_and_no_other_started(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await asyncio.to_thread(chat.service.shifts.start_running, 1001, chat.clock())
    await alice.send("/start")
    screen = await alice.screen()
    assert screen.rows[0] == ("Create shift", "Finish shift")
    assert "on shift since 2026/11/16 20:00:00" in screen.text


async def test_who_is_known_by_number_only_is_called_as_telegram_says_from_the_first_word_on(chat: Chat) -> None:
    admin = await asyncio.to_thread(chat.service.people.ensure_owner, 9001)
    await asyncio.to_thread(chat.service.create_default_employee_settings, 1001)
    assert admin.name == "Admin 9001"
    for name, telegram_id in (("Olga", 9001), ("Alice", 1001)):
        person = await chat.stranger(name, telegram_id)
        await person.send("/start")
        assert f"Hi, {name}!" in (await person.screen()).text
    changes = await asyncio.to_thread(chat.service.audit.list_entries, 2)
    assert [(one.action, one.old, one.new) for one in changes] == [
        ("name changed", {"name": "Employee 1001"}, {"name": "Alice"}),
        ("name changed", {"name": "Admin 9001"}, {"name": "Olga"}),
    ]


async def test_a_name_that_an_admin_gave_stays_whatever_telegram_says(chat: Chat) -> None:
    await asyncio.to_thread(chat.service.people.ensure_owner, 9001, "Olga P.")
    olga = await chat.stranger("olga_the_great", 9001)
    await olga.send("/start")
    assert "Hi, Olga P.!" in (await olga.screen()).text


async def test_an_admin_has_one_button_more(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    assert (await olga.screen()).rows == (*MAIN_MENU, ("Admin",))


async def test_the_menu_of_commands_has_what_an_employee_can_do(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    url = f"{chat.emulator.api_url}/bot{chat.emulator.token}/getMyCommands"
    async with aiohttp.ClientSession() as session, session.get(url) as response:
        names = [command["command"] for command in (await response.json())["result"]]
    assert names == ["shift", "edit", "stats", "ranks", "history", "balance", "help", "cancel"]


async def test_help_names_every_command_a_person_has(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await alice.send("/help")
    await olga.send("/help")
    for command in LISTED:
        assert f"/{command.name} " in (await olga.screen()).text
        assert (f"/{command.name} " in (await alice.screen()).text) is not command.is_for_admins


async def test_cancel_ends_what_was_begun_and_says_so(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/shift")
    await alice.send("/cancel")
    screen = await alice.screen()
    assert "Cancelled" in screen.text
    assert screen.rows == MAIN_MENU
    assert chat.service.drafts.find_current(1001) is None


async def test_cancel_with_nothing_begun_says_that(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/cancel")
    assert "nothing to cancel" in (await alice.screen()).text


async def test_the_main_menu_cancels_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/shift")
    await alice.tap("Yesterday…")
    await alice.tap("Main menu")
    assert (await alice.screen()).rows == (("▶ Continue: Sun 15 Nov",), *MAIN_MENU)


async def test_help_says_whose_clock_it_is(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/help")
    assert "🕓 It is Mon 16 Nov, 20:00 (New York time)." in (await alice.screen()).text


async def test_so_do_the_questions_for_the_start(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/shift")
    assert "🕓 It is Mon 16 Nov, 20:00 (New York time)." in (await alice.screen()).text
    await alice.tap("Today, Mon 16")
    assert "🕓 It is Mon 16 Nov, 20:00 (New York time)." in (await alice.screen()).text


async def test_a_command_may_name_the_bot_and_be_written_in_capitals(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/HELP@shift_playground_bot")
    assert "How this works" in (await alice.screen()).text


async def test_a_name_with_markup_is_shown_as_it_is(chat: Chat) -> None:
    eve = await chat.employee("<3 <b>&amp; {x}", 1005)
    await eve.send("/start")
    assert "Hi, <3 <b>&amp; {x}!" in (await eve.screen()).text


async def test_a_name_written_from_right_to_left_does_not_turn_the_text(chat: Chat) -> None:
    omar = await chat.employee("\u202eעומר", 1006)
    await omar.send("/start")
    assert "Hi, \u2068עומר\u2069! What" in (await omar.screen()).text


# --- what is not for the bot -----------------------------------------------------------------------------------------


@pytest.fixture
async def alice(chat: Chat) -> Person:
    """Alice, with a shift begun."""
    person = await chat.employee("Alice", 1001)
    await person.send("/shift")
    return person


async def test_a_text_that_nothing_asked_for_is_answered(chat: Chat) -> None:
    boris = await chat.employee("Boris", 1002)
    await boris.send("hello?")
    screen = await boris.screen()
    assert screen.text.splitlines()[0] == "I did not expect a text here. Pick something below."
    assert "Hi, Boris!" in screen.text
    assert screen.rows == MAIN_MENU


@pytest.mark.parametrize("text", ["/foo", "/foo@shift_playground_bot now", "/FOO"])
async def test_a_command_that_there_is_none_of_is_named(chat: Chat, text: str) -> None:
    boris = await chat.employee("Boris", 1002)
    await boris.send(text)
    screen = await boris.screen()
    assert screen.text.splitlines()[0] == f"I do not know /{text[1:4]}. /help lists what I know."
    assert screen.rows == MAIN_MENU


@pytest.mark.parametrize("text", ["/<b>", "/", "/ foo", "/fo&o", "//foo", "/help\nme"])
async def test_what_only_looks_like_a_command_is_a_text(chat: Chat, text: str) -> None:
    boris = await chat.employee("Boris", 1002)
    await boris.send(text)
    assert "I did not expect a text here." in (await boris.screen()).text


async def test_a_command_that_there_is_none_of_answers_no_question(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice)
    await alice.tap("❓ Ask the admins")
    await say(alice, "/statistics")
    screen = await alice.screen()
    assert "I do not know /statistics. /help lists what I know." in screen.text
    assert "What would you like to know about shift 1?" in screen.text
    await say(alice, "Why?")
    assert "The admins have your question" in (await alice.screen()).text


async def test_a_forwarded_command_does_nothing(chat: Chat, alice: Person) -> None:
    await alice.send("/cancel", forwarded_from="Boris")
    assert "what you write yourself" in (await alice.screen()).text
    assert chat.service.drafts.find_current(1001) is not None


async def test_a_command_below_a_picture_does_nothing(chat: Chat, alice: Person) -> None:
    await alice.send_photo(PICTURE, "/cancel")
    assert "only read text" in (await alice.screen()).text
    assert chat.service.drafts.find_current(1001) is not None


async def test_a_message_that_is_changed_later_is_asked_for_again(chat: Chat, alice: Person) -> None:
    await chat.emulator.inject({"edited_message": {**_message(1001, "Alice"), "edit_date": 2, "text": "/cancel"}})
    assert "send it again" in (await alice.wait_for("changes to messages")).text
    assert chat.service.drafts.find_current(1001) is not None


async def test_a_sticker_is_answered_politely(chat: Chat, alice: Person) -> None:
    kind = {"type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}
    sticker = {"file_id": "x", "file_unique_id": "x", **kind}
    await chat.emulator.inject({"message": {**_message(1001, "Alice"), "sticker": sticker}})
    await alice.wait_for("only read text")


async def test_a_made_up_button_is_answered_and_changes_nothing(chat: Chat, alice: Person) -> None:
    before = await alice.screen()
    for data in ("x", "m:nowhere", "m:", "j:1", "h:-1:2", "🙂", "r:abc", "m:main:more"):
        toast = await alice.press(data, message_id=before.message_id, wait=True)
        assert toast.text == "That button is from an older message.", data
    assert await alice.screen() == before


async def test_in_a_group_the_bot_keeps_quiet(chat: Chat, alice: Person) -> None:
    sent = await chat.emulator.count_calls("sendMessage")
    group = {"id": -5, "type": "group", "title": "Team"}
    await chat.emulator.inject({"message": {**_message(1001, "Alice"), "chat": group, "text": "/start"}})
    await alice.send("/help")
    assert await chat.emulator.count_calls("sendMessage") == sent + 1


async def test_an_update_that_cannot_be_read_does_not_hold_up_the_next(chat: Chat, alice: Person) -> None:
    await chat.emulator.inject({"message": "no message at all"})
    await alice.send("/help")
    assert "How this works" in (await alice.screen()).text


def _message(person_id: int, name: str) -> dict[str, object]:
    user = {"id": person_id, "is_bot": False, "first_name": name, "language_code": "en"}
    return {"message_id": 1, "date": 1, "chat": {"id": person_id, "type": "private", "first_name": name}, "from": user}
