"""What admins read about backups of the database."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.words import LONGEST_ERROR, Html, Words, shorten
from installation import name_command
from payroll.business_time import BusinessZone
from repository.backups import BackupStanding

MINUTES_TOLD_IN_HOURS = 120
HOURS_TOLD_IN_DAYS = 48


def render_backup_line(
    words: Words, zone: BusinessZone, standing: BackupStanding | None, age_minutes: int
) -> Html | None:
    """The backups in one line, for the admins' menu; None where none was ever tried. Ages are in minutes."""
    if standing is None:
        return None
    if standing.made_at is None:
        return words("backup-none", error=_spell_errors(standing))
    age = _render_age(words, age_minutes)
    checked = words.plain("backup-unchecked") if standing.checked_at is None else zone.format(standing.checked_at)
    line = words("backup-line", age=age, checked=checked)
    if not standing.errors:
        return line
    return words.lines([line, words("backup-wrong", error=_spell_errors(standing))])


def render_backup_failed(words: Words, payload: Mapping[str, Any]) -> Html:
    """A backup was not made, not copied off the machine, or does not restore."""
    return words(
        f"notice-backup-{payload['what']}-failed",
        error=shorten(payload["error"], LONGEST_ERROR),
        command=name_command("backup"),
    )


def _spell_errors(standing: BackupStanding) -> str:
    return " ".join(shorten(error, LONGEST_ERROR) for error in standing.errors)


def _render_age(words: Words, minutes: int) -> str:
    if minutes < MINUTES_TOLD_IN_HOURS:
        return words.plain("backup-age-minutes", count=minutes)
    hours = minutes // 60
    if hours < HOURS_TOLD_IN_DAYS:
        return words.plain("backup-age-hours", count=hours)
    return words.plain("backup-age-days", count=hours // 24)


NOTICES: Mapping[str, Callable[[Words, Mapping[str, Any]], Html]] = {"backup_failed": render_backup_failed}
"""What admins are told of backups, by the notice's kind."""
