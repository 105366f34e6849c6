"""Moving the data to another PostgreSQL: dump, restore, compare."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backup.door import keep_others_out
from backup.dump import make_dump
from backup.places import Place, open_place
from backup.restore import Restored, restore


def move(source: Mapping[str, Any], target: Mapping[str, Any], directory: Path) -> Restored:
    """Fill an empty database with everything of another one, which stays as it is.

    Bots and other backups are kept out of both meanwhile. `directory` is where the dump lies for that time. Raises
    BackupError, having changed nothing, where a bot works with either, the target holds anything, the figures differ.
    """
    with keep_others_out(source), keep_others_out(target), open_place(directory, Place.MOVE) as place:
        backup, _ = make_dump(source, place)
        return restore(backup, target, is_move=True)
