"""Shifts: priced by what was recorded, compared with what is there, loaded in bulk (PAYROLL D41, D42, TECH T24)."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from migration.bonuses import PlannedBonus, list_carried, plan_bonuses
from migration.books import Job, OwnShift
from migration.report import Gravity, Sums
from migration.rows import UNASSIGNED, ShiftRow
from payroll.checks import SHORTEST_SHIFT
from payroll.imports import HistoricShift, PayDifference, import_shift
from payroll.money import ZERO, round_cents
from payroll.names import name_employee
from payroll.pay_periods import compute_pay_period
from payroll.products import Product
from payroll.records import Bonus, Shift, Work
from repository.rows import write_shift

TAB = "Shifts"
ACTIVE_WITHIN = timedelta(days=90)
"""A model that sold something in the last 90 days of the sheet can be picked in the bot; older ones can not."""
_HEADERS = {
    "worked_hours": "Worked hours/shift",
    "total_sales": "Total sales",
    "net_sales": "Net sales",
    "commission_pct": "%",
    "total_per_hour": "Total per hour",
    "commissions": "Commissions",
    "total_made": "Total made",
}


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift of the sheet as it will be stored. `is_paid`: before the ledger began (PAYROLL D41)."""

    row: ShiftRow
    shift: Shift
    name: str
    digest: str
    is_paid: bool
    old_made: Decimal | None = None
    """What the database has for it in USD, None where it is not there."""


@dataclass(slots=True)
class ShiftPlan:
    """What becomes of the shifts, and of the bonuses that they have used up.

    `priced` are the new ones, worked out one by one as they are asked for, and then in `new`; what is found to be
    different from the database on the way is in `updated`.
    """

    bonuses: list[PlannedBonus]
    priced: Iterable[PlannedShift] = ()
    new: list[PlannedShift] = field(default_factory=list)
    updated: list[PlannedShift] = field(default_factory=list)

    @property
    def written(self) -> list[PlannedShift]:
        """Those that are written, in the one order of shifts (PAYROLL D1)."""
        return sorted([*self.new, *self.updated], key=lambda one: one.shift.order_key)

    @property
    def carried(self) -> Mapping[int, Bonus]:
        """The bonuses that the written shifts have used up, by number."""
        return {bonus.bonus_id or 0: bonus for one in self.written for bonus in one.shift.bonuses}


def plan_shifts(job: Job) -> ShiftPlan:
    """Sort out which rows fit, and with which bonuses; `load_shifts` prices them."""
    rows = _drop_conflicts(job)
    product_ids = _import_products(job, rows.values())
    plan = ShiftPlan(plan_bonuses(job, rows))
    plan.priced = _price(job, plan, rows, product_ids)
    return plan


def load_shifts(job: Job, plan: ShiftPlan) -> None:
    """Price the shifts and write them, with what they sold and what the sheet said of them.

    Into a database that has none yet they go while they are priced: the server works beside us.
    """
    if not job.books.closed:
        job.store.execute("let_go_closed_checks")
    new = list(plan.priced) if job.books.imported else plan.priced
    for one in plan.updated:
        # First: a row that lies over a new one is marked so before that comes.
        job.store.execute("forget_products", {"shift_id": one.shift.shift_id})
        job.store.execute("forget_imported_shift", {"shift_id": one.shift.shift_id})
        job.store.execute("update_shift", _write(one))
    job.store.copy("copy_shifts", (tuple(_write(one).values()) for one in new))
    written = plan.written
    job.store.copy(
        "copy_shift_products",
        (
            (one.shift.shift_id, product_id, amount)
            for one in written
            for product_id, amount in one.shift.work.products.items()
        ),
    )
    job.store.copy("copy_imported_shifts", (_describe_import(job, one) for one in written))
    if not job.books.closed:
        job.store.execute("take_up_closed_checks")


def sum_up_months(job: Job) -> None:
    """What the database has now of the shifts of the sheet, month by month, for the report."""
    if TAB not in job.report.tallies:
        return
    for month, shifts, seconds, sales, made in job.store.fetch("select_import_months"):
        job.report.months[month].database = Sums(shifts, round_cents(Decimal(seconds) / 3600), sales, made)


