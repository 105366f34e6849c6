"""How a shift compares with the person's shifts before it (SPEC 3.11)."""

from collections.abc import Sequence
from decimal import Decimal

from payroll.money import ZERO, round_cents

ROLLING_SHIFTS = 7


def compute_rolling_average(previous_totals: Sequence[Decimal]) -> Decimal:
    """Weighted mean of the total sales (USD) of a person's last 7 shifts, rounded to the cent; 0.00 without any.

    `previous_totals` go from old to new, without the shift itself; of more than 7 the newest 7 count. The oldest of
    them weighs 1, the newest as much as there are (SPEC 3.11).

    Example: 100, 200, 300, 400, 500 give 366.67.
    """
    newest = previous_totals[-ROLLING_SHIFTS:]
    if not newest:
        return ZERO
    weighted = sum((weight * total for weight, total in enumerate(newest, start=1)), ZERO)
    return round_cents(weighted / sum(range(1, len(newest) + 1)))


def has_bonus_counter(total_sales: Decimal, rolling_average: Decimal) -> bool:
    """Whether a shift's total sales reach its rolling average (SPEC 3.11)."""
    return total_sales >= rolling_average
