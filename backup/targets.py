"""Copies off the board: a directory (another disk, a share), a machine by rsync, a repository of restic."""

import contextlib
import json
import tempfile
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
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
    split_by_clock,
    verify_checksum,
)
from backup.keep import DAYS, HOURS, MONTHS, list_unneeded, remove_unneeded
from backup.programs import run_program
from payroll.business_time import BusinessZone
from repository.clock import read_system_clock

RSYNC, RESTIC = "rsync:", "restic:"
LIST_SECONDS = 120.0
RESTIC_TAG = "shift-bot"
SAME_DISK = "same-disk-is-right"
"""A file in a directory for copies that lies on the disk of the backups: something else takes them off the machine."""
# Nobody is there to be asked for a password or whether a host is known.
_SSH = "ssh -o BatchMode=yes -o ConnectTimeout=15 -o ServerAliveInterval=15 -o ServerAliveCountMax=3"


class Target(Protocol):
    """Where copies are kept. Everything raises BackupError, and a copy that was cut off never has a backup's name."""

    def store(self, backups: Sequence[Backup], zone: BusinessZone, now: datetime) -> list[Backup]:
        """Copy those of one database's backups that are not there yet, the last one by all means; thin out there.

        `backups` are worth keeping, all of them. One that is damaged keeps no other from being copied; it is told then.
        """

    def fetch(self, into: Path) -> Backup:
        """Bring the newest backup into a directory."""


def open_target(spec: str, environment: Mapping[str, str]) -> Target:
    """The target that BACKUP_TARGET or a command names: a directory's path, `rsync:user@host:/path`, `restic:REPO`.

    `environment` is for the program, such as RESTIC_PASSWORD_FILE.
    """
    if spec.startswith(RSYNC):
        return RsyncTarget(spec.removeprefix(RSYNC))
    if spec.startswith(RESTIC):
        return ResticTarget(spec.removeprefix(RESTIC), environment)
    return DirectoryTarget(Path(spec))


def is_apart(device: int, backups_device: int, names: Collection[str]) -> bool:
    """Whether a directory is a place for copies, by the disks of it and of the backups, and by what lies in it. Pure.

    Where a disk is not mounted its directory is one of the disk below: a copy in there would go with that one.
    """
    return device != backups_device or SAME_DISK in names


class _Sound:
    """The backups to copy, read against their checksums; what is wrong with the others is told at the end."""

    def __init__(self, backups: Sequence[Backup]) -> None:
        self.backups: list[Backup] = []
        self._problems: list[str] = []
        for one in backups:
            try:
                verify_checksum(one)
                self.backups.append(one)
            except BackupError as error:
                self._problems.append(f"{error} It was not copied; the others were.")

    def tell(self) -> list[Backup]:
        """Those that were copied. Raises BackupError where there are others."""
        if self._problems:
            raise BackupError(" ".join(self._problems))
        return self.backups


