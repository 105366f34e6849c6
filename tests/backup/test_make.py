"""Making a backup: whole files or none, figures of the same snapshot, one at a time."""

import hashlib
import json
import os
import resource
import shutil
import stat
import subprocess
import sys
import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import backup.__main__ as command
from backup.dump import make_dump, read_manifest
from backup.errors import BackupError, BusyError, mask
from backup.files import Backup, find_newest, list_backups, name_backup, verify_checksum
from backup.log import BackupLog
from backup.programs import describe_connection, find_pg_dump, find_pg_restore, list_installations
from backup.restore import restore
from backup.run import run_backup
from config import HERE, Config
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from tests.backup.conftest import Make
from tests.backup.office import HIRED, fill, list_told, measure
from tests.bot.processes import describe_database
from tests.clock import SteppingClock
from tests.databases import connect, fetch_all

LARGEST = 60_000
"""Bytes that a file may have: at that many pg_dump is killed."""


def test_a_backup_is_three_files_for_their_owner_only(backup: Backup) -> None:
    assert sorted(path.name for path in backup.path.parent.iterdir()) == sorted(path.name for path in backup.files)
    assert {stat.S_IMODE(path.stat().st_mode) for path in backup.files} == {0o600}
    assert stat.S_IMODE(backup.path.parent.stat().st_mode) == 0o700


def test_the_checksums_are_as_sha256sum_reads_them(backup: Backup) -> None:
    digests = dict(line.split("  ")[::-1] for line in backup.checksum.read_text().splitlines())
    assert digests == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (backup.path, backup.manifest)
    }


def test_the_figures_beside_it_are_those_of_the_database(backup: Backup, database: dict[str, Any]) -> None:
    manifest = read_manifest(backup)
    assert manifest is not None
    assert manifest.figures.tables["shifts"] == HIRED
    assert set(manifest.figures.months) == {"2026-08"}
    lines, credit, debit = manifest.figures.ledger["shift recorded"]
    booked = fetch_all(database, "SELECT count(*), sum(units)::text FROM balance_transactions")
    assert [(lines, credit)] == booked
    assert debit == "0"
    told = json.loads(backup.manifest.read_text())
    assert backup.tag == told["database_uuid"][:8]


def test_no_name_and_no_note_of_anybody_stands_beside_a_dump(backup: Backup) -> None:
    assert not any(word in backup.manifest.read_text() for word in ("Anna", "Dmytro", "Olga", "second line"))


def test_what_is_written_meanwhile_is_in_the_dump_and_in_the_figures_or_in_neither(
    database: dict[str, Any], empty_database: dict[str, Any], service: PostgresService, tmp_path: Path
) -> None:
    fill(service, shifts=2)
    has_begun, is_over = threading.Event(), threading.Event()

    def sell_on() -> None:
        with connect(database) as connection:
            while not is_over.is_set():
                connection.execute("INSERT INTO schema_metadata VALUES (gen_random_uuid()::text, 'x')")
                has_begun.set()

    writer = threading.Thread(target=sell_on)
    writer.start()
    try:
        assert has_begun.wait(20)
        backup, manifest = make_dump(database, tmp_path)
    finally:
        is_over.set()
        writer.join()
    restored = restore(backup, empty_database)
    assert restored.figures == manifest.figures
    assert measure(database).tables["schema_metadata"] > manifest.figures.tables["schema_metadata"] > 3


def test_a_fresh_backup_is_enough_and_an_hour_later_another_is_made(
    config: Config, database: dict[str, Any], filled: PostgresService, clock: SteppingClock
) -> None:
    assert run_backup(config, database, clock=clock).backup is not None
    clock.now += timedelta(minutes=54)
    assert run_backup(config, database, clock=clock).backup is None
    clock.now += timedelta(minutes=6)
    assert run_backup(config, database, clock=clock).backup is not None
    assert len(list_backups(config.backup_directory)) == 2


def test_backup_every_says_how_fresh_is_fresh(
    config: Config, database: dict[str, Any], filled: PostgresService, clock: SteppingClock
) -> None:
    often = replace(config, backup_every=10)
    assert run_backup(often, database, clock=clock).backup is not None
    clock.now += timedelta(minutes=6)
    assert run_backup(often, database, clock=clock).backup is not None


