"""What a shift makes, and what later shifts of its date make of it (SPEC 3.1 to 3.10, PAYROLL D1 to D11, D42)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.pricing import (
    compute_commission_pct,
    compute_hourly_pay,
    compute_net_sales,
    compute_pay,
    compute_worked_hours,
    reprice_day,
)
from payroll.records import DynamicBasis, Shift, Terms
from tests.factories import (
    DAY,
    MODEL_A,
    MODEL_B,
    Amount,
    Person,
    assert_whole,
    at,
    make_bonus,
    make_ranks,
    make_rates,
    make_shift,
    make_source,
    make_terms,
    make_work,
    usd,
)

AUTUMN = date(2025, 11, 1)
SPRING = date(2025, 3, 8)


@pytest.mark.parametrize(
    ("day", "start", "end", "hours", "hourly"),
    [
        pytest.param(AUTUMN, "22:00", "06:00", "9.00", "135.00", id="22:00 to 06:00 over the autumn change is 9 h"),
        pytest.param(SPRING, "22:00", "06:00", "7.00", "105.00", id="22:00 to 06:00 over the spring change is 7 h"),
        pytest.param(DAY, "22:00", "06:00", "8.00", "120.00", id="over any other night it is 8 h"),
        pytest.param(DAY, "09:00", "09:00", "24.00", "360.00", id="round the clock"),
        pytest.param(DAY, "09:00", "09:01", "0.02", "0.25", id="a minute is shown as 0.02 h and paid as a minute"),
    ],
)
def test_worked_time_is_elapsed_real_time(day: date, start: str, end: str, hours: str, hourly: str) -> None:
    pay = make_shift(day=day, start=start, end=end).pay
    assert pay.worked_hours == Decimal(hours)
    assert pay.total_per_hour == usd(hourly)


def test_seconds_count_exactly_where_they_are_known() -> None:
    work = make_work(start="09:00:00", end="09:00:30")
    assert compute_pay(work, make_terms(), usd(0), ()).worked_seconds == 30
    assert compute_hourly_pay(30, usd(15)) == usd("0.13")


@pytest.mark.parametrize(
    ("seconds", "wage", "hourly"),
    [
        pytest.param(2, "9.00", "0.01", id="half a cent goes up"),
        pytest.param(1, "17.99", "0.00", id="a little less than half a cent goes down"),
        pytest.param(86_400, "9999.99", "239999.76", id="a day at the highest wage"),
        pytest.param(29_999, "15.00", "125.00", id="8 h 19 min 59 s are rounded once, from the seconds"),
    ],
)
def test_hourly_pay_is_rounded_half_up_from_the_exact_time(seconds: int, wage: str, hourly: str) -> None:
    assert compute_hourly_pay(seconds, usd(wage)) == usd(hourly)


@pytest.mark.parametrize(
    ("seconds", "shown"), [(18, "0.01"), (17, "0.00"), (30_000, "8.33"), (29_700, "8.25"), (86_400, "24.00")]
)
def test_shown_hours_have_two_decimals(seconds: int, shown: str) -> None:
    assert str(compute_worked_hours(seconds)) == shown


@pytest.mark.parametrize(
    ("total", "cut", "net"),
    [
        pytest.param("500.00", "20", "400.00", id="the platform's 20 %"),
        pytest.param("0.03", "50", "0.02", id="half a cent stays with the person"),
        pytest.param("99.99", "20", "79.99", id="79.992"),
        pytest.param("99999999.99", "0", "99999999.99", id="no cut"),
        pytest.param("500.00", "100", "0.00", id="all of it"),
        pytest.param("10.10", "12.34", "8.85", id="8.85366"),
    ],
)
def test_net_sales_are_the_total_less_the_cut(total: str, cut: str, net: str) -> None:
    assert compute_net_sales(usd(total), usd(cut)) == usd(net)


def test_commissions_follow_from_the_stored_net_and_not_from_the_exact_one() -> None:
    # 0.62 less 20 % is 0.496, stored 0.50; 1 % of 0.496 would be 0.00, half a percent of 0.50 is 0.01 by rounding up.
    pay = make_shift("0.62", terms=make_terms(base=1, rates=make_rates((0, 0)))).pay
    assert (pay.net_sales, pay.commissions) == (usd("0.50"), usd("0.01"))


@pytest.mark.parametrize(
    ("codes", "pct"),
    [
        pytest.param([], "10.00", id="base and dynamic"),
        pytest.param(["percent_next_1"], "11.00", id="a percentage is added"),
        pytest.param(["percent_next_1", "percent_next_2"], "13.00", id="several percentages add up"),
        pytest.param(["double_commission"], "20.00", id="a doubling doubles base and dynamic"),
        pytest.param(["double_commission", "percent_next_1"], "21.00", id="a doubling leaves the percentage alone"),
        pytest.param(["percent_next_1", "double_commission"], "21.00", id="in either order"),
        pytest.param(["double_commission", "double_commission"], "20.00", id="a shift doubles once"),
        pytest.param(["flat_10", "percent_prev_1", "percent_all_2"], "10.00", id="amounts are no percentages"),
    ],
)
def test_the_final_percentage(codes: list[str], pct: str) -> None:
    assert compute_commission_pct(usd(8), usd(2), [make_bonus(code) for code in codes]) == Decimal(pct)


def test_a_final_percentage_may_exceed_100() -> None:
    shift = make_shift(500, terms=make_terms(base=60), bonuses=[make_bonus("double_commission")])
    assert shift.pay.commission_pct == Decimal("124.00")
    assert shift.pay.commissions == usd("496.00")


def test_made_is_commissions_and_hourly_and_every_bonus_with_an_amount() -> None:
    bonuses = [make_bonus("flat_10", amount=10), make_bonus("percent_prev_1", amount=4), make_bonus("percent_next_1")]
    pay = make_shift(500, bonuses=bonuses).pay
    assert (pay.commissions, pay.total_per_hour, pay.bonus_pay) == (usd(44), usd(120), usd(14))
    assert pay.total_made == usd("178.00")


def test_a_shift_without_sales_is_paid_by_the_hour() -> None:
    pay = make_shift(0).pay
    assert (pay.total_sales, pay.net_sales, pay.dynamic_pct, pay.commissions) == (usd(0),) * 4
    assert pay.total_made == usd("120.00")


def test_a_date_is_priced_in_the_order_of_recording_and_not_of_working() -> None:
    morning = make_shift(500, shift_id=1, start="06:00", end="08:00", recorded_at=at(DAY, "23:00"))
    evening = make_shift(700, shift_id=2, start="18:00", end="20:00", recorded_at=at(DAY, "22:00"))
    priced = reprice_day([morning, evening], evening.order_key)
    assert [(shift.shift_id, shift.pay.dynamic_pct) for shift in priced] == [(2, usd(2)), (1, usd(4))]


def test_of_shifts_recorded_in_one_second_the_lower_id_comes_first() -> None:
    second = at(DAY, "22:00")
    shifts = [make_shift(600, shift_id=shift_id, recorded_at=second) for shift_id in (9, 8, 10)]
    priced = reprice_day(shifts, (second, 0))
    assert [(shift.shift_id, shift.pay.dynamic_pct) for shift in priced] == [(8, usd(2)), (9, usd(4)), (10, usd(4))]


def test_an_earlier_shift_of_the_date_keeps_its_rate() -> None:
    first = make_shift(500, shift_id=1, recorded_at=at(DAY, "20:00"))
    kept = replace(first, pay=replace(first.pay, dynamic_pct=usd("1.23")))
    second = make_shift(700, shift_id=2, recorded_at=at(DAY, "21:00"))
    assert reprice_day([kept, second], second.order_key)[0] == kept


def test_by_the_shift_alone_where_the_basis_says_so() -> None:
    person = Person(terms=make_terms(basis=DynamicBasis.SHIFT))
    person.log(500)
    person.log(700)
    assert [shift.pay.dynamic_pct for shift in person.shifts.values()] == [2, 2]


def test_each_shift_keeps_its_own_wage_rates_cut_and_basis() -> None:
    person = Person(terms=make_terms(wage=15, base=8, cut=20))
    person.log(400)
    person.terms = make_terms(
        wage=20, base=10, cut=10, basis=DynamicBasis.SHIFT, rates=make_rates((0, 1), version_id=2)
    )
    person.log(600)
    person.terms = make_terms(wage=99, base=99)
    person.correct(1, 500)
    first, second = person.shifts[1].pay, person.shifts[2].pay
    assert (first.total_per_hour, first.net_sales, first.commission_pct) == (usd(120), usd(400), Decimal("10.00"))
    assert (second.total_per_hour, second.net_sales, second.commission_pct) == (usd(160), usd(540), Decimal("11.00"))


def test_a_shift_over_midnight_belongs_wholly_to_the_date_it_began() -> None:
    person = Person()
    person.log(500, day=date(2025, 11, 14), start="22:00", end="06:00")
    person.log(700, day=date(2025, 11, 15), start="09:00", end="12:00")
    assert [shift.pay.dynamic_pct for shift in person.shifts.values()] == [2, 2]
    assert [entry.period.end_date.day for entry in person.ledger] == [14, 30]


def test_a_migrated_shift_with_a_fixed_percentage_changes_hours_by_clocks_and_commissions_by_sales() -> None:
    person = Person(ranks=make_ranks((0, ())), terms=make_terms(wage="17.40", base="13.50", rates=make_rates((0, 0))))
    person.log(500)
    recorded = person.shifts[1].pay
    person.correct(1, 5000)
    by_sales = person.shifts[1].pay
    assert (by_sales.total_per_hour, by_sales.commissions) == (recorded.total_per_hour, usd("540.00"))
    person.correct(1, 500, start="10:00", end="12:00")
    by_clocks = person.shifts[1].pay
    assert (by_clocks.total_per_hour, by_clocks.commissions) == (usd("34.80"), recorded.commissions)


def test_somebody_elses_net_on_a_model_is_at_their_own_cut() -> None:
    assert make_source({MODEL_A: 500, MODEL_B: 100}, cut=20).compute_net_on(MODEL_A) == usd("400.00")
    assert make_source({MODEL_A: "33.33"}, cut=15).compute_net_on(MODEL_A) == usd("28.33")
    assert make_source({MODEL_A: 500}).compute_net_on(MODEL_B) == 0


AMOUNTS = st.decimals("0.00", "20000.00", places=2)
PERCENTAGES = st.decimals("0.00", "100.00", places=2)
WAGES = st.decimals("0.01", "9999.99", places=2)
CODES = st.lists(
    st.sampled_from(["flat_10", "percent_next_1", "percent_next_2.5", "double_commission", "percent_prev_1"]),
    max_size=4,
)


@settings(deadline=None)
@given(sales=AMOUNTS, wage=WAGES, base=PERCENTAGES, cut=PERCENTAGES, codes=CODES, minutes=st.integers(1, 1440))
def test_totals_are_the_sum_of_their_parts_and_nothing_has_fractions_of_a_cent(
    sales: Decimal, wage: Decimal, base: Decimal, cut: Decimal, codes: list[str], minutes: int
) -> None:
    work = replace(make_work(sales), time_out=at(DAY, "09:00") + timedelta(minutes=minutes))
    bonuses = [make_bonus(code, amount="1.23" if code.startswith(("flat", "percent_prev")) else None) for code in codes]
    pay = compute_pay(work, make_terms(wage=wage, base=base, cut=cut), usd(2), bonuses)
    assert pay.total_made == pay.total_per_hour + pay.commissions + pay.bonus_pay
    assert 0 <= pay.net_sales <= pay.total_sales == sales
    for amount in (
        pay.net_sales,
        pay.total_per_hour,
        pay.commissions,
        pay.bonus_pay,
        pay.total_made,
        pay.commission_pct,
    ):
        assert amount == amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert amount >= 0


@settings(deadline=None)
@given(sales=st.lists(AMOUNTS, min_size=1, max_size=6), basis=st.sampled_from(DynamicBasis), data=st.data())
def test_a_date_costs_the_same_whatever_order_its_shifts_are_read_in(
    sales: list[Decimal], basis: DynamicBasis, data: st.DataObject
) -> None:
    terms = make_terms(basis=basis)
    shifts = [_record(place, amount, terms) for place, amount in enumerate(sales, start=1)]
    priced = reprice_day(data.draw(st.permutations(shifts)), shifts[0].order_key)
    assert [shift.shift_id for shift in priced] == [shift.shift_id for shift in shifts]
    so_far = usd(0)
    for shift in priced:
        so_far += shift.work.total_sales
        basis_sales = so_far if basis is DynamicBasis.DAY else shift.work.total_sales
        assert shift.pay.dynamic_pct == _find_starting_pct(basis_sales)


def _record(shift_id: int, sales: Amount, terms: Terms) -> Shift:
    recorded_at: datetime = at(DAY, "12:00") + timedelta(minutes=shift_id)
    return make_shift(sales, shift_id=shift_id, recorded_at=recorded_at, terms=terms)


def _find_starting_pct(sales: Decimal) -> int:
    if sales >= 2000:
        return 6
    if sales >= 1000:
        return 4
    return 2 if sales >= 500 else 0


def test_after_a_correction_the_person_is_paid_as_if_it_had_been_right_from_the_start() -> None:
    corrected, right = Person(), Person()
    for amount in (300, 400, 500):
        corrected.log(amount)
    corrected.correct(1, 700)
    for amount in (700, 400, 500):
        right.log(amount)
    assert [one.pay for one in corrected.shifts.values()] == [one.pay for one in right.shifts.values()]
    assert corrected.balance == right.balance
    assert_whole(corrected)
