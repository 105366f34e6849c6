"""Faults on demand: calls that fail, take long or lose their answer, outages, and Telegram's limits on messages."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum

from playground.errors import Refusal, too_many_requests

_LIMITED_METHODS = frozenset(
    {"sendmessage", "sendphoto", "senddocument", "editmessagetext", "editmessagecaption", "editmessagemedia",
     "editmessagereplymarkup"}
)  # fmt: skip


class Outage(StrEnum):
    """How Telegram is away.

    It answers 502 to everything, closes each connection, or never answers; or a proxy answers for it, with a page.
    """

    REFUSING = "5xx"
    PAGE = "page"
    CLOSING = "closed"
    HANGING = "hanging"


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` calls of `method` ("" for any): first the delay, then the refusal if any.

    With `drops_answer` the call is applied, and the connection is closed without an answer.
    """

    method: str
    times: int = 1
    refusal: Refusal | None = None
    delay: float = 0.0
    drops_answer: bool = False


@dataclass(slots=True)
class Faults:
    """The faults that are set, in the order in which they were set."""

    _faults: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Set one more fault."""
        self._faults.append(fault)

    def clear(self) -> None:
        """No more faults."""
        self._faults.clear()

    def take(self, method: str) -> Fault | None:
        """The fault for this call, used up once; None where the call goes well. "" never means getUpdates."""
        for fault in self._faults:
            named = fault.method.lower()
            if named == method or (not named and method != "getupdates"):
                fault.times -= 1
                self._faults = [each for each in self._faults if each.times > 0]
                return fault
        return None


@dataclass(slots=True)
class Limits:
    """Messages that Telegram takes in a second, for one chat and in all; None switches a limit off.

    `refused` counts the calls that were one too many.
    """

    per_chat: int | None = None
    overall: int | None = None
    refused: int = 0
    _sent: dict[int | None, deque[float]] = field(default_factory=dict)

    def check(self, method: str, chat_id: int, now: float) -> Refusal | None:
        """Count a call made at `now` (unix seconds); the 429 where it is one too many, which is not counted."""
        if method not in _LIMITED_METHODS:
            return None
        lines = ((chat_id, self.per_chat), (None, self.overall))
        waits = [self._wait(key, limit, now) for key, limit in lines if limit is not None]
        if any(waits):
            self.refused += 1
            return too_many_requests(math.ceil(max(waits)))
        for key, _ in lines:
            self._sent.setdefault(key, deque(maxlen=1000)).append(now)
        return None

    def _wait(self, key: int | None, limit: int, now: float) -> float:
        sent = self._sent.setdefault(key, deque(maxlen=1000))
        while sent and sent[0] <= now - 1:
            sent.popleft()
        return sent[-limit] + 1 - now if len(sent) >= limit else 0.0
