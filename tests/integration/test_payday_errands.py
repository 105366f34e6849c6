"""What an admin agreed to is what is closed and paid: where it changed in the meantime, nothing is done (SPEC 4.17)."""

from decimal import Decimal
from functools import partial

import pytest

from bot.errands import AdminErrand, Errand, PeriodSubject
from bot.use_cases.payday import ERRANDS, SURE
from payroll.adjustments import AdjustmentKind
from payroll.errors import ConflictError, ErrorKey
from payroll.people import Person
from payroll.periods import CloseReport, PayoutReport, PeriodState
from payroll.refunds import Refund
from postgres_service import PostgresService
from tests.integration.test_owner_races import ROUNDS, run_both
from tests.owners import FIRST_HALF, MAX, assert_books_agree, hire_owner, sell
from tests.shift_data import ANN


def agree(service: PostgresService, admin: Person, kind: AdminErrand, employee_id: int | None = None) -> Errand:
    """The errand, for everybody or one person, with a yes to what it would do now."""
    errand = Errand(kind, subject=PeriodSubject(FIRST_HALF, employee_id).dump())
    question = ERRANDS[kind].ask(service, admin, errand)
    assert question is not None
    return errand.answer(SURE, question.choices[0].value)


def carry_out(service: PostgresService, admin: Person, errand: Errand) -> object:
    with service.transaction():
        return ERRANDS[errand.kind].do(service, admin, errand)


def test_amounts_that_changed_after_the_yes_are_not_closed(service: PostgresService) -> None:
    olga = hire_owner(service)
    sell(service, 10)
    errand = agree(service, olga, AdminErrand.CLOSE)
    sell(service, 11)
    with pytest.raises(ConflictError) as caught:
        carry_out(service, olga, errand)
    assert caught.value.key is ErrorKey.DRAFT_CLOSED
    assert service.periods.find(ANN, FIRST_HALF).state is PeriodState.OPEN
    carry_out(service, olga, agree(service, olga, AdminErrand.CLOSE))
    assert service.periods.find(ANN, FIRST_HALF).closing == Decimal("320.00")


def test_a_deduction_after_the_yes_stops_the_payout(service: PostgresService) -> None:
    olga = hire_owner(service)
    sell(service, 10)
    carry_out(service, olga, agree(service, olga, AdminErrand.CLOSE))
    errand = agree(service, olga, AdminErrand.PAY)
    service.adjustments.book(ANN, AdjustmentKind.DEDUCTION, Decimal("60.00"), "a broken headset", actor=olga)
    with pytest.raises(ConflictError):
        carry_out(service, olga, errand)
    assert service.statistics.get_balance(ANN) == Decimal("100.00")
    carry_out(service, olga, agree(service, olga, AdminErrand.PAY))
    assert service.statistics.get_balance(ANN) == 0


# --- two at the same moment -------------------------------------------------------------------------------------------


def count_told(service: PostgresService, kind: str) -> int:
    return sum(one.kind == kind for one in service.outbox.list_unsent(limit=10_000))


def test_of_two_admins_who_close_at_once_one_does_and_the_other_finds_nothing_left(service: PostgresService) -> None:
    olga, max_ = hire_owner(service), hire_owner(service, MAX)
    sell(service, 10)
    for number in range(1, ROUNDS + 1):
        agreed = [(admin, agree(service, admin, AdminErrand.CLOSE)) for admin in (olga, max_)]
        reports = run_both([partial(carry_out, service, admin, errand) for admin, errand in agreed])
        closed = sorted(len(report.closed) for report in reports if isinstance(report, CloseReport))
        assert closed == [0, 1]
        assert count_told(service, "period_closed") == number
        service.periods.reopen(ANN, FIRST_HALF, actor=olga, reason="another round")
    assert_books_agree(service)


def test_an_edit_at_the_same_moment_is_refused_or_stops_the_close(service: PostgresService) -> None:
    olga = hire_owner(service)
    shift_id = sell(service, 10)
    for number in range(ROUNDS):
        errand = agree(service, olga, AdminErrand.CLOSE)
        agreed = service.periods.find(ANN, FIRST_HALF).closing
        closed, edited = run_both([
            partial(carry_out, service, olga, errand),
            partial(service.update_total_sales, shift_id, Decimal(600 + number)),
        ])  # fmt: skip
        assert (edited is True) is isinstance(closed, ConflictError)
        if isinstance(closed, CloseReport):
            assert [one.closing for one in closed.closed] == [agreed]
            service.periods.reopen(ANN, FIRST_HALF, actor=olga, reason="another round")
    assert_books_agree(service)


def test_a_refund_at_the_same_moment_comes_after_the_payout_or_stops_it(service: PostgresService) -> None:
    olga, max_ = hire_owner(service), hire_owner(service, MAX)
    employees = range(1000, 1000 + ROUNDS)
    shifts = {who: sell(service, 10, who=who) for who in employees}
    service.periods.close(FIRST_HALF, actor=olga)
    for who, shift_id in shifts.items():
        errand = agree(service, olga, AdminErrand.PAY, who)
        paid, refunded = run_both([
            partial(carry_out, service, olga, errand),
            partial(service.refunds.book, shift_id, 1, Decimal(100), "chargeback", actor=max_),
        ])  # fmt: skip
        assert isinstance(refunded, Refund)
        is_paid = isinstance(paid, PayoutReport)
        assert is_paid or (isinstance(paid, ConflictError) and paid.key is ErrorKey.DRAFT_CLOSED)
        assert service.statistics.get_balance(who) == Decimal("-8.00" if is_paid else "152.00")
    assert_books_agree(service)
