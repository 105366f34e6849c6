"""Two at the same moment: one wins, the other is told, the ledger is whole (PAYROLL D39)."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial

import pytest

from payroll.correction_requests import CorrectionResult
from payroll.errors import DomainError, ErrorKey
from payroll.people import Person
from payroll.periods import CloseReport, PayoutReport
from payroll.refunds import Refund
from payroll.shifts import NewShift
from postgres_service import PostgresService
from tests.integration.test_concurrency import run_at_once
from tests.owners import FIRST_HALF, MAX, OLGA, assert_books_agree, hire_owner, sell, usd
from tests.shift_data import ANN

ROUNDS = int(os.environ.get("RACE_ROUNDS", "20"))
"""`RACE_ROUNDS=200` for the long form."""


@pytest.fixture
def admins(service: PostgresService) -> list[Person]:
    return [hire_owner(service, number) for number in (OLGA, MAX)]


def run_both(calls: Sequence[Callable[[], object]]) -> list[object]:
    """What each of them gave, or the error that it was told."""
    return list(run_at_once(calls))


def list_outcomes(results: list[object]) -> list[object]:
    """The type of what came back, or the key of the error that was told."""
    return [one.key if isinstance(one, DomainError) else type(one) for one in results]


def test_two_admins_on_one_request(service: PostgresService, admins: list[Person]) -> None:
    sell(service, 10)
    ann = service.people.get(ANN)
    service.periods.close(FIRST_HALF, actor=admins[0])
    begin = datetime(2026, 11, 1, 12, tzinfo=UTC)
    for number in range(ROUNDS):
        start = begin + timedelta(hours=number)
        new = NewShift(ANN, start, start + timedelta(minutes=30), {1: usd(10)})
        correction_id = service.corrections.ask_new(new, "forgotten", actor=ann).correction_id
        outcomes = list_outcomes(
            run_both([
                partial(service.corrections.approve, correction_id, actor=admins[0]),
                partial(service.corrections.approve, correction_id, actor=admins[1]),
            ])
        )  # fmt: skip
        assert Counter(outcomes) == {CorrectionResult: 1, ErrorKey.REQUEST_DECIDED: 1}
    assert len(service.get_all_shifts()) == ROUNDS + 1
    assert_books_agree(service)


def test_close_against_edit(service: PostgresService, admins: list[Person]) -> None:
    seen: Counter[object] = Counter()
    shift_id = sell(service, 10)
    for number in range(ROUNDS):
        amount = Decimal(500 + number)
        closed, edited = run_both([
            partial(service.periods.close, FIRST_HALF, actor=admins[0]),
            partial(service.update_total_sales, shift_id, amount),
        ])  # fmt: skip
        assert isinstance(closed, CloseReport)
        assert edited is True or (isinstance(edited, DomainError) and edited.key is ErrorKey.PERIOD_CLOSED)
        shift = service.get_shift_by_id(shift_id)
        assert shift is not None
        assert service.periods.find(ANN, FIRST_HALF).closing == shift["Total made"]
        assert (shift["Total sales"] == amount) is (edited is True)
        seen[edited is True] += 1
        service.periods.reopen(ANN, FIRST_HALF, actor=admins[0], reason="another round")
        service.update_total_sales(shift_id, 499)
    assert sum(seen.values()) == ROUNDS
    assert_books_agree(service)


def test_payout_against_refund(service: PostgresService, admins: list[Person]) -> None:
    """What was earned is paid, less the refund where that came first; what came second is carried forward."""
    day = date(2026, 11, 10)
    employees = range(1000, 1000 + ROUNDS)
    shifts = {who: sell(service, day.day, who=who) for who in employees}
    service.periods.close(FIRST_HALF, actor=admins[0])
    for who, shift_id in shifts.items():
        paid, refunded = run_both([
            partial(service.payouts.pay, actor=admins[0], employee_id=who),
            partial(service.refunds.book, shift_id, 1, usd(100), "chargeback", actor=admins[1]),
        ])  # fmt: skip
        assert isinstance(paid, PayoutReport)
        assert isinstance(refunded, Refund)
        balance = service.statistics.get_balance(who)
        assert (paid.total, balance) in ((usd(160), usd(-8)), (usd(152), usd(0)))
    assert_books_agree(service)


def test_two_payouts_at_once(service: PostgresService, admins: list[Person]) -> None:
    employees = range(1000, 1000 + ROUNDS)
    for who in employees:
        sell(service, 10, who=who)
    service.periods.close(FIRST_HALF, actor=admins[0])
    for who in employees:
        outcomes = list_outcomes(
            run_both([
                partial(service.payouts.pay, actor=admins[0], employee_id=who),
                partial(service.payouts.pay, actor=admins[1], employee_id=who),
            ])
        )  # fmt: skip
        assert Counter(outcomes) == {PayoutReport: 1, ErrorKey.NOTHING_DUE: 1}
        assert service.statistics.get_balance(who) == usd(0)
    assert_books_agree(service)
