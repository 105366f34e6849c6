"""A correction that changes nothing: no write, no notice, no line in the audit log, and a sentence that says so."""

from typing import Any

import pytest

from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import log, open_edit, say
from tests.databases import fetch_all

SAID = "That is what it says already."
CLOCKS = {"clock_in": "2026/11/16 09:00:00", "clock_out": "2026/11/16 17:00:00"}


@pytest.fixture
async def alice(chat: Chat) -> Person:
    """Alice, who is asked what to correct about a shift of today with two models."""
    person = await chat.employee("Alice", 1001)
    log(chat, person, **CLOCKS, Model_B="500", Model_C="20")
    await open_edit(person)
    return person


def read_books(database: dict[str, Any]) -> list[Any]:
    """What a correction writes; the answers to Alice themselves are none of it."""
    counts = "SELECT (SELECT count(*) FROM audit_log), (SELECT count(*) FROM balance_transactions)"
    notices = "SELECT count(*) FROM outbox WHERE kind NOT IN ('screen', 'letter')"
    return [*fetch_all(database, counts), *fetch_all(database, notices), *fetch_all(database, "TABLE shifts")]


@pytest.mark.parametrize(
    ("field", "product", "text"),
    [
        ("Sales of a model", "Model A", "0"),
        ("Sales of a model", "Model B", "500"),
        ("Sales of a model", "Model B", "500.00"),
        ("Total sales", None, "520"),
        ("Clock out", None, "17:00"),
    ],
)
async def test_the_same_again_is_said_above_the_question_and_writes_nothing(
    chat: Chat, database: dict[str, Any], alice: Person, field: str, product: str | None, text: str
) -> None:
    await alice.tap(field)
    if product is not None:
        await alice.tap(product)
    question, before = await alice.screen(), read_books(database)
    screen = await say(alice, text)
    assert SAID in screen.text
    assert screen.rows == question.rows
    assert question.text.splitlines()[-1] in screen.text
    assert read_books(database) == before


async def test_the_same_clock_in_is_said_and_the_question_stays(
    chat: Chat, database: dict[str, Any], alice: Person
) -> None:
    await alice.tap("Clock in")
    await alice.tap("Mon 16 Nov")
    question, before = await alice.screen(), read_books(database)
    toast = await alice.tap("9 AM")
    assert (toast.text, toast.is_alert) == (SAID, True)
    assert await alice.screen() == question
    assert read_books(database) == before


async def test_another_amount_is_taken_afterwards(chat: Chat, alice: Person) -> None:
    await alice.tap("Sales of a model")
    await alice.tap("Model B")
    await say(alice, "500")
    assert "Model B: 500.00 → 5.00" in (await say(alice, "5")).text


async def test_an_admin_who_enters_what_it_says_writes_to_nobody(chat: Chat, database: dict[str, Any]) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    shift_id = log(chat, alice, **CLOCKS, Model_B="500")
    await olga.press(f"e:{shift_id}", message_id=(await olga.screen()).message_id)
    await olga.tap("Sales of a model")
    await olga.tap("Model B")
    before = read_books(database)
    assert SAID in (await say(olga, "500")).text
    assert read_books(database) == before


async def test_the_tap_that_corrected_says_so_when_it_comes_again(
    chat: Chat, database: dict[str, Any], alice: Person
) -> None:
    await alice.tap("Clock out")
    await alice.tap("PM")
    question = await alice.screen()
    toast = await alice.tap("6 PM")
    assert toast.text == "Corrected ✅"
    before = read_books(database)
    again = await alice.press(question.data["6 PM"], message_id=question.message_id)
    assert SAID not in again.text
    assert read_books(database) == before
