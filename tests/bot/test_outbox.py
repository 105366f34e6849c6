"""What goes out: at the pace that Telegram takes, in order, across restarts, and what becomes of what cannot arrive."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any, LiteralString

import pytest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.delivery import sender
from bot.delivery.pace import Pace
from bot.delivery.parcels import wrap
from bot.keyboards.join import CreateInvite
from bot.screen import Screen
from bot.words import Html
from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import begin, say
from tests.clock import SteppingClock
from tests.databases import connect, fetch_all

PATIENCE = 15.0


@pytest.fixture
async def people(emulator: Emulator, service: PostgresService, clock: SteppingClock) -> tuple[Chat, list[Person]]:
    """Ten employees who have written to the bot, which then has ended; Telegram's limits hold from now on."""
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service):
        team = [await chat.employee(f"Person {number}", 1000 + number) for number in range(10)]
        for person in team:
            await person.send("/start")
            await person.settled(quiet=0)
    await asyncio.sleep(1.1)  # what was sent to them just now counts too
    await emulator.limit(per_chat=1, overall=30)
    return chat, team


async def wait_until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - rows of the bot, screens of the emulator
            await asyncio.sleep(0.05)


async def has(database: dict[str, Any], condition: LiteralString) -> bool:
    """Whether the outbox has such a row."""
    return bool(await asyncio.to_thread(fetch_all, database, f"SELECT FROM outbox WHERE {condition} LIMIT 1"))


async def is_all_handled(database: dict[str, Any]) -> bool:
    """Whether nothing waits in the inbox."""
    return not await asyncio.to_thread(fetch_all, database, "SELECT FROM inbox WHERE state = 'waiting'")


async def count_waiting(database: dict[str, Any]) -> int:
    """How many messages are not sent yet."""
    return len(await asyncio.to_thread(fetch_all, database, "SELECT FROM outbox WHERE sent_at IS NULL"))


async def wait_until_sent(database: dict[str, Any]) -> None:
    async def is_sent() -> bool:
        return not await has(database, "sent_at IS NULL")

    await wait_until(is_sent)


# --- the pace --------------------------------------------------------------------------------------------------------


async def test_notices_go_out_under_the_limits_of_telegram_in_order_and_none_is_refused(
    people: tuple[Chat, list[Person]], database: dict[str, Any]
) -> None:
    chat, team = people
    for number in range(4):
        for person in team:
            facts = {"employee_name": f"No. {number}", "shift_id": number, "hours": "13"}
            chat.service.outbox.add(person.id, "long_shift", facts)
    began = time.monotonic()
    async with run_bot(chat.emulator, chat.service, pace=Pace()):
        await wait_until_sent(database)
    assert time.monotonic() - began > 3
    assert await chat.emulator.count_refused_by_limits() == 0
    for person in team:
        told = [screen.text for screen in await person.screens() if "has recorded" in screen.text]
        assert [text.split()[2] for text in told] == ["0", "1", "2", "3"]


async def test_who_taps_does_not_wait_behind_notices(people: tuple[Chat, list[Person]]) -> None:
    chat, team = people
    await chat.emulator.limit(per_chat=None, overall=30)
    for person in team * 3:
        chat.service.outbox.add(person.id, "welcome", {})
    async with run_bot(chat.emulator, chat.service, pace=Pace()):
        await team[0].wait_for("Welcome to the team!")
        for command in ("/ranks", "/help", "/history"):
            await team[0].send(command, timeout=0.8)


async def test_the_pace_in_all_lets_a_few_go_at_once_and_the_rest_evenly() -> None:
    pace = Pace(per_second=50.0)
    began = time.monotonic()
    await asyncio.gather(*(pace.take_turn() for _ in range(3)))
    assert time.monotonic() - began < 0.02
    await asyncio.gather(*(pace.take_turn() for _ in range(10)))
    assert 0.17 < time.monotonic() - began < 0.4


async def test_told_to_wait_one_chat_waits_and_the_others_go_on(chat: Chat) -> None:
    alice, boris = await chat.employee("Alice", 1001), await chat.employee("Boris", 1002)
    for person in (alice, boris):
        await person.send("/start")
        await person.settled()
    await chat.emulator.fail("sendMessage", 429, "Too Many Requests: retry after 2", parameters={"retry_after": 2})
    began = time.monotonic()
    await alice.send("/ranks", wait=False)
    await asyncio.sleep(0.2)
    await boris.send("/help", timeout=1.0)
    await alice.wait_for("Ranks, November")
    assert time.monotonic() - began > 2


