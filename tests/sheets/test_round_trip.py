"""Database, sheet, empty database: the same rows in every mirrored table."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from config import Config
from payroll.adjustments import AdjustmentKind
from payroll.offers import BonusOffer, BonusType
from payroll.reconciliation import Check
from payroll.settings import SettingKey
from payroll.shifts import Correction
from payroll.tables import RateStep
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.timeline import NUMBERS_AHEAD
from sheets_backup.restore import NotEmptyError, is_mirror, load_contents, read_mirror
from tests.databases import DatabaseServer, connect, fetch_all, temporary_database
from tests.sheets.mirrors import Mirror, dump_database
from tests.sheets.shifts import NOVEMBER, record

FILLED = (
    "employees", "employee_settings", "pay_terms", "dynamic_rate_versions", "dynamic_rates", "ranks", "rank_versions",
    "rank_ranges", "rank_bonuses", "products", "shifts", "shift_products", "active_bonuses", "employee_ranks",
    "rank_awards", "balance_transactions", "audit_log", "audit_chain", "join_requests",
)  # fmt: skip


LOG = (Check.AUDIT, Check.AUDIT_CHAIN, Check.WAGES)


def fill(service: PostgresService) -> None:
    """Something in every table that the service writes to."""
    for number in range(1, 9):
        record(service, number, employee_id=101 + number % 2, Model_A=str(700 + number), Model_B="0.01")
    service.update_shift_field(2, "Note", "moved the 2nd model\nto the evening")
    service.update_shift_field(3, "Model A", 0)
    service.shifts.delete(4)
    service.create_bonus(101, "percent_prev", 1)
    service.create_bonus(102, "double_commission")
    service.set_employee_settings(101, hourly_wage=Decimal("17.25"), changed_by=102)
    service.set_dynamic_rates([RateStep(Decimal(0), None, Decimal("1.50"))])


def restore(server: DatabaseServer, mirror: Mirror) -> dict[str, list[tuple[Any, ...]]]:
    """What an empty database holds after a restore from the sheet."""
    contents = read_mirror(mirror.open_gateway().read_all_tabs())
    assert contents.rejected == ()
    with temporary_database(server) as params:
        schema = PostgresSchema(**params, config=Config())
        schema.init_schema()
        with schema.connect_as_owner() as connection, connection.transaction():
            load_contents(connection, contents)
        kept = "SELECT key, value FROM schema_metadata WHERE key IN ('database_uuid', 'created_at') ORDER BY key"
        assert fetch_all(params, kept) == fetch_all(mirror.params, kept)
        with PostgresService(**params) as restored:
            of_the_log = [one for one in restored.reconciliation.run().differences if one.check in LOG]
            assert of_the_log == [], "the log goes on as the chain that it was"
        return dump_database(params)


def test_a_restored_database_is_the_one_that_was_mirrored(
    mirror: Mirror, service: PostgresService, server: DatabaseServer
) -> None:
    fill(service)
    with connect(mirror.params) as connection:
        connection.execute(
            "INSERT INTO audit_log (actor_id, action, subject, old, new, reason)"
            """ VALUES (101, 'x', '', '{"a": 1.50}', 'null', '')"""
        )
        connection.execute(
            "INSERT INTO join_requests (request_id, telegram_id, name, language) VALUES ('q:1', 5, '=1+1', 'ru')"
        )
    mirror.run_well()
    before = dump_database(mirror.params)
    assert [name for name in FILLED if not before[name]] == []
    assert restore(server, mirror) == before


OWNERS_SIDE = (
    "pay_periods", "correction_requests", "adjustments", "refunds", "shift_versions", "settings", "questions",
    "question_messages", "question_events",
)  # fmt: skip


def test_the_owners_side_is_restored_with_what_is_closed(
    mirror: Mirror, service: PostgresService, server: DatabaseServer
) -> None:
    for number in range(1, 9):
        record(service, number, employee_id=101 + number % 2, Model_A=str(700 + number))
    olga = service.people.ensure_owner(900)
    anna = service.people.get(101)
    service.periods.close(NOVEMBER, actor=olga)
    service.payouts.pay(actor=olga, employee_id=102)
    request = service.corrections.ask_edit(2, Correction(products={1: Decimal(5)}), "=1+1", actor=anna)
    service.corrections.approve(request.correction_id, actor=olga)
    service.adjustments.book(101, AdjustmentKind.BONUS, Decimal(5), "thanks", actor=olga)
    service.refunds.book(4, 1, Decimal(10), "chargeback", actor=olga)
    service.refunds.withdraw(1, "a mistake", actor=olga)
    day_off = service.bonuses.grant(101, BonusOffer(BonusType.PAID_DAY_OFF, None), actor=olga).bonus.bonus_id or 0
    service.bonuses.request_day_off(day_off, service.rules.today(), actor=anna)
    service.bonuses.approve_day_off(day_off, actor=olga)
    service.settings.change(SettingKey.LEADERBOARD_SHOWN, "false", actor=olga)
    question = service.questions.ask("Why?", actor=anna, shift_id=2)
    service.questions.resolve(question.question_id, actor=olga, reason="said")
    mirror.run_well()
    before = dump_database(mirror.params)
    assert [name for name in OWNERS_SIDE if not before[name]] == []
    assert restore(server, mirror) == before


def test_what_changed_later_is_restored_too(mirror: Mirror, service: PostgresService, server: DatabaseServer) -> None:
    fill(service)
    mirror.run_well()
    record(service, 20, Model_D="77")
    service.update_total_sales(1, 400)
    service.shifts.delete(5)
    mirror.run_well()
    assert restore(server, mirror) == dump_database(mirror.params)


def test_new_rows_of_a_restored_database_take_numbers_of_their_own(
    mirror: Mirror, service: PostgresService, server: DatabaseServer, clock: Any
) -> None:
    fill(service)
    mirror.run_well()
    contents = read_mirror(mirror.open_gateway().read_all_tabs())
    with temporary_database(server) as params:
        schema = PostgresSchema(**params, config=Config())
        schema.init_schema()
        with schema.connect_as_owner() as connection, connection.transaction():
            load_contents(connection, contents)
        with PostgresService(settle_ranks=True, rules=service.rules, **params) as restored:
            assert record(restored, 21, Model_A="5") == service.get_next_id() + NUMBERS_AHEAD


def test_a_database_with_records_of_its_own_is_not_overwritten(
    mirror: Mirror, service: PostgresService, make_service: Callable[..., PostgresService]
) -> None:
    fill(service)
    mirror.run_well()
    contents = read_mirror(mirror.open_gateway().read_all_tabs())
    before = dump_database(mirror.params)
    with (
        PostgresSchema(**mirror.params, config=mirror.config).connect_as_owner() as connection,
        pytest.raises(NotEmptyError, match="shifts"),
        connection.transaction(),
    ):
        load_contents(connection, contents)
    assert dump_database(mirror.params) == before


def test_a_sheet_of_the_old_bot_is_no_mirror() -> None:
    assert not is_mirror({"Shifts": [["ID", "Date"], [1, "2026/11/01 10:00:00"]]})


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ([["product_id", "name", "is_active"]], "created_at"),
        ([["product_id", "name", "is_active", "created_at", "name"]], "twice"),
        (
            [["product_id", "name", "is_active", "created_at"], ["one", "A", True, "2026-11-16T14:00:00Z"]],
            "a number",
        ),
        ([["product_id", "name", "is_active", "created_at"], [1.5, "A", True, "2026-11-16T14:00:00Z"]], "whole number"),
        ([["product_id", "name", "is_active", "created_at"], [1, 7, True, "2026-11-16T14:00:00Z"]], "text"),
        (
            [["product_id", "name", "is_active", "created_at"], [1, "A", "maybe", "2026-11-16T14:00:00Z"]],
            "TRUE or FALSE",
        ),
        ([["product_id", "name", "is_active", "created_at"], [1, "A", True, "2026-02-31T14:00:00Z"]], "instant"),
        ([["product_id", "name", "is_active", "created_at"], [1, "A", True, "2026-11-16T14:00:00"]], "zone"),
    ],
)
def test_what_cannot_be_read_is_named(cells: list[list[Any]], told: str) -> None:
    rejected = [one for one in read_mirror({"data_products": cells}).rejected if one.tab == "data_products"]
    assert len(rejected) == 1
    assert told in f"{rejected[0].column} {rejected[0].reason}"
