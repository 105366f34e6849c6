"""Payouts: exactly what is due, once (SPEC 4.22, PAYROLL D34, D38)."""

from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from payroll.errors import ConflictError, ErrorKey, ForbiddenError
from payroll.people import Person
from payroll.periods import PeriodState
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import connect
from tests.owners import (
    FIRST_HALF,
    MAX,
    OLGA,
    SECOND_HALF,
    assert_books_agree,
    hire_owner,
    list_audited,
    list_booked,
    move_to,
    sell,
    sell_nothing,
    usd,
)
from tests.shift_data import ANN, BEN


def list_paid(service: PostgresService, admin: Person, who: int | None = None) -> list[tuple[int, Decimal]]:
    return [(one.employee_id, one.amount) for one in service.payouts.pay(actor=admin, employee_id=who).paid]


def test_everybody_is_paid_what_is_due_and_nobody_twice(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    sell(service, 10)
    sell(service, 16)
    sell(service, 10, 700, who=BEN)
    assert list_paid(service, olga) == [], "nothing is closed"
    service.periods.close(FIRST_HALF, actor=olga)
    assert [(one.employee_id, one.amount) for one in service.payouts.list_due()] == [(ANN, usd(160)), (BEN, usd(176))]
    report = service.payouts.pay(actor=olga)
    assert (report.total, report.left_out) == (usd(336), ())
    assert list_booked(database)[-1] == ("period:2026-11-01", "payout", "-160.00", "2026-11-15")
    assert service.statistics.get_balance(ANN) == usd(160), "what is earned since stays"
    assert list_paid(service, olga) == []
    with pytest.raises(ConflictError) as caught:
        service.payouts.pay(actor=olga, employee_id=ANN)
    assert (caught.value.key, caught.value.value) == (ErrorKey.NOTHING_DUE, f"Person {ANN}")
    one = service.periods.find(ANN, FIRST_HALF)
    assert (one.state, one.paid) == (PeriodState.PAID, usd(160))
    with pytest.raises(ConflictError) as caught:
        service.periods.reopen(ANN, FIRST_HALF, actor=olga, reason="too late")
    assert caught.value.key is ErrorKey.PERIOD_PAID
    assert list_audited(database)[-2:] == [("period paid", f"period:{who}:2026-11-01") for who in (ANN, BEN)]
    assert_books_agree(service)


def test_nothing_due_marks_the_period_as_paid_without_a_line(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock, olga: Person
) -> None:
    sell(service, 10)
    service.periods.close(FIRST_HALF, actor=olga)
    service.payouts.pay(actor=olga)
    lines = list_booked(database)
    move_to(clock, date(2026, 12, 1))
    service.periods.close(SECOND_HALF, actor=olga)
    assert list_paid(service, olga, ANN) == [(ANN, usd(0))]
    assert list_booked(database) == lines
    assert service.periods.find(ANN, SECOND_HALF).state is PeriodState.PAID


def test_two_closed_periods_are_paid_in_one_sum(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock, olga: Person
) -> None:
    sell(service, 10)
    sell_nothing(service, 16)
    move_to(clock, date(2026, 12, 1))
    service.periods.close(FIRST_HALF, actor=olga)
    service.periods.close(SECOND_HALF, actor=olga)
    assert list_paid(service, olga) == [(ANN, usd(280))]
    assert [one.state for one in service.periods.list_of(ANN, 9)][1:] == [PeriodState.PAID, PeriodState.PAID]
    assert service.statistics.get_balance(ANN) == usd(0)
    assert_books_agree(service)


def test_an_admins_own_payout_is_another_admins_where_there_is_one(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    sell(service, 10, who=OLGA)
    sell(service, 10)
    service.periods.close(FIRST_HALF, actor=olga)
    max_ = hire_owner(service, MAX)
    report = service.payouts.pay(actor=olga)
    assert ([one.employee_id for one in report.paid], [one.employee_id for one in report.left_out]) == ([ANN], [OLGA])
    with pytest.raises(ForbiddenError) as caught:
        service.payouts.pay(actor=olga, employee_id=OLGA)
    assert caught.value.key is ErrorKey.OWN_MATTER
    assert list_paid(service, max_) == [(OLGA, usd(160))]
    assert ("period closed (own)", f"period:{OLGA}:2026-11-01") in list_audited(database)


def test_alone_an_admin_may_pay_themselves_and_the_log_says_so(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    sell(service, 10, who=OLGA)
    service.periods.close(FIRST_HALF, actor=olga)
    assert list_paid(service, olga) == [(OLGA, usd(160))]
    assert list_audited(database)[-1] == ("period paid (own)", f"period:{OLGA}:2026-11-01")


def test_no_employee_pays(service: PostgresService, olga: Person) -> None:
    sell(service, 10)
    service.periods.close(FIRST_HALF, actor=olga)
    with pytest.raises(ForbiddenError):
        service.payouts.pay(actor=service.people.get(ANN))


@pytest.mark.parametrize("units", ["160.01", "160.00"])
def test_the_database_pays_nobody_twice_and_nobody_what_is_not_owed(
    service: PostgresService, database: dict[str, Any], olga: Person, units: str
) -> None:
    sell(service, 10)
    service.periods.close(FIRST_HALF, actor=olga)
    if units == "160.00":
        service.payouts.pay(actor=olga)
        sell(service, 16)
    with connect(database) as bot, pytest.raises((psycopg.errors.CheckViolation, psycopg.errors.UniqueViolation)):
        bot.execute(
            """
            INSERT INTO balance_transactions (sub, entry_no, direction, units, balance_after, period_start, period_end,
                                              ref, reason, source_service)
            SELECT b.sub, b.entry_no + 1, 'debit', %(units)s, b.balance_after - %(units)s, '2026-11-15', '2026-11-30',
                   'period:2026-11-01', 'payout', 'x'
              FROM balance_transactions b JOIN employees e USING (sub) WHERE e.employee_id = %(who)s
             ORDER BY entry_no DESC LIMIT 1
            """,
            {"units": Decimal(units), "who": ANN},
        )
