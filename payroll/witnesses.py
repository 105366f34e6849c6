"""Whether the books are what was decided about them: the audit log as their witness, and the log itself (SPEC 3.12, 4).

A figure that was changed together with everything that follows from it agrees with itself. So what moves money stands
in the audit log too, and that is a chain: it cannot be changed in one place.
"""

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from payroll.business_time import BusinessZone
from payroll.errors import InvalidInputError
from payroll.pay_periods import PayDays, PayPeriod, compute_open_period, compute_pay_period
from payroll.reconciliation import NONE, Check, Difference
from payroll.starting_values import NEW_EMPLOYEE, SINCE_EVER

Terms: TypeAlias = tuple[tuple[date, Decimal, Decimal], ...]
"""A person's wages in USD an hour and base rates by the date from which they hold, oldest first."""
STARTING_TERMS: Terms = ((SINCE_EVER, NEW_EMPLOYEE.hourly_wage, NEW_EMPLOYEE.base_pct),)
_SHOWN_DIGITS = 12
_NUMBER = re.compile(r"-?[0-9]{1,18}")


@dataclass(slots=True)
class Attested:
    """What rows of the audit log attest.

    `terms` has each person's wages as they were noted after each change, `zones` every business zone there was besides
    today's. `wages` and `dates` are of shifts that were recorded before the log attested any of this.
    """

    terms: dict[int, list[Terms]] = field(default_factory=dict)
    zones: list[BusinessZone] = field(default_factory=list)
    wages: dict[int, tuple[Decimal, Decimal]] = field(default_factory=dict)
    dates: dict[int, date] = field(default_factory=dict)

    def knows_wage(
        self,
        employee_id: int,
        shift_id: int,
        day: date,
        wage: Decimal,
        base_pct: Decimal,
        *,
        was_refunded: bool = False,
    ) -> bool:
        """Whether a shift of a date was ever to be priced so: a change from an earlier date on keeps what is recorded.

        Example: 15.00 from the start, 16.50 from 10 November noted on the 16th. A shift of the 12th may have either. Of
        one that had a refund the wage may have changed alone (PAYROLL D35).
        """
        if self.wages.get(shift_id) == (wage, base_pct):
            return True
        versions = self.terms.get(employee_id, [STARTING_TERMS])
        held = [pair for terms in versions if (pair := _find_in_force(terms, day)) is not None]
        if was_refunded:
            return wage in [one for one, _ in held] and base_pct in [one for _, one in held]
        return (wage, base_pct) in held

    def list_terms_differences(self, employee_id: int, found: Terms) -> list[Difference]:
        """Whether a person's wages are those that were noted last; who has none noted has the starting values."""
        due = self.terms.get(employee_id, [STARTING_TERMS])[-1]
        if due == found or (employee_id not in self.terms and not found):
            return []
        return [Difference(Check.WAGES, f"employee:{employee_id}", _show_terms(due), _show_terms(found))]


def list_wage_differences(
    attested: Attested,
    employee_id: int,
    shift_id: int,
    day: date,
    wage: Decimal,
    base_pct: Decimal,
    *,
    was_refunded: bool = False,
) -> list[Difference]:
    """Whether a shift is priced with a wage and a base rate that held on its date (PAYROLL D6)."""
    if attested.knows_wage(employee_id, shift_id, day, wage, base_pct, was_refunded=was_refunded):
        return []
    versions = attested.terms.get(employee_id, [STARTING_TERMS])
    due = " or ".join(_show_pair(pair) for pair in dict.fromkeys(_find_in_force(terms, day) for terms in versions))
    return [Difference(Check.WAGE, f"shift:{shift_id}", due, _show_pair((wage, base_pct)))]


def list_date_differences(
    zones: Sequence[BusinessZone], attested: Attested, shift_id: int, shift_date: date, time_in: datetime
) -> list[Difference]:
    """Whether a shift's date is that of its clock-in, in the business zone there is or one that there was (D2)."""
    due = [zone.date_of(time_in) for zone in zones]
    if shift_date in due or attested.dates.get(shift_id) == shift_date:
        return []
    return [Difference(Check.SHIFT_DATE, f"shift:{shift_id}", f"{due[0]}", f"{shift_date}")]


def list_decision_differences(
    subject: str, due: Sequence[Sequence[object]] | None, found: Sequence[Sequence[object]] | None
) -> list[Difference]:
    """Whether what was decided is in the audit log as it is in the books; both as lists of what was done and figures.

    Amounts may be written either way: 10 and 10.00 are the same.
    """
    if _normalise(due) == _normalise(found):
        return []
    return [Difference(Check.AUDIT, subject, _show_said(due), _show_said(found))]


def is_usual_period(period: PayPeriod, pay_days: PayDays, today: date) -> bool:
    """Whether lines can be in a period without a second look: a pay period that has begun (PAYROLL D2, D40)."""
    return period.start_date <= today and compute_pay_period(period.start_date, pay_days) == period


