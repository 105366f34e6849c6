"""The real bot over HTTP: long polling from an emulator, the test's database, clock and seeded randomness.

async def test_…(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    await alice.tap("Create shift")
    assert "date" in (await alice.screen()).text
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
from aiogram.client.session.aiohttp import AiohttpSession

from bot.application import Application, build_bot
from bot.delivery.pace import Pace
from bot.disk import DiskWatch
from bot.documents.orders import LONG_FROM
from payroll.people import Person as Employee
from playground.client import Emulator, Person, run_emulator
from postgres_service import PostgresService
from tests.clock import SteppingClock


class Session(AiohttpSession):
    """Closes without the quarter of a second that aiogram waits for TLS to end."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


@dataclass(frozen=True, slots=True)
class Chat:
    """A bot that runs, its database, and the people who chat with it."""

    emulator: Emulator
    service: PostgresService
    clock: SteppingClock

    async def stranger(self, name: str, telegram_id: int, *, language: str = "en") -> Person:
        """Somebody with a Telegram account of whom the bot knows nothing."""
        return await self.emulator.add_person(telegram_id, name, language_code=language)

    async def employee(self, name: str, telegram_id: int) -> Person:
        """An employee with the starting values; their number is their Telegram id."""
        await asyncio.to_thread(self.service.people.join, telegram_id, name, "en")
        return await self.stranger(name, telegram_id)

    async def admin(self, name: str, telegram_id: int) -> Person:
        """An owner, who has written to the bot before: notices reach only who has."""
        await asyncio.to_thread(self.service.people.ensure_owner, telegram_id, name)
        admin = await self.stranger(name, telegram_id)
        await admin.send("/start")
        return admin

    def find(self, person: Person) -> Employee | None:
        """What the records say about somebody."""
        return self.service.people.find_by_telegram(person.id)


@contextlib.asynccontextmanager
async def run_bot(
    emulator: Emulator,
    service: PostgresService,
    *,
    is_open: bool = False,
    pace: Pace | None = None,
    disk: DiskWatch | None = None,
    long_from: int = LONG_FROM,
) -> AsyncIterator[None]:
    """The bot at work until the block ends; a missing word is an error. Without a pace it sends as fast as it can."""
    bot = build_bot(emulator.token, emulator.api_url, Session())
    app = Application(
        bot, service, is_open=is_open, is_strict=True, pace=pace or Pace(None, None), disk=disk, long_from=long_from
    )
    running = asyncio.create_task(app.run())
    try:
        yield
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
        await bot.session.close()


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A Bot API of this test's own."""
    with run_emulator() as running:
        yield running


@pytest.fixture
async def chat(emulator: Emulator, service: PostgresService, clock: SteppingClock) -> AsyncIterator[Chat]:
    """The bot, at work."""
    async with run_bot(emulator, service):
        yield Chat(emulator, service, clock)
