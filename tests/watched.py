"""The bot at work, with each update followed: which handlers were asked, and what was answered.

Updates come in as from the webhook: kept, then handled, each in its transaction; what is sent goes to an emulator.
"""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from aiogram import Router
from aiogram.types import TelegramObject

from bot import handlers
from bot.application import Application, at_work, build_bot
from bot.delivery.pace import Pace
from bot.policies import name_handler
from bot.screen import Answer, Screen, Toast
from bot.views.errors import render_error
from payroll.errors import DomainError
from playground.client import Emulator
from postgres_service import PostgresService
from tests.bot.conftest import Session

PATIENCE_SECONDS = 30.0
Next = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of an update: the handlers that were asked, by module and name, and what the person was told."""

    ran: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    error: DomainError | None = None

    @property
    def said(self) -> tuple[str, ...]:
        """The texts that the person was told."""
        return tuple(answer.text for answer in self.answers)


@dataclass(slots=True)
class Watch:
    """Stands around the bot's routers: outside the policies for what is said, inside them for who is asked."""

    ran: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    error: DomainError | None = None

    def wrap(self, routers: Iterable[Router]) -> Router:
        """The routers in one that is watched."""
        outer = Router(name="watched")
        for router in routers:
            for observer in router.observers.values():
                observer.middleware(self._note_handler)
            outer.include_router(router)
        for observer in outer.observers.values():
            observer.middleware(self._note_answer)
        return outer

    def take(self) -> Seen:
        """What was seen since the last time."""
        seen = Seen(tuple(self.ran), tuple(self.answers), self.error)
        self.ran, self.answers, self.error = [], [], None
        return seen

    async def _note_handler(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        self.ran.append(name_handler(data["handler"]).removeprefix("bot.handlers."))
        return await handler(event, data)

    async def _note_answer(self, handler: Next, event: TelegramObject, data: dict[str, Any]) -> Any:
        try:
            answer = await handler(event, data)
        except DomainError as error:
            self.error = error
            self._note(render_error(data["words"], error, event))
            raise
        self._note(answer)
        return answer

    def _note(self, answer: Screen | Toast | None) -> None:
        if answer is not None:
            self.answers.append(answer)


@dataclass(slots=True)
class WatchedBot:
    """A bot to which one update at a time is delivered."""

    application: Application
    connection: "psycopg.Connection[tuple[Any, ...]]"
    _watch: Watch
    _update_ids: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def deliver(self, update: Mapping[str, Any]) -> Seen:
        """Hand an update to the bot, wait until it is handled, and tell what came of it."""
        update_id = next(self._update_ids)
        await self.application.intake.receive([{"update_id": update_id, **update}])
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not await asyncio.to_thread(self._is_done, update_id):  # noqa: ASYNC110 - seen in the database only
                await asyncio.sleep(0.002)
        return self._watch.take()

    async def rest(self) -> None:
        """Wait until everything is sent, or given up."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await asyncio.to_thread(self._count_unsent):  # noqa: ASYNC110 - seen in the database only
                await asyncio.sleep(0.02)

    def take(self) -> Seen:
        """What was seen since the last update that was handled to its end."""
        return self._watch.take()

    def _count_unsent(self) -> int:
        query = "SELECT count(*) FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL"
        return int(self.connection.execute(query).fetchall()[0][0])

    def _is_done(self, update_id: int) -> bool:
        found = self.connection.execute("SELECT state, error FROM inbox WHERE update_id = %s", [update_id]).fetchone()
        assert found is not None
        assert found[0] != "dead", found[1]
        return bool(found[0] == "done")


@contextlib.asynccontextmanager
async def run_watched_bot(
    emulator: Emulator,
    service: PostgresService,
    connection: "psycopg.Connection[tuple[Any, ...]]",
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[WatchedBot]:
    """The bot until the block ends; `connection` is one to its database."""
    watch, real = Watch(), handlers.build_routers
    monkeypatch.setattr(handlers, "build_routers", lambda: [watch.wrap(real())])
    bot = build_bot(emulator.token, emulator.api_url, Session())
    application = Application(bot, service, is_strict=True, pace=Pace(None, None))
    async with at_work(application.run()):
        yield WatchedBot(application, connection, watch)
    await bot.session.close()
