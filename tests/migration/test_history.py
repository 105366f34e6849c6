"""What history becomes: owed or paid, drawn or not, and how it goes on in the bot (PAYROLL D41 to D43)."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from payroll.shifts import Correction
from postgres_service import PostgresService
from tests.factories import usd
from tests.migration.conftest import Office, Ran
from tests.migration.sample_sheet import Cell
from tests.migration.small_sheet import ANNA, BORIS, make_row, make_small_tabs, put

Write = Callable[[Mapping[str, Sequence[Sequence[Cell]]]], str]


@pytest.fixture
def run(office: Office, as_csv: Write) -> Callable[..., Ran]:
    """Migrates worksheets for good, by default the small ones."""

    def migrate(tabs: Mapping[str, Sequence[Sequence[Cell]]] | None = None, *arguments: str) -> Ran:
        ran = office.run("--source", as_csv(tabs or make_small_tabs()), "--execute", *arguments)
        assert ran.status == 0, ran.out + ran.err
        return ran

    return migrate


def test_what_is_dated_before_the_day_is_paid_and_what_comes_after_is_owed(
    office: Office, run: Callable[..., Ran]
) -> None:
    run(None, "--owed-from", "2025-09-02")
    assert office.fetch("SELECT ref, direction, units, period_start, period_end, reason FROM balance_transactions") == [
        ("shift:3", "credit", Decimal("126.40"), date(2025, 9, 1), date(2025, 9, 14), "shift imported")
    ]
    assert office.fetch("SELECT shift_id, paid_before, period_start FROM imported_shifts ORDER BY 1") == [
        (1, Decimal("160.00"), date(2025, 9, 1)),
        (2, Decimal("172.80"), date(2025, 9, 1)),
        (3, None, None),
    ]


def test_who_is_taken_over_joined_when_their_first_shift_began(office: Office, run: Callable[..., Ran]) -> None:
    run()
    assert office.fetch("""
        SELECT employee_id, e.created_at = (SELECT min(s.time_in) FROM shifts s WHERE s.employee_id = e.employee_id)
          FROM employees e ORDER BY 1
    """) == [(ANNA, True), (BORIS, True)]


def test_nothing_of_an_old_sheet_is_owed_where_nobody_says_from_when(office: Office, run: Callable[..., Ran]) -> None:
    run()
    assert office.fetch("SELECT count(*) FROM balance_transactions") == [(0,)]


def test_the_ledger_is_one_chain_a_person_in_the_order_of_the_shifts(office: Office, run: Callable[..., Ran]) -> None:
    run(None, "--owed-from", "2025-01-01")
    assert office.fetch("""
        SELECT e.employee_id, b.entry_no, b.ref, b.balance_after
          FROM balance_transactions b JOIN employees e USING (sub) ORDER BY 1, 2
    """) == [
        (ANNA, 1, "shift:1", usd(160)),
        (ANNA, 2, "shift:3", usd("286.40")),
        (BORIS, 1, "shift:2", usd("172.80")),
    ]


def test_a_correction_in_the_bot_books_the_difference_of_a_paid_shift(office: Office, run: Callable[..., Ran]) -> None:
    run()
    with PostgresService(**office.params, settle_ranks=True) as service:
        assert service.update_shift_field(3, "Model B", 200)
        assert service.reconciliation.run().differences == ()
    assert office.fetch("SELECT ref, units FROM balance_transactions") == [("shift:3", usd("6.40"))]


def test_an_imported_shift_is_deleted_as_any_other(office: Office, run: Callable[..., Ran]) -> None:
    run(None, "--owed-from", "2025-01-01")
    with PostgresService(**office.params, settle_ranks=True) as service:
        service.shifts.delete(2)
        assert service.reconciliation.run().differences == ()
        pending = service.get_active_bonuses(BORIS)
    assert [(bonus["Bonus Type"], bonus["Value"]) for bonus in pending] == [("percent_next", usd(1))]


def test_editing_the_clocks_changes_hourly_pay_only_and_the_sales_commissions_only(
    office: Office, run: Callable[..., Ran]
) -> None:
    tabs = put(make_small_tabs(), "Shifts", 2, "%", "9.5%")
    put(put(tabs, "Shifts", 2, "Commissions", 38), "Shifts", 2, "Total per hour", "119.96")
    run(put(tabs, "Shifts", 2, "Total made", 160))
    with PostgresService(**office.params, settle_ranks=True) as service:
        before = service.shifts.get(1).shift.pay
        assert (before.commission_pct, before.total_per_hour, before.total_made) == (
            usd("9.5"),
            usd("119.96"),
            usd(160),
        )
        assert service.update_shift_field(1, "Clock out", "2025/09/01 13:00:00")
        shorter = service.shifts.get(1).shift.pay
        assert (shorter.total_per_hour, shorter.commissions) == (usd("59.98"), usd(38))
        assert service.update_shift_field(1, "Model A", 1000)
        more = service.shifts.get(1).shift.pay
        assert (more.total_per_hour, more.commission_pct, more.commissions) == (usd("59.98"), usd("9.5"), usd(76))
        assert more.total_made == usd("59.98") + usd(76) + usd("2.04")
        assert service.reconciliation.run().differences == ()


def test_sales_of_shifts_that_lie_over_each_other_can_be_corrected_and_nothing_new_lies_over_them(
    office: Office, run: Callable[..., Ran]
) -> None:
    tabs = make_small_tabs()
    tabs["Shifts"].append(
        make_row(4, ANNA, "Anna", "2025/09/02", start="12:00:00", end="20:00:00", pct=8, commissions=0, made=120)
    )
    told = run(tabs)
    assert "shift 3: lies over shift 4" in told.out
    assert "shift 4: lies over shift 3" in told.out
    with PostgresService(**office.params, settle_ranks=True) as service:
        service.shifts.edit(4, Correction(products={1: usd(50)}))
        with pytest.raises(Exception, match="a time outside shift"):
            service.create_shift(
                {"employee_id": ANNA, "clock_in": "2025/09/02 19:00:00", "clock_out": "2025/09/02 21:00:00"}
            )
        assert service.reconciliation.run().differences == ()


def test_a_rank_of_the_sheet_counts_as_told_and_drawn_with_all_below_it(
    office: Office, run: Callable[..., Ran]
) -> None:
    tabs = put(make_small_tabs(), "EmployeeRanks", 2, "Current Rank", "Closer")
    told = run(tabs)
    assert "Closer in 2025-09, by the month's sales Rookie" in told.out
    drawn = office.fetch(
        """
        SELECT r.rank_name FROM rank_awards a JOIN ranks r USING (rank_id)
         WHERE a.employee_id = %s AND is_drawn AND bonus_id IS NULL ORDER BY rank_id
    """,
        ANNA,
    )
    assert drawn == [("Rookie",), ("Hustler",), ("Closer",)]


def test_a_month_without_a_row_counts_the_rank_of_its_sales_as_drawn(office: Office, run: Callable[..., Ran]) -> None:
    tabs = make_small_tabs()
    tabs["Shifts"].append(make_row(4, BORIS, "Boris", "2025/09/03", model_a=2000, pct=14, commissions=224, made=344))
    run(tabs)
    with PostgresService(**office.params, settle_ranks=True) as service:
        held = service.get_employee_rank(BORIS, 2025, 9)
        assert held is not None
        assert (held["Current Rank"], held["Notified"]) == ("Hustler", True)
        service.create_shift(
            {"employee_id": BORIS, "clock_in": "2025/09/04 09:00:00", "clock_out": "2025/09/04 10:00:00",
             "products": {"Model A": 10}}
        )  # fmt: skip
    assert office.fetch("SELECT count(*) FROM active_bonuses WHERE rank_id IS NOT NULL") == [(0,)]
    assert office.fetch("SELECT count(*) FROM outbox") == [(0,)]


def test_bonuses_keep_their_state_and_pending_ones_wait_for_the_next_shift(
    office: Office, run: Callable[..., Ran]
) -> None:
    run()
    assert office.fetch("SELECT bonus_id, state, shift_id, earned_shift_id FROM active_bonuses ORDER BY 1") == [
        (1, "applied", 2, None),
        (2, "pending", None, 3),
    ]
    with PostgresService(**office.params) as service:
        shift_id = service.create_shift(
            {"employee_id": ANNA, "clock_in": "2025/09/05 09:00:00", "clock_out": "2025/09/05 10:00:00"}
        )
        assert [bonus["ID"] for bonus in service.get_shift_applied_bonuses(shift_id)] == [2]


def test_corrected_in_the_sheet_a_shift_is_updated_with_what_is_owed(office: Office, run: Callable[..., Ran]) -> None:
    run(None, "--owed-from", "2025-01-01")
    tabs = put(put(make_small_tabs(), "Shifts", 2, "Commissions", 45), "Shifts", 2, "Total made", 165)
    told = run(tabs, "--owed-from", "2025-01-01")
    assert told.table["Shifts"] == (3, 0, 1, 2, 0)
    assert office.fetch("SELECT total_made FROM shifts WHERE shift_id = 1") == [(usd(165),)]
    assert office.fetch("SELECT sum(units) FROM balance_transactions WHERE ref = 'shift:1'") == [(usd(165),)]


def test_corrected_in_the_bot_a_shift_stays_as_it_is_when_the_sheet_is_read_again(
    office: Office, run: Callable[..., Ran]
) -> None:
    run()
    with PostgresService(**office.params) as service:
        assert service.update_shift_field(3, "Model B", 150)
    assert run().table["Shifts"] == (3, 0, 0, 3, 0)
    assert office.fetch("SELECT total_sales FROM shifts WHERE shift_id = 3") == [(usd(150),)]


def test_corrected_in_both_a_shift_is_rejected(office: Office, run: Callable[..., Ran], as_csv: Write) -> None:
    run()
    with PostgresService(**office.params) as service:
        assert service.update_shift_field(3, "Model B", 150)
    source = as_csv(put(make_small_tabs(), "Shifts", 4, "Total made", 130))
    ran = office.run("--source", source, "--execute")
    assert ran.status == 1
    assert "Shifts row 4, ID: “3” is different in the sheet, but was corrected in the bot since" in ran.lines


def test_a_number_that_the_bot_gave_away_is_not_taken_over(
    office: Office, run: Callable[..., Ran], as_csv: Write
) -> None:
    run()
    with PostgresService(**office.params) as service:
        service.create_shift(
            {"employee_id": ANNA, "clock_in": "2025/09/07 09:00:00", "clock_out": "2025/09/07 10:00:00"}
        )
    tabs = make_small_tabs()
    tabs["Shifts"].append(make_row(4, BORIS, "Boris", "2025/09/08", pct=8, commissions=0, made=120))
    ran = office.run("--source", as_csv(tabs), "--execute")
    assert ran.status == 1
    assert "Shifts row 5, ID: “4” is a shift that the bot recorded itself" in ran.lines


def test_repricing_pays_by_the_rules_and_still_tells_what_was_recorded(office: Office, run: Callable[..., Ran]) -> None:
    tabs = put(put(make_small_tabs(), "Shifts", 2, "Commissions", 45), "Shifts", 2, "Total made", 165)
    told = run(tabs, "--reprice")
    assert "shift 1: Commissions 45.00, by the rules 40.00; Total made 165.00, by the rules 160.00" in told.out
    assert office.fetch("SELECT total_made, is_imported FROM shifts WHERE shift_id = 1") == [(usd(160), False)]


def test_somebody_without_settings_starts_with_the_starting_values(office: Office, run: Callable[..., Ran]) -> None:
    tabs = make_small_tabs()
    del tabs["EmployeeSettings"][2]
    assert f"{BORIS} has no EmployeeSettings and starts with 15.00 $/h, 8.00 %" in run(tabs).out
    assert office.fetch("SELECT name, telegram_id FROM employees WHERE employee_id = %s", BORIS) == [("Boris", BORIS)]


def test_reference_tables_come_from_the_file_of_the_version_before(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "before.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript("""
            CREATE TABLE employee_settings (employee_id INTEGER, hourly_wage REAL, sales_commission REAL);
            INSERT INTO employee_settings VALUES (1001, 17.5, 9);
            CREATE TABLE dynamic_rates (min_amount REAL, max_amount REAL, percentage REAL);
            INSERT INTO dynamic_rates VALUES (0, 1000, 1), (1000, NULL, 3);
        """)
    connection.close()
    ran = office.run("--source", f"sqlite:{path}", "--execute")
    assert ran.status == 0
    assert ran.table == {"EmployeeSettings": (1, 1, 0, 0, 0), "DynamicRates": (2, 0, 2, 0, 0)}
    assert "Ranks: the file has no table ranks." in ran.lines
    with PostgresService(**office.params) as service:
        assert service.get_employee_settings(1001) == {
            "EmployeeId": 1001, "Hourly wage": usd("17.5"), "Sales commission": usd(9),
        }  # fmt: skip
        assert [rate["Percentage"] for rate in service.get_dynamic_rates()] == [usd(1), usd(3)]


def test_nothing_is_taken_over_into_a_pay_period_that_is_closed(
    office: Office, run: Callable[..., Ran], as_csv: Write
) -> None:
    run()
    office.fetch(
        """
        INSERT INTO pay_periods (employee_id, start_date, end_date, state, closing_no, opening_balance, closing_balance,
                                 closed_at)
        VALUES (%s, '2025-09-01', '2025-09-14', 'closed', 1, 0, 0, now()) RETURNING 1
        """,
        ANNA,
    )
    assert run().table["Shifts"] == (3, 0, 0, 3, 0)
    tabs = put(make_small_tabs(), "Shifts", 2, "Total made", 170)
    tabs["Shifts"].append(make_row(4, ANNA, "Anna", "2025/09/03", pct=8, commissions=0, made=120))
    ran = office.run("--source", as_csv(tabs), "--execute")
    assert ran.status == 1
    assert "Shifts row 2, ID: “1” is different in the sheet, but its pay period is closed" in ran.lines
    assert "Shifts row 5, ID: “4” lies in a pay period that is closed" in ran.lines
