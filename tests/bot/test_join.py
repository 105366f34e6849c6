"""Strangers ask, admins decide; invite links; who has left."""

import asyncio
import re
from datetime import date

import pytest

from payroll.people import Role
from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.clock import SteppingClock
from tests.databases import connect

GREETING = "This bot is for the members of a team"


async def ask(chat: Chat, name: str = "Dana", telegram_id: int = 5005) -> Person:
    """Somebody unknown who has asked to join."""
    dana = await chat.stranger(name, telegram_id)
    await dana.send("/start")
    await dana.tap("Ask to join")
    return dana


# --- strangers get nothing -------------------------------------------------------------------------------------------


async def test_a_stranger_gets_no_data_whatever_they_type(chat: Chat) -> None:
    dana = await chat.stranger("Dana", 5005)
    for text in ("/start", "/stats", "/ranks", "/history", "/balance", "/shift", "/admin", "/help", "500", "hello"):
        await dana.send(text)
        screen = await dana.screen()
        assert GREETING in screen.text, text
        assert screen.buttons == ("Ask to join",), text


async def test_a_stranger_gets_no_data_whatever_they_tap(chat: Chat) -> None:
    alice, dana = await chat.employee("Alice", 1001), await chat.stranger("Dana", 5005)
    await asyncio.to_thread(chat.service.create_shift, SHIFT)
    await dana.send("/start")
    message_id = (await dana.screen()).message_id
    for data in ("m:stats", "m:admin", "m:history", "r:1:r", "e:1", "h:0", "inv", "nonsense"):
        await dana.press(data, message_id=message_id)
        assert GREETING in (await dana.screen()).text, data
    assert chat.find(dana) is None
    assert chat.find(alice) is not None


async def test_a_forwarded_invite_does_not_let_a_stranger_in(chat: Chat) -> None:
    olga, dana = await chat.admin("Olga", 9001), await chat.stranger("Dana", 5005)
    await dana.send(f"/start {await invite(olga)}", forwarded_from="Olga")
    assert GREETING in (await dana.screen()).text
    assert chat.find(dana) is None


async def test_who_has_asked_to_join_reads_that_the_admins_have_the_request(chat: Chat) -> None:
    await chat.admin("Olga", 9001)
    dana = await ask(chat)
    for text in ("hello?", "/start", "/stats", "500"):
        await dana.send(text)
        await dana.settled()
        screen = await dana.screen()
        assert screen.text == "Your request is with the admins. I will write to you here once they have decided.", text
    await dana.press("m:stats", message_id=(await dana.screen()).message_id)
    assert GREETING not in (await dana.screen()).text


async def test_who_was_not_let_in_can_ask_again(chat: Chat) -> None:
    olga, dana = await chat.admin("Olga", 9001), await ask(chat)
    await olga.wait_for("Dana")
    await olga.tap("Reject")
    await dana.wait_for("not to let you in")
    await dana.send("hello?")
    await dana.settled()
    assert GREETING in (await dana.screen()).text


# --- asking ----------------------------------------------------------------------------------------------------------


