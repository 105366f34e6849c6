"""A run brings the sheet to what the database is, with a handful of calls, and the same run again changes nothing."""

from decimal import Decimal
from typing import Any

import pytest

from config import Config
from payroll.tables import RateStep
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from sheets_backup.mirror import RunKind
from sheets_backup.worksheets import TITLES
from tests.databases import connect, fetch_all
from tests.fake_sheets.server import Fault
from tests.sheets.mirrors import Mirror
from tests.sheets.shifts import record

ADMIN = [900_001, 15, 8]


def read_shifts(mirror: Mirror) -> list[list[Any]]:
    return [row for row in mirror.book.get_sheet("Shifts").read_all()[1:] if row]


def test_a_shift_stands_in_the_sheet_as_the_old_bot_wrote_it(mirror: Mirror, service: PostgresService) -> None:
    record(service, Model_A="500", Model_C="12.50")
    mirror.run_well()
    assert mirror.book.get_sheet("Shifts").read_all() == [
        ["ID", "Date", "EmployeeId", "EmployeeName", "Clock in", "Clock out", "Worked hours/shift", "Model A",
         "Model B", "Model C", "Model D", "Total sales", "Net sales", "%", "Total per hour", "Commissions",
         "Total made"],
        [1, "2026/11/01 15:59:00", 101, "Anna", "2026/11/01 08:00:00", "2026/11/01 15:00:00", 7, 500, 0, 12.5, 0,
         512.5, 410, 10, 105, 41, 146],
    ]  # fmt: skip


def test_the_other_worksheets_of_the_old_bot_are_there_with_their_headers(
    mirror: Mirror, service: PostgresService
) -> None:
    for number in range(3, 8):
        record(service, number, Model_A="600")
    service.create_bonus(101, "flat", 25)
    mirror.run_well()
    tabs = {sheet.title: sheet.read_all() for sheet in mirror.book.sheets}
    assert tabs["EmployeeSettings"] == [["EmployeeId", "Hourly wage", "Sales commission"], [101, 15, 8], ADMIN]
    assert tabs["DynamicRates"][1:] == [[0, 500, 0], [500, 1000, 2], [1000, 2000, 4], [2000, None, 6]]
    assert tabs["Ranks"][2][:3] == ["Hustler", 2000, 4000]
    assert tabs["Ranks"][2][4:7] == ["flat_10", "percent_next_1", "percent_prev_1"]
    assert tabs["EmployeeRanks"][0] == [
        "EmployeeId", "Current Rank", "Previous Rank", "Month", "Year", "Notified", "Last Updated"
    ]  # fmt: skip
    assert [row[:5] for row in tabs["EmployeeRanks"][1:]] == [[101, "Hustler", "Rookie", 11, 2026]]
    assert tabs["ActiveBonuses"][0] == ["ID", "EmployeeId", "Bonus Type", "Value", "Applied", "Shift ID", "Created At"]
    assert [101, "flat", 25, False] in [row[1:5] for row in tabs["ActiveBonuses"]]
    assert {title for title in TITLES if title not in tabs} == set()


def test_amounts_are_written_as_numbers_with_two_decimals_and_text_as_text(
    mirror: Mirror, service: PostgresService
) -> None:
    bodies: list[bytes] = []
    mirror.fake.before_body = bodies.append
    record(service, name="12,50", Model_A="500")
    mirror.run_well()
    written = b"".join(bodies).decode()
    assert '[1,"2026/11/01 15:59:00",101,"12,50","2026/11/01 08:00:00",' in written
    assert ",7.00,500.00,0.00,0.00,0.00,500.00,400.00,10.00,105.00,40.00,145.00]" in written
    assert '"valueInputOption":"RAW"' in written
    assert "USER_ENTERED" not in written


class TestCalls:
    @pytest.mark.parametrize("count", [1, 1000])
    def test_a_run_after_that_many_changes_takes_few_calls(
        self, mirror: Mirror, service: PostgresService, count: int
    ) -> None:
        record(service, Model_A="500")
        mirror.run_well()
        with connect(mirror.params) as connection:
            connection.execute(MANY_SHIFTS, {"count": count})
        report = mirror.run_well()
        assert report.rows >= 2 * count
        assert report.calls <= 6
        assert len(read_shifts(mirror)) == count + 1

    def test_a_run_without_any_change_looks_and_writes_nothing(self, mirror: Mirror, service: PostgresService) -> None:
        record(service, Model_A="500")
        mirror.run_well()
        writes = mirror.fake.count(is_write=True)
        report = mirror.run_well()
        assert (report.rows, report.calls) == (0, 2)
        assert mirror.fake.count(is_write=True) == writes


