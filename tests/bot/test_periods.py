"""Pay periods by taps: close, open again, pay, remind. The clock says Monday 2026-11-16 20:00 in New York."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from payroll.adjustments import AdjustmentKind
from payroll.offers import BonusOffer, BonusType
from payroll.settings import SettingKey
from playground.client import Person
from playground.screens import Screen
from tests.bot.conftest import Chat
from tests.bot.shifts import log, say
from tests.clock import SteppingClock
from tests.databases import connect, fetch_all
from tests.owners import FIRST_HALF, assert_books_agree

PERIOD = "2026/11/01 – 2026/11/14"
OCTOBER = "2026/10/15 – 2026/10/31"


async def hire(chat: Chat, name: str, telegram_id: int) -> Person:
    """An employee who has written to the bot before: notices reach only who has."""
    person = await chat.employee(name, telegram_id)
    await say(person, "/start")
    return person


async def work(chat: Chat, person: Person, days: Sequence[int] = (10,), amount: str = "500") -> None:
    """A shift from 9 to 5 on each of these days of November, with sales of Model A: 160.00 made for 500.00."""
    for day in days:
        times = {"clock_in": f"2026/11/{day:02} 09:00:00", "clock_out": f"2026/11/{day:02} 17:00:00"}
        await asyncio.to_thread(log, chat, person, **times, Model_A=amount)


async def open_period(admin: Person, name: str | None = None) -> Screen:
    """The first half of November on an admin's screen, everybody's or one person's."""
    await say(admin, "/admin")
    await admin.tap("🗓 Pay periods")
    await admin.tap(next(button for button in (await admin.screen()).buttons if PERIOD in button))
    if name is not None:
        await admin.tap(next(button for button in (await admin.screen()).buttons if button.endswith(name)))
    return await admin.screen()


async def close(admin: Person, name: str | None = None) -> Screen:
    """Close the first half of November, for everybody or one person."""
    await open_period(admin, name)
    await admin.tap("🔒 Close" if name else "🔒 Close for everybody")
    await admin.tap("Yes")
    await admin.settled()
    return await admin.screen()


