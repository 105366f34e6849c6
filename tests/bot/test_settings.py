"""The settings: seen by admins, changed by the owner; other pay days from the next period on (PAYROLL D40)."""

import asyncio
from datetime import date
from typing import Any

import pytest

from payroll.people import Role
from payroll.settings import SettingKey
from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import say
from tests.owners import list_audited


async def open_settings(admin: Person) -> None:
    """All of them, by taps."""
    await say(admin, "/admin")
    await admin.tap("⚙️ Settings")


async def test_each_stands_with_its_value_and_whoever_changed_it(chat: Chat, database: dict[str, Any]) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_settings(olga)
    assert "• Hours of a paid day off: 8\n" in (await olga.screen()).text
    await olga.tap("Hours of a paid day off")
    assert "8 → 7.5" in (await say(olga, "7,5")).text
    assert list_audited(database) == []
    await olga.tap("Yes")
    assert list_audited(database) == [("setting changed", "setting:paid_day_off_hours")]
    await olga.tap("Back")
    shown = (await olga.screen()).text
    assert "• Hours of a paid day off: 7.5\n– default: 8\n– changed by Olga, 2026/11/16 20:00:00" in shown
    await olga.tap("Hours of a paid day off")
    await olga.tap("Back to the default")
    await olga.tap("Yes")
    assert chat.service.settings.get(SettingKey.PAID_DAY_OFF_HOURS) == 8


async def test_a_switch_is_switched_by_a_button(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_settings(olga)
    await olga.tap("Managers see wages")
    await olga.tap("off")
    await olga.tap("Yes")
    assert chat.service.settings.get(SettingKey.MANAGERS_SEE_WAGES) is False


async def test_other_pay_days_hold_from_the_next_period_on(chat: Chat) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_settings(olga)
    await olga.tap("Pay days")
    sure = await say(olga, "25, 10")
    assert "1, 15 → 10, 25\nIt holds from 2026/12/01 on: the pay period before that stays as it is." in sure.text
    await olga.tap("Yes")
    period = chat.service.periods.find(9001, date(2026, 12, 5)).period
    assert (period.start_date, period.end_date) == (date(2026, 12, 1), date(2026, 12, 9))
    await olga.tap("Back")
    assert "• Pay days: 1, 15; from 2026/12/01 on: 10, 25" in (await olga.screen()).text
    await olga.tap("Pay days")
    now = "It is 1, 15 now, and 10, 25 from 2026/12/01 on. What shall it be?"
    assert (await olga.screen()).text.endswith(now)


@pytest.mark.parametrize(
    ("setting", "typed", "allowed"),
    [
        ("Pay days", "0, 5", "days of the month from 1 to 31, such as 1,15"),
        ("Hours of a paid day off", "25", "0.25 to 24 with up to two decimals"),
        ("Reminder, days before the pay day", "often", "0 to 14"),
    ],
)
async def test_a_value_that_does_not_fit_is_said_in_a_sentence_and_nothing_changes(
    chat: Chat, database: dict[str, Any], setting: str, typed: str, allowed: str
) -> None:
    olga = await chat.admin("Olga", 9001)
    await open_settings(olga)
    await olga.tap(setting)
    screen = await say(olga, typed)
    assert screen.text.startswith(f"“{typed}” does not fit for ")
    assert allowed in screen.text.partition("\n")[0]
    assert list_audited(database) == []


async def test_a_manager_sees_them_and_changes_none(chat: Chat, database: dict[str, Any]) -> None:
    olga, max_ = await chat.admin("Olga", 9001), await chat.admin("Max", 9003)
    owner = chat.find(olga)
    assert owner is not None
    await asyncio.to_thread(chat.service.staff.set_role, 9003, Role.MANAGER, actor=owner)
    await open_settings(max_)
    screen = await max_.screen()
    assert "The owner can change them." in screen.text
    assert screen.buttons == ("Back", "Main menu")
    toast = await max_.press("ab:setting:pay_days", message_id=screen.message_id)
    assert toast.text == "That is for the owner only."
    assert [action for action, _ in list_audited(database)] == ["role changed"]
