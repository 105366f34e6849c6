"""The methods that write, each with its floor: the same rows, computed beforehand, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from decimal import Decimal
from typing import Any

from benchmarks.cases import WRITE_CALLS, Call, Case, Contestant, Kind
from benchmarks.dataset import MODELS, PAY_DAYS, TERMS, ZONE, describe_shift, price
from benchmarks.plain import Params, Plain
from benchmarks.stage import Stage
from payroll.ledger import list_shift_entries
from payroll.money import split_by_largest_remainder
from payroll.offers import BonusType
from payroll.pricing import reprice
from payroll.records import Bonus, BonusState, Shift, get_month
from payroll.starting_values import RANKS
from postgres_service import PostgresService

_ONE_USD = Decimal("1.00")


def _write(label: str, make: Callable[[Stage, Contestant], Call], *statements: str, **more: Any) -> Case:
    """A method whose floor is these statements in one transaction, or one by itself; the last may give rows."""
    return Case(label, make, lambda plain, params: _run(plain, statements, params), calls=WRITE_CALLS, **more)


def _run(plain: Plain, statements: tuple[str, ...], params: Params) -> None:
    if len(statements) == 1:
        plain.execute(statements[0], params)
        return
    with plain.transaction():
        for statement in statements:
            plain.execute(statement, params)


# --- a new shift -----------------------------------------------------------------------------------------------------


def _make_new_shift(stage: Stage, contestant: Contestant) -> Call:
    """A shift of somebody for whom a `percent_next` waits, on their next free day."""
    member = stage.pick_next_of(list(Contestant).index(contestant), len(Contestant))
    work = stage.calendar.make_work(member.employee_id)
    bonus = _grant(stage, member.employee_id, BonusType.PERCENT_NEXT)
    shift = price(0, member.employee_id, work.time_out, work, [bonus])
    shift_data = {
        "employee_id": member.employee_id,
        "clock_in": ZONE.format(work.time_in),
        "clock_out": ZONE.format(work.time_out),
        "products": {MODELS[product_id]: str(amount) for product_id, amount in work.products.items()},
    }
    params = {
        **describe_shift(shift, member.name),
        **_describe_products(work.products),
        **_describe_entry(stage, None, shift),
        **_describe_use(bonus),
        "day": get_month(work.shift_date),
    }
    return Call((stage.clock, work.time_out, shift_data), params)


def _record_shift(service: PostgresService, call: Call) -> object:
    clock, now, shift_data = call.ours
    clock.now = now
    return service.create_shift(shift_data)


def _record_shift_plainly(plain: Plain, params: Params) -> object:
    with plain.transaction():
        return _insert_plainly(plain, params)


def _insert_plainly(plain: Plain, params: Params) -> object:
    ((shift_id,),) = plain.fetch("insert_shift", params)
    numbered = {**params, "shift_id": shift_id}
    plain.execute("insert_two_products", numbered)
    plain.execute("use_bonus", numbered)
    plain.execute("insert_entry", numbered)
    return shift_id


def _record_and_rank_plainly(plain: Plain, params: Params) -> object:
    """The same, and what nobody who settles ranks can do without: the sales of the month, and the rank they make."""
    with plain.transaction():
        shift_id = _insert_plainly(plain, params)
        plain.fetch("determine_rank", params)
    return shift_id


def _create(label: str, *, settles_ranks: bool) -> Case:
    return Case(
        label,
        _make_new_shift,
        _record_and_rank_plainly if settles_ranks else _record_shift_plainly,
        _record_shift,
        kind=Kind.CREATION,
        calls=WRITE_CALLS,
        settles_ranks=settles_ranks,
    )


# --- a change of a shift ---------------------------------------------------------------------------------------------


def _make_product_edit(stage: Stage, _: Contestant) -> Call:
    """One USD more on the first product of any shift."""
    old = _pick_shift(stage)
    product_id, amount = next(iter(old.work.products.items()))
    new = _sell(old, {**old.work.products, product_id: amount + _ONE_USD})
    return Call((old.shift_id, MODELS[product_id], str(amount + _ONE_USD)), _describe_edit(stage, old, new))


def _make_total_edit(stage: Stage, _: Contestant) -> Call:
    """Two USD more in all, on any shift."""
    old = _pick_shift(stage)
    total = old.work.total_sales + 2 * _ONE_USD
    parts = split_by_largest_remainder(total, list(old.work.products.values()))
    new = _sell(old, dict(zip(old.work.products, parts, strict=True)))
    return Call((old.shift_id, str(total)), _describe_edit(stage, old, new))


def _make_recalculation(stage: Stage, _: Contestant) -> Call:
    old = _pick_shift(stage)
    return Call((old.shift_id,), {**asdict(old.pay), "shift_id": old.shift_id})


def _make_bonus_use(stage: Stage, _: Contestant) -> Call:
    """A flat bonus for any shift."""
    old = _pick_shift(stage)
    bonus = _grant(stage, old.employee_id, BonusType.FLAT)
    new = reprice(old, bonuses=(*old.bonuses, bonus))
    params = {**asdict(new.pay), **_describe_entry(stage, old, new), **_describe_use(bonus), "shift_id": old.shift_id}
    return Call((bonus.bonus_id, old.shift_id), params)


def _pick_shift(stage: Stage) -> Shift:
    return stage.bare.shifts.get(stage.pick_shift_id()).shift


def _sell(old: Shift, products: Mapping[int, Decimal]) -> Shift:
    return price(old.shift_id, old.employee_id, old.recorded_at, replace(old.work, products=products), old.bonuses)


def _describe_edit(stage: Stage, old: Shift, new: Shift) -> Params:
    return {
        **asdict(new.pay),
        **_describe_products(new.work.products),
        **_describe_entry(stage, old, new),
        "shift_id": old.shift_id,
    }


def _describe_products(products: Mapping[int, Decimal]) -> Params:
    (product_1, amount_1), (product_2, amount_2) = products.items()
    return {"product_1": product_1, "amount_1": amount_1, "product_2": product_2, "amount_2": amount_2}


def _describe_entry(stage: Stage, old: Shift | None, new: Shift) -> Params:
    (entry,) = list_shift_entries(old, new, PAY_DAYS, "shift")
    return {
        "units": entry.units,
        "period_start": entry.period.start_date,
        "period_end": entry.period.end_date,
        "sub": str(stage.get_member(new.employee_id).sub),
    }


# --- bonuses, ranks, people ------------------------------------------------------------------------------------------


def _grant(stage: Stage, employee_id: int, bonus_type: BonusType) -> Bonus:
    """A pending bonus worth 1.00, made outside the time taken; as it will be once a shift has used it up."""
    bonus_id, created_at = stage.side.execute(
        "INSERT INTO active_bonuses (employee_id, bonus_type, value, draw) VALUES (%s, %s, 1, 7)"
        " RETURNING bonus_id, created_at",
        [employee_id, str(bonus_type)],
    ).fetchall()[0]
    amount = _ONE_USD if bonus_type is BonusType.FLAT else None
    return Bonus(bonus_id, bonus_type, _ONE_USD, BonusState.APPLIED, 7, created_at, amount=amount)


def _describe_use(bonus: Bonus) -> Params:
    return {"bonus_id": bonus.bonus_id, "amount": bonus.amount}


def _make_bonus(stage: Stage, _: Contestant) -> Call:
    employee_id = stage.pick_member().employee_id
    params = {"employee_id": employee_id, "bonus_type": "flat", "value": "5.00"}
    return Call(tuple(params.values()), params)


def _make_newcomer(stage: Stage, _: Contestant) -> Call:
    employee_id = next(stage.new_ids)
    wage = {"hourly_wage": TERMS.hourly_wage, "base_pct": TERMS.base_pct}
    return Call((employee_id,), {"employee_id": employee_id, "name": f"Employee {employee_id}", **wage})


def _make_rank_mark(stage: Stage, _: Contestant) -> Call:
    month = get_month(stage.pick_day())
    params = {"employee_id": stage.pick_member().employee_id, "year": month.year, "month": month.month}
    return Call(tuple(params.values()), params)


def _make_rank_change(stage: Stage, contestant: Contestant) -> Call:
    mark = _make_rank_mark(stage, contestant)
    employee_id, year, month = mark.ours
    name = stage.rng.choice(RANKS).rank_name
    return Call((employee_id, name, year, month), {**mark.floor, "name": name, "at": stage.clock.now})


# What makes the data differ from what the rules would make of it comes last.
WRITES = (
    _create("create_shift", settles_ranks=True),
    _create("create_shift, settle_ranks=False", settles_ranks=False),
    _write(
        "update_shift_field, a product's sales",
        _make_product_edit,
        "update_shift",
        "update_two_products",
        "insert_entry",
        "insert_audit",
    ),
    _write(
        "update_total_sales", _make_total_edit, "update_shift", "update_two_products", "insert_entry", "insert_audit"
    ),
    _write("recalculate_worked_hours", _make_recalculation, "update_shift", "insert_audit"),
    _write("apply_bonus", _make_bonus_use, "use_bonus", "update_shift", "insert_entry"),
    _write("create_default_employee_settings", _make_newcomer, "insert_employee", "insert_settings"),
    _write("mark_rank_notified", _make_rank_mark, "mark_rank_notified"),
    _write("create_bonus", _make_bonus, "create_bonus"),
    _write("update_employee_rank", _make_rank_change, "update_employee_rank"),
)