def read_states(database: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Who has which state of which period."""
    return fetch_all(database, "SELECT employee_id, state, paid_units FROM pay_periods ORDER BY employee_id")


# --- the whole way ----------------------------------------------------------------------------------------------------


async def test_a_period_is_closed_and_paid_and_each_gets_the_statement(chat: Chat, database: dict[str, Any]) -> None:
    alice, boris = await hire(chat, "Alice", 1001), await hire(chat, "Boris", 1002)
    olga = await chat.admin("Olga", 9001)
    await work(chat, alice, (9, 10))
    await work(chat, boris)

    shown = await open_period(olga)
    assert shown.text.splitlines() == [
        f"🗓 Pay period {PERIOD}",
        "Pay day: 2026/11/15",
        "⏰ It is over and waits to be closed.",
        "2 open · 0 closed · 0 paid",
        "0 of 2 have said that it is complete.",
        "",
        "🟢 Alice · balance $320.00 · not confirmed",
        "🟢 Boris · balance $160.00 · not confirmed",
    ]
    await olga.tap("🔒 Close for everybody")
    assert (await olga.screen()).text.splitlines() == [
        f"🔒 Close {PERIOD}",
        "",
        "• Alice: balance $320.00 · not confirmed",
        "• Boris: balance $160.00 · not confirmed",
        "",
        "Close for 2 people? Every amount is fixed then, and whoever has something in it gets the statement.",
    ]
    await olga.tap("Yes")
    assert "Closed for 2 people. Their statements are on the way." in (await olga.screen()).text
    told = await alice.wait_for("is closed.")
    assert "Closing balance: $320.00. Here is your statement." in told.text
    assert "Statement 2026/11/01 to 2026/11/14" in told.text
    assert "Shift 1 · 2026/11/09" in told.text
    assert "Boris" not in told.text

    await olga.tap("Back")
    assert "🔒 Alice · balance $320.00" in (await olga.screen()).text
    await olga.tap("💵 Pay everybody")
    assert (await olga.screen()).text.splitlines()[2:5] == [
        f"• Alice: $320.00, {PERIOD}",
        f"• Boris: $160.00, {PERIOD}",
        "Together: $480.00",
    ]
    await olga.tap("Yes")
    assert "Booked as paid." in (await olga.screen()).text
    paid = await boris.wait_for("is paid out to you")
    assert paid.text == f"💵 $160.00 is paid out to you for {PERIOD}."
    assert read_states(database) == [(1001, "paid", Decimal("320.00")), (1002, "paid", Decimal("160.00"))]
    assert await asyncio.to_thread(chat.service.statistics.get_balance, 1001) == 0

    await boris.tap("📄 Statement")
    statement = await boris.screen()
    assert "Paid on 2026/11/16" in statement.text
    assert "Closing balance: 160.00" in statement.text
    await boris.tap("PDF")
    sent = await boris.wait_for("📄 Boris, 2026/11/01 – 2026/11/14")
    assert sent.document == "statement-2026-11-01-2026-11-14-boris.pdf"


# --- everybody, and one ----------------------------------------------------------------------------------------------


async def test_one_person_is_closed_opened_again_with_a_reason_and_closed_once_more(
    chat: Chat, database: dict[str, Any]
) -> None:
    alice, boris = await hire(chat, "Alice", 1001), await hire(chat, "Boris", 1002)
    olga = await chat.admin("Olga", 9001)
    await work(chat, alice)
    await work(chat, boris)
    assert "Closed for one person." in (await close(olga, "Alice")).text
    assert read_states(database) == [(1001, "closed", None)]

    await olga.tap("Back")
    shown = await olga.screen()
    assert "🔒 Closed on 2026/11/16" in shown.text
    assert "Closing balance: $160.00" in shown.text
    await olga.tap("Open again")
    asked = await say(olga, "A shift of the 12th is missing")
    assert "Open Alice’s pay period" in asked.text
    await olga.tap("Yes")
    assert f"Alice’s pay period {PERIOD} is open again" in (await olga.screen()).text
    told = await alice.wait_for("is open again.")
    assert "Why: “A shift of the 12th is missing”" in told.text
    assert read_states(database) == [(1001, "open", None)]
    await work(chat, alice, (12,))
    assert "• Alice: balance $320.00" in (await close(olga, "Alice")).text


async def test_who_joins_later_is_neither_counted_nor_asked_nor_written_to(
    chat: Chat, database: dict[str, Any]
) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice)
    await close(olga)
    await open_period(olga)
    await olga.tap("💵 Pay everybody")
    await olga.tap("Yes")
    dana = await chat.stranger("Dana", 1002)
    await say(dana, "/start")
    await dana.tap("Ask to join")
    await olga.wait_for("would like to join")
    await olga.tap("Approve")
    await dana.wait_for("Welcome to the team")

    await say(olga, "/admin")
    await olga.tap("🗓 Pay periods")
    assert f"✅ {PERIOD}" in (await olga.screen()).buttons
    await olga.tap(f"✅ {PERIOD}")
    shown = await olga.screen()
    assert shown.text.splitlines()[2:] == ["0 open · 0 closed · 1 paid", "", "✅ Alice · paid $160.00"]
    assert not any("Remind" in button or "Close" in button for button in shown.buttons)
    assert read_states(database) == [(1001, "paid", Decimal("160.00"))]


async def test_only_who_has_something_in_a_period_is_said_to_get_a_statement(
    chat: Chat, clock: SteppingClock, database: dict[str, Any]
) -> None:
    now, clock.now = clock.now, datetime(2026, 11, 2, 12, tzinfo=UTC)
    people = [await hire(chat, name, 1001 + at) for at, name in enumerate(("Alice", "Boris", "Chen"))]
    olga = await chat.admin("Olga", 9001)
    clock.now = now
    await work(chat, people[0])
    assert "Closed for 3 people. One statement is on the way." in (await close(olga)).text
    written = fetch_all(database, "SELECT employee_id FROM outbox WHERE kind = 'period_closed'")
    assert written == [(1001,)]


async def test_back_leads_from_the_question_to_the_person_to_everybody_to_the_list(chat: Chat) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice)
    await open_period(olga, "Alice")
    await olga.tap("🔒 Close")
    for head in ("Alice", f"🗓 Pay period {PERIOD}", "🗓 Pay periods"):
        await olga.tap("Back")
        assert (await olga.screen()).text.splitlines()[0] == head
    await olga.tap("Main menu")
    assert "Hi, Olga!" in (await olga.screen()).text


async def test_who_is_on_shift_stays_open_and_is_named(chat: Chat, database: dict[str, Any]) -> None:
    alice, boris = await hire(chat, "Alice", 1001), await hire(chat, "Boris", 1002)
    olga = await chat.admin("Olga", 9001)
    await work(chat, alice)
    await work(chat, boris)
    await asyncio.to_thread(chat.service.shifts.start_running, 1001, datetime(2026, 11, 15, 3, tzinfo=UTC))
    await open_period(olga)
    await olga.tap("🔒 Close for everybody")
    assert "Stay open:\n• Alice: a shift is running" in (await olga.screen()).text
    await olga.tap("Yes")
    assert "Closed for one person." in (await olga.screen()).text
    assert read_states(database) == [(1002, "closed", None)]


async def test_a_period_that_waits_to_be_closed_looks_like_no_other_in_the_list(chat: Chat) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice, (10, 16))

    async def read_list() -> tuple[str, ...]:
        await say(olga, "/admin")
        await olga.tap("🗓 Pay periods")
        return (await olga.screen()).buttons[:2]

    assert await read_list() == ("🟢 2026/11/15 – 2026/11/30", f"⏰ {PERIOD}")
    await close(olga)
    assert await read_list() == ("🟢 2026/11/15 – 2026/11/30", f"🔒 {PERIOD}")


async def test_the_admins_home_tells_which_period_is_over_and_waits_to_be_closed(chat: Chat) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice, (16,))
    assert "waits to be closed" not in (await say(olga, "/admin")).text
    await work(chat, alice, (10,))
    await asyncio.to_thread(log, chat, alice, clock_in="2026/10/20 09:00:00", clock_out="2026/10/20 17:00:00")
    waiting = [f"⏰ The pay period {dates} is over and waits to be closed." for dates in (OCTOBER, PERIOD)]
    lines = (await say(olga, "/admin")).text.splitlines()
    assert [line for line in lines if "waits to be closed" in line] == waiting
    await asyncio.to_thread(chat.service.periods.close, date(2026, 10, 20), actor=chat.service.people.get(9001))
    await close(olga)
    assert "waits to be closed" not in (await say(olga, "/admin")).text


async def test_closing_names_a_day_off_in_it_that_nobody_has_decided(
    chat: Chat, clock: SteppingClock, database: dict[str, Any]
) -> None:
    alice, boris = await hire(chat, "Alice", 1001), await hire(chat, "Boris", 1002)
    olga = await chat.admin("Olga", 9001)
    owner = await asyncio.to_thread(chat.service.people.get, 9001)

    def ask(person: Person, day: int) -> None:
        held = chat.service.bonuses.grant(person.id, BonusOffer(BonusType.PAID_DAY_OFF, None), actor=owner)
        asker = chat.service.people.get(person.id)
        chat.service.bonuses.request_day_off(held.bonus.bonus_id or 0, date(2026, 11, day), actor=asker)

    now, clock.now = clock.now, datetime(2026, 11, 2, 12, tzinfo=UTC)
    await asyncio.to_thread(ask, alice, 12)
    await asyncio.to_thread(ask, boris, 17)
    clock.now = now
    await work(chat, alice)
    await work(chat, boris)
    await open_period(olga)
    await olga.tap("🔒 Close for everybody")
    undecided = "it is booked in the open pay period:\n• Alice: a day off on Thu 12 Nov\n"
    assert undecided in (await olga.screen()).text
    assert "Boris: a day off" not in (await olga.screen()).text
    await olga.tap("Yes")
    assert "Closed for 2 people." in (await olga.screen()).text
    await asyncio.to_thread(chat.service.bonuses.approve_day_off, 1, actor=owner)
    assert_books_agree(chat.service)


async def test_who_is_gone_and_paid_is_in_no_later_period(
    chat: Chat, clock: SteppingClock, database: dict[str, Any]
) -> None:
    alice, boris = await hire(chat, "Alice", 1001), await hire(chat, "Boris", 1002)
    olga = await chat.admin("Olga", 9001)
    owner = await asyncio.to_thread(chat.service.people.get, 9001)
    for person in (alice, boris):
        await work(chat, person)
    await asyncio.to_thread(chat.service.staff.leave, 1001, date(2026, 11, 12), actor=owner)
    await close(olga)
    await asyncio.to_thread(chat.service.payouts.pay, actor=owner)
    await work(chat, boris, (16,))
    clock.now = datetime(2026, 12, 1, 15, tzinfo=UTC)
    await say(olga, "/admin")
    await olga.tap("🗓 Pay periods")
    await olga.tap("⏰ 2026/11/15 – 2026/11/30")
    assert "Alice" not in (await olga.screen()).text
    await olga.tap("🔒 Close for everybody")
    await olga.tap("Yes")
    assert "Closed for one person." in (await olga.screen()).text
    assert "waits to be closed" not in (await say(olga, "/admin")).text
    later = date(2026, 12, 1)

    def correct() -> None:
        chat.service.adjustments.book(1001, AdjustmentKind.BONUS, Decimal(20), "we forgot", actor=owner)

    await asyncio.to_thread(correct)
    clock.now = datetime(2026, 12, 15, 15, tzinfo=UTC)
    report = await asyncio.to_thread(chat.service.periods.close, later, actor=owner)
    assert [(one.name, one.opening, one.closing) for one in report.closed] == [
        ("Alice", Decimal("0.00"), Decimal("20.00")), ("Boris", Decimal("160.00"), Decimal("160.00")),
    ]  # fmt: skip
    assert report.left_out == (), "the payout between is in nobody's way"
    assert_books_agree(chat.service)


async def test_what_was_taken_back_since_the_close_is_named_wherever_the_two_amounts_meet(
    chat: Chat, database: dict[str, Any]
) -> None:
    alice, boris = await hire(chat, "Alice", 1001), await hire(chat, "Boris", 1002)
    olga = await chat.admin("Olga", 9001)
    owner = await asyncio.to_thread(chat.service.people.get, 9001)
    await work(chat, alice)
    await work(chat, boris)
    await close(olga)
    await alice.wait_for("is closed.")
    await asyncio.to_thread(
        lambda: chat.service.adjustments.book(1001, AdjustmentKind.DEDUCTION, Decimal("28.40"), "broken", actor=owner)
    )
    less = "less $28.40 taken back since"
    everybody = await open_period(olga)
    assert f"🔒 Alice · balance $160.00 · $131.60 due, {less}" in everybody.text
    assert "🔒 Boris · balance $160.00\n" in f"{everybody.text}\n"
    assert f"Closing balance: $160.00\nDue: $131.60, {less}" in (await open_period(olga, "Alice")).text
    await say(alice, "/start")
    await alice.tap("💵 My pay")
    mine = await alice.screen()
    assert f"🔒 {PERIOD}: balance $160.00, closed · $131.60 due, {less}" in mine.text
    assert "You are owed $131.60" in mine.text
    await alice.tap(f"🔒 {PERIOD}")
    assert f"Due: $131.60, {less}" in (await alice.screen()).text
    await alice.tap("📄 Statement")
    assert "Closed on 2026/11/16 · to be paid: 131.60, less 28.40 taken back since" in (await alice.screen()).text
    await open_period(olga)
    await olga.tap("💵 Pay everybody")
    told = f"• Alice: $131.60, {PERIOD}: closed with $160.00, {less}\n• Boris: $160.00, {PERIOD}\n"
    assert told in (await olga.screen()).text
    await olga.tap("Yes")
    assert told in (await olga.screen()).text
    paid = await alice.wait_for("is paid out to you")
    assert paid.text == f"💵 $131.60 is paid out to you for {PERIOD}. It was closed with $160.00, {less}."
    assert "✅ Alice · paid $131.60 · closed with $160.00" in (await open_period(olga)).text
    later = await open_period(olga, "Alice")
    assert "$28.40 of that was taken back, or paid with another period." in later.text
    assert_books_agree(chat.service)


async def test_before_its_pay_day_a_period_is_not_closed(chat: Chat, database: dict[str, Any]) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice, (16,))
    await say(olga, "/admin")
    await olga.tap("🗓 Pay periods")
    await olga.tap("🟢 2026/11/15 – 2026/11/30")
    toast = await olga.tap("🔒 Close for everybody")
    assert (toast.is_alert, toast.text) == (
        True, "That pay period is not over. It can be closed from 2026/12/01 on.",
    )  # fmt: skip
    assert read_states(database) == []


async def test_what_was_agreed_to_is_shown_anew_where_the_amounts_changed_meanwhile(
    chat: Chat, database: dict[str, Any]
) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice)
    await open_period(olga)
    await olga.tap("🔒 Close for everybody")
    await work(chat, alice, (11,))
    await olga.tap("Yes")
    assert "• Alice: balance $320.00 · not confirmed" in (await olga.screen()).text
    assert read_states(database) == []
    await olga.tap("Yes")
    assert read_states(database) == [(1001, "closed", None)]


async def test_books_that_differ_stop_the_close(chat: Chat, server: Any, database: dict[str, Any]) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice)
    await open_period(olga)
    await olga.tap("🔒 Close for everybody")
    with connect({**server.maker, "database": database["database"]}) as owner:
        owner.execute("UPDATE shifts SET net_sales = net_sales - 1")
    toast = await olga.tap("Yes")
    assert toast.text.startswith("The books do not agree: shift 1: the net sales are not the total less")
    assert read_states(database) == []


async def test_a_payout_of_nothing_is_said_in_a_sentence(chat: Chat, database: dict[str, Any]) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice)
    await close(olga)
    await open_period(olga, "Alice")
    stale = (await olga.screen()).data["💵 Pay"]
    await olga.tap("💵 Pay")
    await olga.tap("Yes")
    assert read_states(database) == [(1001, "paid", Decimal("160.00"))]
    shown = await open_period(olga, "Alice")
    assert "💵 Pay" not in shown.buttons
    assert "✅ Paid on 2026/11/16: $160.00" in shown.text
    toast = await olga.press(stale, message_id=shown.message_id)
    assert toast.text == "Nothing is due to Alice: no closed pay period waits to be paid."


async def test_what_is_due_to_an_admin_is_paid_by_another(chat: Chat, database: dict[str, Any]) -> None:
    olga, max_ = await chat.admin("Olga", 9001), await chat.admin("Max", 9002)
    await work(chat, olga)
    await close(olga)
    await open_period(olga)
    await olga.tap("💵 Pay everybody")
    assert "Yours is for another admin to pay: $160.00." in (await olga.screen()).text
    assert "Yes" not in (await olga.screen()).buttons
    await open_period(max_)
    await max_.tap("💵 Pay everybody")
    await max_.tap("Yes")
    assert read_states(database) == [(9001, "paid", Decimal("160.00"))]


async def test_who_has_not_confirmed_is_reminded(chat: Chat) -> None:
    alice, boris = await hire(chat, "Alice", 1001), await hire(chat, "Boris", 1002)
    olga = await chat.admin("Olga", 9001)
    for person in (alice, boris):
        await work(chat, person)
    await asyncio.to_thread(chat.service.periods.confirm, 1001, FIRST_HALF, actor=chat.service.people.get(1001))
    await open_period(olga)
    await olga.tap("🔔 Remind who has not confirmed")
    asked = await olga.screen()
    assert asked.text.splitlines() == [f"Ask this person whether their pay period {PERIOD} is complete?", "", "• Boris"]
    await olga.tap("Yes")
    assert (await olga.screen()).text == "One person has been asked."
    told = await boris.wait_for("complete?")
    assert told.buttons == ("✅ Yes, it is complete", "✏️ Something is missing", "📄 Statement")
    await boris.tap("✅ Yes, it is complete")
    assert "You have said that it is complete." in (await boris.screen()).text
    assert all("complete?" not in screen.text for screen in await alice.screens())
    assert "🟢 Boris · balance $160.00 · complete" in (await open_period(olga)).text


# --- two at once -----------------------------------------------------------------------------------------------------


async def test_of_two_admins_who_close_at_once_one_does_and_the_other_is_told(
    chat: Chat, database: dict[str, Any]
) -> None:
    alice = await hire(chat, "Alice", 1001)
    olga, max_ = await chat.admin("Olga", 9001), await chat.admin("Max", 9002)
    await work(chat, alice)
    for admin in (olga, max_):
        await open_period(admin)
        await admin.tap("🔒 Close for everybody")
    await asyncio.gather(olga.tap("Yes"), max_.tap("Yes"))
    for admin in (olga, max_):
        await admin.settled()
    ends = [screen.text.splitlines()[-1] for screen in (await olga.screen(), await max_.screen())]
    assert sum("Closed for one person." in end for end in ends) == 1
    others = [end for end in ends if "Closed for one person." not in end]
    assert others in (["Nothing was left to close: somebody was faster."], ["There is nothing to close now."])
    assert fetch_all(database, "SELECT count(*) FROM audit_log WHERE action = 'period closed'") == [(1,)]
    assert fetch_all(database, "SELECT count(*) FROM outbox WHERE kind = 'period_closed'") == [(1,)]


async def test_of_two_admins_who_pay_at_once_one_does_and_the_other_is_told(
    chat: Chat, database: dict[str, Any]
) -> None:
    alice = await hire(chat, "Alice", 1001)
    olga, max_ = await chat.admin("Olga", 9001), await chat.admin("Max", 9002)
    await work(chat, alice)
    await close(olga)
    for admin in (olga, max_):
        await open_period(admin)
        await admin.tap("💵 Pay everybody")
    await asyncio.gather(olga.tap("Yes"), max_.tap("Yes"))
    for admin in (olga, max_):
        await admin.settled()
    ends = [screen.text.splitlines()[-1] for screen in (await olga.screen(), await max_.screen())]
    assert sum("Booked as paid" in end for end in ends) == 1
    others = [end for end in ends if "Booked as paid" not in end]
    assert others[0].startswith(("Nothing was left to pay", "Nothing is due right now"))
    assert fetch_all(database, "SELECT count(*), sum(units) FROM balance_transactions WHERE reason = 'payout'") == [
        (1, Decimal("160.00"))
    ]
    await asyncio.to_thread(assert_books_agree, chat.service)


# --- who may not -----------------------------------------------------------------------------------------------------


async def test_an_employee_closes_and_pays_nothing_by_an_admins_buttons(chat: Chat, database: dict[str, Any]) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice)
    shown = await open_period(olga)
    menu = await say(alice, "/start")
    for button in ("🔒 Close for everybody", "🔔 Remind who has not confirmed", "🟢 Alice"):
        toast = await alice.press(shown.data[button], message_id=menu.message_id)
        assert toast.text == "That is for admins only."
    await olga.tap("🔒 Close for everybody")
    toast = await alice.press((await olga.screen()).data["Yes"], message_id=menu.message_id)
    assert toast.is_alert
    assert read_states(database) == []


async def test_a_manager_who_may_not_see_wages_sees_no_statement_of_others(
    chat: Chat, database: dict[str, Any]
) -> None:
    alice, olga = await hire(chat, "Alice", 1001), await chat.admin("Olga", 9001)
    max_ = await chat.admin("Max", 9002)
    await work(chat, alice)
    with connect(database) as connection:
        connection.execute("UPDATE employees SET role = 'manager' WHERE employee_id = 9002")
    await asyncio.to_thread(
        chat.service.settings.change, SettingKey.MANAGERS_SEE_WAGES, "false", actor=chat.service.people.get(9001)
    )
    await open_period(olga, "Alice")
    statements = (await olga.screen()).data
    await open_period(max_, "Alice")
    page = await max_.screen()
    for button in ("📄 Statement", "PDF"):
        assert button not in page.buttons
        forged = await max_.press(statements[button], message_id=page.message_id)
        assert forged.text == "That is for the owner only."
    await olga.tap("📄 Statement")
    assert "8.00 h at 15.00" in (await olga.screen()).text
