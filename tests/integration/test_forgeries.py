"""What somebody with the rights of the owner of the tables makes to agree with itself is found, and named by number.

Each forgery is whole: every figure that follows from it is changed with it, balances and all. What gives it away is the
audit log, and the chain that it is.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeAlias

import pytest

from config import Config
from payroll.adjustments import AdjustmentKind
from payroll.business_time import BusinessZone
from payroll.offers import BonusOffer, BonusType
from payroll.people import Person
from payroll.reconciliation import Check, Difference
from payroll.shifts import Correction, NewShift
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, connect, fetch_all
from tests.integration.test_concurrency import run_at_once
from tests.owners import FIRST_HALF, MAX, SECOND_HALF, hire_owner, move_to, sell, usd
from tests.shift_data import ANN, BEN, CID

Statement: TypeAlias = tuple[str, dict[str, Any]]
ANNS, BENS, CIDS, OPEN = range(1, 5)


@pytest.fixture
def office(service: PostgresService, olga: Person) -> PostgresService:
    """The first half of November is closed for three people and paid to two; of everything there is one."""
    for who in (ANN, BEN, CID):
        sell(service, 10, who=who)
    service.terms.set_wage(ANN, actor=olga, hourly_wage=usd(20), since=SECOND_HALF)
    sell(service, 16, who=ANN)
    service.periods.close(FIRST_HALF, actor=olga)
    service.adjustments.book(ANN, AdjustmentKind.BONUS, usd("33.33"), "well done", actor=olga)
    service.refunds.book(ANNS, 1, usd(50), "charged back", actor=olga)
    for who in (ANN, BEN):
        service.payouts.pay(actor=olga, employee_id=who)
    return service


@pytest.fixture
def forge(server: DatabaseServer, database: dict[str, Any]) -> Callable[..., None]:
    """Changes rows as the owner of the tables, who can stop the triggers and drop the constraints in the way."""

    def change(*statements: str | Statement) -> None:
        with connect({**server.maker, "database": database["database"]}) as connection:
            for table in (
                "balance_transactions", "shifts", "pay_periods", "adjustments", "refunds", "correction_requests",
                "audit_log", "audit_chain",
            ):  # fmt: skip
                connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER".encode())
            for statement in statements:
                text, values = (statement, None) if isinstance(statement, str) else statement
                connection.execute(text.encode(), values)

    return change


CHAIN_AGAIN = """
    ALTER TABLE balance_transactions DROP CONSTRAINT IF EXISTS balance_transactions_sub_entry_no_key;
    UPDATE balance_transactions b SET entry_no = r.place, balance_after = r.balance
      FROM (SELECT id, row_number() OVER w AS place,
                   sum(CASE direction WHEN 'credit' THEN units ELSE -units END) OVER w AS balance
              FROM balance_transactions WINDOW w AS (PARTITION BY sub ORDER BY entry_no)) r
     WHERE b.id = r.id
"""


BOOK = """
    INSERT INTO balance_transactions (sub, entry_no, direction, units, balance_after, period_start, period_end, ref,
                                      reason, source_service)
    SELECT sub, entry_no + 1, CASE WHEN %(units)s > 0 THEN 'credit' ELSE 'debit' END, abs(%(units)s),
           balance_after + %(units)s, '2026-11-15', '2026-11-30', %(ref)s, %(reason)s, source_service
      FROM balance_transactions JOIN employees USING (sub)
     WHERE employee_id = %(who)s ORDER BY entry_no DESC LIMIT 1
"""


def book(who: int, units: int | str, ref: str, reason: str) -> Statement:
    """A line at the end of a person's ledger that continues it."""
    return BOOK, {"who": who, "units": usd(units), "ref": ref, "reason": reason}


