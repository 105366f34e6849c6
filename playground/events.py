"""The log of what happened, which the page and the tests wait on instead of asking again and again."""

from __future__ import annotations

import asyncio
from collections import deque

from playground.records import Event, Json

_KEPT = 20_000


class EventLog:
    """Events in order, and waiting for the next one. Used on one event loop."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=_KEPT)
        self._waiting: dict[asyncio.Future[None], int | None] = {}
        self._is_closed = False
        self.last_seq = 0

    def add(self, kind: str, chat_id: int, body: Json) -> None:
        """Record an event and wake everybody who waits."""
        self.last_seq += 1
        self._events.append(Event(self.last_seq, kind, chat_id, body))
        self._wake(chat_id)

    def list_after(self, seq: int, chat_id: int | None = None) -> list[Event]:
        """Events newer than `seq`, of one chat or of all; chat 0 stands for what concerns everybody."""
        found: list[Event] = []
        for event in reversed(self._events):
            if event.seq <= seq:
                break
            if chat_id is None or event.chat_id in {chat_id, 0}:
                found.append(event)
        return found[::-1]

    async def wait_after(self, seq: int, chat_id: int | None, seconds: float) -> list[Event]:
        """As `list_after`, but waits up to so many seconds for the first one; empty when none came."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + seconds
        while not (found := self.list_after(seq, chat_id)) and not self._is_closed:
            remaining = deadline - loop.time()
            if remaining <= 0:
                break
            waiter: asyncio.Future[None] = loop.create_future()
            self._waiting[waiter] = chat_id
            await asyncio.wait((waiter,), timeout=remaining)
            del self._waiting[waiter]
        return found

    def close(self) -> None:
        """Let everybody who waits go, for good."""
        self._is_closed = True
        self._wake(0)

    def _wake(self, chat_id: int) -> None:
        """Only those whom it concerns: with many people at once the others would look in vain at each event."""
        for waiter, waits_for in self._waiting.items():
            if not waiter.done() and (chat_id == 0 or waits_for in {None, chat_id}):
                waiter.set_result(None)
