"""`python -m benchmarks.bare URL TOKEN`: a bot of aiogram alone; nothing is kept.

It sends back what it is sent, below a button; a tap on that edits the message.
"""

import asyncio
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

_BUTTON = InlineKeyboardButton(text="Again", callback_data="0")


async def send_back(message: Message) -> None:
    """Answer with the same text."""
    await message.answer(message.text or "?", reply_markup=InlineKeyboardMarkup(inline_keyboard=[[_BUTTON]]))


async def count_up(query: CallbackQuery) -> None:
    """Answer a tap by the next number in the message."""
    number = str(int(query.data or "0") + 1)
    button = _BUTTON.model_copy(update={"callback_data": number})
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[button]])
    if isinstance(query.message, Message):
        await query.message.edit_text(number, reply_markup=keyboard)
        await query.answer()


async def main(url: str, token: str) -> None:
    """Ask for updates until the end."""
    dispatcher = Dispatcher()
    dispatcher.message.register(send_back)
    dispatcher.callback_query.register(count_up)
    async with Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(url))) as bot:
        await dispatcher.start_polling(bot)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
