"""The mirror in Google Sheets as a job of the bot: every SHEETS_BACKUP_INTERVAL, beside everything else (SPEC 8)."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from config import Config
from payroll.errors import UnavailableError

EARLY = timedelta(seconds=30)
"""A look that comes so little before its time is taken for the one that is due."""
_log = logging.getLogger(__name__)


class Mirroring:
    """Runs the mirror when it is looked at and an interval has passed, one run at a time.

    A run may take minutes while Google hangs, so it has a thread that nobody waits for, not even the end of the
    program: a run may be cut off anywhere, the next one goes on from there.
    """

    def __init__(
        self,
        run: Callable[[], object],
        interval: timedelta,
        *,
        name: str = "mirror",
        first_after: timedelta = timedelta(0),
    ) -> None:
        """`name` is told in the log; the first run is due when `first_after` has passed from now."""
        self._run = run
        self._interval = interval
        self._name = name
        self._thread: threading.Thread | None = None
        self._due_at = time.monotonic() + first_after.total_seconds()

    def look(self) -> None:
        """Start a run if one is due. Returns at once."""
        is_running = self._thread is not None and self._thread.is_alive()
        if is_running or time.monotonic() < self._due_at:
            return
        self._due_at = time.monotonic() + max(self._interval - EARLY, timedelta(0)).total_seconds()
        self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            self._run()
        except UnavailableError as error:
            _log.warning("the %s waits for the database: %s", self._name, error)


def build_mirroring(config: Config, params: Mapping[str, Any]) -> Mirroring | None:
    """The mirror of the settings; None where no spreadsheet is set."""
    if config.spreadsheet_id is None:
        return None

    def run() -> None:
        from sheets_backup.mirror import run_mirror  # late: Google's libraries take seconds and 30 MiB

        error = run_mirror(config, params).error
        if error is not None:
            _log.warning("the mirror did not run: %s", error)

    return Mirroring(run, timedelta(minutes=config.sheets_backup_interval))