def _price(
    job: Job, plan: ShiftPlan, rows: Mapping[int, ShiftRow], product_ids: Mapping[str, int]
) -> Iterator[PlannedShift]:
    """The new shifts, in the one order of shifts, by what was recorded and what is in force on their dates."""
    carried: dict[int, list[Bonus]] = defaultdict(list)
    for shift_id, bonus in list_carried(plan.bonuses):
        carried[shift_id].append(bonus)
    overlapping = _find_overlapping(rows.values())
    longest = timedelta(hours=job.rules.max_shift_hours)
    day_sales = _DaySales(job.books.own.values())
    for row in sorted(rows.values(), key=lambda one: one.order_key):
        shift_date = job.rules.zone.date_of(row.time_in)
        products = {product_ids[name]: amount for name, amount in row.products.items()}
        work = Work(shift_date, row.time_in, row.time_out, dict(sorted(products.items())))
        terms = job.books.get_terms(row.employee_id, shift_date)
        own_sales = work.total_sales
        sales = day_sales.add(row, shift_date, own_sales)
        shift, differences = import_shift(
            HistoricShift(
                shift_id=row.shift_id,
                employee_id=row.employee_id,
                order_key=row.order_key,
                work=work,
                terms=terms,
                dynamic_pct=terms.find_dynamic_pct(day_sales=sales, shift_sales=own_sales),
                bonuses=tuple(carried.get(row.shift_id, ())),
            ),
            row.recorded,
            breaks_rules=row.time_out - row.time_in > longest or row.shift_id in overlapping,
            is_repriced=job.rules.is_repriced,
        )
        _warn(job, row, shift, differences, overlapping.get(row.shift_id))
        if row.recorded.total_made is None:
            # An empty cell of the sheet says what the rules make.
            job.report.months[shift_date.replace(day=1)].sheet.made += shift.pay.total_made
        planned = _sort_in(job, plan, row, shift)
        if planned is not None:
            plan.new.append(planned)
            yield planned


# --- what fits -------------------------------------------------------------------------------------------------------


def _drop_conflicts(job: Job) -> dict[int, ShiftRow]:
    rows: dict[int, ShiftRow] = {}
    own_by_person: dict[int, list[OwnShift]] = defaultdict(list)
    for own in job.books.own.values():
        if own.status != "deleted":
            own_by_person[own.employee_id].append(own)
    for row in job.reading.shifts:
        reason = _find_conflict(job, row, rows, own_by_person[row.employee_id] if own_by_person else ())
        if reason is None:
            rows[row.shift_id] = row
        else:
            job.reject(TAB, row.row_no, "ID", row.shift_id, reason)
            if row.shift_id not in rows or replace(row, row_no=rows[row.shift_id].row_no) != rows[row.shift_id]:
                job.lose(row)
    return rows


def _find_conflict(job: Job, row: ShiftRow, rows: Mapping[int, ShiftRow], own: Iterable[OwnShift]) -> str | None:
    if row.shift_id in rows:
        return f"stands in row {rows[row.shift_id].row_no} too"
    if row.shift_id in job.books.own:
        return "is a shift that the bot recorded itself"
    known = job.books.imported.get(row.shift_id)
    if known is not None and known.employee_id != row.employee_id:
        return f"is a shift of {known.employee_id} in the database"
    if known is None:
        if _is_closed(job, row.employee_id, job.rules.zone.date_of(row.time_in)):
            return "lies in a pay period that is closed"
        for other in own:
            if other.time_in < row.time_out and (other.time_out is None or row.time_in < other.time_out):
                return f"lies over shift {other.shift_id}, which the bot recorded itself"
    return None


def _find_overlapping(rows: Iterable[ShiftRow]) -> dict[int, int]:
    """Shifts that lie over another one of the same person, by number, with the number of that one."""
    overlapping: dict[int, int] = {}
    longest: dict[int, ShiftRow] = {}
    for row in sorted(rows, key=lambda one: (one.time_in, one.shift_id)):
        before = longest.get(row.employee_id)
        if before is not None and row.time_in < before.time_out:
            overlapping[row.shift_id] = before.shift_id
            overlapping.setdefault(before.shift_id, row.shift_id)
        if before is None or row.time_out > before.time_out:
            longest[row.employee_id] = row
    return overlapping


class _DaySales:
    """A person's sales of a date up to and including a shift, which come in order (SPEC 3.6)."""

    def __init__(self, own: Iterable[OwnShift]) -> None:
        self._sums: dict[tuple[int, date], Decimal] = {}
        self._own: dict[tuple[int, date], list[OwnShift]] = defaultdict(list)
        for shift in own:
            if shift.status == "recorded":
                self._own[shift.employee_id, shift.shift_date].append(shift)

    def add(self, row: ShiftRow, shift_date: date, sales: Decimal) -> Decimal:
        key = (row.employee_id, shift_date)
        total = self._sums.get(key, ZERO) + sales
        self._sums[key] = total
        for shift in self._own.get(key, ()) if self._own else ():
            if shift.recorded_at is not None and (shift.recorded_at, shift.shift_id) < row.order_key:
                total += shift.total_sales or ZERO
        return total


def _import_products(job: Job, rows: Iterable[ShiftRow]) -> dict[str, int]:
    """Numbers of the models by name; an unknown one becomes a product, open for new sales where it sold lately."""
    last_sold: dict[str, Any] = {}
    newest = None
    for row in rows:
        newest = row.time_in if newest is None or row.time_in > newest else newest
        for name in row.products:
            last_sold[name] = max(last_sold.get(name, row.time_in), row.time_in)
    for name in job.reading.models:
        if name.casefold() in job.books.products:
            continue
        is_recent = name in last_sold and newest is not None and newest - last_sold[name] <= ACTIVE_WITHIN
        is_active = is_recent and name != UNASSIGNED
        _insert_product(job, name, is_active=is_active)
    return {name: job.books.products[name.casefold()].product_id for name in job.reading.models}


