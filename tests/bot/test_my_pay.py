"""My pay: what is owed, is the period complete, statements. The clock says Monday 2026-11-16 20:00 in New York."""

import asyncio
from io import BytesIO

import openpyxl

from playground.client import Person
from playground.screens import Screen
from tests.bot.conftest import Chat
from tests.bot.shifts import let_go, say
from tests.bot.test_periods import PERIOD, close, hire, open_period, work


async def open_mine(person: Person) -> Screen:
    """The first half of November on one's own screen."""
    await say(person, "/start")
    await person.tap("💵 My pay")
    await person.tap(next(button for button in (await person.screen()).buttons if "2026/11/01 –" in button))
    return await person.screen()


async def download(chat: Chat, person: Person) -> bytes:
    """The newest file in the chat."""
    urls = [screen.document_url for screen in await person.screens() if screen.document_url is not None]
    return await chat.emulator.fetch(urls[-1])


async def test_my_pay_says_what_is_owed_and_what_is_to_be_confirmed(chat: Chat) -> None:
    alice = await hire(chat, "Alice", 1001)
    await work(chat, alice, (10, 16))
    await say(alice, "/start")
    await alice.tap("💵 My pay")
    screen = await alice.screen()
    assert screen.text.splitlines() == [
        "💵 You are owed $320.00",
        "",
        "This pay period, 2026/11/15 – 2026/11/30: $160.00 so far, one shift.",
        "Pay day: 2026/12/01",
        "",
        f"❔ Is your pay period {PERIOD} complete? Please tap it below.",
        "",
        f"🟢 {PERIOD}: balance $160.00, open",
        "Tap a pay period for its statement.",
    ]
    assert screen.rows == (
        ("🟢 2026/11/15 – 2026/11/30",),
        (f"🟢 {PERIOD}",),
        ("Balance", "My shifts"),
        ("Main menu",),
    )


async def test_a_period_is_said_to_be_complete_until_a_shift_in_it_changes(chat: Chat) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice)
    asked = await open_mine(alice)
    assert "Is it complete?" in asked.text
    toast = await alice.tap("✅ Yes, it is complete")
    assert toast.text == "Thank you!"
    assert "You have said that it is complete." in (await alice.screen()).text
    assert "🟢 Alice · balance $160.00 · complete" in (await open_period(olga)).text
    await work(chat, alice, (11,))
    assert "🟢 Alice · balance $320.00 · not confirmed" in (await open_period(olga)).text
    await open_mine(alice)
    await alice.tap("✅ Yes, it is complete")
    await alice.tap("It is not complete after all")
    assert "Is it complete?" in (await alice.screen()).text


async def test_what_is_missing_is_typed_and_the_admins_read_it(chat: Chat) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice)
    await open_mine(alice)
    await alice.tap("✏️ Something is missing")
    assert f"What is missing in your pay period {PERIOD}?" in (await alice.screen()).text
    ended = await say(alice, "My <Friday> shift")
    assert "the admins know" in ended.text
    told = await olga.wait_for("something is missing")
    assert told.text == f"✏️ Alice says that something is missing in the pay period {PERIOD}: “My <Friday> shift”"
    await olga.tap("Show the pay period")
    assert "They say something is missing: “My <Friday> shift”" in (await olga.screen()).text
    await alice.tap("Back")
    assert "You have said what is missing: “My <Friday> shift”" in (await alice.screen()).text


async def test_back_from_the_typed_question_leads_to_the_period_and_changes_nothing(chat: Chat) -> None:
    alice = await hire(chat, "Alice", 1001)
    await work(chat, alice)
    await open_mine(alice)
    await alice.tap("✏️ Something is missing")
    await alice.tap("Back")
    assert "Is it complete?" in (await alice.screen()).text
    await alice.tap("Back")
    assert "You are owed" in (await alice.screen()).text


async def test_a_closed_period_cannot_be_confirmed_by_an_old_button(chat: Chat) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice)
    old = await open_mine(alice)
    await close(olga)
    toast = await alice.press(old.data["✅ Yes, it is complete"], message_id=old.message_id)
    assert toast.text == "It has changed since. Nothing was done."


