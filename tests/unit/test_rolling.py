"""A shift is compared with the person's last seven, the newest counting most."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.rolling import compute_rolling_average, has_bonus_counter

TOTALS = st.lists(st.decimals(0, Decimal("99999999.99"), places=2), max_size=12)


@pytest.mark.parametrize(
    ("previous_totals", "average"),
    [
        ("100 200 300 400 500", "366.67"),
        ("", "0.00"),
        ("123.45", "123.45"),
        ("0 0 0", "0.00"),
        ("500 400 300 200 100", "233.33"),
        ("0.00 0.01", "0.01"),
        ("0.01 0.00", "0.00"),
        ("100 200 300 400 500 600 700", "500.00"),
    ],
)
def test_the_newest_shift_weighs_most(previous_totals: str, average: str) -> None:
    totals = [Decimal(total) for total in previous_totals.split()]
    assert str(compute_rolling_average(totals)) == average


def test_only_the_newest_seven_count() -> None:
    seven = [Decimal(total) for total in (100, 200, 300, 400, 500, 600, 700)]
    assert compute_rolling_average([Decimal(99_999), Decimal(1), *seven]) == compute_rolling_average(seven)


@given(TOTALS)
@settings(deadline=None)
def test_the_average_is_the_exact_weighted_mean_to_half_a_cent(totals: list[Decimal]) -> None:
    newest = totals[-7:]
    weights = range(1, len(newest) + 1)
    exact = sum((Fraction(total) * weight for total, weight in zip(newest, weights, strict=True)), Fraction(0)) / max(
        sum(weights), 1
    )
    assert abs(Fraction(compute_rolling_average(totals)) - exact) <= Fraction(1, 200)


@pytest.mark.parametrize(
    ("total", "average", "reached"),
    [("366.67", "366.67", True), ("366.66", "366.67", False), ("500", "366.67", True), ("0", "0.00", True)],
)
def test_the_bonus_counter_needs_the_average_at_least(total: str, average: str, *, reached: bool) -> None:
    assert has_bonus_counter(Decimal(total), Decimal(average)) is reached