FORGERIES: dict[str, tuple[tuple[str | Statement, ...], list[tuple[Check, str]]]] = {
    "a paid period set back, its payout taken out: to be paid again": (
        (
            ("DELETE FROM balance_transactions WHERE ref = 'period:2026-11-01'"
            " AND sub = (SELECT sub FROM employees WHERE employee_id = 100)"),
            CHAIN_AGAIN,
            ("UPDATE pay_periods SET state = 'closed', paid_at = NULL, paid_by = NULL, paid_units = NULL"
            " WHERE employee_id = 100"),
        ),
        [(Check.AUDIT, "period:100:2026-11-01")],
    ),
    "less was paid than was paid": (
        (
            ("UPDATE balance_transactions SET units = units - 50 WHERE ref = 'period:2026-11-01'"
            " AND sub = (SELECT sub FROM employees WHERE employee_id = 100)"),
            CHAIN_AGAIN,
            "UPDATE pay_periods SET paid_units = paid_units - 50 WHERE employee_id = 100",
        ),
        [(Check.AUDIT, "period:100:2026-11-01")],
    ),
    "a payout that nobody made": (
        (
            ("UPDATE pay_periods SET state = 'paid', paid_at = now(), paid_by = 900, paid_units = 160"
            " WHERE employee_id = 300"),
            book(CID, "-160", "period:2026-11-01", "payout"),
        ),
        [(Check.AUDIT, "period:300:2026-11-01")],
    ),
    "a closed period that is open again": (
        (
            ("UPDATE pay_periods SET state = 'open', opening_balance = NULL, closing_balance = NULL, closed_at = NULL,"
            " closed_by = NULL WHERE employee_id = 300"),
            "UPDATE employees SET closed_until = NULL WHERE employee_id = 300",
        ),
        [(Check.AUDIT, "period:300:2026-11-01")],
    ),
    "the row of a closed period, gone": (
        ("DELETE FROM pay_periods WHERE employee_id = 300",),
        [(Check.CLOSED, f"employee:{CID}"), (Check.AUDIT, "period:300:2026-11-01")],
    ),
    "an adjustment that nobody made": (
        (
            ("INSERT INTO adjustments (employee_id, kind, amount, reason, made_by, made_at)"
            " VALUES (300, 'bonus', 900, 'well done', 900, now())"),
            book(CID, "900", "adjustment:2", "bonus"),
        ),
        [(Check.AUDIT, "adjustment:2")],
    ),
    "another amount of an adjustment": (
        (
            "UPDATE adjustments SET amount = 93.33 WHERE adjustment_id = 1",
            "UPDATE balance_transactions SET units = 93.33 WHERE ref = 'adjustment:1'",
            CHAIN_AGAIN,
        ),
        [(Check.AUDIT, "adjustment:1")],
    ),
    "an adjustment that was taken out": (
        (
            "DELETE FROM balance_transactions WHERE ref = 'adjustment:1'",
            CHAIN_AGAIN,
            "DELETE FROM adjustments WHERE adjustment_id = 1",
        ),
        [(Check.AUDIT, "adjustment:1")],
    ),
    "an adjustment of somebody else's": (
        (
            "UPDATE adjustments SET employee_id = 200 WHERE adjustment_id = 1",
            "DELETE FROM balance_transactions WHERE ref = 'adjustment:1'",
            CHAIN_AGAIN,
            book(BEN, "33.33", "adjustment:1", "bonus"),
        ),
        [(Check.AUDIT, "adjustment:1")],
    ),
    "a refund that nobody booked": (
        (
            ("INSERT INTO refunds (employee_id, shift_id, product_id, amount, units, lowers_rank, reason, made_by,"
            " made_at) VALUES (300, 3, 1, 100, 8, false, 'charged back', 900, now())"),
            book(CID, "-8", "refund:2", "refund"),
        ),
        [(Check.AUDIT, "refund:2")],
    ),
    "a refund that nobody withdrew": (
        (
            ("UPDATE refunds SET withdrawn_units = units, withdrawn_reason = 'mistake', withdrawn_by = 900,"
            " withdrawn_at = now() WHERE refund_id = 1"),
            book(ANN, "4", "refund:1", "refund withdrawn"),
        ),
        [(Check.AUDIT, "refund:1")],
    ),
    "a correction that nobody approved": (
        (
            ("INSERT INTO correction_requests (employee_id, kind, shift_id, products, reason, state, requested_by,"
            " requested_at, decided_by, decided_at, result_shift_id)"
            " VALUES (300, 'edit', 3, '{\"1\": 500}', 'mine', 'approved', 300, now(), 900, now(), 3)"),
        ),
        [(Check.AUDIT, "correction:1")],
    ),
    "wage, hourly pay and total of an open shift together": (
        (
            ("UPDATE shifts SET hourly_wage = 30, total_per_hour = 240, total_made = total_made + 80"
            " WHERE shift_id = 4"),
            book(ANN, "80", "shift:4", "shift edited"),
        ),
        [(Check.WAGE, f"shift:{OPEN}")],
    ),
    "the wage of another time": (
        (
            ("UPDATE shifts SET hourly_wage = 20, total_per_hour = 160, total_made = total_made + 40"
            " WHERE shift_id = 1"),
            "UPDATE balance_transactions SET units = units + 40 WHERE ref = 'shift:1'",
            CHAIN_AGAIN,
            ("UPDATE pay_periods SET closing_balance = closing_balance + 40, paid_units = paid_units + 40"
            " WHERE employee_id = 100"),
            ("UPDATE balance_transactions SET units = units + 40 WHERE ref = 'period:2026-11-01'"
            " AND sub = (SELECT sub FROM employees WHERE employee_id = 100)"),
            CHAIN_AGAIN,
        ),
        [(Check.WAGE, f"shift:{ANNS}"), (Check.AUDIT, "period:100:2026-11-01")],
    ),
    "base rate, rate, commissions and total of an open shift together": (
        (
            ("UPDATE shifts SET base_pct = 18, commission_pct = commission_pct + 10, commissions = commissions + 40,"
            " total_made = total_made + 40 WHERE shift_id = 4"),
            book(ANN, "40", "shift:4", "shift edited"),
        ),
        [(Check.WAGE, f"shift:{OPEN}")],
    ),
    "a wage of the past": (
        ("UPDATE employee_settings SET hourly_wage = 25 WHERE employee_id = 100 AND valid_from < '2026-11-01'",),
        [(Check.WAGES, f"employee:{ANN}")],
    ),
    "a wage of the past of somebody whose wage was never changed": (
        ("UPDATE employee_settings SET hourly_wage = 25 WHERE employee_id = 200",),
        [(Check.WAGES, f"employee:{BEN}")],
    ),
    "a wage that is to come": (
        (
            ("INSERT INTO employee_settings (employee_id, valid_from, hourly_wage, base_pct, changed_by)"
            " VALUES (200, '2026-12-01', 40, 8, 900)"),
        ),
        [(Check.WAGES, f"employee:{BEN}")],
    ),
    "a shift's date": (
        ("UPDATE shifts SET shift_date = '2026-11-17' WHERE shift_id = 4",),
        [(Check.SHIFT_DATE, f"shift:{OPEN}")],
    ),
    "a line in what is no pay period": (
        (
            ("UPDATE balance_transactions SET period_start = '2026-11-16', period_end = '2026-11-20'"
            " WHERE ref = 'adjustment:1'"),
        ),
        [(Check.LINE_PERIOD, "line:{adjustment:1}")],
    ),
    "a line far ahead, where nobody looks": (
        (
            ("UPDATE balance_transactions SET period_start = '2027-03-01', period_end = '2027-03-14'"
            " WHERE ref = 'refund:1'"),
        ),
        [(Check.LINE_PERIOD, "line:{refund:1}")],
    ),
    "a row of the log": (
        (
            "ALTER TABLE audit_chain DROP CONSTRAINT audit_chain_audit_id_fkey",
            "DELETE FROM audit_log WHERE subject = 'adjustment:1'",
        ),
        [(Check.AUDIT, "adjustment:1"), (Check.AUDIT_CHAIN, "audit:{adjustment:1}")],
    ),
    "a row of the log and its place in the chain": (
        (
            "DELETE FROM audit_chain c USING audit_log a WHERE a.id = c.audit_id AND a.subject = 'adjustment:1'",
            "DELETE FROM audit_log WHERE subject = 'adjustment:1'",
        ),
        [(Check.AUDIT, "adjustment:1"), (Check.AUDIT_CHAIN, "audit:{refund:1}")],
    ),
    "the last row of the log and its place in the chain": (
        (
            "DELETE FROM audit_chain WHERE position = (SELECT max(position) FROM audit_chain)",
            "DELETE FROM audit_log WHERE id = (SELECT max(id) FROM audit_log)",
        ),
        [(Check.AUDIT, "period:200:2026-11-01"), (Check.AUDIT_CHAIN, "audit:{rows}")],
    ),
    "what a row of the log says, with what it is about": (
        (
            "UPDATE adjustments SET amount = 93.33 WHERE adjustment_id = 1",
            "UPDATE balance_transactions SET units = 93.33 WHERE ref = 'adjustment:1'",
            CHAIN_AGAIN,
            "UPDATE audit_log SET new = new || '{\"amount\": \"93.33\"}' WHERE subject = 'adjustment:1'",
        ),
        [(Check.AUDIT_CHAIN, "audit:{adjustment:1}")],
    ),
    "who did it": (
        ("UPDATE audit_log SET actor_id = 901 WHERE subject = 'employee:100'",),
        [(Check.AUDIT_CHAIN, "audit:{employee:100}")],
    ),
    "a row of the log that was put in beside the chain": (
        (
            ("INSERT INTO audit_log (actor_id, action, subject, new)"
            " VALUES (900, 'role changed', 'employee:200', '{\"role\": \"manager\"}')"),
        ),
        [(Check.AUDIT_CHAIN, "audit:{employee:200}")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forgery_is_found_by_its_number(
    office: PostgresService, forge: Callable[..., None], database: dict[str, Any], what: str
) -> None:
    hire_owner(office, MAX)
    before = office.reconciliation.run()
    assert before.differences == (), "there is nothing to find yet"
    numbers = list_numbers(database)
    statements, expected = FORGERIES[what]
    forge(*statements)
    numbers |= list_numbers(database)
    numbers["audit:{rows}"] = f"audit:{before.checked['audit rows']}"
    found = [(one.check, one.subject) for one in office.reconciliation.run().differences]
    assert sorted(found) == sorted((check, numbers.get(subject, subject)) for check, subject in expected)


def list_numbers(database: dict[str, Any]) -> dict[str, str]:
    """The numbers of the ledger's lines and of the log's rows, by what they are about."""
    lines = fetch_all(database, "SELECT ref, id FROM balance_transactions")
    rows = fetch_all(database, "SELECT subject, id FROM audit_log")
    return {
        **{f"line:{{{ref}}}": f"line:{number}" for ref, number in lines},
        **{f"audit:{{{subject}}}": f"audit:{number}" for subject, number in rows},
    }


# --- what is right is not found ---------------------------------------------------------------------------------------


def list_differences(service: PostgresService) -> tuple[Difference, ...]:
    return service.reconciliation.run().differences


def test_everything_that_admins_decide_agrees(office: PostgresService, olga: Person, clock: SteppingClock) -> None:
    boss, ann = hire_owner(office, MAX), office.people.get(ANN)
    office.refunds.withdraw(1, "a mistake", actor=boss)
    office.adjustments.book(olga.employee_id, AdjustmentKind.DEDUCTION, usd(7), "a cup", actor=boss)
    office.periods.reopen(CID, FIRST_HALF, actor=olga, reason="not yet")
    office.periods.close(FIRST_HALF, actor=olga)
    asked = office.corrections.ask_edit(ANNS, Correction(products={1: usd(400)}), "less", actor=ann)
    office.corrections.approve(asked.correction_id, actor=olga)
    start = datetime(2026, 11, 12, 15, tzinfo=UTC)
    refused = office.corrections.ask_new(NewShift(ANN, start, start + timedelta(hours=1), {}), "more", actor=ann)
    office.corrections.refuse(refused.correction_id, actor=olga, reason="no")
    far = date(2027, 5, 3)
    day_off = office.bonuses.grant(ANN, BonusOffer(BonusType.PAID_DAY_OFF, None), actor=olga)
    office.bonuses.request_day_off(day_off.bonus.bonus_id or 0, far, actor=ann)
    office.bonuses.approve_day_off(day_off.bonus.bonus_id or 0, actor=olga)
    move_to(clock, date(2026, 12, 2))
    office.periods.close(SECOND_HALF, actor=olga)
    office.payouts.pay(actor=olga)
    office.payouts.pay(actor=boss)
    assert list_differences(office) == ()


def test_wages_set_from_an_earlier_date_on_leave_what_is_recorded(office: PostgresService, olga: Person) -> None:
    office.terms.set_wage(ANN, actor=olga, hourly_wage=usd(30), since=date(2026, 11, 16))
    office.terms.set_wage(ANN, actor=olga, base_pct=usd(9), since=date(2026, 12, 1))
    office.terms.withdraw_planned(ANN, date(2026, 12, 1), actor=olga)
    office.set_employee_settings(BEN, hourly_wage=usd(22))
    assert office.shifts.get(OPEN).shift.terms.hourly_wage == usd(20)
    assert list_differences(office) == ()
    office.terms.reprice(date(2026, 11, 16), actor=olga)
    assert office.shifts.get(OPEN).shift.terms.hourly_wage == usd(30)
    assert list_differences(office) == ()


def test_who_left_has_periods_closed_early_and_opened_again(office: PostgresService, olga: Person) -> None:
    office.staff.leave(ANN, date(2026, 11, 16), actor=olga)
    office.periods.close(SECOND_HALF, actor=olga, employee_id=ANN)
    office.adjustments.book(ANN, AdjustmentKind.BONUS, usd(5), "goodbye", actor=olga)
    assert list_differences(office) == ()
    office.periods.reopen(ANN, SECOND_HALF, actor=olga, reason="one more")
    assert list_differences(office) == ()


@pytest.fixture
def move_away(database: dict[str, Any], clock: SteppingClock) -> Iterator[Callable[[str], PostgresService]]:
    """Starts the service with another time zone in the settings."""
    services = []

    def start(zone: str) -> PostgresService:
        PostgresSchema(**database, config=Config(timezone=zone)).init_schema()
        rules = Rules(BusinessZone.named(zone), clock=clock)
        services.append(PostgresService(settle_ranks=True, rules=rules, **database))
        return services[-1]

    yield start
    for service in services:
        service.close()


def test_shifts_keep_the_dates_of_the_zone_that_they_were_recorded_in(
    office: PostgresService, move_away: Callable[[str], PostgresService], database: dict[str, Any]
) -> None:
    late = NewShift(BEN, datetime(2026, 11, 16, 3, tzinfo=UTC), datetime(2026, 11, 16, 4, tzinfo=UTC), {})
    office.shifts.record(late)
    tokyo = move_away("Asia/Tokyo")
    tokyo.shifts.record(
        NewShift(CID, datetime(2026, 11, 15, 16, tzinfo=UTC), datetime(2026, 11, 15, 18, tzinfo=UTC), {})
    )
    assert list_differences(tokyo) == ()
    assert list_differences(move_away("Europe/Berlin")) == ()
    noted = fetch_all(
        database,
        "SELECT old->>'value', new->>'value' FROM audit_log WHERE subject = 'setting:time_zone' ORDER BY id",
    )
    assert noted == [("America/New_York", "Asia/Tokyo"), ("Asia/Tokyo", "Europe/Berlin")]


def test_what_the_log_attests_is_not_shown_in_it(office: PostgresService) -> None:
    shown = [{**(entry.old or {}), **(entry.new or {})} for entry in office.audit.list_entries(50)]
    assert any("hourly_wage" in facts for facts in shown)
    assert not any("witness" in facts for facts in shown)


# --- the chain itself -------------------------------------------------------------------------------------------------


def test_many_at_once_make_one_chain(office: PostgresService, olga: Person) -> None:
    calls = [
        partial(office.staff.rename, who, f"Person {number}", actor=olga)
        for number, who in enumerate([ANN, BEN, CID] * 6)
    ]
    assert all(isinstance(one, Person) for one in run_at_once(calls))
    report = office.reconciliation.run()
    assert report.differences == ()
    assert report.checked["audit rows"] == 8 + len(calls)


def test_who_is_not_ready_yet_keeps_nobody_waiting(
    office: PostgresService, olga: Person, database: dict[str, Any]
) -> None:
    """A row enters the chain when its transaction ends: the order is that of the ends."""
    with connect(database, autocommit=False) as other:
        other.execute("INSERT INTO audit_log (action, subject) VALUES ('x', 'first begun')")
        office.staff.rename(ANN, "Ann", actor=olga)
        other.commit()
    last = fetch_all(
        database, "SELECT a.subject FROM audit_chain c JOIN audit_log a ON a.id = c.audit_id ORDER BY c.position DESC"
    )
    assert last[:2] == [("first begun",), ("employee:100",)]
    assert list_differences(office) == ()


def test_what_is_undone_leaves_no_gap(office: PostgresService, olga: Person) -> None:
    with office.rehearsal():
        office.staff.rename(ANN, "Ann", actor=olga)
    office.staff.rename(BEN, "Ben", actor=olga)
    assert list_differences(office) == ()


def test_the_digest_that_the_log_ends_with_speaks_for_all_of_it(
    office: PostgresService, olga: Person, forge: Callable[..., None], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    head = office.reconciliation.find_audit_head()
    assert len(head) == 64
    office.reconciliation.run()
    assert head in caplog.text, "outside of the database too"
    office.staff.rename(ANN, "Ann", actor=olga)
    assert office.reconciliation.find_audit_head() != head
