"""Every worked example of SPEC 3, chatted with the bot over HTTP."""

from datetime import UTC, datetime

import pytest

from tests.bot.conftest import Chat
from tests.bot.shifts import NO_SALES, open_edit, record, say


async def test_9_to_5_with_500_on_model_a_makes_160(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    lines = (await record(alice, {"Model A": "500"}, start="9 AM", end="5 PM")).text.splitlines()
    assert "Net sales: 400.00" in lines
    assert "Rate: 10.00% (8.0% base + 2.0% dynamic)" in lines
    assert "Hourly: 120.00" in lines
    assert "Commissions: 40.00" in lines
    assert "💰 You made $160.00" in lines


async def test_700_more_on_the_same_date_are_at_the_rate_of_1200_and_the_first_shift_stays(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    first = await record(alice, "500", start="9 AM", end="11:00")
    chat.clock.move(minutes=1)
    second = await record(alice, "700", start="11:00", end="17:00")
    assert "Rate: 12.00% (8.0% base + 4.0% dynamic)" in second.text
    await alice.tap("Why?", message_id=first.message_id)
    await alice.tap("🧾 Receipt", message_id=first.message_id)
    shown = {screen.message_id: screen.text for screen in await alice.screens()}
    assert "Rate: 10.00% (8.0% base + 2.0% dynamic)" in shown[first.message_id]


@pytest.mark.parametrize(
    ("bonus_type", "value", "pct", "made"),
    [("percent_next", 1, "11.00%", "164.00"), ("double_commission", None, "20.00%", "200.00")],
)
async def test_500_with_a_percentage_pending_uses_it_up(
    chat: Chat, bonus_type: str, value: int | None, pct: str, made: str
) -> None:
    alice = await chat.employee("Alice", 1001)
    bonus_id = chat.service.create_bonus(alice.id, bonus_type, value)
    receipt = await record(alice, "500")
    assert f"Rate: {pct}" in receipt.text
    assert f"You made ${made}" in receipt.text
    assert [bonus["ID"] for bonus in chat.service.get_shift_applied_bonuses(1)] == [bonus_id]
    assert chat.service.get_active_bonuses(alice.id) == []


async def test_percent_prev_1_adds_4_when_somebody_else_sold_500_on_the_model_before(chat: Chat) -> None:
    alice, boris = await chat.employee("Alice", 1001), await chat.employee("Boris", 1002)
    await record(boris, {"Model A": "500"})
    chat.clock.move(minutes=1)
    chat.service.create_bonus(alice.id, "percent_prev", 1)
    receipt = await record(alice, {"Model A": "300"})
    assert "on Model A: 4.00" in receipt.text
    assert "You made $143.20" in receipt.text  # 120.00 + 8 % of 240.00 + 4.00


async def test_8_30_to_16_45_is_8_25_hours_and_123_75(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    lines = (await record(alice, NO_SALES, start="8:30", end="16:45")).text.splitlines()
    assert "Hours: 8.25" in lines
    assert "Hourly: 123.75" in lines


async def test_8_hours_20_minutes_are_shown_as_8_33_and_paid_exactly(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    lines = (await record(alice, NO_SALES, start="9:00", end="17:20")).text.splitlines()
    assert "Hours: 8.33" in lines
    assert "Hourly: 125.00" in lines


async def test_600_over_1500_is_hustler_and_50_instead_is_rookie_again_and_told_so(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await record(alice, "1500", start="9 AM", end="11:00")
    chat.clock.move(minutes=1)
    await record(alice, "600", start="12:00", end="14:00")
    told = await alice.wait_for("You are a Hustler now!")
    names = (
        "$10.00, booked on your shift of ",
        "+1% on your next shift",
        "1% of the net sales of the chatter before you",
    )
    assert sum(f"Your bonus: {name}" in told.text for name in names) == 1
    await open_edit(alice)
    await alice.tap("Sales of a model")
    await alice.tap("Model A")
    await say(alice, "50")
    assert "Rookie" in (await alice.wait_for("no longer 💪 Hustler")).text


async def test_the_rolling_average_of_100_to_500_is_366_67(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    for hour in range(1, 6):
        await record(alice, f"{hour}00", start=f"{hour}:00", end=f"{hour + 1}:00")
        chat.clock.move(minutes=1)
    assert "366.67" in (await say(alice, "/stats")).text


@pytest.mark.parametrize(
    ("day", "last", "following"),
    [(10, "2026/11/01", "2026/11/15"), (15, "2026/11/15", "2026/12/01")],
    ids=["on 10 November", "on the 15th"],
)
async def test_the_pay_days_of_november(chat: Chat, day: int, last: str, following: str) -> None:
    chat.clock.now = datetime(2026, 11, day, 20, 0, tzinfo=UTC)
    alice = await chat.employee("Alice", 1001)
    text = (await say(alice, "/stats")).text
    assert last in text
    assert following in text
