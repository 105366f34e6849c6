"""What admins do at the team desk, as tests say it."""

from datetime import date

from playground.client import Person
from tests.bot.conftest import Chat
from tests.bot.shifts import log, say

TODAY = date(2026, 11, 16)


async def open_member(admin: Person, name: str) -> None:
    """A person's page, by taps."""
    await say(admin, "/admin")
    await admin.tap("👥 Team")
    await admin.tap(name)


def work(chat: Chat, person: Person, day: int, amount: str = "500") -> int:
    """A shift from 09:00 to 17:00 of a day of November 2026; its number."""
    return log(chat, person, clock_in=f"2026/11/{day} 09:00:00", clock_out=f"2026/11/{day} 17:00:00", Model_A=amount)
