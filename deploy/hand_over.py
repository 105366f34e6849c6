"""`python -m deploy.hand_over BACKUP DIRECTORY`: a copy of a backup that another account can then have.

For root, who can read what lies on a disk of another machine; the bot's account, which restores it, most often cannot.
"""

import sys
from collections.abc import Mapping
from pathlib import Path

from backup.files import copy_whole
from backup.restore import find_backup
from config import Config
from deploy.telling import tell_path
from program import run


def hand_over(spec: str, into: Path, environment: Mapping[str, str] | None = None) -> Path:
    """Copy a dump with what lies beside it, or the newest of a folder or a target, into an empty directory.

    Where the dump is then; its files are for their owner only. A target's program gets `environment`, such as
    RESTIC_PASSWORD_FILE. Raises BackupError, OSError.
    """
    backup = find_backup(spec, into, environment)
    if backup.path.is_relative_to(into):  # brought from a target
        return backup.path
    for path in backup.files:
        if path.exists():
            copy_whole(path, into / path.name)
    return into / backup.path.name


if __name__ == "__main__":
    run(lambda: tell_path(lambda: hand_over(sys.argv[1], Path(sys.argv[2]), Config.load().program_settings)))
