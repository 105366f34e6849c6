"""What is left for another screen is kept, and gone on with by its own button alone; no text is taken by it."""

from decimal import Decimal
from typing import Any

import pytest

from bot.errands import ErrandAsked, OwnErrand
from bot.forms import Act
from bot.use_cases import answering, errands, new_shift
from bot.use_cases.dialogs import Asked
from playground.client import Emulator, Person
from playground.screens import Screen
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import NO_SALES, begin, log, open_edit, record, say, sell
from tests.bot.team import open_member
from tests.clock import SteppingClock
from tests.databases import connect

RESUMED = "This is where we were:"
CLOCKS = {"clock_in": "2026/11/15 09:00:00", "clock_out": "2026/11/15 17:00:00"}


def has_left(screen: Screen) -> bool:
    return any(text.startswith("▶ Continue") for text in screen.buttons)


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


async def test_a_text_at_the_menu_is_taken_by_nothing_that_was_left(chat: Chat, alice: Person) -> None:
    before = get_sales(chat)
    await alice.tap("Main menu")
    answer = await say(alice, "5")
    assert "I did not expect a text here." in answer.text
    assert "Create shift" in answer.buttons
    assert get_sales(chat) == before


async def test_the_menu_goes_on_with_what_was_left(chat: Chat, alice: Person) -> None:
    question = await alice.screen()
    await alice.tap("Main menu")
    menu = await alice.screen()
    assert menu.buttons[0] == "▶ Continue: ✏️ Edit, Sun 15 Nov, Sales of a model"
    await alice.tap(menu.buttons[0])
    asked = await alice.screen()
    assert RESUMED in asked.text
    assert question.text.splitlines()[-1] in asked.text
    assert asked.rows == question.rows
    assert "Model B: 500.00 → 5.00" in (await say(alice, "5")).text
    assert "▶" not in "".join((await say(alice, "/start")).buttons)


@pytest.mark.parametrize("command", ["/start", "/stats", "/history", "/help", "/balance", "/edit", "/ranks", "/shift"])
async def test_whatever_other_screen_is_shown_leaves_the_dialogue(chat: Chat, alice: Person, command: str) -> None:
    before = get_sales(chat)
    await say(alice, command)
    await say(alice, "5")
    assert get_sales(chat) == before
    assert has_left(await say(alice, "/start"))


