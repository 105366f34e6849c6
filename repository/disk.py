"""How full a disk is, and from when on that matters (FAULTS "Disk full")."""

import shutil
from dataclasses import dataclass
from pathlib import Path

NARROW_PCT = 80
"""From here on the admins are told."""
FULL_PCT = 90
"""From here on nothing is written but what shifts and pay need."""


@dataclass(frozen=True, slots=True)
class DiskState:
    """A disk, as `df` tells it to somebody who is not root."""

    total_bytes: int
    free_bytes: int
    used_pct: int
    """Of what may be used, rounded up."""


def check_disk(path: Path) -> DiskState:
    """The disk on which a directory is. Raises OSError."""
    usage = shutil.disk_usage(path)
    usable = usage.used + usage.free
    return DiskState(usage.total, usage.free, -(-usage.used * 100 // usable) if usable else 100)