def test_never_two_at_once(config: Config, database: dict[str, Any], make: Make, clock: SteppingClock) -> None:
    with BackupLog(database, clock), pytest.raises(BusyError):
        make()
    assert make().backup is not None


@pytest.mark.parametrize(
    ("words", "status"),
    [
        pytest.param(["make"], 0, id="a timer: it is being done"),
        pytest.param(["check"], 0, id="a timer of checks"),
        pytest.param(["make", "--now"], command.BUSY, id="who needs a dump of this very moment"),
        pytest.param(["restore", "."], command.BUSY, id="who would restore into it"),
        pytest.param(["move", "own"], command.BUSY, id="who would move it"),
    ],
)
def test_who_needs_it_done_learns_by_the_status_that_another_backup_is_at_work(
    words: list[str],
    status: int,
    config: Config,
    database: dict[str, Any],
    filled: PostgresService,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(Config, "load", classmethod(lambda _cls: config))
    monkeypatch.setattr(command, "_read_place", lambda *_: database)
    with BackupLog(database, clock):
        assert command.main(words) == status
    assert "Another backup of this database is at work." in "".join(capsys.readouterr())


# --- a clock that was wrong, a disk that is nearly full --------------------------------------------------------------


@pytest.mark.parametrize("back", [timedelta(minutes=20), timedelta(hours=5), timedelta(days=900)])
def test_the_backup_just_made_stays_where_the_clock_was_put_back(
    back: timedelta, make: Make, config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    clock.now += timedelta(minutes=50)
    ahead = make().backup
    assert ahead is not None
    clock.now -= back
    made = make().backup
    assert made is not None
    assert made.taken_at == clock.now
    assert verify_checksum(made)
    assert verify_checksum(ahead), "it is a backup all the same"
    assert fetch_all(database, "SELECT status FROM backup_runs ORDER BY id") == [("ok",), ("ok",)]


def test_dumps_of_a_time_to_come_push_no_other_out(make: Make, config: Config, clock: SteppingClock) -> None:
    tag = make().backup.tag  # type: ignore[union-attr]
    ahead = [name_backup(config.backup_directory, tag, clock.now + timedelta(days=30 * n)) for n in range(1, 40)]
    for one in ahead:
        one.path.write_bytes(b"of a wrong clock")
    clock.now += timedelta(hours=1)
    make()
    assert len(list_backups(config.backup_directory)) == 2 + len(ahead)


def test_a_dump_of_a_time_to_come_is_not_the_newest_and_that_is_said(
    backup: Backup, clock: SteppingClock, caplog: pytest.LogCaptureFixture
) -> None:
    folder = backup.path.parent
    ahead = name_backup(folder, backup.tag, clock.now + timedelta(days=2))
    ahead.path.touch()
    assert find_newest(list_backups(folder), "here", clock.now).path == backup.path
    assert f"{ahead.path.name} is left out" in caplog.text
    with pytest.raises(BackupError, match="set the clock of this machine right"):
        find_newest([ahead], "here", clock.now)


def test_on_a_disk_that_is_nearly_full_one_is_made_only_when_somebody_says_so(
    config: Config,
    database: dict[str, Any],
    filled: PostgresService,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usage = shutil.disk_usage("/")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(total=1000, used=889, free=111))
    assert run_backup(config, database, clock=clock).backup is not None
    clock.now += timedelta(hours=1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(total=1000, used=891, free=109))
    with pytest.raises(BackupError, match="is 90 % full, so no backup is made by itself"):
        run_backup(config, database, clock=clock)
    assert [what for what, _ in list_told(database)] == ["made"]
    assert run_backup(config, database, is_forced=True, clock=clock).backup is not None


def test_what_a_cut_off_backup_left_goes_with_the_next_one(make: Make, config: Config, backup: Backup) -> None:
    half = backup.path.with_name(f".{backup.path.name}.1a2b3c4d.part")
    other = backup.path.with_name(f".{backup.path.name.replace(backup.tag, '00000000')}.1a2b3c4d.part")
    alone = name_backup(backup.path.parent, backup.tag, backup.taken_at + timedelta(hours=1)).manifest
    for path in (half, other, alone):
        path.write_bytes(b"half")
    backup.path.rename(backup.path.with_name("kept"))
    make()
    assert not half.exists()
    assert not alone.exists()
    assert other.exists(), "another database's may be in the making"


def test_a_dump_that_is_cut_off_leaves_nothing_half_and_is_told_to_the_admins_once(
    backup: Backup, config: Config, database: dict[str, Any]
) -> None:
    before = sorted(config.backup_directory.iterdir())

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST, LARGEST))

    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "backup", "make", "--now"],
            cwd=HERE,
            env=_describe(config, database),
            preexec_fn=limit,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "pg_dump failed" in done.stderr
        assert "Traceback" not in done.stderr
    assert sorted(config.backup_directory.iterdir()) == before
    assert [(what, error.partition(":")[0]) for what, error in list_told(database)] == [("made", "pg_dump failed")]


