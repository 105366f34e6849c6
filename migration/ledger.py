"""What is owed: shifts dated on or after the day from which the ledger counts, one line each in order (PAYROLL D41)."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from migration.books import Job
from migration.report import Owed
from migration.shifts import PlannedShift, ShiftPlan
from payroll.ledger import Direction
from payroll.money import ZERO
from payroll.pay_periods import compute_pay_period

REASON = "shift imported"
SOURCE_SERVICE = "migration"


def book_shifts(job: Job, plan: ShiftPlan) -> None:
    """Book what the shifts that were written made, or by how much that changed, in the period of each (PAYROLL D3)."""
    job.store.copy("copy_entries", _list_lines(job, plan))


def list_owed(job: Job) -> list[Owed]:
    """What everybody is owed now who is owed something, or was booked something."""
    owed = [
        Owed(employee_id, name, job.booked.get(employee_id, ZERO), balance)
        for employee_id, name, balance in job.store.fetch("select_balances")
    ]
    return [one for one in owed if one.booked or one.balance]


def _list_lines(job: Job, plan: ShiftPlan) -> Iterator[tuple[Any, ...]]:
    booked: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for one in plan.written:
        amount = _compute_amount(one)
        if amount == 0:
            continue
        sub = job.books.subs[one.shift.employee_id]
        entry_no, balance = job.books.ledger_ends.get(sub, (0, ZERO))
        job.books.ledger_ends[sub] = (entry_no + 1, balance + amount)
        booked[one.shift.employee_id] += amount
        period = compute_pay_period(one.shift.work.shift_date, job.rules.pay_days)
        direction = Direction.CREDIT if amount > 0 else Direction.DEBIT
        yield (
            next(job.books.entry_ids), sub, entry_no + 1, str(direction), abs(amount), balance + amount,
            period.start_date, period.end_date, f"shift:{one.shift.shift_id}", REASON, SOURCE_SERVICE,
        )  # fmt: skip
    job.booked = dict(booked)


def _compute_amount(one: PlannedShift) -> Decimal:
    if one.is_paid:
        return ZERO
    return one.shift.pay.total_made - (one.old_made or ZERO)
