"""Whatever happened through the service, the books agree; whatever is changed behind its back is found and named."""

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from payroll.errors import ConflictError, ErrorKey
from payroll.reconciliation import Check, Difference, Report
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, connect, fetch_all
from tests.owners import SECOND_HALF
from tests.shift_data import ANN, BEN, CID, make_drawing_service, make_shift_data

FIRST, SECOND, BENS, RICH, DELETED, RUNNING = range(1, 7)
DOUBLING, PREV, FLAT = 1, 2, 3


@pytest.fixture
def office(database: dict[str, Any], clock: SteppingClock) -> Iterator[PostgresService]:
    """Shifts of one date and of two, bonuses of a rank and granted ones, one that is deleted, one that runs."""
    with make_drawing_service(database, clock, 0) as service:
        service.create_shift(make_shift_data(500, who=ANN))
        service.create_shift(make_shift_data(700, who=ANN, start="17:00", end="19:00"))
        service.create_bonus(ANN, "double_commission")
        service.create_bonus(ANN, "percent_prev", 1)
        service.create_shift(make_shift_data({"Model A": 1500, "Model B": 600}, who=BEN))
        service.create_shift(make_shift_data({"Model A": "33.33"}, who=ANN, day="2026/11/15"))
        service.create_shift(make_shift_data(400, who=CID))
        service.shifts.delete(DELETED)
        service.shifts.start_running(CID, clock.now)
        yield service


@pytest.fixture
def corrupt(server: DatabaseServer, database: dict[str, Any]) -> Callable[..., None]:
    """Changes rows as the owner of the tables, who can stop the triggers and drop the constraints in the way."""

    def change(*statements: str) -> None:
        with connect({**server.maker, "database": database["database"]}) as connection:
            for table in ("balance_transactions", "shifts"):
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
            for statement in statements:
                connection.execute(statement.encode())

    return change


def list_found(report: Report) -> list[tuple[Check, str]]:
    return [(difference.check, difference.subject) for difference in report.differences]


def without(table: str, *constraints: str) -> str:
    return f"ALTER TABLE {table} " + ", ".join(f"DROP CONSTRAINT {name}" for name in constraints)


def test_what_the_service_wrote_agrees_and_the_report_says_what_was_looked_at(office: PostgresService) -> None:
    report = office.reconciliation.run()
    assert report.differences == ()
    assert report.checked == {
        "shifts": 4,
        "other shifts": 2,
        "ledger lines": 6,
        "bonuses": 3,
        "ranks": 3,
        "audit rows": 1,
    }
    assert office.reconciliation.find_last() == report
    assert fetch_bonus(office, FLAT) == (BENS, Decimal("10.00")), "there is something to find"
    assert fetch_bonus(office, PREV) == (RICH, Decimal("12.00"))
    office.reconciliation.refuse_if_last_differed()


def fetch_bonus(service: PostgresService, bonus_id: int) -> tuple[int | None, Decimal | None]:
    shift_id = {FLAT: BENS, PREV: RICH}[bonus_id]
    (bonus,) = [one for one in service.shifts.get(shift_id).shift.bonuses if one.bonus_id == bonus_id]
    return bonus.shift_id, bonus.amount


def shift(check: Check, shift_id: int) -> tuple[Check, str]:
    return check, f"shift:{shift_id}"


