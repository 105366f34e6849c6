"""Pay periods: confirmed, closed, opened again; nothing in a closed one changes (SPEC 4.17, 4.18, D30 to D32, D36)."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from payroll.business_time import BusinessZone
from payroll.errors import ConflictError, DomainError, ErrorKey, ForbiddenError, InvalidInputError
from payroll.people import Person
from payroll.periods import LeftOutReason, PeriodState
from payroll.shifts import Correction
from postgres_service import PostgresService
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.databases import connect, fetch_all
from tests.owners import (
    FIRST_HALF,
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
from tests.shift_data import ANN, BEN, make_shift_data


def close(service: PostgresService, admin: Person, who: int | None = None, day: date = FIRST_HALF) -> list[int]:
    return [one.employee_id for one in service.periods.close(day, actor=admin, employee_id=who).closed]


# --- closing ----------------------------------------------------------------------------------------------------------


def test_a_close_fixes_the_balances_of_everybody_once(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    sell(service, 10)
    sell(service, 12, 700, who=BEN)
    sell(service, 16)
    report = service.periods.close(FIRST_HALF, actor=olga)
    assert [(one.employee_id, one.state, one.opening, one.booked, one.closing) for one in report.closed] == [
        (ANN, PeriodState.CLOSED, usd(0), usd(160), usd(160)),
        (BEN, PeriodState.CLOSED, usd(0), usd("176.00"), usd("176.00")),
    ]
    again = service.periods.close(FIRST_HALF, actor=olga)
    assert (again.closed, again.already, again.left_out) == ((), report.closed, ())
    assert list_audited(database) == [("period closed", f"period:{who}:2026-11-01") for who in (ANN, BEN)]
    assert service.periods.find(ANN).opening == usd(160), "the next one begins where that ended"
    assert_books_agree(service)


def test_a_zone_that_the_database_does_not_know_closes_and_pays_as_any_other(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    zone = BusinessZone("Nowhere/Known", BusinessZone.named("America/New_York").zone)
    with closing(PostgresService(rules=Rules(zone, clock=clock), **database)) as service:
        olga = hire_owner(service)
        sell(service, 10)
        assert [one.employee_id for one in service.periods.list_everybody(FIRST_HALF)] == [ANN]
        assert close(service, olga) == [ANN]
        assert len(service.payouts.pay(actor=olga).paid) == 1
        assert_books_agree(service)


def test_one_person_alone_can_be_closed(service: PostgresService, olga: Person) -> None:
    sell(service, 10)
    sell(service, 10, who=BEN)
    assert close(service, olga, ANN) == [ANN]
    assert service.periods.find(BEN, FIRST_HALF).state is PeriodState.OPEN
    assert close(service, olga) == [BEN]


def test_a_period_before_the_closed_ones_keeps_nobody_from_being_closed(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    """Confirmed without a shift in it, it has a row that stayed open; what came later is closed (PAYROLL D30)."""
    sell(service, 16)
    sell(service, 10, who=BEN)
    service.periods.confirm(ANN, FIRST_HALF, actor=service.people.get(ANN))
    move_to(clock, date(2026, 12, 1))
    assert close(service, olga, day=SECOND_HALF) == [ANN], "Ben's first half is open still"
    assert service.periods.find(ANN, FIRST_HALF).state is PeriodState.CLOSED
    assert close(service, olga) == [BEN]
    assert_books_agree(service)


def test_only_an_admin_closes_and_opens_again(service: PostgresService, olga: Person) -> None:
    sell(service, 10)
    ann = service.people.get(ANN)
    with pytest.raises(ForbiddenError):
        service.periods.close(FIRST_HALF, actor=ann)
    close(service, olga)
    with pytest.raises(ForbiddenError):
        service.periods.reopen(ANN, FIRST_HALF, actor=ann, reason="mine")


def test_a_period_is_closed_from_its_pay_day_on(service: PostgresService, clock: SteppingClock, olga: Person) -> None:
    sell(service, 16)
    with pytest.raises(ConflictError) as caught:
        service.periods.close(SECOND_HALF, actor=olga)
    assert (caught.value.key, caught.value.value) == (ErrorKey.PERIOD_NOT_OVER, date(2026, 12, 1))
    move_to(clock, date(2026, 12, 1))
    assert close(service, olga, day=SECOND_HALF) == [ANN]


def test_who_has_left_is_closed_early(service: PostgresService, database: dict[str, Any], olga: Person) -> None:
    sell(service, 16)
    sell(service, 16, who=BEN)
    fetch_all(
        database,
        "UPDATE employees SET status = 'left', left_date = '2026-11-16' WHERE employee_id = %s RETURNING 1",
        BEN,
    )
    assert close(service, olga, BEN, SECOND_HALF) == [BEN]
    with pytest.raises(ConflictError):
        close(service, olga, ANN, SECOND_HALF)


def test_periods_close_in_order(service: PostgresService, clock: SteppingClock, olga: Person) -> None:
    sell(service, 10)
    sell(service, 16)
    sell(service, 16, who=BEN)
    move_to(clock, date(2026, 12, 1))
    report = service.periods.close(SECOND_HALF, actor=olga)
    assert [one.employee_id for one in report.closed] == [BEN]
    assert [(one.employee_id, one.reason, one.since) for one in report.left_out] == [
        (ANN, LeftOutReason.EARLIER_OPEN, FIRST_HALF)
    ]
    assert close(service, olga) == [ANN]
    assert close(service, olga, day=SECOND_HALF) == [ANN]
    assert service.periods.find(ANN, SECOND_HALF).opening == usd(160)


def test_who_still_works_a_shift_that_began_in_it_is_left_out_and_named(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    clock.now = datetime(2026, 11, 15, 5, 30, tzinfo=UTC)  # 00:30 of the 15th in New York
    sell(service, 10)
    service.shifts.start_running(ANN, datetime(2026, 11, 15, 3, 0, tzinfo=UTC))
    report = service.periods.close(FIRST_HALF, actor=olga)
    assert [(one.employee_id, one.name, one.reason) for one in report.left_out] == [
        (ANN, f"Person {ANN}", LeftOutReason.RUNNING)
    ]
    service.shifts.discard_running(ANN)
    assert close(service, olga) == [ANN]


def test_books_that_differ_are_not_closed(
    service: PostgresService, server: Any, database: dict[str, Any], olga: Person
) -> None:
    sell(service, 10)
    with connect({**server.maker, "database": database["database"]}) as owner:
        owner.execute("UPDATE shifts SET net_sales = net_sales - 1")
    with pytest.raises(ConflictError) as caught:
        close(service, olga)
    assert caught.value.key is ErrorKey.BOOKS_DIFFER
    assert service.periods.find(ANN, FIRST_HALF).state is PeriodState.OPEN


# --- who takes part ---------------------------------------------------------------------------------------------------


def list_names(service: PostgresService, day: date = FIRST_HALF) -> list[int]:
    return [one.employee_id for one in service.periods.list_everybody(day)]


def join_at(service: PostgresService, clock: SteppingClock, moment: str, who: int = BEN) -> None:
    """Somebody is taken in at a moment of the business's clocks; then it is the day of the tests again."""
    now, clock.now = clock.now, service.rules.zone.parse(moment, field="moment")
    service.people.join(who, f"Person {who}", "en")
    clock.now = now