def _insert_product(job: Job, name: str, *, is_active: bool) -> None:
    product = Product(next(job.books.product_ids), name, is_active)
    job.store.execute("insert_product", {"product_id": product.product_id, "name": name, "is_active": is_active})
    job.books.products[name.casefold()] = product
    kind = "open for new sales" if is_active else "closed for new sales, as it sold nothing for 90 days"
    if name == UNASSIGNED:
        kind = "closed for new sales: it has what the total sales of some rows have and no model of theirs"
    job.report.note(f"New model: {name}, {kind}.")


# --- what is different -----------------------------------------------------------------------------------------------


def _sort_in(job: Job, plan: ShiftPlan, row: ShiftRow, shift: Shift) -> PlannedShift | None:
    """The shift, where it is new; counts it, and remembers it where it is different."""
    name = row.employee_name or name_employee(row.employee_id)
    digest = _compute_digest(row, shift, name)
    known = job.books.imported.get(row.shift_id)
    tally = job.report.tallies[TAB]
    if known is None:
        tally.inserted += 1
        return PlannedShift(row, shift, name, digest, is_paid=shift.work.shift_date < job.rules.owed_from)
    if known.digest == digest:
        tally.unchanged += 1
    elif known.is_corrected or not known.is_recorded:
        job.reject(TAB, row.row_no, "ID", row.shift_id, "is different in the sheet, but was corrected in the bot since")
    elif _is_closed(job, row.employee_id, min(shift.work.shift_date, known.shift_date)):
        job.reject(TAB, row.row_no, "ID", row.shift_id, "is different in the sheet, but its pay period is closed")
    else:
        plan.updated.append(PlannedShift(row, shift, name, digest, known.was_paid, known.total_made))
        tally.updated += 1
    return None


def _is_closed(job: Job, employee_id: int, day: date) -> bool:
    closed_until = job.books.closed.get(employee_id)
    return closed_until is not None and day <= closed_until


def _compute_digest(row: ShiftRow, shift: Shift, name: str) -> str:
    """Of everything that is stored of a shift: whatever would come out differently has another."""
    terms, pay = shift.terms, shift.pay
    parts = [
        row.employee_id, name, row.note, row.recorded_at, shift.work.shift_date, row.time_in, row.time_out,
        terms.hourly_wage, terms.base_pct, terms.platform_cut_pct, terms.dynamic_basis, terms.rates.version_id,
        pay.net_sales, pay.dynamic_pct, pay.commission_pct, pay.total_per_hour, pay.commissions, pay.total_made,
        terms.imported, *(part for sold in shift.work.products.items() for part in sold),
        *(part for bonus in shift.bonuses for part in (bonus.bonus_id, bonus.amount)),
    ]  # fmt: skip
    return hashlib.blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()


def _warn(job: Job, row: ShiftRow, shift: Shift, differences: tuple[PayDifference, ...], other_id: int | None) -> None:
    remarks = []
    worked = row.time_out - row.time_in
    if other_id is not None:
        remarks.append(f"lies over shift {other_id}")
    if worked > timedelta(hours=job.rules.max_shift_hours):
        remarks.append(f"is {shift.pay.worked_hours} h long")
    if worked < SHORTEST_SHIFT:
        remarks.append("is shorter than a minute")
    texts = [f"{_HEADERS[one.name]} {one.recorded}, by the rules {one.by_rules}" for one in differences]
    difference = shift.terms.imported.difference if shift.terms.imported else ZERO
    if difference:
        texts.append(f"imported difference {difference}")
    for gravity, told in ((Gravity.REMARK, remarks), (Gravity.DIFFERENT, texts)):
        if told:
            job.report.warn(TAB, row.row_no, f"shift {row.shift_id}: {'; '.join(told)}", gravity)


# --- rows ------------------------------------------------------------------------------------------------------------


def _write(one: PlannedShift) -> dict[str, Any]:
    """The row of `shifts`, in the order of `copy_shifts`."""
    imported = one.shift.terms.imported
    return {
        **write_shift(one.shift),
        "dynamic_basis": str(one.shift.terms.dynamic_basis),
        "employee_id": one.shift.employee_id,
        "employee_name": one.name,
        "note": one.row.note,
        "is_imported": imported is not None,
        "imported_difference": imported.difference if imported else ZERO,
    }


def _describe_import(job: Job, one: PlannedShift) -> tuple[Any, ...]:
    """The row of `imported_shifts`, in the order of `copy_imported_shifts`."""
    pay = one.shift.pay
    imported = one.shift.terms.imported
    paid: tuple[Any, ...] = (None, None, None)
    if one.is_paid:
        period = compute_pay_period(one.shift.work.shift_date, job.rules.pay_days)
        paid = (pay.total_made, period.start_date, period.end_date)
    is_pct_fixed = imported is not None and imported.is_pct_fixed
    return (
        one.shift.shift_id, pay.worked_seconds, pay.total_per_hour, pay.total_sales, pay.net_sales, pay.commission_pct,
        is_pct_fixed, pay.commissions, *paid, one.digest,
    )  # fmt: skip
