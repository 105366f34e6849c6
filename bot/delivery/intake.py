"""The one way in for updates, from the poller and from the webhook: kept in the inbox, then handed on."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiogram.types import Update

from bot.delivery.lines import Lines
from bot.delivery.outage import Outage
from bot.delivery.reading import read_update, trim_update
from payroll.errors import ErrorKey, UnavailableError
from postgres_service import PostgresService
from repository.inbox import RawUpdate, Waiting

PATIENCE_SECONDS = 1.5
"""How long people wait for the database until they are told that it is away."""
_LARGEST_ID = 2**63 - 1
_log = logging.getLogger(__name__)


class Intake:
    """Keeps what comes in. Several that arrive at once are kept in one transaction."""

    def __init__(self, service: PostgresService, lines: Lines, outage: Outage) -> None:
        self._service = service
        self._lines = lines
        self._outage = outage
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._pending: list[tuple[list[RawUpdate], asyncio.Future[None]]] = []
        self._storing: asyncio.Task[None] | None = None
        self._is_closed = False

    async def receive(self, updates: Sequence[Any]) -> None:
        """Keep raw updates as Telegram sends them, for good before this returns, and have them handled.

        Those known already are left alone; what has no id cannot be kept and is dropped. Raises UnavailableError where
        they could not be kept: they must not be confirmed then. The people they are of are told.
        """
        raw = [one for one in map(read_raw, updates) if one is not None]
        if not raw:
            return
        if self._is_closed:
            raise UnavailableError(ErrorKey.DATABASE_AWAY, field="bot", value="ending", allowed="a bot that runs")
        stored: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pending.append((raw, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        await asyncio.wait({stored}, timeout=PATIENCE_SECONDS)
        try:
            if not stored.done():
                self._outage.tell(read_updates(updates))
            await stored
        except UnavailableError as error:
            self._outage.tell(read_updates(updates), error)
            raise
        self._outage.end()

    def close(self) -> None:
        """Take nothing more."""
        self._is_closed = True
        self._thread.shutdown(wait=False)

    async def _store(self) -> None:
        while self._pending:
            pending, self._pending = self._pending, []
            everything = [one for raw, _ in pending for one in raw]
            failure: UnavailableError | None = UnavailableError(
                ErrorKey.DATABASE_AWAY, field="inbox", value="failed", allowed="a PostgreSQL that takes updates"
            )
            try:
                new = await asyncio.get_running_loop().run_in_executor(
                    self._thread, self._service.inbox.store, everything
                )
                self._hand_on(new)
                failure = None
            except UnavailableError as error:
                failure = error
            finally:
                # Whatever went wrong: who waits for these to be kept hears of it, or would wait for ever.
                for _, stored in pending:
                    if failure is None and not stored.done():
                        stored.set_result(None)
                    elif failure is not None and not stored.done():
                        stored.set_exception(failure)
                        # Whoever waited may be gone meanwhile, as a connection that was closed.
                        stored.exception()

    def _hand_on(self, new: Sequence[Waiting]) -> None:
        for one in new:
            self._lines.add(one.sender_id, one.update_id)


def read_raw(update: Any) -> RawUpdate | None:
    """An update as the inbox keeps it, with what is read of it; None for what has no id that can be remembered."""
    update_id = update.get("update_id") if isinstance(update, dict) else None
    if type(update_id) is not int or not 0 <= update_id <= _LARGEST_ID:
        _log.error("something came that is no update")
        return None
    trimmed = trim_update(update)
    return RawUpdate(update_id, find_sender(trimmed), json.dumps(trimmed))


def read_updates(updates: Sequence[Any]) -> Iterator[Update]:
    """Raw updates as objects, without those that cannot be read."""
    for update in updates:
        with contextlib.suppress(ValueError):
            yield read_update(update)


def find_sender(update: dict[str, Any]) -> int | None:
    """Whose turn an update takes: the account that wrote or tapped, None where that is nobody."""
    for event in update.values():
        sender = event.get("from") if isinstance(event, dict) else None
        sender_id = sender.get("id") if isinstance(sender, dict) else None
        if type(sender_id) is int and abs(sender_id) <= _LARGEST_ID:
            return sender_id
    return None