@pytest.mark.parametrize(
    ("joined", "is_in"), [("2026/11/14 23:30:00", True), ("2026/11/15 00:30:00", False), ("2026/11/16 19:00:00", False)]
)
def test_who_joins_after_the_last_day_of_a_period_takes_no_part_in_it(
    service: PostgresService, clock: SteppingClock, olga: Person, joined: str, is_in: bool
) -> None:
    sell(service, 10)
    join_at(service, clock, joined)
    assert list_names(service) == ([ANN, BEN] if is_in else [ANN])
    assert list_names(service, SECOND_HALF) == [ANN, BEN]
    assert close(service, olga) == ([ANN, BEN] if is_in else [ANN])
    assert [one.employee_id for one in service.payouts.pay(actor=olga).paid] == ([ANN, BEN] if is_in else [ANN])


def test_a_period_that_is_paid_stays_so_when_somebody_joins(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    sell(service, 10)
    close(service, olga)
    service.payouts.pay(actor=olga)
    service.people.join(BEN, f"Person {BEN}", "en")
    assert {one.state for one in service.periods.list_everybody(FIRST_HALF)} == {PeriodState.PAID}
    assert close(service, olga) == []
    move_to(clock, date(2026, 12, 1))
    assert close(service, olga, day=SECOND_HALF) == [ANN, BEN]


def test_a_newcomer_takes_part_in_an_older_period_that_has_something_of_theirs(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    sell(service, 10)
    join_at(service, clock, "2026/11/16 19:00:00")
    assert list_names(service) == [ANN]
    shift_id = sell(service, 12, 700, who=BEN)
    assert list_names(service) == [ANN, BEN]
    assert close(service, olga) == [ANN, BEN]
    service.periods.reopen(BEN, FIRST_HALF, actor=olga, reason="it was none of theirs")
    service.shifts.delete(shift_id, actor_id=olga.employee_id)
    assert list_names(service) == [ANN, BEN], "what was closed once is looked at to the end"


def test_a_newcomer_whose_shift_began_before_the_period_was_over_takes_part_in_it(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    clock.now = datetime(2026, 11, 15, 5, 30, tzinfo=UTC)  # 00:30 of the 15th in New York
    service.people.join(BEN, "Ben", "en")
    assert list_names(service) == []
    service.shifts.start_running(BEN, datetime(2026, 11, 15, 4, 30, tzinfo=UTC))
    assert [one.reason for one in service.periods.close(FIRST_HALF, actor=olga).left_out] == [LeftOutReason.RUNNING]


def test_whoever_is_made_has_joined_when_the_service_says(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock, olga: Person
) -> None:
    clock.now = datetime(2027, 3, 4, 12, 0, tzinfo=UTC)
    service.people.join(BEN, "Ben", "en")
    service.people.ensure_employee(ANN, "Ann")
    request, _ = service.people.request_to_join(102, "Cleo", "en")
    service.people.decide(request.request_id, is_approved=True, admin=olga)
    service.people.accept_invite(service.people.create_invite(olga).code, 103, "Dana", "en")
    service.people.ensure_owner(902)
    made = fetch_all(database, "SELECT created_at FROM employees WHERE employee_id <> %s", olga.employee_id)
    assert made == [(clock.now,)] * 5


# --- what is closed ---------------------------------------------------------------------------------------------------


def test_nothing_dated_in_a_closed_period_is_saved(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    shift_id = sell(service, 10)
    later = sell(service, 16)
    bonus_id = service.create_bonus(ANN, "flat", 10)
    close(service, olga)
    before = list_booked(database)
    attempts: list[Callable[[], object]] = [
        lambda: sell(service, 11),
        lambda: service.update_shift_field(shift_id, "Model A", 600),
        lambda: service.update_shift_field(shift_id, "Note", "x"),
        lambda: service.update_total_sales(shift_id, 600),
        lambda: service.recalculate_worked_hours(shift_id),
        lambda: service.shifts.delete(shift_id, actor_id=OLGA),
        lambda: service.apply_bonus(bonus_id, shift_id),
        lambda: service.shifts.edit(
            later,
            Correction(datetime(2026, 11, 12, 14, tzinfo=UTC), datetime(2026, 11, 12, 20, tzinfo=UTC)),
        ),
        lambda: service.shifts.start_running(ANN, datetime(2026, 11, 14, 20, tzinfo=UTC)),
    ]
    for attempt in attempts:
        with pytest.raises(ConflictError) as caught:
            attempt()
        assert caught.value.key is ErrorKey.PERIOD_CLOSED
    assert list_booked(database) == before
    sell(service, 15, 300)
    assert sell_nothing(service, 11, who=BEN), "another person's period is their own"
    assert_books_agree(service)


def test_the_same_request_again_is_answered_after_the_close(service: PostgresService, olga: Person) -> None:
    data = make_shift_data(day="2026/11/10", request_id="one")
    shift_id = service.create_shift(data)
    close(service, olga)
    assert service.create_shift(data) == shift_id


SQL_CHANGES = (
    "UPDATE shifts SET total_made = total_made + 1, commissions = commissions + 1 WHERE shift_id = 1",
    "UPDATE shifts SET note = 'x' WHERE shift_id = 1",
    "UPDATE shifts SET shift_date = '2026-11-20' WHERE shift_id = 1",
    "UPDATE shifts SET shift_date = '2026-11-10' WHERE shift_id = 2",
    "UPDATE shifts SET employee_id = 900 WHERE shift_id = 1",
    "DELETE FROM shift_products WHERE shift_id = 1",
    "UPDATE shift_products SET amount = 1 WHERE shift_id = 1",
    "INSERT INTO shift_products (shift_id, product_id, amount) VALUES (1, 2, 5)",
    "UPDATE active_bonuses SET amount = 11, value = 11 WHERE shift_id = 1",
    "UPDATE active_bonuses SET state = 'void', voided_by = 'admin', shift_id = NULL, amount = NULL WHERE shift_id = 1",
    "DELETE FROM active_bonuses WHERE shift_id = 1",
    "UPDATE pay_periods SET closing_balance = 1",
    "UPDATE pay_periods SET state = 'paid', paid_at = now(), paid_units = 0, closing_balance = 1",
    "DELETE FROM pay_periods",
    "UPDATE balance_transactions SET units = 1",
    "DELETE FROM balance_transactions",
    """INSERT INTO balance_transactions (sub, entry_no, direction, units, balance_after, period_start, period_end, ref,
                                         reason, source_service)
       SELECT sub, 99, 'credit', 1, 1, '2026-11-01', '2026-11-14', 'x', 'x', 'x' FROM employees
        WHERE employee_id = 100""",
)


@pytest.mark.parametrize("statement", SQL_CHANGES)
def test_not_even_sql_as_the_bots_role_changes_what_is_closed(
    service: PostgresService, database: dict[str, Any], olga: Person, statement: str
) -> None:
    service.create_bonus(ANN, "flat", 10)
    sell(service, 10)
    sell(service, 16)
    close(service, olga, ANN)
    with (
        connect(database) as bot,
        pytest.raises((psycopg.errors.RestrictViolation, psycopg.errors.InsufficientPrivilege)),
    ):
        bot.execute(statement.encode())
    assert_books_agree(service)


# --- opening again ----------------------------------------------------------------------------------------------------


def test_the_last_closed_period_is_opened_again_with_a_reason(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock, olga: Person
) -> None:
    shift_id = sell(service, 10)
    sell(service, 16)
    move_to(clock, date(2026, 12, 1))
    close(service, olga)
    close(service, olga, day=SECOND_HALF)
    with pytest.raises(InvalidInputError):
        service.periods.reopen(ANN, SECOND_HALF, actor=olga, reason=" ")
    with pytest.raises(ConflictError) as caught:
        service.periods.reopen(ANN, FIRST_HALF, actor=olga, reason="a shift is missing")
    assert caught.value.key is ErrorKey.PERIOD_NOT_LAST
    service.periods.reopen(ANN, SECOND_HALF, actor=olga, reason="a shift is missing")
    one = service.periods.reopen(ANN, FIRST_HALF, actor=olga, reason="here too")
    assert one.state is PeriodState.OPEN
    assert fetch_all(database, "SELECT reason FROM audit_log WHERE action = 'period reopened' ORDER BY id") == [
        ("a shift is missing",), ("here too",),
    ]  # fmt: skip
    service.update_total_sales(shift_id, 600)
    assert close(service, olga) == [ANN]
    assert service.periods.find(ANN, FIRST_HALF).closing == usd("168.00")
    with pytest.raises(ConflictError) as caught:
        service.periods.reopen(
            BEN if service.people.find_by_telegram(BEN) else OLGA, FIRST_HALF, actor=olga, reason="x"
        )
    assert caught.value.key is ErrorKey.PERIOD_NOT_CLOSED


# --- confirming -------------------------------------------------------------------------------------------------------


def test_a_confirmation_holds_until_something_changes(service: PostgresService, olga: Person) -> None:
    sell(service, 10)
    ann = service.people.get(ANN)
    assert service.periods.confirm(ANN, FIRST_HALF, actor=ann).is_confirmed
    shift_id = sell(service, 11)
    assert not service.periods.find(ANN, FIRST_HALF).is_confirmed
    assert service.periods.confirm(ANN, FIRST_HALF, actor=ann).is_confirmed
    service.update_shift_field(shift_id, "Model A", 510)
    assert not service.periods.find(ANN, FIRST_HALF).is_confirmed
    one = service.periods.name_missing(ANN, FIRST_HALF, "the night of the 3rd", actor=ann)
    assert (one.is_confirmed, one.missing) == (False, "the night of the 3rd")
    assert [one.employee_id for one in service.periods.preview_close(FIRST_HALF).closed] == [ANN], "it blocks nothing"
    one = service.periods.confirm(ANN, FIRST_HALF, actor=ann)
    assert (one.is_confirmed, one.missing) == (True, None)
    close(service, olga)
    assert service.periods.find(ANN, FIRST_HALF).is_confirmed
    with pytest.raises(ConflictError) as caught:
        service.periods.withdraw_confirmation(ANN, FIRST_HALF, actor=ann)
    assert caught.value.key is ErrorKey.PERIOD_CLOSED


def test_nobody_confirms_for_another(service: PostgresService, olga: Person) -> None:
    sell(service, 10)
    sell(service, 10, who=BEN)
    with pytest.raises(ForbiddenError):
        service.periods.confirm(ANN, FIRST_HALF, actor=service.people.get(BEN))
    assert service.periods.confirm(ANN, FIRST_HALF, actor=olga).is_confirmed


def test_unknown_people_have_no_periods(service: PostgresService, olga: Person) -> None:
    with pytest.raises(DomainError):
        service.periods.find(12345)
    with pytest.raises(DomainError):
        service.periods.close(FIRST_HALF, actor=olga, employee_id=12345)


def test_the_periods_there_are_newest_first(service: PostgresService, olga: Person) -> None:
    sell(service, 10)
    sell(service, 16)
    sell(service, 16, who=BEN)
    assert [one.start_date for one in service.periods.list_periods(10)] == [SECOND_HALF, FIRST_HALF]
    assert [(one.period.start_date, one.booked) for one in service.periods.list_of(BEN, 10)] == [
        (SECOND_HALF, Decimal("160.00"))
    ]
