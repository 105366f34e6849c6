"""What the bot and Telegram tell each other beside the updates: who it is, how they come here, what it can do."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter
from aiogram.types import BotCommand, User

from bot.delivery.poller import ALLOWED_UPDATES
from bot.delivery.reach import Reach
from bot.delivery.refusals import NOT_HEARD
from payroll.errors import UnavailableError
from postgres_service import PostgresService

T = TypeVar("T")

RETRY_SECONDS = 3.0
CHECK_SECONDS = 300.0
"""How often it is looked whether Telegram still delivers here."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where Telegram delivers updates, instead of being asked for them.

    `secret` comes along with each, so that nobody else can deliver any. `open` gets what keeps one, and begins to take
    them in; it must answer Telegram only after that has returned.
    """

    url: str
    secret: str
    open: Callable[[Callable[[dict[str, Any]], Awaitable[None]]], None]


class Introduction:
    """Each of its calls is made again until Telegram has taken it; updates are taken in meanwhile."""

    def __init__(self, bot: Bot, service: PostgresService, reach: Reach, wake: Callable[[], None]) -> None:
        """`wake` is called when there is something new to send."""
        self._bot = bot
        self._service = service
        self._reach = reach
        self._wake = wake

    async def greet(self) -> User:
        """Wait until Telegram answers; as whom it knows the bot.

        Raises TelegramUnauthorizedError, TelegramNotFound where it does not know the token.
        """
        return await self._insist("to begin", self._bot.me)

    async def name_commands(self, listed: Sequence[BotCommand]) -> None:
        """Tell the menu of commands. Nothing depends on it."""
        try:
            await self._insist("to name the commands", partial(self._bot.set_my_commands, list(listed)))
        except TelegramBadRequest as error:
            _log.warning("Telegram does not take the menu of commands: %s", error)

    async def keep_webhook(self, webhook: Webhook, on_set: Callable[[], None]) -> NoReturn:
        """Have Telegram deliver to the webhook, `on_set` once it does, and see to it that this stays so."""
        secret, allowed = webhook.secret, ALLOWED_UPDATES
        choose = partial(self._bot.set_webhook, webhook.url, secret_token=secret, allowed_updates=allowed)
        await self._insist("to set the webhook", choose)
        on_set()
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            url = (await self._insist("to look at the webhook", self._bot.get_webhook_info)).url
            if url != webhook.url:
                await self._insist("to set the webhook", choose)
                await self.tell_of_webhook(url)

    async def tell_of_webhook(self, url: str) -> None:
        """Tell the admins that somebody had Telegram deliver elsewhere; the way is the bot's own again."""
        host = urlsplit(url).hostname or ""
        _log.error("somebody had Telegram deliver to another address (%s); it is the bot's own way again", host or "-")
        try:
            await asyncio.to_thread(self._service.outbox.add_alarm, "webhook_moved", {"host": host})
        except UnavailableError as error:
            _log.warning("the admins are not told: %s", error)
        self._wake()

    async def _insist(self, what_for: str, call: Callable[[], Awaitable[T]]) -> T:
        """The answer, however long Telegram lets wait for it."""
        while True:
            try:
                return await call()
            except TelegramRetryAfter as error:
                _log.info("told to wait %d s %s", error.retry_after, what_for)
                await asyncio.sleep(error.retry_after)
            except NOT_HEARD as error:
                if not await self._reach.is_away():
                    _log.warning("Telegram does not answer (%s), waiting %s", type(error).__name__, what_for)
                    await asyncio.sleep(RETRY_SECONDS)
                await self._reach.back.wait()
