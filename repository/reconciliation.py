"""The books checked against themselves (SPEC 3.12).

All of them as of one moment, while everybody goes on writing; or those of some people inside the unit of work that has
locked them.
"""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from itertools import groupby

import psycopg
from psycopg.types.json import set_json_loads

from payroll.errors import ConflictError, ErrorKey
from payroll.money import ZERO
from payroll.reconciliation import (
    NONE,
    BonusUse,
    Booking,
    Check,
    Difference,
    LedgerLine,
    PeriodFigures,
    RefundedLine,
    Report,
    list_bonus_differences,
    list_booking_differences,
    list_chain_differences,
    list_closed_until_differences,
    list_day_differences,
    list_other_booking_differences,
    list_period_differences,
    list_rank_differences,
    list_refund_differences,
)
from payroll.records import Shift, get_month
from repository import rows
from repository.database import Database, Row, load_json
from repository.outbox import Outbox
from repository.rules import Rules
from repository.snapshot import Snapshot
from repository.tables import Reads, TableVersions
from repository.witnesses import AUDIT_ROWS, People, Witnesses, check_audit_chain
from sql import load_queries

GOOD_FOR = timedelta(hours=2)
"""How old a report on everybody may be for a close or a payout, beside what is checked of the people concerned."""
MOST_KEPT = 1000
"""Differences that a report names; what is so wrong needs no longer list."""
_log = logging.getLogger(__name__)


class Reconciliation:
    """The door to the check of the books."""

    def __init__(self, database: Database, outbox: Outbox, rules: Rules) -> None:
        self._database = database
        self._outbox = outbox
        self._rules = rules

    def run(self) -> Report:
        """Check everything, keep the report, and tell the admins where other differences are found than last time.

        Takes two connections where it is called inside a transaction, and stays whatever becomes of that. Holds nobody
        up.
        """
        last = self.find_last()
        with self._database.snapshot() as snapshot:
            report = check_books(
                snapshot, self._rules, known=last.checked.get(AUDIT_ROWS, 0) if last is not None else 0
            )
        _log.info(
            "the books were checked: %s differences; the audit log has %s rows, the digest of the last one is %s",
            len(report.differences),
            report.checked.get(AUDIT_ROWS, 0),
            self.find_audit_head(),
        )
        self._database.run_aside(partial(self._keep, report))
        return report

    def find_last(self) -> Report | None:
        """The newest report, None where the books were never checked."""
        row = self._database.fetch_one("select_last_reconciliation")
        return _read_report(row) if row else None

    def find_audit_head(self) -> str:
        """The digest of the last row of the audit log, which speaks for all of it; `none` where it has no row.

        Kept elsewhere, it tells whether the log of that moment is still in the database.
        """
        row = self._database.fetch_one("select_audit_head")
        return str(row[1]) if row else NONE

    def refuse_if_last_differed(self) -> None:
        """Raise ConflictError with BOOKS_DIFFER where the books differ, for whatever pays or closes on their strength.

        Everything is checked anew where the last report is too old to go by, or has differences that may be gone.
        """
        report = self.find_last()
        if report is None or report.differences or abs(self._rules.clock() - report.finished_at) > GOOD_FOR:
            report = self.run()
        _refuse(report)

    def refuse_if_different(self, people: Iterable[int]) -> None:
        """Raise ConflictError with BOOKS_DIFFER where the books of people differ now, in what is not paid yet.

        Part of the unit of work that has locked them, and of what pays or closes on the strength of it. Differences
        that the last report does not name are told to the admins, whatever becomes of the unit of work.
        """
        report = check_books(self._database, self._rules, rows.write_array(people))
        if not report.differences:
            return
        last = self.find_last()
        if last is None or not set(report.differences) <= set(last.differences):
            self._database.run_aside(partial(self._keep, report))
        _refuse(report)

    def _keep(self, report: Report) -> None:
        self._database.execute("lock_reconciliations")
        before = self.find_last()
        self._database.execute("insert_reconciliation", _write_report(report))
        if set(report.differences) != set(before.differences if before else ()):
            self._tell_admins(report)

    def _tell_admins(self, report: Report) -> None:
        """What differs, without an amount: the message says where to look."""
        named = [[difference.check, difference.subject] for difference in report.differences]
        self._outbox.add_for_admins("books", {"count": len(named), "differences": named[:10]})


def check_books(books: Reads, rules: Rules, people: object = None, *, known: int = 0) -> Report:
    """Everything that can be asked, against itself. `people` is an array of their numbers, None for everybody.

    `known` is how many rows of the audit log an earlier check has seen.
    """
    started_at = rules.clock()
    checked: Counter[str] = Counter()
    found = list(_list_differences(books, rules, {"people": people}, checked))
    if people is None:
        found += check_audit_chain(books, checked, known)
    return Report(started_at, rules.clock(), dict(checked), tuple(found[:MOST_KEPT]))


def check_restored(connection: psycopg.Connection[Row], rules: Rules) -> Report:
    """What a restore has just put into a database, in its own transaction; as the owner of the tables."""
    set_json_loads(load_json, connection)
    return check_books(Snapshot(connection, load_queries(), is_new=False), replace(rules, settle_ranks=True))


def _list_differences(books: Reads, rules: Rules, people: People, checked: Counter[str]) -> Iterator[Difference]:
    tables = TableVersions(books)
    witnesses = Witnesses(books, people, rules)
    yield from _check_shifts(books, people, tables, witnesses, checked)
    yield from _check_other_shifts(books, people, checked)
    yield from _check_ledger(books, people, checked)
    yield from _check_other_bookings(books, people, checked)
    yield from _check_periods(books, people, checked)
    for row in books.stream("stream_bonuses", people):
        checked["bonuses"] += 1
        yield from list_bonus_differences(_read_bonus_use(row))
    if rules.settle_ranks:
        yield from _check_ranks(books, get_month(rules.today()), people, tables, checked)
    yield from witnesses.check_terms()
    yield from witnesses.check_decisions(checked)
    yield from witnesses.check_lines()


