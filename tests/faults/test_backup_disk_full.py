"""Backups where a disk is full to the last byte: nothing half stays, the admins hear why, and with room it goes on."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from backup.errors import BackupError
from backup.files import list_backups, verify_checksum
from backup.run import run_backup
from config import Config
from postgres_service import PostgresService
from tests.backup.office import fill, list_told
from tests.clock import SteppingClock
from tests.faults.small_disk import mount_small_disk

DISK = "1m"


@pytest.fixture
def small_disk(run_dir: Path) -> Iterator[Path]:
    """A disk with room for a few backups."""
    with mount_small_disk(run_dir / "small-disk", DISK) as place:
        yield place


@pytest.mark.parametrize("which", ["the backups'", "the copies'"])
def test_a_disk_fills_up_and_has_room_again(
    which: str,
    small_disk: Path,
    database: dict[str, Any],
    service: PostgresService,
    clock: SteppingClock,
    tmp_path: Path,
) -> None:
    fill(service, shifts=4)
    is_local = which == "the backups'"
    config = Config(
        database=database,
        data_dir=tmp_path,
        backup_dir=small_disk if is_local else None,
        backup_target=None if is_local else str(small_disk),
    )
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 950_000)

    def run() -> str | None:
        clock.now += timedelta(hours=1)
        try:
            return run_backup(config, database, is_forced=True, clock=clock).copy_error
        except BackupError as error:
            return str(error)

    said = [run(), run()]
    assert all("No space left on device" in str(one) for one in said), said
    assert [path.name for path in small_disk.iterdir()] == ["ballast"]
    assert [(what, "No space left on device" in error) for what, error in list_told(database)] == [
        ("made" if is_local else "copied", True)
    ]
    ballast.unlink()
    assert run() is None
    there = list_backups(small_disk)
    assert there
    assert all(verify_checksum(one) for one in there)
    print(f"{which} disk: full twice, told once, {len(there)} backups when there was room")
