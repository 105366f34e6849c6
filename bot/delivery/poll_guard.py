"""One process polls at a time: takes the lock, looks after it, takes it again when the database is back (FAULTS)."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from bot.vitals import Vitals
from payroll.errors import UnavailableError
from postgres_service import PostgresService

CHECK_SECONDS = 1.0
PATIENCE_SECONDS = 10.0
"""How long another process may still hold the lock: one that ends needs a few seconds."""
OUTAGE_SECONDS = 150.0
"""So long a press lives at Telegram."""
_log = logging.getLogger(__name__)


class LockTakenError(Exception):
    """Another process works with this database."""


class PollGuard:
    """Holds the lock while `run` runs. Who may do something only with it waits for `held`."""

    def __init__(self, service: PostgresService, vitals: Vitals, on_back: Callable[[], None]) -> None:
        """`on_back` is called when the database was away for so long that presses were lost."""
        self._lock = service.poll_lock
        self._vitals = vitals
        self._on_back = on_back
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="poll-lock")
        self._former: bool | None = None
        self.held = asyncio.Event()

    async def run(self) -> None:
        """Hold the lock until cancelled. Raises LockTakenError where another process has it and keeps it."""
        loop = asyncio.get_running_loop()
        taken_since: float | None = None
        held_at: float | None = None
        try:
            while True:
                is_held = await self._take()
                now = time.monotonic()
                if is_held and held_at is not None and now - held_at > OUTAGE_SECONDS:
                    self._on_back()
                held_at = now if is_held else held_at
                taken_since = (taken_since or now) if is_held is False else None
                if taken_since is not None and now - taken_since > PATIENCE_SECONDS:
                    raise LockTakenError
                await asyncio.sleep(CHECK_SECONDS)
        finally:
            self._note(is_held=False)
            await asyncio.shield(loop.run_in_executor(self._thread, self._lock.release))
            self._thread.shutdown(wait=False)

    async def _take(self) -> bool | None:
        """Whether the lock is held; None: that is not known, the database is away."""
        try:
            is_held = await asyncio.get_running_loop().run_in_executor(self._thread, self._lock.take)
        except UnavailableError as error:
            if self.held.is_set():
                _log.warning("the lock to poll is lost: %s", error)
            self._note(is_held=False)
            return None
        if not is_held and self._former is not False:
            _log.warning("another process works with this database; waiting for it to end")
        self._former = is_held
        self._note(is_held=is_held)
        return is_held

    def _note(self, *, is_held: bool) -> None:
        self._vitals.note_poll_lock(is_held=is_held)
        if is_held:
            self.held.set()
        else:
            self.held.clear()
