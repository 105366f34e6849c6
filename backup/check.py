"""The nightly check: every dump's checksum, and the newest one restored into a scratch database and compared."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import own_postgres
from backup.dump import find_tag
from backup.errors import BackupError
from backup.files import Backup, list_backups, verify_checksum
from backup.log import BackupLog, RunKind
from backup.restore import Restored, restore
from config import Config
from repository.clock import Clock, read_system_clock
from sheets_backup.errors import RefusedError
from sheets_backup.scratch import open_scratch

_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def run_check(config: Config, params: Mapping[str, Any], *, clock: Clock = read_system_clock) -> Restored:
    """Read all dumps against their checksums; restore the newest into a scratch database, compare, drop it.

    Raises BackupError that names the file which is damaged or does not give what it was made from, BusyError during
    another run, UnavailableError where the database is away. The admins are told.
    """
    with BackupLog(params, clock) as log:
        started_at = clock()
        try:
            backups = _list_own(config, params)
            _verify_all(backups)
            with _open_scratch(config) as scratch:
                restored = restore(backups[-1], scratch)
        except BackupError as error:
            log.note(RunKind.CHECKED, started_at, error=str(error))
            raise
        path = restored.backup.path
        log.note(RunKind.CHECKED, started_at, file_name=path.name, size_bytes=path.stat().st_size)
        return restored


def find_last_check(params: Mapping[str, Any], clock: Clock) -> datetime | None:
    """When a backup was last checked, well or not. Raises as `run_check`."""
    with BackupLog(params, clock) as log:
        return log.find_last_check()


def _list_own(config: Config, params: Mapping[str, Any]) -> list[Backup]:
    backups = list_backups(config.backup_directory, find_tag(params))
    if not backups:
        raise BackupError(f"There is no backup of this database in {config.backup_directory}.")
    return backups


def _verify_all(backups: list[Backup]) -> None:
    """Every one of them, so that all damaged ones are named at once."""
    damaged = []
    for one in backups:
        try:
            verify_checksum(one)
        except BackupError as error:
            damaged.append(str(error))
    if damaged:
        raise BackupError(" ".join(damaged))


@contextmanager
def _open_scratch(config: Config) -> Iterator[Mapping[str, Any]]:
    """A database for a moment: on the server of the real one, or where the role may not make one, on one of our own."""
    with ExitStack() as stack:
        try:
            try:
                params: Mapping[str, Any] = stack.enter_context(open_scratch(config))
            except RefusedError:
                params = stack.enter_context(_open_own_server(config.data_dir))
        except (own_postgres.OwnPostgresError, OSError) as error:
            raise BackupError(f"There is no server to restore into for a check: {error}.") from error
        yield params


@contextmanager
def _open_own_server(data_dir: Path) -> Iterator[Mapping[str, Any]]:
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="restore-check-", dir=data_dir) as place,
        own_postgres.lease(Path(place) / "data", settings=_FAST) as lease,
    ):
        yield lease.params