def _check_ranks(
    books: Reads, month: date, people: People, tables: TableVersions, checked: Counter[str]
) -> Iterator[Difference]:
    """This month's ranks: a past month keeps the rank that it ended with (PAYROLL D18)."""
    table = tables.get_ranks_of(month)
    for employee_id, sales, held in books.stream("stream_month_ranks", {**people, "month": month}):
        checked["ranks"] += 1
        yield from list_rank_differences(employee_id, month, sales, held, table)


def _refuse(report: Report) -> None:
    if report.differences:
        raise ConflictError(
            ErrorKey.BOOKS_DIFFER,
            field="books",
            value=len(report.differences),
            allowed="no difference",
            first=report.differences[0],
        )


def _get_day(shift: Shift) -> tuple[int, date]:
    return shift.employee_id, shift.work.shift_date


def _check_shifts(
    books: Reads, people: People, tables: TableVersions, witnesses: Witnesses, checked: Counter[str]
) -> Iterator[Difference]:
    """Pay and ledger of the recorded shifts, a person's date at a time, for that is what the rate follows."""
    for _, day in groupby(_stream_shifts(books, people, tables), key=lambda one: _get_day(one[0])):
        shifts = []
        for shift, bookings, refunded, was_migrated in day:
            checked["shifts"] += 1
            shifts.append(shift)
            made = shift.pay.total_made
            yield from list_booking_differences(shift.shift_id, shift.work.shift_date, made, bookings)
            yield from list_refund_differences(shift, refunded)
            yield from witnesses.check_shift(shift, was_migrated=was_migrated, was_refunded=bool(refunded))
        yield from list_day_differences(shifts)


def _stream_shifts(
    books: Reads, people: People, tables: TableVersions
) -> Iterator[tuple[Shift, list[Booking], list[RefundedLine], bool]]:
    """Each shift with what the ledger holds for it, its lines with refunds, and whether it was migrated."""
    for row in books.stream("stream_recorded_shifts", people):
        employee_id, priced, bonus_rows, booking_rows, refund_rows, was_migrated = row
        bonuses = [rows.read_bonus(one) for one in bonus_rows or ()]
        shift = rows.read_shift(priced, bonuses, employee_id, tables.get_rates)
        refunded = [RefundedLine(*one) for one in refund_rows or ()]
        yield shift, [_read_booking(one) for one in booking_rows or ()], refunded, was_migrated


def _check_other_shifts(books: Reads, people: People, checked: Counter[str]) -> Iterator[Difference]:
    for shift_id, shift_date, booking_rows in books.stream("stream_other_shifts", people):
        checked["other shifts"] += 1
        bookings = [_read_booking(one) for one in booking_rows or ()]
        yield from list_booking_differences(shift_id, shift_date, ZERO, bookings)


def _check_ledger(books: Reads, people: People, checked: Counter[str]) -> Iterator[Difference]:
    starts = {row[0]: (row[1], row[2]) for row in books.fetch_all("select_ledger_starts", people)}
    yield from list_chain_differences(_stream_ledger(books, people, checked), starts)
    for ref, amount in books.stream("stream_bookings_of_no_shift", people):
        yield Difference(Check.BOOKED, ref, NONE, str(amount))


def _stream_ledger(books: Reads, people: People, checked: Counter[str]) -> Iterator[LedgerLine]:
    for row in books.stream("stream_ledger", people):
        checked["ledger lines"] += 1
        yield LedgerLine(*row)


def _check_other_bookings(books: Reads, people: People, checked: Counter[str]) -> Iterator[Difference]:
    """Adjustments, refunds, bonuses booked alone and payouts: each has its lines, and each line has one of these."""
    for ref, due, found, is_own in books.stream("stream_other_bookings", people):
        checked["other bookings"] += 1
        yield from list_other_booking_differences(ref, due, found, is_own)


def _check_periods(books: Reads, people: People, checked: Counter[str]) -> Iterator[Difference]:
    for row in books.stream("stream_closed_periods", people):
        checked["closed periods"] += 1
        yield from list_period_differences(PeriodFigures(*row))
    for row in books.stream("stream_closed_until", people):
        yield from list_closed_until_differences(*row)


def _read_booking(row: rows.JsonRow) -> Booking:
    is_own, start, end, amount, is_correction = row
    return Booking(is_own, date.fromisoformat(start), date.fromisoformat(end), Decimal(amount), is_correction)


def _read_bonus_use(row: Row) -> BonusUse:
    bonus, employee_id, carrier_id, carrier_status, *award, of_rank = row
    return BonusUse(
        bonus=rows.read_bonus(bonus),
        employee_id=employee_id,
        carrier=None if carrier_id is None else (carrier_id, carrier_status),
        award=None if award[0] is None else (award[0], award[1], award[2]),
        of_rank=of_rank,
    )


def _write_report(report: Report) -> dict[str, object]:
    differences = [[one.check, one.subject, one.expected, one.found] for one in report.differences]
    return {
        "started_at": report.started_at,
        "finished_at": report.finished_at,
        "checked": rows.dump_json(report.checked),
        "differences": rows.dump_json(differences),
    }


def _read_report(row: Row) -> Report:
    started_at, finished_at, checked, differences = row
    found = tuple(Difference(Check(check), *texts) for check, *texts in differences)
    return Report(started_at, finished_at, checked, found)
