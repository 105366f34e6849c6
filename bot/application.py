"""Puts the bot together: what every update passes, and the routers in the order in which they are asked."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from functools import partial
from typing import Any

from aiogram import Bot, Dispatcher
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode
from aiogram.exceptions import ClientDecodeError
from aiogram.methods import Response, TelegramMethod
from aiogram.types import BotCommand

from bot import commands, handlers
from bot.asking_again import AskingAgain
from bot.delivery.drawer import Drawer
from bot.delivery.intake import Intake
from bot.delivery.introduction import Introduction, Webhook
from bot.delivery.lines import Lines
from bot.delivery.outage import Outage
from bot.delivery.pace import Pace
from bot.delivery.patience import Patience
from bot.delivery.poll_guard import LockTakenError, PollGuard
from bot.delivery.poller import Poller
from bot.delivery.presenter import Presenter
from bot.delivery.reach import Reach
from bot.delivery.reading import parse_answer
from bot.delivery.sender import Sender
from bot.delivery.workers import WORKERS, Workers
from bot.disk import DiskWatch
from bot.documents.orders import LONG_FROM
from bot.jobs import Jobs
from bot.middlewares.identity import Identity
from bot.middlewares.journal import Journal
from bot.middlewares.privacy import PrivateOnly
from bot.middlewares.showing import Showing
from bot.middlewares.timeline import Timeline
from bot.mirroring import Mirroring
from bot.start import STATUS_NOT_ALONE, StartError
from bot.vitals import Vitals
from bot.words import DEFAULT_LANGUAGE, load_words
from postgres_service import PostgresService

CONNECTIONS = WORKERS + 7
"""To the database at most: for each worker, what comes in, what goes out, what is drawn, asking again, a look by
others, and two for what is due."""
_log = logging.getLogger(__name__)


def build_bot(token: str, api_url: str | None, session: AiohttpSession | None = None) -> Bot:
    """The client of the Bot API, of Telegram's own server or of another (TELEGRAM_API_URL)."""
    session = session or AiohttpSession()
    session.json_loads = parse_answer
    session.middleware(_read_pages)
    if api_url is not None:
        session.api = TelegramAPIServer.from_base(api_url)
    return Bot(token, session=session, default=DefaultBotProperties(parse_mode=ParseMode.HTML))


async def _read_pages(
    make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]
) -> Response[Any]:
    """What answers in Telegram's place may write in any encoding, which is no error of the program."""
    try:
        return await make_request(bot, method)
    except UnicodeDecodeError as error:
        raise ClientDecodeError("no text", error, "") from error


def _look(disk: DiskWatch, beside: Sequence[Mirroring | None]) -> bool:
    """At each tick of the jobs: whether the disk is another than before. Mirror and backups run on beside."""
    for one in beside:
        if one is not None and not disk.is_sparing:
            one.look()
    return disk.look()


