"""Copies off the board: another disk, a machine by rsync, a repository of restic."""

import os
import stat
import sys
import textwrap
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from backup import programs
from backup.errors import BackupError
from backup.files import Backup, compute_sha256, list_backups, name_backup
from backup.programs import run_program
from backup.run import run_backup
from backup.targets import open_target
from config import Config, ConfigError
from payroll.business_time import BusinessZone
from postgres_service import PostgresService
from tests.backup.office import list_told
from tests.clock import SteppingClock
from tests.databases import fetch_all

NEW_YORK = BusinessZone.named("America/New_York")
NOW = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)
Install = Callable[[str, str], Path]

# What the programs do of what is asked of them, as far as files go; each writes down how it was called.
RSYNC = """
import fnmatch, os, shutil, sys
from pathlib import Path
assert any(one.startswith("--rsh=ssh -o BatchMode=yes") for one in sys.argv)
flags, places = sys.argv[1 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
*sources, there = [Path(os.environ["FAR"] + one.partition(":")[2]) if ":" in one else Path(one) for one in places]
includes = [one.removeprefix("--include=") for one in flags if one.startswith("--include=")]
matches = lambda name: any(fnmatch.fnmatch(name, one) for one in includes)
if "--list-only" in flags:
    for path in there.iterdir():
        print(f"-rw-------{path.stat().st_size:>15,} 2026/11/22 09:30:00 {path.name}")
elif "--delete" in flags:
    assert list(sources[0].iterdir()) == []
    for path in there.iterdir():
        if matches(path.name):
            path.unlink()
elif "--recursive" in flags:
    for path in sources[0].iterdir():
        if matches(path.name):
            shutil.copy(path, there)
else:
    for path in sources:
        shutil.copy(path, there)
"""
RESTIC = """
import json, os, shutil, sys
from pathlib import Path
assert os.environ["RESTIC_PASSWORD_FILE"] == "key" and "DATABASE_URL" not in os.environ
far = Path(os.environ["FAR"])
assert sys.argv[1] == "--repo" and sys.argv[3] == "--no-cache"
what, rest = sys.argv[4], sys.argv[5:]
if what == "backup":
    number = f"{len(list(far.iterdir())):08x}"
    for path in rest[rest.index("--") + 1 :]:
        (far / number / path.lstrip("/")).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, far / number / path.lstrip("/"))
elif what == "forget":
    assert {"--keep-hourly=24", "--keep-daily=14", "--keep-monthly=12", "--group-by=tags"} <= set(rest)
elif what == "snapshots":
    found = [
        {"short_id": one.name, "paths": [str("/" / path.relative_to(one)) for path in one.rglob("*") if path.is_file()]}
        for one in sorted(far.iterdir())
    ]
    print(json.dumps(found))
elif what == "restore":
    shutil.copytree(far / rest[0], rest[rest.index("--target") + 1], dirs_exist_ok=True)
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Puts a program of a name on the PATH; gives the directory that is far away for it."""

    def put(name: str, text: str) -> Path:
        programs, far = tmp_path / "programs", tmp_path / "far"
        programs.mkdir(exist_ok=True)
        (far / "backups").mkdir(parents=True, exist_ok=True)
        (programs / name).write_text(f"#!{sys.executable}\n{textwrap.dedent(text)}")
        (programs / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
        monkeypatch.setenv("FAR", str(far))
        return far

    return put


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """Another disk."""
    path = tmp_path / "disk"
    path.mkdir()
    return path


@pytest.fixture
def copy(
    config: Config, database: dict[str, Any], filled: PostgresService, clock: SteppingClock
) -> Callable[[str], str | None]:
    """Makes a backup an hour later and copies it to a target; what went wrong with that."""

    def run(target: str) -> str | None:
        clock.now += timedelta(hours=1)
        made = run_backup(replace(config, backup_target=target), database, is_forced=True, clock=clock)
        assert made.backup is not None
        assert all(path.exists() for path in made.backup.files), "the dump is there whatever becomes of its copy"
        return made.copy_error

    return run


def test_a_copy_is_the_same_files_for_their_owner_only(disk: Path, config: Config, copy: Callable[[str], Any]) -> None:
    assert copy(str(disk)) is None
    (made,) = list_backups(config.backup_directory)
    (there,) = list_backups(disk)
    assert list(map(compute_sha256, made.files)) == list(map(compute_sha256, there.files))
    assert {stat.S_IMODE(path.stat().st_mode) for path in there.files} == {0o600}
    assert sorted(path.name for path in disk.iterdir()) == sorted(path.name for path in there.files)


def test_what_could_not_be_copied_is_copied_the_next_time(
    disk: Path, config: Config, copy: Callable[[str], Any], database: dict[str, Any]
) -> None:
    disk.rmdir()
    assert "is its disk plugged in and mounted?" in copy(str(disk))
    assert not disk.exists(), "a directory made in its place would lie on the board"
    assert [what for what, _ in list_told(database)] == ["copied"]
    disk.mkdir()
    assert copy(str(disk)) is None
    assert len(list_backups(disk)) == 2
    runs = fetch_all(database, "SELECT kind, status FROM backup_runs ORDER BY id")
    assert runs == [("made", "ok"), ("copied", "failed"), ("made", "ok"), ("copied", "ok")]


def test_a_copy_that_was_cut_off_has_no_backups_name_and_goes_with_the_next(
    disk: Path, backup: Backup, copy: Callable[[str], Any]
) -> None:
    (disk / f".{backup.path.name}.1a2b3c4d.part").write_bytes(b"half")
    assert [one.path for one in list_backups(disk)] == []
    assert copy(str(disk)) is None
    assert list(disk.glob("*.part")) == []


def test_a_new_database_deletes_nothing_of_the_one_that_was_lost(disk: Path, copy: Callable[[str], Any]) -> None:
    lost = [name_backup(disk, "00000000", NOW - timedelta(minutes=minute)) for minute in range(5)]
    for one in lost:
        one.path.write_bytes(b"the only copy")
    assert copy(str(disk)) is None
    assert all(one.path.exists() for one in lost)


def test_old_copies_are_thinned_out_as_the_backups_are(disk: Path, backup: Backup) -> None:
    old = [name_backup(disk, backup.tag, NOW - timedelta(days=2, minutes=-minute)) for minute in range(5)]
    for one in old:
        one.path.write_bytes(b"old")
    open_target(str(disk)).store([backup], NEW_YORK)
    assert [one.path for one in list_backups(disk)] == [old[-1].path, disk / backup.path.name]


def test_rsync_copies_lists_thins_out_and_brings_back(
    install: Install, config: Config, copy: Callable[[str], Any], tmp_path: Path
) -> None:
    far = install("rsync", RSYNC) / "backups"
    target = f"rsync:bot@far.example:/{far.name}"
    assert copy(target) is None
    (made,) = list_backups(config.backup_directory)
    for minute in range(1, 4):
        name_backup(far, made.tag, made.taken_at - timedelta(days=2, minutes=minute)).path.write_bytes(b"old")
    assert copy(target) is None
    names = [one.path.name for one in list_backups(config.backup_directory)]
    assert [one.path.name for one in list_backups(far)][1:] == names
    assert len(list_backups(far)) == 3, "of an older day one is kept"
    brought = open_target(target).fetch(tmp_path)
    assert brought.path.name == names[-1]
    assert list(map(compute_sha256, brought.files)) == [compute_sha256(far / path.name) for path in brought.files]


def test_restic_gets_the_files_and_brings_back_the_newest(
    install: Install, copy: Callable[[str], Any], config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install("restic", RESTIC)
    (tmp_path / "far" / "backups").rmdir()
    monkeypatch.setenv("RESTIC_PASSWORD_FILE", "key")
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:geheim@host/db")
    assert copy("restic:rest:https://bot:geheim@far.example/") is None
    assert copy("restic:rest:https://bot:geheim@far.example/") is None
    brought = open_target("restic:rest:https://bot:geheim@far.example/").fetch(tmp_path / "brought")
    newest = list_backups(config.backup_directory)[-1]
    assert list(map(compute_sha256, brought.files)) == list(map(compute_sha256, newest.files))


@pytest.mark.parametrize("program", ["rsync", "restic"])
def test_a_program_that_is_missing_is_named_with_the_command_that_installs_it(
    program: str, copy: Callable[[str], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert copy(f"{program}:somewhere") == f"The program {program} is not installed: sudo apt install {program}"


def test_a_program_that_fails_is_quoted_without_a_password(install: Install, copy: Callable[[str], Any]) -> None:
    install("restic", "import sys\nsys.exit('Fatal: unable to open https://bot:geheim@far.example/: no key')")
    said = copy("restic:rest:https://bot:geheim@far.example/")
    assert said == "restic failed: Fatal: unable to open https://bot:***@far.example/: no key"


def test_a_program_that_hangs_is_ended_with_all_that_it_has_begun(install: Install, tmp_path: Path) -> None:
    noted = tmp_path / "child"
    install(
        "rsync",
        f"""
        import subprocess, sys, time
        child = subprocess.Popen(["sleep", "60"])
        open({str(noted)!r}, "w").write(str(child.pid))
        time.sleep(60)
        """,
    )
    began = time.monotonic()
    with pytest.raises(BackupError, match="rsync was still at work after 2 seconds and was ended"):
        run_program(["rsync"], seconds=2)
    assert time.monotonic() - began < 20
    state = Path(f"/proc/{noted.read_text()}/stat")
    # A killed process goes when it gets its next turn.
    while state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z":
        assert time.monotonic() - began < 20
        time.sleep(0.05)


def test_no_secret_of_ours_is_in_the_environment_of_a_program(
    monkeypatch: pytest.MonkeyPatch, install: Install
) -> None:
    for name in programs._NOT_FOR_CHILDREN:
        monkeypatch.setenv(name, "geheim")
    install("restic", "import os\nprint([name for name, value in os.environ.items() if value == 'geheim'])")
    assert run_program(["restic"]) == "[]\n"


@pytest.mark.parametrize("target", ["rsync:", "restic: ", "rsync:-e"])
def test_a_target_without_a_place_is_refused_at_the_start(target: str) -> None:
    with pytest.raises(ConfigError, match="BACKUP_TARGET names no place behind"):
        Config.load(environ={"BACKUP_TARGET": target}, env_file=None)


def test_a_directory_of_the_settings_counts_from_the_program() -> None:
    config = Config.load(environ={"BACKUP_TARGET": "off/board", "BACKUP_DIR": "dumps"}, env_file=None)
    assert config.backup_target is not None
    assert Path(config.backup_target).is_absolute()
    assert config.backup_directory.is_absolute()
