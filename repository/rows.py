"""Rows into the records of the pay rules, and back: the one door.

What is read are the JSON arrays of the query parts, what is written the rows of `write_outcome`.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from payroll.ledger import LedgerEntry
from payroll.offers import BonusType
from payroll.products import Catalogue, Product
from payroll.ranks import RankAward, RankNotice, RankSettlement
from payroll.records import (
    Bonus,
    BonusState,
    DynamicBasis,
    EarnedBy,
    ImportedInputs,
    Pay,
    Shift,
    SourceShift,
    Terms,
    VoidedBy,
    Work,
)
from payroll.tables import RateTable

JsonRow = Sequence[Any]


# Made once: `json.dumps` makes one for each call that says how.
_encode_json = json.JSONEncoder(default=str, ensure_ascii=False).encode


def dump_json(value: object) -> str:
    """JSON for a query's parameter: amounts, dates and instants as the text that PostgreSQL reads."""
    return _encode_json(value)


def write_array(values: Iterable[date | int]) -> str:
    """An array for a query's parameter, as the text that PostgreSQL reads: a list is looked through for its type."""
    return f"{{{','.join(map(str, values))}}}"


def _read_instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@lru_cache(maxsize=16)
def read_catalogue(text: str | None) -> Catalogue:
    """The products of the query part `catalogue`; the same text is read once."""
    return Catalogue(tuple(Product(*row) for row in json.loads(text or "[]")))


def read_bonus(row: JsonRow) -> Bonus:
    """A bonus with the shift that earned it."""
    (
        bonus_id, bonus_type, value, state, draw, created_at, earned_id, earned_recorded, earned_in,
        rank_id, rank_month, shift_id, product_id, source_id, basis_net, amount, voided_by,
    ) = row  # fmt: skip
    earned_by = None
    if earned_id is not None:
        earned_by = EarnedBy(earned_id, _read_instant(earned_recorded), _read_instant(earned_in))
    return Bonus(
        bonus_id=bonus_id,
        bonus_type=BonusType(bonus_type),
        value=value,
        state=BonusState(state),
        draw=draw,
        created_at=_read_instant(created_at),
        earned_by=earned_by,
        rank_id=rank_id,
        rank_month=date.fromisoformat(rank_month) if rank_month else None,
        shift_id=shift_id,
        product_id=product_id,
        source_shift_id=source_id,
        basis_net=basis_net,
        amount=amount,
        voided_by=VoidedBy(voided_by) if voided_by else None,
    )


def read_award(row: JsonRow, bonuses: Mapping[int | None, Bonus]) -> RankAward:
    """A rank reached in a month; `bonuses` has the one it gave by its number."""
    rank_id, is_drawn, bonus_id = row
    return RankAward(rank_id, is_drawn=is_drawn, bonus=bonuses[bonus_id] if bonus_id is not None else None)


def read_source(row: JsonRow) -> SourceShift:
    """Somebody else's shift for `percent_prev` and `percent_all`."""
    shift_id, platform_cut_pct, products = row
    return SourceShift(shift_id, platform_cut_pct, dict(products))


def read_shift(
    row: JsonRow, bonuses: Iterable[Bonus], employee_id: int, get_rates: Callable[[int], RateTable]
) -> Shift:
    """A recorded shift; `bonuses` has those it carries, oldest first, `get_rates` the rate table of a version."""
    (
        shift_id, recorded_at, shift_date, time_in, time_out,
        hourly_wage, base_pct, platform_cut_pct, dynamic_basis, rate_version_id,
        worked_seconds, worked_hours, total_sales, net_sales, dynamic_pct, commission_pct,
        total_per_hour, commissions, bonus_pay, total_made, products, imported, is_refunded,
    ) = row  # fmt: skip
    return Shift(
        shift_id=shift_id,
        employee_id=employee_id,
        recorded_at=_read_instant(recorded_at),
        work=Work(
            shift_date=date.fromisoformat(shift_date),
            time_in=_read_instant(time_in),
            time_out=_read_instant(time_out),
            products=dict(products or ()),
        ),
        terms=Terms(
            hourly_wage,
            base_pct,
            platform_cut_pct,
            DynamicBasis(dynamic_basis),
            get_rates(rate_version_id),
            ImportedInputs(*imported) if imported else None,
        ),
        bonuses=tuple(bonus for bonus in bonuses if bonus.shift_id == shift_id),
        pay=Pay(
            worked_seconds, worked_hours, total_sales, net_sales, dynamic_pct, commission_pct,
            total_per_hour, commissions, bonus_pay, total_made,
        ),
        is_refunded=is_refunded,
    )  # fmt: skip


