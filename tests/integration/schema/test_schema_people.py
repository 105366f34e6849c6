"""Rules that PostgreSQL itself holds about people and their conversations, whoever writes (SPEC 6, TECH T1)."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.integration.schema.rows import (
    ALICE,
    BOB,
    DAY,
    NINE,
    Connection,
    add_employee,
    insert,
    refused,
)

LATER = datetime(2025, 12, 1, tzinfo=UTC)


class TestPeopleAndTheirConversations:
    @pytest.mark.parametrize(
        ("table", "row", "constraint"),
        [
            ("employees", {"employee_id": 1, "name": ""}, "employees_name_check"),
            ("employees", {"employee_id": 1, "name": "A", "role": "boss"}, "employees_role_check"),
            ("employees", {"employee_id": 1, "name": "A", "status": "left"}, "employees_status_left_date_check"),
            ("employees", {"employee_id": 1, "name": "A", "left_date": DAY}, "employees_status_left_date_check"),
            ("employees", {"employee_id": ALICE, "name": "Alice again"}, "employees_pkey"),
            (
                "employee_settings",
                {"employee_id": ALICE, "hourly_wage": Decimal("-0.01"), "base_pct": 8},
                "employee_settings_hourly_wage_check",
            ),
            (
                "employee_settings",
                {"employee_id": ALICE, "hourly_wage": 15, "base_pct": Decimal("100.01")},
                "employee_settings_base_pct_check",
            ),
            (
                "pay_terms",
                {"valid_from": DAY, "platform_cut_pct": Decimal("-0.01"), "dynamic_basis": "day"},
                "pay_terms_platform_cut_pct_check",
            ),
            (
                "pay_terms",
                {"valid_from": DAY, "platform_cut_pct": 20, "dynamic_basis": "week"},
                "pay_terms_dynamic_basis_check",
            ),
            ("products", {"name": "Model A"}, "products_name_key"),
            ("products", {"name": "x" * 41}, "products_name_check"),
            ("ranks", {"rank_name": "Rookie", "emoji": "", "rank_text": ""}, "ranks_rank_name_key"),
            (
                "employee_ranks",
                {"employee_id": ALICE, "year": 2025, "month": 13, "current_rank_id": 1},
                "employee_ranks_month_check",
            ),
            ("sync_log", {"sync_type": "full", "direction": "sideways"}, "sync_log_direction_check"),
            (
                "sync_log",
                {"sync_type": "full", "direction": "push", "status": "ok"},
                "sync_log_status_finished_at_check",
            ),
            ("outbox", {"employee_id": 999, "kind": "rank_up"}, "outbox_employee_id_fkey"),
            ("outbox", {"employee_id": ALICE, "kind": "rank_up", "payload": [1]}, "outbox_payload_check"),
            (
                "join_requests",
                {"request_id": "r", "telegram_id": 5, "name": "A", "state": "approved"},
                "join_requests_state_decided_at_check",
            ),
            (
                "invites",
                {"invite_id": "i", "code_hash": b"short", "created_by": ALICE, "created_at": NINE, "expires_at": LATER},
                "invites_code_hash_check",
            ),
            (
                "invites",
                {
                    "invite_id": "i",
                    "code_hash": b"x" * 32,
                    "created_by": ALICE,
                    "created_at": LATER,
                    "expires_at": NINE,
                },
                "invites_created_at_expires_at_check",
            ),
            (
                "invites",
                {
                    "invite_id": "i",
                    "code_hash": b"x" * 32,
                    "created_by": ALICE,
                    "created_at": NINE,
                    "expires_at": LATER,
                    "used_by": BOB,
                },
                "invites_used_by_used_at_check",
            ),
            (
                "drafts",
                {"draft_id": "x" * 17, "employee_id": ALICE, "kind": "new", "step": "day"},
                "drafts_draft_id_check",
            ),
            (
                "drafts",
                {"draft_id": "d", "employee_id": ALICE, "kind": "new", "step": "day", "state": "lost"},
                "drafts_state_check",
            ),
        ],
        ids=lambda given: given if isinstance(given, str) else "",
    )
    def test_what_cannot_be_is_refused(self, db: Connection, table: str, row: dict[str, Any], constraint: str) -> None:
        with refused(db, constraint):
            insert(db, table, row)

    def test_a_telegram_account_belongs_to_one_person(self, db: Connection) -> None:
        add_employee(db, 1, telegram_id=77)
        with refused(db, "employees_telegram_id_key"):
            add_employee(db, 2, telegram_id=77)

    def test_a_stranger_has_one_open_request(self, db: Connection) -> None:
        request = {"telegram_id": 77, "name": "Zoe"}
        insert(db, "join_requests", {**request, "request_id": "r1", "state": "rejected", "decided_at": NINE})
        insert(db, "join_requests", {**request, "request_id": "r2"})
        with refused(db, "join_requests_telegram_id_open_key"):
            insert(db, "join_requests", {**request, "request_id": "r3"})
