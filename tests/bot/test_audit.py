"""The audit log as admins read it: who, when, from what to what, in words."""

import asyncio
import re
from datetime import date

from payroll.adjustments import AdjustmentKind
from payroll.people import Role
from payroll.settings import SettingKey
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import log, say
from tests.owners import usd


async def open_log(admin: Person) -> str:
    """The newest entries, by taps."""
    await say(admin, "/admin")
    await admin.tap("📜 Log")
    return (await admin.screen()).text


def make_changes(chat: Chat, olga: Person, alice: Person) -> None:
    """A wage, a setting, a correction of a shift, and a deduction."""
    service, owner = chat.service, chat.find(olga)
    assert owner is not None
    shift_id = log(chat, alice, clock_in="2026/11/16 09:00:00", clock_out="2026/11/16 17:00:00", Model_A="500")
    service.terms.set_wage(alice.id, hourly_wage=usd("16.50"), actor=owner)
    service.settings.change(SettingKey.PAY_DAYS, "10,25", actor=owner)
    service.update_shift_field(shift_id, "Model A", "450")


async def test_an_entry_says_who_changed_what_from_what_to_what(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice <b>", 1001)
    await asyncio.to_thread(make_changes, chat, olga, alice)
    text = await open_log(olga)
    assert (
        "by itself\nCorrected: shift 1, Alice <b>\nSold: Model A $500.00 → Model A $450.00\nMade: $160.00 → $148.80"
        in text
    )
    assert "· Olga\nSetting: Pay days\nValue: 1, 15 → 10, 25\nFrom: 2026/12/01" in text
    assert "· Olga\nWage or base rate of Alice <b>\nWage: $15.00 → $16.50\nFrom: 2026/11/16" in text
    assert "{" not in text


async def test_one_thing_can_be_followed_alone(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    await asyncio.to_thread(make_changes, chat, olga, alice)
    await open_log(olga)
    await olga.tap("3 …")
    screen = await olga.screen()
    assert screen.text.startswith("📜 What was changed: Alice")
    assert screen.text.count("· Olga") == 1
    await olga.tap("Back")
    assert (await olga.screen()).text.startswith("📜 What was changed\n\n1. ")


async def test_it_is_turned_page_by_page(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    owner = chat.find(olga)
    assert owner is not None
    for number in range(8):
        await asyncio.to_thread(chat.service.products.add, f"Model {number}", actor=owner)
    assert "New model: Model 7" in await open_log(olga)
    await olga.tap("Next page ›")
    screen = await olga.screen()
    assert ("New model: Model 1" in screen.text, "New model: Model 2" in screen.text) == (True, False)
    assert "Next page ›" not in screen.buttons
    await olga.tap("1 …")
    assert (await olga.screen()).text.startswith("📜 What was changed: Model")
    await olga.tap("Back")
    assert (await olga.screen()).text == screen.text


async def test_who_may_not_see_wages_does_not_read_them_here(chat: Chat) -> None:
    olga, max_ = await chat.admin("Olga", 9001), await chat.admin("Max", 9003)
    alice = await chat.employee("Alice", 1001)
    owner = chat.find(olga)
    assert owner is not None
    await asyncio.to_thread(chat.service.staff.set_role, 9003, Role.MANAGER, actor=owner)
    await asyncio.to_thread(chat.service.settings.change, SettingKey.MANAGERS_SEE_WAGES, "false", actor=owner)
    await asyncio.to_thread(chat.service.terms.set_wage, alice.id, hourly_wage=usd("16.50"), actor=owner)
    text = await open_log(max_)
    assert "Wage or base rate of Alice\nThe figures are for the owner to see." in text
    assert "16.50" not in text


async def test_amounts_below_zero_and_yes_and_no_read_as_everywhere(chat: Chat) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    owner = chat.find(olga)
    assert owner is not None

    def arrange() -> None:
        reason = "the till was short"
        chat.service.adjustments.book(alice.id, AdjustmentKind.DEDUCTION, usd("50000.00"), reason, actor=owner)
        chat.clock.move(days=20)
        chat.service.periods.close(date(2026, 11, 15), actor=owner)

    await asyncio.to_thread(arrange)
    text = await open_log(olga)
    assert "Closing balance: −$50,000.00" in text
    assert "Confirmed: no" in text


async def test_what_a_shift_made_is_not_read_here_by_who_may_not_see_wages(chat: Chat) -> None:
    olga, max_ = await chat.admin("Olga", 9001), await chat.admin("Max", 9003)
    alice = await chat.employee("Alice", 1001)
    await asyncio.to_thread(make_changes, chat, olga, alice)
    owner = chat.find(olga)
    assert owner is not None
    await asyncio.to_thread(chat.service.staff.set_role, 9003, Role.MANAGER, actor=owner)
    await asyncio.to_thread(chat.service.settings.change, SettingKey.MANAGERS_SEE_WAGES, "false", actor=owner)
    text = await open_log(max_)
    assert "Sold: Model A $500.00 → Model A $450.00" in text
    assert not {"Made", "160.00", "148.80", "16.50"} & set(re.split(r"[ :$]", text))
