"""What is due of backups at a moment: a dump each BACKUP_EVERY, a check each night."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from backup.check import find_last_check, run_check
from backup.errors import telling_errors
from backup.run import get_zone, run_backup
from config import Config
from payroll.business_time import BusinessZone
from repository.clock import Clock, read_system_clock

A_DAY = timedelta(days=1)
CHECK_HOUR = 3
"""Of the business zone: from then on a night's check is due."""


def do_what_is_due(config: Config, params: Mapping[str, Any], *, clock: Clock = read_system_clock) -> None:
    """Make a dump where the last is old, then check the newest where none was checked since last night.

    Raises BackupError, BusyError where others are at it, UnavailableError where the database is away.
    """
    with telling_errors():
        run_backup(config, params, clock=clock)
        if is_check_due(find_last_check(params, clock), clock(), get_zone(config)):
            run_check(config, params, clock=clock)


def is_check_due(last_at: datetime | None, now: datetime, zone: BusinessZone) -> bool:
    """Whether no check has ended since the last time that it was night in the business zone. Pure.

    The first is due at once; a computer that was off at night makes up for it when it is on again. One of a time to
    come, of a clock that was wrong, counts for nothing.
    """
    if last_at is None or last_at > now + A_DAY:
        return True
    return _count_nights(last_at, zone) < _count_nights(now, zone)


def _count_nights(at: datetime, zone: BusinessZone) -> int:
    return zone.date_of(at - timedelta(hours=CHECK_HOUR)).toordinal()