MANY_SHIFTS = """
    INSERT INTO shifts (shift_id, employee_id, employee_name, status, shift_date, time_in, time_out, recorded_at,
           hourly_wage, base_pct, platform_cut_pct, dynamic_basis, rate_version_id, worked_seconds, worked_hours,
           total_sales, net_sales, dynamic_pct, commission_pct, total_per_hour, commissions, bonus_pay, total_made)
    SELECT 1000 + n, employee_id, employee_name, status, shift_date - n, time_in - n * interval '1 day',
           time_out - n * interval '1 day', recorded_at, hourly_wage, base_pct, platform_cut_pct, dynamic_basis,
           rate_version_id, worked_seconds, worked_hours, total_sales, net_sales, dynamic_pct, commission_pct,
           total_per_hour, commissions, bonus_pay, total_made
      FROM shifts, generate_series(1, %(count)s) AS n
     WHERE shift_id = 1
"""


class TestWhatChanges:
    def test_an_edit_changes_the_row_where_it_stands(self, mirror: Mirror, service: PostgresService) -> None:
        for number in range(1, 6):
            record(service, number, Model_A="100")
        mirror.run_well()
        service.update_total_sales(3, 250)
        mirror.run_well()
        rows = mirror.book.get_sheet("Shifts").read_all()
        assert [row[0] for row in rows[1:]] == [1, 2, 3, 4, 5]
        assert [row[7] for row in rows[1:]] == [100, 100, 250, 100, 100]

    def test_a_deleted_shift_leaves_its_row_empty_and_nobody_moves_up(
        self, mirror: Mirror, service: PostgresService
    ) -> None:
        for number in range(1, 4):
            record(service, number, Model_A="100")
        mirror.run_well()
        service.shifts.delete(2)
        record(service, 9, Model_A="100")
        mirror.run_well()
        assert [row[:1] for row in mirror.book.get_sheet("Shifts").read_all()[1:]] == [[1], [], [3], [4]]

    def test_a_new_product_is_a_new_column(self, mirror: Mirror, service: PostgresService) -> None:
        record(service, Model_A="100")
        mirror.run_well()
        with connect(mirror.params) as connection:
            connection.execute("INSERT INTO products (name) VALUES ('Model E')")
        record(service, 5, Model_E="40")
        report = mirror.run_well()
        rows = mirror.book.get_sheet("Shifts").read_all()
        assert rows[0][7:12] == ["Model A", "Model B", "Model C", "Model D", "Model E"]
        assert [row[7:12] for row in rows[1:]] == [[100, 0, 0, 0, 0], [0, 0, 0, 0, 40]]
        assert (report.healed, report.kept) == ((), ())

    def test_what_is_in_force_follows_the_date_with_no_change_in_the_database(
        self, mirror: Mirror, service: PostgresService
    ) -> None:
        record(service, Model_A="100")
        tomorrow = service.rules.today().replace(day=service.rules.today().day + 1)
        service.set_employee_settings(101, hourly_wage=Decimal(20), valid_from=tomorrow)
        service.set_dynamic_rates([RateStep(Decimal(0), None, Decimal(3))], valid_from=tomorrow)
        mirror.run_well()
        assert mirror.book.get_sheet("EmployeeSettings").read_all()[1:] == [[101, 15, 8], ADMIN]
        mirror.clock.move(days=1)
        mirror.run_well()
        assert mirror.book.get_sheet("EmployeeSettings").read_all()[1:] == [[101, 20, 8], ADMIN]
        assert [row for row in mirror.book.get_sheet("DynamicRates").read_all()[1:] if row] == [[0, None, 3]]

    def test_a_change_that_is_not_committed_is_carried_over_once_it_is(
        self, mirror: Mirror, service: PostgresService
    ) -> None:
        record(service, Model_A="100")
        mirror.run_well()
        with connect(mirror.params, autocommit=False) as slow:
            slow.execute("UPDATE shifts SET note = 'late' WHERE shift_id = 1")
            record(service, 5, Model_A="100")
            mirror.run_well()
            slow.commit()
        mirror.run_well()
        assert "late" in mirror.book.get_sheet("data_shifts").read_all()[1]


