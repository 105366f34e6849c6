"""Errands: what asks a few questions before it is done. Shown with a person's wage; the others are no different."""

import asyncio
import itertools
from collections import Counter
from typing import Any

import pytest

from bot.errands import AdminErrand, Errand, ErrandAct, ErrandAsked, ErrandDone
from bot.use_cases import answering, errands
from bot.views.errands import render_errand
from bot.views.errors import render_sentence
from bot.words import load_words
from payroll.errors import DomainError, ForbiddenError
from payroll.people import Role
from playground.client import Emulator, Person
from playground.entities import parse_html
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import say
from tests.bot.team import TODAY
from tests.clock import SteppingClock
from tests.databases import connect, fetch_all
from tests.hostile.texts import list_texts
from tests.owners import list_audited

BACK = "I am back. This is where we were:"
AMOUNT = "Type the new wage"
SINCE = "from when on?"
SURE = "Is that right?"
TAPS = 5


async def hire(chat: Chat) -> Person:
    """Olga, an owner, and Alice, whose wage it is about."""
    await (await chat.employee("Alice", 1001)).send("/start")
    return await chat.admin("Olga", 9001)


async def begin(olga: Person) -> None:
    """Asked for the amount."""
    await say(olga, "/admin")
    for button in ("👥 Team", "Alice", "💵 Wage"):
        await olga.tap(button)


async def ask_whether_sure(olga: Person) -> None:
    """Everything is said but the last Yes."""
    await begin(olga)
    await say(olga, "16")
    await olga.tap("2026/11/16")


async def expect(person: Person, text: str) -> None:
    shown = (await person.screen()).text
    assert text in shown


def read_wage(service: PostgresService) -> str:
    """What Alice is paid an hour."""
    settings = service.get_employee_settings(1001)
    assert settings is not None
    return str(settings["Hourly wage"])


# --- back and forth ---------------------------------------------------------------------------------------------------


async def test_back_leads_through_the_questions_to_where_it_was_begun_and_changes_nothing(chat: Chat) -> None:
    olga = await hire(chat)
    await ask_whether_sure(olga)
    for question in (SURE, SINCE, AMOUNT):
        await expect(olga, question)
        await olga.tap("Back")
    await expect(olga, "👤 Alice, employee")
    assert read_wage(chat.service) == "15.00"


async def test_what_was_said_before_back_is_said_anew(chat: Chat) -> None:
    olga = await hire(chat)
    await ask_whether_sure(olga)
    await olga.tap("Back")
    await olga.tap("Back")
    await say(olga, "17.25")
    await say(olga, "2026-11-16")
    await expect(olga, "$15.00 an hour → $17.25 an hour")
    await olga.tap("Yes")
    assert read_wage(chat.service) == "17.25"


async def test_the_button_of_an_older_question_changes_nothing_and_shows_where_one_is(chat: Chat) -> None:
    olga = await hire(chat)
    await begin(olga)
    await say(olga, "16")
    older = await olga.screen()
    await olga.tap("2026/11/16")
    toast = await olga.press(older.data["2026/11/15"], message_id=older.message_id)
    assert toast.text == "That button is from an earlier step. Here is where you are now."
    await expect(olga, "from 2026/11/16 on")
    assert (await olga.screen()).rows == (("Yes",), ("Back", "Main menu"))


@pytest.mark.parametrize("answer", ["2026-11-01", "yes", "9" * 30], ids=["a date", "an answer of another", "long"])
async def test_an_answer_that_is_not_offered_is_none(chat: Chat, answer: str) -> None:
    olga = await hire(chat)
    await begin(olga)
    await say(olga, "16")
    asked = await olga.screen()
    made_up = asked.data["2026/11/16"].replace("2026-11-16", answer)
    assert made_up != asked.data["2026/11/16"]
    await olga.press(made_up, message_id=asked.message_id)
    await expect(olga, SINCE)
    await olga.tap("2026/11/16")
    await expect(olga, SURE)


async def test_what_is_started_anew_ends_what_was_begun(chat: Chat) -> None:
    olga = await hire(chat)
    await ask_whether_sure(olga)
    yes = (await olga.screen()).data["Yes"]
    await begin(olga)
    await expect(olga, "You have begun one already: 💵 Wage, Alice.")
    await olga.tap("Start anew")
    toast = await olga.press(yes, message_id=(await olga.screen()).message_id)
    assert (toast.is_alert, toast.text) == (True, "That button is from an older message. Nothing was changed.")
    await expect(olga, AMOUNT)
    assert read_wage(chat.service) == "15.00"


