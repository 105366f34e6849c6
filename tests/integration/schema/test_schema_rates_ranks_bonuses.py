"""Rules that PostgreSQL itself holds about rates, ranks and bonuses, whoever writes (SPEC 6, PAYROLL D18, D26)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.schema.rows import (
    ALICE,
    DAY,
    Connection,
    add_bonus,
    add_shift,
    insert,
    refused,
)

NOVEMBER = date(2025, 11, 1)


class TestRateAndRankTablesAreWhole:
    @staticmethod
    def add_rates(connection: Connection, *ranges: tuple[int, int | None]) -> None:
        version_id = insert(connection, "dynamic_rate_versions", {"valid_from": DAY}, "version_id")
        for start, end in ranges:
            step = {"version_id": version_id, "min_sales": start, "max_sales": end, "percentage": 1}
            insert(connection, "dynamic_rates", step)

    @staticmethod
    def add_rank_ranges(connection: Connection, *ranges: tuple[int, int | None]) -> None:
        version_id = insert(connection, "rank_versions", {"valid_from": NOVEMBER}, "version_id")
        for rank_id, (start, end) in enumerate(ranges, start=1):
            step = {"version_id": version_id, "rank_id": rank_id, "min_sales": start, "max_sales": end}
            insert(connection, "rank_ranges", step)

    def test_ranges_that_follow_each_other_are_taken(self, db: Connection) -> None:
        self.add_rates(db, (500, None), (0, 100), (100, 500))
        self.add_rank_ranges(db, (0, 100), (100, None))
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert db.execute("SELECT count(*) FROM dynamic_rate_versions").fetchone() == (2,)

    def test_overlapping_rate_ranges_are_refused(self, db: Connection) -> None:
        with refused(db, "dynamic_rates_version_id_min_sales_max_sales_excl"):
            self.add_rates(db, (0, 501), (500, None))

    def test_overlapping_rank_ranges_are_refused(self, db: Connection) -> None:
        with refused(db, "rank_ranges_version_id_min_sales_max_sales_excl"):
            self.add_rank_ranges(db, (0, None), (100, None))

    WITH_HOLES = pytest.mark.parametrize(
        "ranges",
        [[(0, 500), (501, None)], [(1, None)], [(0, 500)], []],
        ids=["a gap", "not from 0", "an upper end", "no range"],
    )

    @WITH_HOLES
    def test_a_rate_table_with_a_hole_is_refused(self, db: Connection, ranges: list[tuple[int, int | None]]) -> None:
        with refused(db, "dynamic_rates_whole_check"):
            self.add_rates(db, *ranges)

    @WITH_HOLES
    def test_a_rank_table_with_a_hole_is_refused(self, db: Connection, ranges: list[tuple[int, int | None]]) -> None:
        with refused(db, "rank_ranges_whole_check"):
            self.add_rank_ranges(db, *ranges)

    def test_nothing_can_be_added_to_a_whole_table(self, db: Connection) -> None:
        with refused(db, "dynamic_rates_version_id_min_sales_max_sales_excl"):
            insert(db, "dynamic_rates", {"version_id": 1, "min_sales": 9000, "max_sales": None, "percentage": 50})

    def test_a_rank_table_holds_from_the_first_of_a_month(self, db: Connection) -> None:
        with refused(db, "rank_versions_valid_from_check"):
            insert(db, "rank_versions", {"valid_from": date(2025, 11, 2)})

    @pytest.mark.parametrize(
        ("bonus_type", "value", "constraint"),
        [
            ("flat", None, "rank_bonuses_bonus_type_value_check"),
            ("percent_next", Decimal("100.01"), "rank_bonuses_bonus_type_value_check"),
            ("double_commission", 2, "rank_bonuses_bonus_type_value_check"),
            ("cake", 1, "rank_bonuses_bonus_type_check"),
        ],
    )
    def test_a_rank_gives_only_bonuses_that_there_are(
        self, db: Connection, bonus_type: str, value: Decimal | None, constraint: str
    ) -> None:
        with refused(db, constraint):
            bonus = {"version_id": 1, "rank_id": 1, "slot": 1, "bonus_type": bonus_type, "value": value}
            insert(db, "rank_bonuses", bonus)

    def test_a_rank_that_is_not_in_the_table_has_no_bonuses(self, db: Connection) -> None:
        bonus = {"version_id": 1, "rank_id": 999, "slot": 1, "bonus_type": "double_commission"}
        with refused(db, "rank_bonuses_version_id_rank_id_fkey"):
            insert(db, "rank_bonuses", bonus)


class TestABonusIsInOneState:
    def test_pending_applied_and_void_bonuses_are_taken(self, db: Connection) -> None:
        shift_id = add_shift(db)
        add_bonus(db)
        add_bonus(db, state="applied", shift_id=shift_id, amount=10)
        add_bonus(db, "percent_next", 1, state="applied", shift_id=shift_id)
        add_bonus(db, "percent_prev", 1, state="applied", shift_id=shift_id, amount=4, product_id=1, basis_net=400)
        add_bonus(db, "paid_day_off", None, state="applied")
        add_bonus(db, state="void", voided_by="admin")
        assert db.execute("SELECT count(*) FROM active_bonuses").fetchone() == (6,)

    @pytest.mark.parametrize(
        ("wrong", "constraint"),
        [
            ({"state": "applied", "amount": 10}, "active_bonuses_state_shift_id_check"),
            ({"state": "pending", "shift_id": 1}, "active_bonuses_state_shift_id_check"),
            ({"bonus_type": "telegram_premium", "value": None, "shift_id": 1}, "active_bonuses_state_shift_id_check"),
            ({"state": "applied", "shift_id": 1}, "active_bonuses_state_amount_check"),
            ({"amount": 10}, "active_bonuses_state_amount_check"),
            (
                {"bonus_type": "double_commission", "value": None, "state": "applied", "shift_id": 1, "amount": 5},
                "active_bonuses_state_amount_check",
            ),
            ({"product_id": 1}, "active_bonuses_state_source_check"),
            ({"state": "applied", "shift_id": 1, "amount": 1, "basis_net": 1}, "active_bonuses_state_source_check"),
            ({"state": "void"}, "active_bonuses_state_voided_by_check"),
            ({"voided_by": "rank"}, "active_bonuses_state_voided_by_check"),
            ({"state": "void", "voided_by": "nobody"}, "active_bonuses_voided_by_check"),
            ({"state": "lost"}, "active_bonuses_state_check"),
            ({"bonus_type": "cake"}, "active_bonuses_bonus_type_check"),
            ({"value": None}, "active_bonuses_bonus_type_value_check"),
            ({"value": 0}, "active_bonuses_bonus_type_value_check"),
            ({"bonus_type": "percent_all", "value": 101}, "active_bonuses_bonus_type_value_check"),
            ({"bonus_type": "paid_day_off", "value": 8}, "active_bonuses_bonus_type_value_check"),
            ({"draw": -1}, "active_bonuses_draw_check"),
            ({"draw": 2**32}, "active_bonuses_draw_check"),
            ({"rank_id": 2}, "active_bonuses_rank_id_rank_month_check"),
            ({"rank_id": 2, "rank_month": DAY}, "active_bonuses_rank_month_check"),
        ],
        ids=lambda given: given if isinstance(given, str) else ", ".join(given),
    )
    def test_one_that_contradicts_itself_is_refused(
        self, db: Connection, wrong: dict[str, Any], constraint: str
    ) -> None:
        carrier = add_shift(db)
        with refused(db, constraint):
            add_bonus(db, **(wrong if "shift_id" not in wrong else {**wrong, "shift_id": carrier}))

    def test_a_person_gets_one_bonus_a_month_and_rank(self, db: Connection) -> None:
        add_bonus(db, rank_id=2, rank_month=NOVEMBER)
        add_bonus(db, rank_id=3, rank_month=NOVEMBER)
        add_bonus(db, rank_id=2, rank_month=date(2025, 12, 1))
        with refused(db, "active_bonuses_employee_id_rank_month_rank_id_key"):
            add_bonus(db, rank_id=2, rank_month=NOVEMBER, state="void", voided_by="rank")

    def test_a_reached_rank_stands_once_a_month(self, db: Connection) -> None:
        award = {"employee_id": ALICE, "rank_month": NOVEMBER, "rank_id": 2}
        insert(db, "rank_awards", award)
        with refused(db, "rank_awards_pkey"):
            insert(db, "rank_awards", award)

    def test_a_bonus_is_the_one_of_a_rank_that_has_drawn(self, db: Connection) -> None:
        award = {"employee_id": ALICE, "rank_month": NOVEMBER, "rank_id": 2, "bonus_id": add_bonus(db)}
        with refused(db, "rank_awards_is_drawn_bonus_id_check"):
            insert(db, "rank_awards", award)
