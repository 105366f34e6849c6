"""Putting a dump into a database: all of it, compared with its figures, or nothing.

One transaction of our own: pg_restore only decodes the file, so that emptying, loading, comparing and the rights of the
bot's role are seen by others at once or never. What `COPY` says goes through as it is.
"""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg

from backup.dump import Manifest, read_manifest
from backup.errors import BackupError
from backup.figures import Figures, list_differences, read_figures
from backup.files import Backup, read_name, verify_checksum
from backup.programs import find_pg_restore, reading_from
from backup.queries import execute, fetch
from backup.targets import RESTIC, RSYNC, open_target
from pg_schema import PostgresSchema, count_rows, read_version
from repository.timeline import begin_timeline
from sql import get_newest_version

MADE_BY_A_START = frozenset(
    {
        "alembic_version", "schema_metadata", "products", "dynamic_rate_versions", "dynamic_rates", "rank_versions",
        "ranks", "rank_ranges", "rank_bonuses", "pay_terms", "settings", "mirror_state", "mirror_tabs", "mirror_rows",
        "sync_outbox", "sync_log", "due_work", "reconciliations", "backup_runs",
    }
)  # fmt: skip
"""Tables that a first start fills by itself: with rows in no others a database counts as empty."""
SHOWN = 5
_BLOCK = 1 << 16
# Not known to a server before version 17, and of no use to any.
_LEFT_OUT = (b"--", b"\\restrict ", b"\\unrestrict ", b"SET transaction_timeout ")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a database holds after a restore. `is_compared`: its figures were compared with those beside the dump."""

    backup: Backup
    figures: Figures
    is_compared: bool
    is_verified: bool
    """Whether there was a checksum that the dump was found to have."""


def find_backup(spec: str, into: Path, environment: Mapping[str, str] | None = None) -> Backup:
    """The backup that a command names: a dump's path, or the newest of a folder or a target.

    What lies elsewhere is brought into the directory `into`, by a program with `environment`. Raises BackupError.
    """
    path = Path(spec)
    if spec.startswith((RSYNC, RESTIC)) or path.is_dir():
        return open_target(spec, environment or {}).fetch(into)
    if not path.is_file():
        raise BackupError(f"There is no backup {path}.")
    named = path.with_name(path.name[path.name.find("shiftbot-") :]) if "shiftbot-" in path.name else path
    found = read_name(named)
    if found is None:
        raise BackupError(f"{path.name} is not named as a backup is: shiftbot-1a2b3c4d-20261122T093000Z.dump")
    return Backup(path, found.tag, found.taken_at)


def restore(
    backup: Backup, params: Mapping[str, Any], *, is_replacing: bool = False, is_move: bool = False
) -> Restored:
    """Put a dump into a database that holds nothing, or in place of what it holds.

    Raises BackupError, having changed nothing: where the dump is damaged, was made by a newer program, does not give
    the figures that stand beside it, or the database is not empty. The schema stays of the dump's version. What comes
    back begins a timeline of its own, but where it `is_move`: nothing happened after that dump.
    """
    is_verified = verify_checksum(backup)
    manifest = read_manifest(backup)
    _refuse_newer(manifest.schema_version if manifest is not None else 0)
    schema = PostgresSchema(**params)
    with closing(schema.connect_as_owner()) as connection:
        try:
            with connection.transaction():
                execute(connection, "set_plain_spelling")
                if not is_replacing:
                    refuse_records(connection)
                execute(connection, "drop_everything")
                _load(connection, backup.path)
                figures = _check(connection, backup, manifest)
                if not is_move:
                    begin_timeline(connection)
                schema.grant_rights(connection)
            connection.execute("ANALYZE")
        except psycopg.OperationalError as error:
            raise BackupError(f"The connection to the database was lost: {str(error).partition(chr(10))[0]}") from error
        except psycopg.Error as error:
            raise BackupError(f"The database refused the backup: {error.diag.message_primary or error}") from error
    return Restored(backup, figures, manifest is not None, is_verified)


def refuse_records(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    """Raise BackupError where a database has anything that a first start does not make."""
    rows = count_rows(connection)
    records = {table: count for table, count in rows.items() if count and table not in MADE_BY_A_START}
    if not rows and fetch(connection, "count_routines")[0][0]:
        records = {"functions": 1}
    if records:
        most = sorted(records, key=lambda table: -records[table])[:SHOWN]
        told = ", ".join(f"{table} {records[table]:,}" for table in most)
        raise BackupError(f"The database {connection.info.dbname} is not empty ({told}), so nothing was changed.")


def _refuse_newer(version: int) -> None:
    if version > get_newest_version():
        raise BackupError(
            f"The backup is of schema version {version}, and this program knows {get_newest_version()}: take the "
            "newer program first."
        )


def _check(connection: psycopg.Connection[tuple[Any, ...]], backup: Backup, manifest: Manifest | None) -> Figures:
    _refuse_newer(read_version(connection))
    figures = read_figures(connection)
    if manifest is None:
        return figures
    if differences := list_differences(manifest.figures, figures):
        shown = "; ".join(differences[:SHOWN])
        raise BackupError(f"{backup.path.name} does not give what it was made from, so nothing was changed: {shown}")
    return figures


# --- loading ---------------------------------------------------------------------------------------------------------


def _load(connection: psycopg.Connection[tuple[Any, ...]], dump: Path) -> None:
    for section in ("pre-data", "post-data"):
        if section == "post-data":
            with _decoding(dump, "data") as stream:
                _load_data(connection, stream)
        with _decoding(dump, section) as stream:
            definitions = b"".join(line for line in stream if not line.startswith(_LEFT_OUT))
            connection.execute(definitions)


def _decoding(dump: Path, section: str) -> Any:
    what = ("--schema=public", "--no-owner", "--no-privileges", "--no-comments", "--no-tablespaces")
    return reading_from((find_pg_restore(), f"--section={section}", *what, "--file=-", dump))


def _load_data(connection: psycopg.Connection[tuple[Any, ...]], stream: IO[bytes]) -> None:
    """Statements as they come; the rows behind a COPY go into it as they are."""
    statement = b""
    for line in stream:
        if not statement and (not line.strip() or line.startswith(_LEFT_OUT)):
            continue
        statement += line
        if not statement.rstrip().endswith(b";"):
            continue
        if statement.startswith(b"COPY "):
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                for block in _read_rows(stream):
                    copy.write(block)
        else:
            connection.execute(statement)
        statement = b""


def _read_rows(stream: IO[bytes]) -> Iterator[bytes]:
    """The rows up to the line that ends them, in blocks."""
    block = bytearray()
    for line in stream:
        if line == b"\\.\n":
            yield bytes(block)
            return
        block += line
        if len(block) > _BLOCK:
            yield bytes(block)
            block.clear()
    raise BackupError("The dump ends in the middle of a table.")
