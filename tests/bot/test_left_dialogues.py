"""A text typed while another screen is shown saves and sends nothing: the question that was left is asked first."""

from decimal import Decimal
from typing import Any

import pytest

from bot.errands import ErrandAsked, OwnErrand
from bot.forms import Act
from bot.use_cases import answering, edit_shift, errands, new_shift
from bot.use_cases.dialogs import Asked
from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import begin, count_shifts, find_receipt, log, open_edit, record, say
from tests.clock import SteppingClock
from tests.databases import connect

RESUMED = "This is where we were:"
CLOCKS = {"clock_in": "2026/11/15 09:00:00", "clock_out": "2026/11/15 17:00:00"}


def get_sales(chat: Chat) -> dict[str, Decimal]:
    [shift] = chat.service.get_all_shifts()
    return {name: shift[name] for name in ("Model A", "Model B") if name in shift}


@pytest.fixture
async def alice(chat: Chat) -> Person:
    """Alice, who is asked for the new sales of Model B of her shift."""
    person = await chat.employee("Alice", 1001)
    log(chat, person, **CLOCKS, Model_B="500")
    await open_edit(person)
    await person.tap("Sales of a model")
    await person.tap("Model B")
    return person


async def test_a_text_after_the_main_menu_corrects_nothing_and_brings_the_question_back(
    chat: Chat, alice: Person
) -> None:
    question = await alice.screen()
    before = get_sales(chat)
    await alice.tap("Main menu")
    asked = await say(alice, "5")
    assert RESUMED in asked.text
    assert question.text.splitlines()[-1] in asked.text
    assert asked.rows == question.rows
    assert get_sales(chat) == before


async def test_the_text_after_the_question_came_back_is_taken(chat: Chat, alice: Person) -> None:
    await alice.tap("Main menu")
    await say(alice, "5")
    assert "Model B: 500.00 → 5.00" in (await say(alice, "5")).text


@pytest.mark.parametrize("command", ["/start", "/stats", "/history", "/help", "/balance", "/edit"])
async def test_whatever_other_screen_is_shown_leaves_the_dialogue(chat: Chat, alice: Person, command: str) -> None:
    before = get_sales(chat)
    await say(alice, command)
    assert RESUMED in (await say(alice, "5")).text
    assert get_sales(chat) == before


async def test_each_time_it_is_left_the_question_comes_first(chat: Chat, alice: Person) -> None:
    before = get_sales(chat)
    for _ in range(2):
        await say(alice, "/help")
        assert RESUMED in (await say(alice, "5")).text
    assert get_sales(chat) == before


