"""`python -m sheets_backup`: one run of the mirror, for a timer, cron, or by hand (SPEC 8)."""

import argparse
import sys
from collections.abc import Sequence

import psycopg

from config import Config, ConfigError
from payroll.errors import UnavailableError as DatabaseUnavailableError
from pg_schema import PostgresSchema
from program import run
from sheets_backup.errors import BusyError, MirrorError


def main(arguments: Sequence[str]) -> int:
    """The exit status: 0 where the sheet is as the database is, 1 where it is not or cannot be, 2 for a wrong call."""
    options = _parse(arguments)
    try:
        config = Config.load()
        _require_spreadsheet(config)
        PostgresSchema(**config.get_database_params(), config=config).init_schema()
        return _run(config, options)
    except (ConfigError, MirrorError) as error:
        return _fail(str(error))
    except DatabaseUnavailableError as error:
        reason = error.facts.get("reason")
        return _fail(f"{error}: {reason}" if reason else str(error))
    except psycopg.Error as error:
        return _fail(f"The database refused it: {error.diag.message_primary or error}")


def _require_spreadsheet(config: Config) -> None:
    if config.spreadsheet_id is None:
        problem = "SPREADSHEET_ID is not set: set it to the ID of the Google spreadsheet to mirror into."
        raise ConfigError([problem])


def _run(config: Config, options: argparse.Namespace) -> int:
    # Late: what is wrong with the settings is said before the seconds that Google's libraries take.
    from sheets_backup.check import run_restore_check, run_verify
    from sheets_backup.mirror import RunKind, run_mirror

    params = config.get_database_params()
    if options.verify:
        comparison = run_verify(config, params)
        sys.stdout.write(f"{comparison.render('cells')}\n")
        return 1 if comparison.differences else 0
    if options.restore_check:
        comparison = run_restore_check(config, params)
        sys.stdout.write(f"{comparison.render('rows')}\n")
        return 1 if comparison.differences else 0
    kind = RunKind.FULL if options.full else RunKind.ADOPT if options.adopt else RunKind.INCREMENTAL
    report = run_mirror(config, params, kind=kind)
    if isinstance(report.error, BusyError):
        sys.stdout.write(f"{report.error}\n")
        return 0
    if report.error is not None:
        return _fail(str(report.error))
    sys.stdout.write(f"{report.rows:,} rows written with {report.calls} calls.\n")
    for title in report.healed:
        sys.stdout.write(f"{title} was not as it was written and is put back.\n")
    for title in report.kept:
        sys.stdout.write(f"What was there is kept in the tab {title}.\n")
    return 0


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m sheets_backup",
        description="Bring the Google spreadsheet up to date with the database.",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--full", action="store_true", help="write everything anew")
    mode.add_argument("--verify", action="store_true", help="read the sheet back and compare it cell by cell")
    mode.add_argument(
        "--restore-check",
        action="store_true",
        help="restore the sheet into a scratch database and compare it row by row",
    )
    mode.add_argument(
        "--adopt",
        action="store_true",
        help="take over a spreadsheet that is not this database's mirror, keeping a copy of each tab",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
