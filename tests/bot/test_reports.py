"""Reports and the leaderboard by taps. The clock says Monday 2026-11-16 20:00 in New York."""

import asyncio
import csv
from io import StringIO

from payroll.settings import SettingKey
from playground.client import Person
from playground.screens import Screen
from tests.bot.conftest import Chat
from tests.bot.shifts import say
from tests.bot.test_my_pay import download
from tests.bot.test_periods import work


async def open_reports(admin: Person, dates: str = "Last pay period") -> Screen:
    """A report by person."""
    await say(admin, "/admin")
    await admin.tap("📊 Reports")
    await admin.tap(dates)
    return await admin.screen()


async def fill(chat: Chat) -> None:
    """Two shifts of Alice's, one of Boris's, in the first half of November."""
    alice, boris = await chat.employee("Alice", 1001), await chat.employee("=Boris", 1002)
    await work(chat, alice, (9, 10))
    await work(chat, boris, (10,), "1000")


async def test_a_period_is_reported_by_person_by_day_and_by_model(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await fill(chat)
    assert (await open_reports(olga)).text.splitlines() == [
        "📊 By person, 2026/11/01 – 2026/11/14",
        "",
        "• =Boris: one shift, 8.00 h, sales $1,000.00, made $216.00",
        "• Alice: 2 shifts, 16.00 h, sales $1,000.00, made $320.00",
        "",
        "Together: 3 shifts, 24.00 h, sales $2,000.00, made $536.00",
        "Made: the pay for these shifts. Days off, refunds and what is given or taken by hand stand in the statements.",
    ]
    await olga.tap("By day")
    assert (await olga.screen()).text.splitlines()[2:4] == [
        "• 2026/11/09: one shift, 8.00 h, sales $500.00, made $160.00",
        "• 2026/11/10: 2 shifts, 16.00 h, sales $1,500.00, made $376.00",
    ]
    await olga.tap("By model")
    assert "• Model A: $2,000.00 on 3 shifts" in (await olga.screen()).text
    await olga.tap("Back")
    assert "Of which dates?" in (await olga.screen()).text


async def test_dates_are_typed_and_a_wrong_one_is_asked_again(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await fill(chat)
    await open_reports(olga, "Other dates")
    assert "“soon” is not a date." in (await say(olga, "soon")).text
    await say(olga, "2026/11/10")
    asked = await say(olga, "2026/11/09")
    assert "Allowed: 2026/11/10 or later." in asked.text
    shown = await say(olga, "2026/11/10")
    assert shown.text.splitlines()[0] == "📊 By day, 2026/11/10 – 2026/11/10"
    await olga.tap("By person")
    assert "• Alice: one shift" in (await olga.screen()).text


async def test_dates_without_shifts_say_so(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    assert "No shifts on these dates." in (await open_reports(olga, "This month")).text


async def test_a_report_comes_as_csv_and_xlsx_in_which_a_name_is_no_formula(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await fill(chat)
    await open_reports(olga)
    for button in ("XLSX", "CSV"):
        await olga.tap(button)
        await olga.settled()
        assert (await olga.screen()).document == f"report-people-2026-11-01-2026-11-14.{button.lower()}"
    content = (await download(chat, olga)).decode("utf-8-sig")
    rows = list(csv.reader(StringIO(content)))
    assert [row[1] for row in rows[1:]] == ["'=Boris", "Alice"]
    assert [row[-1] for row in rows[1:]] == ["216.00", "320.00"]


# --- the leaderboard -------------------------------------------------------------------------------------------------


async def test_everybody_sees_the_leaderboard_from_the_ranks(chat: Chat) -> None:
    await fill(chat)
    alice = chat.emulator.person(1001)
    await say(alice, "/ranks")
    await alice.tap("🏁 Leaderboard")
    shown = await alice.screen()
    assert shown.text.splitlines() == [
        "🏁 Leaderboard, November 2026",
        "",
        "🥇 =Boris · $1,000.00",
        "🥇 Alice · $1,000.00",
    ]
    await alice.tap("‹ Month before")
    assert "Nobody has sold anything in that month." in (await alice.screen()).text
    await alice.tap("Month after ›")
    await alice.tap("Back")
    assert "Ranks, November 2026" in (await alice.screen()).text


async def test_where_the_settings_say_so_only_admins_see_it(chat: Chat) -> None:
    await fill(chat)
    alice, olga = chat.emulator.person(1001), await chat.admin("Olga", 9001)
    shown = await say(alice, "/ranks")
    await alice.tap("🏁 Leaderboard")
    await asyncio.to_thread(
        chat.service.settings.change, SettingKey.LEADERBOARD_SHOWN, "false", actor=chat.service.people.get(9001)
    )
    assert "🏁 Leaderboard" not in (await say(alice, "/ranks")).buttons
    toast = await alice.press(shown.data["🏁 Leaderboard"], message_id=(await alice.screen()).message_id)
    assert toast.text == "That is for admins only."
    await say(olga, "/admin")
    await olga.tap("📊 Reports")
    await olga.tap("🏁 Leaderboard")
    await olga.tap("CSV")
    await olga.settled()
    assert (await olga.screen()).document == "leaderboard-2026-11.csv"


async def test_reports_are_for_admins(chat: Chat) -> None:
    await fill(chat)
    alice, olga = chat.emulator.person(1001), await chat.admin("Olga", 9001)
    shown, menu = await open_reports(olga), await say(alice, "/start")
    for button in ("By day", "CSV", "XLSX"):
        assert (await alice.press(shown.data[button], message_id=menu.message_id)).text == "That is for admins only."


async def test_a_last_day_that_can_only_be_typed_is_asked_for_so(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_reports(olga, "Other dates")
    assert "Pick one, or type a date" in (await olga.screen()).text
    asked = await say(olga, "2027/01/01")
    assert asked.text == "Up to and including which day? Type a date like 2026/11/30."
    assert asked.rows == (("Back", "Main menu"),)
