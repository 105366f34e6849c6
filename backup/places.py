"""Directories for the time of a check, a restore or a move: what a killed one left is cleared away by the next run."""

import fcntl
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path

import own_postgres
from backup.files import make_directory

_LOCK = "in-use"
_log = logging.getLogger(__name__)


class Place(StrEnum):
    """What a directory is for, as its name begins."""

    CHECK = "restore-check-"
    FETCHED = "fetched-"
    MOVE = "move-"


@contextmanager
def open_place(directory: Path, what: Place) -> Iterator[Path]:
    """A directory of one's own inside another one, until the block ends. Raises BackupError, OSError."""
    make_directory(directory)
    with tempfile.TemporaryDirectory(prefix=what, dir=directory) as place:
        # Held by the kernel: of a process that was killed nobody has to know.
        fd = os.open(Path(place) / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield Path(place)
        finally:
            os.close(fd)


def clear_places(*directories: Path) -> None:
    """Remove what killed runs left in these directories: the data of everybody, and a server that may run still.

    What cannot be removed is logged, and tried again the next time.
    """
    for left in (path for directory in directories for what in Place for path in directory.glob(f"{what}*")):
        try:
            if left.is_dir() and not _is_in_use(left):
                own_postgres.stop(left / "data")
                shutil.rmtree(left)
        except (OSError, own_postgres.OwnPostgresError) as error:
            _log.warning("backup: %s, which was left behind, cannot be removed: %s", left, error)


def _is_in_use(place: Path) -> bool:
    try:
        fd = os.open(place / _LOCK, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(fd)
    return False
