"""Backups as a job of the bot: a dump every BACKUP_EVERY, checked by restoring it once a night (SPEC 10, TECH T26)."""

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.mirroring import Mirroring
from config import Config

LOOK_EVERY = timedelta(minutes=5)
_log = logging.getLogger(__name__)


def build_backing(config: Config, params: Mapping[str, Any]) -> Mirroring | None:
    """What looks every few minutes whether a backup is due; None where BACKUP_EVERY is 0.

    The timers of systemd may do the same work: whoever looks first does it, and the other finds it fresh.
    """
    if config.backup_every == 0:
        return None

    def run() -> None:
        from backup.errors import BackupError  # late: a start has more to do than to load what is due in minutes
        from backup.round import do_what_is_due

        try:
            do_what_is_due(config, params)
        except BackupError as error:
            _log.warning("backup: %s", error)

    return Mirroring(run, LOOK_EVERY, name="backup", first_after=LOOK_EVERY)
