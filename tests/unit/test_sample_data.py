"""The playground's two months: the same every time, realistic, and without surprises on any day of the year."""

from datetime import date, datetime, time, timedelta

import pytest

from bot.words import load_words
from payroll.money import CENT
from payroll.starting_values import RANKS
from playground.sample_data import (
    ADMIN_ID,
    BORIS,
    CHEN,
    DAYS,
    EMPLOYEES,
    SUGGESTIONS,
    SampleShift,
    make_sample_shifts,
)

PRODUCTS = ("Model A", "Model B", "Model C", "Model D")
DAYS_OF_A_YEAR = [date(2026, 1, 1) + timedelta(days=day) for day in range(0, 366, 3)]


def split_by_person_and_month(shifts: list[SampleShift]) -> list[list[SampleShift]]:
    months: dict[tuple[int, int, int], list[SampleShift]] = {}
    for shift in shifts:
        months.setdefault((shift.person_id, shift.day.year, shift.day.month), []).append(shift)
    return list(months.values())


def test_the_same_day_gives_the_same_shifts() -> None:
    today = date(2026, 11, 16)
    assert make_sample_shifts(today, PRODUCTS) == make_sample_shifts(today, PRODUCTS)


@pytest.mark.parametrize("today", DAYS_OF_A_YEAR)
def test_everybody_has_two_months_that_end_the_day_before_yesterday(today: date) -> None:
    shifts = make_sample_shifts(today, PRODUCTS)
    assert {shift.person_id for shift in shifts} == {employee.person_id for employee in EMPLOYEES}
    days = [shift.day for shift in shifts]
    assert min(days) >= today - timedelta(days=DAYS)
    assert min(days) <= today - timedelta(days=DAYS - 3)
    assert today - timedelta(days=4) <= max(days) <= today - timedelta(days=2)
    assert 100 <= len(shifts) <= 140


@pytest.mark.parametrize("today", DAYS_OF_A_YEAR)
def test_yesterday_is_free_from_midnight_on(today: date) -> None:
    yesterday = datetime.combine(today - timedelta(days=1), time())
    for shift in make_sample_shifts(today, PRODUCTS):
        assert datetime.combine(shift.day, time()) + timedelta(minutes=shift.end_minute) <= yesterday


@pytest.mark.parametrize("today", DAYS_OF_A_YEAR)
def test_no_rank_is_near_nor_reached_in_the_last_two_shifts_of_a_month(today: date) -> None:
    ranks = [rank.min_sales for rank in RANKS if rank.min_sales > 0]
    for month in split_by_person_and_month(make_sample_shifts(today, PRODUCTS)):
        total = sum(shift.total_cents for shift in month) * CENT
        before = sum(shift.total_cents for shift in month[:-2]) * CENT
        assert not any(before < rank <= total or rank - 1000 < total < rank for rank in ranks)


def test_sales_are_of_the_products_there_are() -> None:
    for products in (("Only one",), PRODUCTS):
        for shift in make_sample_shifts(date(2026, 11, 16), products):
            assert set(shift.sales) <= set(products)
            assert all(cents > 0 for cents in shift.sales.values())


def test_what_is_suggested_names_people_who_are_there_and_buttons_as_they_read() -> None:
    words, said = load_words("en"), {one.person_id: one.text for one in SUGGESTIONS}
    assert said.keys() <= {*(employee.person_id for employee in EMPLOYEES), ADMIN_ID}
    for person_id, key in (
        (CHEN.person_id, "place-shift"),
        (BORIS.person_id, "place-ranks"),
        (ADMIN_ID, "place-admin"),
        (ADMIN_ID, "desk-periods"),
    ):
        assert words.plain(key) in said[person_id]
