"""The team desk: people, their pages, wages and base rates from a date on, and what they are told."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

from bot.errands import AdminErrand
from payroll.offers import BonusOffer, BonusType
from payroll.people import Role
from payroll.settings import SettingKey
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import say
from tests.bot.team import TODAY, open_member, work
from tests.owners import list_audited, list_booked

TEAM = (("Alice", 1001), ("Boris", 1002))


# --- wages ------------------------------------------------------------------------------------------------------------


async def test_a_wage_from_today_on_touches_nothing_and_the_person_is_told(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await open_member(olga, "Alice")
    assert "Wage: $15.00 an hour\nBase rate: 8.0%" in (await olga.screen()).text
    await olga.tap("💵 Wage")
    assert "It is $15.00 an hour now. Type the new wage" in (await olga.screen()).text
    await say(olga, "16,50")
    assert (await olga.screen()).buttons == ("2026/11/15", "2026/11/16", "Back", "Main menu")
    await olga.tap("2026/11/16")
    sure = await olga.screen()
    assert "$15.00 an hour → $16.50 an hour, from 2026/11/16 on\nNo recorded shift is touched." in sure.text
    assert sure.rows == (("Yes",), ("Back", "Main menu"))
    assert chat.service.get_employee_settings(1001)["Hourly wage"] == Decimal("15.00")  # type: ignore[index]
    assert list_audited(database) == []
    await olga.tap("Yes")
    assert "✅ The wage of Alice is changed" in (await olga.screen()).text
    assert chat.service.get_employee_settings(1001)["Hourly wage"] == Decimal("16.50")  # type: ignore[index]
    await alice.wait_for("💵 Your wage is $16.50 an hour from 2026/11/16 on.")
    assert list_audited(database) == [("wage changed", "employee:1001")]
    await olga.tap("Back")
    assert "Wage: $16.50 an hour" in (await olga.screen()).text


async def test_a_wage_dated_back_shows_what_it_touches_and_prices_it_again_when_told_so(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await asyncio.to_thread(lambda: [work(chat, alice, day) for day in (10, 12, 16)])
    lines = list_booked(database, 1001)
    await open_member(olga, "Alice")
    await olga.tap("💵 Wage")
    await say(olga, "16")
    await say(olga, "2026/11/12")
    sure = await olga.screen()
    assert "2 recorded shifts were priced as it was before:" in sure.text
    assert "• 2026/11/12, shift 2: $160.00 → $168.00 ($8.00 more)" in sure.text
    assert "Priced again, they make $16.00 more." in sure.text
    assert list_booked(database, 1001) == lines
    await olga.tap("Yes, and price those shifts again")
    assert "2 shifts were priced again: $16.00 more." in (await olga.screen()).text
    assert [line[:3] for line in list_booked(database, 1001)[len(lines) :]] == [
        ("shift:2", "shift re-priced", "8.00"), ("shift:3", "shift re-priced", "8.00"),
    ]  # fmt: skip
    await alice.wait_for("2 of your shifts were priced again: $16.00 more.")


# --- the desk ---------------------------------------------------------------------------------------------------------


async def test_the_team_is_listed_by_name_with_who_works_and_who_left_where_asked_for(chat: Chat) -> None:
    olga, alice, boris = await chat.admin("Olga", 9001), *[await chat.employee(*one) for one in TEAM]
    await boris.send("/start")
    await boris.tap("Start now")
    boss = await asyncio.to_thread(chat.service.people.get, 9001)
    await asyncio.to_thread(chat.service.staff.leave, alice.id, TODAY, actor=boss)
    await say(olga, "/admin")
    await olga.tap("👥 Team")
    team = await olga.screen()
    assert team.text.splitlines()[2:4] == ["• Boris, employee · 🟢 on shift", "• Olga, owner"]
    assert team.rows == (("🟢 Boris",), ("Olga",), ("Show who left",), ("Back", "Main menu"))
    await olga.tap("Show who left")
    assert "• Alice, left on 2026/11/16" in (await olga.screen()).text
    await olga.tap("Alice (left)")
    assert "👤 Alice, employee\nLeft on 2026/11/16" in (await olga.screen()).text
    await olga.tap("Back")
    await olga.tap("Back")
    assert (await olga.screen()).text.startswith("Admin")


async def test_long_teams_come_in_pages(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await asyncio.to_thread(
        lambda: [chat.service.people.join(1000 + one, f"Person {one:02}", None) for one in range(16)]
    )
    await say(olga, "/admin")
    await olga.tap("👥 Team")
    assert (await olga.screen()).buttons[:8] == ("Olga", *(f"Person {one:02}" for one in range(7)))
    await olga.tap("Next page ›")
    await olga.tap("Next page ›")
    assert (await olga.screen()).rows[:2] == (("Person 15",), ("‹ Back a page",))


async def test_who_is_on_shift_now_since_when_and_for_how_long(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await say(olga, "/admin")
    await olga.tap("🟢 On shift now")
    assert "Nobody is on shift right now." in (await olga.screen()).text
    await alice.send("/start")
    await alice.tap("Start now")
    chat.clock.move(hours=3, minutes=7)
    await olga.tap("Back")
    await olga.tap("🟢 On shift now")
    assert "• Alice since 2026/11/16 20:00, for 3 h 07 min" in (await olga.screen()).text
    chat.clock.move(hours=10)
    await olga.tap("Back")
    await olga.tap("🟢 On shift now")
    assert "• ⚠️ Alice since 2026/11/16 20:00, for 13 h 07 min: longer than usual" in (await olga.screen()).text
    await olga.tap("🟢 Alice")
    assert "🟢 On shift since 2026/11/16 20:00:00" in (await olga.screen()).text


async def test_a_persons_page_has_the_balance_and_the_period_so_far_and_leads_to_each_shift(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await asyncio.to_thread(lambda: [work(chat, alice, day) for day in (10, 15, 16)])
    await open_member(olga, "Alice")
    page = (await olga.screen()).text
    assert "Telegram id: 1001" in page
    assert "Balance: $480.00" in page
    assert "Pay period 2026/11/15 to 2026/11/30, so far:\n2 shifts, 16.00 h, sales $1,000.00, made $320.00" in page
    await olga.tap("🧾 Shifts")
    assert (await olga.screen()).buttons[:3] == ("2026/11/16 · $160.00", "2026/11/15 · $160.00", "2026/11/10 · $160.00")
    await olga.tap("2026/11/10 · $160.00")
    assert "🧾 Shift 1\n\n📅 2026/11/10 · Alice" in (await olga.screen()).text


async def test_wages_are_for_managers_where_the_setting_says_so(chat: Chat) -> None:
    olga, ivan = await chat.admin("Olga", 9001), await chat.admin("Ivan", 9002)
    await chat.employee("Alice", 1001)
    boss = await asyncio.to_thread(chat.service.people.get, 9001)
    await asyncio.to_thread(chat.service.staff.set_role, 9002, Role.MANAGER, actor=boss)
    await asyncio.to_thread(chat.service.settings.change, SettingKey.MANAGERS_SEE_WAGES, "false", actor=boss)
    await open_member(ivan, "Alice")
    page = await ivan.screen()
    assert "Wage, base rate and balance are for the owner to see." in page.text
    assert not {"💵 Wage", "📈 Base rate", "🎖 Role"} & set(page.buttons)
    for forged in ("ab:wage:1001", "ab:base:1001", "ab:role:1001"):
        assert (await ivan.press(forged, message_id=page.message_id)).text == "That is for the owner only.", forged
    await open_member(olga, "Alice")
    assert {"💵 Wage", "📈 Base rate", "🎖 Role"} <= set((await olga.screen()).buttons)


async def test_an_employee_and_a_stranger_are_refused_at_every_button(chat: Chat) -> None:
    alice, dana = await chat.employee("Alice", 1001), await chat.stranger("Dana", 5005)
    await chat.admin("Olga", 9001)
    await alice.send("/start")
    await dana.send("/start")
    kinds = [AdminErrand.WAGE, AdminErrand.ROLE, AdminErrand.LEAVE, AdminErrand.LINK, AdminErrand.ADJUST]
    for data in ("ad:team", "ad:now", "tp:0:1", "tm:9001", "ts:9001:0", *(f"ab:{kind}:1001" for kind in kinds)):
        toast = await alice.press(data, message_id=(await alice.screen()).message_id)
        assert toast.text == "That is for admins only.", data
        await dana.press(data, message_id=(await dana.screen()).message_id)
        assert "This bot is for the members of a team" in (await dana.screen()).text, data


# --- roles, names, leaving --------------------------------------------------------------------------------------------


async def test_an_owner_gives_a_role_and_the_person_is_told(chat: Chat, database: dict[str, Any]) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await open_member(olga, "Alice")
    await olga.tap("🎖 Role")
    assert (await olga.screen()).rows == (("Owner", "Manager"), ("Back", "Main menu"))
    await olga.tap("Manager")
    assert "Alice: employee → manager. Is that right?" in (await olga.screen()).text
    assert "A manager runs the team" in (await olga.screen()).text
    await olga.tap("Yes")
    assert (await olga.screen()).text == "✅ Alice has the role manager now."
    await alice.wait_for("🎖 Your role is manager now.")
    assert list_audited(database) == [("role changed", "employee:1001")]
    await say(alice, "/admin")
    assert (await alice.screen()).text.startswith("Admin")


async def test_the_last_owner_stays_one_and_in_the_team(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_member(olga, "Olga")
    last = "Somebody has to stay the owner. Make another person an owner first."
    assert (await olga.tap("🚪 Has left")).text == last
    await olga.tap("🎖 Role")
    assert (await olga.tap("Employee")).text == last
    employee = chat.find(olga)
    assert employee is not None
    assert employee.role is Role.OWNER


async def test_a_person_is_renamed(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await open_member(olga, "Alice")
    await olga.tap("✏️ Rename")
    await say(olga, "\u200b")
    assert "Something is missing: name." in (await olga.screen()).text
    await say(olga, "Alice <B.>")
    assert "Alice → Alice <B.>. Shifts that are recorded keep the name they have." in (await olga.screen()).text
    await olga.tap("Yes")
    employee = chat.find(alice)
    assert employee is not None
    assert employee.name == "Alice <B.>"


async def test_somebody_leaves_with_what_waits_and_comes_back(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    boss = await asyncio.to_thread(chat.service.people.get, 9001)
    await asyncio.to_thread(work, chat, alice, 10)
    for offer in (BonusOffer(BonusType.FLAT, Decimal(10)), BonusOffer(BonusType.DOUBLE_COMMISSION, None)):
        await asyncio.to_thread(chat.service.bonuses.grant, 1001, offer, actor=boss)
    await open_member(olga, "Alice")
    await olga.tap("🚪 Has left")
    await say(olga, "2026/11/09")
    assert "does not fit" in (await olga.screen()).text
    assert "Which day is or was the last one of Alice?" in (await olga.screen()).text
    await say(olga, "2026/11/12")
    sure = (await olga.screen()).text
    assert "🚪 Alice leaves, the last day is 2026/11/12." in sure
    assert "• Credited: $10.00" in sure
    assert "• Void from then on: Double commission" in sure
    assert "The balance is $170.00 then." in sure
    assert chat.service.statistics.get_balance(1001) == Decimal("160.00")
    await olga.tap("Yes")
    assert (await olga.screen()).text.startswith("✅ Alice has left, the last day is 2026/11/12.")
    assert chat.service.statistics.get_balance(1001) == Decimal("170.00")
    await alice.wait_for("2026/11/12 is your last day. What you are owed is still paid.")
    await say(alice, "/stats")
    assert "You are no longer a member of the team." in (await alice.screen()).text
    await olga.tap("Back")
    await olga.tap("↩️ Take back")
    await olga.tap("Yes")
    await alice.wait_for("🎉 Welcome back!")
    await say(alice, "/start")
    assert "Hi, Alice!" in (await alice.screen()).text


# --- accounts ---------------------------------------------------------------------------------------------------------


async def test_a_new_phone_is_linked_by_its_request_to_join(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await asyncio.to_thread(work, chat, alice, 16)
    phone = await chat.stranger("Alice new", 5005)
    await phone.send("/start")
    await phone.tap("Ask to join")
    await olga.wait_for("would like to join")
    await open_member(olga, "Alice")
    await olga.tap("📱 New account")
    await olga.tap("Alice new · 5005")
    assert "Now it is the account 1001. I will not know that one any more." in (await olga.screen()).text
    await olga.tap("Yes")
    await phone.wait_for("Hello, Alice! I know you under this account now.")
    await say(phone, "/balance")
    assert "You are owed $160.00" in (await phone.screen()).text
    await say(alice, "/balance")
    assert "This bot is for the members of a team" in (await alice.screen()).text
    await say(olga, "/admin")
    assert "Nobody waits to join." in (await olga.screen()).text


async def test_an_account_with_records_is_linked_once_its_shifts_are_moved(chat: Chat) -> None:
    olga, alice, ally = await chat.admin("Olga", 9001), *[await chat.employee(*one) for one in TEAM]
    await alice.send("/start")
    await ally.send("/start")
    await asyncio.to_thread(work, chat, alice, 16)
    await asyncio.to_thread(work, chat, ally, 12)
    await open_member(olga, "Alice")
    await olga.tap("📱 New account")
    for wrong, problem in (
        ("x", "“x” does not fit for Telegram id."),
        ("1001", "That account belongs to Alice already."),
        ("1002", "That account has records of its own. Move its shifts first, then link it."),
    ):
        await say(olga, wrong)
        assert problem in (await olga.screen()).text
    await olga.tap("Back")
    await olga.tap("📦 Take over shifts")
    assert (await olga.screen()).buttons[:2] == ("Boris", "Olga")
    await olga.tap("Olga")
    assert "Olga has no shifts that Alice could take over." in (await olga.screen()).text
    await olga.tap("Back")
    await olga.tap("Boris")
    sure = (await olga.screen()).text
    assert "One shift of Boris will be entered for Alice" in sure
    assert "Balance of Boris then: $0.00\nBalance of Alice then: $320.00" in sure
    assert len(chat.service.get_last_shifts(1002)) == 1
    await olga.tap("Yes")
    assert "✅ One shift of Boris moved to Alice." in (await olga.screen()).text
    await alice.wait_for("📦 One shift that stood under “Boris” moved to you. Your balance is $320.00 now.")
    await ally.wait_for(
        "📦 Olga has moved one shift of yours to Alice. What that made is taken back; your balance is $0.00 now."
    )
    await olga.tap("Back")
    await olga.tap("📱 New account")
    await say(olga, "1002")
    assert "It belongs to Boris, who has no records of their own and leaves the team." in (await olga.screen()).text
    await olga.tap("Yes")
    told = await ally.wait_for("📱 Hello, Alice!")
    assert "The account was Boris’s, who has left the team by that; Olga linked it." in told.text
    await alice.wait_for("📱 Olga has linked Alice to another Telegram account. I do not know this one any more.")
    await say(ally, "/balance")
    assert "You are owed $320.00" in (await ally.screen()).text


# --- bonuses and deductions -------------------------------------------------------------------------------------------


async def test_a_bonus_and_a_deduction_are_booked_with_their_reason_and_told(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    await book(olga, "🎁 Bonus", "25", "for  the late\nnight")
    sure = (await olga.screen()).text
    assert "🎁 Alice gets $25.00\nReason: for the late night\nBalance: $0.00 → $25.00" in sure
    await olga.tap("Yes")
    await alice.wait_for("🎁 You got a bonus of $25.00.\nReason: for the late night\nYour balance is $25.00 now.")
    await book(olga, "➖ Deduction", "40.5", "advance")
    assert "➖ $40.50 is taken from Alice" in (await olga.screen()).text
    assert "Balance: $25.00 → −$15.50" in (await olga.screen()).text
    await olga.tap("Yes")
    await alice.wait_for("➖ A deduction of $40.50 was booked.")
    assert list_booked(database, 1001) == [
        ("adjustment:1", "bonus", "25.00", "2026-11-15"), ("adjustment:2", "deduction", "-40.50", "2026-11-15"),
    ]  # fmt: skip


async def test_what_is_about_oneself_is_for_another_admin_where_there_is_one(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_member(olga, "Olga")
    await olga.tap("🎁 Bonus or deduction")
    assert "Give Olga something, or take something back?" in (await olga.screen()).text
    await chat.admin("Ivan", 9002)
    await open_member(olga, "Olga")
    page = await olga.screen()
    assert not {"🎁 Bonus or deduction", "💵 Wage", "📈 Base rate"} & set(page.buttons)
    for forged in ("ab:adjust:9001", "ab:wage:9001"):
        told = await olga.press(forged, message_id=page.message_id)
        assert told.text == "That is about yourself. Another admin has to do it."


async def book(olga: Person, kind: str, amount: str, reason: str) -> None:
    """Up to the question whether it is right."""
    await open_member(olga, "Alice")
    await olga.tap("🎁 Bonus or deduction")
    await olga.tap(kind)
    await say(olga, amount)
    await say(olga, reason)


# --- what goes wrong --------------------------------------------------------------------------------------------------


async def test_of_two_admins_who_let_somebody_go_one_does_and_the_other_is_told(
    chat: Chat, database: dict[str, Any]
) -> None:
    olga, ivan = await chat.admin("Olga", 9001), await chat.admin("Ivan", 9002)
    await (await chat.employee("Alice", 1001)).send("/start")
    for admin in (olga, ivan):
        await open_member(admin, "Alice")
        await admin.tap("🚪 Has left")
        await admin.tap("2026/11/16")
    toasts = await asyncio.gather(olga.tap("Yes"), ivan.tap("Yes"))
    assert sorted(toast.text for toast in toasts) == ["", "Somebody has decided this already."]
    assert list_audited(database) == [("person left", "employee:1001")]


async def test_a_base_rate_is_a_percentage_and_its_date_lies_in_nothing_closed(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    boss = await asyncio.to_thread(chat.service.people.get, 9001)
    await asyncio.to_thread(work, chat, alice, 10)
    await asyncio.to_thread(chat.service.periods.close, date(2026, 11, 1), actor=boss)
    await open_member(olga, "Alice")
    await olga.tap("📈 Base rate")
    for text in ("100.01", "-1", "8.555", "eight"):
        await say(olga, text)
        assert f"“{text}” does not fit for base rate. Allowed: 0 to 100" in (await olga.screen()).text
    await say(olga, "9,25 %")
    await say(olga, "2026/11/14")
    refused = (await olga.screen()).text
    assert "2026/11/14 lies in a pay period that is closed." in refused
    assert "9.25%: from when on?" in refused
    await say(olga, "2026/12/01")
    assert "8.0% → 9.25%, from 2026/12/01 on" in (await olga.screen()).text
    await olga.tap("Yes")
    settings = chat.service.get_employee_settings(1001)
    assert settings is not None
    assert settings["Sales commission"] == Decimal("8.00")


async def test_a_later_change_is_said_and_a_wage_counts_for_a_refunded_shift_too(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    boss = await asyncio.to_thread(chat.service.people.get, 9001)
    shift_id = await asyncio.to_thread(work, chat, alice, 12)
    await asyncio.to_thread(chat.service.refunds.book, shift_id, 1, Decimal(100), "chargeback", actor=boss)
    await asyncio.to_thread(chat.service.terms.set_wage, 1001, hourly_wage=Decimal(20), since=TODAY, actor=boss)
    await open_member(olga, "Alice")
    await olga.tap("💵 Wage")
    await say(olga, "18")
    await say(olga, "2026/11/12")
    sure = await olga.screen()
    assert "A later change was made before and stays in force: today it is still $20.00 an hour." in sure.text
    assert "• 2026/11/12, shift 1: $160.00 → $184.00 ($24.00 more)" in sure.text
    assert "Priced again, it makes $24.00 more." in sure.text
    assert sure.rows[0] == ("Yes, and price those shifts again",)
