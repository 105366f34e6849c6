"""Cents, and the one rounding rule (SPEC 3.1, PAYROLL D7)."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
ZERO = Decimal("0.00")
HUNDRED = Decimal(100)
MAX_AMOUNT = Decimal("99999999.99")


def round_cents(amount: Decimal) -> Decimal:
    """Round half-up to the cent; half of a negative goes away from zero (SPEC 3.1, PAYROLL D7).

    Used only where an amount is stored. Example: 2.665 becomes 2.67, -2.665 becomes -2.67.
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def compute_percent_of(amount: Decimal, pct: Decimal) -> Decimal:
    """`pct` percent points of an amount in USD, rounded once (PAYROLL D7). Example: 10.00 % of 400.00 is 40.00."""
    return round_cents(amount * pct / HUNDRED)


def split_by_largest_remainder(total: Decimal, weights: Sequence[Decimal]) -> list[Decimal]:
    """Split `total` USD in proportion to `weights` so that the parts add up to it to the cent (PAYROLL D7, D10).

    Each part is cut down to the cent; the cents left over go to the largest remainders, ties to the earlier weight.
    A weight of 0 gets 0.00. Raises ValueError where all weights are 0 and there is something to split.

    Example: 100.00 over weights 1, 1, 1 is 33.34, 33.33, 33.33.
    """
    whole = sum(weights, Decimal(0))
    if whole == 0:
        if total == 0:
            return [ZERO for _ in weights]
        raise ValueError("nothing to split over: every weight is 0")
    # Whole cents and what is left of each, undivided: a quotient cut to 28 digits would break ties by its size.
    shares = [divmod(total * weight, whole * CENT) for weight in weights]
    parts = [cents * CENT for cents, _ in shares]
    cents_left = int((total - sum(parts, ZERO)) / CENT)
    step = CENT if cents_left >= 0 else -CENT
    takers = sorted(
        (index for index, weight in enumerate(weights) if weight != 0),
        key=lambda index: (-abs(shares[index][1]), index),
    )
    for index in takers[: abs(cents_left)]:
        parts[index] += step
    return parts
