"""Pay days as a setting: other ones hold from the next period, and no period overlaps another (PAYROLL D40)."""

from datetime import date
from typing import Any

import pytest

from config import Config
from payroll.errors import ForbiddenError, InvalidInputError
from payroll.offers import BonusOffer, BonusType
from payroll.pay_periods import PayPeriod
from payroll.people import Person
from payroll.settings import Setting, SettingKey
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.owners import (
    FIRST_HALF,
    SECOND_HALF,
    assert_books_agree,
    hire_owner,
    list_audited,
    list_booked,
    move_to,
    sell,
    usd,
)
from tests.shift_data import ANN

DECEMBER = date(2026, 12, 1)


def change(service: PostgresService, days: str | None, olga: Person) -> Setting:
    """Other pay days; the setting as it is then."""
    service.settings.change(SettingKey.PAY_DAYS, days, actor=olga)
    return service.settings.find(SettingKey.PAY_DAYS)


def list_starts(database: dict[str, Any]) -> list[tuple[str, str]]:
    """The periods that are closed."""
    found = fetch_all(database, "SELECT start_date, end_date FROM pay_periods WHERE state <> 'open' ORDER BY 1")
    return [(f"{start:%m-%d}", f"{end:%m-%d}") for start, end in found]


def test_changed_pay_days_hold_from_the_next_period(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock, olga: Person
) -> None:
    """On 16 November 1 and 15 become 10 and 25: the period of that day still ends on the 30th."""
    sell(service, 16)
    setting = change(service, "25, 10", olga)
    assert (setting.value, setting.since, setting.value_before, setting.is_set) == ("10,25", DECEMBER, "1,15", True)
    assert service.statistics.get_summary(ANN).next_pay_day == DECEMBER
    assert list_audited(database) == [("setting changed", "setting:pay_days")]
    move_to(clock, date(2026, 12, 26))
    assert service.settings.find(SettingKey.PAY_DAYS).since is None
    for day in (5, 15, 26):
        sell(service, day, month=12)
    assert [line[3] for line in list_booked(database)] == ["2026-11-15", "2026-12-01", "2026-12-10", "2026-12-25"]
    summary = service.statistics.get_summary(ANN)
    assert (summary.last_pay_day, summary.next_pay_day) == (date(2026, 12, 25), date(2027, 1, 10))
    for held_day in (SECOND_HALF, DECEMBER, date(2026, 12, 12)):
        service.periods.close(held_day, actor=olga)
    assert list_starts(database) == [("11-15", "11-30"), ("12-01", "12-09"), ("12-10", "12-24")]
    newest, *_ = service.periods.list_of(ANN, 9)
    assert newest.period == PayPeriod(date(2026, 12, 25), date(2027, 1, 9))
    assert_books_agree(service)


def test_a_day_past_the_end_of_the_month_is_its_last_day(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    change(service, "31", olga)
    move_to(clock, date(2027, 3, 5))
    periods = [service.periods.find(olga.employee_id, day).period for day in (date(2027, 2, 27), date(2027, 2, 28))]
    assert [(one.start_date, one.end_date) for one in periods] == [
        (date(2027, 1, 31), date(2027, 2, 27)), (date(2027, 2, 28), date(2027, 3, 30)),
    ]  # fmt: skip


def test_what_is_closed_or_booked_ahead_keeps_its_period(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock, olga: Person
) -> None:
    """A day off granted for 20 December stands in the period from the 15th to the 31st: no other may begin in it."""
    sell(service, 10)
    max_ = hire_owner(service, 901)
    held = service.bonuses.grant(ANN, BonusOffer(BonusType.PAID_DAY_OFF, None), actor=olga)
    bonus_id = held.bonus.bonus_id or 0
    service.bonuses.request_day_off(bonus_id, date(2026, 12, 20), actor=service.people.get(ANN))
    service.bonuses.approve_day_off(bonus_id, actor=max_)
    assert change(service, "10,25", olga).since == date(2027, 1, 1)
    assert list_booked(database)[-1][2:] == (str(usd(120)), "2026-12-15")
    move_to(clock, date(2027, 1, 12))
    for day in (FIRST_HALF, date(2026, 12, 20), date(2027, 1, 5)):
        service.periods.close(day, actor=olga)
    assert list_starts(database) == [("11-01", "11-14"), ("12-15", "12-31"), ("01-01", "01-09")]
    assert_books_agree(service)


def test_back_to_the_default_before_it_held_changes_nothing(service: PostgresService, olga: Person) -> None:
    change(service, "10,25", olga)
    setting = change(service, None, olga)
    assert (setting.value, setting.since, setting.is_set) == ("1,15", None, False)
    assert service.periods.find(olga.employee_id, date(2026, 12, 3)).period == PayPeriod(DECEMBER, date(2026, 12, 14))


@pytest.mark.parametrize("days", ["", "0,15", "32", "1;15", "monthly", "1,15,1000", "-1"])
def test_pay_days_that_are_none_are_refused(service: PostgresService, olga: Person, days: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        change(service, days, olga)
    assert "days of the month from 1 to 31" in caught.value.allowed
    assert service.settings.find(SettingKey.PAY_DAYS).value == "1,15"


def test_only_an_owner_changes_them(service: PostgresService, olga: Person) -> None:
    sell(service, 16)
    with pytest.raises(ForbiddenError):
        change(service, "10", service.people.get(ANN))


def test_other_pay_days_in_the_settings_file_hold_from_the_next_period_too(
    service: PostgresService, database: dict[str, Any]
) -> None:
    """Who starts with another PAY_DAYS moves no period that was; a second start with the same changes nothing."""
    sell(service, 16)
    for _ in range(2):
        PostgresSchema(**database, config=Config(pay_days=(10, 25))).init_schema()
        days = service.pay_days.read()
        assert len(days.versions) == 2
        assert days.versions[0][1] == (1, 15)
        assert days.versions[1][0].day in (1, 15)
        assert days.versions[1][0] > fetch_all(database, "SELECT now()::date")[0][0]
