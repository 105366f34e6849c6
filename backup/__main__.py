"""`python -m backup`: make a backup, check it, restore one, list them, move the data to another PostgreSQL."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from backup.check import run_check
from backup.door import keep_others_out
from backup.dump import make_dump
from backup.errors import BackupError, BusyError, telling_errors
from backup.files import Backup, list_backups, split_by_clock
from backup.log import describe
from backup.move import move
from backup.places import Place, open_place
from backup.restore import Restored, find_backup, restore
from backup.run import get_zone, run_backup
from config import Config, ConfigError, parse_database_url
from payroll.errors import UnavailableError
from pg_schema import PostgresSchema
from program import run
from repository.clock import read_system_clock

BEFORE_RESTORE = "before-restore-"
BUSY = 75
"""The exit status of who wants something now while another backup is at work: EX_TEMPFAIL, try again."""
OWN = "own"
"""In place of an address: the PostgreSQL that comes along."""


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 where it is done, 1 where it is not or cannot be, 2 for a wrong call, BUSY.

    Of `make` and `check` as a timer calls them another backup at work is no failure: 0, for it is being done.
    """
    options = _parse(arguments)
    command: Callable[[Config, argparse.Namespace], int] = options.command
    try:
        with telling_errors():
            return command(Config.load(), options)
    except BusyError as error:
        is_by_timer = options.command in (make, check) and not options.now
        return _say(str(error)) if is_by_timer else _fail(str(error), status=BUSY)
    except ConfigError as error:
        return _fail(str(error))
    except (BackupError, UnavailableError) as error:
        return _fail(describe(error))


def make(config: Config, options: argparse.Namespace) -> int:
    """Make a backup; without `--now` only where the last one is older than BACKUP_EVERY."""
    made = run_backup(config, config.get_database_params(), is_forced=options.now)
    _say(made.summary)
    if made.copied:
        _say(f"Copied off the machine: {len(made.copied)} new.")
    return 0 if made.copy_error is None else _fail(made.copy_error)


def check(config: Config, _options: argparse.Namespace) -> int:
    """Restore the newest backup into a scratch database and compare."""
    restored = run_check(config, config.get_database_params())
    return _say(f"{restored.backup.path.name} restores: {_describe(restored)}.")


def list_all(config: Config, _options: argparse.Namespace) -> int:
    """The backups there are, oldest first."""
    backups, ahead = split_by_clock(list_backups(config.backup_directory), read_system_clock())
    for one in ahead:
        _fail(f"{one.path.name} counts for nothing: by this machine's clock it is dated in the time to come.")
    for one in backups:
        _say(f"{get_zone(config).format(one.taken_at)}  {one.path.stat().st_size:>12,}  {one.path}")
    return 0 if backups else _say(f"There is no backup in {config.backup_directory}.")


def restore_one(config: Config, options: argparse.Namespace) -> int:
    """Put a backup into the configured database, and bring it up to the present schema."""
    if not options.file:
        return _fail("Say which backup: FILE=<a dump, a folder with dumps, or a target as in BACKUP_TARGET>.")
    params = config.get_database_params()
    with keep_others_out(params), open_place(config.backup_directory, Place.FETCHED) as place:
        backup = find_backup(options.file, place, config.program_settings)
        if options.replace:
            _keep_present(config, params)
        restored = restore(backup, params, is_replacing=options.replace)
        PostgresSchema(**params, config=config).init_schema()
    _tell_restored(config, restored)
    if options.run:
        os.execv(sys.executable, [sys.executable, "-m", "bot"])  # noqa: S606  # nosec B606 - ourselves, as the bot
    return 0


def move_to(config: Config, options: argparse.Namespace) -> int:
    """Move the data of the configured database into an empty one."""
    target = _read_place(config, options.to)
    source = config.get_database_params()
    _say(f"From {_name(source)} to {_name(target)}.")
    restored = move(source, target, config.backup_directory)
    PostgresSchema(**target, config=config).init_schema()
    _say(f"Moved and compared: {restored.figures.render()}; every count, sum and hash is the same.")
    if options.to == OWN:
        return _say("Now take DATABASE_URL and POSTGRES_* out of .env, and start the bot.")
    return _say(
        f"Now put this into .env, with the password, in place of what names the old database:\n{_spell(target)}"
    )


def _keep_present(config: Config, params: Mapping[str, Any]) -> None:
    """A dump of what is about to be replaced, which no rotation deletes; none where there is nothing yet."""
    if PostgresSchema(**params).get_schema_version() > 0:
        kept, _ = make_dump(params, config.backup_directory, prefix=BEFORE_RESTORE)
        _say(f"What was there is kept: {kept.path}")


def _tell_restored(config: Config, restored: Restored) -> None:
    backup: Backup = restored.backup
    _say(f"Restored {backup.path.name} of {get_zone(config).format(backup.taken_at)}: {_describe(restored)}.")
    if not restored.is_verified:
        _say(f"No {backup.checksum.name} lay beside it, so nothing says that the file is as it was written.")


def _describe(restored: Restored) -> str:
    compared = "every count, sum and hash is as it was" if restored.is_compared else "no figures beside it to compare"
    return f"{restored.figures.render()}; {compared}"


def _read_place(config: Config, address: str) -> dict[str, Any]:
    if address == OWN:
        return replace(config, database=None).get_database_params()
    try:
        return parse_database_url(address)
    except ValueError as error:
        raise BackupError(f"The address to move to {error}.") from error


def _name(params: Mapping[str, Any]) -> str:
    return f"{params['database']} on {params['host']}:{params['port']}"


def _spell(params: Mapping[str, Any]) -> str:
    """The setting to make, the password left out."""
    password = ":***" if params.get("password") else ""
    return (
        f"DATABASE_URL=postgresql://{params['user']}{password}@{params['host']}:{params['port']}/{params['database']}"
    )


def _say(sentence: str) -> int:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()
    return 0


def _fail(sentence: str, *, status: int = 1) -> int:
    sys.stderr.write(f"{sentence}\n")
    return status


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m backup", description="Backups of the database.")
    parser.set_defaults(now=False)
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("make", help="make a backup where the last one is older than BACKUP_EVERY")
    making.add_argument("--now", action="store_true", help=f"however fresh the last one is; status {BUSY}: try again")
    making.set_defaults(command=make)
    checking = commands.add_parser("check", help="restore the newest backup into a scratch database and compare")
    checking.set_defaults(command=check)
    restoring = commands.add_parser("restore", help="put a backup into the configured database, which must be empty")
    restoring.add_argument("file", help="a dump, or the newest of a folder, of rsync:… or of restic:…")
    restoring.add_argument("--replace", action="store_true", help="in place of what is there, kept as a dump first")
    restoring.add_argument("--run", action="store_true", help="and start the bot then")
    restoring.set_defaults(command=restore_one)
    listing = commands.add_parser("list", help="show the backups there are")
    listing.set_defaults(command=list_all)
    moving = commands.add_parser("move", help="move the data into an empty database")
    moving.add_argument("to", help="postgresql://user:password@host:5432/name, or own")
    moving.set_defaults(command=move_to)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
