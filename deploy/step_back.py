"""`python -m deploy.step_back DUMP`: the data as they were before an upgrade, for the version before.

The dump goes in place of what the database holds, which is kept in a dump of its own first. It is not brought up to
the present schema: the version before would not know that.
"""

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from backup.door import keep_bot_out
from backup.dump import make_dump
from backup.errors import BackupError
from backup.restore import find_backup, restore
from config import Config, ConfigError
from payroll.errors import UnavailableError

BEFORE_ROLLBACK = "before-rollback-"


def step_back(config: Config, dump: str) -> Path:
    """Put the dump back; where what was there is kept. Raises BackupError, having changed nothing."""
    params = config.get_database_params()
    with tempfile.TemporaryDirectory(prefix="fetched-", dir=config.backup_directory) as place, keep_bot_out(params):
        backup = find_backup(dump, Path(place))
        kept, _ = make_dump(params, config.backup_directory, prefix=BEFORE_ROLLBACK)
        restore(backup, params, is_replacing=True)
    return kept.path


def main(arguments: Sequence[str]) -> int:
    """The exit status."""
    try:
        kept = step_back(Config.load(), arguments[0])
    except (BackupError, ConfigError, UnavailableError) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{kept}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
