"""What the bot notices about itself while it runs: counts and times for `/metrics`, marks for `/health`.

No name, no id of a person, no amount enters here. One `Vitals` a bot, handed to those who have something to tell.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
Monotonic = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Marks:
    """What `/health` wants to know of this process, at one moment. Times are seconds ago."""

    uptime_seconds: float
    last_poll_seconds: float | None
    """Since the last answered getUpdates; None: there was none yet."""
    silence_seconds: float
    """Since the last answered getUpdates, or since the polling began where there was none yet."""
    is_polling: bool
    """Whether updates are asked for; False: not yet, or Telegram delivers them to the webhook."""
    is_open: bool
    """Whether updates that Telegram delivers are taken in."""
    holds_poll_lock: bool


class Vitals:
    """Counts and marks, told by the parts of the bot as things happen."""

    def __init__(self, monotonic: Monotonic = time.monotonic) -> None:
        self._monotonic = monotonic
        self._started = monotonic()
        self._polling_since: float | None = None
        self._last_poll: float | None = None
        self._is_open = False
        self._holds_poll_lock = False
        self.registry = CollectorRegistry()
        self._updates = Counter(
            "shiftbot_updates", "Updates by kind and what became of them", ["kind", "outcome"], registry=self.registry
        )
        self._seconds = Histogram(
            "shiftbot_update_seconds", "From taking an update up to its end", buckets=SECONDS, registry=self.registry
        )
        self._calls = Counter(
            "shiftbot_telegram_calls", "Bot API calls by method and answer", ["method", "outcome"],
            registry=self.registry,
        )  # fmt: skip
        Gauge("shiftbot_uptime_seconds", "Since the process began", registry=self.registry).set_function(
            lambda: monotonic() - self._started
        )

    def note_update(self, kind: str, outcome: str, seconds: float) -> None:
        """An update came to its end, for now or for good."""
        self._updates.labels(kind, outcome).inc()
        self._seconds.observe(seconds)

    def note_call(self, method: str, outcome: str) -> None:
        """A call of the Bot API was answered or was not; an answered getUpdates is a completed poll."""
        self._calls.labels(method, outcome).inc()
        if method == "getUpdates" and outcome == "ok":
            self._last_poll = self._monotonic()

    def note_polling(self) -> None:
        """From now on updates are asked for."""
        self._polling_since = self._monotonic()

    def note_open(self) -> None:
        """From now on updates that Telegram delivers are taken in."""
        self._is_open = True

    def note_poll_lock(self, *, is_held: bool) -> None:
        """The lock that lets one program poll was taken, or lost."""
        self._holds_poll_lock = is_held

    def get_marks(self) -> Marks:
        """How things are now."""
        now = self._monotonic()
        since = max(at for at in (self._last_poll, self._polling_since, self._started) if at is not None)
        return Marks(
            uptime_seconds=now - self._started,
            last_poll_seconds=None if self._last_poll is None else now - self._last_poll,
            silence_seconds=now - since,
            is_polling=self._polling_since is not None,
            is_open=self._is_open,
            holds_poll_lock=self._holds_poll_lock,
        )
