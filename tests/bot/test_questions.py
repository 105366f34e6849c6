"""Questions to the admins: asked, taken by one, passed on both ways, resolved, rated (SPEC 4.23)."""

import asyncio

from payroll.questions import QuestionState
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import record, say

ASK = "❓ Ask the admins"


async def ask(person: Person, text: str = "Why is that 8 %?") -> None:
    """Record a shift and ask about it."""
    await record(person)
    await person.tap(ASK)
    await say(person, text)


async def test_a_question_goes_all_its_way(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    receipt = await record(alice)
    assert ASK in receipt.buttons
    await alice.tap(ASK)
    assert "What would you like to know about shift 1?" in (await alice.screen()).text
    await say(alice, "Why is that 8 %?")
    assert "The admins have your question" in (await alice.screen()).text

    notice = await olga.wait_for("Alice asks about shift 1")
    assert "“Why is that 8 %?”" in notice.text
    await olga.tap("🙋 I take it")
    assert "Taken by Olga" in (await olga.screen()).text
    await alice.wait_for("Olga looks after your question about shift 1")
    await olga.tap("💬 Reply")
    await say(olga, "Because your sales were below 500")
    assert "Olga: Because your sales were below 500" in (await olga.screen()).text

    answer = await alice.wait_for("Olga writes about shift 1")
    await alice.press(answer.data["💬 Reply"], message_id=answer.message_id)
    await say(alice, "And with 600?")
    back = await olga.wait_for("Alice writes about shift 1")
    await olga.press(back.data["💬 Reply"], message_id=back.message_id)
    await say(olga, "Then 10 %")
    await alice.wait_for("Then 10 %")
    await alice.tap("Show all of it", message_id=(await alice.wait_for("Then 10 %")).message_id)
    thread = await alice.screen()
    assert thread.text.splitlines()[-4:] == [
        "Alice: Why is that 8 %?", "Olga: Because your sales were below 500", "Alice: And with 600?", "Olga: Then 10 %",
    ]  # fmt: skip
    await alice.tap("✅ It is answered")
    await alice.tap("Skip")
    await alice.tap("5 ⭐")
    assert (await alice.screen()).text == "Thank you! ⭐⭐⭐⭐⭐"
    await olga.wait_for("Alice says that the question about shift 1 is answered")
    await olga.wait_for("⭐⭐⭐⭐⭐ from Alice")

    question = chat.service.questions.get(1)
    assert (question.state, question.rating) == (QuestionState.RESOLVED, 5)
    events = [(event.state, event.actor) for event in chat.service.questions.list_events(1)]
    assert events == [("requested", "Alice"), ("active", "Olga"), ("resolved", "Alice")]


async def test_an_admin_resolves_it_with_a_word_and_who_asked_rates_it(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await ask(alice)
    await olga.wait_for("Alice asks")
    await olga.tap("🙋 I take it")
    await olga.tap("✅ It is answered")
    await say(olga, "told on the phone")
    assert "Answered, says Olga" in (await olga.screen()).text
    asked = await alice.wait_for("How well?")
    assert "“told on the phone”" in asked.text
    await alice.press(asked.data["3 ⭐"], message_id=asked.message_id)
    assert chat.service.questions.get(1).rating == 3
    toast = await alice.press("ob:reply:1", message_id=(await alice.screen()).message_id)
    assert "That question is resolved already" in toast.text


async def test_who_closes_a_question_that_nobody_has_answered_is_not_asked_how_well(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await ask(alice)
    await olga.wait_for("Alice asks")
    await alice.tap("✅ It is answered")
    await alice.tap("Skip")
    closed = await alice.screen()
    assert closed.text == "✅ Good to know. The admins need not answer any more."
    assert closed.buttons == ("Back", "Main menu")
    await alice.tap("Back")
    await alice.tap("✅ Question 1")
    assert not [button for button in (await alice.screen()).buttons if "⭐" in button]
    await olga.tap("🙋 I take it")
    assert "Answered, says Alice" in (await olga.screen()).text


async def test_of_two_admins_who_take_it_at_once_one_has_it(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    ivan = await chat.admin("Ivan", 9002)
    await ask(alice)
    await asyncio.gather(olga.wait_for("Alice asks"), ivan.wait_for("Alice asks"))
    await asyncio.gather(olga.tap("🙋 I take it"), ivan.tap("🙋 I take it"))
    shown = [(await olga.screen()).text, (await ivan.screen()).text]
    taker = "Olga" if chat.service.questions.get(1).taken_by == 9001 else "Ivan"
    assert all(f"Taken by {taker}" in text for text in shown)
    await alice.settled()
    assert len([screen for screen in await alice.screens() if "looks after" in screen.text]) == 1


async def test_the_desk_lists_it_until_it_is_answered(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await ask(alice)
    await say(olga, "/admin")
    await olga.tap("📨 Requests")
    assert "One question" in (await olga.screen()).text
    await olga.tap("❓ Alice: a new question")
    assert (await olga.screen()).buttons == ("🙋 I take it", "💬 Reply", "✅ It is answered", "Back", "Main menu")
    await olga.tap("💬 Reply")
    await olga.tap("Back")
    assert "Alice asks about shift 1" in (await olga.screen()).text
    await olga.tap("Back")
    await olga.tap("❓ Alice: a new question")
    await olga.tap("💬 Reply")
    await say(olga, "I answer without taking it first")
    assert chat.service.questions.get(1).taken_by == 9001
    await olga.tap("Back")
    assert "💬 Alice: a question that is taken" in (await olga.screen()).buttons


async def test_ones_own_requests_and_what_became_of_them_are_listed(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await ask(alice)
    await say(alice, "/balance")
    await alice.tap("📨 My requests")
    assert "⏳ Question 1: waits for an admin" in (await alice.screen()).text
    await olga.wait_for("Alice asks")
    await olga.tap("🙋 I take it")
    await alice.wait_for("Olga looks after your question")
    await say(alice, "/balance")
    await alice.tap("📨 My requests")
    await alice.tap("💬 Question 1")
    assert "Taken by Olga" in (await alice.screen()).text
    await alice.tap("Back")
    assert (await alice.screen()).buttons == ("💬 Question 1", ASK, "Back", "Main menu")
    await alice.tap(ASK)
    assert "What would you like to know about your pay?" in (await alice.screen()).text
    await say(alice, "When is the next pay day?")
    assert chat.service.questions.get(2).shift_id is None


async def test_one_can_ask_about_a_pay_period_and_back_leads_where_one_was(chat: Chat) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await record(alice)
    await alice.tap(ASK)
    await alice.tap("Back")
    assert "Shift 1" in (await alice.screen()).text
    await say(alice, "/start")
    for button in ("💵 My pay", "🟢 2026/11/15 – 2026/11/30", "📄 Statement"):
        await alice.tap(button)
    statement = (await alice.screen()).text
    await alice.tap(ASK)
    assert "about the pay period from 2026/11/15?" in (await alice.screen()).text
    await alice.tap("Back")
    assert (await alice.screen()).text == statement
    await alice.tap(ASK)
    assert "too long" in (await say(alice, "x" * 2001)).text
    await say(alice, "Is <b>that</b> all?")
    assert "“Is <b>that</b> all?”" in (await olga.wait_for("Alice asks about the pay period")).text


async def test_from_a_question_about_anything_back_leads_to_what_one_has_asked(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await say(alice, "/balance")
    await alice.tap("📨 My requests")
    listed = (await alice.screen()).text
    await alice.tap(ASK)
    assert "What would you like to know about your pay?" in (await alice.screen()).text
    await alice.tap("Back")
    assert (await alice.screen()).text == listed


async def test_what_is_somebody_elses_is_neither_shown_nor_answered(chat: Chat) -> None:
    alice, ben = await chat.employee("Alice", 1001), await chat.employee("Ben", 1002)
    dana = await chat.stranger("Dana", 5005)
    await ask(alice)
    for person in (ben, dana):
        await say(person, "/start")
        for data in (
            "qs:1",
            "qt:AAAAAA:1",
            "qr:AAAAAA:1:5",
            "ob:reply:1",
            "ob:resolve:1",
            "qm:q:1",
            "ob:question:s1",
            "ob:question:x",
            "ob:question:p739921.1001",
        ):
            await person.press(data, message_id=(await person.screen()).message_id)
            await say(person, "me too")
        assert not [screen for screen in await person.screens() if "Why is that 8 %?" in screen.text]
    assert chat.service.questions.get(1).state is QuestionState.REQUESTED
    assert len(chat.service.questions.list_messages(1)) == 1
    assert chat.service.questions.list_of(1002, 10) == []
