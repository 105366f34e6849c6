"""What is due follows from the calendar alone: every period once it has ended, whenever somebody looks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payroll.business_time import BusinessZone
from payroll.pay_periods import PayDays
from payroll.schedule import LONGEST_WAIT, Calendar, Every, When, compute_retry_wait

NEW_YORK = Calendar(BusinessZone.named("America/New_York"), PayDays.always(1, 15))
FIXED = Calendar(BusinessZone.fixed_utc_minus_5(), PayDays.always(1, 15))
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("every", "now", "newest"),
    [
        (Every.DAY, "2026-11-01T00:00-04:00", "2026-10-31"),
        (Every.DAY, "2026-10-31T23:59:59-04:00", "2026-10-30"),
        (Every.MONTH, "2026-11-01T00:00-04:00", "2026-10"),
        (Every.MONTH, "2026-10-31T23:59:59-04:00", "2026-09"),
        (Every.MONTH, "2027-01-01T00:00-05:00", "2026-12"),
        (Every.PAY_DAY, "2026-11-01T00:00-04:00", "2026-11-01"),
        (Every.PAY_DAY, "2026-11-14T23:59:59-05:00", "2026-11-01"),
        (Every.PAY_DAY, "2026-11-15T00:00-05:00", "2026-11-15"),
        (Every.HOUR, "2026-11-01T00:00-04:00", "2026-11-01T03Z"),
        (Every.HOUR, "2026-11-01T03:59:59+00:00", "2026-11-01T02Z"),
    ],
)
def test_a_period_has_ended_from_the_instant_at_which_the_next_begins(every: Every, now: str, newest: str) -> None:
    assert NEW_YORK.find_newest_ended(every, at(now)) == newest


def test_the_months_end_is_midnight_in_the_business_zone_also_on_the_night_when_clocks_change() -> None:
    # 1 April 2024 and 1 November 2026: an hour apart in UTC, the same on the wall.
    assert NEW_YORK.find_newest_ended(Every.MONTH, at("2024-04-01T04:00+00:00")) == "2024-03"
    assert NEW_YORK.find_newest_ended(Every.MONTH, at("2024-04-01T03:59+00:00")) == "2024-02"
    assert FIXED.find_newest_ended(Every.MONTH, at("2024-04-01T04:59+00:00")) == "2024-02"
    assert FIXED.find_newest_ended(Every.MONTH, at("2024-04-01T05:00+00:00")) == "2024-03"


@pytest.mark.parametrize(
    ("when", "now", "newest"),
    [
        (When(from_hour=9), "2026-11-15T08:59:59-05:00", "2026-11-01"),
        (When(from_hour=9), "2026-11-15T09:00-05:00", "2026-11-15"),
        (When(days_ahead=1, from_hour=9), "2026-11-14T08:59:59-05:00", "2026-11-01"),
        (When(days_ahead=1, from_hour=9), "2026-11-14T09:00-05:00", "2026-11-15"),
        (When(days_ahead=1), "2026-10-31T00:00-04:00", "2026-11-01"),
        (When(days_ahead=14, from_hour=9), "2026-11-17T09:00-05:00", "2026-12-01"),
    ],
)
def test_what_people_are_reminded_of_is_due_some_days_before_and_in_the_morning(
    when: When, now: str, newest: str
) -> None:
    assert NEW_YORK.find_newest_ended(Every.PAY_DAY, at(now), when=when) == newest
    assert NEW_YORK.list_ended(Every.PAY_DAY, at(now), after="2026-10-15", when=when)[-1] == newest


def test_seven_years_of_pay_days_are_each_told_of_once_on_the_morning_before() -> None:
    when = When(days_ahead=1, from_hour=9)
    now, told = at("2024-01-02T09:00-05:00"), []
    reached = NEW_YORK.find_newest_ended(Every.PAY_DAY, now, when=when)
    while now < at("2031-01-02T09:00-05:00"):
        for name in NEW_YORK.list_ended(Every.PAY_DAY, now, after=reached, when=when):
            told.append((NEW_YORK.zone.date_of(now), date.fromisoformat(name)))
            reached = name
        now += timedelta(hours=1)
    assert len(told) == 7 * 24
    assert all(pay_day - day == timedelta(days=1) for day, pay_day in told)


def test_what_was_missed_is_listed_oldest_first() -> None:
    now = at("2026-11-17T12:00-05:00")
    assert NEW_YORK.list_ended(Every.DAY, now, after="2026-11-13") == ["2026-11-14", "2026-11-15", "2026-11-16"]
    assert NEW_YORK.list_ended(Every.MONTH, now, after="2026-07") == ["2026-08", "2026-09", "2026-10"]
    assert NEW_YORK.list_ended(Every.PAY_DAY, now, after="2026-10-01") == ["2026-10-15", "2026-11-01", "2026-11-15"]
    assert NEW_YORK.list_ended(Every.HOUR, now, after="2026-11-17T14Z") == ["2026-11-17T15Z", "2026-11-17T16Z"]


def test_nothing_is_due_where_the_newest_is_done_or_clocks_were_put_back_behind_it() -> None:
    now = at("2026-11-17T12:00-05:00")
    assert NEW_YORK.list_ended(Every.DAY, now, after="2026-11-16") == []
    assert NEW_YORK.list_ended(Every.DAY, now - timedelta(days=9), after="2026-11-16") == []


def test_the_hour_that_the_clocks_show_twice_is_two_hours() -> None:
    now = at("2026-11-01T03:00-05:00")
    assert NEW_YORK.list_ended(Every.HOUR, now, after="2026-11-01T03Z") == [
        "2026-11-01T04Z", "2026-11-01T05Z", "2026-11-01T06Z", "2026-11-01T07Z",
    ]  # fmt: skip


def test_other_pay_days_hold_for_what_comes_and_reach_back_for_nothing() -> None:
    later = Calendar(NEW_YORK.zone, PayDays.always(10, 20))
    assert later.list_ended(Every.PAY_DAY, at("2026-12-21T12:00-05:00"), after="2026-11-15") == [
        "2026-11-20", "2026-12-10", "2026-12-20",
    ]  # fmt: skip


def test_a_pay_day_past_the_end_of_the_month_is_its_last_day() -> None:
    month_end = Calendar(NEW_YORK.zone, PayDays.always(31))
    assert month_end.list_ended(Every.PAY_DAY, at("2026-05-01T12:00-04:00"), after="2026-01-31") == [
        "2026-02-28", "2026-03-31", "2026-04-30",
    ]  # fmt: skip


@pytest.mark.parametrize("calendar", [NEW_YORK, FIXED], ids=["New York", "UTC-5"])
@pytest.mark.parametrize("every", list(Every))
@given(now=INSTANTS, hours=st.integers(0, 24 * 70))
@settings(deadline=None, max_examples=60)
def test_looking_twice_lists_what_looking_once_lists(
    calendar: Calendar, every: Every, now: datetime, hours: int
) -> None:
    between, later = now + timedelta(hours=hours), now + timedelta(hours=24 * 70)
    start = calendar.find_newest_ended(every, now)
    first = calendar.list_ended(every, between, after=start)
    reached = first[-1] if first else start
    assert first + calendar.list_ended(every, later, after=reached) == calendar.list_ended(every, later, after=start)
    assert reached == calendar.find_newest_ended(every, between)
    assert first == sorted(set(first))


def test_a_leap_day_is_a_day() -> None:
    names = NEW_YORK.list_ended(Every.DAY, at("2028-03-01T12:00-05:00"), after="2028-02-27")
    assert [date.fromisoformat(name) for name in names] == [date(2028, 2, 28), date(2028, 2, 29)]


def test_what_fails_waits_longer_each_time_and_never_over_an_hour() -> None:
    minutes = [compute_retry_wait(failures).total_seconds() / 60 for failures in range(1, 9)]
    assert minutes == [1, 2, 4, 8, 16, 32, 60, 60]
    assert compute_retry_wait(10_000) == LONGEST_WAIT