def test_the_same_database_gives_the_same_cells(mirror: Mirror, service: PostgresService) -> None:
    for number in range(1, 6):
        record(service, number, Model_A="100")
    mirror.run_well()
    before = mirror.read_cells()
    mirror.run_well(RunKind.FULL)
    assert mirror.read_cells() == before


def test_a_run_that_wrote_part_of_it_is_gone_on_with(mirror: Mirror, service: PostgresService) -> None:
    record(service, Model_A="100")
    mirror.fake.standing = lambda path: Fault.UNAVAILABLE if path.endswith("values:batchUpdate") else None
    assert mirror.run().error is not None
    mirror.fake.standing = None
    record(service, 5, Model_A="50")
    mirror.run_well()
    assert [row[0] for row in read_shifts(mirror)] == [1, 2]
    assert mirror.list_notices("mirror_damage") == []


class TestLog:
    def test_every_run_is_logged_with_what_it_did(self, mirror: Mirror, service: PostgresService) -> None:
        record(service, Model_A="100")
        mirror.run_well()
        mirror.fake.standing = lambda _: Fault.FORBIDDEN
        mirror.run()
        rows = fetch_all(
            mirror.params,
            "SELECT sync_type, direction, status, error LIKE '%%share it%%' FROM sync_log"
            " WHERE table_name IS NULL ORDER BY id",
        )
        assert rows == [("incremental", "push", "ok", None), ("incremental", "push", "failed", True)]
        tables = fetch_all(mirror.params, "SELECT table_name, row_count FROM sync_log WHERE table_name IS NOT NULL")
        assert ("Shifts", 1) in tables

    def test_admins_hear_of_an_hour_of_failures_once(self, mirror: Mirror) -> None:
        mirror.fake.standing = lambda _: Fault.FORBIDDEN
        for _ in range(30):
            mirror.run()
            mirror.clock.move(minutes=5)
        notices = mirror.list_notices("mirror_failing")
        assert len(notices) == 1
        assert "share it" in notices[0]["error"]
        mirror.fake.standing = None
        mirror.run_well()
        mirror.fake.standing = lambda _: Fault.FORBIDDEN
        for _ in range(30):
            mirror.run()
            mirror.clock.move(minutes=5)
        assert len(mirror.list_notices("mirror_failing")) == 2

    def test_the_first_failures_of_a_quarter_of_an_hour_are_told_nobody(self, mirror: Mirror) -> None:
        mirror.fake.standing = lambda _: Fault.FORBIDDEN
        for _ in range(4):
            mirror.run()
            mirror.clock.move(minutes=5)
        assert mirror.list_notices("mirror_failing") == []


def test_admins_are_warned_when_the_spreadsheet_fills_up(mirror: Mirror) -> None:
    mirror.book.sheets[0].row_count = 280_000
    mirror.run_well()
    mirror.run_well()
    assert mirror.list_notices("mirror_full") == [{"percent": 72}]


class TestSwitchedOff:
    def test_nothing_is_noted_where_no_spreadsheet_is_set(self, mirror: Mirror, service: PostgresService) -> None:
        mirror.run_well()
        PostgresSchema(**mirror.params, config=Config()).init_schema()
        record(service, Model_A="100")
        assert fetch_all(mirror.params, "SELECT count(*) FROM sync_outbox") == [(0,)]

    def test_what_happened_meanwhile_is_in_the_sheet_once_one_is_set_again(
        self, mirror: Mirror, service: PostgresService
    ) -> None:
        record(service, Model_A="100")
        mirror.run_well()
        PostgresSchema(**mirror.params, config=Config()).init_schema()
        record(service, 5, Model_A="200")
        service.update_total_sales(1, 50)
        PostgresSchema(**mirror.params, config=mirror.config).init_schema()
        report = mirror.run_well()
        assert [(row[0], row[7]) for row in read_shifts(mirror)] == [(1, 50), (2, 200)]
        assert (report.healed, report.kept) == ((), ())
