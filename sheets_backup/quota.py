"""How fast Google may be called, and how long to wait before trying again."""

import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

MINUTE = 60.0
READS_A_MINUTE = 60
WRITES_A_MINUTE = 60
CALLS_A_MINUTE = 300
"""Google's limits: reads and writes a minute and user, and everything a minute and project."""
TRIES = 6
FIRST_WAIT = 1.0
LONGEST_WAIT = 32.0


@dataclass(slots=True)
class Pace:
    """Keeps calls within the quota, whatever the minute one looks at.

    `now` gives seconds that only grow, `sleep` waits, `jitter` gives a number from 0 to 1.
    """

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    jitter: Callable[[], float] = random.random
    _reads: deque[float] = field(default_factory=deque)
    _writes: deque[float] = field(default_factory=deque)

    def wait_for_turn(self, *, is_write: bool) -> None:
        """Wait until one more call is within all limits, and count it."""
        calls, limit = (self._writes, WRITES_A_MINUTE) if is_write else (self._reads, READS_A_MINUTE)
        while (wait := max(self._find_wait(calls, limit), self._find_wait_for_all())) > 0:
            self.sleep(wait)
        calls.append(self.now())

    def wait_before_retry(self, attempt: int, asked_for: float | None) -> None:
        """Wait after the try of that number, from 0: twice as long each time, shaken, or as long as Google asks."""
        longest = min(FIRST_WAIT * 2**attempt, LONGEST_WAIT)
        wait = longest * (0.5 + self.jitter() / 2)
        self.sleep(min(max(wait, asked_for or 0.0), MINUTE))

    def _find_wait(self, calls: deque[float], limit: int) -> float:
        self._forget(calls)
        return calls[-limit] + MINUTE - self.now() if len(calls) >= limit else 0.0

    def _find_wait_for_all(self) -> float:
        self._forget(self._reads)
        self._forget(self._writes)
        recent = sorted((*self._reads, *self._writes))
        return recent[-CALLS_A_MINUTE] + MINUTE - self.now() if len(recent) >= CALLS_A_MINUTE else 0.0

    def _forget(self, calls: deque[float]) -> None:
        while calls and calls[0] <= self.now() - MINUTE:
            calls.popleft()
