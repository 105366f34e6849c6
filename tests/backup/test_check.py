"""The nightly check: a dump that is damaged, or does not give what it was made from, is told by its name."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backup.check import run_check
from backup.errors import BackupError
from backup.files import Backup, write_checksum
from backup.round import do_what_is_due, is_check_due
from config import Config
from payroll.business_time import BusinessZone
from tests.backup.conftest import Make
from tests.backup.office import HIRED, flip_a_byte, list_told
from tests.clock import SteppingClock
from tests.databases import fetch_all

NEW_YORK = BusinessZone.named("America/New_York")
EVENING = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)


@pytest.fixture
def config(config: Config, run_dir: Path) -> Config:
    """As elsewhere, but the server is the one that comes along: the check makes its scratch database there."""
    return Config(data_dir=run_dir / "data", backup_dir=config.backup_directory)


def list_checks(database: dict[str, Any]) -> list[tuple[Any, ...]]:
    return fetch_all(database, "SELECT status FROM backup_runs WHERE kind = 'checked' ORDER BY id")


def test_a_good_backup_is_restored_compared_and_nothing_of_that_stays(
    make: Make, config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    make()
    databases = fetch_all(database, "SELECT datname FROM pg_database ORDER BY datname")
    checked = run_check(config, database, clock=clock)
    assert checked.is_compared
    assert checked.figures.tables["shifts"] == HIRED
    assert fetch_all(database, "SELECT datname FROM pg_database ORDER BY datname") == databases
    assert list_checks(database) == [("ok",)]


def test_a_flipped_byte_in_any_dump_is_told_to_the_admins_by_the_files_name(
    make: Make, backup: Backup, config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    clock.now += timedelta(hours=1)
    made = make()
    assert made.backup not in (None, backup)
    flip_a_byte(backup.path)
    with pytest.raises(BackupError, match=backup.path.name):
        run_check(config, database, clock=clock)
    assert [(what, error.split()[0]) for what, error in list_told(database)] == [("checked", backup.path.name)]
    assert list_checks(database) == [("failed",)]


def test_a_dump_that_does_not_give_its_figures_is_told_with_what_differs(
    backup: Backup, config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    told = json.loads(backup.manifest.read_text())
    told["figures"]["ledger"]["shift recorded"][1] = "1.00"
    told["figures"]["months"]["2026-08"][1] = "0" * 64
    backup.manifest.write_text(json.dumps(told))
    write_checksum(backup, backup.path)
    with pytest.raises(BackupError, match=r"ledger lines.* shift recorded: 12 1\.00 .*; shifts and hash of 2026-08"):
        run_check(config, database, clock=clock)
    assert [what for what, _ in list_told(database)] == ["checked"]


def test_where_there_is_no_backup_that_is_told(config: Config, database: dict[str, Any], clock: SteppingClock) -> None:
    with pytest.raises(BackupError, match="There is no backup of this database"):
        run_check(config, database, clock=clock)


def test_what_is_due_is_a_backup_an_hour_and_a_check_a_night(
    config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    for _ in range(8):
        do_what_is_due(config, database, clock=clock)
        clock.now += timedelta(hours=3)
    runs = fetch_all(database, "SELECT kind, count(*) FROM backup_runs GROUP BY kind ORDER BY kind")
    assert runs == [("checked", 2), ("made", 8)]


@pytest.mark.parametrize(
    ("hours", "is_due"),
    [
        pytest.param(6, False, id="2 in the morning"),
        pytest.param(8, True, id="3 in the morning has passed"),
        pytest.param(400, True, id="after weeks without power"),
        pytest.param(-5, False, id="the clock was put back"),
    ],
)
def test_a_check_is_due_once_it_has_been_night(hours: int, *, is_due: bool) -> None:
    assert is_check_due(EVENING, EVENING + timedelta(hours=hours), NEW_YORK) is is_due


def test_the_first_check_is_due_at_once() -> None:
    assert is_check_due(None, EVENING, NEW_YORK)
