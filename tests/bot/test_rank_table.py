"""The desk of ranks: one thing at a time, whom it moves shown first; /recalc_ranks."""

import asyncio
from typing import Any

import pytest

from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import log, say
from tests.owners import assert_books_agree, list_audited


async def open_rank(admin: Person, rank: str = "💪 Hustler") -> None:
    """A rank's page, by taps."""
    await say(admin, "/admin")
    await admin.tap("🏆 Ranks")
    await admin.tap(rank)


async def sell(chat: Chat, person: Person, amount: str) -> None:
    """A shift of 12 November 2026."""
    times = {"clock_in": "2026/11/12 09:00:00", "clock_out": "2026/11/12 17:00:00"}
    await asyncio.to_thread(log, chat, person, **times, Model_A=amount)


def list_ranks(chat: Chat) -> list[tuple[str, str]]:
    """The table of the month: name, and from which sales on."""
    return [(row["Rank Name"], str(row["Min Amount"])) for row in chat.service.get_ranks()]


async def name_new_rank(admin: Person) -> None:
    """A new rank up to the question from which sales on it is."""
    await say(admin, "/admin")
    await admin.tap("🏆 Ranks")
    await admin.tap("➕ New rank")
    for typed in ("Mover", "🚚", "You move!"):
        await say(admin, typed)


