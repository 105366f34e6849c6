"""Making a backup and copying it off the board, with everything that is kept and told about it."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from backup.dump import find_tag, make_dump
from backup.errors import BackupError
from backup.files import Backup, list_backups, make_directory, split_by_clock
from backup.keep import remove_unneeded
from backup.log import BackupLog, RunKind
from backup.places import clear_places
from backup.targets import open_target
from config import Config
from payroll.business_time import BusinessZone
from repository.clock import Clock, read_system_clock
from repository.disk import FULL_PCT, check_disk

EARLY = timedelta(minutes=5)
"""A backup that comes so little before its time is taken for the one that is due."""
DEFAULT_EVERY = timedelta(hours=1)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """What one run did. `backup` None: the last one is fresh, so nothing was made. `copy_error` is a sentence."""

    backup: Backup | None
    summary: str
    copied: tuple[str, ...] = ()
    copy_error: str | None = None


def run_backup(
    config: Config, params: Mapping[str, Any], *, is_forced: bool = False, clock: Clock = read_system_clock
) -> Made:
    """Make a backup unless the last one is fresh, thin out the old ones, copy off the board what is not there yet.

    `params` are of the database as `Config.get_db_params()` gives them. Raises BackupError where no backup was made,
    also where its disk is nearly full and it `is_forced` by nobody, BusyError during another run, UnavailableError
    where the database is away. A copy that failed is in the answer: the dump is there all the same.
    """
    with BackupLog(params, clock) as log:
        started_at = clock()
        with log.noting(RunKind.MADE, started_at):
            clear_places(config.backup_directory, config.data_dir)
            if config.backup_target is None:
                log.forget_failed_copies()
            if not is_forced:
                if (fresh := _find_fresh(config, find_tag(params), clock)) is not None:
                    return Made(None, f"{fresh.path.name} is fresh, so no other was made.")
                _require_room(config.backup_directory)
            backup, manifest = make_dump(params, config.backup_directory, clock=clock)
            remove_unneeded(_list_with(config, backup, clock), get_zone(config), spared=[backup])
            size = backup.path.stat().st_size
        log.note(RunKind.MADE, started_at, file_name=backup.path.name, size_bytes=size)
        summary = f"{backup.path}: {size:,} bytes, {manifest.figures.render()}."
        _log.info("backup: %s", summary)
        return _copy(config, log, Made(backup, summary))


def get_zone(config: Config) -> BusinessZone:
    """The business zone of the settings."""
    return BusinessZone.fixed_utc_minus_5() if config.is_fixed_utc_minus_5 else BusinessZone.named(config.timezone)


def _find_fresh(config: Config, tag: str, clock: Clock) -> Backup | None:
    """The last backup, where it is younger than BACKUP_EVERY; one of a time to come counts for nothing."""
    every = timedelta(minutes=config.backup_every) or DEFAULT_EVERY
    now = clock()
    made = [one for one in list_backups(config.backup_directory, tag) if one.taken_at <= now]
    return made[-1] if made and now - made[-1].taken_at < every - EARLY else None


def _require_room(directory: Path) -> None:
    """Raise BackupError from 90 % on, as the bot's own watch leaves dumps out (FAULTS "Disk full")."""
    make_directory(directory)
    used_pct = check_disk(directory).used_pct
    if used_pct >= FULL_PCT:
        raise BackupError(
            f"The disk of {directory} is {used_pct} % full, so no backup is made by itself from {FULL_PCT} % on: "
            "please make room."
        )


def _list_with(config: Config, made: Backup, clock: Clock) -> list[Backup]:
    """The database's backups but those of a time to come, the one just made last, whatever its name says."""
    credible, _ = split_by_clock(list_backups(config.backup_directory, made.tag), clock())
    return [*(one for one in credible if one.path != made.path), made]


def _copy(config: Config, log: BackupLog, made: Made) -> Made:
    if config.backup_target is None or made.backup is None:
        return made
    started_at = log.clock()
    try:
        with log.noting(RunKind.COPIED, started_at):
            local = _list_with(config, made.backup, log.clock)
            target = open_target(config.backup_target, config.program_settings)
            copied = target.store(local, get_zone(config), log.clock())
            size = sum(one.path.stat().st_size for one in copied)
    except BackupError as error:
        return Made(made.backup, made.summary, copy_error=str(error))
    log.note(RunKind.COPIED, started_at, file_name=made.backup.path.name, size_bytes=size)
    return Made(made.backup, made.summary, tuple(one.path.name for one in copied))
