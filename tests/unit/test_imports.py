"""Migrated history keeps the pay that it was recorded with (PAYROLL D42, TECH T24)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll.explain import compute_commission_parts, get_imported_difference, get_rate_parts
from payroll.imports import HistoricShift, PayDifference, RecordedPay, import_shift
from payroll.pricing import compute_pay
from payroll.records import Bonus, Shift, Terms, Work
from payroll.settlement import edit_shift
from tests.factories import Amount, Draws, make_bonus, make_book, make_terms, make_work, usd

NO_DRAW = Draws()
RULES_PAY: dict[str, Any] = {
    "total_sales": 500,
    "net_sales": 400,
    "commission_pct": 10,
    "total_per_hour": 120,
    "commissions": 40,
    "total_made": 160,
}


def take_over(
    work: Work | None = None,
    *,
    terms: Terms | None = None,
    bonuses: tuple[Bonus, ...] = (),
    breaks_rules: bool = False,
    is_repriced: bool = False,
    **amounts: Amount,
) -> tuple[Shift, tuple[PayDifference, ...]]:
    """A shift of the sheet, 09:00 to 17:00 with 500.00 unless said otherwise, with these amounts recorded."""
    known_work, known_terms = work or make_work(), terms or make_terms()
    sales = known_work.total_sales
    history = HistoricShift(
        shift_id=1,
        employee_id=100,
        order_key=(known_work.time_out, 1),
        work=known_work,
        terms=known_terms,
        dynamic_pct=known_terms.find_dynamic_pct(day_sales=sales, shift_sales=sales),
        bonuses=bonuses,
    )
    recorded = RecordedPay(**{name: usd(amount) for name, amount in amounts.items()})
    return import_shift(history, recorded, breaks_rules=breaks_rules, is_repriced=is_repriced)


def edit(shift: Shift, work: Work) -> Shift:
    """The shift after an edit in the bot."""
    edited = edit_shift(make_book(shift), shift.shift_id, work, NO_DRAW, shift.recorded_at).shift
    assert edited is not None
    return edited


def test_a_shift_that_is_as_the_rules_have_it_becomes_a_shift_like_any_other() -> None:
    shift, differences = take_over(**RULES_PAY)
    assert shift.terms == make_terms()
    assert shift.pay.total_made == usd(160)
    assert differences == ()


def test_empty_cells_are_filled_by_the_rules() -> None:
    shift, differences = take_over(total_sales=500)
    assert (shift.pay.net_sales, shift.pay.commission_pct, shift.pay.total_made) == (usd(400), usd(10), usd(160))
    assert differences == ()


def test_hourly_pay_of_an_older_wage_is_told_and_becomes_the_wage_of_the_shift() -> None:
    shift, differences = take_over(**RULES_PAY | {"total_per_hour": 112, "total_made": 152})
    assert shift.terms == make_terms(wage=14)
    assert shift.pay.total_made == usd(152)
    assert [one.name for one in differences] == ["total_per_hour", "total_made"]


def test_hourly_pay_that_no_wage_makes_goes_by_the_minute() -> None:
    work = make_work(500, start="08:00", end="16:20")
    shift, differences = take_over(work, **RULES_PAY | {"total_per_hour": "124.95", "total_made": "164.95"})
    assert [(one.name, one.recorded, one.by_rules) for one in differences] == [
        ("total_per_hour", usd("124.95"), usd(125)),
        ("total_made", usd("164.95"), usd(165)),
    ]
    assert shift.pay.total_per_hour == usd("124.95")
    shorter = edit(shift, make_work(500, start="08:00", end="16:00"))
    assert shorter.pay.total_per_hour == usd("119.95")
    assert shorter.pay.commissions == usd(40)


def test_a_percentage_that_is_not_base_plus_table_is_fixed() -> None:
    shift, _ = take_over(**RULES_PAY | {"commission_pct": 9, "commissions": 36, "total_made": 156})
    assert shift.pay.commission_pct == usd(9)
    more = edit(shift, make_work(3000))
    assert more.pay.commission_pct == usd(9)
    assert more.pay.commissions == usd(216)
    assert more.pay.total_per_hour == usd(120)


def test_a_percentage_that_is_base_plus_table_follows_the_table() -> None:
    work = make_work(500, start="08:00", end="16:20")
    shift, _ = take_over(work, **RULES_PAY | {"total_per_hour": "124.95", "total_made": "164.95"})
    more = edit(shift, make_work(1000, start="08:00", end="16:20"))
    assert more.pay.commission_pct == usd(12)
    assert more.pay.commissions == usd(96)
    assert more.pay.total_per_hour == usd("124.95")


def test_a_percentage_of_base_table_and_used_bonuses_follows_the_table_too() -> None:
    bonus = make_bonus("percent_next_1")
    shift, differences = take_over(
        bonuses=(bonus,), **RULES_PAY | {"commission_pct": 11, "commissions": 44, "total_made": 164}
    )
    assert shift.terms == make_terms()
    assert shift.pay.total_made == usd(164)
    assert differences == ()


def test_a_sum_that_is_not_its_parts_gets_one_line_that_makes_it_whole() -> None:
    shift, differences = take_over(**RULES_PAY | {"total_made": "171.50"})
    assert shift.pay.total_made == usd("171.50")
    assert get_imported_difference(shift) == usd("11.50")
    assert [one.name for one in differences] == ["total_made"]


def test_what_somebody_was_paid_too_little_is_a_negative_line() -> None:
    shift, _ = take_over(**RULES_PAY | {"total_made": 150})
    assert get_imported_difference(shift) == usd(-10)


def test_edited_and_edited_back_everything_is_as_it_was_recorded() -> None:
    shift, _ = take_over(
        total_sales=510, net_sales=399, commission_pct="9.5", commissions="37.77", total_per_hour=100, total_made=150
    )
    there = edit(shift, make_work(900, start="07:00"))
    assert there.pay.total_made != shift.pay.total_made
    assert edit(there, make_work()) == shift


def test_sales_are_the_sum_of_the_models_whatever_the_total_says() -> None:
    shift, differences = take_over(**RULES_PAY | {"total_sales": 510})
    assert shift.pay.total_sales == usd(500)
    assert [(one.name, one.recorded) for one in differences] == [("total_sales", usd(510))]


def test_net_sales_that_cannot_be_are_those_of_the_rules() -> None:
    shift, _ = take_over(**RULES_PAY | {"net_sales": 501})
    assert shift.pay.net_sales == usd(400)
    assert shift.pay.commissions == usd(40)


def test_times_that_break_the_rules_are_marked_though_the_pay_is_right() -> None:
    shift, differences = take_over(breaks_rules=True, **RULES_PAY)
    assert shift.terms.imported is not None
    assert get_imported_difference(shift) == usd(0)
    assert differences == ()


def test_one_bonus_on_the_sales_of_others_paid_what_is_left_of_the_total() -> None:
    bonus = replace(make_bonus("percent_prev_1", shift_id=1, amount=0), basis_net=usd(0))
    shift, differences = take_over(bonuses=(bonus,), **RULES_PAY | {"total_made": 164})
    assert [(one.amount, one.basis_net) for one in shift.bonuses] == [(usd(4), usd(400))]
    assert shift.pay.bonus_pay == usd(4)
    assert differences == ()


def test_of_two_bonuses_on_the_sales_of_others_nobody_knows_which_paid_what() -> None:
    bonuses = tuple(
        replace(make_bonus(code, bonus_id=number, shift_id=1, amount=0), basis_net=usd(0))
        for number, code in enumerate(("percent_prev_1", "percent_all_2"), 1)
    )
    shift, _ = take_over(bonuses=bonuses, **RULES_PAY | {"total_made": 164})
    assert shift.pay.bonus_pay == usd(0)
    assert get_imported_difference(shift) == usd(4)


def test_repricing_puts_the_rules_in_place_of_what_was_recorded_and_still_tells() -> None:
    shift, differences = take_over(is_repriced=True, **RULES_PAY | {"total_made": 150})
    assert shift.pay.total_made == usd(160)
    assert shift.terms == make_terms()
    assert [one.name for one in differences] == ["total_made"]


def test_a_fixed_percentage_is_shown_whole() -> None:
    shift, _ = take_over(
        bonuses=(make_bonus("double_commission"),), commission_pct="12.34", commissions="49.36", total_made="169.36"
    )
    parts = get_rate_parts(shift)
    assert (parts.base_pct, parts.dynamic_pct, parts.is_doubled, parts.extra_pct) == (
        usd("12.34"),
        usd(0),
        False,
        usd(0),
    )
    assert compute_commission_parts(shift).base == usd("49.36")


def test_commissions_without_a_percentage_are_shown() -> None:
    shift, _ = take_over(commission_pct=0, commissions=5, total_made=125)
    assert compute_commission_parts(shift).base == usd(5)


AMOUNTS = st.none() | st.decimals(0, 9999, places=2)


@pytest.mark.parametrize("is_repriced", [False, True])
@given(
    recorded=st.builds(
        RecordedPay,
        total_sales=AMOUNTS,
        net_sales=AMOUNTS,
        commission_pct=st.none() | st.decimals(0, 999, places=2),
        total_per_hour=AMOUNTS,
        commissions=AMOUNTS,
        total_made=AMOUNTS,
    ),
    sales=st.sampled_from([0, 1, "499.99", 500, 2500]),
    codes=st.lists(st.sampled_from(["percent_next_1", "double_commission", "flat_10"]), unique=True, max_size=2),
)
def test_whatever_was_recorded_its_stored_inputs_give_the_stored_pay(
    is_repriced: bool,
    recorded: RecordedPay,
    sales: Amount,
    codes: list[str],
) -> None:
    amounts = {name: getattr(recorded, name) for name in RULES_PAY if getattr(recorded, name) is not None}
    bonuses = tuple(
        make_bonus(code, bonus_id=number, amount=10 if code == "flat_10" else None) for number, code in enumerate(codes)
    )
    shift, _ = take_over(make_work(sales), bonuses=bonuses, is_repriced=is_repriced, **amounts)
    own_sales = shift.work.total_sales
    dynamic_pct = shift.terms.find_dynamic_pct(day_sales=own_sales, shift_sales=own_sales)
    pay = shift.pay
    assert compute_pay(shift.work, shift.terms, dynamic_pct, shift.bonuses) == pay
    parts = pay.total_per_hour + pay.commissions + pay.bonus_pay
    assert pay.total_made == parts + get_imported_difference(shift)
    if not is_repriced:
        for name in ("commission_pct", "total_per_hour", "commissions", "total_made"):
            assert name not in amounts or getattr(pay, name) == Decimal(amounts[name])
