"""The worked examples of SPEC 3 that are about pay, bonuses, ranks and days, figure by figure."""

from datetime import date
from decimal import Decimal

import pytest

from payroll.pay_periods import compute_last_pay_day, compute_next_pay_day
from payroll.pricing import compute_hourly_pay, compute_worked_hours
from payroll.ranks import NoticeKind
from payroll.records import BonusState, Sources
from payroll.rolling import compute_rolling_average
from tests.factories import (
    HUSTLER,
    MODEL_A,
    NOVEMBER,
    PAY_DAYS,
    ROOKIE,
    Draws,
    Person,
    assert_whole,
    make_shift,
    make_source,
    usd,
)


def test_nine_to_five_with_500_on_model_a_makes_160() -> None:
    person = Person()
    person.log({MODEL_A: 500}, start="09:00", end="17:00")
    pay = person.shifts[1].pay
    assert pay.net_sales == usd("400.00")
    assert (person.shifts[1].terms.base_pct, pay.dynamic_pct, pay.commission_pct) == (usd(8), usd(2), usd(10))
    assert pay.total_per_hour == usd("120.00")
    assert pay.commissions == usd("40.00")
    assert pay.total_made == usd("160.00")
    assert_whole(person)


def test_700_more_on_the_same_date_are_at_the_rate_of_1200_and_the_first_shift_stays() -> None:
    person = Person()
    person.log(500, start="09:00", end="12:00")
    person.log(700, start="13:00", end="17:00")
    assert person.shifts[1].pay.commission_pct == Decimal("10.00")
    assert person.shifts[2].pay.dynamic_pct == 4
    assert person.shifts[2].pay.commission_pct == Decimal("12.00")


@pytest.mark.parametrize(
    ("code", "commission_pct", "total_made"),
    [
        pytest.param("percent_next_1", "11.00", "164.00", id="500 with percent_next_1 pending makes 164"),
        pytest.param("double_commission", "20.00", "200.00", id="500 with double_commission pending makes 200"),
    ],
)
def test_a_pending_percentage_is_applied_to_the_shift(code: str, commission_pct: str, total_made: str) -> None:
    person = Person()
    bonus = person.grant(code)
    person.log(500)
    assert person.shifts[1].pay.commission_pct == Decimal(commission_pct)
    assert person.shifts[1].pay.total_made == usd(total_made)
    stored = person.bonuses[bonus.bonus_id or 0]
    assert (stored.state, stored.shift_id) == (BonusState.APPLIED, 1)
    assert person.shifts[1].bonuses == (stored,)


def test_percent_prev_1_adds_4_when_somebody_else_sold_500_on_the_model_before() -> None:
    person = Person(sources=Sources(previous=make_source({MODEL_A: 500})))
    person.grant("percent_prev_1")
    person.log({MODEL_A: 300})
    pay = person.shifts[1].pay
    assert pay.bonus_pay == usd("4.00")
    assert pay.total_made == usd("19.20") + usd("120.00") + usd("4.00")


def test_0830_to_1645_is_8_and_a_quarter_hours_and_123_75() -> None:
    pay = make_shift(start="08:30", end="16:45").pay
    assert pay.worked_hours == Decimal("8.25")
    assert pay.total_per_hour == usd("123.75")


def test_8_hours_20_minutes_are_shown_as_8_33_and_paid_exactly() -> None:
    seconds = (8 * 60 + 20) * 60
    assert compute_worked_hours(seconds) == Decimal("8.33")
    assert compute_hourly_pay(seconds, usd(15)) == usd("125.00")


@pytest.mark.parametrize(("drawn", "code"), [(0, "flat_10"), (1, "percent_next_1"), (2, "percent_prev_1")], ids=str)
def test_600_over_1500_is_hustler_with_one_of_its_three_bonuses(drawn: int, code: str) -> None:
    person = Person(draw=Draws(drawn))
    person.log(1500)
    outcome = person.log(600)
    assert person.held[NOVEMBER] == HUSTLER
    assert [
        (notice.kind, notice.rank_id, notice.drawn.code if notice.drawn else None) for notice in outcome.notices
    ] == [(NoticeKind.RANK_UP, HUSTLER, code)]
    assert [bonus.offer.code for bonus in person.bonuses.values()] == [code]


def test_the_600_edited_to_50_is_rookie_again_and_told_so() -> None:
    person = Person(draw=Draws(0))
    person.log(1500)
    person.log(600)
    outcome = person.correct(2, 50)
    assert person.held[NOVEMBER] == ROOKIE
    assert [(notice.kind, notice.rank_id, notice.previous_rank_id) for notice in outcome.notices] == [
        (NoticeKind.RANK_DOWN, ROOKIE, HUSTLER)
    ]
    assert_whole(person)


def test_the_rolling_average_of_100_to_500_is_366_67() -> None:
    assert compute_rolling_average([usd(100), usd(200), usd(300), usd(400), usd(500)]) == usd("366.67")


@pytest.mark.parametrize(
    ("day", "last", "following"),
    [
        pytest.param(date(2025, 11, 10), date(2025, 11, 1), date(2025, 11, 15), id="on 10 November"),
        pytest.param(date(2025, 11, 15), date(2025, 11, 15), date(2025, 12, 1), id="on the 15th"),
    ],
)
def test_pay_days_of_november(day: date, last: date, following: date) -> None:
    assert compute_last_pay_day(day, PAY_DAYS) == last
    assert compute_next_pay_day(day, PAY_DAYS) == following
