"""Each bonus by itself: what it needs, what it takes, what it adds (SPEC 3.16, PAYROLL D22 to D28)."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.bonuses import (
    DRAW_LIMIT,
    RULES,
    acts_on,
    apply_to,
    check_offer,
    choose,
    list_taking_models,
    release,
    use_up,
)
from payroll.errors import ErrorKey, InvalidInputError
from payroll.offers import BonusOffer, BonusType
from payroll.records import Bonus, BonusState, Shift, Sources, SourceShift
from tests.factories import (
    DAY,
    MODEL_A,
    MODEL_B,
    MODEL_C,
    Amount,
    at,
    make_bonus,
    make_offer,
    make_shift,
    make_source,
    usd,
)

LAST_NUMBER = DRAW_LIMIT - 1
DRAW_NUMBERS = st.integers(0, LAST_NUMBER)


def test_every_type_has_a_rule() -> None:
    assert set(RULES) == set(BonusType)


@pytest.mark.parametrize(
    ("value", "code"), [("10.00", "flat_10"), ("12.50", "flat_12.5"), ("0.05", "flat_0.05"), ("200.00", "flat_200")]
)
def test_a_code_is_the_type_and_its_number(value: str, code: str) -> None:
    assert BonusOffer(BonusType.FLAT, Decimal(value)).code == code


def test_a_type_without_a_number_is_its_own_code() -> None:
    assert BonusOffer(BonusType.DOUBLE_COMMISSION, None).code == "double_commission"


@pytest.mark.parametrize(
    ("bonus_type", "value"),
    [
        ("flat", "10"),
        ("flat", "99999.99"),
        ("percent_next", "0.01"),
        ("percent_prev", "100"),
        ("percent_all", "2.50"),
        ("double_commission", None),
        ("paid_day_off", None),
        ("telegram_premium", None),
    ],
)
def test_a_type_with_its_number_is_an_offer(bonus_type: str, value: str | None) -> None:
    number = None if value is None else Decimal(value)
    assert check_offer(bonus_type, number) == BonusOffer(BonusType(bonus_type), number)


@pytest.mark.parametrize(
    ("bonus_type", "value", "key"),
    [
        pytest.param("flat_10", "10", ErrorKey.BONUS_TYPE_UNKNOWN, id="the number inside the type"),
        pytest.param("", None, ErrorKey.BONUS_TYPE_UNKNOWN, id="nothing"),
        pytest.param("flat", None, ErrorKey.VALUE_INVALID, id="a flat without an amount"),
        pytest.param("flat", "0", ErrorKey.VALUE_INVALID, id="a flat of nothing"),
        pytest.param("flat", "-5", ErrorKey.VALUE_INVALID, id="a flat that takes"),
        pytest.param("flat", "10.005", ErrorKey.VALUE_INVALID, id="half a cent"),
        pytest.param("flat", "100000", ErrorKey.VALUE_INVALID, id="a fortune"),
        pytest.param("flat", "NaN", ErrorKey.VALUE_INVALID, id="not a number"),
        pytest.param("flat", "Infinity", ErrorKey.VALUE_INVALID, id="endless"),
        pytest.param("percent_next", "100.01", ErrorKey.VALUE_INVALID, id="more than all"),
        pytest.param("percent_all", "1E+40", ErrorKey.VALUE_INVALID, id="far more than all"),
        pytest.param("double_commission", "2", ErrorKey.VALUE_INVALID, id="a doubling with a number"),
        pytest.param("paid_day_off", "0", ErrorKey.VALUE_INVALID, id="a day off with a number"),
    ],
)
def test_other_types_and_numbers_are_refused_with_what_is_allowed(
    bonus_type: str, value: str | None, key: ErrorKey
) -> None:
    with pytest.raises(InvalidInputError, match="allowed: ") as refused:
        check_offer(bonus_type, None if value is None else Decimal(value))
    assert refused.value.key is key


# Which shift uses it up (D22 to D24)


EARNER = make_shift(2000, shift_id=5, start="09:00", end="12:00", recorded_at=at(DAY, "12:00"))
TODAY_LATER = make_shift(500, shift_id=6, start="13:00", end="17:00", recorded_at=at(DAY, "17:00"))
YESTERDAY = DAY - timedelta(days=1)


@pytest.mark.parametrize(
    ("shift", "is_used"),
    [
        pytest.param(TODAY_LATER, True, id="recorded later, starting later"),
        pytest.param(EARNER, False, id="the shift that earned it"),
        pytest.param(
            make_shift(500, shift_id=7, day=YESTERDAY, recorded_at=at(DAY, "18:00")),
            False,
            id="an old shift entered again",
        ),
        pytest.param(
            make_shift(500, shift_id=7, start="09:00", recorded_at=at(DAY, "18:00")),
            True,
            id="starting in the same minute",
        ),
        pytest.param(
            make_shift(500, shift_id=7, start="13:00", recorded_at=at(DAY, "11:59")), False, id="recorded before it"
        ),
        pytest.param(
            make_shift(500, shift_id=7, start="13:00", recorded_at=at(DAY, "12:00")),
            True,
            id="the same second, a later id",
        ),
        pytest.param(
            make_shift(500, shift_id=4, start="13:00", recorded_at=at(DAY, "12:00")),
            False,
            id="the same second, a lower id",
        ),
    ],
)
@pytest.mark.parametrize("code", ["percent_next_1", "flat_10", "double_commission", "percent_prev_1", "percent_all_2"])
def test_a_bonus_that_a_shift_earned_waits_for_the_next_shift(code: str, shift: Shift, *, is_used: bool) -> None:
    assert acts_on(make_bonus(code, earned_by=EARNER.earned_by), shift) is is_used


def test_a_bonus_of_an_admin_is_used_by_the_next_one_recorded_even_an_old_shift() -> None:
    assert acts_on(make_bonus("percent_next_1"), make_shift(500, day=YESTERDAY, recorded_at=at(DAY, "18:00")))


@pytest.mark.parametrize(
    ("code", "without_sales", "with_sales"),
    [
        ("flat_10", True, True),
        ("percent_next_1", False, True),
        ("double_commission", False, True),
        ("percent_prev_1", False, True),
        ("percent_all_2", False, True),
        ("paid_day_off", False, False),
        ("telegram_premium", False, False),
    ],
)
def test_a_shift_without_sales_uses_up_flats_only(code: str, *, without_sales: bool, with_sales: bool) -> None:
    assert acts_on(make_bonus(code), make_shift(0)) is without_sales
    assert acts_on(make_bonus(code), make_shift(500)) is with_sales


def _list_used(*bonuses: Bonus, sales: Amount = 500) -> list[int | None]:
    return [bonus.bonus_id for bonus in use_up(bonuses, make_shift(sales), Sources())]


def test_the_oldest_doubling_is_used_and_the_others_wait() -> None:
    young = make_bonus("double_commission", bonus_id=1, created_at=at(DAY, "07:00"))
    old = make_bonus("double_commission", bonus_id=2, created_at=at(DAY, "06:00"))
    assert _list_used(young, old) == [2]


def test_of_doublings_made_at_once_the_lower_id_is_used() -> None:
    assert _list_used(make_bonus("double_commission", bonus_id=4), make_bonus("double_commission", bonus_id=3)) == [3]


def test_a_doubling_that_must_wait_does_not_hold_up_a_younger_one() -> None:
    waiting = make_bonus("double_commission", bonus_id=1, created_at=at(DAY, "06:00"), earned_by=TODAY_LATER.earned_by)
    granted = make_bonus("double_commission", bonus_id=2, created_at=at(DAY, "07:00"))
    assert _list_used(waiting, granted) == [2]


def test_several_percentages_flats_and_shares_are_all_used_oldest_first() -> None:
    codes = [
        "percent_all_2",
        "percent_next_1",
        "flat_10",
        "percent_next_2",
        "flat_10",
        "percent_prev_1",
        "percent_prev_1",
    ]
    bonuses = [
        make_bonus(code, bonus_id=bonus_id, created_at=at(DAY, "08:00") - timedelta(minutes=bonus_id))
        for bonus_id, code in enumerate(codes, start=1)
    ]
    assert _list_used(*bonuses) == [7, 6, 5, 4, 3, 2, 1]


def test_days_off_and_premium_stay_pending() -> None:
    assert _list_used(make_bonus("paid_day_off"), make_bonus("telegram_premium")) == []


@pytest.mark.parametrize("code", ["paid_day_off", "telegram_premium"])
def test_what_does_not_act_on_a_shift_cannot_be_applied_to_one(code: str) -> None:
    with pytest.raises(ValueError, match=code):
        apply_to(make_bonus(code), make_shift(), Sources())


# The model it falls on (D26)


@pytest.mark.parametrize(
    ("draw", "model"),
    [
        (0, MODEL_A),
        (DRAW_LIMIT // 3, MODEL_A),
        (DRAW_LIMIT // 3 + 1, MODEL_B),
        (2 * DRAW_LIMIT // 3, MODEL_B),
        (2 * DRAW_LIMIT // 3 + 1, MODEL_C),
        (LAST_NUMBER, MODEL_C),
    ],
)
def test_the_number_of_a_bonus_falls_on_a_third_of_three_models(draw: int, model: int) -> None:
    assert choose(make_bonus(draw=draw), [MODEL_A, MODEL_B, MODEL_C]) == model


@settings(deadline=None)
@given(draw=DRAW_NUMBERS, models=st.sets(st.integers(1, 99), min_size=1, max_size=8), data=st.data())
def test_the_same_bonus_on_the_same_models_gives_the_same_model(
    draw: int, models: set[int], data: st.DataObject
) -> None:
    bonus = make_bonus("percent_all_2", draw=draw)
    one_way = data.draw(st.permutations(sorted(models)))
    other_way = data.draw(st.permutations(sorted(models)))
    fixed = [apply_to(bonus, make_shift(dict.fromkeys(order, 100)), Sources()) for order in (one_way, other_way)]
    assert fixed[0].product_id == fixed[1].product_id == choose(bonus, sorted(models))


@pytest.mark.parametrize(
    ("products", "taking"),
    [
        pytest.param({MODEL_A: 500}, [MODEL_A], id="one model"),
        pytest.param({MODEL_C: 1, MODEL_A: 99}, [MODEL_A, MODEL_C], id="exactly 1 % takes part"),
        pytest.param({MODEL_A: "99.01", MODEL_C: "0.99"}, [MODEL_A], id="a cent less than 1 % does not"),
        pytest.param({}, [], id="no sales"),
    ],
)
def test_a_model_takes_part_with_at_least_1_percent_of_the_sales(
    products: dict[int, Amount], taking: list[int]
) -> None:
    assert list_taking_models(make_shift(products).work.products) == taking


# What it adds (D27)


def _apply(code: str, products: dict[int, Amount], sources: Sources, *, draw: int = 0) -> Bonus:
    return apply_to(make_bonus(code, draw=draw), make_shift(products, shift_id=3), sources)


def test_a_flat_adds_its_amount_and_a_percentage_none_of_its_own() -> None:
    assert _apply("flat_10", {}, Sources()).amount == usd(10)
    assert _apply("percent_next_1", {MODEL_A: 500}, Sources()).amount is None
    assert _apply("double_commission", {MODEL_A: 500}, Sources()).amount is None


def test_percent_prev_keeps_its_model_source_net_and_amount() -> None:
    fixed = _apply("percent_prev_1", {MODEL_A: 300}, Sources(previous=make_source({MODEL_A: 500}, shift_id=77)))
    assert (fixed.state, fixed.shift_id) == (BonusState.APPLIED, 3)
    assert (fixed.product_id, fixed.source_shift_id) == (MODEL_A, 77)
    assert (fixed.basis_net, fixed.amount) == (usd("400.00"), usd("4.00"))


@pytest.mark.parametrize(
    ("draw", "model", "amount"), [(0, MODEL_A, "4.00"), (LAST_NUMBER, MODEL_C, "8.00")], ids=["first", "last"]
)
def test_percent_prev_draws_from_the_models_that_both_sold(draw: int, model: int, amount: str) -> None:
    previous = make_source({MODEL_A: 500, MODEL_C: 1000})
    fixed = _apply("percent_prev_1", {MODEL_C: 5, MODEL_B: 100, MODEL_A: 10}, Sources(previous=previous), draw=draw)
    assert (fixed.product_id, fixed.amount) == (model, usd(amount))


def test_percent_prev_is_at_the_sources_own_cut_and_rounded_at_each_stored_step() -> None:
    assert _apply("percent_prev_1", {MODEL_A: 300}, Sources(previous=make_source(500, cut=10))).amount == usd("4.50")
    odd = _apply("percent_prev_1", {MODEL_A: 300}, Sources(previous=make_source("33.33", cut=15)))
    assert (odd.basis_net, odd.amount) == (usd("28.33"), usd("0.28"))


@pytest.mark.parametrize(
    "previous",
    [
        pytest.param(None, id="nobody sold before"),
        pytest.param(make_source({MODEL_B: 500}), id="the previous sold another model"),
        pytest.param(make_source({MODEL_C: 500}), id="the previous sold a model with under 1 % of this shift"),
    ],
)
def test_percent_prev_with_nobody_to_take_from_is_zero_and_used_up(previous: SourceShift | None) -> None:
    fixed = _apply("percent_prev_1", {MODEL_A: 500, MODEL_C: 1}, Sources(previous=previous))
    assert (fixed.state, fixed.amount, fixed.source_shift_id) == (BonusState.APPLIED, usd(0), None)


def test_percent_all_takes_the_net_of_all_others_of_the_date_each_at_its_cut() -> None:
    others = (make_source({MODEL_A: 500, MODEL_B: 70}, cut=20), make_source({MODEL_A: 250}, cut=10))
    fixed = _apply("percent_all_2", {MODEL_A: 100}, Sources(same_day=others))
    assert (fixed.product_id, fixed.basis_net, fixed.amount) == (MODEL_A, usd("625.00"), usd("12.50"))


def test_percent_all_is_rounded_once_on_the_sum() -> None:
    others = (make_source("12.50", cut=0), make_source("12.50", cut=0))
    assert _apply("percent_all_1", {MODEL_A: 100}, Sources(same_day=others)).amount == usd("0.25")


def test_percent_all_ignores_the_previous_of_another_date() -> None:
    fixed = _apply("percent_all_2", {MODEL_A: 100}, Sources(previous=make_source(500)))
    assert (fixed.state, fixed.basis_net, fixed.amount) == (BonusState.APPLIED, usd(0), usd(0))


def test_percent_all_draws_from_the_own_models_even_one_that_nobody_else_sold() -> None:
    fixed = _apply(
        "percent_all_2", {MODEL_A: 100, MODEL_B: 100}, Sources(same_day=(make_source(500),)), draw=LAST_NUMBER
    )
    assert (fixed.product_id, fixed.amount) == (MODEL_B, usd(0))


def test_two_shares_each_draw_for_themselves() -> None:
    sources = Sources(previous=make_source({MODEL_A: 500, MODEL_B: 1000}))
    pending = [
        make_bonus("percent_prev_1", bonus_id=1, draw=0),
        make_bonus("percent_prev_1", bonus_id=2, draw=LAST_NUMBER),
    ]
    used = use_up(pending, make_shift({MODEL_A: 100, MODEL_B: 100}), sources)
    assert [(bonus.product_id, bonus.amount) for bonus in used] == [(MODEL_A, usd(4)), (MODEL_B, usd(8))]


@settings(deadline=None)
@given(
    code=st.sampled_from(["flat_10", "percent_next_1", "double_commission", "percent_prev_1", "percent_all_2"]),
    draw=DRAW_NUMBERS,
)
def test_a_bonus_taken_back_is_as_it_was(code: str, draw: int) -> None:
    bonus = make_bonus(code, draw=draw, earned_by=EARNER.earned_by)
    sources = Sources(previous=make_source(500), same_day=(make_source(500),))
    assert release(apply_to(bonus, TODAY_LATER, sources)) == bonus


def test_a_bonus_keeps_what_it_is_while_it_is_used() -> None:
    bonus = make_bonus("percent_prev_1", draw=17)
    fixed = apply_to(bonus, make_shift(), Sources(previous=make_source()))
    assert fixed.offer == bonus.offer == make_offer("percent_prev_1")
    assert replace(fixed, state=bonus.state, amount=None).draw == 17