class DirectoryTarget:
    """A directory, most likely of another disk. It has to be there: one that is made would lie on the board's own."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def store(self, backups: Sequence[Backup], zone: BusinessZone, now: datetime) -> list[Backup]:
        """Copied file by file, the newest first, each read back and compared with its checksum."""
        if not self._directory.is_dir():
            raise BackupError(f"The directory {self._directory} is not there: is its disk plugged in and mounted?")
        try:
            self._require_another_disk(backups[-1].path.parent)
            for left in list_left_overs(self._directory, backups[-1].tag):
                left.unlink(missing_ok=True)
            self._thin_out(backups, zone, now)
            there = {one.path.name for one in list_backups(self._directory)}
            missing = _Sound([one for one in backups if one.path.name not in there])
            for one in reversed(missing.backups):
                self._copy(one)
        except OSError as error:
            raise BackupError(f"The copy into {self._directory} failed: {error.strerror or error}.") from error
        self._thin_out(backups, zone, now)
        return missing.tell()

    def fetch(self, into: Path) -> Backup:  # noqa: ARG002 - it lies where it can be read
        """Nothing is brought: it is read where it lies."""
        return find_newest(list_backups(self._directory), str(self._directory), read_system_clock())

    def _require_another_disk(self, backups: Path) -> None:
        names = [path.name for path in self._directory.iterdir()]
        if not is_apart(self._directory.stat().st_dev, backups.stat().st_dev, names):
            raise BackupError(
                f"The directory {self._directory} lies on the same disk as the backups: is its own disk plugged in and "
                "mounted, and was it when the bot was started? Where that is right, for something else takes the "
                f"copies off this machine: touch {self._directory / SAME_DISK}"
            )

    def _thin_out(self, spared: Sequence[Backup], zone: BusinessZone, now: datetime) -> None:
        there, _ = split_by_clock(list_backups(self._directory, spared[-1].tag), now)
        remove_unneeded(there, zone, spared=spared)

    def _copy(self, backup: Backup) -> None:
        copy = Backup(self._directory / backup.path.name, backup.tag, backup.taken_at)
        with contextlib.ExitStack() as unless_whole:
            unless_whole.callback(remove, copy)
            for source, path in zip(backup.files, copy.files, strict=True):
                if source.exists():
                    copy_whole(source, path)
            verify_checksum(copy)
            unless_whole.pop_all()


class RsyncTarget:
    """A place that the program rsync reaches, by ssh without a password. rsync names a file when it is whole."""

    def __init__(self, place: str) -> None:
        self._place = place.rstrip("/") + "/"

    def store(self, backups: Sequence[Backup], zone: BusinessZone, now: datetime) -> list[Backup]:
        """Dumps are copied after what lies beside them, so that where one is the others are; others are deleted."""
        names = self._list_names()
        missing = _Sound([one for one in backups if not names.issuperset(_list_names(one))])
        beside = [path for one in missing.backups for path in (one.manifest, one.checksum) if path.exists()]
        for paths in (beside, [one.path for one in missing.backups]):
            if paths:
                self._run("--times", "--chmod=F600", "--", *map(str, paths), self._place)
        there, _ = split_by_clock(pick_backups(map(Path, names), backups[-1].tag), now)
        spared = {one.path.name for one in backups}
        self._delete([one for one in list_unneeded([*there, *missing.backups], zone) if one.path.name not in spared])
        return missing.tell()

    def fetch(self, into: Path) -> Backup:
        """Brought by rsync, with what lies beside it."""
        there = pick_backups(map(Path, self._list_names()))
        newest = find_newest(there, self._place, read_system_clock())
        self._run(
            "--times", f"--include={newest.path.name}*", "--exclude=*", "--recursive", "--", self._place, f"{into}/"
        )
        return Backup(into / newest.path.name, newest.tag, newest.taken_at)

    def _list_names(self) -> set[str]:
        lines = self._run("--list-only", "--", self._place, seconds=LIST_SECONDS).splitlines()
        return {line.split()[-1] for line in lines if line.split()}

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

    def __init__(self, repository: str, environment: Mapping[str, str]) -> None:
        # Not in the command, which everybody who may list the processes reads: it may have a password in it.
        self._repository = repository
        self._environment = {**environment, "RESTIC_REPOSITORY": repository}

    def store(self, backups: Sequence[Backup], zone: BusinessZone, now: datetime) -> list[Backup]:  # noqa: ARG002
        """The last backup as a snapshot; restic counts and thins out by itself, by a rule that counts as ours does."""
        newest = backups[-1]
        files = [str(path) for path in newest.files if path.exists()]
        # Locks of runs that were killed, and of no others.
        self._run("unlock", "--quiet")
        self._run("backup", "--quiet", "--tag", RESTIC_TAG, "--tag", newest.tag, "--", *files)
        keep = (f"--keep-hourly={HOURS}", f"--keep-daily={DAYS}", f"--keep-monthly={MONTHS}")
        self._run("forget", "--quiet", f"--tag={RESTIC_TAG},{newest.tag}", "--group-by=tags", *keep, "--prune")
        return [newest]

    def fetch(self, into: Path) -> Backup:
        """Restored by restic."""
        snapshots = json.loads(self._run("snapshots", "--json", f"--tag={RESTIC_TAG}") or "[]")
        names = {Path(path): one["short_id"] for one in snapshots for path in one["paths"]}
        newest = find_newest(pick_backups(names), self._repository, read_system_clock())
        self._run("restore", names[newest.path], "--target", str(into))
        found = next((path for path in into.rglob(newest.path.name)), None)
        if found is None:
            raise BackupError(f"restic restored no {newest.path.name} from {self._repository}.")
        return Backup(found, newest.tag, newest.taken_at)

    def _run(self, *arguments: str) -> str:
        return run_program(("restic", "--no-cache", *arguments), environment=self._environment)


def _list_names(backup: Backup) -> set[str]:
    """Of the files that it has: a dump that somebody brought may have nothing beside it."""
    return {path.name for path in backup.files if path.exists()}
