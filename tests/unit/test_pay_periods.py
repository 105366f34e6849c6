"""Everybody can tell the last pay day, the next one, and the period a day belongs to."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.pay_periods import PayPeriod, compute_last_pay_day, compute_next_pay_day, compute_pay_period

TWICE_A_MONTH = (1, 15)
ONE_DAY = timedelta(days=1)
DAYS = st.dates(date(2000, 1, 1), date(2100, 12, 31))
PAY_DAYS = st.lists(st.integers(1, 31), min_size=1, max_size=5)


@pytest.mark.parametrize(
    ("day", "last", "following"),
    [
        (date(2026, 11, 10), date(2026, 11, 1), date(2026, 11, 15)),
        (date(2026, 11, 15), date(2026, 11, 15), date(2026, 12, 1)),
        (date(2026, 11, 1), date(2026, 11, 1), date(2026, 11, 15)),
        (date(2026, 11, 14), date(2026, 11, 1), date(2026, 11, 15)),
        (date(2026, 11, 30), date(2026, 11, 15), date(2026, 12, 1)),
        (date(2026, 12, 31), date(2026, 12, 15), date(2027, 1, 1)),
        (date(2028, 2, 29), date(2028, 2, 15), date(2028, 3, 1)),
    ],
)
def test_pay_days_are_the_first_and_the_fifteenth(day: date, last: date, following: date) -> None:
    assert compute_last_pay_day(day, TWICE_A_MONTH) == last
    assert compute_next_pay_day(day, TWICE_A_MONTH) == following


@pytest.mark.parametrize(
    ("day", "period"),
    [
        (date(2026, 11, 14), PayPeriod(date(2026, 11, 1), date(2026, 11, 14))),
        (date(2026, 11, 15), PayPeriod(date(2026, 11, 15), date(2026, 11, 30))),
        (date(2026, 2, 28), PayPeriod(date(2026, 2, 15), date(2026, 2, 28))),
    ],
)
def test_a_period_runs_to_the_day_before_the_next_pay_day(day: date, period: PayPeriod) -> None:
    assert compute_pay_period(day, TWICE_A_MONTH) == period


@pytest.mark.parametrize(
    ("pay_days", "day", "last", "following"),
    [
        ((31,), date(2026, 2, 10), date(2026, 1, 31), date(2026, 2, 28)),
        ((31,), date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 31)),
        ((31,), date(2028, 2, 28), date(2028, 1, 31), date(2028, 2, 29)),
        ((15, 30), date(2026, 2, 28), date(2026, 2, 28), date(2026, 3, 15)),
        ((30, 31), date(2026, 4, 30), date(2026, 4, 30), date(2026, 5, 30)),
        ((20,), date(2026, 1, 5), date(2025, 12, 20), date(2026, 1, 20)),
    ],
)
def test_a_pay_day_past_the_end_of_the_month_is_its_last_day(
    pay_days: tuple[int, ...], day: date, last: date, following: date
) -> None:
    assert compute_last_pay_day(day, pay_days) == last
    assert compute_next_pay_day(day, pay_days) == following


@given(DAYS, PAY_DAYS)
@settings(deadline=None)
def test_every_day_lies_in_exactly_one_period(day: date, pay_days: list[int]) -> None:
    period = compute_pay_period(day, pay_days)
    assert period.start_date <= day <= period.end_date
    assert compute_pay_period(period.start_date, pay_days) == period
    assert compute_pay_period(period.end_date, pay_days) == period
    assert compute_pay_period(period.start_date - ONE_DAY, pay_days).end_date == period.start_date - ONE_DAY
    assert compute_pay_period(period.end_date + ONE_DAY, pay_days).start_date == period.end_date + ONE_DAY


@given(DAYS, PAY_DAYS)
@settings(deadline=None)
def test_the_order_of_the_pay_days_does_not_matter(day: date, pay_days: list[int]) -> None:
    assert compute_pay_period(day, pay_days) == compute_pay_period(day, sorted(set(pay_days)))


@pytest.mark.parametrize("pay_days", [(), (0,), (1, 32), (-1,)])
def test_pay_days_that_are_no_days_of_the_month_are_refused(pay_days: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="pay days are days of the month"):
        compute_pay_period(date(2026, 11, 10), pay_days)
