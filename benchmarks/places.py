"""Directories of the benchmarks: what a killed run left, a server included, goes when the next one starts."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import own_postgres

_PREFIX = "shift-bot-benchmarks-"
_LOCK = "in-use"
SERVER = "server"
"""Where a server of ours may be in such a directory."""


@contextmanager
def open_place() -> Iterator[Path]:
    """A directory of one's own until the block ends; those that nobody holds any more are cleared away first."""
    base = Path(tempfile.gettempdir())
    for left in base.glob(f"{_PREFIX}*"):
        _clear(left)
    with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=base) as place:
        # Held by the kernel: of a process that was killed nobody has to know.
        fd = os.open(Path(place) / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX)
            yield Path(place)
        finally:
            os.close(fd)


def _clear(left: Path) -> None:
    try:
        fd = os.open(left / _LOCK, os.O_RDWR | os.O_CLOEXEC)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return  # just being made, or somebody else's
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        own_postgres.stop(left / SERVER)
        shutil.rmtree(left)
    except BlockingIOError:
        return
    finally:
        os.close(fd)
