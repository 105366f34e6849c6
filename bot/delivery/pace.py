"""How fast messages go out, so that Telegram takes them all: 30 a second in all, one a second in a chat (FAULTS)."""

import asyncio
import time
from dataclasses import dataclass, field

BURST = 3
STRICT_SECONDS = 60.0
"""How long a chat of which Telegram said that it is too fast gets one message at a time."""


@dataclass(slots=True)
class Pace:
    """The pace of one bot. A limit of None is none (tests that are not about it).

    `per_second` is for all chats; `chat_seconds` is what a notice keeps from the message before it in its chat, and
    what the answers to a person keep after the first few. Both leave Telegram's limits a margin, because calls do not
    take equally long to get there.
    """

    per_second: float | None = 25.0
    chat_seconds: float | None = 1.1
    _next: float = 0.0
    _next_of_chats: dict[int, float] = field(default_factory=dict)
    _strict_until: dict[int, float] = field(default_factory=dict)

    async def take_turn(self) -> None:
        """Wait until one more message may go out. Turns are given in the order in which they were asked for."""
        if self.per_second is None:
            return
        interval = 1 / self.per_second
        now = time.monotonic()
        begin = max(self._next, now)
        self._next = begin + interval
        wait = begin - now - (BURST - 1) * interval
        if wait > 0:
            await asyncio.sleep(wait)

    def note_sent(self, chat_id: int) -> float:
        """A message went to a chat: after how many seconds it takes the next one. Whoever taps now and then waits 0."""
        if self.chat_seconds is None:
            return 0.0
        now = time.monotonic()
        self._next_of_chats = {chat: begin for chat, begin in self._next_of_chats.items() if begin > now}
        begin = self._next_of_chats[chat_id] = self._next_of_chats.get(chat_id, now) + self.chat_seconds
        burst = 1 if self._strict_until.get(chat_id, now) > now else BURST
        return max(begin - now - (burst - 1) * self.chat_seconds, 0.0)

    def note_refused(self, chat_id: int) -> None:
        """Telegram has said of a chat that it gets too much: a few at once are too many for a while."""
        now = time.monotonic()
        self._strict_until = {chat: until for chat, until in self._strict_until.items() if until > now}
        self._strict_until[chat_id] = now + STRICT_SECONDS
