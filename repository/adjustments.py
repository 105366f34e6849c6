"""Bonuses and deductions by hand, booked in the open period (SPEC 4.19, PAYROLL D38)."""

from decimal import Decimal

from payroll.adjustments import Adjustment, AdjustmentKind
from payroll.decisions import give, take
from payroll.errors import ErrorKey, InvalidInputError
from payroll.ledger import book
from payroll.people import Person
from repository.database import Row, unit_of_work
from repository.desk import Desk, read_reason
from repository.fields import read_amount


class Adjustments:
    """The door to what is given and taken by hand."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._database = desk.database

    @unit_of_work
    def book(
        self,
        employee_id: int,
        kind: AdjustmentKind,
        amount: Decimal,
        reason: str,
        *,
        actor: Person,
        shift_id: int | None = None,
        bonus_id: int | None = None,
    ) -> Adjustment:
        """Give or take an amount in USD in a person's open period; a deduction may make the balance negative (D34).

        Raises ForbiddenError, InvalidInputError for an amount or a reason that cannot be.
        """
        is_bonus = kind is AdjustmentKind.BONUS
        is_own = self._desk.decide(actor, give(employee_id) if is_bonus else take(employee_id))
        checked = read_amount(amount, "amount")
        if checked == 0:
            raise InvalidInputError(ErrorKey.AMOUNT_NOT_POSITIVE, field="amount", value=amount, allowed="above 0")
        why = read_reason(reason)
        person = self._desk.lock(employee_id)
        params = {
            "employee_id": employee_id,
            "kind": kind,
            "amount": checked,
            "reason": why,
            "shift_id": shift_id,
            "bonus_id": bonus_id,
            "made_by": actor.employee_id,
            "made_at": self._desk.rules.clock(),
        }
        row = self._database.fetch_one("insert_adjustment", params)
        if row is None:
            raise LookupError("an adjustment that has just been written is there")
        subject = f"adjustment:{row[0]}"
        signed = checked if is_bonus else -checked
        self._desk.book(person, book(signed, self._desk.get_open_period(person), subject, kind))
        new = {"employee_id": employee_id, "amount": signed}
        self._desk.audit(actor, f"{kind} booked", subject, is_own=is_own, new=new, reason=why)
        return self.list_of(employee_id, 1)[0]

    def list_of(self, employee_id: int, limit: int, *, skip: int = 0) -> list[Adjustment]:
        """What was given to a person and taken by hand, newest first."""
        params = {"employee_id": employee_id, "limit": limit, "skip": skip}
        return [_read(row) for row in self._database.fetch_all("select_adjustments_of", params)]


def _read(row: Row) -> Adjustment:
    adjustment_id, employee_id, kind, *rest = row
    return Adjustment(adjustment_id, employee_id, AdjustmentKind(kind), *rest)
