"""Dates as people type them, on Monday 16 November 2026."""

import contextlib
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll.errors import ErrorKey, InvalidInputError
from payroll.typed_dates import Looking, parse_day

MONDAY = date(2026, 11, 16)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026/11/10", (2026, 11, 10)), ("2026-11-10", (2026, 11, 10)), ("2026.11.10", (2026, 11, 10)),
        ("today", (2026, 11, 16)), (" Yesterday ", (2026, 11, 15)), ("the day before yesterday", (2026, 11, 14)),
        ("Sunday", (2026, 11, 15)), ("sun", (2026, 11, 15)), ("tue", (2026, 11, 10)), ("Tues", (2026, 11, 10)),
        ("last friday", (2026, 11, 13)), ("last monday", (2026, 11, 9)), ("on saturday", (2026, 11, 14)),
        ("3 days ago", (2026, 11, 13)), ("a day ago", (2026, 11, 15)), ("two weeks ago", (2026, 11, 2)),
        ("a week ago", (2026, 11, 9)),
        ("29 Oct", (2026, 10, 29)), ("Oct 29", (2026, 10, 29)), ("29th of October", (2026, 10, 29)),
        ("October 29, 2025", (2025, 10, 29)), ("29 oct 2025", (2025, 10, 29)), ("1 Sept.", (2026, 9, 1)),
        ("20 Nov", (2025, 11, 20)), ("16 nov", (2026, 11, 16)),
        ("10/29", (2026, 10, 29)), ("29/10", (2026, 10, 29)), ("11/11", (2026, 11, 11)), ("11/25", (2025, 11, 25)),
        ("29-10-2026", (2026, 10, 29)), ("10/29/26", (2026, 10, 29)),
        ("3.11", (2026, 11, 3)), ("3.11.", (2026, 11, 3)), ("03.11.2026", (2026, 11, 3)),
        ("15", (2026, 11, 15)), ("the 20th", (2026, 10, 20)), ("31", (2026, 10, 31)), ("29 feb", (2024, 2, 29)),
    ],
)  # fmt: skip
def test_what_is_clear_is_read(typed: str, day: tuple[int, int, int]) -> None:
    assert parse_day(typed, MONDAY, Looking.BACK) == date(*day)


@pytest.mark.parametrize(
    ("typed", "readings"),
    [
        ("11/12", [(2025, 12, 11), (2026, 11, 12)]), ("12/11/2026", [(2026, 11, 12), (2026, 12, 11)]),
        ("2-3", [(2026, 2, 3), (2026, 3, 2)]), ("monday", [(2026, 11, 9), (2026, 11, 16)]),
    ],
)  # fmt: skip
def test_what_has_two_readings_is_refused_with_both(typed: str, readings: list[tuple[int, int, int]]) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_day(typed, MONDAY, Looking.BACK)
    assert refused.value.key is ErrorKey.DATE_AMBIGUOUS
    assert [refused.value.facts[name] for name in ("reading_1", "reading_2")] == [date(*one) for one in readings]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "soon",
        "2026/02/30",
        "30 Feb",
        "13/13",
        "32",
        "m",
        "ju",
        "ma 3",
        "8pm",
        "500",
        "0 days",
        "99999 weeks ago",
        "٣",
    ],
)
def test_what_is_no_date_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        parse_day(typed, MONDAY, Looking.BACK)
    assert refused.value.key is ErrorKey.DATE_NOT_READABLE


@pytest.mark.parametrize(
    ("typed", "ahead", "either"),
    [
        ("25 nov", date(2026, 11, 25), date(2026, 11, 25)), ("5 jan", date(2027, 1, 5), date(2027, 1, 5)),
        ("10 nov", date(2027, 11, 10), date(2026, 11, 10)), ("15", date(2026, 12, 15), date(2026, 11, 15)),
        ("next friday", date(2026, 11, 20), date(2026, 11, 20)), ("in 2 weeks", date(2026, 11, 30), date(2026, 11, 30)),
        ("tomorrow", date(2026, 11, 17), date(2026, 11, 17)), ("next monday", date(2026, 11, 23), date(2026, 11, 23)),
    ],
)  # fmt: skip
def test_the_side_on_which_a_date_lies_decides_about_its_year(typed: str, ahead: date, either: date) -> None:
    assert parse_day(typed, MONDAY, Looking.AHEAD) == ahead
    assert parse_day(typed, MONDAY) == either


def test_a_weekday_that_may_lie_on_either_side_has_two_readings() -> None:
    with pytest.raises(InvalidInputError, match=r"2026/11/13 or 2026/11/20"):
        parse_day("friday", MONDAY)
    assert parse_day("friday", MONDAY, Looking.AHEAD) == date(2026, 11, 20)


@given(st.text(max_size=30), st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.sampled_from(Looking))
def test_any_text_is_a_date_or_refused(text: str, today: date, looking: Looking) -> None:
    with contextlib.suppress(InvalidInputError):
        assert isinstance(parse_day(text, today, looking), date)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.dates(date(2001, 1, 1), date(2099, 1, 1)))
def test_a_date_with_its_year_is_read_whatever_today_is(day: date, today: date) -> None:
    for typed in (f"{day:%Y/%m/%d}", f"{day:%d.%m.%Y}", f"{day:%d %b %Y}", f"{day:%B %d, %Y}"):
        assert parse_day(typed, today) == day
