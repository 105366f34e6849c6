"""Cents are rounded in one way, and what is split adds up again."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from payroll.money import CENT, ZERO, compute_percent_of, round_cents, split_by_largest_remainder

AMOUNTS = st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2)
WEIGHTS = st.lists(st.one_of(st.just(ZERO), AMOUNTS), min_size=1, max_size=12)


def as_decimals(texts: str) -> list[Decimal]:
    return [Decimal(text) for text in texts.split()]


@pytest.mark.parametrize(
    ("amount", "cents"),
    [
        ("2.665", "2.67"),
        ("-2.665", "-2.67"),
        ("2.675", "2.68"),
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("2.6649999999", "2.66"),
        ("-2.6649999999", "-2.66"),
        ("7", "7.00"),
    ],
)
def test_half_a_cent_goes_away_from_zero(amount: str, cents: str) -> None:
    assert str(round_cents(Decimal(amount))) == cents


@given(st.decimals(min_value=Decimal(-1_000_000), max_value=Decimal(1_000_000), places=5))
@settings(deadline=None)
def test_a_negative_amount_rounds_like_the_same_positive_one(amount: Decimal) -> None:
    assert round_cents(-amount) == -round_cents(amount)
    assert abs(round_cents(amount) - amount) <= Decimal("0.005")


@pytest.mark.parametrize(
    ("amount", "pct", "expected"),
    [
        ("400.00", "10.00", "40.00"),
        ("400.00", "11.00", "44.00"),
        ("400.00", "20.00", "80.00"),
        ("0.50", "1.00", "0.01"),
        ("0.49", "1.00", "0.00"),
        ("-0.50", "1.00", "-0.01"),
        ("99999999.99", "100.00", "99999999.99"),
        ("100.00", "112.50", "112.50"),
    ],
)
def test_percent_of_an_amount_is_rounded_once(amount: str, pct: str, expected: str) -> None:
    assert str(compute_percent_of(Decimal(amount), Decimal(pct))) == expected


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        ("100.00", "1 1 1", "33.34 33.33 33.33"),
        ("800.00", "300.00 200.00", "480.00 320.00"),
        ("0.01", "1 1", "0.01 0.00"),
        ("0.02", "1 1 1", "0.01 0.01 0.00"),
        ("10.00", "1 2", "3.33 6.67"),
        ("100.00", "0 5 0", "0.00 100.00 0.00"),
        ("0.00", "1 2", "0.00 0.00"),
        ("0.00", "0 0", "0.00 0.00"),
        ("-0.01", "1 1", "-0.01 0.00"),
        ("-100.00", "1 1 1", "-33.34 -33.33 -33.33"),
    ],
)
def test_a_total_is_spread_in_proportion_to_the_cent(total: str, weights: str, parts: str) -> None:
    assert split_by_largest_remainder(Decimal(total), as_decimals(weights)) == as_decimals(parts)


def test_equal_remainders_of_unequal_parts_go_to_the_earlier_one() -> None:
    # 13.33⅓, 3.33⅓ and 3.33⅓: the same third of a cent is left of all three, whatever their size.
    assert split_by_largest_remainder(Decimal("20.00"), as_decimals("4 1 1")) == as_decimals("13.34 3.33 3.33")


def test_nothing_can_be_spread_over_products_without_sales() -> None:
    with pytest.raises(ValueError, match="every weight is 0"):
        split_by_largest_remainder(Decimal("1.00"), [ZERO, ZERO])


@given(total=AMOUNTS, weights=WEIGHTS, is_negative=st.booleans())
@settings(deadline=None)
def test_spreading_loses_nothing_and_stays_within_a_cent(
    total: Decimal, weights: list[Decimal], *, is_negative: bool
) -> None:
    assume(any(weights))
    total = -total if is_negative else total
    parts = split_by_largest_remainder(total, weights)
    whole = sum(map(Fraction, weights))
    assert sum(parts) == total
    for part, weight in zip(parts, weights, strict=True):
        assert part == part.quantize(CENT)
        assert abs(Fraction(part) - Fraction(total) * Fraction(weight) / whole) < Fraction(1, 100)
        assert weight != 0 or part == 0


@given(total=AMOUNTS, weights=st.lists(st.integers(0, 12), min_size=1, max_size=8))
@settings(deadline=None)
def test_spare_cents_go_to_the_largest_remainders_and_of_equal_ones_to_the_earliest(
    total: Decimal, weights: list[int]
) -> None:
    assume(any(weights))
    exact_cents = [Fraction(total) * 100 * weight / sum(weights) for weight in weights]
    expected = [int(cents) for cents in exact_cents]
    by_remainder = sorted(range(len(weights)), key=lambda index: (int(exact_cents[index]) - exact_cents[index], index))
    for index in by_remainder[: int(total * 100) - sum(expected)]:
        expected[index] += 1
    parts = split_by_largest_remainder(total, [Decimal(weight) for weight in weights])
    assert [int(part * 100) for part in parts] == expected
