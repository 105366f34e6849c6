"""How the bot is: the answer of `/health`, and the figures that `/metrics` reads at the same moment.

No personal data: counts, ages and times. Whoever asks often asks the database no oftener than once a second.
"""

import asyncio
import logging
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.disk import DiskWatch
from bot.vitals import Vitals
from payroll.errors import DomainError
from postgres_service import PostgresService
from repository.health import Health
from repository.present import ShiftAhead
from sql import get_newest_version

SILENCE_SECONDS = 90.0
"""Longer than the longest poll (30 s and its 15 s of patience) and one more of them."""
SLOW_SECONDS = 5
"""An update that waits for so long is no longer being handled as it should be."""
KEPT_SECONDS = 1.0
PATIENCE_SECONDS = 5.0
_log = logging.getLogger(__name__)
_GIT = Path(__file__).resolve().parents[1] / ".git"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one look at the database gave."""

    figures: Health | None
    """None: it does not answer."""
    ping_ms: int
    pool_in_use: int = 0
    pool_size: int = 0
    ahead: ShiftAhead | None = None
    """The shift for which the clock cannot be believed."""


class HealthCheck:
    """Looks at everything when asked. Until `watch` is called the bot is still starting."""

    def __init__(self, vitals: Vitals, *, has_webhook: bool) -> None:
        self._vitals = vitals
        self._has_webhook = has_webhook
        self._service: PostgresService | None = None
        self._disk: DiskWatch | None = None
        self._looking: asyncio.Task[Finding] | None = None
        self._found: tuple[float, Finding] | None = None

    def watch(self, service: PostgresService, disk: DiskWatch) -> None:
        """From now on there is a database to ask."""
        self._service, self._disk = service, disk

    @property
    def disk_used_pct(self) -> int | None:
        """How full the database's disk was at the last look; None where it is another machine's."""
        state = self._disk.state if self._disk is not None else None
        return None if state is None else state.used_pct

    async def find(self) -> Finding:
        """The database now: one question at a time, its answer kept for a second, given up after five."""
        if self._service is None:
            return Finding(None, 0)
        if self._found is not None and time.monotonic() - self._found[0] < KEPT_SECONDS:
            return self._found[1]
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(asyncio.to_thread(_look, self._service))
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                found = await asyncio.shield(self._looking)
        except TimeoutError:
            found = Finding(None, round(PATIENCE_SECONDS * 1000))
        self._found = (time.monotonic(), found)
        return found

    async def report(self) -> tuple[bool, dict[str, Any]]:
        """Whether all is well, and the answer of `/health`."""
        found = await self.find()
        problems = self._list_problems(found)
        waits = _list_waits(found)
        well = "busy" if waits else "ok"
        return not problems, {
            "status": well if not problems else "starting" if self._service is None else "unwell",
            "problems": problems,
            "waits": waits,
            **self._describe(found),
        }

    def _list_problems(self, found: Finding) -> list[str]:
        marks, problems = self._vitals.get_marks(), []
        if found.figures is None:
            problems.append("the database does not answer" if self._service else "the database is not there yet")
        if self._has_webhook and not marks.is_open:
            problems.append("the webhook is not open yet")
        if not self._has_webhook and not marks.is_polling:
            problems.append("Telegram is not asked for updates yet")
        elif marks.is_polling and marks.silence_seconds > SILENCE_SECONDS:
            problems.append(f"Telegram has not answered a poll for {marks.silence_seconds:.0f} s")
        if marks.is_polling and not marks.holds_poll_lock:
            problems.append("the lock that lets one program poll is not held")
        return problems

    def _describe(self, found: Finding) -> dict[str, Any]:
        marks, figures = self._vitals.get_marks(), found.figures
        return {
            "version": {"commit": _COMMIT, "schema": get_newest_version()},
            "uptime_seconds": round(marks.uptime_seconds),
            "database": {"answers": figures is not None, "ping_ms": found.ping_ms},
            "updates_by": "webhook" if self._has_webhook else "polling",
            "last_poll_seconds_ago": None if marks.last_poll_seconds is None else round(marks.last_poll_seconds),
            "holds_poll_lock": marks.holds_poll_lock,
            "inbox": _pick(figures, waiting="inbox_waiting", dead="inbox_dead", oldest_seconds="inbox_oldest_seconds"),
            "outbox": _pick(
                figures, unsent="outbox_unsent", failed="outbox_failed", oldest_seconds="outbox_oldest_seconds"
            ),
            "books": _pick(figures, differences="differences", checked_at="reconciled_at"),
            "disk_used_pct": self.disk_used_pct,
            "last_mirror_at": _spell(figures.last_mirror_at if figures else None),
            "last_backup_at": _spell(figures.last_backup_at if figures else None),
        }


def _list_waits(found: Finding) -> list[str]:
    """What is held up. It makes the bot busy, not unwell: to start it again would not help."""
    figures, ahead = found.figures, found.ahead
    if figures is None:
        return []
    waits = [f"a query waits for a lock that is held by {holders}" for holders in figures.lock_holders]
    if (figures.inbox_oldest_seconds or 0) >= SLOW_SECONDS:
        waits.append(f"{figures.inbox_waiting} updates wait, the oldest for {figures.inbox_oldest_seconds} s")
    if ahead is not None:
        at = _spell(ahead.moment.astimezone(UTC))
        waits.append(f"what is due and Start now wait for the clock: shift {ahead.shift_id} was recorded at {at}")
    return waits


def _look(service: PostgresService) -> Finding:
    began = time.perf_counter()
    figures, ahead = None, None
    try:
        figures, ahead = service.health.get(), service.present.find_ahead()
    except DomainError as error:
        _log.debug("the database does not tell how it is: %s", error)
    ping_ms = round((time.perf_counter() - began) * 1000)
    return Finding(figures, ping_ms, *service.health.get_pool_usage(), ahead)


def _pick(figures: Health | None, **names: str) -> dict[str, Any] | None:
    if figures is None:
        return None
    return {shown: _spell(getattr(figures, name)) for shown, name in names.items()}


def _spell(value: object) -> object:
    return f"{value:%Y-%m-%dT%H:%M:%SZ}" if isinstance(value, datetime) else value


def _find_commit() -> str | None:
    """The commit of the working copy, None where it is none; git itself may be missing."""
    try:
        head = (_GIT / "HEAD").read_text(encoding="ascii").strip()
        reference = head.removeprefix("ref: ")
        if reference == head:
            return head[:12]
        if (_GIT / reference).is_file():
            return (_GIT / reference).read_text(encoding="ascii")[:12]
        packed = (_GIT / "packed-refs").read_text(encoding="ascii").splitlines()
        return next((line[:12] for line in packed if line.endswith(f" {reference}")), None)
    except (OSError, UnicodeDecodeError):
        return None


_COMMIT = _find_commit()
