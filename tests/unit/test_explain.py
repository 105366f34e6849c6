"""The receipt's "Why?": the parts of a % and of the commissions, adding up to the cent (SPEC 3.9, 3.12, PAYROLL D7)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.bonuses import apply_to
from payroll.explain import CommissionParts, RateParts, compute_commission_parts, get_rate_parts, list_paying_bonuses
from payroll.records import Sources
from tests.factories import Amount, make_bonus, make_rates, make_shift, make_terms, usd

Parts = tuple[Amount, Amount, Amount, Amount]


@pytest.mark.parametrize(
    ("codes", "parts", "pct"),
    [
        pytest.param([], RateParts(usd(8), usd(2), is_doubled=False, extra_pct=usd(0)), "10.00", id="base and dynamic"),
        pytest.param(
            ["double_commission", "percent_next_1"],
            RateParts(usd(8), usd(2), is_doubled=True, extra_pct=usd(1)),
            "21.00",
            id="a doubling and a percentage make 21",
        ),
        pytest.param(
            ["percent_next_1", "percent_next_2.5", "flat_10"],
            RateParts(usd(8), usd(2), is_doubled=False, extra_pct=usd("3.5")),
            "13.50",
            id="several percentages are shown together",
        ),
    ],
)
def test_the_parts_of_a_percentage(codes: list[str], parts: RateParts, pct: str) -> None:
    shift = make_shift(500, bonuses=[make_bonus(code) for code in codes])
    assert get_rate_parts(shift) == parts
    assert shift.pay.commission_pct == Decimal(pct)


@pytest.mark.parametrize(
    ("sales", "codes", "parts"),
    [
        pytest.param("500", [], (32, 8, 0, 0), id="40.00 are 32.00 base and 8.00 dynamic"),
        pytest.param("500", ["percent_next_1"], (32, 8, 0, 4), id="44.00 with a percentage"),
        pytest.param("500", ["double_commission"], (32, 8, 40, 0), id="80.00 with a doubling"),
        pytest.param("500", ["double_commission", "percent_next_1"], (32, 8, 40, 4), id="84.00 with both"),
        pytest.param("500.33", [], ("32.02", "8.01", 0, 0), id="the cent left over goes to the larger remainder"),
        pytest.param("100", [], ("6.40", 0, 0, 0), id="a part of 0 % gets nothing"),
        pytest.param("0", ["flat_10"], (0, 0, 0, 0), id="no sales, no commissions"),
    ],
)
def test_the_parts_of_the_commissions(sales: str, codes: list[str], parts: Parts) -> None:
    shift = make_shift(sales, bonuses=[make_bonus(code) for code in codes])
    assert compute_commission_parts(shift) == CommissionParts(*(usd(part) for part in parts))


def test_at_a_base_of_0_without_a_dynamic_rate_there_is_nothing_to_split() -> None:
    shift = make_shift(100, terms=make_terms(base=0))
    assert compute_commission_parts(shift) == CommissionParts(usd(0), usd(0), usd(0), usd(0))


@settings(deadline=None)
@given(
    sales=st.decimals("0.00", "50000.00", places=2),
    base=st.decimals("0.00", "100.00", places=2),
    dynamic=st.decimals("0.00", "100.00", places=2),
    codes=st.lists(st.sampled_from(["percent_next_0.33", "percent_next_7", "double_commission", "flat_3"]), max_size=4),
)
def test_the_parts_add_up_to_the_commissions(sales: Decimal, base: Decimal, dynamic: Decimal, codes: list[str]) -> None:
    terms = make_terms(base=base, rates=make_rates((0, dynamic)))
    shift = make_shift(sales, terms=terms, bonuses=[make_bonus(code) for code in codes])
    parts = compute_commission_parts(shift)
    assert parts.base + parts.dynamic + parts.doubling + parts.extra == shift.pay.commissions
    assert min(parts.base, parts.dynamic, parts.doubling, parts.extra) >= 0


def test_bonuses_with_an_amount_are_shown_in_order_one_of_zero_too() -> None:
    shift = make_shift(500)
    applied = [apply_to(make_bonus(code), shift, Sources()) for code in ("percent_prev_1", "percent_next_1", "flat_10")]
    carrying = make_shift(500, bonuses=applied)
    assert [(bonus.offer.code, bonus.amount) for bonus in list_paying_bonuses(carrying)] == [
        ("percent_prev_1", usd(0)),
        ("flat_10", usd(10)),
    ]
    assert carrying.pay.total_made == usd("174.00")
