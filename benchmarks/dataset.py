"""The data to measure on: one team that has logged a shift a day each, for as long as it takes.

The team is the same whatever the size, only its past is longer. Every shift is priced by the rules themselves, booked
in the ledger and counted in its month's rank, so that the database is one that the service could have written.
"""

import itertools
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias
from uuid import UUID

import psycopg
from psycopg import sql

from payroll.business_time import BusinessZone
from payroll.ledger import list_shift_entries
from payroll.money import HUNDRED
from payroll.offers import BonusType
from payroll.pay_periods import PayDays
from payroll.pricing import compute_pay
from payroll.records import Bonus, BonusState, DynamicBasis, Shift, Terms, Work, get_month
from payroll.starting_values import DYNAMIC_RATES, NEW_EMPLOYEE, RANKS, SINCE_EVER
from payroll.tables import RateTable, find_position
from repository import rows

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]
Row: TypeAlias = dict[str, Any]
"""A row of a table, by column."""

ZONE = BusinessZone.named("America/New_York")
PAY_DAYS = PayDays.always(1, 15)
LAST_DAY = date(2026, 10, 20)
"""The last day of the data; what is measured happens after it."""
PEOPLE = 40
FIRST_EMPLOYEE_ID = 1001
WAITING_EVERY = 4
"""One in so many of the team has bonuses that wait for an admin."""
MODELS = {1: "Model A", 2: "Model B", 3: "Model C", 4: "Model D"}
RATES = RateTable(1, DYNAMIC_RATES)
TERMS = Terms(NEW_EMPLOYEE.hourly_wage, NEW_EMPLOYEE.base_pct, Decimal("20.00"), DynamicBasis.DAY, RATES)

_FIRST_NAMES = ("Alice", "Bruno", "Chloé", "Dmytro", "Elena", "Farid", "Grace", "Hiro", "Inês", "Jonas")
_LAST_NAMES = ("Martin", "Шевченко", "O'Neill", "de la Cruz")
_PERCENT_NEXT_EVERY = 10
_FLAT_EVERY = 25
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team."""

    employee_id: int
    sub: UUID
    name: str


def make_team() -> list[Member]:
    """The team; always the same people."""
    rng = random.Random(40)
    return [
        Member(
            employee_id=FIRST_EMPLOYEE_ID + place,
            sub=UUID(int=rng.getrandbits(128), version=4),
            name=f"{_FIRST_NAMES[place % 10]} {_LAST_NAMES[place // 10]}",
        )
        for place in range(PEOPLE)
    ]


def make_work(day: date, rng: random.Random) -> Work:
    """A shift of a date: 4 to 9 hours within the day, two products."""
    time_in = ZONE.localize(datetime.combine(day, time(9 + rng.randrange(5), rng.choice((0, 15, 30, 45)))))
    time_out = time_in + timedelta(minutes=15 * rng.randrange(16, 37))
    products = {product_id: Decimal(rng.randrange(2000, 45000)) / HUNDRED for product_id in rng.sample(list(MODELS), 2)}
    return Work(day, time_in, time_out, dict(sorted(products.items())))


def price(shift_id: int, employee_id: int, recorded_at: datetime, work: Work, bonuses: Sequence[Bonus] = ()) -> Shift:
    """A shift as the rules price it, alone on its date."""
    sales = work.total_sales
    pay = compute_pay(work, TERMS, TERMS.find_dynamic_pct(day_sales=sales, shift_sales=sales), bonuses)
    return Shift(shift_id, employee_id, recorded_at, work, TERMS, tuple(bonuses), pay)


@dataclass(frozen=True)
class History:
    """What a team has behind it: so many shifts, the last ones on `LAST_DAY`."""

    size: int
    team: Sequence[Member]

    @cached_property
    def shifts(self) -> Sequence[Shift]:
        """All shifts in the order in which they were recorded, their numbers from 1."""
        rng = random.Random(self.size)
        begun = sorted(self._begin(rng), key=lambda one: one[0])
        numbers = iter(range(1, len(begun) + 1))
        return [
            price(shift_id, employee_id, recorded_at, work, tuple(self._use_bonuses(shift_id, recorded_at, numbers)))
            for shift_id, (recorded_at, employee_id, work) in enumerate(begun, 1)
        ]

    @property
    def places(self) -> Mapping[tuple[int, date], int]:
        """By person and month, the place of the rank that the month's sales make."""
        sales: dict[tuple[int, date], Decimal] = defaultdict(Decimal)
        for shift in self.shifts:
            sales[shift.employee_id, get_month(shift.work.shift_date)] += shift.pay.total_sales
        return {of: find_position(RANKS, amount) for of, amount in sales.items()}

    def _begin(self, rng: random.Random) -> Iterator[tuple[datetime, int, Work]]:
        for number in range(self.size):
            days_ago, place = divmod(number, len(self.team))
            work = make_work(LAST_DAY - days_ago * _ONE_DAY, rng)
            recorded_at = work.time_out + timedelta(seconds=rng.randrange(20, 1200))
            yield recorded_at, self.team[place].employee_id, work

    def _use_bonuses(self, shift_id: int, at: datetime, numbers: Iterator[int]) -> Iterator[Bonus]:
        """Granted ones, now and then: a percentage, a flat amount."""
        for every, bonus_type, value, amount in (
            (_PERCENT_NEXT_EVERY, BonusType.PERCENT_NEXT, Decimal("1.00"), None),
            (_FLAT_EVERY, BonusType.FLAT, Decimal("10.00"), Decimal("10.00")),
        ):
            if shift_id % every == 0:
                yield Bonus(
                    bonus_id=next(numbers),
                    bonus_type=bonus_type,
                    value=value,
                    state=BonusState.APPLIED,
                    draw=shift_id,
                    created_at=at - _ONE_DAY,
                    shift_id=shift_id,
                    amount=amount,
                )


