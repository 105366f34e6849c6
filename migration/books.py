"""What the database holds when a migration begins, and what all parts of the migration share."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import count, groupby
from typing import Any, TypeVar
from uuid import UUID

from migration.report import Report
from migration.rows import Reading, ShiftRow, render_loss
from migration.values import Cell, show
from payroll.bonuses import Draw
from payroll.business_time import BusinessZone
from payroll.money import ZERO
from payroll.offers import BonusOffer, BonusType
from payroll.pay_periods import PayDays
from payroll.products import Product
from payroll.records import DynamicBasis, Terms
from payroll.starting_values import NEW_EMPLOYEE, SINCE_EVER
from payroll.tables import RankStep, RankTable, RateStep, RateTable
from repository.imports import ImportStore

T = TypeVar("T")

_STARTING = (NEW_EMPLOYEE.hourly_wage, NEW_EMPLOYEE.base_pct)


@dataclass(frozen=True, slots=True)
class Rank:
    """A rank as people know it."""

    rank_id: int
    name: str
    emoji: str
    text: str


@dataclass(frozen=True, slots=True)
class ImportedShift:
    """A shift that an earlier migration brought. `was_paid`: before the ledger began. `is_corrected`: in the bot."""

    digest: str
    was_paid: bool
    employee_id: int
    is_recorded: bool
    shift_date: date
    total_made: Decimal
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A shift that the bot recorded itself; a running one has no end."""

    shift_id: int
    employee_id: int
    status: str
    shift_date: date
    time_in: datetime
    time_out: datetime | None
    recorded_at: datetime | None
    total_sales: Decimal | None


@dataclass(frozen=True, slots=True)
class StoredBonus:
    """A bonus that is there."""

    employee_id: int
    offer: BonusOffer
    state: str
    shift_id: int | None
    draw: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRank:
    """The rank of a person's month that is there."""

    rank_id: int
    previous_rank_id: int | None
    last_updated: datetime


@dataclass(slots=True)
class Books:
    """The database as it is, kept up to date while rows are loaded. Versions are in the order in which they hold."""

    subs: dict[int, UUID] = field(default_factory=dict)
    settings: dict[int, list[tuple[date, tuple[Decimal, Decimal]]]] = field(default_factory=dict)
    pay_terms: list[tuple[date, tuple[Decimal, DynamicBasis]]] = field(default_factory=list)
    rates: list[tuple[date, RateTable]] = field(default_factory=list)
    rank_tables: list[tuple[date, RankTable]] = field(default_factory=list)
    ranks: dict[str, Rank] = field(default_factory=dict)
    """By name, whatever its case."""
    products: dict[str, Product] = field(default_factory=dict)
    """By name, whatever its case."""
    imported: dict[int, ImportedShift] = field(default_factory=dict)
    own: dict[int, OwnShift] = field(default_factory=dict)
    owed_from: date | None = None
    """From when on the last migration took shifts as owed, None where none noted it."""
    closed: dict[int, date] = field(default_factory=dict)
    """By person, the last day of the last pay period that is closed."""
    bonuses: dict[int, StoredBonus] = field(default_factory=dict)
    employee_ranks: dict[tuple[int, date], StoredRank] = field(default_factory=dict)
    awards: set[tuple[int, date, int]] = field(default_factory=set)
    ledger_ends: dict[UUID, tuple[int, Decimal]] = field(default_factory=dict)
    product_ids: Iterator[int] = field(default_factory=count)
    rank_ids: Iterator[int] = field(default_factory=count)
    rate_version_ids: Iterator[int] = field(default_factory=count)
    rank_version_ids: Iterator[int] = field(default_factory=count)
    entry_ids: Iterator[int] = field(default_factory=count)
    _common_terms: dict[date, tuple[Decimal, DynamicBasis, RateTable]] = field(default_factory=dict)

    def get_terms(self, employee_id: int, day: date) -> Terms:
        """What a shift of a person on a date is priced with (PAYROLL D6)."""
        common = self._common_terms.get(day)
        if common is None:
            cut_pct, basis = _must(find_in_force(self.pay_terms, day))
            common = self._common_terms[day] = (cut_pct, basis, _must(find_in_force(self.rates, day)))
        wage, base_pct = find_in_force(self.settings.get(employee_id, ()), day) or _STARTING
        return Terms(wage, base_pct, *common)

    def get_rank_table(self, month: date) -> RankTable:
        """The ranks of a month, given by its first day (PAYROLL D18)."""
        return _must(find_in_force(self.rank_tables, month))


@dataclass(frozen=True, slots=True)
class ImportRules:
    """What a migration goes by. `owed_from`: shifts from this date on are booked in the ledger (PAYROLL D41)."""

    zone: BusinessZone
    pay_days: PayDays
    max_shift_hours: int
    owed_from: date
    is_repriced: bool
    now: datetime
    draw: Draw


