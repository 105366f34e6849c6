"""From the old bot's spreadsheet to PostgreSQL: `python migrate_to_postgres.py --source xlsx:FILE` (SPEC 7).

Shows what it would do and writes nothing; with `--execute` it does exactly that. docs/migration.md tells the whole way.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import psycopg

from config import Config, ConfigError
from migration.cells import read_time
from migration.dates import DateOrder, DateReading
from migration.progress import Progress
from migration.report_file import SUFFIXES, write_report
from migration.run import Order, Result, migrate, refuse_nameless, restore
from migration.sources import Source, SourceError, parse_source
from migration.tabs import TABS, Tab, find_tab
from migration.values import CellError
from payroll.errors import ErrorKey, UnavailableError
from pg_schema import PostgresSchema
from program import run
from repository.clock import Clock, read_system_clock
from repository.rules import Rules
from sheets_backup.restore import is_mirror, list_nameless


def main(arguments: Sequence[str], *, clock: Clock = read_system_clock) -> int:
    """The exit status: 0 where all is well, 1 where a row was rejected or nothing could be done, 2 for a wrong call."""
    options = _parse(arguments)
    try:
        result = _run(options, clock)
    except (SourceError, ConfigError) as error:
        return _fail(str(error))
    except UnavailableError as error:
        if error.key is ErrorKey.SCHEMA_OLDER:
            return _fail("A dry run writes nothing, and this database is of an older version: run pg_schema.py first.")
        reason = error.facts.get("reason")
        return _fail(f"{error}: {reason}" if reason else str(error))
    except psycopg.errors.LockNotAvailable:
        return _fail("Somebody is writing into the database all the time: stop the bot, then try again.")
    except psycopg.Error as error:
        return _fail(f"The database refused it, and nothing was written: {error.diag.message_primary or error}")
    if options.report is not None:
        try:
            write_report(result.report, options.report)
        except OSError as error:
            sys.stderr.write(f"The report could not be written to {options.report}: {error.strerror}.\n")
    sys.stdout.write(f"{result.report.render()}\n\n{_conclude(result, options)}\n")
    is_well = not result.report.has_faults and (result.report.is_clean or options.skip_invalid)
    return 0 if is_well else 1


def _run(options: argparse.Namespace, clock: Clock) -> Result:
    config = Config.load()
    progress = Progress()
    source: Source = options.source
    book = source.read(config, progress)
    schema = PostgresSchema(**config.get_database_params(), config=config)
    order = Order(
        is_executed=options.execute,
        tabs=options.tables,
        skips_invalid=options.skip_invalid,
        is_repriced=options.reprice,
        owed_from=options.owed_from,
        source_name=source.name,
        date_order=options.date_order,
        is_complete=source.is_complete,
        accepts_differences=options.accept_differences,
    )
    rules = replace(Rules.from_config(config), clock=clock)
    if options.execute:
        schema.init_schema()
    with schema.connect_as_owner() if options.execute else schema.rehearse() as connection:
        if is_mirror(book.tabs):
            return restore(connection, book.tabs, order, rules, progress)
        if nameless := list_nameless(book.tabs):
            return refuse_nameless(nameless)
        return migrate(connection, book, order, rules, progress)


def _conclude(result: Result, options: argparse.Namespace) -> str:
    """The last line: what has happened, and what to do next."""
    if result.is_written:
        return "Done: all of this is in the database now."
    if result.report.has_faults:
        return "Nothing was written: put right what is wrong first."
    if not result.report.is_clean and not options.skip_invalid:
        return "Nothing was written: correct the rejected rows in the sheet, or leave them out with --skip-invalid."
    return "This was a dry run: nothing was written. With --execute exactly this is done."


def _fail(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1


# --- arguments -------------------------------------------------------------------------------------------------------


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="migrate_to_postgres.py",
        description="Take the old bot's spreadsheet over into PostgreSQL. Without --execute nothing is written.",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--dry-run", action="store_true", help="show what would be done; so it is without --execute too")
    mode.add_argument("--execute", action="store_true", help="do it, all of it or nothing")
    parser.add_argument(
        "--source",
        type=_parse_source,
        default="sheets",
        metavar="SOURCE",
        help="sheets (SPREADSHEET_ID, the default), xlsx:FILE, csv:DIR or sqlite:FILE",
    )
    parser.add_argument(
        "--tables",
        type=_parse_tables,
        default=TABS,
        metavar="A,B",
        help=f"these worksheets alone, of {', '.join(tab.title for tab in TABS)}",
    )
    parser.add_argument("--skip-invalid", action="store_true", help="leave rejected rows out and take over the rest")
    parser.add_argument(
        "--accept-differences",
        action="store_true",
        help="restore a mirror though its tabs are not as they were written, or its books do not agree",
    )
    parser.add_argument("--reprice", action="store_true", help="pay by today's rules in place of the recorded pay")
    parser.add_argument(
        "--owed-from",
        metavar="DATE",
        help="shifts from this date on are owed, all before are paid (default: the first day of this pay period)",
    )
    parser.add_argument(
        "--date-order",
        type=DateOrder,
        choices=list(DateOrder),
        metavar="dmy|mdy",
        help="what comes first in dates such as 01/09/2026; without it they are rejected",
    )
    parser.add_argument(
        "--report",
        type=_parse_report,
        metavar="FILE",
        help="write the whole report there too, the gravest first: a .csv or an .xlsx",
    )
    options = parser.parse_args(arguments)
    try:
        options.owed_from = _read_owed_from(options)
    except CellError as error:
        parser.error(f"--owed-from {options.owed_from} {error}")
    return options


def _parse_source(text: str) -> Source:
    try:
        return parse_source(text)
    except SourceError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _parse_tables(text: str) -> tuple[Tab, ...]:
    tabs = [find_tab(name) for name in text.split(",")]
    found = tuple(tab for tab in tabs if tab is not None)
    if len(found) < len(tabs):
        raise argparse.ArgumentTypeError(f"{text} names more than {', '.join(tab.title for tab in TABS)}")
    return found


def _parse_report(text: str) -> Path:
    path = Path(text)
    if path.suffix.lower() not in SUFFIXES:
        raise argparse.ArgumentTypeError(f"{text} must end with {' or '.join(SUFFIXES)}")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"the directory of {text} is not there")
    return path


def _read_owed_from(options: argparse.Namespace) -> date | None:
    """The date in whatever form a sheet may have it. Raises CellError."""
    if options.owed_from is None:
        return None
    return read_time(options.owed_from, DateReading(options.date_order)).date()


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