CORRUPTIONS: dict[str, tuple[tuple[str, ...], list[tuple[Check, str]]]] = {
    "sales of a product": (
        ("UPDATE shift_products SET amount = 500.01 WHERE shift_id = 1",),
        [shift(Check.TOTAL_SALES, FIRST)],
    ),
    "a product that is gone": (
        ("DELETE FROM shift_products WHERE shift_id = 3 AND product_id = 2",),
        [shift(Check.TOTAL_SALES, BENS)],
    ),
    "total sales, and with them the rate of the later shift of that day": (
        ("UPDATE shifts SET total_sales = 1300 WHERE shift_id = 1",),
        [
            shift(Check.TOTAL_SALES, FIRST), shift(Check.NET_SALES, FIRST), shift(Check.DYNAMIC_PCT, FIRST),
            shift(Check.DYNAMIC_PCT, SECOND), (Check.RANK, f"employee:{ANN}"),
        ],
    ),
    "net sales": (
        ("UPDATE shifts SET net_sales = net_sales - 0.10 WHERE shift_id = 1",),
        [shift(Check.NET_SALES, FIRST), shift(Check.COMMISSIONS, FIRST)],
    ),
    "the dynamic rate": (
        ("UPDATE shifts SET dynamic_pct = 2 WHERE shift_id = 2",),
        [shift(Check.DYNAMIC_PCT, SECOND), shift(Check.COMMISSION_PCT, SECOND)],
    ),
    "the rate": (
        ("UPDATE shifts SET commission_pct = 12.01 WHERE shift_id = 2",),
        [shift(Check.COMMISSION_PCT, SECOND), shift(Check.COMMISSIONS, SECOND)],
    ),
    "an input: the wage": (
        ("UPDATE shifts SET hourly_wage = 15.01 WHERE shift_id = 1",),
        [shift(Check.TOTAL_PER_HOUR, FIRST), shift(Check.WAGE, FIRST)],
    ),
    "an input: the base rate": (
        ("UPDATE shifts SET base_pct = 9 WHERE shift_id = 1",),
        [shift(Check.COMMISSION_PCT, FIRST), shift(Check.WAGE, FIRST)],
    ),
    "an input: the platform's cut": (
        ("UPDATE shifts SET platform_cut_pct = 21 WHERE shift_id = 1",),
        [shift(Check.NET_SALES, FIRST)],
    ),
    "an input: what the rate looks at": (
        ("UPDATE shifts SET dynamic_basis = 'shift' WHERE shift_id = 2",),
        [shift(Check.DYNAMIC_PCT, SECOND)],
    ),
    "worked time": (
        (
            without("shifts", "shifts_time_in_time_out_worked_seconds_check"),
            "UPDATE shifts SET worked_seconds = 28801 WHERE shift_id = 1",
        ),
        [shift(Check.WORKED_SECONDS, FIRST)],
    ),
    "shown hours": (
        (
            without("shifts", "shifts_worked_seconds_worked_hours_check"),
            "UPDATE shifts SET worked_hours = 8.01 WHERE shift_id = 1",
        ),
        [shift(Check.WORKED_HOURS, FIRST)],
    ),
    "pay by the hour": (
        (
            without("shifts", "shifts_total_made_check"),
            "UPDATE shifts SET total_per_hour = 120.01 WHERE shift_id = 1",
        ),
        [shift(Check.TOTAL_PER_HOUR, FIRST), shift(Check.TOTAL_MADE, FIRST)],
    ),
    "commissions and total made together": (
        ("UPDATE shifts SET commissions = commissions + 1, total_made = total_made + 1 WHERE shift_id = 1",),
        [shift(Check.BOOKED, FIRST), shift(Check.COMMISSIONS, FIRST)],
    ),
    "total made alone": (
        (without("shifts", "shifts_total_made_check"), "UPDATE shifts SET total_made = 160.01 WHERE shift_id = 1"),
        [shift(Check.BOOKED, FIRST), shift(Check.TOTAL_MADE, FIRST)],
    ),
    "what the bonuses of a shift add up to": (
        ("UPDATE shifts SET bonus_pay = 0, total_made = total_made - bonus_pay WHERE shift_id = 4",),
        [shift(Check.BOOKED, RICH), shift(Check.BONUS_PAY, RICH)],
    ),
    "a whole shift, moved to another person": (
        ("UPDATE shifts SET employee_id = 300 WHERE shift_id = 4",),
        [
            shift(Check.BOOKED, RICH), (Check.BONUS_USE, f"bonus:{DOUBLING}"), (Check.BONUS_USE, f"bonus:{PREV}"),
        ],
    ),
    "a shift date in another pay period": (
        ("UPDATE shifts SET shift_date = '2026-11-14' WHERE shift_id = 4",),
        [shift(Check.BOOKED, RICH), shift(Check.SHIFT_DATE, RICH)],
    ),
    "the amount of a line of the ledger": (
        ("UPDATE balance_transactions SET units = units + 0.01 WHERE ref = 'shift:4'",),
        [shift(Check.BOOKED, RICH), (Check.CHAIN, f"employee:{ANN}")],
    ),
    "a balance": (
        ("UPDATE balance_transactions SET balance_after = balance_after + 5 WHERE ref = 'shift:4'",),
        [(Check.CHAIN, f"employee:{ANN}")],
    ),
    "a balance in the middle": (
        ("UPDATE balance_transactions SET balance_after = balance_after + 5 WHERE ref = 'shift:2'",),
        [(Check.CHAIN, f"employee:{ANN}"), (Check.CHAIN, f"employee:{ANN}")],
    ),
    "a line of the ledger that is gone": (
        ("DELETE FROM balance_transactions WHERE ref = 'shift:2'",),
        [shift(Check.BOOKED, SECOND), (Check.CHAIN, f"employee:{ANN}")],
    ),
    "the last line of a ledger, gone": (
        ("DELETE FROM balance_transactions WHERE ref = 'shift:4'",),
        [shift(Check.BOOKED, RICH)],
    ),
    "the period of a line": (
        (
            ("UPDATE balance_transactions SET period_start = '2026-11-01', period_end = '2026-11-14'"
            " WHERE ref = 'shift:4'"),
        ),
        [shift(Check.BOOKED, RICH)],
    ),
    "the shift of a line": (
        ("UPDATE balance_transactions SET ref = 'shift:99' WHERE ref = 'shift:4'",),
        [shift(Check.BOOKED, RICH), (Check.BOOKED, "shift:99")],
    ),
    "a line booked twice": (
        (
            ("INSERT INTO balance_transactions (sub, entry_no, direction, units, balance_after, period_start,"
            " period_end, ref, reason, source_service) SELECT sub, entry_no + 1, direction, units,"
            " balance_after + units, period_start, period_end, ref, reason, source_service"
            " FROM balance_transactions WHERE ref = 'shift:4'"),
        ),
        [shift(Check.BOOKED, RICH)],
    ),
    "a line in somebody else's ledger": (
        (
            ("UPDATE balance_transactions SET sub = (SELECT sub FROM employees WHERE employee_id = 200),"
            " entry_no = 2, balance_after = units + (SELECT max(balance_after) FROM balance_transactions b"
            " JOIN employees USING (sub) WHERE employee_id = 200) WHERE ref = 'shift:4'"),
        ),
        [shift(Check.BOOKED, RICH)],
    ),
    "a shift deleted without its pay": (
        ("UPDATE shifts SET status = 'deleted' WHERE shift_id = 1",),
        [shift(Check.DYNAMIC_PCT, SECOND), shift(Check.BOOKED, FIRST)],
    ),
    "a deleted shift that is paid all the same": (
        (
            "DELETE FROM balance_transactions WHERE ref = 'shift:5' AND direction = 'debit'",
        ),
        [shift(Check.BOOKED, DELETED)],
    ),
    "a bonus on a deleted shift": (
        ("UPDATE active_bonuses SET shift_id = 5 WHERE bonus_id = 1",),
        [shift(Check.COMMISSION_PCT, RICH), (Check.BONUS_USE, f"bonus:{DOUBLING}")],
    ),
    "a bonus of somebody else's": (
        ("UPDATE active_bonuses SET employee_id = 200 WHERE bonus_id = 2",),
        [(Check.BONUS_USE, f"bonus:{PREV}")],
    ),
    "a bonus made pending again without its shift": (
        ("UPDATE active_bonuses SET state = 'pending', shift_id = NULL WHERE bonus_id = 1",),
        [shift(Check.COMMISSION_PCT, RICH)],
    ),
    "a bonus that is pending and used": (
        (
            without("active_bonuses", "active_bonuses_state_shift_id_check"),
            "UPDATE active_bonuses SET state = 'pending' WHERE bonus_id = 1",
        ),
        [(Check.BONUS_USE, f"bonus:{DOUBLING}")],
    ),
    "a second doubling": (
        (
            ("INSERT INTO active_bonuses (employee_id, bonus_type, state, draw, shift_id)"
            " VALUES (100, 'double_commission', 'applied', 0, 4)"),
        ),
        [shift(Check.BONUS_USE, RICH)],
    ),
    "the amount of a bonus": (
        ("UPDATE active_bonuses SET amount = amount + 0.01 WHERE bonus_id = 2",),
        [shift(Check.BONUS_PAY, RICH), (Check.BONUS_AMOUNT, f"bonus:{PREV}")],
    ),
    "what a percentage was taken from": (
        ("UPDATE active_bonuses SET basis_net = basis_net + 100 WHERE bonus_id = 2",),
        [(Check.BONUS_AMOUNT, f"bonus:{PREV}")],
    ),
    "the value of a flat": (
        ("UPDATE active_bonuses SET value = 11 WHERE bonus_id = 3",),
        [(Check.BONUS_AMOUNT, f"bonus:{FLAT}")],
    ),
    "a rank's bonus without the rank": (
        ("UPDATE rank_awards SET bonus_id = NULL",),
        [(Check.BONUS_AWARD, f"bonus:{FLAT}")],
    ),
    "a rank's bonus of another month": (
        ("UPDATE rank_awards SET rank_month = '2026-10-01' WHERE bonus_id = 3",),
        [(Check.BONUS_AWARD, f"bonus:{FLAT}")],
    ),
    "a granted bonus that a rank claims": (
        ("UPDATE rank_awards SET bonus_id = 1",),
        [(Check.BONUS_AWARD, f"bonus:{DOUBLING}"), (Check.BONUS_AWARD, f"bonus:{FLAT}")],
    ),
    "a second bonus of a rank and month": (
        (
            without("active_bonuses", "active_bonuses_employee_id_rank_month_rank_id_key"),
            ("INSERT INTO active_bonuses (employee_id, bonus_type, value, draw, rank_id, rank_month)"
            " SELECT employee_id, bonus_type, value, 0, rank_id, rank_month FROM active_bonuses WHERE bonus_id = 3"),
        ),
        [(Check.BONUS_AWARD, f"bonus:{FLAT}"), (Check.BONUS_AWARD, "bonus:4"), (Check.BONUS_AWARD, "bonus:4")],
    ),
    "a rank": (
        ("UPDATE employee_ranks SET current_rank_id = 3 WHERE employee_id = 200",),
        [(Check.RANK, f"employee:{BEN}")],
    ),
    "a rank that was forgotten": (
        ("DELETE FROM employee_ranks WHERE employee_id = 200",),
        [(Check.RANK, f"employee:{BEN}")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CORRUPTIONS)
def test_what_was_changed_behind_the_services_back_is_found_and_nothing_else(
    office: PostgresService, corrupt: Callable[..., None], what: str
) -> None:
    statements, expected = CORRUPTIONS[what]
    corrupt(*statements)
    report = office.reconciliation.run()
    assert sorted(list_found(report)) == sorted(expected), report.differences
    with pytest.raises(ConflictError) as refusal:
        office.reconciliation.refuse_if_last_differed()
    assert refusal.value.key is ErrorKey.BOOKS_DIFFER
    assert refusal.value.value == len(expected)


def test_a_difference_says_what_is_expected_and_what_was_found(
    office: PostgresService, corrupt: Callable[..., None]
) -> None:
    corrupt("UPDATE active_bonuses SET value = 11 WHERE bonus_id = 3")
    (difference,) = office.reconciliation.run().differences
    assert (difference.expected, difference.found) == ("11.00", "10.00")
    assert office.reconciliation.find_last() == office.reconciliation.run()


def test_admins_are_told_when_the_differences_change_and_not_again(
    office: PostgresService, corrupt: Callable[..., None], database: dict[str, Any]
) -> None:
    office.people.ensure_owner(9001, "Olga")

    def list_told_now() -> list[Any]:
        office.reconciliation.run()
        return list_told(database)

    assert list_told_now() == []
    corrupt("UPDATE active_bonuses SET value = 11 WHERE bonus_id = 3")
    told: list[Any] = [{"count": 1, "differences": [["bonus-amount", "bonus:3"]]}]
    assert list_told_now() == told
    assert list_told_now() == told
    corrupt("UPDATE employee_ranks SET current_rank_id = 3 WHERE employee_id = 200")
    told.append({"count": 2, "differences": [["bonus-amount", "bonus:3"], ["rank", "employee:200"]]})
    assert list_told_now() == told
    corrupt(
        "UPDATE active_bonuses SET value = 10 WHERE bonus_id = 3",
        "UPDATE employee_ranks SET current_rank_id = 2 WHERE employee_id = 200",
    )
    told.append({"count": 0, "differences": []})
    assert list_told_now() == told
    assert list_told_now() == told


def test_an_old_report_is_no_ground_to_pay_on(
    office: PostgresService, clock: SteppingClock, corrupt: Callable[..., None]
) -> None:
    office.reconciliation.refuse_if_last_differed()
    corrupt("UPDATE active_bonuses SET value = 11 WHERE bonus_id = 3")
    office.reconciliation.refuse_if_last_differed()
    clock.move(hours=3)
    with pytest.raises(ConflictError):
        office.reconciliation.refuse_if_last_differed()


SLIPPED_IN = (
    "INSERT INTO balance_transactions (sub, entry_no, direction, units, balance_after, period_start, period_end, ref,"
    " reason, source_service) SELECT sub, entry_no + 1, 'credit', 900, balance_after + 900, '2026-11-15',"
    " '2026-11-30', 'shift:1', 'shift edited', source_service FROM balance_transactions JOIN employees USING (sub)"
    " WHERE employee_id = 100 ORDER BY entry_no DESC LIMIT 1"
)


def list_told(database: dict[str, Any]) -> list[Any]:
    query = "SELECT payload FROM outbox WHERE kind = 'books' ORDER BY outbox_id"
    return [payload for (payload,) in fetch_all(database, query)]


def test_what_was_slipped_in_since_the_last_check_is_neither_closed_nor_paid(
    office: PostgresService, corrupt: Callable[..., None], database: dict[str, Any], clock: SteppingClock
) -> None:
    olga = office.people.ensure_owner(9001, "Olga")
    office.shifts.discard_running(CID)
    clock.move(days=20)
    assert office.reconciliation.run().differences == ()
    corrupt(SLIPPED_IN)
    for who in (None, ANN):
        with pytest.raises(ConflictError) as refusal:
            office.periods.close(SECOND_HALF, actor=olga, employee_id=who)
        assert get_first(refusal.value) == "shift:1"
    told = [{"count": 1, "differences": [["booked", "shift:1"]]}]
    assert list_told(database) == told, "once, and though nothing else of the close stays"
    assert fetch_all(database, "SELECT count(*) FROM pay_periods") == [(0,)]

    corrupt("DELETE FROM balance_transactions WHERE units = 900")
    office.periods.close(SECOND_HALF, actor=olga)
    told.append({"count": 0, "differences": []})
    assert list_told(database) == told
    corrupt(SLIPPED_IN)
    for who in (None, ANN):
        with pytest.raises(ConflictError) as refusal:
            office.payouts.pay(actor=olga, employee_id=who)
        assert get_first(refusal.value) == "shift:1"
        assert (Check.PERIOD, "period:100:2026-11-15") in list_found(must_find_last(office))
    assert fetch_all(database, "SELECT count(*) FROM balance_transactions WHERE reason = 'payout'") == [(0,)]
    corrupt("DELETE FROM balance_transactions WHERE units = 900")
    assert {due.employee_id for due in office.payouts.pay(actor=olga).paid} == {ANN, BEN, CID}


def get_first(error: ConflictError) -> str:
    assert error.key is ErrorKey.BOOKS_DIFFER
    first = error.facts["first"]
    assert isinstance(first, Difference)
    return first.subject


def must_find_last(office: PostgresService) -> Report:
    report = office.reconciliation.find_last()
    assert report is not None
    return report


def test_of_those_concerned_what_is_not_paid_yet_is_looked_at(
    office: PostgresService, corrupt: Callable[..., None], clock: SteppingClock
) -> None:
    olga = office.people.ensure_owner(9001, "Olga")
    office.shifts.discard_running(CID)
    clock.move(days=20)
    office.periods.close(SECOND_HALF, actor=olga)
    office.payouts.pay(actor=olga)
    office.create_shift(make_shift_data(500, who=ANN, day="2026/12/02"))
    assert office.reconciliation.run().differences == ()
    corrupt("UPDATE shifts SET commissions = commissions + 1, total_made = total_made + 1 WHERE shift_id = 1")
    office.reconciliation.refuse_if_different([ANN])
    corrupt("UPDATE balance_transactions SET balance_after = balance_after + 5 WHERE ref = 'shift:3'")
    office.reconciliation.refuse_if_different([ANN])
    for statement, who, subject in (
        ("UPDATE shifts SET net_sales = net_sales - 1 WHERE shift_id = 7", ANN, "shift:7"),
        ("UPDATE pay_periods SET paid_units = paid_units + 1 WHERE employee_id = 200", BEN, "period:2026-11-15"),
    ):
        with_state_order = "ALTER TABLE pay_periods DISABLE TRIGGER USER"
        corrupt(with_state_order, statement)
        with pytest.raises(ConflictError) as refusal:
            office.reconciliation.refuse_if_different([who])
        assert get_first(refusal.value) == subject
    assert len(office.reconciliation.run().differences) > 4, "everything, the hour after"


def test_where_ranks_are_left_to_the_caller_they_are_not_looked_at(
    make_service: Callable[..., PostgresService],
) -> None:
    service = make_service(settle_ranks=False)
    service.create_shift(make_shift_data(5000))
    assert service.reconciliation.run().differences == ()
    assert list_found(make_service().reconciliation.run()) == [(Check.RANK, f"employee:{ANN}")]


def test_while_the_books_are_checked_others_write_and_what_they_write_is_not_half_seen(
    make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    service, writer = make_service(), make_service()
    service.create_shift(make_shift_data(500, day="2026/11/15"))
    clock.move(days=300)
    is_over = threading.Event()
    errors: list[BaseException] = []

    def write() -> None:
        number = 0
        try:
            while not is_over.is_set():
                number += 1
                day = f"2026/12/{number % 28 + 1:02}"
                shift_id = writer.create_shift(make_shift_data(500 + number, day=day))
                writer.update_total_sales(shift_id, 700)
                writer.shifts.delete(shift_id)
        except BaseException as error:
            errors.append(error)
            raise

    writing = threading.Thread(target=write)
    writing.start()
    reports = [service.reconciliation.run() for _ in range(30)]
    is_over.set()
    writing.join()
    assert errors == []
    assert [report.differences for report in reports] == [()] * 30
    assert reports[-1].checked["other shifts"] > reports[0].checked.get("other shifts", 0), "something was written"
