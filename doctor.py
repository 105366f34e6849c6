"""`make doctor`: whether all is well, one line a check, and what to do where it is not.

Looks at the settings, the disk, the database and its server, the clock, what waits to be handled or sent, the mirror,
the backups, the books. Changes nothing, but keeps the report on the books. The exit status is 1 where something is
wrong.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

import psycopg

from bot.disk import find_database_disk
from config import ENV_FILE, Config, ConfigError
from installation import name_command
from payroll.business_time import format_date
from payroll.errors import DomainError, UnavailableError
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from program import run
from repository.disk import FULL_PCT, NARROW_PCT, check_disk
from repository.rules import Rules
from sql import get_newest_version

OLDEST_SERVER, NEWEST_SERVER = 15, 18
LONGEST_WAIT_SECONDS = 600
CHECKED_EVERY = timedelta(hours=2)
MIRRORED_EVERY = timedelta(hours=1)
BACKED_UP_EVERY = timedelta(hours=3)
CLOCKS_AGREE_WITHIN = timedelta(minutes=5)
CLOCKS_BELIEVABLE_WITHIN = timedelta(days=1)
MOST_SHOWN = 20


class Level(StrEnum):
    """How it is, as it stands at the beginning of the line."""

    OK = "ok"
    WARN = "WARN"
    FAIL = "FAIL"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found. `advice` is what to do."""

    level: Level
    what: str
    advice: str = ""

    def __str__(self) -> str:
        line = f"{self.level:<5} {self.what}"
        return f"{line}\n      → {self.advice}" if self.advice else line


def ok(what: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, what)


def warn(what: str, advice: str) -> Finding:
    """It works, but somebody should look."""
    return Finding(Level.WARN, what, advice)


def fail(what: str, advice: str) -> Finding:
    """It does not work, or something could be lost."""
    return Finding(Level.FAIL, what, advice)


def examine(config: Config, env_file: Path = ENV_FILE) -> Iterator[Finding]:
    """Everything that can be looked at; what needs a database that is not there is left out."""
    if config.playground_refusal is not None:
        yield fail(f"settings: {config.playground_refusal}", "see .env.example")
    else:
        yield ok("settings can be read" + ("" if config.bot_token else "; without BOT_TOKEN there is the playground"))
    yield from _examine_env_file(env_file)
    yield from _examine_disk(config)
    yield from _examine_databases(config)


def _examine_databases(config: Config) -> Iterator[Finding]:
    try:
        params = config.get_database_params()
        version = PostgresSchema(**params, config=config).get_schema_version()
        if version == 0 and config.is_playground:
            yield ok(f"database: {_name_place(params)}, empty so far")
            params = config.get_playground_params()
            version = PostgresSchema(**params, config=config).get_schema_version()
    except ConfigError as error:
        yield fail(f"database: {error}", "see README.md on the PostgreSQL that comes along")
    except UnavailableError as error:
        reason = error.facts.get("reason") or error
        yield fail(f"database: {reason}", "start PostgreSQL, or correct DATABASE_URL or POSTGRES_* in .env")
    except psycopg.Error as error:
        reason = error.diag.message_primary or type(error).__name__
        yield fail(f"database: {reason}", "let this user read the tables: they belong to somebody else")
    else:
        yield from _examine_database(config, params, version)


def _examine_env_file(env_file: Path) -> Iterator[Finding]:
    if not env_file.exists():
        return
    mode = env_file.stat().st_mode & 0o777
    if mode & 0o077:
        yield warn(f"{env_file.name} can be read by others (mode {mode:04o})", f"chmod 600 {env_file}")
    else:
        yield ok(f"{env_file.name} can be read by its owner only")


def _examine_disk(config: Config) -> Iterator[Finding]:
    path = find_database_disk(config)
    if path is None:
        return
    try:
        state = check_disk(next(place for place in (path, *path.parents) if place.exists()))
    except OSError as error:
        yield warn(f"disk: {path}: {error.strerror}", "look whether the disk is mounted")
        return
    what = f"disk: {state.used_pct} % used, {state.free_bytes // 10**6:,} MB free ({path})"
    if state.used_pct >= FULL_PCT:
        yield fail(what, "free some space now: what is not about shifts and pay is left out already")
    elif state.used_pct >= NARROW_PCT:
        yield warn(what, "free some space, or move to a larger disk")
    else:
        yield ok(what)


