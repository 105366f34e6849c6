"""A migration from beginning to end, in one transaction: all of it or nothing, and nothing in a dry run (SPEC 7)."""

import gc
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from psycopg import Connection, IntegrityError, Rollback

from migration.bonuses import load_bonuses
from migration.books import ImportRules, Job, read_books
from migration.dates import DateOrder, DateReading
from migration.ledger import book_shifts, list_owed
from migration.people import drop_rows_of_rejected_people, import_people
from migration.progress import Progress
from migration.ranges import import_ranks, import_rates
from migration.report import Entry, Gravity, Report, Tally
from migration.rows import Reader
from migration.shifts import load_shifts, plan_shifts, sum_up_months
from migration.sources import Book
from migration.standing import import_employee_ranks
from migration.steps import (
    check_owed_from,
    find_owed_from,
    list_left_out_reference,
    refuse_late_reference,
    refuse_parted_history,
)
from migration.tabs import TABS, Tab, Tabs
from migration.unread import note_unread
from payroll.pay_periods import PayDays, compute_pay_period
from repository.imports import ImportStore
from repository.reconciliation import check_restored
from repository.rules import Rules
from sheets_backup.columns import IDENTITY_TAB
from sheets_backup.restore import MirrorContents, NotEmptyError, load_contents, read_mirror

