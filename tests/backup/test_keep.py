"""Which backups stay: 24 hours, 14 days, 12 months."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from backup.files import Backup, name_backup
from backup.keep import choose_kept, list_unneeded
from payroll.business_time import BusinessZone

NEW_YORK = BusinessZone.named("America/New_York")
NOW = datetime(2026, 11, 17, 1, 0, tzinfo=UTC)


def make(*ages: timedelta) -> list[Backup]:
    return sorted((name_backup(Path(), "0a1b2c3d", NOW - age) for age in ages), key=lambda one: one.taken_at)


def live(backups: list[Backup], hours: int, start: datetime) -> list[Backup]:
    """So many hours with a backup each, thinned out after each."""
    for hour in range(hours):
        backups = [*backups, name_backup(Path(), "0a1b2c3d", start + timedelta(hours=hour))]
        unneeded = list_unneeded(backups, NEW_YORK)
        backups = [one for one in backups if one not in unneeded]
    return backups


def test_after_420_days_of_hours_there_are_24_hours_14_days_and_12_months() -> None:
    kept = live([], 420 * 24, NOW - timedelta(days=420))
    newest = kept[-1].taken_at
    assert len({one.taken_at for one in kept if one.taken_at > newest - timedelta(hours=24)}) == 24
    days = Counter(NEW_YORK.date_of(one.taken_at) for one in kept)
    assert all(NEW_YORK.date_of(newest) - timedelta(days=back) in days for back in range(14))
    months = {day.replace(day=1) for day in days}
    assert len(months) == 12
    assert 24 + 12 + 10 <= len(kept) <= 24 + 14 + 12


def test_a_day_keeps_its_last_backup_in_the_business_zone() -> None:
    late, early = datetime(2026, 10, 21, 3, 30, tzinfo=UTC), datetime(2026, 10, 21, 4, 30, tzinfo=UTC)
    hourly = [timedelta(hours=hour) for hour in range(24)]
    backups = make(*hourly, NOW - late, NOW - early, NOW - late + timedelta(hours=1))
    kept = {one.taken_at for one in choose_kept(backups, NEW_YORK)}
    assert late in kept, "23:30 of 20 October in New York is the last of that day"
    assert early in kept, "0:30 of 21 October"
    assert late - timedelta(hours=1) not in kept


def test_a_pause_of_years_deletes_nothing_that_was_worth_keeping() -> None:
    kept = live([], 60 * 24, NOW - timedelta(days=2000))
    after = live(kept, 1, NOW)
    gone = {one.taken_at for one in kept} - {one.taken_at for one in after}
    assert len(gone) <= 2, "one came, so that an hour and a day may go"
    assert gone.isdisjoint(one.taken_at for one in kept[-20:])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_the_newest_is_never_deleted(count: int) -> None:
    backups = make(*(timedelta(minutes=-minute) for minute in range(count)))
    assert choose_kept(backups, NEW_YORK) == set(backups[-1:])
