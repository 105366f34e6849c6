"""What the audit log attests of the books, read for the check of them: payroll/witnesses.py."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TypeAlias

from payroll.pay_periods import PayDays, PayPeriod
from payroll.reconciliation import Check, Difference
from payroll.records import Shift
from payroll.settings import DEFINITIONS, SettingKey
from payroll.witnesses import (
    Attested,
    ChainedRow,
    is_usual_period,
    list_audit_chain_differences,
    list_date_differences,
    list_decision_differences,
    list_line_differences,
    list_wage_differences,
    read_attested,
    read_terms,
)
from repository.rules import Rules
from repository.tables import Reads

AUDIT_ROWS = "audit rows"
"""What a report calls the place of the last row of the audit log that it has looked at."""
People: TypeAlias = Mapping[str, object]
"""Whose books are looked at, as the parameter of the queries."""


class Witnesses:
    """The audit log as it stands in what is checked: the database, or a snapshot of it."""

    def __init__(self, books: Reads, people: People, rules: Rules) -> None:
        self._books = books
        self._people = people
        self._rules = rules
        self._attested: Attested = read_attested(books.stream("stream_attested"))
        self._zones = [rules.zone, *self._attested.zones]

    def check_shift(self, shift: Shift, *, was_migrated: bool, was_refunded: bool) -> Iterator[Difference]:
        """A recorded shift's date, and its wage where it was not taken over from the old sheet (PAYROLL D42).

        `was_refunded`: it has or had a refund.
        """
        work, terms = shift.work, shift.terms
        yield from list_date_differences(self._zones, self._attested, shift.shift_id, work.shift_date, work.time_in)
        if not was_migrated:
            yield from list_wage_differences(
                self._attested,
                shift.employee_id,
                shift.shift_id,
                work.shift_date,
                terms.hourly_wage,
                terms.base_pct,
                was_refunded=was_refunded,
            )

    def check_terms(self) -> Iterator[Difference]:
        """Everybody's wages as they were noted last."""
        for employee_id, terms in self._books.stream("select_all_terms", self._people):
            yield from self._attested.list_terms_differences(employee_id, read_terms(terms))

    def check_decisions(self, checked: Counter[str]) -> Iterator[Difference]:
        """What was given, taken, refunded, corrected, closed and paid."""
        for query in ("stream_decisions", "stream_period_decisions"):
            for subject, due, found in self._books.stream(query, self._people):
                checked["decisions"] += 1
                yield from list_decision_differences(subject, due, found)

    def check_lines(self) -> Iterator[Difference]:
        """The periods that lines of the ledger are in."""
        row = self._books.fetch_one("select_setting", {"key": SettingKey.PAY_DAYS})
        pay_days = PayDays.parse(row[0] if row else DEFINITIONS[SettingKey.PAY_DAYS].default)
        today = self._find_today()
        periods = [PayPeriod(*span) for span in self._books.fetch_all("select_ledger_periods", self._people)]
        for period in (one for one in periods if not is_usual_period(one, pay_days, today)):
            span = {"start_date": period.start_date, "end_date": period.end_date}
            for line_id, closed_until, day_off in self._books.stream(
                "select_lines_in_period", {**self._people, **span}
            ):
                yield from list_line_differences(line_id, period, closed_until, day_off, pay_days, today)

    def _find_today(self) -> date:
        """Today, or the day of the last record where the machine's clock is behind that."""
        row = self._books.fetch_one("select_newest_moment")
        newest = row[0] if row else None
        today = self._rules.today()
        return today if newest is None else max(today, self._rules.zone.date_of(newest))


def check_audit_chain(books: Reads, checked: Counter[str], known: int) -> Iterator[Difference]:
    """The whole audit log as a chain; `known` is how far an earlier check came."""
    yield from list_audit_chain_differences(_stream_chain(books, checked))
    if checked[AUDIT_ROWS] < known:
        yield Difference(Check.AUDIT_CHAIN, f"audit:{known}", f"{known} rows", f"{checked[AUDIT_ROWS]} rows")


def _stream_chain(books: Reads, checked: Counter[str]) -> Iterator[ChainedRow]:
    for row in books.stream("stream_audit_chain"):
        one = ChainedRow(*row)
        checked[AUDIT_ROWS] = one.position or checked[AUDIT_ROWS]
        yield one
