"""`python -m deploy.dump`: a dump of the database before an upgrade, out of reach of what thins out backups."""

import time
from pathlib import Path

from backup.dump import make_dump
from backup.errors import BusyError
from backup.log import BackupLog
from config import Config
from deploy.telling import tell_path
from program import run
from repository.clock import read_system_clock

BEFORE_UPGRADE = "before-upgrade-"
"""How its name begins; deploy/upgrade.sh deletes it with the version that it was made for."""
PATIENCE_SECONDS = 120.0
RETRY_SECONDS = 1.0


def dump(config: Config, patience_seconds: float = PATIENCE_SECONDS) -> Path:
    """Make it, once no other backup of the database is at work.

    Raises BackupError, which is a BusyError where another one is at work for longer than `patience_seconds`, and
    UnavailableError where the database is away.
    """
    params = config.get_database_params()
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            with BackupLog(params, read_system_clock):
                return make_dump(params, config.backup_directory, prefix=BEFORE_UPGRADE)[0].path
        except BusyError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(RETRY_SECONDS)


if __name__ == "__main__":
    run(lambda: tell_path(lambda: dump(Config.load())))