class Application:
    """The bot, ready to run."""

    def __init__(
        self,
        bot: Bot,
        service: PostgresService,
        *,
        is_open: bool = False,
        is_strict: bool = False,
        vitals: Vitals | None = None,
        disk: DiskWatch | None = None,
        pace: Pace | None = None,
        webhook: Webhook | None = None,
        beside: Sequence[Mirroring | None] = (),
        long_from: int = LONG_FROM,
    ) -> None:
        """`is_open` lets strangers in without asking; `is_strict` makes a missing word an error (tests).

        `beside` are the mirror and the backups, which are looked at each minute. Files from `long_from` rows on are
        drawn in a process of their own.
        """
        self._bot = bot
        self._vitals = vitals or Vitals()
        disk = disk or DiskWatch(None, service)
        self._webhook = webhook
        self._dispatcher = build_dispatcher(
            service, self._vitals, is_open=is_open, is_strict=is_strict, long_from=long_from
        )
        pace = pace or Pace()
        presenter = Presenter(bot, pace)
        lines = Lines()
        self._outage = Outage(presenter)
        self._patience = Patience(presenter)
        self._reach = Reach(bot)
        self._sender = Sender(service, presenter, pace, self._reach)
        self._drawer = Drawer(service, self._sender.wake)
        self._jobs = Jobs(service, self._sender.wake, look=partial(_look, disk, beside))
        self._asking = AskingAgain(service, self._sender, is_strict=is_strict)
        self._introduction = Introduction(bot, service, self._reach, self._sender.wake)
        self._guard = PollGuard(service, self._vitals, self._asking.wake)
        self._workers = Workers(
            bot, self._dispatcher, service, lines, presenter, self._sender, self._drawer,
            self._outage, self._patience,
            is_sparing=lambda: disk.is_sparing,
        )  # fmt: skip
        self.intake = Intake(service, lines, self._outage)
        self._poller = Poller(
            bot, self.intake, self._outage, self._guard, self._reach,
            on_back=self._asking.wake, on_taken_back=self._introduction.tell_of_webhook,
        )  # fmt: skip

    async def run(self) -> None:
        """Take updates in, handle them and send until cancelled; what is being done then is finished first.

        Raises StartError where another process works with this database, TelegramUnauthorizedError and
        TelegramNotFound where Telegram does not know the token.
        """
        try:
            async with at_work(self._guard.run()), at_work(self._reach.run()):
                await self._guard.held.wait()
                self._dispatcher["bot_name"] = (await self._introduction.greet()).username
                await self._workers.load()
                async with (
                    at_work(self._introduce()),
                    at_work(self._sender.run()),
                    at_work(self._drawer.run()),
                    at_work(self._workers.run()),
                    at_work(self._asking.run()),
                    self._jobs.working(),
                ):
                    await self._take_in()
        except LockTakenError as error:
            sentence = "Another bot works with this database already: end that one first, or give this one its own."
            raise StartError(sentence, STATUS_NOT_ALONE) from error

    async def _take_in(self) -> None:
        try:
            if self._webhook is not None:
                self._webhook.open(self._receive)
            _log.info("running as @%s", self._dispatcher["bot_name"])
            if self._webhook is None:
                self._vitals.note_polling()
                await self._poller.run()
            await asyncio.Event().wait()
        finally:
            self.intake.close()
            self._outage.close()
            self._patience.close()

    async def _receive(self, update: dict[str, Any]) -> None:
        await self.intake.receive([update])

    async def _introduce(self) -> None:
        """Tell Telegram what the bot can do, and how updates come here where it delivers them."""
        words = load_words(DEFAULT_LANGUAGE)
        listed = [
            BotCommand(command=one.name, description=words.plain(f"command-{one.name}"))
            for one in commands.LISTED
            if not one.is_for_admins
        ]
        async with at_work(self._introduction.name_commands(listed)):
            if self._webhook is not None:
                await self._introduction.keep_webhook(self._webhook, self._vitals.note_open)
            await asyncio.Event().wait()


def build_dispatcher(
    service: PostgresService, vitals: Vitals, *, is_open: bool, is_strict: bool, long_from: int
) -> Dispatcher:
    """What every update passes on the way to its handler, and the routers.

    Updates are fed with `call`, the `Caller` of the unit of work that they are, and with the database's `timeline`.
    """
    dispatcher = Dispatcher(disable_fsm=True, zone=service.rules.zone, is_open=is_open, long_from=long_from)
    passed = (Timeline(), PrivateOnly(is_strict=is_strict), Showing(), Identity(is_strict=is_strict))
    for observer in (dispatcher.message, dispatcher.edited_message, dispatcher.callback_query):
        for middleware in passed:
            observer.outer_middleware(middleware)
    Journal(vitals).attach(dispatcher)
    dispatcher.include_routers(*handlers.build_routers())
    return dispatcher


@contextlib.asynccontextmanager
async def at_work(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Something runs beside the block and is cancelled with its end; where it fails, the block ends with its error."""
    block, task = asyncio.current_task(), asyncio.create_task(work)

    def end_block(ended: asyncio.Task[None]) -> None:
        if block is not None and not ended.cancelled() and ended.exception() is not None:
            block.cancel()

    task.add_done_callback(end_block)
    try:
        yield
    except asyncio.CancelledError:
        if block is not None and task.done() and not task.cancelled() and task.exception() is not None:
            block.uncancel()
            task.result()
        raise
    finally:
        task.remove_done_callback(end_block)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
