"""Rules that PostgreSQL itself holds about shifts, whoever writes (SPEC 6, TECH T16)."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.schema.rows import (
    ALICE,
    BOB,
    NINE,
    NOTHING_YET,
    PRICE_COLUMNS,
    Connection,
    add_shift,
    insert,
    refused,
    start_shift,
)

HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)


class TestShiftsOfAPersonDoNotOverlap:
    OVERLAP = "shifts_employee_id_time_in_time_out_excl"

    def test_a_shift_that_begins_before_another_ends_is_refused(self, db: Connection) -> None:
        add_shift(db)
        with refused(db, self.OVERLAP):
            add_shift(db, start=NINE + 8 * HOUR - SECOND)

    def test_a_shift_may_begin_when_another_ends(self, db: Connection) -> None:
        add_shift(db)
        assert add_shift(db, start=NINE + 8 * HOUR) > 0

    def test_two_people_may_work_at_the_same_time(self, db: Connection) -> None:
        add_shift(db, ALICE)
        assert add_shift(db, BOB) > 0

    def test_a_deleted_shift_is_not_in_the_way(self, db: Connection) -> None:
        add_shift(db, status="deleted")
        assert add_shift(db) > 0

    def test_moving_a_shift_onto_another_is_refused(self, db: Connection) -> None:
        add_shift(db)
        moved = add_shift(db, start=NINE + 8 * HOUR)
        with refused(db, self.OVERLAP):
            db.execute(
                "UPDATE shifts SET time_in = time_in - %(by)s, time_out = time_out - %(by)s WHERE shift_id = %(id)s",
                {"by": HOUR, "id": moved},
            )

    def test_a_running_shift_has_no_end_and_blocks_every_later_one(self, db: Connection) -> None:
        start_shift(db)
        with refused(db, self.OVERLAP):
            add_shift(db, start=NINE + 365 * 24 * HOUR)

    def test_a_running_shift_does_not_block_an_earlier_one(self, db: Connection) -> None:
        start_shift(db)
        assert add_shift(db, start=NINE - 8 * HOUR) > 0

    def test_nobody_has_two_running_shifts(self, db: Connection) -> None:
        start_shift(db)
        with refused(db, self.OVERLAP):
            start_shift(db, start=NINE + HOUR)

    def test_nobody_has_two_running_shifts_even_without_the_rule_of_overlaps(self, owner_db: Connection) -> None:
        db = owner_db
        db.execute("ALTER TABLE shifts DROP CONSTRAINT shifts_employee_id_time_in_time_out_excl")
        start_shift(db)
        with refused(db, "shifts_employee_id_running_key"):
            start_shift(db, start=NINE + HOUR)


class TestAShiftIsWhole:
    def test_a_shift_with_all_its_pay_is_taken(self, db: Connection) -> None:
        shift_id = add_shift(db)
        row = db.execute("SELECT worked_hours, total_made FROM shifts WHERE shift_id = %s", [shift_id]).fetchone()
        assert row == (Decimal("8.00"), Decimal("160.00"))

    def test_8_h_20_min_are_8_33_hours(self, db: Connection) -> None:
        shift_id = add_shift(db, hours=8 + 1 / 3)
        row = db.execute("SELECT worked_hours, total_per_hour FROM shifts WHERE shift_id = %s", [shift_id]).fetchone()
        assert row == (Decimal("8.33"), Decimal("125.00"))

    def test_no_shift_is_dated_before_2000_but_one_that_was_there_before_dates_were_checked(
        self, db: Connection
    ) -> None:
        add_shift(db, ALICE, shift_date=date(2000, 1, 1))
        with refused(db, "shifts_shift_date_check"):
            add_shift(db, BOB, shift_date=date(1999, 12, 31))
        kept = add_shift(db, BOB, shift_date=date(1926, 11, 29), is_date_kept=True)
        db.execute("UPDATE shifts SET status = 'deleted' WHERE shift_id = %s", [kept])

    def test_a_shift_may_last_24_hours_and_no_second_more(self, db: Connection) -> None:
        add_shift(db, ALICE, hours=24)
        with refused(db, "shifts_worked_seconds_check"):
            add_shift(db, BOB, hours=24 + 1 / 3600)

    def test_a_shift_without_sales_is_taken(self, db: Connection) -> None:
        nothing = Decimal(0)
        assert add_shift(db, total_sales=nothing, net_sales=nothing, commissions=nothing, total_made=120) > 0

    @pytest.mark.parametrize(
        ("wrong", "constraint"),
        [
            ({"time_out": NINE, "worked_seconds": 0, "worked_hours": 0}, "shifts_time_in_time_out_check"),
            ({"time_out": NINE - HOUR}, "shifts_time_in_time_out_check"),
            ({"worked_seconds": 8 * 3600 - 1}, "shifts_time_in_time_out_worked_seconds_check"),
            ({"worked_hours": Decimal("8.01")}, "shifts_worked_seconds_worked_hours_check"),
            ({"net_sales": Decimal("500.01")}, "shifts_net_sales_total_sales_check"),
            ({"net_sales": Decimal("-0.01")}, "shifts_net_sales_total_sales_check"),
            ({"total_made": Decimal("160.01")}, "shifts_total_made_check"),
            ({"commissions": Decimal("-0.01"), "total_made": Decimal("119.99")}, "shifts_commissions_check"),
            ({"bonus_pay": Decimal("-0.01"), "total_made": Decimal("159.99")}, "shifts_bonus_pay_check"),
            ({"total_per_hour": Decimal("-0.01"), "total_made": Decimal("39.99")}, "shifts_total_per_hour_check"),
            ({"hourly_wage": Decimal("-0.01")}, "shifts_hourly_wage_check"),
            ({"base_pct": Decimal("100.01")}, "shifts_base_pct_check"),
            ({"platform_cut_pct": Decimal("-0.01")}, "shifts_platform_cut_pct_check"),
            ({"dynamic_pct": Decimal("100.01")}, "shifts_dynamic_pct_check"),
            ({"commission_pct": Decimal("-0.01")}, "shifts_commission_pct_check"),
            ({"dynamic_basis": "week"}, "shifts_dynamic_basis_check"),
            ({"rate_version_id": 999}, "shifts_rate_version_id_fkey"),
            ({"employee_id": 999}, "shifts_employee_id_fkey"),
            ({"employee_name": ""}, "shifts_employee_name_check"),
            ({"note": "x" * 1001}, "shifts_note_check"),
            ({"request_id": "x" * 201}, "shifts_request_id_check"),
            ({"status": "lost", **NOTHING_YET}, "shifts_status_check"),
            ({"status": "running"}, "shifts_status_time_out_check"),
            (NOTHING_YET, "shifts_status_time_out_check"),
        ],
        ids=lambda given: given if isinstance(given, str) else ", ".join(given),
    )
    def test_a_shift_that_contradicts_itself_is_refused(
        self, db: Connection, wrong: dict[str, Any], constraint: str
    ) -> None:
        with refused(db, constraint):
            add_shift(db, **wrong)

    @pytest.mark.parametrize("missing", PRICE_COLUMNS)
    def test_end_record_and_pay_come_together(self, db: Connection, missing: str) -> None:
        without: dict[str, Any] = {missing: None}
        rule = "shifts_status_time_out_check" if missing == "time_out" else "shifts_time_out_recorded_at_pay_check"
        with refused(db, rule):
            add_shift(db, **without)

    def test_a_commission_above_100_percent_is_taken(self, db: Connection) -> None:
        commissions = Decimal("848.00")
        assert add_shift(db, commission_pct=Decimal(212), commissions=commissions, total_made=commissions + 120) > 0

    def test_a_running_shift_can_be_deleted(self, db: Connection) -> None:
        running = start_shift(db)
        changed = db.execute("UPDATE shifts SET status = 'deleted' WHERE shift_id = %s", [running])
        assert changed.rowcount == 1

    def test_a_request_is_recorded_once(self, db: Connection) -> None:
        add_shift(db, ALICE, request_id="tap-1")
        with refused(db, "shifts_request_id_key"):
            add_shift(db, BOB, request_id="tap-1")

    def test_a_product_is_sold_for_more_than_nothing(self, db: Connection) -> None:
        shift_id = add_shift(db)
        with refused(db, "shift_products_amount_check"):
            insert(db, "shift_products", {"shift_id": shift_id, "product_id": 1, "amount": 0})

    def test_a_product_stands_once_in_a_shift(self, db: Connection) -> None:
        sale = {"shift_id": add_shift(db), "product_id": 1, "amount": 500}
        insert(db, "shift_products", sale)
        with refused(db, "shift_products_pkey"):
            insert(db, "shift_products", sale)

    def test_the_row_of_a_shift_with_sales_cannot_be_removed(self, db: Connection) -> None:
        shift_id = add_shift(db)
        insert(db, "shift_products", {"shift_id": shift_id, "product_id": 1, "amount": 500})
        with refused(db, "shift_products_shift_id_fkey"):
            db.execute("DELETE FROM shifts WHERE shift_id = %s", [shift_id])
