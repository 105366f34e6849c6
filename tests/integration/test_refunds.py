"""Refunds: tied to a line of a shift, never over it, withdrawn by a counter-line (SPEC 4.20, PAYROLL D35)."""

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from payroll.errors import ConflictError, DomainError, ErrorKey, ForbiddenError, InvalidInputError
from payroll.people import Person
from payroll.reconciliation import Check, Difference
from payroll.refunds import compute_refund_units
from payroll.settings import SettingKey
from payroll.shifts import Correction
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, connect, fetch_all
from tests.factories import make_shift
from tests.owners import (
    FIRST_HALF,
    OLGA,
    assert_books_agree,
    hire_owner,
    list_audited,
    list_booked,
    sell,
    usd,
)
from tests.shift_data import ANN, make_drawing_service

MODEL_A, MODEL_B = 1, 2


def refund(service: PostgresService, admin: Person, shift_id: int, amount: str) -> Decimal:
    return service.refunds.book(shift_id, MODEL_A, Decimal(amount), "chargeback", actor=admin).units


def by_hand(amount: str | Decimal, cut: str, pct: str) -> Decimal:
    """A part of the sales at a cut and a %, with a spreadsheet's two roundings."""
    net = (Decimal(amount) * (100 - Decimal(cut)) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return (net * Decimal(pct) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def test_a_refund_takes_what_the_sale_was_paid_and_nothing_else(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    service.create_bonus(ANN, "percent_next", 1)
    service.create_bonus(ANN, "flat", 10)
    shift_id = sell(service, 16)  # 8 + 2 + 1 = 11 %
    assert service.refunds.preview(shift_id, MODEL_A, Decimal(100)).units == usd("8.80")
    assert refund(service, olga, shift_id, "100") == by_hand("100", "20", "11") == usd("8.80")
    assert list_booked(database)[-1] == ("refund:1", "refund", "-8.80", "2026-11-15")
    after = service.get_shift_by_id(shift_id)
    assert after is not None
    assert after["Total made"] == usd("174.00")
    assert list_audited(database)[-1] == ("refund booked", "refund:1")
    assert_books_agree(service)


def test_several_refunds_of_a_line_take_together_what_their_sum_was_paid(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    shift_id = sell(service, 16, "0.31")  # 8 %
    taken = [refund(service, olga, shift_id, "0.10") for _ in range(3)]
    assert sum(taken) == by_hand("0.30", "20", "8") == usd("0.02")
    with pytest.raises(InvalidInputError) as caught:
        refund(service, olga, shift_id, "0.02")
    assert (caught.value.key, caught.value.allowed) == (ErrorKey.REFUND_TOO_LARGE, "0.01")
    refund(service, olga, shift_id, "0.01")
    assert [one.units for one in service.refunds.list_of_shift(shift_id)] == [*taken, usd(0)]
    assert_books_agree(service)


@given(line=st.integers(1, 10**7), parts=st.lists(st.integers(1, 10**6), max_size=6), pct=st.integers(0, 120))
def test_refunds_add_up_whatever_their_order(line: int, parts: list[int], pct: int) -> None:
    shift = make_shift({MODEL_A: Decimal(line) / 100})
    before, taken = Decimal("0.00"), Decimal("0.00")
    for part in parts:
        after = before + Decimal(part) / 100
        taken += compute_refund_units(shift, before, after)
        before = after
    assert taken == by_hand(before, str(shift.terms.platform_cut_pct), str(shift.pay.commission_pct))


@pytest.mark.parametrize(
    ("product_id", "amount", "key"),
    [
        (MODEL_A, "0", ErrorKey.AMOUNT_NOT_POSITIVE),
        (MODEL_A, "-1", ErrorKey.AMOUNT_NEGATIVE),
        (MODEL_A, "500.01", ErrorKey.REFUND_TOO_LARGE),
        (MODEL_A, "1.005", ErrorKey.AMOUNT_TOO_PRECISE),
        (MODEL_B, "1", ErrorKey.REFUND_TOO_LARGE),
    ],
)
def test_a_refund_that_cannot_be_is_refused(
    service: PostgresService, database: dict[str, Any], olga: Person, product_id: int, amount: str, key: ErrorKey
) -> None:
    shift_id = sell(service, 16)
    lines = list_booked(database)
    with pytest.raises(InvalidInputError) as caught:
        service.refunds.book(shift_id, product_id, Decimal(amount), "x", actor=olga)
    assert caught.value.key is key
    with pytest.raises(InvalidInputError):
        service.refunds.book(shift_id, MODEL_A, Decimal(1), "   ", actor=olga)
    with pytest.raises(DomainError):
        service.refunds.book(999, MODEL_A, Decimal(1), "x", actor=olga)
    with pytest.raises(ForbiddenError):
        service.refunds.book(shift_id, MODEL_A, Decimal(1), "x", actor=service.people.get(ANN))
    assert list_booked(database) == lines


def test_sales_date_and_deletion_of_a_refunded_shift_wait_until_the_refund_is_withdrawn(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    shift_id = sell(service, 15)
    refund(service, olga, shift_id, "100")
    changes: list[Callable[[], object]] = [
        lambda: service.update_total_sales(shift_id, 600),
        lambda: service.shifts.edit(shift_id, Correction(products={MODEL_B: usd(500)})),
        lambda: service.update_shift_field(shift_id, "Clock in", "2026/11/14 22:00:00"),
        lambda: service.shifts.delete(shift_id, actor_id=OLGA),
        lambda: service.shifts.preview_delete(shift_id),
        lambda: service.corrections.ask_delete(shift_id, "not mine", actor=service.people.get(ANN)),
        lambda: service.corrections.ask_edit(
            shift_id, Correction(products={MODEL_A: usd(600)}), "more", actor=service.people.get(ANN)
        ),
    ]
    for change in changes:
        with pytest.raises(ConflictError) as caught:
            change()
        assert (caught.value.key, int(str(caught.value.value))) == (ErrorKey.SHIFT_REFUNDED, shift_id)
    given_back = service.refunds.withdraw(1, "it was a mistake", actor=olga)
    assert given_back.withdrawn_units == usd("8.00")
    with pytest.raises(ConflictError) as caught:
        service.refunds.withdraw(1, "again", actor=olga)
    assert caught.value.key is ErrorKey.REFUND_WITHDRAWN
    assert service.update_total_sales(shift_id, 600)
    assert list_booked(database)[1:3] == [
        ("refund:1", "refund", "-8.00", "2026-11-15"),
        ("refund:1", "refund withdrawn", "8.00", "2026-11-15"),
    ]
    assert_books_agree(service)


def test_the_clocks_of_a_refunded_shift_may_change_within_its_date(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    shift_id = sell(service, 15)
    refund(service, olga, shift_id, "100")
    assert service.update_shift_field(shift_id, "Clock in", "2026/11/15 10:00:00")
    assert service.update_shift_field(shift_id, "Clock out", "2026/11/16 01:00:00"), "it may end on the next day"
    assert list_booked(database)[2:] == [
        (f"shift:{shift_id}", "shift edited", "-15.00", "2026-11-15"),
        (f"shift:{shift_id}", "shift edited", "120.00", "2026-11-15"),
    ]
    assert service.refunds.withdraw(1, "a mistake", actor=olga).withdrawn_units == usd(8)
    assert_books_agree(service)


def test_a_refunded_shift_keeps_its_rate_whatever_becomes_of_the_day_until_the_refund_is_withdrawn(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    first, second, third = (service.create_shift({**_hour(at), "products": {"Model A": 300}}) for at in (1, 3, 5))
    assert list_rates(service) == [8, 10, 10]
    refund(service, olga, second, "50")
    refund(service, olga, second, "50")
    changed = service.shifts.edit(first, Correction(products={MODEL_A: usd(100)}))
    assert list_rates(service) == [8, 10, 10], "700.00 make the third's 10 %, 400.00 would make 8 of the second's"
    assert [(one.shift_id, one.pct, one.due_pct) for one in changed.kept] == [(second, usd(10), usd(8))]
    assert changed.moved == ()
    assert service.shifts.edit(first, Correction(products={MODEL_A: usd(110)})).kept == (), "it is told once"
    gone = service.shifts.delete(first)
    assert list_rates(service) == [10, 10], "the third is at 600.00"
    assert gone.kept == ()
    assert service.shifts.edit(third, Correction(products={MODEL_A: usd(100)})).after is not None
    assert list_rates(service) == [10, 8]
    assert_books_agree(service)
    service.refunds.withdraw(1, "a mistake", actor=olga)
    assert list_rates(service) == [10, 8], "there is another one"
    lines = list_booked(database)
    assert service.refunds.withdraw(2, "a mistake", actor=olga).withdrawn_units == usd(4)
    assert list_rates(service) == [8, 8]
    assert list_booked(database)[len(lines) :] == [
        ("refund:2", "refund withdrawn", "4.00", "2026-11-15"),
        (f"shift:{second}", "shift re-priced", "-4.80", "2026-11-15"),
    ]
    assert list_audited(database)[-2:] == [("shift re-priced", f"shift:{second}"), ("refund withdrawn", "refund:2")]
    assert_books_agree(service)


def test_what_a_withdrawal_changes_of_a_closed_period_is_booked_in_the_open_one(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    service.create_shift({**_hour(9, day=10), "products": {"Model A": 400}})
    later = service.create_shift({**_hour(11, day=10), "products": {"Model A": 200}})
    refund(service, olga, later, "50")
    service.update_total_sales(1, 100)
    service.periods.close(FIRST_HALF, actor=olga)
    closed = service.statements.get(ANN, FIRST_HALF)
    service.refunds.withdraw(1, "a mistake", actor=olga)
    assert list_booked(database)[-2:] == [
        ("refund:1", "refund withdrawn", "4.00", "2026-11-15"),
        (f"shift:{later}", "correction", "-3.20", "2026-11-15"),
    ]
    assert service.statements.get(ANN, FIRST_HALF).shifts == closed.shifts, "the closed statement is not touched"
    assert_books_agree(service)


def test_the_database_lets_clocks_and_wage_of_a_refunded_shift_change_and_nothing_else(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    shift_id = sell(service, 15)
    refund(service, olga, shift_id, "100")
    with connect(database) as bot:
        for statement in (
            "UPDATE shifts SET dynamic_pct = 0, commission_pct = 8 WHERE shift_id = 1",
            "UPDATE shifts SET total_sales = 600, net_sales = 480 WHERE shift_id = 1",
            "UPDATE shifts SET shift_date = '2026-11-14' WHERE shift_id = 1",
            "UPDATE shifts SET status = 'deleted' WHERE shift_id = 1",
            "UPDATE shifts SET employee_id = 200 WHERE shift_id = 1",
            "UPDATE shift_products SET amount = 600 WHERE shift_id = 1",
            "DELETE FROM shift_products WHERE shift_id = 1",
        ):
            with pytest.raises(psycopg.errors.RestrictViolation) as caught:
                bot.execute(statement.encode())
            assert caught.value.diag.constraint_name == "shifts_refunds_check", statement
        bot.execute(
            "UPDATE shifts SET time_out = time_out - interval '1 hour', worked_seconds = worked_seconds - 3600,"
            " worked_hours = worked_hours - 1, hourly_wage = 16, total_per_hour = 112, total_made = 152, note = 'x'"
            " WHERE shift_id = 1"
        )


def test_refunds_that_took_something_else_than_the_rate_of_their_shift_are_found(
    service: PostgresService, server: DatabaseServer, database: dict[str, Any], olga: Person
) -> None:
    shift_id = sell(service, 15)
    refund(service, olga, shift_id, "100")
    with connect({**server.maker, "database": database["database"]}) as owner:
        owner.execute("ALTER TABLE shifts DISABLE TRIGGER USER")
        owner.execute("UPDATE shifts SET dynamic_pct = 4, commission_pct = 12, commissions = 48, total_made = 168")
    found = [one for one in service.reconciliation.run().differences if one.check is Check.REFUNDED]
    assert found == [Difference(Check.REFUNDED, f"shift:{shift_id}", "9.60", "8.00")]


def list_rates(service: PostgresService) -> list[Decimal]:
    """The final % of Ann's shifts, in the order in which they were worked."""
    return [one.shift.pay.commission_pct for one in reversed(service.shifts.list_last(ANN, 9))]


def _hour(begin: int, *, day: int = 16) -> dict[str, Any]:
    date = f"2026/11/{day}"
    return {"employee_id": ANN, "clock_in": f"{date} {begin:02}:00:00", "clock_out": f"{date} {begin + 1:02}:00:00"}


def test_a_refund_after_the_payout_makes_the_balance_negative_and_is_carried_forward(
    service: PostgresService, olga: Person
) -> None:
    shift_id = sell(service, 10)
    service.periods.close(FIRST_HALF, actor=olga)
    service.payouts.pay(actor=olga)
    refund(service, olga, shift_id, "500")
    assert service.statistics.get_balance(ANN) == usd(-40)
    one = service.periods.find(ANN)
    assert (one.opening, one.booked, one.closing) == (usd(160), usd(-200), usd(-40))
    assert service.periods.find(ANN, FIRST_HALF).closing == usd(160), "the closed one is as it was"
    assert_books_agree(service)


def test_the_database_holds_the_line_too(service: PostgresService, database: dict[str, Any], olga: Person) -> None:
    shift_id = sell(service, 16)
    refund(service, olga, shift_id, "499")
    with connect(database) as bot:
        with pytest.raises(psycopg.errors.CheckViolation):
            bot.execute(
                "INSERT INTO refunds (employee_id, shift_id, product_id, amount, units, lowers_rank, reason, made_by,"
                " made_at) VALUES (100, 1, 1, 1.01, 0, false, 'x', 900, now())"
            )
        for statement in ("UPDATE refunds SET amount = 1", "DELETE FROM refunds"):
            with pytest.raises(psycopg.errors.RestrictViolation):
                bot.execute(statement.encode())


# --- ranks ------------------------------------------------------------------------------------------------------------


def test_a_refund_lowers_no_rank_unless_the_setting_says_so(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    shift_id = sell(service, 16, 2500)
    refund(service, olga, shift_id, "2500")
    assert service.determine_rank(ANN, 2026, 11) == "Hustler"
    assert fetch_all(database, "SELECT state FROM active_bonuses") in ([("pending",)], [("applied",)])


@pytest.mark.parametrize("offer", [0, 1], ids=["a flat that is paid stays", "a bonus that waits is void"])
def test_with_the_setting_a_refund_lowers_the_month_and_voids_what_waits(
    database: dict[str, Any], clock: SteppingClock, offer: int
) -> None:
    with make_drawing_service(database, clock, offer) as service:
        olga = hire_owner(service)
        service.settings.change(SettingKey.REFUND_LOWERS_RANK, "true", actor=olga)
        shift_id = sell(service, 16, 2500)
        made = service.get_shift_by_id(shift_id)
        service.refunds.book(shift_id, MODEL_A, Decimal(600), "chargeback", actor=olga)
        assert service.determine_rank(ANN, 2026, 11) == "Rookie"
        assert service.statistics.get_standing(ANN, FIRST_HALF).sales == usd(1900)
        state = fetch_all(database, "SELECT state, voided_by FROM active_bonuses")
        assert state == ([("applied", None)] if offer == 0 else [("void", "refund")])
        assert service.get_shift_by_id(shift_id) == made
        assert_books_agree(service)
        service.refunds.withdraw(1, "a mistake", actor=olga)
        assert service.determine_rank(ANN, 2026, 11) == "Hustler"
        state = fetch_all(database, "SELECT state, voided_by FROM active_bonuses")
        assert state == ([("applied", None)] if offer == 0 else [("pending", None)])
        assert_books_agree(service)


def test_what_a_refund_voided_comes_back_when_new_sales_reach_the_rank_again(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    with make_drawing_service(database, clock, 1) as service:
        olga = hire_owner(service)
        service.settings.change(SettingKey.REFUND_LOWERS_RANK, "true", actor=olga)
        shift_id = sell(service, 14, 2100)
        service.refunds.book(shift_id, MODEL_A, Decimal(200), "chargeback", actor=olga)
        assert service.get_active_bonuses(ANN) == []
        sell(service, 16, 500)
        assert service.determine_rank(ANN, 2026, 11) == "Hustler"
        assert [one["Bonus Type"] for one in service.get_active_bonuses(ANN)] == ["percent_next"]
        service.refunds.withdraw(1, "a mistake", actor=olga)
        assert len(service.get_active_bonuses(ANN)) == 1
        assert_books_agree(service)


def test_the_preview_shows_the_bonuses_that_the_month_gave(database: dict[str, Any], clock: SteppingClock) -> None:
    with make_drawing_service(database, clock, 0) as service:
        hire_owner(service)
        shift_id = sell(service, 16, 2500)
        preview = service.refunds.preview(shift_id, MODEL_A, Decimal(600))
        assert [bonus.offer.code for bonus in preview.rank_bonuses] == ["flat_10"]
        assert preview.left_on_line == usd(2500)
