"""The methods that read; the floor of each is the same rows in one statement."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from benchmarks.cases import Call, Case, Kind
from benchmarks.dataset import LAST_DAY, WAITING_EVERY, ZONE
from benchmarks.stage import Stage
from payroll.records import get_month
from payroll.starting_values import RANKS
from postgres_service import PostgresService

_RANK_NAMES = tuple(rank.rank_name for rank in RANKS[1:])


def _read(label: str, make: Callable[[Stage], Call], *, kind: Kind = Kind.OTHER, **more: Any) -> Case:
    return Case(label, lambda stage, _: make(stage), kind=kind, **more)


def _read_one(label: str, make: Callable[[Stage], Call]) -> Case:
    return _read(label, make, kind=Kind.ONE_RECORD)


# --- what is asked for -----------------------------------------------------------------------------------------------


def _nothing(_: Stage) -> Call:
    return Call((), {})


def _today(_: Stage) -> Call:
    return Call((), {"day": LAST_DAY})


def _any_shift(stage: Stage) -> Call:
    shift_id = stage.pick_shift_id()
    return Call((shift_id,), {"shift_id": shift_id})


def _any_shift_with_bonus(stage: Stage) -> Call:
    shift_id = stage.rng.randrange(10, stage.size + 1, 10)
    return Call((shift_id,), {"shift_id": shift_id})


def _any_employee(stage: Stage) -> Call:
    employee_id = stage.pick_member().employee_id
    return Call((employee_id,), {"employee_id": employee_id, "day": LAST_DAY})


def _any_employee_who_waits(stage: Stage) -> Call:
    employee_id = stage.rng.choice(stage.team[::WAITING_EVERY]).employee_id
    return Call((employee_id,), {"employee_id": employee_id})


def _any_employee_and_day(stage: Stage) -> Call:
    employee_id, day = stage.pick_member().employee_id, stage.pick_day()
    return Call((employee_id, day, "100.00"), {"employee_id": employee_id, "day": day, "sales": "100.00"})


def _any_month(stage: Stage) -> Call:
    employee_id, month = stage.pick_member().employee_id, get_month(stage.pick_day())
    params = {"employee_id": employee_id, "day": month, "year": month.year, "month": month.month}
    return Call((employee_id, month.year, month.month), params)


def _any_rank(stage: Stage) -> Call:
    name = stage.rng.choice(_RANK_NAMES)
    return Call((name,), {"name": name, "day": LAST_DAY})


def _any_record(stage: Stage) -> Call:
    shift_id = stage.pick_shift_id()
    return Call((stage.bare.get_shift_by_id(shift_id),), {"shift_id": shift_id})


def _before_any_instant(stage: Stage) -> Call:
    employee_id, before = stage.pick_member().employee_id, _at(stage.pick_day(), 12)
    params = {"employee_id": employee_id, "before": before, "models": [1, 3]}
    return Call((employee_id, ["Model A", "Model C"], before), params)


def _model_on_any_day(stage: Stage) -> Call:
    employee_id, day = stage.pick_member().employee_id, stage.pick_day()
    before = _at(day, 20)
    params = {"employee_id": employee_id, "day": day, "before": before, "models": [2]}
    return Call(("Model B", day, employee_id, before), params)


def _others_before_any_shift(stage: Stage) -> Call:
    shift = stage.bare.shifts.get(stage.pick_shift_id()).shift
    params = {
        "employee_id": shift.employee_id,
        "recorded_at": shift.recorded_at,
        "shift_id": shift.shift_id,
        "models": list(shift.work.products),
        "day": shift.work.shift_date,
    }
    return Call((shift.employee_id, stage.bare.get_shift_by_id(shift.shift_id), "1.00"), params)


def _at(day: date, hour: int) -> datetime:
    return ZONE.localize(datetime.combine(day, time(hour)))


# --- more than the call ----------------------------------------------------------------------------------------------


def _get_shift_and_read_it(service: PostgresService, call: Call) -> object:
    return dict(service.get_shift_by_id(*call.ours) or {})


def _get_all_and_read_them(service: PostgresService, _: Call) -> object:
    return [dict(record) for record in service.get_all_shifts()]


READS = (
    _read_one("get_next_id", _nothing),
    _read_one("find_row_by_id", _any_shift),
    _read_one("get_shift_by_id", _any_shift),
    _read("get_shift_by_id, every field read", _any_shift, ours=_get_shift_and_read_it),
    _read("get_last_shifts", _any_employee),
    _read("get_all_shifts", _nothing, kind=Kind.ALL_SHIFTS),
    _read("get_all_shifts, every field read", _nothing, kind=Kind.ALL_SHIFTS, ours=_get_all_and_read_them),
    _read("get_products", _nothing),
    _read_one("get_employee_settings", _any_employee),
    _read("get_dynamic_rates", _today),
    _read_one("calculate_dynamic_rate", _any_employee_and_day),
    _read("get_ranks", _today),
    _read_one("determine_rank", _any_month),
    _read("get_rank_bonuses", _any_rank),
    _read_one("get_rank_text", _any_rank),
    _read_one("get_employee_rank", _any_month),
    _read("get_active_bonuses", _any_employee_who_waits),
    _read("get_shift_applied_bonuses", _any_shift_with_bonus),
    _read("get_models_from_shift", _any_record),
    _read_one("find_previous_shift_with_models", _before_any_instant),
    _read("find_shifts_with_model", _model_on_any_day),
    _read("apply_percent_prev_bonus", _others_before_any_shift),
    _read("apply_percent_all_bonus", _others_before_any_shift),
)
"""In the order of SPEC 5."""
