"""An aiogram bot that polls an emulator, as the real one does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from aiogram import Bot, Dispatcher, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from playground.client import Emulator, Person, run_emulator


class Session(AiohttpSession):
    """Closes without the quarter of a second that aiogram waits for TLS to end."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with run_emulator() as running:
        yield running


@pytest.fixture
async def bot(emulator: Emulator) -> AsyncIterator[Bot]:
    async with make_bot(emulator) as made:
        yield made


@pytest.fixture
async def alice(emulator: Emulator) -> Person:
    return await emulator.add_person(1001, "Alice", username="alice", language_code="en")


@asynccontextmanager
async def make_bot(emulator: Emulator, token: str | None = None) -> AsyncIterator[Bot]:
    session = Session(api=TelegramAPIServer.from_base(emulator.api_url))
    made = Bot(token or emulator.token, session=session)
    try:
        yield made
    finally:
        await made.session.close()


@asynccontextmanager
async def polling(bot: Bot, router: Router) -> AsyncIterator[None]:
    """The router's handlers at work until the block ends."""
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    running = asyncio.create_task(dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False))
    try:
        yield
    finally:
        while not running.done():
            try:
                await dispatcher.stop_polling()
            except RuntimeError:
                # It has not begun yet.
                await asyncio.sleep(0.01)
            await asyncio.wait({running}, timeout=0.05)
        await running