async def test_what_waits_as_told_waits_on_after_a_restart(
    emulator: Emulator, service: PostgresService, clock: SteppingClock
) -> None:
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await alice.send("/start")
        await alice.settled()
        await emulator.fail("sendMessage", 429, "Too Many Requests: retry after 2", parameters={"retry_after": 2})
        began = time.monotonic()
        await alice.send("/ranks", wait=False)
        await asyncio.sleep(0.5)
    async with run_bot(emulator, service):
        await alice.wait_for("Ranks, November")
    assert time.monotonic() - began > 2


# --- what is not heard -----------------------------------------------------------------------------------------------


async def test_after_an_outage_of_telegram_only_the_newest_screen_of_a_chat_is_sent(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    await alice.settled()
    await chat.emulator.fail("sendMessage", 502, "Bad Gateway", times=3)
    for command in ("/ranks", "/help", "/history"):
        await alice.send(command, wait=False)
    await alice.wait_for("You have no shifts", timeout=PATIENCE)
    await alice.settled()
    assert len(await alice.screens()) == 2


async def test_what_is_to_be_kept_and_what_was_done_is_sent_after_an_outage_however_many_screens_come_later(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga = await chat.admin("Olga", 9001)
    await begin(olga)
    await olga.tap("Model A")
    asked = await say(olga, "500")
    await chat.emulator.fail("", 502, "Bad Gateway", times=100_000)
    await olga.press(asked.data["Save shift"], wait=False)
    await olga.send("/admin", wait=False)
    await olga.press(CreateInvite().pack(), message_id=asked.message_id, wait=False)
    for _ in range(30):
        await olga.send("/ranks", wait=False)
    await wait_until(lambda: is_all_handled(database))
    assert await count_waiting(database) == 3
    await chat.emulator.clear_faults()
    await olga.wait_for("Ranks, November", timeout=PATIENCE)
    told = "\n".join(screen.text for screen in await olga.screens())
    assert "is saved" in told
    assert "https://t.me/" in told
    assert told.count("Ranks, November") == 1


async def test_the_same_file_asked_for_again_and_again_waits_once(chat: Chat, database: dict[str, Any]) -> None:
    olga = await chat.admin("Olga", 9001)
    await olga.send("/ranks")
    await olga.tap("🏁 Leaderboard")
    board = await olga.screen()
    await chat.emulator.fail("", 502, "Bad Gateway", times=100_000)
    for _ in range(20):
        await olga.press(board.data["XLSX"], wait=False)
    await wait_until(lambda: is_all_handled(database))
    assert await count_waiting(database) == 1
    await chat.emulator.clear_faults()
    await wait_until_sent(database)
    assert sum(screen.document is not None for screen in await olga.screens()) == 1


async def test_at_one_message_a_second_the_newest_screen_of_who_taps_fast_is_not_late(
    people: tuple[Chat, list[Person]],
) -> None:
    chat, team = people
    person = team[0]
    async with run_bot(chat.emulator, chat.service, pace=Pace()):
        for _ in range(25):
            await person.send("/ranks", wait=False)
        await person.send("/help", wait=False)
        began = time.monotonic()
        await person.wait_for("How this works", timeout=PATIENCE)
        assert time.monotonic() - began < 4
        await person.settled()
    assert sum("Ranks, November" in screen.text for screen in await person.screens()) < 10


async def test_a_message_whose_answer_was_lost_is_sent_again(chat: Chat, database: dict[str, Any]) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    await alice.settled()
    await chat.emulator.drop_answers("sendMessage")
    await alice.send("/help")
    await wait_until_sent(database)
    assert [screen.text.partition("\n")[0] for screen in await alice.screens()].count("How this works") == 2
    await alice.tap("Main menu")
    assert "Hi, Alice!" in (await alice.screen()).text


async def test_what_was_committed_but_not_sent_is_sent_after_a_restart(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await alice.send("/start")
        await alice.settled()
        await emulator.fail("", 502, "Bad Gateway", times=1000)
        await alice.send("/stats", wait=False)
        await wait_until(lambda: has(database, "sent_at IS NULL"))
    await emulator.clear_faults()
    async with run_bot(emulator, service):
        await wait_until_sent(database)
        assert (await alice.screen()).photo is not None
    assert not await has(database, "photo IS NOT NULL")


# --- who cannot be reached -------------------------------------------------------------------------------------------


async def find_unreachable(database: dict[str, Any]) -> list[tuple[Any, ...]]:
    query = "SELECT employee_id, unreachable_reason FROM employees WHERE unreachable_since IS NOT NULL"
    return await asyncio.to_thread(fetch_all, database, query)


async def test_who_blocks_the_bot_is_marked_the_admins_hear_it_once_and_writing_again_ends_it(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await alice.settled()
    await alice.block()
    for _ in range(3):
        await asyncio.to_thread(chat.service.outbox.add, 1001, "welcome", {})
    await olga.send("/help")
    await olga.wait_for("Alice cannot be reached: they have blocked me.")
    await wait_until_failed(database, 3)
    assert await find_unreachable(database) == [(1001, "blocked")]
    await olga.settled()
    assert sum("cannot be reached" in screen.text for screen in await olga.screens()) == 1
    await alice.unblock()
    await alice.send("/ranks")
    assert await find_unreachable(database) == []


async def wait_until_failed(database: dict[str, Any], number: int) -> None:
    query = "SELECT FROM outbox WHERE error = 'TelegramForbiddenError: Forbidden: bot was blocked by the user'"

    async def have_failed() -> bool:
        return len(await asyncio.to_thread(fetch_all, database, query)) == number

    await wait_until(have_failed)


async def test_what_waits_for_a_group_follows_it_when_it_becomes_a_supergroup(
    chat: Chat, database: dict[str, Any]
) -> None:
    parameters = {"migrate_to_chat_id": -100777}
    description = "Bad Request: group chat was upgraded to a supergroup chat"
    await chat.emulator.fail("sendMessage", 400, description, parameters=parameters)
    alice = await chat.employee("Alice", 1001)
    await asyncio.to_thread(chat.service.outbox.add_to_chat, -777, "letter", {"text": "hello"})
    await alice.send("/start", wait=False)
    await wait_until(lambda: has(database, "chat_id = -100777"))


async def test_a_chat_that_was_told_to_wait_gets_one_message_at_a_time_for_a_while() -> None:
    pace = Pace(chat_seconds=10.0)
    assert pace.note_sent(1) == 0.0
    pace.note_refused(2)
    assert pace.note_sent(1) == 0.0
    assert pace.note_sent(2) == pytest.approx(10.0, abs=1.0)


# --- order -----------------------------------------------------------------------------------------------------------


async def test_in_a_chat_what_answers_a_person_comes_before_the_notices(
    service: PostgresService, database: dict[str, Any]
) -> None:
    service.people.join(1001, "Alice", "en")
    service.outbox.add(1001, "welcome", {"number": 1})
    with service.transaction():
        service.outbox.add(1001, "welcome", {"number": 3})
        service.outbox.add_to_chat(1001, "screen", {"number": 2})
    service.outbox.add_to_chat(1001, "screen", {"number": 4})
    order = []
    while found := service.outbox.list_next(shut=[], paced=[], limit=10)[0]:
        (parcel,) = found
        order.append(int(parcel.payload["number"]))
        service.outbox.mark_sent(parcel.outbox_id, chat_id=parcel.chat_id)
    assert order == [2, 4, 1, 3]


async def test_what_is_next_leaves_out_the_chats_that_have_to_wait(
    service: PostgresService, database: dict[str, Any]
) -> None:
    for person_id in (1, 2, 3):
        service.people.join(person_id, "Somebody", "en")
        service.outbox.add(person_id, "welcome", {})
        service.outbox.add_to_chat(person_id, "screen", {})
    with connect(dict(database)) as connection:
        connection.execute("UPDATE outbox SET not_before = now() + interval '1 hour' WHERE chat_id = 3")
    found, is_all = service.outbox.list_next(shut=[1], paced=[2, 3], limit=10)
    assert is_all
    assert [(parcel.chat_id, parcel.kind) for parcel in found] == [(2, "screen")]


async def test_many_messages_for_one_chat_do_not_hide_another_chat(
    people: tuple[Chat, list[Person]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "LOOKED_AT", 10)
    chat, team = people
    with chat.service.transaction():
        for number in range(100):
            chat.service.outbox.add_to_chat(team[0].id, "letter", {"text": f"No. {number}"})
    chat.service.outbox.add_to_chat(team[1].id, "letter", {"text": "for you"})
    async with run_bot(chat.emulator, chat.service):
        await team[1].wait_for("for you", timeout=1.0)
        assert not any("No. 99" in screen.text for screen in await team[0].screens())


# --- what Telegram does not take -------------------------------------------------------------------------------------


async def test_a_screen_of_too_many_buttons_comes_without_them_and_says_so(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    keys = [[InlineKeyboardButton(text=f"Model {number}", callback_data=f"x{number}")] for number in range(101)]
    long = "\n".join(["<b>Which model?</b>", *["so many of them"] * 250])
    screen = Screen(Html(long), InlineKeyboardMarkup(inline_keyboard=keys))
    parcel = wrap(alice.id, screen)
    await asyncio.to_thread(chat.service.outbox.add_to_chat, alice.id, parcel.kind, parcel.payload)
    shown = await alice.wait_for("Which model?")
    assert shown.buttons == ()
    assert "There are more buttons here than Telegram can show" in shown.text
    assert shown.html.startswith("<b>Which model?</b>")