async def test_a_lower_from_amount_shows_whom_it_lifts_and_then_tells_them(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await sell(chat, alice, "1800")
    await open_rank(olga)
    await olga.tap("From amount")
    sure = await say(olga, "1500")
    assert "From: $2,000.00 → $1,500.00" in sure.text
    assert "It moves one person:\n• Alice, sales $1,800.00: Rookie → Hustler" in sure.text
    assert list_ranks(chat)[1] == ("Hustler", "2000.00")
    assert list_audited(database) == []
    await olga.tap("Yes")
    assert list_ranks(chat)[1] == ("Hustler", "1500.00")
    await alice.wait_for("You are a Hustler now!")
    assert len(chat.service.get_active_bonuses(1001)) == 1
    assert [action for action, _ in list_audited(database)] == ["ranks changed"]
    await asyncio.to_thread(assert_books_agree, chat.service)


async def test_name_emoji_and_text_are_changed_and_give_nothing_new(chat: Chat, database: dict[str, Any]) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await sell(chat, alice, "2500")
    for button, typed in (("✏️ Name", "Mover"), ("🙂 Emoji", "🚚"), ("💬 Text", "You move!")):
        await open_rank(
            olga, "💪 Hustler" if button == "✏️ Name" else "💪 Mover" if button == "🙂 Emoji" else "🚚 Mover"
        )
        await olga.tap(button)
        assert "It moves nobody." in (await say(olga, typed)).text
        await olga.tap("Yes")
    rank = chat.service.get_ranks()[1]
    assert (rank["Rank Name"], rank["Emoji"], rank["TEXT"]) == ("Mover", "🚚", "You move!")
    assert len(chat.service.get_active_bonuses(1001)) <= 1
    assert len(list_audited(database)) == 3


async def test_bonuses_come_to_a_rank_and_go(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_rank(olga)
    await olga.tap("🎁 Add bonus")
    await olga.tap("An amount")
    assert "🎁 new: $25.00" in (await say(olga, "25")).text
    await olga.tap("Yes")
    assert [offer.code for offer in chat.service.ranks.list_rows()[1].offers][-1] == "flat_25"
    await open_rank(olga)
    await olga.tap("Remove bonus")
    await olga.tap("$10.00")
    assert "🎁 no more: $10.00" in (await olga.screen()).text
    await olga.tap("Yes")
    assert [offer.code for offer in chat.service.ranks.list_rows()[1].offers] == [
        "percent_next_1", "percent_prev_1", "flat_25",
    ]  # fmt: skip


async def test_a_rank_is_added_and_one_removed_and_the_table_stays_whole(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await name_new_rank(olga)
    assert "$3,000.00 to under $4,000.00" in (await say(olga, "3000")).text
    await olga.tap("Yes")
    assert list_ranks(chat)[:3] == [("Rookie", "0.00"), ("Hustler", "2000.00"), ("Mover", "3000.00")]
    await open_rank(olga, "🧑‍🚀 Rookie")
    await olga.tap("🗑 Remove rank")
    assert "Hustler is $0.00 to under $3,000.00 then." in (await olga.screen()).text
    await olga.tap("Yes")
    assert list_ranks(chat)[:2] == [("Hustler", "0.00"), ("Mover", "3000.00")]


async def test_a_rank_that_was_removed_can_come_back_under_its_name(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_rank(olga)
    await olga.tap("🗑 Remove rank")
    await olga.tap("Yes")
    await olga.tap("Back")
    await olga.tap("➕ New rank")
    for typed in ("Hustler", "💪", "Again.", "2500"):
        await say(olga, typed)
    await olga.tap("Yes")
    assert [row.rank_id for row in chat.service.ranks.list_rows()] == [1, 2, 3, 4, 5, 6]


async def test_a_new_rank_where_another_begins_is_asked_again(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await name_new_rank(olga)
    asked = (await say(olga, "2000")).text
    assert asked.startswith("The rank Hustler begins at $2,000.00 already. Pick another amount.")
    assert "From which sales of a month on?" in asked
    assert "Is that right?" in (await say(olga, "2000.01")).text


@pytest.mark.parametrize(
    ("button", "typed", "said"),
    [
        ("From amount", "500000", "“500,000.00” does not fit for Hustler: more than 0.00 and less than 4,000.00."),
        ("From amount", "4000", "“4,000.00” does not fit for Hustler: more than 0.00 and less than 4,000.00."),
        ("From amount", "1,500", "“1,500” can be read as 1,500.00 or as 1.500, which has three decimals."),
        ("✏️ Name", "rookie", "“rookie” is taken. Pick another name."),
        ("🙂 Emoji", "x" * 21, "That text is too long."),
    ],
)
async def test_what_cannot_be_is_said_in_a_sentence_and_nothing_changes(
    chat: Chat, database: dict[str, Any], button: str, typed: str, said: str
) -> None:
    olga = await chat.admin("Olga", 9001)
    before = chat.service.ranks.list_rows()
    await open_rank(olga)
    await olga.tap(button)
    assert said in (await say(olga, typed)).text
    assert chat.service.ranks.list_rows() == before
    assert list_audited(database) == []


async def test_working_the_ranks_out_again_reports_what_changed_and_only_reports_past_months(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await sell(chat, alice, "2500")
    await asyncio.to_thread(chat.service.update_employee_rank, 1001, "Shark", 2026, 11)
    await asyncio.to_thread(chat.service.update_employee_rank, 1001, "Shark", 2026, 10)
    report = await say(olga, "/recalc_ranks")
    assert "One change this month:\n• Alice: Shark → Hustler" in report.text
    assert "• October 2026, Alice: held Shark, sales say Rookie" in report.text
    assert chat.service.determine_rank(1001, 2026, 11) == "Hustler"
    await olga.tap("Back")
    await olga.tap("🔁 Work out again")
    assert "Everybody’s rank of this month was right. Nothing changed." in (await olga.screen()).text
    assert [action for action, _ in list_audited(database)] == ["ranks recalculated", "ranks recalculated"]


async def test_nobody_else_has_ranks_worked_out_again(chat: Chat, database: dict[str, Any]) -> None:
    alice, dana = await chat.employee("Alice", 1001), await chat.stranger("Dana", 5005)
    assert (await say(alice, "/recalc_ranks")).text == "That is for admins only."
    assert "This bot is for the members of a team" in (await say(dana, "/recalc_ranks")).text
    assert list_audited(database) == []