_STEPS = 8


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody asks for on the command line. `source_name` is how the source is called in the audit log.

    `is_complete` is true of a source that must have every worksheet that is wanted. `accepts_differences`: a mirror is
    restored though it is not as it was written.
    """

    is_executed: bool = False
    tabs: Sequence[Tab] = TABS
    skips_invalid: bool = False
    is_repriced: bool = False
    owed_from: date | None = None
    source_name: str = ""
    is_complete: bool = True
    date_order: DateOrder | None = None
    accepts_differences: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """The report, and whether what it says was written."""

    report: Report
    is_written: bool


def migrate(connection: Connection[Any], book: Book, order: Order, rules: Rules, progress: Progress) -> Result:
    """Take an old bot's spreadsheet over; the database is as before unless `is_written` (SPEC 7).

    `connection` is the owner's. Raises psycopg.Error where the database refuses something, which changes nothing.
    """
    report = Report()
    store = ImportStore(connection)
    is_written = False
    try:
        with store.transaction():
            for tab in _list_not_there_yet(store, book, order, rules, progress):
                report.fault("comes before Shifts: migrate it first, or name it in --tables too", tab.title)
            job = read_job(store, book, order, rules, report, progress)
            if not report.has_faults:
                take_over(job, progress)
                refuse_late_reference(order.tabs, job.books, report)
            is_accepted = not report.has_faults and (report.is_clean or order.skips_invalid)
            is_written = order.is_executed and is_accepted
            if not is_written:
                raise Rollback
            _seal(store, job, order)
    finally:
        progress.clear()
    return Result(report, is_written=is_written)


def restore(connection: Connection[Any], tabs: Tabs, order: Order, rules: Rules, progress: Progress) -> Result:
    """Make an empty database the one whose mirror the spreadsheet is, ledger and settings included (SPEC 8, T25).

    What is not as the mirror wrote it, and what does not agree in the books, is listed; nothing is written then, unless
    the order accepts that.
    """
    report = Report()
    progress.show("reading the mirror", 0, 1)
    contents = read_mirror(tabs)
    for one in contents.rejected:
        report.entries.append(Entry(Gravity.FAULT, one.tab, one.row_no, one.column, str(one.value), one.reason))
    if not contents.is_whole:
        report.fault("The mirror was being written anew when it was left: run the mirror once more first.")
    report.note("The spreadsheet is a mirror: the database becomes the one that was mirrored.")
    if report.has_faults:
        return Result(report, is_written=False)
    _tell_of_tabs(contents, order, report)
    try:
        with connection.transaction():
            for table, count in load_contents(connection, contents).items():
                report.tallies[table] = Tally(read=count, inserted=count)
            _tell_of_books(connection, order, rules, report)
            if not order.is_executed or report.has_faults:
                raise Rollback
    except NotEmptyError as error:
        report.fault(f"A mirror is restored into an empty database only: {error}.")
    except IntegrityError as error:
        # Where the tabs are as they were written, it is ours to explain.
        if not contents.differences:
            raise
        report.fault(f"The database refuses what is there: {error.diag.message_primary}")
    finally:
        progress.clear()
    return _conclude(report, order)


def _conclude(report: Report, order: Order) -> Result:
    if report.has_faults:
        report.note(
            "Bring changed tabs back with File, Version history, and try again; or take over what is there with "
            "--accept-differences."
        )
    return Result(report, is_written=order.is_executed and not report.has_faults)


def _tell_of_tabs(contents: MirrorContents, order: Order, report: Report) -> None:
    """What of the tabs is not as the mirror wrote it: nothing is written then, unless the order accepts that."""
    if contents.differences is None:
        report.note("The mirror is of an earlier version, which tells no sums of its tabs: they are not checked.")
    tell = report.note if order.accepts_differences else report.fault
    for line in contents.differences or ():
        tell(f"Not as the mirror wrote it: {line}")


def _tell_of_books(connection: Connection[Any], order: Order, rules: Rules, report: Report) -> None:
    """In the transaction that has just restored them: what in the books does not agree."""
    tell = report.note if order.accepts_differences else report.fault
    for one in check_restored(connection, rules).differences:
        tell(f"The books differ: {one.check}, {one.subject}: {one.expected} is expected, {one.found} is there")


def refuse_nameless(titles: Sequence[str]) -> Result:
    """A mirror without the tab that tells whose it is would lose its ledger and its history as an old sheet."""
    named = ", ".join(titles[:3])
    fault = (
        f"The spreadsheet has the tabs of a mirror ({named}, …) but no tab {IDENTITY_TAB} that tells whose it is, so "
        f"it is not taken for an old sheet. Was that tab renamed? Call it {IDENTITY_TAB} again, or bring it back with "
        "File, Version history. Where this really is an old bot's sheet, delete its tabs data_… first."
    )
    report = Report()
    report.fault(fault)
    return Result(report, is_written=False)


def read_job(store: ImportStore, book: Book, order: Order, rules: Rules, report: Report, progress: Progress) -> Job:
    """Everything that is read: the rows of the worksheets as records, and what the database holds."""
    now = rules.clock()
    books = read_books(store)
    wanted = [tab for tab in TABS if tab in order.tabs]
    _note_missing(book.tabs, wanted, order, report)
    refuse_parted_history(book.tabs, wanted, report)
    note_unread(book, wanted, report)
    dates = DateReading(order.date_order, book.epoch)
    reading = Reader(rules.zone, now, dates, frozenset(books.products), report, progress).read(book.tabs, wanted)
    today = rules.zone.date_of(now)
    pay_days = PayDays.parse(store.fetch("select_pay_days")[0][0])
    owed_from = order.owed_from or find_owed_from(books) or compute_pay_period(today, pay_days).start_date
    check_owed_from(owed_from, today, books, report)
    import_rules = ImportRules(
        zone=rules.zone,
        pay_days=pay_days,
        max_shift_hours=rules.max_shift_hours,
        owed_from=owed_from,
        is_repriced=order.is_repriced,
        now=now,
        draw=rules.draw,
    )
    return Job(store, books, reading, import_rules, report)


def _list_not_there_yet(store: ImportStore, book: Book, order: Order, rules: Rules, progress: Progress) -> list[Tab]:
    """The worksheets that `--tables` leaves out, though history is priced by them and the database has others."""
    left_out = list_left_out_reference(book.tabs, order.tabs)
    if not left_out:
        return []
    probe = Report()
    with store.undone():
        job = read_job(store, book, replace(order, tabs=left_out), rules, probe, progress)
        import_people(job)
        import_rates(job)
        import_ranks(job)
    tallies = ((tab, probe.tallies[tab.title]) for tab in left_out)
    return [tab for tab, tally in tallies if tally.inserted or tally.updated or tally.rejected]


def take_over(job: Job, progress: Progress) -> None:
    """Compare with the database and load, in an order in which what a row needs is there before it."""
    # Nothing here makes cycles, and the collector would walk through all rows again and again.
    gc.disable()
    try:
        _take_over(job, progress)
    finally:
        gc.enable()


def _take_over(job: Job, progress: Progress) -> None:
    progress.show("people", 1, _STEPS)
    drop_rows_of_rejected_people(job)
    import_people(job)
    import_rates(job)
    import_ranks(job)
    progress.show("shifts", 2, _STEPS)
    plan = plan_shifts(job)
    load_shifts(job, plan)
    load_bonuses(job, plan.bonuses, plan.carried, {one.shift.shift_id for one in plan.written})
    progress.show("ranks", 6, _STEPS)
    import_employee_ranks(job)
    progress.show("the ledger", 7, _STEPS)
    book_shifts(job, plan)
    # What is looked at on commit is looked at in a dry run too.
    job.store.execute("check_constraints_now")
    sum_up_months(job)
    job.report.note(f"Owed through the ledger: shifts dated {job.rules.owed_from} or later; all before are paid.")
    job.report.owed = list_owed(job)


def _seal(store: ImportStore, job: Job, order: Order) -> None:
    """What a dry run leaves out, because it would stay: numbers that are used up, and the line in the audit log."""
    store.execute("set_sequences")
    if job.report.has_changes:
        counts = {tab: [t.read, t.inserted, t.updated, t.rejected] for tab, t in job.report.tallies.items()}
        noted = {**counts, "owed_from": job.rules.owed_from.isoformat()} if "Shifts" in counts else counts
        store.insert_audit(f"import:{order.source_name}", noted)


def _note_missing(tabs: Tabs, wanted: Sequence[Tab], order: Order, report: Report) -> None:
    for tab in wanted:
        if tab.title not in tabs:
            if order.is_complete:
                report.fault("the worksheet is missing; leave it out with --tables if it should be", tab.title)
            else:
                report.note(f"{tab.title}: the file has no table {tab.table}.")
