"""A correction that moves a shift to another month (PAYROLL D17)."""

from datetime import UTC, datetime

from tests.bot.conftest import Chat
from tests.bot.shifts import record

FIRST_OF_DECEMBER = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)


async def test_moving_a_shift_to_the_month_before_is_shown_to_the_admins(chat: Chat) -> None:
    chat.clock.now = FIRST_OF_DECEMBER
    olga = await chat.admin("Olga", 9001)
    alice = await chat.employee("Alice", 1001)
    await record(alice, "500", day="Today", start="9 AM", end="5 PM")
    await alice.tap("✏️ Edit")
    for button in ("Clock in", "Mon 30 Nov", "PM", "10 PM", "Yes", "Yes"):
        await alice.tap(button)
    receipt = await alice.screen()
    assert "2026/12/01 → 2026/11/30" in receipt.text
    shown = await olga.wait_for("moved shift 1")
    assert shown.text == ("📆 Alice moved shift 1 from December 2026 to November 2026. Both months were settled again.")