async def test_cancel_leaves_it(chat: Chat) -> None:
    olga = await hire(chat)
    await ask_whether_sure(olga)
    question = await olga.screen()
    await say(olga, "/cancel")
    await expect(olga, "Cancelled. The form you had begun is dropped.")
    toast = await olga.press(question.data["Yes"], message_id=(await olga.screen()).message_id)
    assert toast.text == "That button is from an older message. Nothing was changed."
    await say(olga, "16")
    await expect(olga, "I did not expect a text here.")
    assert read_wage(chat.service) == "15.00"


# --- texts ------------------------------------------------------------------------------------------------------------


async def test_what_cannot_be_used_is_said_above_the_same_question_and_nothing_is_lost(chat: Chat) -> None:
    olga = await hire(chat)
    await begin(olga)
    for text, problem in (
        ("plenty", "“plenty” is not an amount."),
        ("-1", "“-1” is negative."),
        ("10,000.00", "does not fit for wage. Allowed: 0.00 to 9,999.99."),
        ("1,234", "can be read as 1,234.00 or as 1.234, which has three decimals"),
    ):
        await say(olga, text)
        await expect(olga, problem)
        await expect(olga, AMOUNT)
    await say(olga, "16")
    for text in ("soon", "2026/02/30", "13/13"):
        await say(olga, text)
        await expect(olga, f"“{text}” is not a date.")
        await expect(olga, "$16.00 an hour: from when on?")
    await olga.tap("2026/11/16")
    await olga.tap("Yes")
    assert read_wage(chat.service) == "16.00"


async def test_a_text_where_only_buttons_answer_is_answered_by_the_question(chat: Chat) -> None:
    olga = await hire(chat)
    await ask_whether_sure(olga)
    await say(olga, "yes")
    await expect(olga, "Please answer with one of the buttons below.")
    await expect(olga, SURE)
    await olga.tap("Yes")
    assert read_wage(chat.service) == "16.00"


async def test_a_text_that_is_delivered_again_answers_no_other_question(chat: Chat) -> None:
    """As another update too, as after a quiet week: the message is known by its own number."""
    olga = await hire(chat)
    await begin(olga)
    sent = await olga.send("16")
    await olga.settled()
    await chat.emulator.deliver_again(sent.update_id)
    await olga.settled()
    await expect(olga, SINCE)
    person = chat.find(olga)
    assert person is not None
    for _ in range(2):
        again = await asyncio.to_thread(answering.type_text, chat.service, person, sent.message_id, "16")
        assert isinstance(again, ErrandAsked)
        assert (again.question.name, again.errand.answers) == ("since", {"amount": "16.00"})


# --- once -------------------------------------------------------------------------------------------------------------


async def test_many_taps_at_once_do_it_once(chat: Chat, database: dict[str, Any]) -> None:
    olga = await hire(chat)
    await ask_whether_sure(olga)
    question = await olga.screen()
    await olga.press_many(question.data["Yes"], question.message_id, TAPS)
    await olga.settled()
    assert list_audited(database) == [("wage changed", "employee:1001")]
    told = Counter(toast.text for toast in (await olga.toasts())[-TAPS:])
    assert told == {"": 1, "Done already. Nothing was done twice.": TAPS - 1}
    assert fetch_all(database, "SELECT count(*) FROM outbox WHERE kind = 'terms_changed'") == [(1,)]
    await expect(olga, "✅ The wage of Alice is changed")


async def test_what_is_refused_at_the_end_leaves_the_question_open(chat: Chat) -> None:
    olga = await hire(chat)
    await ask_whether_sure(olga)
    person = chat.find(olga)
    assert person is not None
    await asyncio.to_thread(chat.service.staff.leave, 1001, TODAY, actor=person)
    await asyncio.to_thread(chat.service.periods.close, TODAY, actor=person, employee_id=1001)
    toast = await olga.tap("Yes")
    assert (toast.is_alert, toast.text[:46]) == (True, "2026/11/16 lies in a pay period that is closed")
    await expect(olga, SURE)
    await asyncio.to_thread(chat.service.periods.reopen, 1001, TODAY, actor=person, reason="was closed too early")
    await olga.tap("Yes")
    assert read_wage(chat.service) == "16.00"


# --- others -----------------------------------------------------------------------------------------------------------


async def test_nobody_answers_an_errand_of_somebody_else(chat: Chat) -> None:
    olga, ivan = await hire(chat), await chat.admin("Ivan", 9002)
    await ask_whether_sure(olga)
    yes = (await olga.screen()).data["Yes"]
    toast = await ivan.press(yes, message_id=(await ivan.screen()).message_id)
    assert toast.text == "That button is from an older message. Nothing was changed."
    assert read_wage(chat.service) == "15.00"


async def test_who_is_no_admin_any_more_does_not_finish_what_was_begun(chat: Chat) -> None:
    olga, ivan = await hire(chat), await chat.admin("Ivan", 9002)
    await ask_whether_sure(olga)
    boss = chat.find(ivan)
    assert boss is not None
    await asyncio.to_thread(chat.service.staff.set_role, 9001, Role.EMPLOYEE, actor=boss)
    assert (await olga.tap("Yes")).text == "That is for admins only."
    await say(olga, "16")
    await expect(olga, "That is for admins only.")
    assert read_wage(chat.service) == "15.00"


