"""What was typed and may be two things: both are buttons above the question, which can be typed to all the same."""

import pytest

from tests.bot.conftest import Chat
from tests.bot.shifts import NO_SALES, record, say, sell
from tests.bot.test_errands import begin, expect, hire, read_wage


@pytest.mark.parametrize(("tapped", "shown"), [("Thu 12 Nov 2026", "2026/11/12"), ("Thu 11 Dec 2025", "2025/12/11")])
async def test_a_date_with_the_day_or_the_month_first_is_asked_about(chat: Chat, tapped: str, shown: str) -> None:
    alice = await chat.employee("Alice", 1001)
    question = await say(alice, "/shift")
    asked = await say(alice, "11/12")
    assert "“11/12” can be 2025/12/11 or 2026/11/12." in asked.text
    assert asked.rows == (("Thu 11 Dec 2025", "Thu 12 Nov 2026"), *question.rows)
    await alice.tap(tapped)
    assert shown in (await alice.screen()).text


async def test_a_bare_hour_is_of_the_morning_or_of_the_evening(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Yesterday…")
    asked = await say(alice, "8")
    assert asked.rows[0] == ("08:00", "20:00")
    await alice.tap("20:00")
    assert "Start: 2026/11/15 20:00:00" in (await alice.screen()).text
    assert (await say(alice, "11")).rows[0] == ("11:00", "23:00")
    await say(alice, "23.30")
    assert "Hours: 3.50" in (await sell(alice, NO_SALES)).text


async def test_a_date_and_a_bare_hour_typed_at_once_keep_the_date(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    assert (await say(alice, "Friday at 9")).rows[0] == ("09:00", "21:00")
    await alice.tap("09:00")
    assert "Start: 2026/11/13 09:00:00" in (await alice.screen()).text


async def test_the_readings_are_gone_with_the_next_answer_and_their_old_buttons_do_nothing(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/shift")
    await alice.tap("Yesterday…")
    asked = await say(alice, "8")
    await say(alice, "9:00")
    await say(alice, "17:00")
    before = await alice.screen()
    await alice.press(asked.data["20:00"], message_id=before.message_id)
    assert (await alice.screen()).text == before.text


async def test_a_correction_takes_a_time_of_two_readings_too(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, start="9 AM", end="5 PM")
    await say(alice, "/edit")
    await alice.tap((await alice.screen()).buttons[0])
    await alice.tap("Clock out")
    await say(alice, "6")
    await alice.tap("18:00")
    assert "Hours: 8.00 → 9.00" in (await alice.screen()).text


async def test_so_does_a_question_of_the_admins_side(chat: Chat) -> None:
    olga = await hire(chat)
    await begin(olga)
    await say(olga, "16")
    await say(olga, "Friday")
    await expect(olga, "“Friday” can be 2026/11/13 or 2026/11/20.")
    assert (await olga.screen()).rows[0] == ("Fri 13 Nov 2026", "Fri 20 Nov 2026")
    await olga.tap("Fri 20 Nov 2026")
    await expect(olga, "from 2026/11/20 on")
    await olga.tap("Yes")
    assert read_wage(chat.service) == "15.00"
