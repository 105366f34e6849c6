"""Whole cents and hundredths of a percent (SPEC 3.1, PAYROLL D7, D10)."""

from collections.abc import Mapping
from decimal import Decimal

WHOLE = 100_00
"""100 % in hundredths."""


def to_hundredths(amount: Decimal | int | str) -> int:
    """`12.34` as 1234; an amount with more decimals is a mistake of the caller."""
    hundredths = Decimal(amount) * 100
    assert hundredths == int(hundredths), amount
    return int(hundredths)


def to_decimal(hundredths: int) -> Decimal:
    """1234 as `12.34`."""
    return Decimal(hundredths).scaleb(-2)


def divide_half_up(numerator: int, denominator: int) -> int:
    """The nearest whole number to a fraction that is not negative; a half goes up."""
    assert numerator >= 0
    return (2 * numerator + denominator) // (2 * denominator)


def take_percent(cents: int, pct: int) -> int:
    """So many percent of an amount, rounded once."""
    return divide_half_up(cents * pct, WHOLE)


def spread(total: int, weights: Mapping[int, int]) -> dict[int, int]:
    """An amount in proportion to the weights by largest remainder, ties to the lower key; 0 stays 0."""
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    by_remainder = sorted(
        (key for key, weight in weights.items() if weight), key=lambda key: (-(total * weights[key] % whole), key)
    )
    for key in by_remainder[: total - sum(parts.values())]:
        parts[key] += 1
    return parts
