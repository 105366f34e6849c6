"""A shift's pay as its lines, each with what it follows from: the receipt's "Why?" (SPEC 3.9, PAYROLL D7)."""

from dataclasses import dataclass
from decimal import Decimal

from payroll.money import ZERO, split_by_largest_remainder
from payroll.offers import BonusType
from payroll.records import Bonus, Shift


@dataclass(frozen=True, slots=True)
class RateParts:
    """What the final % is made of, in percent points: (base + dynamic) × factor + extra (SPEC 3.7)."""

    base_pct: Decimal
    dynamic_pct: Decimal
    is_doubled: bool
    extra_pct: Decimal


@dataclass(frozen=True, slots=True)
class CommissionParts:
    """A shift's commissions in USD by what they come from; the four add up to them to the cent (PAYROLL D7)."""

    base: Decimal
    dynamic: Decimal
    doubling: Decimal
    extra: Decimal


def get_rate_parts(shift: Shift) -> RateParts:
    """The parts of a shift's %. Example: base 8, dynamic 2, a doubling and a `percent_next_1` make 21.00.

    A % that history fixed has no parts: all of it stands as base (PAYROLL D42).
    """
    if shift.terms.imported is not None and shift.terms.imported.is_pct_fixed:
        return RateParts(shift.pay.commission_pct, ZERO, is_doubled=False, extra_pct=ZERO)
    extra = [bonus.value or ZERO for bonus in shift.bonuses if bonus.bonus_type is BonusType.PERCENT_NEXT]
    doubled = any(bonus.bonus_type is BonusType.DOUBLE_COMMISSION for bonus in shift.bonuses)
    return RateParts(shift.terms.base_pct, shift.pay.dynamic_pct, doubled, sum(extra, ZERO))


def compute_commission_parts(shift: Shift) -> CommissionParts:
    """Commissions split over base, dynamic, doubling and extra percentages by largest remainder.

    Example: 40.00 at 8 base and 2 dynamic are 32.00 and 8.00.
    """
    parts = get_rate_parts(shift)
    doubling = parts.base_pct + parts.dynamic_pct if parts.is_doubled else ZERO
    weights = [parts.base_pct, parts.dynamic_pct, doubling, parts.extra_pct]
    if not any(weights):
        # History may have commissions without a %.
        return CommissionParts(shift.pay.commissions, ZERO, ZERO, ZERO)
    return CommissionParts(*split_by_largest_remainder(shift.pay.commissions, weights))


def get_imported_difference(shift: Shift) -> Decimal:
    """USD by which the pay that history has for a shift differs from the sum of its parts, 0.00 for all others."""
    return shift.terms.imported.difference if shift.terms.imported is not None else ZERO


def list_paying_bonuses(shift: Shift) -> list[Bonus]:
    """The bonuses that add an amount of their own, in the order in which they were applied."""
    return [bonus for bonus in shift.bonuses if bonus.amount is not None]
