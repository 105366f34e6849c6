"""Which backups stay: the newest of each of 24 hours, 14 days and 12 months."""

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from datetime import UTC, datetime

from backup.errors import BackupError
from backup.files import Backup, remove
from payroll.business_time import BusinessZone

HOURS, DAYS, MONTHS = 24, 14, 12


def choose_kept(backups: Sequence[Backup], zone: BusinessZone) -> set[Backup]:
    """Those to keep of one database's backups. Pure.

    Hours, days and months of the business zone count where they have a backup: after a pause of weeks nothing is
    thrown away that was worth keeping before. For example of 100 hourly ones 24 hours stay, and 3 days before them.
    """
    periods: tuple[tuple[int, Callable[[datetime], Hashable]], ...] = (
        (HOURS, lambda at: at.astimezone(UTC).replace(minute=0, second=0)),
        (DAYS, zone.date_of),
        (MONTHS, lambda at: zone.date_of(at).replace(day=1)),
    )
    return {one for count, name in periods for one in _pick_newest(backups, count, name)}


def list_unneeded(backups: Sequence[Backup], zone: BusinessZone) -> list[Backup]:
    """Those that have to go, oldest first. Pure."""
    kept = choose_kept(backups, zone)
    return [one for one in backups if one not in kept]


def remove_unneeded(backups: Sequence[Backup], zone: BusinessZone, *, spared: Collection[Backup] = ()) -> list[Backup]:
    """Delete the files of those that have to go, but of none that is `spared`. Raises BackupError.

    Spared is what was just made: where the clock was put back it is not the newest by its name.
    """
    names = {one.path.name for one in spared}
    unneeded = [one for one in list_unneeded(backups, zone) if one.path.name not in names]
    for one in unneeded:
        try:
            remove(one)
        except OSError as error:
            raise BackupError(f"The old backup {one.path} cannot be deleted: {error.strerror}.") from error
    return unneeded


def _pick_newest(backups: Sequence[Backup], count: int, name: Callable[[datetime], Hashable]) -> Iterator[Backup]:
    """The newest of each of the last so many periods that have one."""
    seen: set[Hashable] = set()
    for one in sorted(backups, key=lambda one: one.taken_at, reverse=True):
        period = name(one.taken_at)
        if period not in seen and len(seen) < count:
            seen.add(period)
            yield one