def _examine_database(config: Config, params: dict[str, Any], version: int) -> Iterator[Finding]:
    place, newest = _name_place(params), get_newest_version()
    if version == 0:
        yield ok(f"database: {place}, empty; the bot makes its tables when it first starts")
        return
    if version < newest:
        yield fail(
            f"database: {place}, tables of version {version}, not {newest}",
            ".venv/bin/python pg_schema.py, or start the bot: either upgrades them",
        )
        return
    yield ok(f"database: {place}, tables of version {version}")
    try:
        with PostgresService(settle_ranks=True, rules=Rules.from_config(config), pool_size=2, **params) as service:
            yield from _examine_server(service)
            yield from _examine_clock(service)
            yield from _examine_queues(service)
            yield from _examine_mirror(service, has_mirror=config.spreadsheet_id is not None)
            if config.bot_token is not None:
                yield from _examine_backups(service, config)
            yield from _examine_dates(service)
            yield from _examine_books(service)
    except DomainError as error:
        yield fail(f"database: {error}", "look at PostgreSQL's own log, then try again")


def _name_place(params: dict[str, Any]) -> str:
    return f"{params.get('database')} on {params.get('host')}"


def _examine_server(service: PostgresService) -> Iterator[Finding]:
    facts = service.server.get()
    major = int(facts.version.partition(".")[0])
    if OLDEST_SERVER <= major <= NEWEST_SERVER:
        yield ok(f"PostgreSQL {facts.version}")
    else:
        yield warn(f"PostgreSQL {facts.version}", f"{OLDEST_SERVER} to {NEWEST_SERVER} are known to work")
    if facts.unsafe_settings:
        yield fail(
            f"a power cut could lose what was saved: {', '.join(facts.unsafe_settings)}",
            "in postgresql.conf set these to on, or take them out, then restart PostgreSQL",
        )
    else:
        yield ok("fsync, full_page_writes and synchronous_commit are on")
    if facts.has_checksums:
        yield ok("data checksums are on")
    else:
        yield warn(
            "data checksums are off: a disk that lies is not noticed",
            "stop PostgreSQL, run pg_checksums --enable -D <its data directory>, start it again",
        )
    if facts.is_owner:
        yield warn(
            "the bot's login owns the tables, or may become who does: it could change ledger and log",
            "give the tables another owner where the server allows two logins (docs/operations.md)",
        )
    else:
        yield ok("the bot's login does not own the tables")


def _examine_clock(service: PostgresService) -> Iterator[Finding]:
    advice = "set the clock: timedatectl set-ntp true, or date -s …"
    try:
        now = service.present.read_now()
    except DomainError as error:
        ahead = service.present.find_ahead()
        if ahead is not None:
            at = service.rules.zone.format(ahead.moment)
            advice += f"; or, where it is right now, delete shift {ahead.shift_id} ({ahead.employee_name}), which was "
            advice += f"recorded at {at} by a clock that was ahead, and enter it again"
        yield fail(f"the clock cannot be right: {error}", advice)
        return
    apart = abs(now - service.server.get().now)
    what = f"the clock says {service.rules.zone.format(now)} ({service.rules.zone.name})"
    if apart > CLOCKS_BELIEVABLE_WITHIN:
        yield fail(f"{what}, {apart} from the database server's", advice)
    elif apart > CLOCKS_AGREE_WITHIN:
        yield warn(f"{what}, {apart} from the database server's", advice)
    else:
        yield ok(what)


def _examine_queues(service: PostgresService) -> Iterator[Finding]:
    health = service.health.get()
    is_stuck = max(health.inbox_oldest_seconds or 0, health.outbox_oldest_seconds or 0) > LONGEST_WAIT_SECONDS
    what = f"{health.inbox_waiting} updates wait to be handled, {health.outbox_unsent} messages to be sent"
    if is_stuck:
        yield warn(f"{what}, for over ten minutes", "look whether the bot runs, and at its log")
    else:
        yield ok(what)
    if health.inbox_dead:
        yield warn(
            f"{health.inbox_dead} updates could not be handled", "/admin in the chat: try them again, or drop them"
        )
    if health.outbox_failed:
        yield warn(
            f"{health.outbox_failed} messages could not be delivered in the last days",
            "people who blocked the bot have to write to it again; the log names each",
        )
    for work in service.due_work.list_failing():
        yield warn(
            f"{work.kind} of {work.period} has failed {work.attempts} times",
            "the reason stands in the table due_work; it is tried again by itself",
        )


