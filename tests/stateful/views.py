"""The books as the database has them, and as the model says they must be, in one form. Money is cents."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from postgres_service import PostgresService
from tests.model.days import get_period, to_wall, write_wall
from tests.model.numbers import divide_half_up
from tests.model.records import SHIFT_BONUSES, Bonus, Shift, Told
from tests.model.world import Books, World
from tests.stateful.stage import Stage

PRODUCTS = {1: "Model A", 2: "Model B", 3: "Model C", 4: "Model D"}
View = dict[str, Any]
Line = tuple[int, int, date, date, str]
"""A line of the ledger: person, signed cents, first and last day of the period, what it is about."""

_SHIFTS = """
    SELECT shift_id, hourly_wage, base_pct, platform_cut_pct, dynamic_basis, dynamic_pct, bonus_pay, worked_seconds,
           shift_date
      FROM shifts WHERE status = 'recorded' ORDER BY shift_id
"""
_BONUSES = """
    SELECT bonus_id, employee_id, rank_month, rank_id, bonus_type, value, state, draw, earned_shift_id, shift_id,
           product_id, source_shift_id, basis_net, amount, created_at, voided_by
      FROM active_bonuses
"""
_RANKS = """
    SELECT employee_id, make_date(year, month, 1), current_rank_id, previous_rank_id, notified FROM employee_ranks
"""
_AWARDS = "SELECT employee_id, rank_month, rank_id, is_drawn, bonus_id FROM rank_awards"
_LEDGER = """
    SELECT e.employee_id, b.entry_no, CASE b.direction WHEN 'credit' THEN b.units ELSE -b.units END, b.balance_after,
           b.period_start, b.period_end, b.ref
      FROM balance_transactions b JOIN employees e USING (sub) ORDER BY b.id
"""
_NOTICES = "SELECT employee_id, kind, payload FROM outbox ORDER BY outbox_id"
_RUNNING = "SELECT employee_id, shift_id, time_in FROM shifts WHERE status = 'running'"


def to_cents(amount: Decimal | None) -> int | None:
    """An amount of the database in cents."""
    return None if amount is None else int(amount * 100)


def read_service(stage: Stage, service: PostgresService) -> View:
    """Everything that the model has a word on."""
    fetch = stage.connection.execute
    lines = fetch(_LEDGER).fetchall()
    bonuses = {_name_bonus(*row[:4]): _view_bonus_row(row[4:]) for row in fetch(_BONUSES).fetchall()}
    return {
        "records": [_view_record(record) for record in service.get_all_shifts()],
        "terms": {
            row[0]: (*map(to_cents, row[1:4]), row[4], *map(to_cents, row[5:7]), *row[7:]) for row in fetch(_SHIFTS)
        },
        "bonuses": bonuses,
        "ranks": {row[:2]: row[2:] for row in fetch(_RANKS).fetchall()},
        "awards": {row[:3] for row in fetch(_AWARDS).fetchall() if row[4] is not None and row[3]},
        "running": {row[0]: row[1:] for row in fetch(_RUNNING).fetchall()},
        "lines": [(row[0], int(row[2] * 100), *row[4:]) for row in lines],
        "balances": {row[0]: int(row[3] * 100) for row in lines},
        "told": sorted((_view_notice(*row) for row in fetch(_NOTICES).fetchall()), key=_get_reader),
    }


def read_model(world: World) -> View:
    """The same of the model."""
    recorded = world.list_recorded()
    return {
        "records": [_view_shift(world, shift) for shift in reversed(recorded)],
        "terms": {shift.shift_id: _view_terms(world, shift) for shift in recorded},
        "bonuses": {
            _name_bonus(bonus.bonus_id, bonus.employee_id, *(bonus.rank or (None, None))): _view_bonus(bonus)
            for bonus in world.bonuses
        },
        "ranks": {key: (rank_id, world.previous[key], True) for key, rank_id in world.held.items()},
        "awards": {key for key, bonus in world.awards.items() if bonus is not None},
        "running": dict(world.running),
        "told": [_view_told(told) for told in sorted(world.told, key=lambda told: told.employee_id)],
    }


def _get_reader(notice: tuple[Any, ...]) -> int:
    """Whom a message is for: what counts is the order in which each person is told."""
    return int(notice[0])


def _view_told(told: Told) -> tuple[object, ...]:
    lists = (list(codes) for codes in (told.returned, told.withdrawn, told.kept))
    ranks = told.month.isoformat(), told.rank_id, told.previous_id
    return (told.employee_id, told.kind, told.about, *ranks, told.drawn, *lists)


def _name_bonus(bonus_id: int | None, employee_id: int, month: object, rank_id: int | None) -> tuple[object, ...]:
    """A granted bonus by its number; a rank's by person, month and rank, of which there is one at most."""
    return (bonus_id,) if rank_id is None else (employee_id, month, rank_id)


