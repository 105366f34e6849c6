"""Moving the data to another PostgreSQL: dump, restore, compare."""

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backup.door import keep_bot_out
from backup.dump import make_dump
from backup.files import make_directory
from backup.restore import Restored, restore


def move(source: Mapping[str, Any], target: Mapping[str, Any], directory: Path) -> Restored:
    """Fill an empty database with everything of another one, which stays as it is.

    Bots are kept out of both meanwhile. `directory` is where the dump lies for that time. Raises BackupError, having
    changed nothing, where a bot works with either, the target holds anything, or the figures differ.
    """
    with keep_bot_out(source), keep_bot_out(target):
        make_directory(directory)
        with tempfile.TemporaryDirectory(prefix="move-", dir=directory) as place:
            backup, _ = make_dump(source, Path(place))
            return restore(backup, target)
