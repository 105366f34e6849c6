"""The playground's sample data in a database: there is something to see for everybody, and it is written once."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.sample import write_sample_data
from payroll.business_time import BusinessZone
from payroll.offers import BonusType
from payroll.people import Role
from payroll.periods import PeriodState
from payroll.records import get_month
from playground.sample_data import ADMIN_ID, EMPLOYEES
from postgres_service import PostgresService
from repository.rules import Rules
from tests.databases import fetch_all

NEW_YORK = BusinessZone.named("America/New_York")


def rules_at(now: datetime) -> Rules:
    return Rules(NEW_YORK, clock=lambda: now)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 16, 15, tzinfo=UTC),
        datetime(2026, 11, 2, 5, 30, tzinfo=UTC),
        datetime(2027, 3, 31, 23, tzinfo=UTC),
    ],
    ids=["in the middle of a month", "half an hour into a month's second day", "at a month's end"],
)
def test_there_is_something_for_everybody_and_the_next_shift_of_alice_pays_what_the_rules_say(
    database: dict[str, Any], now: datetime
) -> None:
    assert write_sample_data(rules_at(now), **database)
    with PostgresService(settle_ranks=True, rules=rules_at(now), **database) as service:
        for employee in EMPLOYEES:
            assert service.statistics.count_shifts(employee.person_id) >= 30
            assert service.statistics.get_balance(employee.person_id) > 100
            assert service.get_active_bonuses(employee.person_id)
        assert service.people.get(ADMIN_ID).role is Role.OWNER
        assert service.outbox.list_unsent() == []
        shift_id = service.create_shift(
            {
                "employee_id": 1001,
                "shift_date": str(service.rules.today().replace(day=service.rules.today().day - 1)),
                "time_in": "09:00",
                "time_out": "17:00",
                "products": {"Model A": 500},
            }
        )
        shift = service.get_shift_by_id(shift_id)
        assert shift is not None
        assert shift["Total made"] == Decimal("160.00")


def test_what_is_long_over_is_paid_and_the_last_period_waits_to_be_closed(database: dict[str, Any]) -> None:
    now = datetime(2026, 11, 16, 15, tzinfo=UTC)
    write_sample_data(rules_at(now), **database)
    with PostgresService(rules=rules_at(now), **database) as service:
        periods = service.periods.list_of(EMPLOYEES[0].person_id, 12)
        newest, *older = [one for one in periods if one.period.end_date < now.date()]
        assert (newest.period.end_date, newest.state) == (date(2026, 11, 14), PeriodState.OPEN)
        assert len(older) >= 3
        assert {one.state for one in older} == {PeriodState.PAID}
        assert service.reconciliation.run().differences == ()


def test_the_books_were_checked_just_now_and_all_of_them(database: dict[str, Any]) -> None:
    now = datetime(2026, 11, 16, 15, tzinfo=UTC)
    write_sample_data(rules_at(now), **database)
    with PostgresService(rules=rules_at(now), **database) as service:
        report = service.reconciliation.find_last()
    assert report is not None
    assert (report.finished_at, report.differences) == (now, ())
    assert report.checked["shifts"] == fetch_all(database, "SELECT count(*) FROM shifts")[0][0]


def test_the_ledger_is_in_the_order_of_time_each_period_in_one_piece(database: dict[str, Any]) -> None:
    write_sample_data(rules_at(datetime(2026, 11, 16, 15, tzinfo=UTC)), **database)
    for employee in EMPLOYEES:
        starts = fetch_all(
            database,
            "SELECT period_start FROM balance_transactions JOIN employees USING (sub)"
            " WHERE employee_id = %s ORDER BY entry_no",
            employee.person_id,
        )
        assert starts == sorted(starts)
        assert len({start for (start,) in starts}) >= 4


def test_ranks_were_reached_and_bonuses_used(database: dict[str, Any]) -> None:
    now = datetime(2026, 11, 16, 15, tzinfo=UTC)
    write_sample_data(rules_at(now), **database)
    with PostgresService(rules=rules_at(now), **database) as service:
        standings = [service.statistics.get_standing(one.person_id, get_month(now.date())) for one in EMPLOYEES]
    assert max(standing.position for standing in standings) >= 2
    used = fetch_all(database, "SELECT DISTINCT bonus_type FROM active_bonuses WHERE state = 'applied'")
    assert {BonusType.FLAT} < {BonusType(row[0]) for row in used}


def test_written_twice_it_is_there_once(database: dict[str, Any]) -> None:
    now = datetime(2026, 11, 16, 15, tzinfo=UTC)
    assert write_sample_data(rules_at(now), **database)
    count = fetch_all(database, "SELECT count(*) FROM shifts")
    assert not write_sample_data(rules_at(now), **database)
    assert fetch_all(database, "SELECT count(*) FROM shifts") == count