async def test_nobody_opens_the_statement_of_another_or_a_period_of_long_ago(chat: Chat) -> None:
    alice, boris = await hire(chat, "Alice", 1001), await hire(chat, "Boris", 1002)
    await work(chat, alice)
    await work(chat, boris)
    mine = await open_mine(alice)
    for button in ("📄 Statement", "PDF", "XLSX"):
        other = mine.data[button].replace("1001", "1002")
        assert (await alice.press(other, message_id=mine.message_id)).text == "That is for admins only."
    for data in ("mc:------:730120:1", "mp:730120"):
        toast = await alice.press(data, message_id=mine.message_id)
        assert toast.text == "“2000/01/01” does not fit for pay period. Allowed: one of your pay periods."
    assert [one.employee_id for one in await asyncio.to_thread(chat.service.periods.list_of, 1001, 9)] == [1001]


async def test_a_statement_comes_as_message_pdf_and_xlsx_beside_the_screen_that_stays(chat: Chat) -> None:
    alice = await hire(chat, "Alice", 1001)
    await work(chat, alice, (9, 10))
    await open_mine(alice)
    await alice.tap("📄 Statement")
    statement = await alice.screen()
    assert "Made on 2 shifts: 320.00" in statement.text
    assert statement.rows == (("PDF", "XLSX"), ("❓ Ask the admins",), ("Back", "Main menu"))
    for button, ending in (("PDF", "pdf"), ("XLSX", "xlsx")):
        toast = await alice.tap(button)
        assert toast.text == "Here it comes."
        await alice.settled()
        sent = await alice.screen()
        assert sent.document == f"statement-2026-11-01-2026-11-14-alice.{ending}"
        assert sent.text == f"📄 Alice, {PERIOD}"
    book = openpyxl.load_workbook(BytesIO(await download(chat, alice)))
    assert book.sheetnames
    await alice.tap("Back")
    shown = await alice.screens()
    assert "Is it complete?" in next(one for one in shown if one.message_id == statement.message_id).text


async def test_a_long_statement_has_pages(chat: Chat) -> None:
    alice = await hire(chat, "Alice", 1001)
    for hour in ("08", "13"):
        for day in range(1, 15):
            times = {"clock_in": f"2026/11/{day:02} {hour}:00:00", "clock_out": f"2026/11/{day:02} {hour}:59:00"}
            data = {"employee_id": 1001, **times, "products": {"Model A": "10", "Model B": "20", "Model C": "30"}}
            await asyncio.to_thread(chat.service.create_shift, data)
    await open_mine(alice)
    await alice.tap("📄 Statement")
    assert "Shift 28 ·" in (await alice.screen()).text
    await alice.tap("Next page ›")
    assert "Shift 1 ·" in (await alice.screen()).text or "Next page ›" in (await alice.screen()).buttons
    await alice.tap("‹ Back a page")
    assert "Statement 2026/11/01 to 2026/11/14" in (await alice.screen()).text


async def test_ones_own_statements_stay_open_to_who_has_left_and_nothing_else_does(
    chat: Chat, database: dict[str, object]
) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    boris = await hire(chat, "Boris", 1002)
    await work(chat, alice)
    let_go(database, 1001)
    await close(olga)
    told = await alice.wait_for("is closed.")
    assert "Closing balance: $160.00" in told.text
    assert "Shift 1 · 2026/11/10" in told.text
    owner = await asyncio.to_thread(chat.service.people.get, 9001)
    await asyncio.to_thread(chat.service.payouts.pay, actor=owner, employee_id=1001)
    await alice.press(told.data["📄 Statement"], message_id=told.message_id)
    statement = await alice.wait_for("📄 Statement 2026/11/01 to 2026/11/14")
    assert "Paid on 2026/11/16: 160.00" in statement.text
    assert statement.rows == (("PDF", "XLSX"), ("Back", "Main menu"))
    await alice.press(told.data["XLSX"], message_id=told.message_id)
    await alice.settled()
    assert openpyxl.load_workbook(BytesIO(await download(chat, alice))).sheetnames[0] == "Statement"
    left = await say(alice, "/start")
    assert left.text.startswith("You are no longer a member of the team.")
    await alice.tap("💵 My pay")
    mine = await alice.screen()
    assert f"✅ {PERIOD}: $160.00 paid" in mine.text
    assert mine.rows[-1] == ("Main menu",)
    await alice.tap(f"✅ {PERIOD}")
    assert "Is it complete?" not in (await alice.screen()).text
    others = told.data["📄 Statement"].replace("1001", str(boris.id))
    assert (await alice.press(others, message_id=left.message_id)).text == "That is for admins only."
    await alice.tap("Main menu")
    assert (await alice.screen()).text.startswith("You are no longer a member of the team.")