async def test_a_stranger_asks_an_admin_approves_and_both_are_told(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    dana = await ask(chat)
    assert "with the admins" in (await dana.screen()).text
    notice = await olga.wait_for("Dana would like to join (Telegram id 5005)")
    assert notice.buttons == ("Approve", "Reject")

    await olga.tap("Approve")
    assert (await olga.screen()).text == "✅ Dana is in. You let them in."
    assert (await olga.screen()).buttons == ()
    welcome = await dana.wait_for("Welcome to the team")
    assert welcome.buttons == ("Main menu",)
    employee = chat.find(dana)
    assert employee is not None
    assert (employee.employee_id, employee.name, employee.role) == (5005, "Dana", Role.EMPLOYEE)
    await dana.tap("Main menu")
    assert "Hi, Dana!" in (await dana.screen()).text


async def test_who_is_rejected_is_told_and_stays_out(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    dana = await ask(chat)
    await olga.wait_for("would like to join")
    await olga.tap("Reject")
    assert "was not let in" in (await olga.screen()).text
    await dana.wait_for("decided not to let you in")
    assert chat.find(dana) is None
    await dana.send("/start")
    assert GREETING in (await dana.screen()).text


async def test_asking_twice_tells_the_admins_once(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    dana = await ask(chat)
    await olga.wait_for("would like to join")
    await dana.press("ask", message_id=(await dana.screen()).message_id)
    await olga.settled()
    assert [screen.text for screen in await olga.screens() if "would like" in screen.text] == [
        "🙋 Dana would like to join (Telegram id 5005)."
    ]


async def test_of_two_admins_the_first_decides(chat: Chat) -> None:
    olga, ivan = await chat.admin("Olga", 9001), await chat.admin("Ivan", 9002)
    dana = await ask(chat)
    await olga.wait_for("would like to join")
    await ivan.wait_for("would like to join")
    await olga.tap("Reject")
    await ivan.tap("Approve")
    assert (await ivan.screen()).text == "🚫 Dana was not let in. Olga decided so."
    assert (await ivan.screen()).buttons == ()
    assert chat.find(dana) is None


async def test_two_admins_who_tap_at_once_let_one_person_in_once(chat: Chat) -> None:
    olga, ivan = await chat.admin("Olga", 9001), await chat.admin("Ivan", 9002)
    dana = await ask(chat)
    await asyncio.gather(olga.wait_for("would like"), ivan.wait_for("would like"))
    await asyncio.gather(olga.tap("Approve"), ivan.tap("Approve"))
    texts = sorted([(await olga.screen()).text, (await ivan.screen()).text])
    assert texts in (
        ["✅ Dana is in. Ivan let them in.", "✅ Dana is in. You let them in."],
        ["✅ Dana is in. Olga let them in.", "✅ Dana is in. You let them in."],
    )
    assert chat.find(dana) is not None


async def test_a_name_full_of_markup_reaches_the_admins_as_it_is(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await ask(chat, "<b>Eve</b> & Co")
    await olga.wait_for("<b>Eve</b> & Co would like to join")


async def test_an_employee_cannot_decide(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    dana = await ask(chat)
    approve = (await olga.wait_for("would like to join")).data["Approve"]
    await alice.send("/start")
    toast = await alice.press(approve, message_id=(await alice.screen()).message_id)
    assert toast.text == "That is for admins only."
    assert chat.find(dana) is None


# --- /admin ----------------------------------------------------------------------------------------------------------


async def test_an_employee_is_refused_at_admin_with_a_sentence(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/admin")
    assert (await alice.screen()).text == "That is for admins only."


async def test_admin_lists_who_waits_and_decides_there(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    dana, eve = await ask(chat), await ask(chat, "Eve", 5006)
    await olga.wait_for("Eve would like to join")
    await olga.send("/admin")
    screen = await olga.screen()
    assert "2 people wait to join" in screen.text
    assert screen.rows[:2] == (("Approve Dana", "Reject Dana"), ("Approve Eve", "Reject Eve"))
    assert screen.rows[-2:] == (("Invite link",), ("Main menu",))
    assert (await olga.tap("Approve Dana")).text == "Dana is in."
    assert "One person waits to join" in (await olga.screen()).text
    assert (await olga.screen()).text.splitlines()[4:] == screen.text.splitlines()[5:], "how the books are, and more"
    assert (await olga.tap("Reject Eve")).text == "Eve was not let in."
    assert "Nobody waits to join" in (await olga.screen()).text
    await eve.wait_for("decided not to let you in")
    assert chat.find(dana) is not None


async def test_the_button_of_the_main_menu_leads_there(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await olga.tap("Admin")
    assert "Nobody waits to join" in (await olga.screen()).text


# --- invites ---------------------------------------------------------------------------------------------------------


async def invite(olga: Person) -> str:
    """The code of a new invite link."""
    await olga.send("/admin")
    await olga.tap("Invite link")
    found = re.search(r"https://t\.me/shift_playground_bot\?start=([\w-]+)", (await olga.screen()).text)
    assert found is not None
    return found[1]


async def test_an_invite_link_lets_one_person_in_once(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    code = await invite(olga)
    assert len(code) >= 22, "128 bits at least"
    dana, eve = await chat.stranger("Dana", 5005), await chat.stranger("Eve", 5006)
    await dana.send(f"/start {code}")
    assert "Welcome to the team!" in (await dana.screen()).text
    assert "Create shift" in (await dana.screen()).buttons
    await eve.send(f"/start {code}")
    assert "does not work" in (await eve.screen()).text
    assert (await eve.screen()).buttons == ("Ask to join",)
    assert chat.find(dana) is not None
    assert chat.find(eve) is None


async def test_from_an_invite_link_the_way_leads_back_to_the_admins_page(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await invite(olga)
    assert (await olga.screen()).rows == (("Back", "Main menu"),)
    await olga.tap("Back")
    assert "Nobody waits to join" in (await olga.screen()).text


async def test_an_invite_link_holds_for_24_hours(chat: Chat, clock: SteppingClock) -> None:
    olga = await chat.admin("Olga", 9001)
    code = await invite(olga)
    dana = await chat.stranger("Dana", 5005)
    assert "until 2026/11/17 20:00:00" in (await olga.screen()).text
    clock.move(hours=24)
    await dana.send(f"/start {code}")
    assert "does not work" in (await dana.screen()).text
    assert chat.find(dana) is None


async def test_a_made_up_code_lets_nobody_in(chat: Chat) -> None:
    dana = await chat.stranger("Dana", 5005)
    for code in ("abc", "' OR 1=1", "🙂" * 500):
        await dana.send(f"/start {code}")
        assert "does not work" in (await dana.screen()).text
    assert chat.find(dana) is None


async def test_an_employee_who_opens_an_invite_link_does_not_use_it_up(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    dana = await chat.stranger("Dana", 5005)
    code = await invite(olga)
    await alice.send(f"/start {code}")
    assert "Hi, Alice!" in (await alice.screen()).text
    await dana.send(f"/start {code}")
    assert "Welcome to the team!" in (await dana.screen()).text


# --- open registration, and who has left ----------------------------------------------------------------------------


async def test_with_open_registration_a_stranger_is_in_at_once(
    emulator: Emulator, service: PostgresService, clock: SteppingClock
) -> None:
    async with run_bot(emulator, service, is_open=True):
        chat = Chat(emulator, service, clock)
        dana = await chat.stranger("Dana", 5005)
        await dana.send("/start")
        assert "Welcome to the team!" in (await dana.screen()).text
        assert chat.find(dana) is not None


@pytest.mark.parametrize("is_open", [False, True])
async def test_who_has_left_gets_nothing_but_their_own_pay(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, object], is_open: bool
) -> None:
    async with run_bot(emulator, service, is_open=is_open):
        chat = Chat(emulator, service, clock)
        alice = await chat.employee("Alice", 1001)
        await alice.send("/start")
        with connect(database) as connection:
            leaving = "UPDATE employees SET status = 'left', left_date = %s WHERE employee_id = 1001"
            connection.execute(leaving, [date(2026, 11, 1)])
        await alice.tap("📊 Statistics")
        assert "no longer a member" in (await alice.screen()).text
        for text in ("/history", "/shift", "/start code", "/start"):
            await alice.send(text)
            assert "no longer a member" in (await alice.screen()).text, text
            assert (await alice.screen()).buttons == ("💵 My pay",), text


SHIFT = {
    "employee_id": 1001,
    "employee_name": "Alice",
    "clock_in": "2026/11/15 09:00:00",
    "clock_out": "2026/11/15 17:00:00",
    "products": {"Model A": "500"},
}