async def test_a_new_shift_that_was_left_says_its_date_and_sales(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    assert (await say(alice, "/start")).buttons[0] == "▶ Continue: Sun 15 Nov, 09:00–17:00"
    await alice.tap("▶ Continue: Sun 15 Nov, 09:00–17:00")
    await alice.tap("Model A")
    await say(alice, "120.5")
    assert (await say(alice, "/start")).buttons[0] == "▶ Continue: Sun 15 Nov, Model A 120.50"
    await alice.tap("▶ Continue: Sun 15 Nov, Model A 120.50")
    await alice.tap("Model B")
    await say(alice, "9.5")
    assert (await say(alice, "/start")).buttons[0] == "▶ Continue: Sun 15 Nov, 2 models 130.00"


async def test_a_form_in_which_nothing_was_said_is_nothing_to_go_on_with(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    assert not has_left(await say(alice, "/start"))
    assert "did not expect" in (await say(alice, "2026/11/15")).text
    assert "When did your shift start?" in (await say(alice, "/shift")).text


async def test_two_dialogues_that_were_left_are_both_kept(chat: Chat, alice: Person) -> None:
    await begin(alice, day="Yesterday", start="6 PM", end="7 PM")
    menu = await say(alice, "/start")
    new, edit = menu.buttons[:2]
    assert new == "▶ Continue: Sun 15 Nov, 18:00–19:00"
    await alice.tap(edit)
    assert "Model B: 500.00 → 5.00" in (await say(alice, "5")).text
    await say(alice, "/start")
    await alice.tap(new)
    assert "Hours: 1.00" in (await sell(alice, NO_SALES)).text


async def test_another_form_of_the_same_kind_asks_first(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await alice.tap("Model A")
    await say(alice, "120.5")
    asked = await say(alice, "/shift")
    assert "You have begun one already: Sun 15 Nov, Model A 120.50." in asked.text
    assert asked.buttons == ("▶ Continue: Sun 15 Nov, Model A 120.50", "Start anew", "Main menu")
    await say(alice, "500")
    await say(alice, "/start")
    await alice.tap("Create shift")
    await alice.tap("▶ Continue: Sun 15 Nov, Model A 120.50")
    assert "Model A: 120.50" in (await alice.screen()).text


async def test_starting_anew_drops_what_was_begun(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    await say(alice, "/shift")
    await alice.tap("Start anew")
    assert "When did your shift start?" in (await alice.screen()).text
    assert not has_left(await say(alice, "/start"))


async def test_an_old_start_anew_asks_again_about_what_was_begun_since(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    asked = await say(alice, "/shift")
    await alice.tap("Start anew")
    await alice.tap("Yesterday…")
    await alice.press(asked.data["Start anew"], message_id=asked.message_id)
    assert "You have begun one already" in (await alice.screen()).text


async def test_a_second_correction_asks_first(chat: Chat, alice: Person) -> None:
    log(chat, alice, clock_in="2026/11/14 09:00:00", clock_out="2026/11/14 17:00:00", Model_A="300")
    edit_list = await say(alice, "/edit")
    await alice.tap(edit_list.buttons[0])
    asked = await alice.screen()
    assert "You have begun one already: ✏️ Edit, Sun 15 Nov, Sales of a model." in asked.text
    await alice.tap("Start anew")
    assert "What needs correcting?" in (await alice.screen()).text


async def test_a_question_is_not_sent_to_the_admins_after_another_screen(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await record(alice)
    await alice.tap("❓ Ask the admins")
    await say(alice, "/history")
    assert "did not expect" in (await say(alice, "hello there")).text
    await alice.tap("▶ Continue: ❓ Question to the admins")
    asked = await alice.screen()
    assert RESUMED in asked.text
    assert "What would you like to know about shift 1?" in asked.text
    await say(alice, "Why is that 8 %?")
    assert "“Why is that 8 %?”" in (await olga.wait_for("Alice asks about shift 1")).text
    assert [message.text for message in chat.service.questions.list_messages(1)] == ["Why is that 8 %?"]


async def test_what_an_admin_has_begun_is_kept_and_asked_about(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    for name, telegram_id in (("Alice", 1001), ("Boris", 1002)):
        await chat.employee(name, telegram_id)
    await open_member(olga, "Alice")
    await olga.tap("💵 Wage")
    await say(olga, "16")
    assert (await say(olga, "/start")).buttons[0] == "▶ Continue: 💵 Wage, Alice"
    await say(olga, "17")
    await open_member(olga, "Boris")
    await olga.tap("💵 Wage")
    assert "You have begun one already: 💵 Wage, Alice." in (await olga.screen()).text
    await olga.tap("▶ Continue: 💵 Wage, Alice")
    assert "16.00" in (await olga.screen()).text
    await open_member(olga, "Boris")
    await olga.tap("💵 Wage")
    await olga.tap("Start anew")
    assert "Boris" in (await olga.screen()).text
    assert not [one for one in (await say(olga, "/start")).buttons if "Alice" in one]


async def test_going_on_about_what_is_gone_says_so_and_ends_it(chat: Chat, alice: Person) -> None:
    [shift] = chat.service.get_all_shifts()
    await alice.tap("Main menu")
    chat.service.shifts.delete(shift["ID"], actor_id=1001)
    await alice.tap((await alice.screen()).buttons[0])
    menu = await alice.screen()
    assert "no shift" in menu.text
    assert not has_left(menu)


async def test_what_somebody_else_left_is_not_gone_on_with(chat: Chat, alice: Person) -> None:
    boris = await chat.employee("Boris", 1002)
    await alice.tap("Main menu")
    data = (await alice.screen()).data[(await alice.screen()).buttons[0]]
    menu = await say(boris, "/start")
    toast = await boris.press(data, message_id=menu.message_id)
    assert toast.is_alert
    assert (await boris.screen()).text == menu.text


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
    assert "did not expect" in (await say(alice, "20:00")).text


async def test_cancel_ends_what_was_left(chat: Chat, alice: Person) -> None:
    await alice.tap("Main menu")
    assert "is dropped" in (menu := await say(alice, "/cancel")).text
    assert not has_left(menu)
    assert "nothing to cancel" in (await say(alice, "/cancel")).text


async def test_cancel_at_a_question_leaves_alone_what_was_left_before(chat: Chat, alice: Person) -> None:
    await begin(alice, start="6 PM", end="7 PM")
    menu = await say(alice, "/cancel")
    assert [one for one in menu.buttons if "▶" in one] == ["▶ Continue: ✏️ Edit, Sun 15 Nov, Sales of a model"]


async def test_a_text_right_behind_the_tap_on_main_menu_corrects_nothing(chat: Chat, alice: Person) -> None:
    before = get_sales(chat)
    await alice.press("m:main", message_id=(await alice.screen()).message_id, wait=False)
    await alice.send("5", wait=False)
    await alice.wait_for("did not expect")
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
        assert has_left(await say(alice, "hello there"))
        assert service.questions.list_of(1001, 9) == []


async def test_what_was_left_is_not_asked_again_after_an_outage(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service):
        alice, boris = await chat.employee("Alice", 1001), await chat.employee("Boris", 1002)
        for person in (alice, boris):
            await begin(person)
            await person.tap("Model A")
        await say(alice, "/help")
    with connect(dict(database)) as connection:
        connection.execute("UPDATE drafts SET updated_at = updated_at - interval '30 minutes'")
    async with run_bot(emulator, service):
        await boris.wait_for("I am back.")
        assert "Model A: 5.00" in (await say(boris, "5")).text
        assert not [one for one in await alice.screens() if "I am back." in one.text]


# --- delivered again -------------------------------------------------------------------------------------------------


def leave(database: dict[str, Any]) -> None:
    """Another screen is shown."""
    with connect(dict(database)) as connection:
        connection.execute("""UPDATE drafts SET data = data || '{"is_left": true}' WHERE state = 'open'""")


def test_a_text_delivered_again_after_the_dialogue_was_left_is_taken_by_nothing(
    service: PostgresService, database: dict[str, Any]
) -> None:
    alice = service.people.join(1001, "Alice", "en")
    asked = new_shift.begin(service, alice)
    assert isinstance(asked, Asked)
    taken = answering.type_text(service, alice, 7, "2026/11/15")
    assert isinstance(taken, Asked)
    leave(database)
    for message_id in (7, 8):
        assert answering.type_text(service, alice, message_id, "9:00") is None
    gone_on = answering.resume(service, alice, asked.draft_id)
    assert isinstance(gone_on, Asked)
    assert gone_on.is_resumed
    assert gone_on.form == taken.form


def test_continue_delivered_again_is_answered_the_same(service: PostgresService, database: dict[str, Any]) -> None:
    alice = service.people.join(1001, "Alice", "en")
    shift_id = service.create_shift({"employee_id": 1001, **CLOCKS, "products": {"Model B": Decimal(500)}})
    asked = errands.begin(service, alice, OwnErrand.QUESTION, f"s{shift_id}")
    assert isinstance(asked, ErrandAsked)
    leave(database)
    assert answering.type_text(service, alice, 7, "my bonus") is None
    first = answering.resume(service, alice, asked.draft_id)
    second = answering.resume(service, alice, asked.draft_id)
    assert isinstance(first, ErrandAsked)
    assert isinstance(second, ErrandAsked)
    assert first.errand == second.errand


def test_a_tap_on_a_question_that_was_left_answers_it(service: PostgresService, database: dict[str, Any]) -> None:
    alice = service.people.join(1001, "Alice", "en")
    asked = new_shift.begin(service, alice)
    assert isinstance(asked, Asked)
    leave(database)
    answering.press(service, alice, asked.draft_id, asked.form.revision, Act.DAY, "2026-11-15")
    taken = answering.type_text(service, alice, 7, "9:00")
    assert isinstance(taken, Asked)
    assert taken.form.start is not None
