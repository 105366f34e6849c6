"""Refunds: booked against who sold it, withdrawn by a counter-line (SPEC 4.20, PAYROLL D35)."""

from decimal import Decimal

from payroll.decisions import give, take
from payroll.errors import ConflictError, ErrorKey, InvalidInputError, NotFoundError
from payroll.ledger import book
from payroll.money import ZERO
from payroll.people import Person
from payroll.ranks import Withdrawing
from payroll.records import Bonus, Shift, get_month
from payroll.refunds import Refund, RefundPreview, compute_refund_units
from payroll.settings import SettingKey
from repository import rows
from repository.database import Row, unit_of_work
from repository.desk import Desk, read_reason
from repository.fields import read_amount
from repository.settings import Settings
from repository.shifts import ShiftBook


class Refunds:
    """The door to refunds."""

    def __init__(self, desk: Desk, shifts: ShiftBook, settings: Settings) -> None:
        self._desk = desk
        self._database = desk.database
        self._shifts = shifts
        self._settings = settings

    def preview(self, shift_id: int, product_id: int, amount: Decimal) -> RefundPreview:
        """What a refund of `amount` USD of a line would take. Raises as `book` does."""
        shift = self._shifts.get(shift_id).shift
        before = self._sum_refunded(shift_id, product_id)
        after = before + self._check_amount(shift, product_id, before, amount)
        bonuses = self._list_rank_bonuses(shift)
        left = shift.work.products[product_id] - before
        return RefundPreview(compute_refund_units(shift, before, after), left, bonuses)

    @unit_of_work
    def book(self, shift_id: int, product_id: int, amount: Decimal, reason: str, *, actor: Person) -> Refund:
        """Take back what was paid for `amount` USD of a line, in the open period (PAYROLL D35).

        Raises ForbiddenError, NotFoundError, InvalidInputError with REFUND_TOO_LARGE for more than is left of the line.
        """
        council = self._desk.get_council(actor)
        seller_id = self._shifts.get(shift_id).shift.employee_id
        is_own = council.judge(take(seller_id))
        why = read_reason(reason)
        person = self._desk.lock(seller_id)
        shift = self._shifts.get(shift_id).shift
        before = self._sum_refunded(shift_id, product_id)
        after = before + self._check_amount(shift, product_id, before, amount)
        units = compute_refund_units(shift, before, after)
        params = {
            "employee_id": person.employee_id,
            "shift_id": shift_id,
            "product_id": product_id,
            "amount": after - before,
            "units": units,
            "lowers_rank": self._settings.get(SettingKey.REFUND_LOWERS_RANK),
            "reason": why,
            "made_by": actor.employee_id,
            "made_at": self._desk.rules.clock(),
        }
        refund = _read_refund(self._database.fetch_one("insert_refund", params))
        period = self._desk.get_open_period(person)
        self._desk.book(person, book(-units, period, write_ref(refund), "refund"))
        if refund.lowers_rank:
            self._settle(shift, Withdrawing.PENDING)
        self._audit(actor, "refund booked", refund, why, is_own=is_own)
        return refund

    @unit_of_work
    def withdraw(self, refund_id: int, reason: str, *, actor: Person) -> Refund:
        """Give back what a refund took, by a counter-line in the open period; what it voided comes back (PAYROLL D35).

        The shift is priced again where no other refund is left: it had kept its rate for that.
        Raises ForbiddenError, NotFoundError, ConflictError with REFUND_WITHDRAWN where that was done.
        """
        council = self._desk.get_council(actor)
        old = self.get(refund_id)
        is_own = council.judge(give(old.employee_id))
        why = read_reason(reason)
        person = self._desk.lock(old.employee_id)
        shift = self._shifts.get(old.shift_id).shift
        refunded = self._sum_refunded(old.shift_id, old.product_id)
        params = {
            "refund_id": refund_id,
            "units": compute_refund_units(shift, refunded - old.amount, refunded),
            "reason": why,
            "withdrawn_by": actor.employee_id,
            "withdrawn_at": self._desk.rules.clock(),
        }
        row = self._database.fetch_one("withdraw_refund", params)
        if row is None:
            raise ConflictError(
                ErrorKey.REFUND_WITHDRAWN, field="refund_id", value=refund_id, allowed="one that is not withdrawn"
            )
        refund = _read_refund(row)
        period = self._desk.get_open_period(person)
        self._desk.book(person, book(refund.withdrawn_units or ZERO, period, write_ref(refund), "refund withdrawn"))
        self._release(shift, actor, is_own=is_own)
        if refund.lowers_rank:
            self._settle(shift, Withdrawing.ALL)
        self._audit(actor, "refund withdrawn", refund, why, is_own=is_own)
        return refund

    def get(self, refund_id: int) -> Refund:
        """A refund by its number. Raises NotFoundError."""
        row = self._database.fetch_one("select_refund", {"refund_id": refund_id})
        if row is None:
            raise NotFoundError(
                ErrorKey.REFUND_UNKNOWN, field="refund_id", value=refund_id, allowed="the number of a refund"
            )
        return _read_refund(row)

    def list_of_shift(self, shift_id: int) -> list[Refund]:
        """The refunds of a shift, oldest first, withdrawn ones too."""
        return [
            _read_refund(row) for row in self._database.fetch_all("select_refunds_of_shift", {"shift_id": shift_id})
        ]

    def list_of(self, employee_id: int, limit: int, *, skip: int = 0) -> list[Refund]:
        """A person's refunds, newest first, withdrawn ones too."""
        params = {"employee_id": employee_id, "limit": limit, "skip": skip}
        return [_read_refund(row) for row in self._database.fetch_all("select_refunds_of", params)]

    def _check_amount(self, shift: Shift, product_id: int, before: Decimal, amount: Decimal) -> Decimal:
        left = shift.work.products.get(product_id, ZERO) - before
        checked = read_amount(amount, "amount")
        if checked == 0:
            raise InvalidInputError(ErrorKey.AMOUNT_NOT_POSITIVE, field="amount", value=amount, allowed="above 0")
        if checked > left:
            raise InvalidInputError(ErrorKey.REFUND_TOO_LARGE, field="amount", value=amount, allowed=f"{left}")
        return checked

    def _sum_refunded(self, shift_id: int, product_id: int) -> Decimal:
        row = self._database.fetch_one("sum_refunded", {"shift_id": shift_id, "product_id": product_id})
        return Decimal(row[0]) if row else ZERO

    def _list_rank_bonuses(self, shift: Shift) -> tuple[Bonus, ...]:
        params = {"employee_id": shift.employee_id, "month": get_month(shift.work.shift_date)}
        return tuple(rows.read_bonus(row[0]) for row in self._database.fetch_all("select_rank_bonuses_of", params))

    def _settle(self, shift: Shift, withdrawing: Withdrawing) -> None:
        if self._desk.rules.settle_ranks:
            self._shifts.settle(shift.employee_id, [get_month(shift.work.shift_date)], withdrawing)

    def _release(self, shift: Shift, actor: Person, *, is_own: bool) -> None:
        """Without a refund the day's sales make the shift's rate again."""
        made, makes = (one.pay.total_made for one in (shift, self._shifts.release_refunded(shift.shift_id).shift))
        if made != makes:
            subject = f"shift:{shift.shift_id}"
            old, new = {"total_made": made}, {"total_made": makes}
            self._desk.audit(actor, "shift re-priced", subject, is_own=is_own, old=old, new=new)

    def _audit(self, actor: Person, action: str, refund: Refund, reason: str, *, is_own: bool) -> None:
        new = {"shift_id": refund.shift_id, "amount": refund.amount, "units": refund.units}
        subject = f"refund:{refund.refund_id}"
        self._desk.audit(actor, action, subject, is_own=is_own, new=new, reason=reason)


def write_ref(refund: Refund) -> str:
    """What the lines of a refund in the ledger name."""
    return f"refund:{refund.refund_id}"


def _read_refund(row: Row | None) -> Refund:
    if row is None:
        raise LookupError("a refund that has just been written is there")
    return Refund(*row)