def write_shift(shift: Shift) -> dict[str, Any]:
    """A recorded shift as a row of `shifts`, but for what is not priced (name, note, request)."""
    work, terms, pay = shift.work, shift.terms, shift.pay
    return {
        "shift_id": shift.shift_id,
        "status": "recorded",
        "shift_date": work.shift_date,
        "time_in": work.time_in,
        "time_out": work.time_out,
        "recorded_at": shift.recorded_at,
        "hourly_wage": terms.hourly_wage,
        "base_pct": terms.base_pct,
        "platform_cut_pct": terms.platform_cut_pct,
        "dynamic_basis": terms.dynamic_basis,
        "rate_version_id": terms.rates.version_id,
        "worked_seconds": pay.worked_seconds,
        "worked_hours": pay.worked_hours,
        "total_sales": pay.total_sales,
        "net_sales": pay.net_sales,
        "dynamic_pct": pay.dynamic_pct,
        "commission_pct": pay.commission_pct,
        "total_per_hour": pay.total_per_hour,
        "commissions": pay.commissions,
        "bonus_pay": pay.bonus_pay,
        "total_made": pay.total_made,
    }


def write_bonus(bonus: Bonus) -> dict[str, Any]:
    """A bonus as a row of `active_bonuses`."""
    return {
        "bonus_id": bonus.bonus_id,
        "bonus_type": bonus.bonus_type,
        "value": bonus.value,
        "state": bonus.state,
        "draw": bonus.draw,
        "earned_shift_id": bonus.earned_by.shift_id if bonus.earned_by else None,
        "rank_id": bonus.rank_id,
        "rank_month": bonus.rank_month,
        "shift_id": bonus.shift_id,
        "product_id": bonus.product_id,
        "source_shift_id": bonus.source_shift_id,
        "basis_net": bonus.basis_net,
        "amount": bonus.amount,
        "voided_by": bonus.voided_by,
        "created_at": bonus.created_at,
    }


def write_rank(settled: RankSettlement, now: datetime) -> dict[str, Any]:
    """A month's rank as a row of `employee_ranks`; told, because its message is written beside it."""
    return {
        "year": settled.month.year,
        "month": settled.month.month,
        "current_rank_id": settled.rank_id,
        "previous_rank_id": settled.previous_rank_id if settled.is_changed else None,
        "notified": True,
        "last_updated": now,
    }


def write_award(settled: RankSettlement) -> dict[str, Any]:
    """A rank reached as a row of `rank_awards`; the bonus's number is known to the database alone."""
    return {
        "rank_month": settled.month,
        "rank_id": settled.rank_id,
        "is_drawn": settled.drawn is not None,
    }


def write_notice(notice: RankNotice, employee_id: int) -> dict[str, Any]:
    """A message about a person's rank as a row of `outbox`."""
    payload: dict[str, Any] = {
        "employee_id": employee_id,
        "month": notice.month,
        "rank_id": notice.rank_id,
        "previous_rank_id": notice.previous_rank_id,
    }
    if notice.drawn is not None:
        payload["drawn"] = notice.drawn.code
    for name in ("returned", "withdrawn", "kept"):
        offers = getattr(notice, name)
        if offers:
            payload[name] = [offer.code for offer in offers]
    if notice.booked_on is not None:
        payload["booked_on"] = notice.booked_on
    return {"kind": notice.kind, "payload": payload}


def write_entry(entry: LedgerEntry, number: int) -> dict[str, Any]:
    """A ledger line as a row of `balance_transactions`; `number` counts the lines of one change from 1."""
    return {
        "entry_no": number,
        "direction": entry.direction,
        "units": entry.units,
        "period_start": entry.period.start_date,
        "period_end": entry.period.end_date,
        "ref": entry.ref,
        "reason": entry.reason,
    }
