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
from backup.files import Backup, compute_sha256, list_backups, name_backup, verify_checksum
from backup.programs import run_program
from backup.run import run_backup
from backup.targets import SAME_DISK, is_apart, open_target
from config import Config, ConfigError
from payroll.business_time import BusinessZone
from postgres_service import PostgresService
from tests.backup.office import flip_a_byte, list_told
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
CUT_OFF = "shutil.copy(path, there) if path.suffix != '.dump' else sys.exit('cut off')"
RESTIC = """
import json, os, shutil, sys
from pathlib import Path
assert os.environ["RESTIC_PASSWORD_FILE"] == "key" and "DATABASE_URL" not in os.environ
far = Path(os.environ["FAR"])
assert os.environ["RESTIC_REPOSITORY"].startswith("rest:") and not any("geheim" in one for one in sys.argv)
assert sys.argv[1] == "--no-cache"
what, rest = sys.argv[2], sys.argv[3:]
with open(os.environ["FAR"] + ".calls", "a") as calls:
    print(what, file=calls)
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
    (path / SAME_DISK).touch()
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
    assert sorted(path.name for path in disk.iterdir()) == sorted([SAME_DISK, *(path.name for path in there.files)])


def test_what_could_not_be_copied_is_copied_the_next_time(
    disk: Path, config: Config, copy: Callable[[str], Any], database: dict[str, Any]
) -> None:
    unplugged = disk.rename(disk.with_name("unplugged"))
    assert "is its disk plugged in and mounted?" in copy(str(disk))
    assert not disk.exists(), "a directory made in its place would lie on the board"
    assert [what for what, _ in list_told(database)] == ["copied"]
    unplugged.rename(disk)
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
    open_target(str(disk), {}).store([backup], NEW_YORK, NOW)
    assert [one.path for one in list_backups(disk)] == [old[-1].path, disk / backup.path.name]


def test_where_the_disk_is_not_mounted_nothing_is_copied_onto_the_disk_of_the_backups(
    disk: Path, copy: Callable[[str], Any], database: dict[str, Any]
) -> None:
    (disk / SAME_DISK).unlink()
    said = copy(str(disk))
    assert said.startswith(f"The directory {disk} lies on the same disk as the backups: is its own disk plugged in")
    assert said.endswith(f"touch {disk / SAME_DISK}")
    assert list(disk.iterdir()) == []
    assert [what for what, _ in list_told(database)] == ["copied"]


@pytest.mark.parametrize(
    ("device", "names", "is_right"),
    [
        pytest.param(2, [], True, id="another disk"),
        pytest.param(1, ["some.txt"], False, id="the disk of the backups"),
        pytest.param(1, [SAME_DISK], True, id="the same, but somebody says that it is taken off the machine"),
    ],
)
def test_a_place_for_copies_is_on_another_disk_unless_somebody_says_that_it_is_right(
    device: int, names: list[str], *, is_right: bool
) -> None:
    assert is_apart(device, 1, names) is is_right


def test_one_damaged_dump_keeps_no_other_from_being_copied(
    disk: Path, backup: Backup, config: Config, copy: Callable[[str], Any]
) -> None:
    flip_a_byte(backup.path)
    said = copy(str(disk))
    assert said.startswith(f"{backup.path.name} is damaged")
    assert said.endswith("It was not copied; the others were.")
    assert [one.path.name for one in list_backups(disk)] == [list_backups(config.backup_directory)[-1].path.name]


def test_what_was_just_made_is_copied_where_the_clock_was_put_back_and_dumps_of_a_time_to_come_push_it_not_out(
    disk: Path, backup: Backup, config: Config, copy: Callable[[str], Any], clock: SteppingClock
) -> None:
    ahead = [name_backup(disk, backup.tag, clock.now + timedelta(days=30 * n)) for n in range(1, 40)]
    for one in ahead:
        one.path.write_bytes(b"of a wrong clock")
    assert copy(str(disk)) is None
    clock.now -= timedelta(minutes=75)
    assert copy(str(disk)) is None
    made = name_backup(disk, backup.tag, clock.now)
    assert verify_checksum(made)
    assert all(one.path.exists() for one in ahead)


def test_copies_that_failed_are_no_trouble_any_more_once_none_are_wanted(
    config: Config, copy: Callable[[str], Any], database: dict[str, Any], clock: SteppingClock, tmp_path: Path
) -> None:
    assert copy(str(tmp_path / "unplugged")) is not None
    run_backup(config, database, is_forced=True, clock=clock)
    with PostgresService(**database) as service:
        standing = service.backups.find_standing()
    assert standing is not None
    assert standing.errors == ()
    assert standing.made_at == clock.now


def test_a_copy_by_rsync_that_was_cut_off_before_its_dump_is_none(
    install: Install, copy: Callable[[str], Any], config: Config
) -> None:
    far = install("rsync", RSYNC.replace("shutil.copy(path, there)", CUT_OFF)) / "backups"
    target = f"rsync:bot@far.example:/{far.name}"
    assert copy(target).startswith("rsync failed")
    assert list_backups(far) == []
    assert len(list(far.iterdir())) == 2
    install("rsync", RSYNC)
    assert copy(target) is None
    assert all(verify_checksum(one) for one in list_backups(far))
    first = list_backups(far)[0]
    first.checksum.unlink()
    assert copy(target) is None
    assert verify_checksum(first), "a dump without what belongs to it is copied again"


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
    brought = open_target(target, {}).fetch(tmp_path)
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
    assert (tmp_path / "far.calls").read_text().split() == ["unlock", "backup", "forget"] * 2
    brought = open_target("restic:rest:https://bot:geheim@far.example/", {}).fetch(tmp_path / "brought")
    newest = list_backups(config.backup_directory)[-1]
    assert list(map(compute_sha256, brought.files)) == list(map(compute_sha256, newest.files))


def test_what_restic_needs_may_stand_among_the_settings(
    install: Install,
    config: Config,
    database: dict[str, Any],
    filled: PostgresService,
    clock: SteppingClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("RESTIC_PASSWORD_FILE", raising=False)
    install("restic", RESTIC)
    (tmp_path / "env").write_text("RESTIC_PASSWORD_FILE=key\nBACKUP_TARGET=restic:rest:https://far.example/\n")
    given = Config.load(environ={}, env_file=tmp_path / "env")
    config = replace(config, backup_target=given.backup_target, program_settings=given.program_settings)
    assert run_backup(config, database, is_forced=True, clock=clock).copy_error is None


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