def list_line_differences(
    line_id: int, period: PayPeriod, closed_until: date | None, day_off: date | None, pay_days: PayDays, today: date
) -> list[Difference]:
    """Whether a line of the ledger may be in a period: the open one, the next, or that of its day off (D29, D30).

    The next one, because who leaves can have a period closed early and opened again.
    """
    first = compute_pay_period(period.start_date, pay_days)
    open_period = compute_open_period(today, closed_until, pay_days)
    is_near = period.start_date <= open_period.pay_day
    is_of_day_off = day_off is not None and period.start_date <= day_off <= period.end_date
    if first == period and (is_near or is_of_day_off):
        return []
    due = f"{first.start_date} to {first.end_date}" if first != period else f"up to {open_period.pay_day}"
    return [Difference(Check.LINE_PERIOD, f"line:{line_id}", due, f"{period.start_date} to {period.end_date}")]


@dataclass(frozen=True, slots=True)
class ChainedRow:
    """A row of the audit log in its chain. `position` and `digest` are None outside of it, `content` for a row gone."""

    position: int | None
    audit_id: int
    digest: str | None
    content: str | None


def list_audit_chain_differences(rows: Iterable[ChainedRow]) -> Iterator[Difference]:
    """Where the audit log does not continue itself; `rows` by position, those outside of the chain last.

    Each digest is the SHA-256 over the one before and the row. What differs is named where it arises: what comes after
    it is taken to go on from what stands there.
    """
    before, position = "", 0
    for row in rows:
        subject = f"audit:{row.audit_id}"
        if row.position is None or row.digest is None:
            yield Difference(Check.AUDIT_CHAIN, subject, "a place in the chain", NONE)
            continue
        if row.position != position + 1:
            yield Difference(Check.AUDIT_CHAIN, subject, f"row {position + 1}", f"row {row.position}")
        elif row.content is None:
            yield Difference(Check.AUDIT_CHAIN, subject, f"row {row.position}", NONE)
        elif (due := compute_digest(before, row.content)) != row.digest:
            yield Difference(Check.AUDIT_CHAIN, subject, due[:_SHOWN_DIGITS], row.digest[:_SHOWN_DIGITS])
        before, position = row.digest, row.position


def compute_digest(before: str, content: str) -> str:
    """What a row of the audit log carries: SHA-256 over the digest before it and itself, as hexadecimal digits."""
    return hashlib.sha256(f"{before}{content}".encode()).hexdigest()


def read_attested(rows: Iterable[tuple[str, object]]) -> Attested:
    """What rows of the audit log attest: action and facts, oldest first. What cannot be read attests nothing."""
    attested = Attested()
    for action, facts in rows:
        for number, terms in _list_by_number(facts, "terms"):
            # Somebody whose wage is changed for the first time had the starting values before.
            before = [STARTING_TERMS] if action.startswith("wage") else []
            attested.terms.setdefault(number, before).append(read_terms(terms))
        for number, pair in _list_by_number(facts, "wages"):
            with suppress(ValueError, TypeError, ArithmeticError):
                wage, base_pct = map(Decimal, pair)
                attested.wages[number] = (wage, base_pct)
        for number, day in _list_by_number(facts, "dates"):
            with suppress(ValueError, TypeError):
                attested.dates[number] = date.fromisoformat(day)
        names = facts.get("zones") if isinstance(facts, Mapping) else None
        for name in names if isinstance(names, list) else []:
            with suppress(InvalidInputError):
                attested.zones.append(BusinessZone.named(str(name)))
    return attested


def read_terms(rows: object) -> Terms:
    """Terms as the audit log has them: date, wage and base rate, each as text. Nothing where that cannot be read."""
    try:
        pairs = [tuple(row) for row in rows] if isinstance(rows, list) else []
        return tuple((date.fromisoformat(since), Decimal(wage), Decimal(base)) for since, wage, base in pairs)
    except (ValueError, TypeError, ArithmeticError):
        return ()


def _list_by_number(facts: object, name: str) -> list[tuple[int, Any]]:
    held = facts.get(name) if isinstance(facts, Mapping) else None
    pairs = held.items() if isinstance(held, Mapping) else ()
    return [(int(key), value) for key, value in pairs if _NUMBER.fullmatch(key)]


def _find_in_force(terms: Terms, day: date) -> tuple[Decimal, Decimal] | None:
    place = bisect_right(terms, day, key=lambda row: row[0])
    return terms[place - 1][1:] if place else None


def _normalise(said: Sequence[Sequence[object]] | None) -> list[list[object]]:
    return [[_read_figure(part) for part in one] for one in said or ()]


def _read_figure(part: object) -> object:
    if not isinstance(part, str | int):
        return part
    try:
        return Decimal(part)
    except InvalidOperation:
        return part


def _show_said(said: Sequence[Sequence[object]] | None) -> str:
    return "; ".join(" ".join(str(part) for part in one if part is not None) for one in said or ()) or NONE


def _show_pair(pair: tuple[Decimal, Decimal] | None) -> str:
    return NONE if pair is None else f"{pair[0]} an hour, {pair[1]} %"


def _show_terms(terms: Terms) -> str:
    return "; ".join(f"{_show_pair((wage, base))} from {since}" for since, wage, base in terms) or NONE