@dataclass(slots=True)
class Job:
    """One migration: where from, where to, by what rules, and what came of it."""

    store: ImportStore
    books: Books
    reading: Reading
    rules: ImportRules
    report: Report
    booked: dict[int, Decimal] = field(default_factory=dict)
    """USD booked in the ledger by person."""

    def reject(self, tab: str, row_no: int, column: str, value: Cell, reason: str) -> None:
        """Reject a row that could be read, but does not fit what is there."""
        self.report.reject(tab, row_no, column, show(value), reason)

    def lose(self, row: ShiftRow) -> None:
        """Note what goes with a shift that is rejected."""
        sales = sum(row.products.values(), ZERO)
        self.report.lose("Shifts", row.row_no, render_loss(sales, row.recorded.total_made or ZERO))


def find_in_force(versions: Sequence[tuple[date, T]], day: date) -> T | None:
    """The last of those that hold from a date not after a day."""
    for since, held in reversed(versions):
        if since <= day:
            return held
    return None


def find_imported_version(versions: Sequence[tuple[date, T]]) -> T | None:
    """The one that has held since ever: what a migration compares with, whatever an admin changed later."""
    return next((held for since, held in reversed(versions) if since == SINCE_EVER), None)


def read_books(store: ImportStore) -> Books:
    """Everything that a migration needs to know of the database."""
    books = Books()
    books.subs = {employee_id: sub for employee_id, sub, _, _ in store.fetch("select_people")}
    for employee_id, since, wage, base_pct in store.fetch("select_settings"):
        books.settings.setdefault(employee_id, []).append((since, (wage, base_pct)))
    books.pay_terms = [(since, (cut, DynamicBasis(basis))) for since, cut, basis in store.fetch("select_pay_terms")]
    books.rates = [(since, _read_rates(version_id, rows)) for version_id, since, rows in _group(store, "rate")]
    books.rank_tables = [(since, _read_ranks(version_id, rows)) for version_id, since, rows in _group(store, "rank")]
    books.ranks = {row[1].casefold(): Rank(*row) for row in store.fetch("select_ranks")}
    books.products = {row[1].casefold(): Product(*row) for row in store.fetch("select_products")}
    for shift_id, digest, was_paid, employee_id, status, shift_date, made, is_corrected in store.fetch(
        "select_imported_shifts"
    ):
        is_recorded = status == "recorded"
        books.imported[shift_id] = ImportedShift(
            digest, was_paid, employee_id, is_recorded, shift_date, made or ZERO, is_corrected
        )
    books.own = {row[0]: OwnShift(*row) for row in store.fetch("select_other_shifts")}
    books.owed_from = next((day for (day,) in store.fetch("select_owed_from")), None)
    books.closed = dict(store.fetch("select_closed"))
    for bonus_id, employee_id, bonus_type, value, state, shift_id, draw, created_at in store.fetch("select_bonuses"):
        offer = BonusOffer(BonusType(bonus_type), value)
        books.bonuses[bonus_id] = StoredBonus(employee_id, offer, state, shift_id, draw, created_at)
    for employee_id, year, month, *rest in store.fetch("select_employee_ranks"):
        books.employee_ranks[employee_id, date(year, month, 1)] = StoredRank(*rest)
    books.awards = {(row[0], row[1], row[2]) for row in store.fetch("select_awards")}
    books.ledger_ends = {sub: (entry_no, balance) for sub, entry_no, balance in store.fetch("select_ledger_ends")}
    numbers = [count(last + 1) for last in store.fetch("select_last_numbers")[0]]
    (
        books.product_ids, books.rank_ids, books.rate_version_ids, books.rank_version_ids, books.entry_ids,
    ) = numbers  # fmt: skip
    return books


def _group(store: ImportStore, kind: str) -> Iterator[tuple[int, date, list[Any]]]:
    for (version_id, since), rows in groupby(store.fetch(f"select_{kind}_versions"), key=lambda row: row[:2]):
        yield version_id, since, [row[2:] for row in rows]


def _read_rates(version_id: int, rows: Sequence[Any]) -> RateTable:
    return RateTable(version_id, tuple(RateStep(*row) for row in rows))


def _read_ranks(version_id: int, rows: Sequence[Any]) -> RankTable:
    return RankTable(
        version_id,
        tuple(
            RankStep(rank_id, start, end, tuple(BonusOffer(BonusType(code), value) for code, value in offers))
            for rank_id, start, end, offers in rows
        ),
    )


def _must(value: T | None) -> T:
    if value is None:
        raise LookupError("the starting values hold since ever")
    return value
