"""`python -m benchmarks.bare URL TOKEN`: a bot of aiogram alone that sends back what it is sent; nothing is kept."""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message


async def send_back(message: Message) -> None:
    """Answer with the same text."""
    await message.answer(message.text or "?")


async def main(url: str, token: str) -> None:
    """Ask for updates until the end."""
    dispatcher = Dispatcher()
    dispatcher.message.register(send_back)
    async with Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url))) as bot:
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
