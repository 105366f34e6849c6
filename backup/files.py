"""The three files of a backup: their names, whether they are whole, and writing them so that they are there at once."""

import errno
import hashlib
import logging
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from backup.errors import BackupError

_NAME = re.compile(r"shiftbot-(?P<tag>[0-9a-f]{8})-(?P<at>\d{8}T\d{6}Z)\.dump")
_TIME = "%Y%m%dT%H%M%SZ"
_BLOCK = 1 << 20
_log = logging.getLogger(__name__)

AHEAD = timedelta(hours=1)
"""A backup that is dated so far in the time to come was made by a wrong clock, or this machine's is wrong now."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A dump by the name that says of which database it is and of which instant (UTC).

    `tag` is the beginning of the database's UUID: a new, empty database never counts among the backups of a lost one.
    """

    path: Path
    tag: str
    taken_at: datetime

    @property
    def manifest(self) -> Path:
        """The figures beside it."""
        return self.path.with_name(f"{self.path.name}.json")

    @property
    def checksum(self) -> Path:
        """The checksums beside it, of the dump and of the figures."""
        return self.path.with_name(f"{self.path.name}.sha256")

    @property
    def files(self) -> tuple[Path, ...]:
        """All three; the dump last, so that where it is the others are."""
        return self.manifest, self.checksum, self.path


def name_backup(directory: Path, tag: str, at: datetime) -> Backup:
    """The backup of a database in a directory, by when it is taken."""
    return Backup(directory / f"shiftbot-{tag}-{at.astimezone(UTC):{_TIME}}.dump", tag, at)


def read_name(path: Path) -> Backup | None:
    """The backup that a file's name tells of; None for any other file."""
    found = _NAME.fullmatch(path.name)
    if found is None:
        return None
    return Backup(path, found["tag"], datetime.strptime(found["at"], _TIME).replace(tzinfo=UTC))


def list_backups(directory: Path, tag: str | None = None) -> list[Backup]:
    """The backups in a directory, of one database or of all, oldest first. Raises BackupError."""
    try:
        names = list(directory.iterdir()) if directory.exists() else []
    except OSError as error:
        raise BackupError(f"{directory} cannot be read: {error.strerror}.") from error
    return pick_backups(names, tag)


def pick_backups(paths: Iterable[Path], tag: str | None = None) -> list[Backup]:
    """Those files that are dumps of one database or of all, oldest first."""
    found = (read_name(path) for path in paths)
    return sorted(
        (one for one in found if one is not None and tag in (None, one.tag)), key=lambda one: (one.taken_at, one.tag)
    )


def split_by_clock(backups: Sequence[Backup], now: datetime) -> tuple[list[Backup], list[Backup]]:
    """Those that count at this moment, and those of a time to come, which would be the newest for long. Pure."""
    credible = [one for one in backups if one.taken_at <= now + AHEAD]
    return credible, [one for one in backups if one.taken_at > now + AHEAD]


def find_newest(backups: Sequence[Backup], where: str, now: datetime) -> Backup:
    """The newest of a folder, by their names; those of a time to come are left out, which is logged.

    Raises BackupError where there is none, or where they are of more than one database.
    """
    if not backups:
        raise BackupError(f"There is no backup in {where}.")
    credible, ahead = split_by_clock(backups, now)
    if not credible:
        raise BackupError(
            f"All backups in {where} are dated in the time to come, such as {backups[0].path.name}: set the clock of "
            "this machine right (timedatectl), or name the file to take."
        )
    for one in ahead:
        _log.warning(
            "%s is left out: by the clock of this machine it is dated in the time to come. Where it is the right one, "
            "name the file itself.", one.path.name,
        )  # fmt: skip
    newest = {one.tag: one for one in credible}
    if len(newest) > 1:
        names = ", ".join(f"{one.path.name}" for one in newest.values())
        raise BackupError(f"{where} has backups of {len(newest)} databases; name the file to take: {names}")
    return credible[-1]


