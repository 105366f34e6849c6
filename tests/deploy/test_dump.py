"""The dump before an upgrade, and the copy of a backup that another account can have."""

import json
import stat
import threading
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from backup.dump import make_dump
from backup.errors import BackupError, BusyError
from backup.files import Backup, list_backups, verify_checksum
from backup.keep import remove_unneeded
from backup.log import BackupLog
from config import Config
from deploy.dump import dump
from deploy.hand_over import hand_over
from deploy.step_back import step_back
from payroll.business_time import BusinessZone
from postgres_service import PostgresService
from repository.clock import read_system_clock
from tests.databases import fetch_all

SHIFT = {
    "employee_id": 100, "employee_name": "Alice", "shift_date": "2026-11-10", "time_in": "09:00", "time_out": "17:00",
    "products": {"Model A": 500},
}  # fmt: skip


@pytest.fixture
def config(database: dict[str, Any], tmp_path: Path, service: PostgresService) -> Config:
    service.create_shift(SHIFT)
    return Config(database=database, backup_dir=tmp_path / "my backups")


def test_it_is_there_for_the_way_back_whatever_backups_are_made_since(
    config: Config, database: dict[str, Any], service: PostgresService
) -> None:
    kept = dump(config)
    assert kept.name.startswith("before-upgrade-shiftbot-")
    service.create_shift({**SHIFT, "shift_date": "2026-11-11"})
    times = (read_system_clock() + timedelta(hours=hours) for hours in range(1, 31))
    for _ in range(30):
        make_dump(database, config.backup_directory, clock=partial(next, times))
    assert remove_unneeded(list_backups(config.backup_directory), BusinessZone.named("UTC")) != []
    step_back(config, str(kept))
    assert fetch_all(database, "SELECT count(*) FROM shifts") == [(1,)]


def test_it_waits_for_a_backup_that_is_at_work(config: Config, database: dict[str, Any]) -> None:
    other = BackupLog(database, read_system_clock)
    with pytest.raises(BusyError):
        dump(config, patience_seconds=0)
    ends = threading.Timer(1.5, other.__exit__, (None, None, None))
    ends.start()
    assert dump(config).exists()
    ends.join()


# --- handed over -----------------------------------------------------------------------------------------------------


@pytest.fixture
def made(config: Config, database: dict[str, Any]) -> Backup:
    return make_dump(database, config.backup_directory)[0]


@pytest.fixture
def into(tmp_path: Path) -> Path:
    (tmp_path / "into").mkdir()
    return tmp_path / "into"


@pytest.mark.parametrize("what", ["the file", "its folder"])
def test_a_backup_is_copied_with_what_lies_beside_it(made: Backup, into: Path, what: str) -> None:
    path = hand_over(str(made.path if what == "the file" else made.path.parent), into)
    copy = Backup(path, made.tag, made.taken_at)
    assert path.parent == into
    assert {file.name for file in into.iterdir()} == {file.name for file in made.files}
    assert verify_checksum(copy)
    assert json.loads(copy.manifest.read_text())["schema_version"] > 0
    assert {stat.S_IMODE(file.stat().st_mode) for file in copy.files} == {0o600}


def test_a_dump_alone_is_copied_alone(made: Backup, into: Path) -> None:
    made.manifest.unlink()
    made.checksum.unlink()
    hand_over(str(made.path), into)
    assert [file.name for file in into.iterdir()] == [made.path.name]


def test_what_is_no_backup_is_said(into: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="There is no backup in"):
        hand_over(str(into), into)
    with pytest.raises(BackupError, match="There is no backup"):
        hand_over(str(tmp_path / "gone.dump"), into)
