"""Puts the bot together: what every update passes, and the routers in the order in which they are asked."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import TelegramRetryAfter
from aiogram.types import BotCommand

from bot import commands, handlers
from bot.caller import Caller
from bot.delivery.notifier import Notifier
from bot.delivery.poller import Poller
from bot.delivery.presenter import Presenter
from bot.delivery.refusals import NOT_HEARD
from bot.middlewares.identity import Identity
from bot.middlewares.order import InOrder
from bot.middlewares.privacy import PrivateOnly
from bot.middlewares.showing import Showing
from bot.words import DEFAULT_LANGUAGE, load_words
from postgres_service import PostgresService

RETRY_SECONDS = 3.0
_log = logging.getLogger(__name__)


def build_bot(token: str, api_url: str | None, session: AiohttpSession | None = None) -> Bot:
    """The client of the Bot API, of Telegram's own server or of another (TELEGRAM_API_URL)."""
    session = session or AiohttpSession()
    if api_url is not None:
        session.api = TelegramAPIServer.from_base(api_url)
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


class Application:
    """The bot, ready to run."""

    def __init__(self, bot: Bot, service: PostgresService, *, is_open: bool = False, is_strict: bool = False) -> None:
        """`is_open` lets strangers in without asking; `is_strict` makes a missing word an error (tests)."""
        self._bot = bot
        presenter = Presenter(bot, service)
        self._notifier = Notifier(bot, service, presenter)
        dispatcher = Dispatcher(disable_fsm=True, call=Caller(service), zone=service.rules.zone, is_open=is_open)
        passed = (
            PrivateOnly(is_strict=is_strict),
            InOrder(),
            Showing(presenter, self._notifier),
            Identity(is_strict=is_strict),
        )
        for observer in (dispatcher.message, dispatcher.edited_message, dispatcher.callback_query):
            for middleware in passed:
                observer.outer_middleware(middleware)
        dispatcher.include_routers(*handlers.build_routers())
        self._dispatcher = dispatcher
        self._poller = Poller(bot, dispatcher)

    async def run(self) -> None:
        """Poll and send until cancelled. Raises TelegramUnauthorizedError where Telegram does not know the token."""
        await self._introduce()
        async with self._sending():
            await self._poller.run()

    async def _introduce(self) -> None:
        """Wait until Telegram answers, then give it the menu of commands."""
        words = load_words(DEFAULT_LANGUAGE)
        listed = [
            BotCommand(command=one.name, description=words.plain(f"command-{one.name}"))
            for one in commands.LISTED
            if not one.is_for_admins
        ]
        while True:
            try:
                me = await self._bot.me()
                self._dispatcher["bot_name"] = me.username
                await self._bot.delete_webhook()
                await self._bot.set_my_commands(listed)
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except NOT_HEARD as error:
                _log.warning("Telegram does not answer (%s), waiting", type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                _log.info("running as @%s", me.username)
                return

    @contextlib.asynccontextmanager
    async def _sending(self) -> AsyncIterator[None]:
        sending = asyncio.create_task(self._notifier.run())
        try:
            yield
        finally:
            sending.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sending