async def test_who_looks_at_the_use_case_past_the_chat_is_refused_too(chat: Chat) -> None:
    await hire(chat)
    alice = await asyncio.to_thread(chat.service.people.get, 1001)
    with pytest.raises(ForbiddenError):
        await asyncio.to_thread(errands.begin, chat.service, alice, AdminErrand.WAGE, "9001")


@pytest.mark.parametrize("subject", ["987654", "0", "-1", "x", "9" * 24, ""])
async def test_what_it_is_about_can_be_made_up(chat: Chat, subject: str) -> None:
    olga = await hire(chat)
    toast = await olga.press(f"ab:wage:{subject}", message_id=(await olga.screen()).message_id)
    assert toast.is_alert
    assert toast.text.startswith("Nobody here has the number")


# --- what comes between -----------------------------------------------------------------------------------------------


async def test_it_goes_on_after_a_restart(emulator: Emulator, service: PostgresService, clock: SteppingClock) -> None:
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service):
        olga = await hire(chat)
        await begin(olga)
        await say(olga, "16")
    async with run_bot(emulator, service):
        await olga.tap("2026/11/16")
        await olga.tap("Yes")
        assert read_wage(service) == "16.00"


async def test_after_an_outage_the_question_is_asked_again_and_can_be_answered(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service):
        olga = await hire(chat)
        await ask_whether_sure(olga)
        await olga.settled()
        question = await olga.screen()
    with connect(database) as connection:
        connection.execute("UPDATE drafts SET updated_at = updated_at - interval '30 minutes'")
    async with run_bot(emulator, service):
        asked = await olga.wait_for(BACK)
        assert asked.rows == question.rows
        await olga.tap("Yes")
        assert read_wage(service) == "16.00"


def test_an_answer_of_a_page_that_is_not_there_turns_nothing(service: PostgresService) -> None:
    service.people.join(1001, "Alice", "en")
    olga = service.people.ensure_owner(9001, "Olga")
    asked = errands.begin(service, olga, AdminErrand.WAGE, "1001")
    assert isinstance(asked, ErrandAsked)
    for act, value in ((ErrandAct.TURN, "1"), (ErrandAct.TURN, "-1"), (ErrandAct.TURN, "x"), (ErrandAct.ANSWER, "")):
        taken = errands.take_up(service, olga, asked.errand.draft_id, asked.errand.revision)
        same = errands.press(service, olga, taken, act, value)
        assert not isinstance(same, ErrandDone)
        assert (same.is_stale, same.errand) == (True, asked.errand)


# --- hostile texts ----------------------------------------------------------------------------------------------------

TEXTS = 60
PLACES: tuple[tuple[AdminErrand, dict[str, str]], ...] = (
    (AdminErrand.WAGE, {}),
    (AdminErrand.WAGE, {"amount": "16.00"}),
    (AdminErrand.BASE_RATE, {}),
    (AdminErrand.RENAME, {}),
    (AdminErrand.LINK, {}),
    (AdminErrand.ADJUST, {"kind": "bonus", "amount": "5.00"}),
)
"""A question of each kind that is answered by typing, by what was said before it."""


def test_whatever_is_typed_is_kept_and_shown_or_refused_with_a_sentence(service: PostgresService) -> None:
    service.people.join(1001, "Alice", "en")
    olga = service.people.ensure_owner(9001, "Olga")
    words, zone = load_words("en", is_strict=True), service.rules.zone
    for number, (text, (kind, answers)) in enumerate(itertools.product(list_texts(1, TEXTS), PLACES)):
        errand = Errand(kind, subject="1001", answers=answers)
        service.drafts.open(9001, kind, "asked", errand.dump())
        try:
            answered = answering.type_text(service, olga, number, text)
        except DomainError as error:
            shown = render_sentence(words, error)
        else:
            assert isinstance(answered, ErrandAsked)
            shown = render_errand(words, zone, answered).text
        assert parse_html(shown).text


def test_what_no_database_keeps_is_left_out_of_a_text(service: PostgresService) -> None:
    service.people.join(1001, "Alice", "en")
    olga = service.people.ensure_owner(9001, "Olga")
    errand = Errand(AdminErrand.ADJUST, subject="1001", answers={"kind": "bonus", "amount": "5.00"})
    service.drafts.open(9001, errand.kind, "asked", errand.dump())
    asked = answering.type_text(service, olga, 1, "for\x00 Ann\ud800a\r\n\ttoo")
    assert isinstance(asked, ErrandAsked)
    assert asked.errand.answers["reason"] == "for Anna too"
