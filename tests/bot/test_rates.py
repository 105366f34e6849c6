"""The desk of dynamic rates: a step at a time, from a date on, the table always whole."""

import asyncio
from typing import Any

import pytest

from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import log, say
from tests.owners import FIRST_HALF, assert_books_agree, list_audited, list_booked


async def open_rates(admin: Person) -> None:
    """The table, by taps."""
    await say(admin, "/admin")
    await admin.tap("📈 Day rates")


async def work(chat: Chat, person: Person, *days: int, amount: str = "600") -> None:
    """A shift from 09:00 to 17:00 of each of these days of November 2026."""
    for day in days:
        times = {"clock_in": f"2026/11/{day} 09:00:00", "clock_out": f"2026/11/{day} 17:00:00"}
        await asyncio.to_thread(log, chat, person, **times, Model_A=amount)


def list_rates(chat: Chat) -> list[tuple[str, str]]:
    """The table in force: from which amount on, and what it adds."""
    return [(str(row["Min Amount"]), str(row["Percentage"])) for row in chat.service.get_dynamic_rates()]


async def test_the_table_is_shown(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_rates(olga)
    screen = await olga.screen()
    assert (
        "• $0.00 to under $500.00: 0.0%\n"
        "• $500.00 to under $1,000.00: 2.0%\n"
        "• $1,000.00 to under $2,000.00: 4.0%\n"
        "• $2,000.00 and more: 6.0%"
    ) in screen.text
    assert screen.rows[0] == ("from $0.00", "from $500.00", "from $1,000.00")
    await olga.tap("from $0.00")
    assert (await olga.screen()).rows == (("Percent",), ("Back", "Main menu"))


async def test_a_percentage_from_a_date_back_shows_each_shift_and_prices_it_again_when_told_so(
    chat: Chat, database: dict[str, Any]
) -> None:
    """600.00 of sales are 480.00 net: at 8 + 2 % 48.00, at 8 + 3 % 52.80; 8 hours at 15.00 are 120.00."""
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await work(chat, alice, 10, 12, 16)
    lines = list_booked(database, 1001)
    await open_rates(olga)
    await olga.tap("from $500.00")
    await olga.tap("Percent")
    await say(olga, "2026/11/12")
    sure = await say(olga, "3")
    assert "➖ $500.00 to under $1,000.00: 2.0%\n➕ $500.00 to under $1,000.00: 3.0%" in sure.text
    assert "• Alice, 2026/11/12, shift 2: $168.00 → $172.80 ($4.80 more)" in sure.text
    assert "Priced again, they make $9.60 more." in sure.text
    assert list_rates(chat)[1] == ("500.00", "2.00")
    assert list_booked(database, 1001) == lines
    await olga.tap("Yes, and price those shifts again")
    assert "2 shifts were priced again: $9.60 more." in (await olga.screen()).text
    assert list_rates(chat)[1] == ("500.00", "3.00")
    assert [line[:3] for line in list_booked(database, 1001)[len(lines) :]] == [
        ("shift:2", "shift re-priced", "4.80"), ("shift:3", "shift re-priced", "4.80"),
    ]  # fmt: skip
    told = await alice.wait_for("The day rates are other ones from 2026/11/12 on.")
    assert "2 of your shifts were priced again: $9.60 more." in told.text
    assert [action for action, _ in list_audited(database)] == [
        "rates changed", "shift re-priced", "shift re-priced",
    ]  # fmt: skip
    await asyncio.to_thread(assert_books_agree, chat.service)


async def test_shifts_can_be_left_as_they_are(chat: Chat, database: dict[str, Any]) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await work(chat, alice, 16)
    lines = list_booked(database, 1001)
    await open_rates(olga)
    await olga.tap("➕ New step")
    await olga.tap("2026/11/16")
    await say(olga, "550")
    await say(olga, "2,5")
    await olga.tap("Yes, but leave those shifts as they are")
    assert list_rates(chat)[1:3] == [("500.00", "2.00"), ("550.00", "2.50")]
    assert list_booked(database, 1001) == lines


async def test_a_step_is_moved_and_removed_and_the_table_stays_whole(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_rates(olga)
    await olga.tap("from $1,000.00")
    await olga.tap("From amount")
    await olga.tap("2026/11/16")
    await say(olga, "1200")
    await olga.tap("Yes")
    await olga.tap("Back")
    await olga.tap("from $500.00")
    await olga.tap("🗑 Remove")
    await olga.tap("2026/11/16")
    await olga.tap("Yes")
    assert list_rates(chat) == [("0.00", "0.00"), ("1200.00", "4.00"), ("2000.00", "6.00")]


_NOT_BETWEEN = "“1,100.00” does not fit for the step from $500.00: more than 0.00 and less than 1,000.00."


@pytest.mark.parametrize(
    ("step", "button", "typed", "said"),
    [
        ("from $500.00", "Percent", "101", "“101” does not fit for percentage. Allowed: 0 to 100"),
        ("from $500.00", "Percent", "many", "“many” does not fit for percentage."),
        ("from $500.00", "From amount", "1100", _NOT_BETWEEN),
        ("from $500.00", "From amount", "0", "An amount has to be more than zero."),
        (None, "➕ New step", "500", "There is a step from $500.00 already."),
    ],
    ids=["over 100 %", "no number", "an end before the start", "two from 0", "one that is there"],
)
async def test_what_cannot_be_is_said_in_a_sentence_and_nothing_changes(
    chat: Chat, database: dict[str, Any], step: str | None, button: str, typed: str, said: str
) -> None:
    olga = await chat.admin("Olga", 9001)
    before = list_rates(chat)
    await open_rates(olga)
    if step is not None:
        await olga.tap(step)
    await olga.tap(button)
    await olga.tap("2026/11/16")
    assert (await say(olga, typed)).text.startswith(said)
    assert list_rates(chat) == before
    assert list_audited(database) == []


async def test_a_date_where_the_past_is_closed_is_refused(chat: Chat, database: dict[str, Any]) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await work(chat, alice, 10)
    owner = chat.find(olga)
    assert owner is not None
    await asyncio.to_thread(chat.service.periods.close, FIRST_HALF, actor=owner)
    await open_rates(olga)
    await olga.tap("from $500.00")
    await olga.tap("Percent")
    screen = await say(olga, "2026/11/14")
    assert screen.text.startswith("2026/11/14 lies in a pay period that is closed.")
    assert list_rates(chat)[1] == ("500.00", "2.00")
    assert [action for action, _ in list_audited(database)] == ["period closed"]
    await say(olga, "2026/11/15")
    assert "Is that right?" in (await say(olga, "3")).text


async def test_a_table_to_come_is_shown_below_the_one_in_force(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_rates(olga)
    await olga.tap("from $2,000.00")
    await olga.tap("Percent")
    await olga.tap("2026/12/01")
    await say(olga, "7")
    await olga.tap("Yes")
    await olga.tap("Back")
    screen = await olga.screen()
    assert "• $2,000.00 and more: 6.0%\n\nFrom 2026/12/01 on:\n• $0.00" in screen.text
    assert "• $2,000.00 and more: 7.0%" in screen.text


async def set_step(admin: Person, step: str, button: str, day: str, *typed: str) -> str:
    """A change of a step from a date on, said to be right; the screen that asked for it."""
    await open_rates(admin)
    await admin.tap(step)
    if button:
        await admin.tap(button)
    asked = await say(admin, day)
    for text in typed:
        asked = await say(admin, text)
    await admin.tap("Yes")
    return asked.text


async def test_a_change_is_made_of_the_table_in_force_on_its_date_not_of_todays(
    chat: Chat, database: dict[str, Any]
) -> None:
    """On the 12th the 500 step gives 2 %, from the 16th on 0 %: a step from 750 since the 10th leaves both alone."""
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await work(chat, alice, 12)
    lines = list_booked(database, 1001)
    await set_step(olga, "from $500.00", "Percent", "2026/11/16", "0")
    asked = await set_step(olga, "➕ New step", "", "2026/11/10", "750", "3.5")
    assert (
        "From 2026/11/10 on:\n• $0.00 to under $500.00: 0.0%\n➖ $500.00 to under $1,000.00: 2.0%\n"
        "➕ $500.00 to under $750.00: 2.0%\n➕ $750.00 to under $1,000.00: 3.5%"
    ) in asked
    assert "From 2026/11/16 on another table holds, which stays as it is." in asked
    assert "No recorded shift is touched." in asked
    assert list_rates(chat)[1:3] == [("500.00", "0.00"), ("1000.00", "4.00")]
    assert list_booked(database, 1001) == lines


async def test_a_step_that_is_planned_is_not_lost_by_a_change_after_it(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await set_step(olga, "➕ New step", "", "2026/12/10", "5000", "8")
    asked = await set_step(olga, "from $2,000.00", "Percent", "2026/12/20", "7")
    assert "• $5,000.00 and more: 8.0%" in asked
    await open_rates(olga)
    shown = (await olga.screen()).text.split("From 2026/12/20 on:")[1]
    assert "• $2,000.00 to under $5,000.00: 7.0%\n• $5,000.00 and more: 8.0%" in shown


async def test_a_step_that_is_planned_can_be_changed_and_says_from_when_it_is_there(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await set_step(olga, "➕ New step", "", "2026/12/10", "5000", "8")
    await open_rates(olga)
    await olga.tap("from $5,000.00")
    await olga.tap("Percent")
    refused = await say(olga, "2026/12/09")
    assert refused.text.startswith(
        "From 2026/12/09 on there is no step from $5,000.00, only from $0.00, $500.00, $1,000.00, $2,000.00."
        " Pick another date."
    )
    assert "From when on?" in refused.text
    assert "From 2026/12/10 on:\n• $5,000.00 and more: 8.0%" in (await say(olga, "2026/12/10")).text
    assert "➕ $5,000.00 and more: 9.0%" in (await say(olga, "9")).text


async def test_of_two_admins_who_change_the_table_at_once_the_second_looks_again(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga, ivan = await chat.admin("Olga", 9001), await chat.admin("Ivan", 9002)
    for admin, step, pct in ((olga, "from $500.00", "3"), (ivan, "from $1,000.00", "5")):
        await open_rates(admin)
        await admin.tap(step)
        await admin.tap("Percent")
        await admin.tap("2026/11/16")
        await say(admin, pct)
    await asyncio.gather(olga.tap("Yes"), ivan.tap("Yes"))
    assert [action for action, _ in list_audited(database)] == ["rates changed"]
    still_asked = [admin for admin in (olga, ivan) if "Is that right?" in (await admin.screen()).text]
    assert len(still_asked) == 1
    for _ in range(2):
        if "Is that right?" in (await still_asked[0].screen()).text:
            await still_asked[0].tap("Yes")
    assert list_rates(chat)[1:3] == [("500.00", "3.00"), ("1000.00", "5.00")]
    assert len(list_audited(database)) == 2
