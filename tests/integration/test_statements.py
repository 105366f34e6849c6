"""Statements and reports: the same numbers everywhere; a closed one never changes (SPEC 4.21, 4.25, D3, D21, D33)."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.views.statement_lines import describe_line
from bot.words import load_words
from payroll.adjustments import AdjustmentKind
from payroll.offers import BonusOffer, BonusOrigin, BonusType, UsedBonus
from payroll.people import Person
from payroll.reports import Place, rank_places
from payroll.shifts import Correction, NewShift
from payroll.statements import LineKind, Statement
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.owners import FIRST_HALF, SECOND_HALF, assert_books_agree, hire_owner, move_to, sell, usd
from tests.shift_data import ANN, BEN, make_drawing_service


def by_hand(hours: int, sales: str, pct: int) -> Decimal:
    """A shift's pay as a spreadsheet has it: hours at 15.00, the sales less 20 %, a %."""
    net = (Decimal(sales) * Decimal("0.8")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return hours * Decimal(15) + (net * pct / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def assert_adds_up(statement: Statement) -> None:
    lines = sum((line.amount for line in statement.lines), Decimal(0))
    assert statement.opening + statement.shift_total + lines == statement.closing
    assert statement.opening + statement.earned - statement.paid_out == statement.closing
    for shift in statement.shifts:
        assert shift.total_per_hour + shift.commissions + shift.bonus_pay == shift.total_made
        assert sum(amount for _, amount in shift.products) == shift.total_sales
        assert sum(bonus.amount or 0 for bonus in shift.bonuses) == shift.bonus_pay


def test_a_statement_has_everything_and_adds_up(service: PostgresService, olga: Person) -> None:
    first = sell(service, 10, "500")
    service.create_bonus(ANN, "flat", 10)
    sell(service, 12, "333.33")
    service.periods.close(FIRST_HALF, actor=olga)
    service.payouts.pay(actor=olga)
    sell(service, 16, "700")
    service.adjustments.book(ANN, AdjustmentKind.BONUS, usd(25), "for Sunday", actor=olga)
    service.adjustments.book(ANN, AdjustmentKind.DEDUCTION, usd(5), "a key", actor=olga)
    service.refunds.book(first, 1, usd(100), "chargeback", actor=olga)
    old, new = service.statements.get(ANN, FIRST_HALF), service.statements.get(ANN, SECOND_HALF)
    due = by_hand(8, "500", 10) + by_hand(8, "333.33", 8) + 10
    assert (old.opening, old.closing, old.of.paid) == (usd(0), due, due)
    assert [(one.kind, one.amount, one.note) for one in new.lines] == [
        (LineKind.BONUS, usd(25), "for Sunday"),
        (LineKind.DEDUCTION, usd(-5), "a key"),
        (LineKind.REFUND, usd(-8), "chargeback"),
        (LineKind.PAYOUT, -due, None),
    ]
    refund, payout = new.lines[2:]
    assert (refund.shift_id, refund.shift_date, refund.product, refund.sale) == (
        first, date(2026, 11, 10), "Model A", usd(100),
    )  # fmt: skip
    assert payout.day == FIRST_HALF
    assert (new.opening, new.closing) == (due, by_hand(8, "700", 10) + 25 - 5 - 8)
    assert (new.paid_out, new.pay_day) == (due, date(2026, 12, 1))
    assert_adds_up(old)
    assert_adds_up(new)
    assert_books_agree(service)


def test_a_closed_statement_never_changes_whatever_is_corrected(service: PostgresService, olga: Person) -> None:
    sell(service, 10)
    sell(service, 12)
    service.periods.close(FIRST_HALF, actor=olga)
    closed = service.statements.get(ANN, FIRST_HALF)
    ann = service.people.get(ANN)
    begin, end = (datetime(2026, 11, 11, hour, tzinfo=UTC) for hour in (14, 22))
    missing = NewShift(ANN, begin, end, {1: usd(300)})
    asked = [
        service.corrections.ask_new(missing, "forgotten", actor=ann),
        service.corrections.ask_delete(2, "not mine", actor=ann),
    ]
    for request in asked:
        service.corrections.approve(request.correction_id, actor=olga)
    assert service.statements.get(ANN, FIRST_HALF) == closed
    now = service.statements.get(ANN, SECOND_HALF)
    assert [(line.kind, line.amount, line.shift_date) for line in now.lines] == [
        (LineKind.CORRECTION, by_hand(8, "300", 8), date(2026, 11, 11)),
        (LineKind.CORRECTION, -by_hand(8, "500", 10), date(2026, 11, 12)),
    ]
    assert_adds_up(closed)
    assert_adds_up(now)


def test_reopened_and_closed_again_it_shows_what_stands_elsewhere(service: PostgresService, olga: Person) -> None:
    sell(service, 10)
    service.periods.close(FIRST_HALF, actor=olga)
    request = service.corrections.ask_delete(1, "x", actor=service.people.get(ANN))
    service.corrections.approve(request.correction_id, actor=olga)
    service.periods.reopen(ANN, FIRST_HALF, actor=olga, reason="one more")
    sell(service, 12)
    service.periods.close(FIRST_HALF, actor=olga)
    statement = service.statements.get(ANN, FIRST_HALF)
    assert statement.closing == usd(320), "what was booked in it stays, the correction is in the next one"
    assert service.statements.get(ANN, SECOND_HALF).closing == usd(160)
    assert_books_agree(service)


def test_reports_and_the_leaderboard_show_the_same_figures(service: PostgresService, olga: Person) -> None:
    sell(service, 10, 500)
    sell(service, 12, 700)
    shift_id = sell(service, 10, 300, who=BEN)
    service.refunds.book(shift_id, 1, usd(50), "chargeback", actor=olga)
    since, until = date(2026, 11, 1), date(2026, 11, 30)
    people = service.reports.list_people(since, until)
    assert [(one.employee_id, one.shifts, one.worked_hours, one.total_sales, one.total_made) for one in people] == [
        (ANN, 2, usd(16), usd(1200), by_hand(8, "500", 10) + by_hand(8, "700", 10)),
        (BEN, 1, usd(8), usd(300), by_hand(8, "300", 8)),
    ]
    days = service.reports.list_days(since, until)
    assert [(one.day.day, one.people, one.total_sales) for one in days] == [(10, 2, usd(800)), (12, 1, usd(700))]
    (product,) = service.reports.list_products(since, until)
    assert (product.name, product.shifts, product.total_sales, product.refunded) == (
        "Model A", 3, usd(1500), usd(50),
    )  # fmt: skip
    totals = {sum(one.total_made for one in people), sum(one.total_made for one in days)}
    assert len(totals) == 1
    assert service.reports.list_leaderboard(since) == [
        Place(1, ANN, f"Person {ANN}", usd(1200)), Place(2, BEN, f"Person {BEN}", usd(300)),
    ]  # fmt: skip
    assert service.statistics.get_standing(ANN, since).sales == usd(1200)


def test_equal_sales_share_a_place() -> None:
    rows = [(one, str(one), usd(sales)) for one, sales in enumerate((300, 200, 200, 100))]
    assert [one.place for one in rank_places(rows)] == [1, 2, 2, 4]


def test_a_closed_statement_says_what_the_payout_would_pay_of_it_just_now(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    def read_due(day: date) -> Decimal | None:
        due = service.statements.get(ANN, day).due
        return due.amount if due is not None else None

    def preview() -> list[Decimal]:
        return [one.amount for one in service.payouts.preview(actor=olga, employee_id=ANN).paid]

    first = sell(service, 10)
    assert read_due(FIRST_HALF) is None, "it is open"
    service.periods.close(FIRST_HALF, actor=olga)
    assert [read_due(FIRST_HALF)] == preview() == [usd(160)]
    service.refunds.book(first, 1, usd(100), "chargeback", actor=olga)
    assert [read_due(FIRST_HALF)] == preview() == [usd(152)]
    sell(service, 16)
    assert [read_due(FIRST_HALF)] == preview() == [usd(160)], "at most what it was closed with"

    move_to(clock, date(2026, 12, 1))
    service.periods.close(SECOND_HALF, actor=olga)
    assert [read_due(SECOND_HALF)] == preview() == [usd(312)]
    assert read_due(FIRST_HALF) is None, "it is paid with the one after it"
    service.payouts.pay(actor=olga)
    assert (read_due(FIRST_HALF), read_due(SECOND_HALF)) == (None, None)
    assert service.statements.get(ANN, SECOND_HALF).of.paid == usd(312)


def test_a_period_paid_late_takes_nothing_twice_and_the_next_one_says_so(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    sell(service, 10)
    sell(service, 16)
    service.periods.close(FIRST_HALF, actor=olga)
    move_to(clock, date(2026, 12, 1))
    service.payouts.pay(actor=olga)
    service.periods.close(SECOND_HALF, actor=olga)
    statement = service.statements.get(ANN, SECOND_HALF)
    assert statement.due is not None
    assert (statement.closing, statement.due.amount, statement.due.paid_since) == (usd(320), usd(160), usd(160))
    assert [one.amount for one in service.payouts.pay(actor=olga).paid] == [usd(160)]


def test_a_bonus_says_which_rank_gave_it_or_who_and_why(service: PostgresService, olga: Person) -> None:
    sell(service, 9, "1")
    service.bonuses.grant(ANN, BonusOffer(BonusType.FLAT, usd(10)), actor=olga, reason="a hard night")
    sell(service, 10, "2500")
    flats = {
        bonus.origin
        for shift in service.statements.get(ANN, FIRST_HALF).shifts
        for bonus in shift.bonuses
        if bonus.offer.bonus_type is BonusType.FLAT
    }
    assert BonusOrigin(giver=olga.name, reason="a hard night") in flats
    assert flats <= {
        BonusOrigin(giver=olga.name, reason="a hard night"),
        BonusOrigin("Hustler", date(2026, 11, 1)),
    }
    service.periods.close(FIRST_HALF, actor=olga)
    assert service.statements.get(ANN, FIRST_HALF).shifts[0].bonuses[0].origin.giver == olga.name


def test_a_correction_that_costs_a_rank_says_which_bonus_went_back_and_came_again(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    with make_drawing_service(database, clock, 0) as service:
        olga = hire_owner(service)
        first, carrier = sell(service, 9, 1500), sell(service, 10, 600)
        service.periods.close(FIRST_HALF, actor=olga)
        ann = service.people.get(ANN)
        for amount in (500, 1500):
            wish = Correction(products={1: usd(amount)})
            asked = service.corrections.ask_edit(first, wish, "a slip", actor=ann)
            service.corrections.approve(asked.correction_id, actor=olga)
            clock.move(minutes=1)
        lines = service.statements.get(ANN, SECOND_HALF).list_lines(LineKind.CORRECTION)
        of_carrier = [line for line in lines if line.shift_id == carrier]
        flat = UsedBonus(BonusOffer(BonusType.FLAT, usd(10)), usd(10), origin=BonusOrigin("Hustler", date(2026, 11, 1)))
        assert [(line.amount, line.gone, line.come) for line in of_carrier] == [(usd(-10), (flat,), ())]
        told = describe_line(load_words("en", is_strict=True), of_carrier[0])
        assert told.endswith("; went back: Flat bonus (Hustler, November 2026), 10.00")
        assert all(not line.gone for line in lines if line.shift_id == first)