def load(connection: Connection, history: History) -> None:
    """Write a history into an empty schema with its starting values, all of it or nothing."""
    with connection.transaction():
        _copy(connection, "employees", map(_describe_member, history.team))
        _copy(connection, "employee_settings", map(_describe_wage, history.team))
        _copy(connection, "shifts", _list_shifts(history))
        _copy(connection, "shift_products", _list_products(history))
        _copy(connection, "active_bonuses", _list_bonuses(history))
        _copy(connection, "balance_transactions", _list_entries(history))
        _copy(connection, "employee_ranks", _list_ranks(history))
        _copy(connection, "rank_awards", _list_awards(history))
        for table, column in (("shifts", "shift_id"), ("active_bonuses", "bonus_id")):
            connection.execute(
                sql.SQL("SELECT setval(pg_get_serial_sequence({}, {}), max({}) + 1, false) FROM {}").format(
                    table, column, sql.Identifier(column), sql.Identifier(table)
                )
            )
        _copy(connection, "active_bonuses", _list_waiting(history.team))


def describe_shift(shift: Shift, employee_name: str) -> Row:
    """A recorded shift as its row."""
    row = {**rows.write_shift(shift), "employee_id": shift.employee_id, "employee_name": employee_name}
    return {**row, "dynamic_basis": str(shift.terms.dynamic_basis)}


def _copy(connection: Connection, table: str, rows_: Iterable[Row]) -> None:
    first, rest = next(iterator := iter(rows_)), iterator
    columns = sql.SQL(", ").join(map(sql.Identifier, first))
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), columns)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in itertools.chain([first], rest):
            copy.write_row([str(value) if isinstance(value, StrEnum) else value for value in row.values()])


def _list_shifts(history: History) -> Iterator[Row]:
    names = {member.employee_id: member.name for member in history.team}
    return (describe_shift(shift, names[shift.employee_id]) for shift in history.shifts)


def _describe_member(member: Member) -> Row:
    return {**asdict(member), "telegram_id": member.employee_id}


def _describe_wage(member: Member) -> Row:
    wage = {"hourly_wage": TERMS.hourly_wage, "base_pct": TERMS.base_pct}
    return {"employee_id": member.employee_id, "valid_from": SINCE_EVER, **wage}


def _list_products(history: History) -> Iterator[Row]:
    for shift in history.shifts:
        for product_id, amount in shift.work.products.items():
            yield {"shift_id": shift.shift_id, "product_id": product_id, "amount": amount}


def _list_bonuses(history: History) -> Iterator[Row]:
    for shift in history.shifts:
        for bonus in shift.bonuses:
            yield {**rows.write_bonus(bonus), "employee_id": shift.employee_id}


def _list_waiting(team: Sequence[Member]) -> Iterator[Row]:
    """Two each for some, which no shift uses up: they wait for an admin."""
    for member in team[::WAITING_EVERY]:
        for bonus_type in (BonusType.PAID_DAY_OFF, BonusType.TELEGRAM_PREMIUM):
            yield {"employee_id": member.employee_id, "bonus_type": bonus_type, "draw": member.employee_id}


def _list_entries(history: History) -> Iterator[Row]:
    subs = {member.employee_id: member.sub for member in history.team}
    balances: dict[int, Decimal] = defaultdict(Decimal)
    numbers: dict[int, int] = defaultdict(int)
    for shift in history.shifts:
        for entry in list_shift_entries(None, shift, PAY_DAYS, "shift recorded"):
            who = shift.employee_id
            balances[who] += entry.units
            numbers[who] += 1
            yield {
                **rows.write_entry(entry, numbers[who]),
                "sub": subs[who],
                "balance_after": balances[who],
                "source_service": "benchmarks",
            }


def _list_ranks(history: History) -> Iterator[Row]:
    for (who, month), place in history.places.items():
        of_month = {"year": month.year, "month": month.month}
        yield {"employee_id": who, **of_month, "current_rank_id": place + 1, "notified": True}


def _list_awards(history: History) -> Iterator[Row]:
    """Every rank on the way was reached; what it gave is long forgotten."""
    for (who, month), place in history.places.items():
        for rank_id in range(2, place + 2):
            yield {"employee_id": who, "rank_month": month, "rank_id": rank_id, "is_drawn": True}


def get_end() -> datetime:
    """An instant after everything in the data, in UTC."""
    return datetime.combine(LAST_DAY + _ONE_DAY, time(12), UTC)