async def test_a_question_is_not_sent_to_the_admins_after_another_screen(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await record(alice)
    await alice.tap("❓ Ask the admins")
    await say(alice, "/history")
    asked = await say(alice, "hello there")
    assert RESUMED in asked.text
    assert "What would you like to know about shift 1?" in asked.text
    await say(alice, "Why is that 8 %?")
    assert "“Why is that 8 %?”" in (await olga.wait_for("Alice asks about shift 1")).text
    assert [message.text for message in chat.service.questions.list_messages(1)] == ["Why is that 8 %?"]


async def test_a_text_that_was_refused_leaves_nothing(chat: Chat, alice: Person) -> None:
    await say(alice, "a lot")
    assert "Model B: 500.00 → 5.00" in (await say(alice, "5")).text


async def test_a_picture_or_a_forwarded_text_leaves_nothing(chat: Chat, alice: Person) -> None:
    await alice.send("7", forwarded_from="Boris")
    await alice.settled()
    assert "Model B: 500.00 → 5.00" in (await say(alice, "5")).text


async def test_a_notice_that_comes_by_itself_leaves_nothing(chat: Chat, alice: Person) -> None:
    employee = chat.find(alice)
    assert employee is not None
    chat.service.outbox.add(employee.employee_id, "welcome", {})
    await say(alice, "a lot")  # has what waits to be sent looked at
    await alice.wait_for("Welcome")
    assert "Model B: 500.00 → 5.00" in (await say(alice, "5")).text


async def test_back_after_a_question_about_dropping_goes_on_where_one_was(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/start")
    await alice.tap("Start now")
    chat.clock.move(hours=2)
    await alice.tap("Finish shift")
    await alice.tap("🗑 Drop this shift")
    await alice.tap("Back")
    await alice.tap("Model A")
    assert "Model A: 5.00" in (await say(alice, "5")).text


async def test_a_question_about_dropping_is_another_screen(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/start")
    await alice.tap("Start now")
    chat.clock.move(hours=13)
    await alice.tap("Finish shift")
    await alice.tap("🗑 Drop this shift")
    assert RESUMED in (await say(alice, "20:00")).text


async def test_cancel_ends_what_was_left(chat: Chat, alice: Person) -> None:
    await alice.tap("Main menu")
    await say(alice, "/cancel")
    assert "did not expect" in (await say(alice, "5")).text


async def test_half_a_form_is_asked_again_and_goes_on(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await alice.tap("Main menu")
    assert RESUMED in (await say(alice, "500")).text
    await say(alice, "500")
    await alice.tap("Finish shift")
    assert "You made $160.00" in (await find_receipt(alice)).text
    assert count_shifts(chat) == 1


async def test_a_text_right_behind_the_tap_on_main_menu_corrects_nothing(chat: Chat, alice: Person) -> None:
    before = get_sales(chat)
    await alice.press("m:main", message_id=(await alice.screen()).message_id, wait=False)
    await alice.send("5", wait=False)
    await alice.wait_for(RESUMED)
    await alice.settled()
    assert get_sales(chat) == before


async def test_what_was_left_before_a_restart_is_left_after_it(
    emulator: Emulator, service: PostgresService, clock: SteppingClock
) -> None:
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await record(alice)
        await alice.tap("❓ Ask the admins")
        await say(alice, "/help")
    async with run_bot(emulator, service):
        assert RESUMED in (await say(alice, "hello there")).text
        assert service.questions.list_of(1001, 9) == []


async def test_a_question_that_is_asked_again_after_an_outage_is_in_sight_again(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await begin(alice)
        await alice.tap("Model A")
        await say(alice, "/help")
    with connect(dict(database)) as connection:
        connection.execute("UPDATE drafts SET updated_at = updated_at - interval '30 minutes'")
    async with run_bot(emulator, service):
        await alice.wait_for("I am back.")
        assert "Model A: 5.00" in (await say(alice, "5")).text


# --- delivered again, and a bot of before ----------------------------------------------------------------------------


def leave(database: dict[str, Any]) -> None:
    """Another screen is shown."""
    with connect(dict(database)) as connection:
        connection.execute("""UPDATE drafts SET data = data || '{"is_left": true}' WHERE state = 'open'""")


def test_the_same_text_delivered_again_is_answered_the_same_and_taken_never(
    service: PostgresService, database: dict[str, Any]
) -> None:
    alice = service.people.join(1001, "Alice", "en")
    new_shift.begin(service, alice)
    leave(database)
    for _ in range(3):
        asked = answering.type_text(service, alice, 7, "2026/11/15")
        assert isinstance(asked, Asked)
        assert (asked.is_resumed, asked.form.day) == (True, None)
    taken = answering.type_text(service, alice, 8, "2026/11/15")
    assert isinstance(taken, Asked)
    assert not taken.is_resumed
    assert taken.form.day is not None


def test_the_same_text_delivered_again_to_an_errand_is_answered_the_same(
    service: PostgresService, database: dict[str, Any]
) -> None:
    alice = service.people.join(1001, "Alice", "en")
    shift_id = service.create_shift({"employee_id": 1001, **CLOCKS, "products": {"Model B": Decimal(500)}})
    errands.begin(service, alice, OwnErrand.QUESTION, f"s{shift_id}")
    leave(database)
    for _ in range(3):
        asked = answering.type_text(service, alice, 7, "my bonus")
        assert isinstance(asked, ErrandAsked)
        assert asked.is_resumed
    assert not isinstance(answering.type_text(service, alice, 8, "my bonus"), ErrandAsked)


def test_the_first_text_delivered_again_after_the_dialogue_was_left_once_more_is_not_taken(
    service: PostgresService, database: dict[str, Any]
) -> None:
    alice = service.people.join(1001, "Alice", "en")
    new_shift.begin(service, alice)
    for message_id in (7, 8):
        leave(database)
        answering.type_text(service, alice, message_id, "2026/11/15")
    asked = answering.type_text(service, alice, 7, "2026/11/15")
    assert isinstance(asked, Asked)
    assert asked.form.day is None


def test_a_tap_on_a_question_that_was_left_answers_it(service: PostgresService, database: dict[str, Any]) -> None:
    alice = service.people.join(1001, "Alice", "en")
    asked = new_shift.begin(service, alice)
    leave(database)
    answering.press(service, alice, asked.draft_id, asked.form.revision, Act.DAY, "1")
    taken = answering.type_text(service, alice, 7, "9:00")
    assert isinstance(taken, Asked)
    assert taken.form.start is not None


def test_a_correction_that_was_left_is_kept_as_it_was(service: PostgresService, database: dict[str, Any]) -> None:
    alice = service.people.join(1001, "Alice", "en")
    shift_id = service.create_shift({"employee_id": 1001, **CLOCKS, "products": {"Model B": Decimal(500)}})
    asked = edit_shift.begin(service, alice, shift_id)
    asked = answering.press(service, alice, asked.draft_id, asked.form.revision, Act.FIELD, "total")  # type: ignore[assignment]
    leave(database)
    answering.type_text(service, alice, 7, "5")
    assert service.shifts.get(shift_id).shift.pay.total_sales == 500
