"""`python -m deploy.step_back DUMP`: the data as they were before an upgrade, for the version before.

The dump goes in place of what the database holds, which is kept in a dump of its own first. It is not brought up to
the present schema: the version before would not know that.
"""

import sys
from pathlib import Path

from backup.door import keep_others_out
from backup.dump import make_dump
from backup.places import Place, open_place
from backup.restore import find_backup, restore
from config import Config
from deploy.telling import tell_path
from program import run

BEFORE_ROLLBACK = "before-rollback-"


def step_back(config: Config, dump: str) -> Path:
    """Put the dump back; where what was there is kept. Raises BackupError, having changed nothing."""
    params = config.get_database_params()
    with keep_others_out(params), open_place(config.backup_directory, Place.FETCHED) as place:
        backup = find_backup(dump, place)
        kept, _ = make_dump(params, config.backup_directory, prefix=BEFORE_ROLLBACK)
        restore(backup, params, is_replacing=True)
    return kept.path


if __name__ == "__main__":
    run(lambda: tell_path(lambda: step_back(Config.load(), sys.argv[1])))
