"""A disk of a few kilobytes or megabytes, in memory."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

NEEDS = (
    "a small disk of its own cannot be had: `mount -t tmpfs` is refused. Run this as root, or inside of "
    "`unshare --user --mount --map-root-user`"
)


@contextlib.contextmanager
def mount_small_disk(place: Path, size: str) -> Iterator[Path]:
    """An empty disk of a size such as `192m`, until the block ends."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0755", "none", str(place)]
    try:
        done = subprocess.run(mount, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.fail(f"{NEEDS} ({done.stderr.strip()})", pytrace=False)
        yield place
        subprocess.run(["umount", str(place)], check=True)
    finally:
        place.rmdir()