def compute_sha256(path: Path) -> str:
    """The file's checksum in hexadecimal digits. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def write_checksum(backup: Backup, dump: Path) -> None:
    """Write the checksums of `dump`, which is to become the backup, and of the figures, as `sha256sum` does."""
    digests = ((compute_sha256(dump), backup.path.name), (compute_sha256(backup.manifest), backup.manifest.name))
    write_whole(backup.checksum, "".join(f"{digest}  {name}\n" for digest, name in digests).encode())


class DamagedError(BackupError):
    """A file of a backup is not as it was written."""


def verify_checksum(backup: Backup) -> bool:
    """Whether there is a checksum at all. Raises BackupError that names the file which is not as it was written."""
    try:
        lines = backup.checksum.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    except UnicodeDecodeError as error:
        raise DamagedError(f"{backup.checksum.name} is damaged, so nothing says that the dump is whole.") from error
    except OSError as error:
        raise BackupError(f"{backup.checksum.name} cannot be read, so nothing says that the dump is whole.") from error
    expected = dict(line.partition("  ")[::2][::-1] for line in lines)
    if backup.path.name not in expected:
        raise DamagedError(f"{backup.checksum.name} is damaged: it does not name {backup.path.name}.")
    for path in (backup.path, backup.manifest):
        if path.name in expected:
            _require_digest(path, expected[path.name])
    return True


def _require_digest(path: Path, expected: str) -> None:
    try:
        found = compute_sha256(path)
    except OSError as error:
        raise BackupError(f"{path.name} cannot be read: {error.strerror}.") from error
    if found != expected:
        raise DamagedError(f"{path.name} is damaged: it is not as it was written. Take another backup.")


def write_whole(path: Path, content: bytes) -> None:
    """Write a small file, for its owner only, that is there as a whole or not at all. Raises OSError."""
    part = name_part(path)
    try:
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as stream:
            stream.write(content)
        put_in_place(part, path)
    finally:
        part.unlink(missing_ok=True)


def copy_whole(source: Path, path: Path) -> None:
    """Copy a file, for its owner only, that is there as a whole or not at all. Raises OSError."""
    part = name_part(path)
    try:
        fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with source.open("rb") as reader, os.fdopen(fd, "wb") as writer:
            while block := reader.read(_BLOCK):
                writer.write(block)
        put_in_place(part, path)
    finally:
        part.unlink(missing_ok=True)


def put_in_place(part: Path, path: Path) -> None:
    """Give a file its name once all of it is on the disk; that name too survives a power cut. Raises OSError."""
    fd = os.open(part, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
    part.rename(path)
    sync_directory(path.parent)


def sync_directory(directory: Path) -> None:
    """See to it that the names in a directory are on the disk. Raises OSError."""
    fd = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(fd)
    except OSError as error:
        # Some shares of other machines know it for files only.
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
    finally:
        os.close(fd)


def make_directory(directory: Path) -> None:
    """A directory for its owner only, where there is none yet; it can be written to. Raises BackupError."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        sync_directory(directory)
    except OSError as error:
        raise BackupError(f"The directory {directory} for backups cannot be made: {error.strerror}.") from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise BackupError(f"The directory {directory} for backups cannot be written to by this account.")


def name_part(path: Path) -> Path:
    """A name beside it for what is being written."""
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")


def list_left_overs(directory: Path, tag: str) -> Iterator[Path]:
    """What is left of this database's backups that were cut off while they were written."""
    yield from directory.glob(f".*shiftbot-{tag}-*.part")
    for beside in directory.glob(f"*shiftbot-{tag}-*.dump.*"):
        if not beside.with_name(beside.name.partition(".dump.")[0] + ".dump").exists():
            yield beside


def set_aside(backup: Backup, prefix: str) -> Path:
    """Put a prefix in front of its name, so that no rotation deletes it and it is nobody's newest. Raises OSError.

    The dump is renamed last: cut off before that, what was made goes as a left-over of the new name.
    """
    aside = Backup(backup.path.with_name(prefix + backup.path.name), backup.tag, backup.taken_at)
    for source, path in ((backup.manifest, aside.manifest), (backup.checksum, aside.checksum)):
        if source.exists():
            path.unlink(missing_ok=True)
            copy_whole(source, path)
    if aside.checksum.exists():
        told = aside.checksum.read_bytes().replace(os.fsencode(backup.path.name), os.fsencode(aside.path.name))
        write_whole(aside.checksum, told)
    put_in_place(backup.path, aside.path)
    remove(backup)
    return aside.path


def remove(backup: Backup) -> None:
    """Delete its files, the dump first. Raises OSError."""
    for path in reversed(backup.files):
        path.unlink(missing_ok=True)
