"""Copies off the board: a directory (another disk, a share), a machine by rsync, a repository of restic."""

import contextlib
import json
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from backup.errors import BackupError
from backup.files import (
    Backup,
    copy_whole,
    find_newest,
    list_backups,
    list_left_overs,
    pick_backups,
    remove,
    verify_checksum,
)
from backup.keep import DAYS, HOURS, MONTHS, choose_kept, list_unneeded, remove_unneeded
from backup.programs import run_program
from payroll.business_time import BusinessZone

RSYNC, RESTIC = "rsync:", "restic:"
LIST_SECONDS = 120.0
RESTIC_TAG = "shift-bot"
# Nobody is there to be asked for a password or whether a host is known.
_SSH = "ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=3"


class Target(Protocol):
    """Where copies are kept. Everything raises BackupError, and a copy that was cut off never has a backup's name."""

    def store(self, backups: Sequence[Backup], zone: BusinessZone) -> list[Backup]:
        """Copy those of one database's backups that are worth keeping and not there yet; thin out what is there."""

    def fetch(self, into: Path) -> Backup:
        """Bring the newest backup into a directory."""


def open_target(spec: str) -> Target:
    """The target that BACKUP_TARGET or a command names: a directory's path, `rsync:user@host:/path`, `restic:REPO`."""
    if spec.startswith(RSYNC):
        return RsyncTarget(spec.removeprefix(RSYNC))
    if spec.startswith(RESTIC):
        return ResticTarget(spec.removeprefix(RESTIC))
    return DirectoryTarget(Path(spec))


class DirectoryTarget:
    """A directory, most likely of another disk. It has to be there: one that is made would lie on the board's own."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def store(self, backups: Sequence[Backup], zone: BusinessZone) -> list[Backup]:
        """Copied file by file, the newest first, each read back and compared with its checksum."""
        if not self._directory.is_dir():
            raise BackupError(f"The directory {self._directory} is not there: is its disk plugged in and mounted?")
        tags = {one.tag for one in backups}
        try:
            for left in (path for tag in tags for path in list_left_overs(self._directory, tag)):
                left.unlink(missing_ok=True)
            self._thin_out(tags, zone)
            there = {one.path.name for one in list_backups(self._directory)}
            missing = [one for one in backups if one.path.name not in there and one in choose_kept(backups, zone)]
            for one in reversed(missing):
                self._copy(one)
        except OSError as error:
            raise BackupError(f"The copy into {self._directory} failed: {error.strerror or error}.") from error
        self._thin_out(tags, zone)
        return missing

    def fetch(self, into: Path) -> Backup:  # noqa: ARG002 - it lies where it can be read
        """Nothing is brought: it is read where it lies."""
        return find_newest(list_backups(self._directory), str(self._directory))

    def _thin_out(self, tags: Iterable[str], zone: BusinessZone) -> None:
        for tag in tags:
            remove_unneeded(list_backups(self._directory, tag), zone)

    def _copy(self, backup: Backup) -> None:
        copy = Backup(self._directory / backup.path.name, backup.tag, backup.taken_at)
        with contextlib.ExitStack() as unless_whole:
            unless_whole.callback(remove, copy)
            for source, path in zip(backup.files, copy.files, strict=True):
                copy_whole(source, path)
            verify_checksum(copy)
            unless_whole.pop_all()


class RsyncTarget:
    """A place that the program rsync reaches, by ssh without a password. rsync names a file when it is whole."""

    def __init__(self, place: str) -> None:
        self._place = place.rstrip("/") + "/"

    def store(self, backups: Sequence[Backup], zone: BusinessZone) -> list[Backup]:
        """Copied by one rsync; what has to go is deleted by name, by another."""
        there = self._list()
        names = {one.path.name for one in there}
        missing = [one for one in backups if one.path.name not in names and one in choose_kept(backups, zone)]
        if missing:
            files = [str(path) for one in missing for path in one.files]
            self._run("--times", "--chmod=F600", "--", *files, self._place)
        for tag in {one.tag for one in backups}:
            self._delete(list_unneeded([one for one in [*there, *missing] if one.tag == tag], zone))
        return missing

    def fetch(self, into: Path) -> Backup:
        """Brought by rsync, with what lies beside it."""
        newest = find_newest(self._list(), self._place)
        self._run(
            "--times", f"--include={newest.path.name}*", "--exclude=*", "--recursive", "--", self._place, f"{into}/"
        )
        return Backup(into / newest.path.name, newest.tag, newest.taken_at)

    def _list(self) -> list[Backup]:
        lines = self._run("--list-only", "--", self._place, seconds=LIST_SECONDS).splitlines()
        return sorted(
            pick_backups(Path(line.split()[-1]) for line in lines if line.split()), key=lambda one: one.taken_at
        )

    def _delete(self, unneeded: Sequence[Backup]) -> None:
        """Deleting is what rsync does of names that the source, an empty directory, does not have."""
        if not unneeded:
            return
        with tempfile.TemporaryDirectory() as empty:
            includes = [f"--include={path.name}" for one in unneeded for path in one.files]
            self._run("--recursive", "--delete", *includes, "--exclude=*", "--", f"{empty}/", self._place)

    def _run(self, *arguments: str, seconds: float | None = None) -> str:
        command = ("rsync", f"--rsh={_SSH}", *arguments)
        return run_program(command) if seconds is None else run_program(command, seconds=seconds)


class ResticTarget:
    """A repository of restic, which encrypts. Its password comes as restic takes it: RESTIC_PASSWORD_FILE, for one."""

    def __init__(self, repository: str) -> None:
        self._repository = repository

    def store(self, backups: Sequence[Backup], zone: BusinessZone) -> list[Backup]:  # noqa: ARG002 - it counts by itself
        """The newest backup as a snapshot; restic thins out by its own rule, which counts as ours does."""
        newest = backups[-1]
        files = map(str, newest.files)
        self._run("backup", "--quiet", "--tag", RESTIC_TAG, "--tag", newest.tag, "--", *files)
        keep = (f"--keep-hourly={HOURS}", f"--keep-daily={DAYS}", f"--keep-monthly={MONTHS}")
        self._run("forget", "--quiet", f"--tag={RESTIC_TAG},{newest.tag}", "--group-by=tags", *keep, "--prune")
        return [newest]

    def fetch(self, into: Path) -> Backup:
        """Restored by restic."""
        snapshots = json.loads(self._run("snapshots", "--json", f"--tag={RESTIC_TAG}") or "[]")
        names = {Path(path): one["short_id"] for one in snapshots for path in one["paths"]}
        newest = find_newest(pick_backups(names), self._repository)
        self._run("restore", names[newest.path], "--target", str(into))
        found = next((path for path in into.rglob(newest.path.name)), None)
        if found is None:
            raise BackupError(f"restic restored no {newest.path.name} from {self._repository}.")
        return Backup(found, newest.tag, newest.taken_at)

    def _run(self, *arguments: str) -> str:
        return run_program(("restic", "--repo", self._repository, "--no-cache", *arguments))