def _view_record(record: Mapping[str, Any]) -> View:
    return {key: int(value * 100) if isinstance(value, Decimal) else value for key, value in record.items()}


def _view_shift(world: World, shift: Shift) -> View:
    pay = world.compute_pay(shift)
    return {
        "ID": shift.shift_id,
        "Date": _write(shift.recorded_at),
        "EmployeeId": shift.employee_id,
        "EmployeeName": shift.name,
        "Clock in": _write(shift.time_in),
        "Clock out": _write(shift.time_out),
        "Worked hours/shift": divide_half_up(shift.seconds * 100, 3600),
        **{name: shift.sales.get(product, 0) for product, name in PRODUCTS.items()},
        "Total sales": shift.total,
        "Net sales": pay.net,
        "%": pay.pct,
        "Total per hour": pay.hourly,
        "Commissions": pay.commissions,
        "Total made": pay.made,
    }


def _view_terms(world: World, shift: Shift) -> tuple[object, ...]:
    pay, terms = world.compute_pay(shift), shift.terms
    return (terms.wage, terms.base, terms.cut, terms.basis, pay.rate, pay.bonus, shift.seconds, shift.date)


def _write(instant: datetime) -> str:
    return write_wall(to_wall(instant))


def _view_bonus_row(row: tuple[Any, ...]) -> tuple[object, ...]:
    kind, value, state, draw, earned, carrier, product, source, basis, amount, created_at, voided_by = row
    # Who earned what acts on no shift is of no consequence.
    earner = earned if kind in SHIFT_BONUSES else None
    amounts = to_cents(value), to_cents(basis), to_cents(amount)
    return (kind, state, draw, earner, carrier, product, source, *amounts, created_at, voided_by)


def _view_bonus(bonus: Bonus) -> tuple[object, ...]:
    earned, carrier, source = (one and one.shift_id for one in (bonus.earned_by, bonus.shift, bonus.source))
    earner = earned if bonus.kind in SHIFT_BONUSES else None
    places = bonus.kind, bonus.state, bonus.draw, earner, carrier, bonus.product, source
    voided_by = "rank" if bonus.state == "void" else None
    return (*places, bonus.value, bonus.basis, bonus.amount, bonus.created_at, voided_by)


def _view_notice(employee_id: int, kind: str, payload: Mapping[str, Any]) -> tuple[object, ...]:
    lists = (payload.get(name, []) for name in ("returned", "withdrawn", "kept"))
    ranks = payload["rank_id"], payload["previous_rank_id"]
    return (employee_id, kind, payload["employee_id"], payload["month"], *ranks, payload.get("drawn"), *lists)


def list_lines(before: Books, after: Books) -> list[Line]:
    """What a step must book: the difference, or out of one period and into another (PAYROLL D3)."""
    sums: Counter[tuple[int, int, date]] = Counter()
    for books, sign in ((before, -1), (after, 1)):
        for shift_id, (employee_id, period_start, cents) in books.items():
            sums[shift_id, employee_id, period_start] += sign * cents
    return sorted(
        (employee_id, cents, *get_period(start), f"shift:{shift_id}")
        for (shift_id, employee_id, start), cents in sums.items()
        if cents
    )


def find_bonus_id(stage: Stage, bonus: Bonus) -> int:
    """The number that the service knows a bonus by."""
    if bonus.bonus_id is not None:
        return bonus.bonus_id
    month, rank_id = bonus.rank or (None, None)
    row = stage.connection.execute(
        "SELECT bonus_id FROM active_bonuses WHERE employee_id = %s AND rank_month = %s AND rank_id = %s",
        (bonus.employee_id, month, rank_id),
    ).fetchone()
    assert row is not None
    return int(row[0])


def describe_difference(part: str, seen: Any, said: Any) -> str:
    """What the service has and what the model says, where they are not the same."""
    if isinstance(seen, dict):
        keys = [key for key in seen.keys() | said.keys() if seen.get(key) != said.get(key)]
        pairs = [(key, seen.get(key), said.get(key)) for key in keys]
    elif isinstance(seen, list):
        length = max(len(seen), len(said))
        both = zip(range(length), [*seen, *[None] * length], [*said, *[None] * length], strict=False)
        pairs = [(place, one, other) for place, one, other in both if one != other]
    else:
        pairs = [(None, seen - said, said - seen)]
    return "\n".join(f"{part} {key}:\n  service {one}\n  model   {other}" for key, one, other in pairs)
