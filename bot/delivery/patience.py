"""Whoever waits for longer than a moment, because somebody else has their row locked, is told that it goes on."""

import asyncio
import logging

from aiogram.types import CallbackQuery, Update

from bot.delivery.presenter import Presenter
from bot.delivery.refusals import SEND_ERRORS
from bot.policies import find_private_user
from bot.screen import Screen, Toast
from bot.words import DEFAULT_LANGUAGE, load_words

MOMENT_SECONDS = 2.0
_log = logging.getLogger(__name__)


class Patience:
    """Each update from its first try to its end. Of one person there is one at a time, so they are told once."""

    def __init__(self, presenter: Presenter) -> None:
        self._presenter = presenter
        self._timers: dict[int, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, update: Update) -> None:
        """It is tried, perhaps once more."""
        if update.update_id not in self._timers:
            loop = asyncio.get_running_loop()
            self._timers[update.update_id] = loop.call_later(MOMENT_SECONDS, self._speak, update)

    def end(self, update_id: int) -> None:
        """It is over, well or not."""
        timer = self._timers.pop(update_id, None)
        if timer is not None:
            timer.cancel()

    def close(self) -> None:
        """Tell nobody any more."""
        for timer in self._timers.values():
            timer.cancel()
        for task in self._tasks:
            task.cancel()

    def _speak(self, update: Update) -> None:
        task = asyncio.create_task(self._tell(update))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, update: Update) -> None:
        event = update.callback_query or update.message or update.edited_message
        user = find_private_user(event) if event is not None else None
        if user is None:
            return
        words = load_words((user.language_code or DEFAULT_LANGUAGE).partition("-")[0])
        if isinstance(event, CallbackQuery):
            await self._presenter.answer_tap(event, Toast(words.plain("one-moment")))
            return
        try:
            await self._presenter.send(user.id, Screen(words("one-moment")))
        except SEND_ERRORS as error:
            _log.info("somebody could not be told to wait: %s", error)
