"""Restoring: everything and compared, or nothing; into an empty database only."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import backup.__main__ as command
from backup.dump import make_dump
from backup.errors import BackupError
from backup.files import Backup, write_checksum
from backup.restore import find_backup, restore
from config import HERE, Config
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.poll_lock import PollLock
from repository.timeline import NUMBERS_AHEAD
from sql import get_newest_version
from sql.catalog import list_differences, read_catalog
from tests.backup.office import HIRED, fill, flip_a_byte, measure
from tests.bot.processes import describe_database
from tests.databases import DatabaseServer, connect, fetch_all, temporary_database
from tests.upgrades.earlier import build


def run(monkeypatch: pytest.MonkeyPatch, config: Config, *arguments: str) -> int:
    """The command with these settings; its exit status."""
    monkeypatch.setattr(Config, "load", classmethod(lambda _cls: config))
    return command.main(["restore", *arguments])


def read_parts(connection: Any) -> dict[str, str]:
    """The schema without parentheses, some of which PostgreSQL leaves out when it reads its own text."""
    return {part: re.sub("[()]", "", told) for part, told in read_catalog(connection).items()}


def rewrite_figures(backup: Backup, table: str, rows: int) -> None:
    """Say beside the dump that a table has another number of rows, with a checksum that holds."""
    told = json.loads(backup.manifest.read_text())
    told["figures"]["tables"][table] = rows
    backup.manifest.write_text(json.dumps(told))
    write_checksum(backup, backup.path)


def test_into_an_empty_database_everything_comes_back(
    backup: Backup, database: dict[str, Any], empty_database: dict[str, Any]
) -> None:
    restored = restore(backup, empty_database)
    assert restored.is_verified
    assert restored.is_compared
    assert restored.figures.tables["shifts"] == HIRED
    with connect(database) as one, connect(empty_database) as other:
        assert list_differences(read_parts(one), read_parts(other)) == []
        rows = "SELECT s::text FROM shifts s ORDER BY shift_id"
        assert one.execute(rows).fetchall() == other.execute(rows).fetchall()


def test_the_bot_works_on_with_its_own_rights_and_the_next_numbers(
    backup: Backup, empty_database: dict[str, Any]
) -> None:
    restore(backup, empty_database)
    with PostgresService(**empty_database) as service:
        assert service.get_next_id() == HIRED + NUMBERS_AHEAD
        fill_one = {"employee_id": 101, "employee_name": "Anna", "shift_date": "2026-11-10"}
        shift_id = service.create_shift({**fill_one, "time_in": "09:00", "time_out": "17:00", "products": {}})
        assert shift_id == HIRED + NUMBERS_AHEAD
        assert service.reconciliation.run().differences == ()
    login_rights = (
        "SELECT has_table_privilege('balance_transactions', 'UPDATE'), has_table_privilege('shifts', 'UPDATE')"
    )
    with connect(empty_database) as connection:
        owner = connection.execute("SELECT tableowner <> current_user FROM pg_tables WHERE tablename = 'shifts'")
        has_two_roles = owner.fetchall()[0][0]
        assert connection.execute(login_rights).fetchall() == [(not has_two_roles, True)]


def test_a_database_that_was_only_started_counts_as_empty(
    backup: Backup, server: DatabaseServer, template: str
) -> None:
    with temporary_database(server, template) as started:
        assert restore(backup, started).figures.tables["shifts"] == HIRED


def test_a_database_with_anything_in_it_is_left_alone(backup: Backup, server: DatabaseServer, template: str) -> None:
    with temporary_database(server, template) as used:
        with PostgresService(**used) as service:
            service.people.ensure_owner(1, "Max")
        before = measure(used)
        with pytest.raises(BackupError, match=r"is not empty \(employee_settings 1, employees 1\)"):
            restore(backup, used)
        assert measure(used) == before


def test_replacing_keeps_what_was_there_first(
    backup: Backup,
    config: Config,
    database: dict[str, Any],
    filled: PostgresService,
    empty_database: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filled.close()
    with PostgresService(**database) as service:
        service.people.ensure_owner(1, "Max")
    before = measure(database)
    assert run(monkeypatch, config, str(backup.path), "--replace") == 0
    assert measure(database).tables["employees"] == before.tables["employees"] - 1
    kept = next(path for path in config.backup_directory.glob("before-restore-*.dump"))
    assert restore(find_backup(str(kept), config.backup_directory), empty_database).figures == before


@pytest.mark.parametrize("place", [0, None, -1])
def test_a_flipped_byte_is_reported_by_the_files_name_and_nothing_is_changed(
    backup: Backup, empty_database: dict[str, Any], place: int | None
) -> None:
    flip_a_byte(backup.path, place)
    with pytest.raises(BackupError, match=rf"^{backup.path.name} is damaged"):
        restore(backup, empty_database)
    assert fetch_all(empty_database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_flipped_byte_in_the_figures_is_reported_too(backup: Backup, empty_database: dict[str, Any]) -> None:
    flip_a_byte(backup.manifest)
    with pytest.raises(BackupError, match=rf"^{backup.manifest.name} is damaged"):
        restore(backup, empty_database)


def test_half_a_dump_without_a_checksum_changes_nothing(backup: Backup, empty_database: dict[str, Any]) -> None:
    for path in (backup.checksum, backup.manifest):
        path.unlink()
    content = backup.path.read_bytes()
    backup.path.write_bytes(content[: len(content) * 3 // 4])
    with pytest.raises(BackupError, match=r"pg_restore failed|ends in the middle|refused"):
        restore(backup, empty_database)
    assert fetch_all(empty_database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(0,)]


def test_a_lonely_dump_is_restored_and_it_is_said_that_nothing_vouches_for_it(
    backup: Backup,
    config: Config,
    empty_database: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for path in (backup.checksum, backup.manifest):
        path.unlink()
    assert run(monkeypatch, replace(config, database=empty_database), str(backup.path)) == 0
    said = capsys.readouterr().out
    assert "no figures beside it to compare" in said
    assert f"No {backup.checksum.name} lay beside it" in said


def test_figures_that_differ_undo_it_also_where_it_replaces(backup: Backup, database: dict[str, Any]) -> None:
    before = measure(database)
    rewrite_figures(backup, "shifts", HIRED + 1)
    with pytest.raises(BackupError, match=rf"rows of shifts: {HIRED + 1} expected, {HIRED} found"):
        restore(backup, database, is_replacing=True)
    assert measure(database) == before


def test_killed_in_the_middle_it_has_changed_nothing_and_goes_through_the_next_time(
    backup: Backup, config: Config, database: dict[str, Any], server: DatabaseServer
) -> None:
    before = measure(database)
    command = [sys.executable, "-m", "backup", "restore", str(backup.path), "--replace"]
    environment = {**os.environ, **describe_database(database), "DATA_DIR": str(config.data_dir)}
    with connect(database, autocommit=False) as reader:
        # Whoever reads a table holds up who would drop it: the restore stands still there.
        reader.execute("SELECT FROM shifts")
        with subprocess.Popen(command, cwd=HERE, env=environment) as process:
            # As who sees everybody's sessions, also those of the owner of the tables.
            wait_for_a_backend_that_waits({**server.maker, "database": database["database"]})
            process.kill()
    assert measure(database) == before
    done = subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert measure(database).months == before.months


def wait_for_a_backend_that_waits(database: dict[str, Any]) -> None:
    deadline = time.monotonic() + 60
    query = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    while len(fetch_all(database, query)) != 1:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_backup_of_a_newer_program_is_refused(backup: Backup, empty_database: dict[str, Any]) -> None:
    told = json.loads(backup.manifest.read_text())
    backup.manifest.write_text(json.dumps({**told, "schema_version": get_newest_version() + 1}))
    write_checksum(backup, backup.path)
    with pytest.raises(BackupError, match="take the newer program first"):
        restore(backup, empty_database)


def test_a_backup_of_an_older_schema_is_upgraded(
    config: Config,
    server: DatabaseServer,
    empty_database: dict[str, Any],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with temporary_database(server) as before:
        build(before, 10)
        older, _ = make_dump(before, tmp_path / "older")
    assert run(monkeypatch, replace(config, database=empty_database), str(older.path.parent)) == 0
    assert PostgresSchema(**empty_database).get_schema_version() == get_newest_version()


def test_while_a_bot_works_nothing_is_restored(
    backup: Backup,
    config: Config,
    empty_database: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bot = PollLock(empty_database)
    assert bot.take()
    try:
        assert run(monkeypatch, replace(config, database=empty_database), str(backup.path)) == 1
    finally:
        bot.release()
    assert "A bot works with this database: end it first" in capsys.readouterr().err


def test_of_a_folder_the_newest_is_taken(backup: Backup, tmp_path: Path) -> None:
    folder = backup.path.parent
    older = folder / backup.path.name.replace("20261117T010000Z", "20261116T010000Z")
    shutil.copy(backup.path, older)
    assert find_backup(str(folder), tmp_path) == backup


def test_of_two_databases_in_a_folder_none_is_guessed(backup: Backup, tmp_path: Path) -> None:
    other = backup.path.name.replace(backup.tag, "00000000")
    shutil.copy(backup.path, backup.path.with_name(other))
    with pytest.raises(BackupError, match=f"of 2 databases; name the file to take: .*{other}"):
        find_backup(str(backup.path.parent), tmp_path)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ("", "Say which backup: FILE="),
        ("nowhere.dump", "There is no backup nowhere.dump."),
        (".", "There is no backup in ."),
        ("Makefile", "Makefile is not named as a backup is"),
    ],
)
def test_what_is_no_backup_is_said(
    config: Config,
    given: str,
    sentence: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, config, given) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("target", "setting", "given"),
    [
        ("restore", "FILE", "/mnt/it's a $b/x"),
        ("restore", "FILE", ""),
        ("move-db", "TO", """postgresql://u:pa$word'"#\\ $(shell true)@h/n"""),
    ],
)
def test_make_hands_over_what_it_was_given_as_it_is(target: str, setting: str, given: str, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.write_text('#!/bin/sh\nprintf "%s" "$4"\n')
    python.chmod(0o755)
    done = subprocess.run(
        ["make", "--no-print-directory", "--assume-old=setup", target, f"PYTHON={python}", f"{setting}={given}"],
        cwd=HERE, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.stdout, done.returncode) == (given, 0)


def test_the_last_of_the_list_is_the_newest_and_none_of_a_time_to_come(
    backup: Backup, config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ahead = backup.path.with_name(f"shiftbot-{backup.tag}-20990101T000000Z.dump")
    shutil.copy(backup.path, ahead)
    monkeypatch.setattr(Config, "load", classmethod(lambda _cls: config))
    assert command.main(["list"]) == 0
    said = capsys.readouterr()
    assert said.out.split()[-1] == str(backup.path)
    assert f"{ahead.name} counts for nothing" in said.err


def test_more_than_a_days_work_comes_back_as_it_was(
    server: DatabaseServer, template: str, empty_database: dict[str, Any], tmp_path: Path
) -> None:
    with temporary_database(server, template) as database:
        with PostgresService(**database) as service:
            fill(service, shifts=40)
            service.shifts.delete(40)
        backup, manifest = make_dump(database, tmp_path)
        assert restore(backup, empty_database).figures == manifest.figures


def test_what_comes_back_is_on_a_timeline_of_its_own_and_gives_no_number_out_again(
    backup: Backup, database: dict[str, Any], empty_database: dict[str, Any]
) -> None:
    restore(backup, empty_database)
    timeline = "SELECT value FROM schema_metadata WHERE key = 'timeline'"
    assert fetch_all(empty_database, timeline) != fetch_all(database, timeline)
    used = dict(fetch_all(database, "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences"))
    with connect(empty_database) as connection:
        for name, last in used.items():
            given = connection.execute("SELECT nextval(%s::regclass)", [name]).fetchall()[0][0]
            assert given >= last + NUMBERS_AHEAD, name
