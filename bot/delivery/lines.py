"""Whose turn it is: each sender's updates in order, one at a time, the senders in turn. It holds numbers only."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeAlias

Sender: TypeAlias = int | None
LONGEST_LINE = 100


@dataclass(frozen=True, slots=True)
class Turn:
    """A sender's oldest update, whose turn it is."""

    sender: Sender
    update_id: int


@dataclass(slots=True)
class _Line:
    """What one sender sent. `has_more`: the table has later ones that are not held here."""

    waiting: deque[int] = field(default_factory=deque)
    has_more: bool = False
    is_loading: bool = False


class Lines:
    """The lines of all senders. A sender who sends very much gets their turn as often as anybody else.

    Of one sender at most `longest` numbers are held; the rest is read from the table when these are done.
    """

    def __init__(self, *, longest: int = LONGEST_LINE) -> None:
        self._longest = longest
        self._lines: dict[Sender, _Line] = {}
        self._turns: asyncio.Queue[Sender] = asyncio.Queue()

    @property
    def is_empty(self) -> bool:
        """Whether nothing waits here, and nothing is being handled."""
        return not self._lines

    def add(self, sender: Sender, update_id: int) -> None:
        """Put an update at the end of its sender's line."""
        line = self._lines.get(sender)
        if line is None:
            line = self._lines[sender] = _Line()
            self._turns.put_nowait(sender)
        if line.has_more or line.is_loading or len(line.waiting) >= self._longest:
            line.has_more = True
        else:
            line.waiting.append(update_id)

    async def take(self) -> Turn:
        """Wait for the next turn. Until it is over nothing else of its sender is given out."""
        sender = await self._turns.get()
        return Turn(sender, self._lines[sender].waiting[0])

    def wait_again(self, turn: Turn) -> None:
        """It could not be handled yet: it stays the first of its line and gets another turn."""
        self._turns.put_nowait(turn.sender)

    async def finish(self, turn: Turn, load: Callable[[Sender, int], Awaitable[list[int]]]) -> None:
        """It is over. `load` gives up to so many of the sender's that wait in the table, oldest first."""
        line = self._lines[turn.sender]
        line.waiting.popleft()
        while not line.waiting and line.has_more:
            line.has_more, line.is_loading = False, True
            found = await load(turn.sender, self._longest)
            line.is_loading = False
            line.waiting.extend(found)
            line.has_more = line.has_more or len(found) == self._longest
        if line.waiting:
            self._turns.put_nowait(turn.sender)
        else:
            del self._lines[turn.sender]
