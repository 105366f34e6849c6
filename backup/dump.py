"""Making a dump, with figures of the very snapshot that it holds."""

import contextlib
import json
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from psycopg import IsolationLevel

from backup.errors import BackupError
from backup.figures import Figures, read_figures
from backup.files import (
    Backup,
    list_left_overs,
    make_directory,
    name_backup,
    name_part,
    put_in_place,
    write_checksum,
    write_whole,
)
from backup.programs import describe_connection, find_pg_dump, run_program
from backup.queries import fetch
from pg_schema import PostgresSchema, read_version
from repository.clock import Clock, read_system_clock

FORMAT = 1
TAG_DIGITS = 8
_LOCK_WAIT = "30s"
_WHAT = (
    # Nothing of another schema, such as a hosted server's own, and nothing that another server need not have.
    "--format=custom", "--encoding=UTF8", "--schema=public", "--no-owner", "--no-privileges", "--no-comments",
    "--no-security-labels", "--no-publications", "--no-subscriptions", "--no-tablespaces",
    "--no-table-access-method", "--no-password",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands beside a dump. `taken_at` is in UTC."""

    database_uuid: str
    schema_version: int
    server_version: str
    taken_at: datetime
    figures: Figures

    def write(self) -> bytes:
        """As JSON."""
        described = {
            "format": FORMAT,
            "database_uuid": self.database_uuid,
            "schema_version": self.schema_version,
            "server_version": self.server_version,
            "taken_at": self.taken_at.astimezone(UTC).isoformat(),
            "figures": self.figures.describe(),
        }
        return (json.dumps(described, indent=1, sort_keys=True) + "\n").encode()


def read_manifest(backup: Backup) -> Manifest | None:
    """What stands beside a dump; None where nothing does. Raises BackupError where it cannot be read."""
    try:
        told = json.loads(backup.manifest.read_text(encoding="utf-8"))
        figures = told["figures"]
        return Manifest(
            told["database_uuid"],
            int(told["schema_version"]),
            told["server_version"],
            datetime.fromisoformat(told["taken_at"]),
            Figures(figures["tables"], figures["ledger"], figures["months"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BackupError(f"{backup.manifest.name} is damaged: it cannot be read.") from error


def find_tag(params: Mapping[str, Any]) -> str:
    """The beginning of a database's UUID, which the names of its backups carry.

    Raises BackupError where it has none of the bot's tables, UnavailableError where it is away.
    """
    with closing(PostgresSchema(**params).connect()) as connection:
        return _find_uuid(connection)[:TAG_DIGITS]


def make_dump(
    params: Mapping[str, Any], directory: Path, *, prefix: str = "", clock: Clock = read_system_clock
) -> tuple[Backup, Manifest]:
    """Dump a database into a directory. Its files get their names when they are whole and on the disk.

    `params` are as `Config.get_db_params()` gives them. `prefix` puts a file out of the rotation's reach. Raises
    BackupError, of which nothing stays then, and UnavailableError where the database is away.
    """
    make_directory(directory)
    with closing(PostgresSchema(**params).connect()) as connection:
        connection.isolation_level = IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        try:
            with connection.transaction():
                return _dump_snapshot(connection, params, directory, prefix, clock())
        except psycopg.Error as error:
            raise BackupError(f"The database refused the backup: {error.diag.message_primary or error}") from error
        except OSError as error:
            raise BackupError(f"The backup cannot be written into {directory}: {error.strerror or error}.") from error


def _dump_snapshot(
    connection: psycopg.Connection[tuple[Any, ...]],
    params: Mapping[str, Any],
    directory: Path,
    prefix: str,
    at: datetime,
) -> tuple[Backup, Manifest]:
    figures = read_figures(connection)
    snapshot, version, major = fetch(connection, "export_snapshot")[0]
    manifest = Manifest(_find_uuid(connection), read_version(connection), version, at, figures)
    backup = _find_free_name(directory, prefix, manifest.database_uuid[:TAG_DIGITS], at)
    for left in list_left_overs(directory, backup.tag):
        left.unlink(missing_ok=True)
    part = name_part(backup.path)
    with contextlib.ExitStack() as unless_whole:
        for path in (part, *backup.files):
            unless_whole.callback(path.unlink, missing_ok=True)
        _run_pg_dump(params, part, snapshot=snapshot, major=major)
        write_whole(backup.manifest, manifest.write())
        write_checksum(backup, part)
        put_in_place(part, backup.path)
        unless_whole.pop_all()
    return backup, manifest


def _find_free_name(directory: Path, prefix: str, tag: str, at: datetime) -> Backup:
    """A second later in the name where one was made this very second."""
    while True:
        named = name_backup(directory, tag, at)
        backup = Backup(named.path.with_name(prefix + named.path.name), tag, at)
        if not backup.path.exists():
            return backup
        at += timedelta(seconds=1)


def _run_pg_dump(params: Mapping[str, Any], part: Path, *, snapshot: str, major: int) -> None:
    connection, environment = describe_connection(params)
    how = (f"--lock-wait-timeout={_LOCK_WAIT}", f"--snapshot={snapshot}", f"--file={part}")
    command = (find_pg_dump(major), *_WHAT, *how, f"--dbname={connection}")
    run_program(command, environment=environment)


def _find_uuid(connection: psycopg.Connection[tuple[Any, ...]]) -> str:
    try:
        found = fetch(connection, "select_identity")
    except psycopg.errors.UndefinedTable:
        found = []
    if not found:
        raise BackupError("The database has no tables of the bot, so there is nothing to back up.")
    return str(found[0][0])
