"""Tells people that the records cannot be reached, without the records (FAULTS "Telegram").

A tap is answered each time, a text once in a chat and outage. What they did is kept at Telegram, or in the inbox, and
carried out once the records are back.
"""

import asyncio
import logging
from collections.abc import Iterable

from aiogram.types import CallbackQuery, Update

from bot.delivery.presenter import Presenter
from bot.delivery.refusals import SEND_ERRORS
from bot.policies import find_private_user
from bot.screen import Screen, Toast
from bot.words import DEFAULT_LANGUAGE, Html, load_words
from payroll.errors import ErrorKey, UnavailableError

AWAY = UnavailableError(ErrorKey.DATABASE_AWAY, field="database", value="slow", allowed="a PostgreSQL that answers")
_log = logging.getLogger(__name__)


class Outage:
    """Who has been told of the outage that goes on."""

    def __init__(self, presenter: Presenter) -> None:
        self._presenter = presenter
        self._told_updates: set[int] = set()
        self._told_chats: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, updates: Iterable[Update], error: UnavailableError = AWAY) -> None:
        """Tell the people of these updates who have not been told yet; waits for nothing."""
        for update in updates:
            if update.update_id not in self._told_updates:
                self._told_updates.add(update.update_id)
                task = asyncio.create_task(self._tell(update, error))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def end(self) -> None:
        """The records are back."""
        self._told_updates.clear()
        self._told_chats.clear()

    def close(self) -> None:
        """Tell nobody any more."""
        for task in self._tasks:
            task.cancel()

    async def _tell(self, update: Update, error: UnavailableError) -> None:
        event = update.callback_query or update.message or update.edited_message
        user = find_private_user(event) if event is not None else None
        if user is None:
            return
        words = load_words((user.language_code or DEFAULT_LANGUAGE).partition("-")[0])
        if isinstance(event, CallbackQuery):
            await self._presenter.answer_tap(event, Toast(words.plain(f"error-{error.key}"), is_alert=True))
        elif user.id not in self._told_chats:
            self._told_chats.add(user.id)
            await self._write(user.id, words(f"error-{error.key}"))

    async def _write(self, chat_id: int, text: Html) -> None:
        try:
            await self._presenter.send(chat_id, Screen(text))
        except SEND_ERRORS as error:
            _log.info("somebody could not be told of the outage: %s", error)