def _examine_mirror(service: PostgresService, *, has_mirror: bool) -> Iterator[Finding]:
    last = service.health.find_last_mirror()
    if last is None:
        if has_mirror:
            yield warn("the mirror has never run", name_command("mirror"))
        return
    started = service.rules.zone.format(last.started_at)
    is_old = has_mirror and _is_older(last.started_at, MIRRORED_EVERY, service.rules.clock())
    if last.status == "failed":
        yield warn(f"the mirror failed on {started}", "the reason stands in the table sync_log; look at its log")
    elif is_old:
        yield warn(f"the mirror ran last on {started}", "look whether the bot, or the timer of the mirror, runs")
    else:
        yield ok(f"the mirror ran last on {started}: {last.status}")


def _examine_backups(service: PostgresService, config: Config) -> Iterator[Finding]:
    standing = service.backups.find_standing()
    if standing is None or standing.made_at is None:
        advice = f"{name_command('backup')}; the bot makes one every BACKUP_EVERY minutes"
        yield warn("there is no backup of the database", advice)
        return
    made = f"the last backup was made on {service.rules.zone.format(standing.made_at)}"
    if _is_older(standing.made_at, BACKED_UP_EVERY, service.rules.clock()):
        yield warn(made, f"{name_command('backup')}; then look whether the bot, or the timer of the backups, runs")
    else:
        yield ok(made)
    for error in standing.errors:
        yield fail(f"backups: {error}", f"see docs/backup.md, then: {name_command('backup')}")
    if config.backup_target is None:
        yield warn("the backups are on this machine only", "set BACKUP_TARGET to a place off it (docs/backup.md)")


def _examine_dates(service: PostgresService) -> Iterator[Finding]:
    """Shifts that an older version let through with a mistyped year; they stay until somebody says the right one."""
    for shift_id, day in service.health.list_kept_dates():
        what = f"shift {shift_id} is dated {format_date(day)}: its pay period is open, and no later one can be closed"
        yield warn(what, "/admin in the chat: its person, My shifts; correct the date, or delete the shift")


def _examine_books(service: PostgresService) -> Iterator[Finding]:
    last = service.reconciliation.find_last()
    if last is not None:
        at = service.rules.zone.format(last.finished_at)
        if _is_older(last.finished_at, CHECKED_EVERY, service.rules.clock()):
            yield warn(f"the bot checked the books last on {at}", "it does so every hour: look whether it runs")
        else:
            yield ok(f"the bot checked the books last on {at}")
    report = service.reconciliation.run()
    looked_at = ", ".join(f"{count:,} {what}" for what, count in report.checked.items()) or "nothing yet"
    if not report.differences:
        yield ok(f"the books agree, looked at just now: {looked_at}")
        yield ok(f"the audit log ends with the digest {service.reconciliation.find_audit_head()}")
        return
    for difference in report.differences[:MOST_SHOWN]:
        yield fail(f"the books differ: {difference.subject}: {difference.check}", "its figures are in reconciliations")
    yield fail(
        f"{len(report.differences)} differences in all; nothing is closed or paid out",
        f"find who changed the tables by hand, or restore a backup; then {name_command('doctor')} again",
    )


def _is_older(at: datetime, than: timedelta, now: datetime) -> bool:
    return now - at > than


def main(out: TextIO) -> int:
    """Look at everything as it is set; the exit status."""
    try:
        config = Config.load()
    except ConfigError as error:
        findings: Iterator[Finding] = iter([fail(f"settings: {one}", "see .env.example") for one in error.problems])
    else:
        findings = examine(config)
    has_failed = False
    for finding in findings:
        has_failed = has_failed or finding.level is Level.FAIL
        out.write(f"{finding}\n")
        out.flush()
    return int(has_failed)


if __name__ == "__main__":
    run(lambda: main(sys.stdout))
