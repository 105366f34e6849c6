"""A change of a shift and the bonuses it uses up, keeps or frees (SPEC 3.16, PAYROLL D13, D22 to D27)."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from payroll.errors import ConflictError, ErrorKey, InvalidInputError
from payroll.records import Sources
from tests.factories import (
    DAY,
    MODEL_A,
    MODEL_B,
    Draws,
    Person,
    assert_whole,
    make_source,
    usd,
)

YESTERDAY = DAY - timedelta(days=1)
TOMORROW = DAY + timedelta(days=1)
END_OF_OCTOBER = date(2025, 10, 31)


def test_pending_bonuses_are_used_up_before_the_rank_is_settled() -> None:
    person = Person(draw=Draws(1))
    person.log(1500)
    person.log(600)
    assert (person.list_codes(2), person.pending_codes) == ([], ["percent_next_1"])
    person.log(10, start="18:00", end="19:00")
    assert (person.list_codes(3), person.pending_codes) == (["percent_next_1"], [])


def test_a_bonus_withdrawn_with_its_rank_is_not_used_by_the_next_shift() -> None:
    person = Person(draw=Draws(1))
    person.log(2100)
    person.delete(1)
    person.log(500)
    assert (person.list_codes(2), person.bonus_states) == ([], [("percent_next_1", "void")])


def test_a_bonus_of_last_months_lost_rank_does_not_wait_again_when_the_shift_that_used_it_is_deleted() -> None:
    person = Person(draw=Draws(1))
    person.log(2100, day=END_OF_OCTOBER)
    person.log(500)
    assert person.list_codes(2) == ["percent_next_1"]
    person.correct(1, 50)
    assert person.bonus_states == [("percent_next_1", "applied")]
    person.delete(2)
    assert person.bonus_states == [("percent_next_1", "void")]
    assert_whole(person)


def test_an_old_shift_entered_again_catches_nothing_new() -> None:
    person = Person(draw=Draws(1))
    person.log(500, day=YESTERDAY)
    person.log(2100)
    person.delete(1)
    person.log(500, day=YESTERDAY)
    assert (person.list_codes(3), person.pending_codes) == ([], ["percent_next_1"])
    person.log(500, day=TOMORROW)
    assert person.list_codes(4) == ["percent_next_1"]


def test_a_shift_without_sales_takes_the_flat_and_leaves_the_rest_to_the_next_with_sales() -> None:
    person = Person()
    for code in ("percent_next_1", "double_commission", "flat_10", "percent_prev_1", "percent_all_2", "paid_day_off"):
        person.grant(code)
    person.log(0)
    assert (person.list_codes(1), person.shifts[1].pay.total_made) == (["flat_10"], usd("130.00"))
    person.log(100)
    assert person.list_codes(2) == ["percent_next_1", "double_commission", "percent_prev_1", "percent_all_2"]
    assert person.pending_codes == ["paid_day_off"]


def test_an_edit_moves_no_bonus_neither_when_sales_come_nor_when_they_go() -> None:
    person = Person()
    person.grant("percent_next_1")
    person.log(0)
    person.correct(1, 500)
    assert (person.list_codes(1), person.pending_codes) == ([], ["percent_next_1"])
    person.log(100, day=TOMORROW)
    person.correct(2, 0)
    assert (person.list_codes(2), person.pending_codes) == (["percent_next_1"], [])
    person.correct(2, 100)
    assert person.shifts[2].pay.commission_pct == Decimal("9.00")


def test_two_doublings_double_two_shifts() -> None:
    person = Person()
    first, second = person.grant("double_commission"), person.grant("double_commission")
    person.log(500)
    person.log(500, day=TOMORROW)
    assert [person.shifts[shift_id].bonuses[0].bonus_id for shift_id in (1, 2)] == [first.bonus_id, second.bonus_id]
    assert [person.shifts[shift_id].pay.total_made for shift_id in (1, 2)] == [usd(200), usd(200)]


def test_a_share_stays_as_fixed_whatever_happens_to_its_source_or_its_shift() -> None:
    person = Person(sources=Sources(previous=make_source({MODEL_A: 500})))
    person.grant("percent_prev_1")
    person.log({MODEL_A: 300})
    person.sources = Sources(previous=make_source({MODEL_A: 90_000}))
    person.correct(1, {MODEL_A: 700})
    assert person.shifts[1].pay.bonus_pay == usd("4.00")
    person.correct(1, {MODEL_B: 10})
    assert person.shifts[1].pay.bonus_pay == usd("4.00")
    person.correct(1, day=TOMORROW)
    assert person.shifts[1].pay.bonus_pay == usd("4.00")
    assert_whole(person)


def test_a_share_taken_back_with_its_shift_is_fixed_anew_by_the_next() -> None:
    person = Person(sources=Sources(previous=make_source({MODEL_A: 500})))
    bonus = person.grant("percent_prev_1")
    person.log({MODEL_A: 300})
    person.delete(1)
    assert person.bonuses[bonus.bonus_id or 0] == bonus
    person.sources = Sources()
    person.log({MODEL_A: 300})
    assert person.shifts[2].bonuses[0].amount == usd(0)
    assert person.pending_codes == []


# By hand (SPEC 5, D23, D25)


def test_a_bonus_applied_by_hand_prices_the_shift_again_and_books_the_difference() -> None:
    person = Person()
    person.log(500)
    bonus = person.grant("percent_next_1")
    outcome = person.use(bonus.bonus_id or 0, 1)
    assert person.shifts[1].pay.total_made == usd("164.00")
    assert [(str(entry.direction), entry.units) for entry in outcome.entries] == [("credit", usd("4.00"))]
    assert_whole(person)


def _use_twice(person: Person) -> None:
    bonus = person.grant("flat_10")
    person.use(bonus.bonus_id or 0, 1)
    person.use(bonus.bonus_id or 0, 1)


def _use_day_off(person: Person) -> None:
    person.use(person.grant("paid_day_off").bonus_id or 0, 1)


def _double_twice(person: Person) -> None:
    for bonus in (person.grant("double_commission"), person.grant("double_commission")):
        person.use(bonus.bonus_id or 0, 1)


@pytest.mark.parametrize(
    ("misuse", "error", "key"),
    [
        pytest.param(_use_twice, ConflictError, ErrorKey.BONUS_NOT_PENDING, id="a bonus used up"),
        pytest.param(_use_day_off, InvalidInputError, ErrorKey.BONUS_NOT_FOR_SHIFTS, id="a day off"),
        pytest.param(_double_twice, ConflictError, ErrorKey.BONUS_DOUBLED_ALREADY, id="a second doubling"),
    ],
)
def test_what_cannot_be_applied_by_hand_is_refused(
    misuse: Callable[[Person], None], error: type[ConflictError | InvalidInputError], key: ErrorKey
) -> None:
    person = Person()
    person.log(500)
    with pytest.raises(error) as refused:
        misuse(person)
    assert refused.value.key is key
    assert_whole(person)
