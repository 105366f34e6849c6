"""Fetches updates by long polling and has each handled in a task of its own."""

import asyncio
import logging
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.exceptions import TelegramConflictError, TelegramRetryAfter
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from pydantic import ValidationError

from bot.delivery.refusals import NOT_HEARD

ALLOWED_UPDATES = ["message", "edited_message", "callback_query"]
POLL_SECONDS = 30
LONGEST_WAIT_SECONDS = 30.0
FINISH_SECONDS = 5.0
_log = logging.getLogger(__name__)


class _GetRawUpdates(TelegramMethod[list[dict[str, Any]]]):
    """getUpdates as JSON: one update that cannot be read must not hold up the others."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int = POLL_SECONDS
    allowed_updates: list[str] = ALLOWED_UPDATES


class Poller:
    """Asks Telegram for updates until cancelled; what is being handled then is finished first."""

    def __init__(self, bot: Bot, dispatcher: Dispatcher) -> None:
        self._bot = bot
        self._dispatcher = dispatcher
        self._offset: int | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Poll. Raises TelegramUnauthorizedError where the token is (or has become) none."""
        try:
            while True:
                for raw in await self._fetch():
                    self._offset = int(raw["update_id"]) + 1
                    task = asyncio.create_task(self._handle(raw))
                    self._tasks.add(task)
                    task.add_done_callback(self._let_go)
        finally:
            if self._tasks:
                await asyncio.wait(self._tasks, timeout=FINISH_SECONDS)

    def _let_go(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("an update was lost", exc_info=error)

    async def _fetch(self) -> list[dict[str, Any]]:
        seconds = 1.0
        while True:
            try:
                return await self._bot(_GetRawUpdates(offset=self._offset), request_timeout=POLL_SECONDS + 15)
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except TelegramConflictError:
                _log.warning("another program polls with the same token; waiting %.0f s", seconds)
                await asyncio.sleep(seconds)
            except NOT_HEARD as error:
                _log.warning("Telegram does not answer (%s); waiting %.0f s", type(error).__name__, seconds)
                await asyncio.sleep(seconds)
            seconds = min(2 * seconds, LONGEST_WAIT_SECONDS)

    async def _handle(self, raw: dict[str, Any]) -> None:
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError as error:
            # Without the error's text, which would recite what somebody wrote.
            _log.error("update %s cannot be read: %d problems", raw["update_id"], error.error_count())
            return
        await self._dispatcher.feed_update(self._bot, update)
