"""What an admin agreed to is what is closed and paid: where it changed in the meantime, nothing is done (SPEC 4.17)."""

from decimal import Decimal
from functools import partial
from typing import Any

from bot.errands import AdminErrand, ErrandAsked, ErrandDone, PeriodSubject
from bot.keyboards.deciding import has_button
from bot.keyboards.errand import ErrandButton
from bot.use_cases import errands
from bot.views.errands import render_errand
from bot.words import load_words
from payroll.adjustments import AdjustmentKind
from payroll.people import Person
from payroll.periods import CloseReport, PayoutReport, PeriodState
from payroll.refunds import Refund
from postgres_service import PostgresService
from tests.integration.test_owner_races import ROUNDS, run_both
from tests.owners import FIRST_HALF, MAX, assert_books_agree, hire_owner, sell
from tests.shift_data import ANN


def ask(service: PostgresService, admin: Person, kind: AdminErrand, employee_id: int | None = None) -> ErrandAsked:
    """The last question, for everybody or one person, with what a yes would do now."""
    asked = errands.begin(service, admin, kind, PeriodSubject(FIRST_HALF, employee_id).dump())
    assert isinstance(asked, ErrandAsked)
    return asked


def agree(service: PostgresService, admin: Person, asked: ErrandAsked) -> Any:
    """What the Yes of a question does; None where it is not any more what was shown."""
    words, zone = load_words("en"), service.rules.zone
    yes = render_errand(words, zone, asked).keyboard
    assert yes is not None
    tapped = ErrandButton.unpack(yes.inline_keyboard[0][0].callback_data or "")
    with service.transaction():
        taken = errands.take_up(service, admin, tapped.draft_id, tapped.revision)
        if not has_button(render_errand(words, zone, taken.asked).keyboard, tapped):
            return None
        done = errands.press(service, admin, taken, tapped.act, tapped.value)
    assert isinstance(done, ErrandDone)
    return done.outcome


def test_amounts_that_changed_after_they_were_shown_are_not_closed(service: PostgresService) -> None:
    olga = hire_owner(service)
    sell(service, 10)
    asked = ask(service, olga, AdminErrand.CLOSE)
    sell(service, 11)
    assert agree(service, olga, asked) is None
    assert service.periods.find(ANN, FIRST_HALF).state is PeriodState.OPEN
    assert agree(service, olga, ask(service, olga, AdminErrand.CLOSE)) is not None
    assert service.periods.find(ANN, FIRST_HALF).closing == Decimal("320.00")


def test_a_deduction_after_it_was_shown_stops_the_payout(service: PostgresService) -> None:
    olga = hire_owner(service)
    sell(service, 10)
    agree(service, olga, ask(service, olga, AdminErrand.CLOSE))
    asked = ask(service, olga, AdminErrand.PAY)
    service.adjustments.book(ANN, AdjustmentKind.DEDUCTION, Decimal("60.00"), "a broken headset", actor=olga)
    assert agree(service, olga, asked) is None
    assert service.statistics.get_balance(ANN) == Decimal("100.00")
    agree(service, olga, ask(service, olga, AdminErrand.PAY))
    assert service.statistics.get_balance(ANN) == 0


# --- two at the same moment -------------------------------------------------------------------------------------------


def count_told(service: PostgresService, kind: str) -> int:
    return sum(one.kind == kind for one in service.outbox.list_unsent(limit=10_000))


def test_of_two_admins_who_close_at_once_one_does_and_the_other_finds_nothing_left(service: PostgresService) -> None:
    olga, max_ = hire_owner(service), hire_owner(service, MAX)
    sell(service, 10)
    for number in range(1, ROUNDS + 1):
        asked = [(admin, ask(service, admin, AdminErrand.CLOSE)) for admin in (olga, max_)]
        reports = run_both([partial(agree, service, admin, one) for admin, one in asked])
        assert [len(report.closed) for report in reports if isinstance(report, CloseReport)] == [1]
        assert None in reports
        assert count_told(service, "period_closed") == number
        service.periods.reopen(ANN, FIRST_HALF, actor=olga, reason="another round")
    assert_books_agree(service)


def test_an_edit_at_the_same_moment_is_refused_or_stops_the_close(service: PostgresService) -> None:
    olga = hire_owner(service)
    shift_id = sell(service, 10)
    for number in range(ROUNDS):
        asked = ask(service, olga, AdminErrand.CLOSE)
        agreed = service.periods.find(ANN, FIRST_HALF).closing
        closed, edited = run_both([
            partial(agree, service, olga, asked),
            partial(service.update_total_sales, shift_id, Decimal(600 + number)),
        ])  # fmt: skip
        assert (edited is True) is (closed is None)
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
        asked = ask(service, olga, AdminErrand.PAY, who)
        paid, refunded = run_both([
            partial(agree, service, olga, asked),
            partial(service.refunds.book, shift_id, 1, Decimal(100), "chargeback", actor=max_),
        ])  # fmt: skip
        assert isinstance(refunded, Refund)
        is_paid = isinstance(paid, PayoutReport)
        assert is_paid or paid is None
        assert service.statistics.get_balance(who) == Decimal("-8.00" if is_paid else "152.00")
    assert_books_agree(service)
