"""A wage to come: on the person's page, in what is said of it, and taken back before it begins (PAYROLL D6)."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

from payroll.people import Role
from payroll.settings import SettingKey
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import say
from tests.bot.team import open_member
from tests.owners import list_audited

PLANNED = "From 2030/01/01 on: $16.00 an hour, base rate 8.0%"


async def plan(olga: Person, day: str = "2030/01/01", wage: str = "16") -> str:
    """Another wage for Alice from a date on; what is said once it is done."""
    await open_member(olga, "Alice")
    await olga.tap("💵 Wage")
    await say(olga, wage)
    await say(olga, day)
    await olga.tap("Yes")
    return (await olga.screen()).text


async def hire(chat: Chat) -> tuple[Person, Person]:
    """An owner, and Alice at $15.00 an hour and 8 %."""
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await alice.send("/start")
    return olga, alice


async def test_a_wage_to_come_stands_on_the_page_and_in_what_is_said_of_it(chat: Chat) -> None:
    olga, _ = await hire(chat)
    done = await plan(olga)
    assert done.startswith("✅ The wage of Alice changes on 2030/01/01\n\n$15.00 an hour → $16.00 an hour")
    await olga.tap("Back")
    assert f"Wage: $15.00 an hour\nBase rate: 8.0%\n{PLANNED}\n" in (await olga.screen()).text


async def test_it_is_taken_back_before_it_begins_and_the_person_is_told(chat: Chat, database: dict[str, Any]) -> None:
    olga, alice = await hire(chat)
    await plan(olga)
    await olga.tap("Back")
    await olga.tap("↩️ Withdraw what is planned")
    await olga.tap("2030/01/01")
    sure = await olga.screen()
    assert f"{PLANNED}\nFrom 2030/01/01 on it is $15.00 an hour and the base rate 8.0% then." in sure.text
    assert [one.since for one in chat.service.terms.list_planned(1001)] == [date(2030, 1, 1)]
    await olga.tap("Yes")
    assert "✅ Withdrawn for Alice" in (await olga.screen()).text
    told = await alice.wait_for("Your wage and base rate do not change on 2030/01/01")
    assert "from then on too you get $15.00 an hour, and the base rate is 8.0%." in told.text
    assert [action for action, _ in list_audited(database)] == ["wage changed", "wage plan withdrawn"]
    await olga.tap("Back")
    screen = await olga.screen()
    assert "From 2030" not in screen.text
    assert "↩️ Withdraw what is planned" not in screen.buttons
    await say(olga, "/admin")
    await olga.tap("📜 Log")
    log = (await olga.screen()).text
    assert "Planned wage withdrawn, of Alice\nWage: $16.00 → $15.00\nFrom: 2030/01/01" in log


async def test_who_was_never_told_of_it_is_not_told_that_it_does_not_come(chat: Chat, database: dict[str, Any]) -> None:
    olga, alice = await hire(chat)
    await asyncio.to_thread(
        chat.service.set_employee_settings, 1001, hourly_wage=Decimal(16), valid_from=date(2030, 1, 1)
    )
    await open_member(olga, "Alice")
    await olga.tap("↩️ Withdraw what is planned")
    await olga.tap("2030/01/01")
    await olga.tap("Yes")
    assert "✅ Withdrawn" in (await olga.screen()).text
    await plan(olga, "2026/11/16", "17")
    await alice.wait_for("Your wage is $17.00 an hour")
    assert not [screen for screen in await alice.screens() if "do not change" in screen.text]


async def test_what_stays_planned_after_a_change_is_said(chat: Chat) -> None:
    olga, _ = await hire(chat)
    await plan(olga)
    await open_member(olga, "Alice")
    await olga.tap("💵 Wage")
    await say(olga, "15.50")
    sure = await say(olga, "2026/11/16")
    assert f"What is planned after that stays as it is:\n{PLANNED}" in sure.text


async def test_who_may_not_see_wages_sees_none_to_come(chat: Chat) -> None:
    olga, _ = await hire(chat)
    max_ = await chat.admin("Max", 9003)
    owner = chat.find(olga)
    assert owner is not None
    await asyncio.to_thread(chat.service.staff.set_role, 9003, Role.MANAGER, actor=owner)
    await asyncio.to_thread(chat.service.settings.change, SettingKey.MANAGERS_SEE_WAGES, "false", actor=owner)
    await plan(olga)
    await olga.tap("Back")
    button = (await olga.screen()).data["↩️ Withdraw what is planned"]
    await open_member(max_, "Alice")
    screen = await max_.screen()
    assert "2030" not in screen.text
    assert "↩️ Withdraw what is planned" not in screen.buttons
    await max_.press(button, message_id=screen.message_id)
    assert (await max_.toasts())[-1].text == "That is for the owner only."