def test_a_failure_is_told_again_after_a_day_and_after_it_was_well_between(
    make: Make, config: Config, database: dict[str, Any], clock: SteppingClock
) -> None:
    def fail(after: timedelta) -> int:
        clock.now += after
        config.backup_directory.parent.mkdir(exist_ok=True)
        config.backup_directory.write_text("no directory")
        with pytest.raises(BackupError, match="cannot be made"):
            make()
        config.backup_directory.unlink()
        return len(list_told(database))

    hour = timedelta(hours=1)
    assert [fail(hour), fail(hour), fail(timedelta(days=1)), fail(hour)] == [1, 1, 2, 2]
    clock.now += hour
    made = make()
    assert made.backup is not None
    for path in made.backup.files:
        path.unlink()
    config.backup_directory.rmdir()
    assert fail(hour) == 3


def test_a_database_without_tables_is_no_backup(empty_database: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="nothing to back up"):
        make_dump(empty_database, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_an_older_schema_is_backed_up_before_it_is_upgraded(
    config: Config, database: dict[str, Any], filled: PostgresService, clock: SteppingClock
) -> None:
    with PostgresSchema(**database).connect_as_owner() as owner:
        owner.execute("DROP TABLE backup_runs")
        owner.execute("UPDATE alembic_version SET version_num = '0010'")
    made = run_backup(config, database, clock=clock)
    assert made.backup is not None
    manifest = read_manifest(made.backup)
    assert manifest is not None
    assert manifest.schema_version == 10


def test_pg_dump_is_the_nearest_that_is_not_older_and_pg_restore_the_newest() -> None:
    installed = list_installations()
    assert find_pg_dump(min(installed)) == installed[min(installed)] / "pg_dump"
    assert find_pg_dump(max(installed)) == installed[max(installed)] / "pg_dump"
    assert find_pg_restore() == installed[max(installed)] / "pg_restore"
    with pytest.raises(BackupError, match="sudo apt install postgresql-client-99"):
        find_pg_dump(99)


def test_no_list_of_processes_shows_the_password() -> None:
    given = {"host": "h", "port": 5432, "database": "d", "user": "u", "password": "geheim", "sslmode": "require"}
    connection, environment = describe_connection(given)
    assert "geheim" not in connection
    assert "sslmode=require" in connection
    assert environment == {"PGPASSWORD": "geheim"}
    with pytest.raises(BackupError, match="DATABASE_URL has sslpassword"):
        describe_connection({**given, "sslpassword": "x"})


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("at postgresql://bot:geheim@host/db?x=1", "at postgresql://bot:***@host/db?x=1"),
        ("rest:https://bot:ge@heim@host/", "rest:https://bot:***@host/"),
        ("postgresql:///db?user=bot&password=geheim&port=1", "postgresql:///db?user=bot&password=***&port=1"),
    ],
)
def test_no_address_is_told_with_its_password(address: str, shown: str) -> None:
    assert mask(address) == shown
    assert str(BackupError(address)) == shown


def _describe(config: Config, database: dict[str, Any]) -> dict[str, str]:
    return {**os.environ, **describe_database(database), "DATA_DIR": str(config.data_dir)}
