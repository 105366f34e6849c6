"""Rate and rank tables: half-open ranges, whole from 0 upwards (SPEC 3.6, 3.13)."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.errors import ErrorKey, InvalidInputError
from payroll.tables import RateStep, check_pct, check_start, check_whole
from tests.factories import CLOSER, GOD, HUSTLER, KING, ROOKIE, SHARK, make_ranks, make_rates, usd


@pytest.mark.parametrize(
    ("sales", "pct"),
    [
        ("0.00", 0),
        ("499.99", 0),
        ("500.00", 2),
        ("999.99", 2),
        ("1000.00", 4),
        ("1999.99", 4),
        ("2000.00", 6),
        ("99999999.99", 6),
        ("-0.01", 0),
    ],
)
def test_a_range_holds_its_first_amount_and_not_its_last(sales: str, pct: int) -> None:
    assert make_rates().find_pct(usd(sales)) == pct


@pytest.mark.parametrize(
    ("sales", "rank_id"),
    [
        pytest.param("0.00", ROOKIE, id="a new month starts at Rookie"),
        pytest.param("1999.99", ROOKIE, id="a cent below Hustler"),
        pytest.param("2000.00", HUSTLER, id="Hustler to the cent"),
        pytest.param("4000.00", CLOSER, id="Closer"),
        pytest.param("7000.00", SHARK, id="Shark"),
        pytest.param("10000.00", KING, id="King of Greed"),
        pytest.param("14999.99", KING, id="a cent below Chatting God"),
        pytest.param("15000.00", GOD, id="Chatting God"),
        pytest.param("-50.00", ROOKIE, id="refunds over sales"),
    ],
)
def test_the_rank_is_the_range_that_holds_the_months_sales(sales: str, rank_id: int) -> None:
    table = make_ranks()
    assert table.steps[table.find_position(usd(sales))].rank_id == rank_id


def test_the_place_of_a_rank_that_the_table_does_not_have_is_none() -> None:
    assert make_ranks().find_position_of(HUSTLER) == 1
    assert make_ranks().find_position_of(77) is None


def _steps(*ranges: tuple[int, int | None]) -> list[RateStep]:
    return [RateStep(usd(start), None if end is None else usd(end), usd(0)) for start, end in ranges]


@pytest.mark.parametrize("start", ["0.01", "700.00", "999.99"])
def test_a_range_can_begin_anywhere_between_its_neighbours(start: str) -> None:
    check_start(make_rates().steps, 1, usd(start), name="the step")


@pytest.mark.parametrize(
    ("place", "start", "allowed"),
    [
        (1, "1000.00", "more than 0.00 and less than 1,000.00"),
        (1, "0.00", "more than 0.00 and less than 1,000.00"),
        (3, "1000.00", "more than 1,000.00"),
        (0, "500.00", "less than 500.00"),
    ],
    ids=["where the next begins", "where the one before begins", "the last", "the first"],
)
def test_a_beginning_that_is_not_between_them_is_refused_with_what_would_be(
    place: int, start: str, allowed: str
) -> None:
    with pytest.raises(InvalidInputError) as caught:
        check_start(make_rates().steps, place, usd(start), name="the step")
    refused = caught.value
    assert (refused.key, refused.field, refused.allowed) == (ErrorKey.START_OUT_OF_PLACE, "the step", allowed)


def test_a_whole_table_is_taken() -> None:
    check_whole(_steps((0, 500), (500, 1000), (1000, None)), field="rates")
    check_whole(_steps((0, None)), field="rates")
    check_whole(make_ranks().steps, field="ranks")


@pytest.mark.parametrize(
    "ranges",
    [
        pytest.param([], id="no range at all"),
        pytest.param([(1, None)], id="not from 0"),
        pytest.param([(0, 500), (600, None)], id="a gap"),
        pytest.param([(0, 500), (400, None)], id="an overlap"),
        pytest.param([(0, 500)], id="an end of the last"),
        pytest.param([(0, None), (500, None)], id="no end of one that is not the last"),
        pytest.param([(0, 0), (0, None)], id="an empty range"),
        pytest.param([(0, 500), (500, 400), (400, None)], id="a range that ends before it begins"),
        pytest.param([(500, None), (0, 500)], id="the wrong order"),
    ],
)
def test_a_table_with_a_fault_is_refused_by_its_name(ranges: list[tuple[int, int | None]]) -> None:
    with pytest.raises(InvalidInputError, match=r"^rates: .* \(allowed: ranges from 0 upwards") as refused:
        check_whole(_steps(*ranges), field="rates")
    assert refused.value.key is ErrorKey.TABLE_NOT_WHOLE


@pytest.mark.parametrize("pct", ["0", "0.01", "8", "99.99", "100", "100.00", "5.500"])
def test_percent_points_from_0_to_100_with_two_decimals_are_taken(pct: str) -> None:
    check_pct(Decimal(pct), field="base_pct")


@pytest.mark.parametrize("pct", ["-0.01", "100.01", "8.005", "NaN", "Infinity", "-Infinity", "1E+30", "1E-30"])
def test_other_percent_points_are_refused(pct: str) -> None:
    with pytest.raises(InvalidInputError, match=r"^base_pct: ") as refused:
        check_pct(Decimal(pct), field="base_pct")
    assert refused.value.key is ErrorKey.VALUE_INVALID


@settings(deadline=None)
@given(
    starts=st.sets(st.integers(1, 10**6), max_size=8),
    sales=st.decimals(0, 10**7, places=2),
)
def test_every_amount_is_in_exactly_one_range(starts: set[int], sales: Decimal) -> None:
    table = make_rates(*((start, place) for place, start in enumerate([0, *sorted(starts)])))
    check_whole(table.steps, field="rates")
    holding = [
        step for step in table.steps if step.min_sales <= sales and (step.max_sales is None or sales < step.max_sales)
    ]
    assert [step.pct for step in holding] == [table.find_pct(sales)]
