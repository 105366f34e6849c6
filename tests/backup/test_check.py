"""The nightly check: a dump that is damaged, or does not give what it was made from, is told by its name."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import own_postgres
from backup.check import run_check
from backup.errors import BackupError
from backup.files import Backup, list_backups, name_backup, write_checksum
from backup.log import BackupLog, RunKind
from backup.round import do_what_is_due, is_check_due
from backup.run import run_backup
from config import HERE, Config
from own_cluster import _is_alive
from payroll.business_time import BusinessZone
from pg_schema import PostgresSchema
from sheets_backup.scratch import make_scratch
from tests.backup.conftest import Make
from tests.backup.office import HIRED, flip_a_byte, list_told
from tests.bot.processes import describe_database
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, connect, fetch_all

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


def test_a_damaged_dump_is_set_aside_and_stands_in_the_way_of_no_other(
    make: Make, backup: Backup, config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    clock.now += timedelta(hours=1)
    newest = make().backup
    assert newest is not None
    flip_a_byte(backup.path)
    with pytest.raises(BackupError, match=f"It is called damaged-{backup.path.name} from now on and counts no more"):
        run_check(config, database, clock=clock)
    assert run_check(config, database, clock=clock).backup.path == newest.path
    aside = {path.name for path in newest.path.parent.glob("damaged-*")}
    assert aside == {f"damaged-{path.name}" for path in backup.files}
    clock.now += timedelta(days=400)
    make()
    assert aside == {path.name for path in newest.path.parent.glob("damaged-*")}, "nothing deletes it"


def test_a_dump_whose_checksum_is_damaged_is_set_aside_with_it(
    make: Make, backup: Backup, config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    clock.now += timedelta(hours=1)
    make()
    backup.checksum.write_bytes(b"\xff" + backup.checksum.read_bytes())
    with pytest.raises(BackupError, match=f"{backup.checksum.name} is damaged"):
        run_check(config, database, clock=clock)
    assert not any(path.exists() for path in backup.files)
    assert backup.path.with_name(f"damaged-{backup.path.name}").exists()


def test_with_a_damaged_dump_the_newest_is_restored_all_the_same(
    make: Make, backup: Backup, config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    clock.now += timedelta(hours=1)
    newest = make().backup
    assert newest is not None
    flip_a_byte(backup.path)
    told = json.loads(newest.manifest.read_text())
    told["figures"]["tables"]["shifts"] += 1
    newest.manifest.write_text(json.dumps(told))
    write_checksum(newest, newest.path)
    with pytest.raises(BackupError) as caught:
        run_check(config, database, clock=clock)
    assert f"{backup.path.name} is damaged" in str(caught.value)
    assert f"{newest.path.name} does not give what it was made from" in str(caught.value)


def test_a_dump_of_a_time_to_come_is_not_the_one_that_is_restored(
    backup: Backup, config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    ahead = name_backup(backup.path.parent, backup.tag, clock.now + timedelta(days=365))
    ahead.path.write_bytes(b"no dump at all")
    assert run_check(config, database, clock=clock).backup == list_backups(backup.path.parent)[0]


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
        pytest.param(-9000, True, id="the last was of a wrong clock, a year ahead"),
    ],
)
def test_a_check_is_due_once_it_has_been_night(hours: int, *, is_due: bool) -> None:
    assert is_check_due(EVENING, EVENING + timedelta(hours=hours), NEW_YORK) is is_due


def test_the_first_check_is_due_at_once() -> None:
    assert is_check_due(None, EVENING, NEW_YORK)


# --- where the role may make no database, and where a check is cut off ----------------------------------------------


@pytest.fixture
def own_server(config: Config, database: dict[str, Any], tmp_path: Path) -> Config:
    """The database's role may not make a scratch database, and the directory of data is none that can be made."""
    (tmp_path / "file").touch()
    return replace(config, database=database, data_dir=tmp_path / "file" / "data")


def test_a_role_that_may_make_no_database_has_a_server_in_the_directory_of_backups_for_that_minute(
    backup: Backup, own_server: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    before = sorted(backup.path.parent.iterdir())
    assert run_check(own_server, database, clock=clock).figures.tables["shifts"] == HIRED
    assert sorted(backup.path.parent.iterdir()) == before


@pytest.fixture
def backed_up(run_dir: Path, config: Config, clock: SteppingClock) -> Iterator[dict[str, Any]]:
    """A database with a backup, whose role may make no database, whichever server the tests' others are on."""
    with own_postgres.lease(run_dir / "data", database="backed_up") as lease:
        PostgresSchema(**lease.params, config=Config()).init_schema()
        run_backup(config, lease.params, is_forced=True, clock=clock)
        yield lease.params


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_of_a_check_that_was_cut_off_nothing_is_left_after_the_next(
    how: signal.Signals, backed_up: dict[str, Any], config: Config, clock: SteppingClock, tmp_path: Path
) -> None:
    directory = config.backup_directory
    before = sorted(directory.iterdir())
    settings = {**describe_database(backed_up), "DATA_DIR": str(tmp_path), "BACKUP_DIR": str(directory)}
    command = [sys.executable, "-m", "backup", "check"]
    with subprocess.Popen(command, cwd=HERE, env={**os.environ, **settings}, stdout=subprocess.PIPE) as process:
        pid = wait_for_a_server(directory)
        process.send_signal(how)
    assert process.returncode == (128 + how if how == signal.SIGTERM else -how)
    assert (sorted(directory.iterdir()) == before) is (how == signal.SIGTERM)
    for prefix in ("fetched-", "move-"):
        (directory / f"{prefix}1a2b3c4d").mkdir()
    run_check(config, backed_up, clock=clock)
    assert sorted(directory.iterdir()) == before
    assert not _is_alive(pid)


def wait_for_a_server(directory: Path) -> int:
    deadline = time.monotonic() + 60
    while True:
        assert time.monotonic() < deadline
        for path in directory.glob("restore-check-*/data/postgres/postmaster.pid"):
            lines = path.read_text().splitlines()
            if len(lines) > 7 and lines[7].strip() == "ready":
                return int(lines[0])
        time.sleep(0.01)


def test_a_scratch_database_goes_with_the_next_check_once_its_maker_is_gone(
    backup: Backup, config: Config, database: dict[str, Any], clock: SteppingClock, server: DatabaseServer
) -> None:
    with connect(server.maker) as maker, make_scratch(server.maker, server.owner) as in_use:
        left = ["restore_check_1_0a1b2c3d", "restore_check_0a1b2c3d4e5f"]
        for name in left:
            maker.execute(f"CREATE DATABASE {name}")
        run_check(config if server.owner else replace(config, database=database), database, clock=clock)
        there = maker.execute("SELECT datname FROM pg_database WHERE datname = ANY (%s)", [[*left, in_use["database"]]])
        assert there.fetchall() == [(in_use["database"],)]


def test_what_the_database_refuses_during_a_check_is_told_too(
    backup: Backup, config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    nowhere = replace(config, database={**database, "database": "nowhere"})
    with pytest.raises(BackupError, match="The database refused it"):
        run_check(nowhere, database, clock=clock)
    assert [what for what, _ in list_told(database)] == ["checked"]
    assert list_checks(database) == [("failed",)]


def test_what_a_disk_refuses_is_told_too(database: dict[str, Any], clock: SteppingClock) -> None:
    with (
        BackupLog(database, clock) as log,
        pytest.raises(BackupError, match="/backups: No space left on device"),
        log.noting(RunKind.CHECKED, clock()),
    ):
        raise OSError(28, "No space left on device", "/backups")
    assert list_checks(database) == [("failed",)]
