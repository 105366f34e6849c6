"""The nightly check: every dump's checksum, and the newest one restored into a scratch database and compared."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import own_postgres
from backup.dump import find_tag
from backup.errors import BackupError, telling_errors
from backup.files import Backup, DamagedError, list_backups, set_aside, split_by_clock, verify_checksum
from backup.log import BackupLog, RunKind
from backup.places import Place, clear_places, open_place
from backup.restore import Restored, restore
from config import Config
from repository.clock import Clock, read_system_clock
from sheets_backup.errors import RefusedError
from sheets_backup.scratch import open_scratch

DAMAGED = "damaged-"
"""Before the name of a dump that is not as it was written: it is no backup any more, and nothing deletes it."""
_FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


def run_check(config: Config, params: Mapping[str, Any], *, clock: Clock = read_system_clock) -> Restored:
    """Read all dumps against their checksums; restore the newest into a scratch database, compare, drop it.

    A damaged one is set aside, and the newest of the others is restored all the same. Raises BackupError that names
    every file which is damaged or does not give what it was made from, BusyError during another run, UnavailableError
    where the database is away. The admins are told.
    """
    with BackupLog(params, clock) as log:
        started_at = clock()
        with log.noting(RunKind.CHECKED, started_at):
            clear_places(config.backup_directory, config.data_dir)
            sound, problems = _sort_out(_list_own(config, params, clock()))
            restored = None
            try:
                with telling_errors():
                    restored = _restore_newest(sound, config) if sound else None
            except BackupError as error:
                problems.append(str(error))
            if problems or restored is None:
                raise BackupError(" ".join(problems))
            size = restored.backup.path.stat().st_size
        log.note(RunKind.CHECKED, started_at, file_name=restored.backup.path.name, size_bytes=size)
        return restored


def find_last_check(params: Mapping[str, Any], clock: Clock) -> datetime | None:
    """When a backup was last checked, well or not. Raises as `run_check`."""
    with BackupLog(params, clock) as log:
        return log.find_last_check()


def _list_own(config: Config, params: Mapping[str, Any], now: datetime) -> list[Backup]:
    """This database's, oldest first; those of a time to come before all others, so that they are not the newest."""
    credible, ahead = split_by_clock(list_backups(config.backup_directory, find_tag(params)), now)
    if not credible and not ahead:
        raise BackupError(f"There is no backup of this database in {config.backup_directory}.")
    return [*ahead, *credible]


def _sort_out(backups: Sequence[Backup]) -> tuple[list[Backup], list[str]]:
    """Those that are as they were written, and a sentence for each other one."""
    sound, problems = [], []
    for one in backups:
        try:
            verify_checksum(one)
            sound.append(one)
        except DamagedError as error:
            problems.append(f"{error} {_set_aside(one)}")
        except BackupError as error:
            problems.append(str(error))
    return sound, problems


def _set_aside(damaged: Backup) -> str:
    """What became of it, as a sentence."""
    try:
        aside = set_aside(damaged, DAMAGED)
    except OSError as error:
        return f"It cannot be set aside ({error.strerror}): delete it, or put it somewhere else."
    return f"It is called {aside.name} from now on and counts no more; delete it if you like."


def _restore_newest(backups: Sequence[Backup], config: Config) -> Restored:
    with _open_scratch(config) as scratch:
        return restore(backups[-1], scratch)


@contextmanager
def _open_scratch(config: Config) -> Iterator[Mapping[str, Any]]:
    """A database for a moment: on the server of the real one, or where the role may not make one, on one of our own."""
    with ExitStack() as stack:
        try:
            try:
                params: Mapping[str, Any] = stack.enter_context(open_scratch(config))
            except RefusedError:
                params = stack.enter_context(_open_own_server(config.backup_directory))
        except (own_postgres.OwnPostgresError, OSError) as error:
            raise BackupError(f"There is no server to restore into for a check: {error}.") from error
        yield params


@contextmanager
def _open_own_server(directory: Path) -> Iterator[Mapping[str, Any]]:
    """In the directory of backups: in a container no other one lasts, and none has more room."""
    with (
        open_place(directory, Place.CHECK) as place,
        own_postgres.lease(place / "data", settings=_FAST) as lease,
    ):
        yield lease.params
