"""Settings of `.env` that are other ones than at the last start: noted, told and logged if they move money."""

import logging
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from config import Config
from payroll.people import Person
from payroll.settings import SettingKey
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.outbox import Notice
from tests.databases import fetch_all
from tests.owners import assert_books_agree, hire_owner, sell


@pytest.fixture(autouse=True)
def olga(service: PostgresService) -> Person:
    """The owner, and a shift that what was set before has priced."""
    owner = hire_owner(service)
    sell(service, 16)
    return owner


def start(database: dict[str, Any], **settings: Any) -> None:
    """A start of the bot with these settings, all others as they are unless set."""
    PostgresSchema(**database, config=Config(**settings)).init_schema()


def list_noted(database: dict[str, Any]) -> list[tuple[str, str | None, str | None, bool]]:
    """Of the audit log: which setting, from what, to what, and whether it holds from a date on."""
    query = "SELECT subject, old->>'value', new->>'value', new ? 'valid_from' FROM audit_log ORDER BY id"
    return [(subject.removeprefix("setting:"), *rest) for subject, *rest in fetch_all(database, query)]


def list_told(service: PostgresService) -> list[Notice]:
    """What the admins are told of settings."""
    return [one for one in service.outbox.list_unsent() if one.kind == "settings_changed"]


@pytest.mark.parametrize(
    ("settings", "noted"),
    [
        ({"timezone": "Asia/Tokyo"}, ("time_zone", "America/New_York", "Asia/Tokyo", False)),
        ({"is_fixed_utc_minus_5": True}, ("time_zone", "America/New_York", "Etc/GMT+5", False)),
        ({"commission_rate": Decimal("0.255")}, ("commission_rate", "20%", "25.5%", True)),
        ({"dynamic_rate_basis": "shift"}, ("dynamic_rate_basis", "day", "shift", True)),
        ({"pay_days": (10, 25)}, ("pay_days", "1,15", "10,25", True)),
        ({"is_rank_lowered_by_refund": True}, ("refund_lowers_rank", "false", "true", False)),
        ({"paid_day_off_hours": Decimal("7.5")}, ("paid_day_off_hours", "8", "7.5", False)),
        ({"max_shift_hours": 12}, ("max_shift_hours", "24", "12", False)),
        ({"earliest_shift": date(2026, 1, 1)}, ("earliest_shift", None, "2026-01-01", False)),
    ],
)
def test_each_that_moves_money_or_dates_is_noted_and_told_once(
    service: PostgresService,
    database: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
    settings: dict[str, Any],
    noted: tuple[str, str | None, str | None, bool],
) -> None:
    before = len(list_noted(database))
    for _ in range(2):
        start(database, **settings)
    assert list_noted(database)[before:] == [noted]
    (notice,) = list_told(service)
    (change,) = notice.payload["changes"]
    assert (change["key"], change["old"], change["new"], "since" in change) == noted
    logged = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert len(logged) == 1
    assert logged[0].startswith(f"the setting {noted[0]} is another than at the last start: {noted[1]} -> {noted[2]}")
    assert_books_agree(service)


def test_a_slip_that_is_put_right_the_same_day_is_noted_both_ways(
    service: PostgresService, database: dict[str, Any]
) -> None:
    before = len(list_noted(database))
    for cut in ("0.02", "0.20"):
        start(database, commission_rate=Decimal(cut))
    assert [one[1:3] for one in list_noted(database)[before:]] == [("20%", "2%"), ("2%", "20%")]
    assert len(list_told(service)) == 2


def test_several_at_once_are_one_notice(service: PostgresService, database: dict[str, Any]) -> None:
    start(database, commission_rate=Decimal("0.25"), timezone="Asia/Tokyo", pay_days=(10, 25))
    (notice,) = list_told(service)
    assert [one["key"] for one in notice.payload["changes"]] == ["time_zone", "commission_rate", "pay_days"]


def test_a_default_that_the_owner_has_set_aside_changes_nothing(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    service.settings.change(SettingKey.PAID_DAY_OFF_HOURS, "6", actor=olga)
    before = len(list_noted(database))
    start(database, paid_day_off_hours=Decimal(7))
    assert len(list_noted(database)) == before
    assert list_told(service) == []


def test_the_same_settings_are_no_news(service: PostgresService, database: dict[str, Any]) -> None:
    before = len(list_noted(database))
    start(database)
    assert (len(list_noted(database)), list_told(service)) == (before, [])
