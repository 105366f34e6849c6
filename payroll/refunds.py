"""Refunds: what a buyer who gets money back takes from the pay of who sold it (SPEC 4.20, PAYROLL D35)."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from payroll.errors import ConflictError, ErrorKey
from payroll.money import compute_percent_of
from payroll.pricing import compute_net_sales
from payroll.records import Bonus, Shift, Work


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund of a line of a shift. `amount` is USD of the sale, `units` USD taken from the pay.

    `lowers_rank`: it counts in the month's sales. A withdrawn one has given back `withdrawn_units`.
    """

    refund_id: int
    employee_id: int
    shift_id: int
    product_id: int
    amount: Decimal
    units: Decimal
    lowers_rank: bool
    reason: str
    made_by: int
    made_at: datetime
    withdrawn_units: Decimal | None
    withdrawn_reason: str | None
    withdrawn_by: int | None
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefundPreview:
    """What a refund would take in USD, what of the line could still be refunded, and the month's rank bonuses."""

    units: Decimal
    left_on_line: Decimal
    rank_bonuses: tuple[Bonus, ...]


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A product of a shift, as somebody is asked about it: USD sold, and what of that is not refunded."""

    product_id: int
    product: str
    sold: Decimal
    left: Decimal


@dataclass(frozen=True, slots=True)
class RefundPlan:
    """A refund as it is asked about and booked: whose shift, and as much as is known; `refund_id` once it is booked.

    `is_pay_shown`: who books it may see what it takes of the pay.
    """

    shift_id: int
    employee_id: int
    name: str
    lines: tuple[SoldLine, ...]
    is_pay_shown: bool
    line: SoldLine | None = None
    amount: Decimal | None = None
    preview: RefundPreview | None = None
    reason: str = ""
    refund_id: int | None = None


@dataclass(frozen=True, slots=True)
class RefundToWithdraw:
    """A refund with the names of what it is about. `is_pay_shown`: who looks may see what it took of the pay.

    `released` is the shift before and after it was withdrawn, where it is at another rate without the refund.
    """

    refund: Refund
    name: str
    product: str
    is_pay_shown: bool
    released: tuple[Shift, Shift] | None = None


def compute_refunded_pay(shift: Shift, amount: Decimal) -> Decimal:
    """Commission in USD on a part of a shift's sales, at its own cut and its final %, bonuses included (PAYROLL D35).

    Example: 100.00 of a shift at 20 % cut and 10.00 % is 8.00.
    """
    return compute_percent_of(compute_net_sales(amount, shift.terms.platform_cut_pct), shift.pay.commission_pct)


def compute_refund_units(shift: Shift, refunded_before: Decimal, refunded_after: Decimal) -> Decimal:
    """USD that one refund more takes: all of a line's together take what the refunded sum was paid (PAYROLL D35).

    Example: twice 0.06 at 20 % cut and 10.00 % take 0.01 and 0.00, because 0.12 was paid 0.01.
    """
    return compute_refunded_pay(shift, refunded_after) - compute_refunded_pay(shift, refunded_before)


def refuse_refunded(shift: Shift, edited: Work | None) -> None:
    """Raise ConflictError where a refund is in the way of other sales, another date or a deletion (PAYROLL D35).

    `edited` is what the shift would become, None where it would go. Its clocks may change within its date.
    """
    is_kept = (
        edited is not None
        and edited.shift_date == shift.work.shift_date
        and dict(edited.products) == dict(shift.work.products)
    )
    if shift.is_refunded and not is_kept:
        raise ConflictError(
            ErrorKey.SHIFT_REFUNDED, field="shift_id", value=shift.shift_id, allowed="a shift without a refund"
        )
