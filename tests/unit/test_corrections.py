"""What a correction makes of the rest of a shift (PAYROLL D9, D10)."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll.business_time import BusinessZone, Occurrence
from payroll.corrections import compute_clock_out, is_much_longer, spread_total
from payroll.errors import ErrorKey, InvalidInputError
from tests.factories import usd

NEW_YORK = BusinessZone.named("America/New_York")
EIGHT_HOURS = timedelta(hours=8)


def at(text: str, occurrence: Occurrence = Occurrence.EARLIER) -> datetime:
    return NEW_YORK.localize(datetime.fromisoformat(text), occurrence=occurrence)


@pytest.mark.parametrize(
    ("time_in", "old_time_out", "time_out"),
    [
        pytest.param("2026-11-10T22:00", "2026-11-11T17:00", "2026-11-11T17:00", id="earlier: 19 hours later"),
        pytest.param("2026-11-11T18:00", "2026-11-11T17:00", "2026-11-12T17:00", id="after it: the next day"),
        pytest.param("2026-11-11T17:00", "2026-11-11T17:00", "2026-11-12T17:00", id="at it: 24 hours later"),
        pytest.param("2026-11-09T09:00", "2026-11-11T17:00", "2026-11-09T17:00", id="another day: that day"),
        pytest.param(
            "2026-11-01T00:30", "2026-11-02T01:30", "2026-11-01T01:30", id="the first of two where it was one"
        ),
    ],
)
def test_the_clock_out_keeps_its_clock_time_and_is_the_first_after_the_new_clock_in(
    time_in: str, old_time_out: str, time_out: str
) -> None:
    assert compute_clock_out(NEW_YORK, at(time_in), at(old_time_out)) == at(time_out)


@pytest.mark.parametrize("occurrence", list(Occurrence))
def test_a_clock_out_in_the_hour_that_came_twice_stays_the_one_it_was(occurrence: Occurrence) -> None:
    time_out = at("2026-11-01T01:30", occurrence)
    assert compute_clock_out(NEW_YORK, at("2026-10-31T21:00"), time_out) == time_out


def test_a_clock_out_that_the_clocks_leapt_over_on_the_new_day_is_refused() -> None:
    with pytest.raises(InvalidInputError) as refused:
        compute_clock_out(NEW_YORK, at("2026-03-07T22:00"), at("2026-03-07T02:30"))
    assert refused.value.key is ErrorKey.TIME_DOES_NOT_EXIST


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)), st.integers(0, 24 * 60 - 1), st.integers(1, 22 * 60))
def test_a_clock_in_that_stays_leaves_the_clock_out_as_it_is(day: date, minute: int, worked: int) -> None:
    time_in = datetime.combine(day, time(minute // 60, minute % 60), UTC)
    time_out = time_in + timedelta(minutes=worked)
    over_a_change = NEW_YORK.to_wall(time_out) - NEW_YORK.to_wall(time_in) != time_out - time_in
    kept = compute_clock_out(NEW_YORK, time_in, time_out)
    assert kept == time_out or over_a_change
    assert NEW_YORK.to_wall(kept).time() == NEW_YORK.to_wall(time_out).time()


def test_more_than_four_hours_longer_is_much_longer() -> None:
    assert not is_much_longer(EIGHT_HOURS, timedelta(hours=12))
    assert is_much_longer(EIGHT_HOURS, timedelta(hours=12, minutes=1))
    assert not is_much_longer(EIGHT_HOURS, timedelta(hours=1))


@pytest.mark.parametrize(
    ("products", "total", "spread"),
    [
        pytest.param({1: 200, 2: 100}, "100", {1: "66.67", 2: "33.33"}, id="in proportion"),
        pytest.param({3: 100, 1: 100, 2: 100}, "100", {1: "33.34", 2: "33.33", 3: "33.33"}, id="ties: the lower id"),
        pytest.param({1: 500}, "0.01", {1: "0.01"}, id="one product takes all"),
        pytest.param({1: 100, 2: 300}, "0", {1: "0.00", 2: "0.00"}, id="nothing"),
    ],
)
def test_a_total_is_spread_over_the_products(products: dict[int, int], total: str, spread: dict[int, str]) -> None:
    sold = {product_id: usd(amount) for product_id, amount in products.items()}
    assert spread_total(sold, usd(total)) == {product_id: Decimal(amount) for product_id, amount in spread.items()}


@given(
    st.dictionaries(st.integers(1, 30), st.decimals("0.01", "99999.99", places=2), min_size=1, max_size=8),
    st.decimals("0", "9999999.99", places=2),
)
def test_nothing_of_a_total_is_lost(products: dict[int, Decimal], total: Decimal) -> None:
    spread = spread_total(products, total)
    assert sum(spread.values()) == total
    assert spread.keys() == products.keys()
    assert all(amount >= 0 for amount in spread.values())
