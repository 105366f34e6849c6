"""Asks Telegram for updates, and confirms there only what is stored here (FAULTS "Telegram")."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramConflictError, TelegramRetryAfter
from aiogram.methods import TelegramMethod

from bot.delivery.intake import Intake, read_raw, read_updates
from bot.delivery.outage import Outage
from bot.delivery.poll_guard import OUTAGE_SECONDS, PollGuard
from bot.delivery.reach import Reach
from bot.delivery.reading import find_update_id, parse_update, split_updates, unreadable
from bot.delivery.refusals import NOT_HEARD, is_about_webhook
from payroll.errors import UnavailableError

ALLOWED_UPDATES = ["message", "edited_message", "callback_query"]
POLL_SECONDS = 30
PEEK_SECONDS = 1.0
"""How often Telegram is asked, while the database is away, who has written: to tell them."""
LONGEST_WAIT_SECONDS = 10.0
LONGEST_STORE_WAIT_SECONDS = 5.0
_log = logging.getLogger(__name__)


class _GetRawUpdates(TelegramMethod[list[Any]]):
    """getUpdates as JSON: one update that cannot be read must not hold up the others."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    limit: int | None = None
    timeout: int = POLL_SECONDS
    allowed_updates: list[str] = ALLOWED_UPDATES


class Poller:
    """Long polling. An offset is sent only to confirm what is stored: ids may jump down, and come in any order."""

    def __init__(
        self,
        bot: Bot,
        intake: Intake,
        outage: Outage,
        guard: PollGuard,
        reach: Reach,
        *,
        on_back: Callable[[], None],
        on_taken_back: Callable[[str], Awaitable[None]],
    ) -> None:
        """`on_back` is called when Telegram or the database was away for so long that presses were lost.

        `on_taken_back` gets the address of a webhook that somebody had set meanwhile, and that is taken away.
        """
        self._bot = bot
        self._reach = reach
        self._intake = intake
        self._outage = outage
        self._guard = guard
        self._on_back = on_back
        self._on_taken_back = on_taken_back
        self._is_delivered_elsewhere = False
        self._offset: int | None = None
        self._has_heard = False

    async def run(self) -> None:
        """Poll until cancelled. Raises TelegramUnauthorizedError, TelegramNotFound where the token is none."""
        rounded_at = time.monotonic()
        while True:
            await self._guard.held.wait()
            updates = await self._fetch()
            self._has_heard = True
            # What it confirmed is confirmed.
            self._offset = None
            if updates:
                await self._store(updates)
                self._offset = _find_offset(updates)
            if updates and self._offset is None:
                # Nothing of this can be kept or confirmed, so it comes again and again.
                await asyncio.sleep(PEEK_SECONDS)
            if time.monotonic() - rounded_at > OUTAGE_SECONDS:
                self._on_back()
            rounded_at = time.monotonic()

    async def _fetch(self) -> list[Any]:
        seconds, patience, limit = 0.5, POLL_SECONDS if self._has_heard else 0, None
        while True:
            try:
                if self._is_delivered_elsewhere:
                    await self._take_back()
                poll = _GetRawUpdates(offset=self._offset, limit=limit, timeout=patience)
                return await self._bot(poll, request_timeout=patience + 15)
            except TelegramRetryAfter as error:
                await asyncio.sleep(error.retry_after)
            except TelegramConflictError as error:
                self._is_delivered_elsewhere = is_about_webhook(error)
                reason = "a webhook is set" if self._is_delivered_elsewhere else "another program polls"
                _log.warning("%s with the same token; waiting %.1f s", reason, seconds)
                await asyncio.sleep(seconds)
            except NOT_HEARD as error:
                # What came in a lost answer may lie below the offset, as ids jump down: it would be confirmed.
                # Without an offset everything comes that is not confirmed, also what is stored already.
                self._offset = None
                text = _find_text(error)
                updates = await _parse_one_by_one(text)
                if updates:
                    return updates
                update_id = find_update_id(text)
                if update_id is not None and limit == 1:
                    return [unreadable(update_id)]
                if update_id is not None:
                    # One of these is no JSON: they are asked for one by one.
                    limit = 1
                    continue
                if await self._reach.is_away():
                    await self._reach.back.wait()
                    seconds, patience = 0.5, 0
                    continue
                _log.warning("a poll was not answered (%s); waiting %.1f s", type(error).__name__, seconds)
                await asyncio.sleep(seconds)
            # The first answer after an outage, as that after the start, tells that all is well: it is not waited for.
            seconds, patience = min(2 * seconds, LONGEST_WAIT_SECONDS), 0

    async def _take_back(self) -> None:
        """Take away a webhook. One that was there before the first poll is the bot's own, of an earlier setting."""
        url = (await self._bot.get_webhook_info()).url
        if url:
            await self._bot.delete_webhook()
        self._is_delivered_elsewhere = False
        if self._has_heard and url:
            await self._on_taken_back(url)

    async def _store(self, updates: list[Any]) -> None:
        """Have updates stored, however long that takes; who writes meanwhile is told."""
        storing = asyncio.create_task(self._keep(updates))
        try:
            while not (await asyncio.wait({storing}, timeout=PEEK_SECONDS))[0]:
                self._outage.tell(read_updates(await self._peek()))
            storing.result()
        finally:
            storing.cancel()

    async def _keep(self, updates: list[Any]) -> None:
        seconds = 0.2
        while True:
            try:
                return await self._intake.receive(updates)
            except UnavailableError as error:
                _log.warning("%d updates are not stored yet, waiting %.1f s: %s", len(updates), seconds, error)
            await asyncio.sleep(seconds)
            seconds = min(2 * seconds, LONGEST_STORE_WAIT_SECONDS)

    async def _peek(self) -> list[Any]:
        """What waits at Telegram, confirming nothing; nothing where it does not answer either."""
        try:
            return await self._bot(_GetRawUpdates(timeout=0), request_timeout=int(PEEK_SECONDS) + 4)
        except (TelegramRetryAfter, TelegramConflictError, *NOT_HEARD) as error:
            _log.info("Telegram does not answer: %s", error)
            return []


def _find_offset(updates: list[Any]) -> int | None:
    """What confirms these updates, None where none of them can be kept."""
    ids = [raw.update_id for raw in map(read_raw, updates) if raw is not None]
    return max(ids) + 1 if ids else None


def _find_text(error: BaseException) -> str:
    """An answer that could not be parsed; empty where there is none."""
    data = error.data if isinstance(error, ClientDecodeError) else None
    return data if isinstance(data, str) else ""


async def _parse_one_by_one(text: str) -> list[Any]:
    """The updates of an answer that is too much to be parsed at once; none where one of them is no JSON."""
    updates = []
    for piece in split_updates(text):
        try:
            updates.append(parse_update(piece))
        except (ValueError, RecursionError):
            return []
        await asyncio.sleep(0)
    return updates
