"""Rules that PostgreSQL itself holds about what is written once, whoever writes (SPEC 6, TECH T11, T19)."""

from datetime import date
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests.integration.schema.rows import (
    Connection,
    add_employee,
    book,
    refused,
)

APPEND_ONLY_TABLES = (
    "balance_transactions",
    "audit_log",
    "audit_chain",
    "dynamic_rate_versions",
    "dynamic_rates",
    "rank_versions",
    "rank_ranges",
    "rank_bonuses",
)


class TestTheLedgerIsOneChainAPerson:
    CHAIN = "balance_transactions_chain_check"

    @pytest.fixture
    def sub(self, db: Connection) -> Any:
        return add_employee(db, 300)

    def test_each_line_continues_the_one_before(self, db: Connection, sub: Any) -> None:
        book(db, sub, 1, 160, 160)
        book(db, sub, 2, 200, -40, direction="debit")
        book(db, sub, 3, 50, 10)
        assert db.execute("SELECT count(*) FROM balance_transactions WHERE sub = %s", [sub]).fetchone() == (3,)

    @pytest.mark.parametrize(
        ("entry_no", "units", "balance_after", "direction"),
        [(2, 40, 201, "credit"), (2, 40, 200, "debit"), (3, 40, 200, "credit"), (2, 40, 40, "credit")],
        ids=["a dollar too much", "the wrong way", "a gap", "from the beginning again"],
    )
    def test_a_line_that_does_not_is_refused(
        self, db: Connection, sub: Any, entry_no: int, units: int, balance_after: int, direction: str
    ) -> None:
        book(db, sub, 1, 160, 160)
        with refused(db, self.CHAIN):
            book(db, sub, entry_no, units, balance_after, direction=direction)

    def test_the_first_line_begins_at_nothing(self, db: Connection, sub: Any) -> None:
        with refused(db, self.CHAIN):
            book(db, sub, 1, 160, 161)

    def test_another_person_s_lines_do_not_count(self, db: Connection, sub: Any) -> None:
        book(db, sub, 1, 160, 160)
        with refused(db, self.CHAIN):
            book(db, add_employee(db, 400), 2, 40, 200)

    def test_one_statement_may_bring_its_lines_in_any_order(self, db: Connection, sub: Any) -> None:
        db.execute(
            """
            WITH line (entry_no, units, balance_after) AS (VALUES (3, 3, 6), (1, 1, 1), (2, 2, 3))
            INSERT INTO balance_transactions (sub, entry_no, direction, units, balance_after, period_start, period_end,
                                              ref, reason, source_service)
            SELECT %s, entry_no, 'credit', units, balance_after, '2025-11-01', '2025-11-14', 'shift:1', 'shift', 'test'
              FROM line
            """,
            [sub],
        )
        assert db.execute("SELECT sum(units) FROM balance_transactions WHERE sub = %s", [sub]).fetchone() == (6,)

    def test_a_temporary_table_does_not_stand_in_for_the_ledger(self, db: Connection, sub: Any) -> None:
        db.execute("CREATE TEMPORARY TABLE balance_transactions ON COMMIT DROP AS TABLE public.balance_transactions")
        db.execute("INSERT INTO balance_transactions (sub, entry_no, balance_after) VALUES (%s, 1, 1000000)", [sub])
        with refused(db, self.CHAIN):
            db.execute(
                """
                INSERT INTO public.balance_transactions (sub, entry_no, direction, units, balance_after, period_start,
                                                         period_end, ref, reason, source_service)
                VALUES (%s, 2, 'credit', 1, 1000001, '2025-11-01', '2025-11-14', 'shift:1', 'shift', 'test')
                """,
                [sub],
            )

    @pytest.mark.parametrize(
        ("wrong", "constraint"),
        [
            ({"units": 0, "balance_after": 0}, "balance_transactions_units_check"),
            ({"direction": "gift"}, "balance_transactions_direction_check"),
            ({"entry_no": 0}, "balance_transactions_entry_no_check"),
            ({"period_end": date(2025, 10, 31)}, "balance_transactions_period_start_period_end_check"),
            ({"sub": "00000000-0000-0000-0000-000000000000"}, "balance_transactions_sub_fkey"),
        ],
        ids=lambda given: given if isinstance(given, str) else ", ".join(given),
    )
    def test_a_line_that_makes_no_sense_is_refused(
        self, db: Connection, sub: Any, wrong: dict[str, Any], constraint: str
    ) -> None:
        with refused(db, constraint):
            book(db, **{"sub": sub, "entry_no": 1, "units": 160, "balance_after": 160, **wrong})

    def test_a_place_in_the_ledger_is_taken_once(self, db: Connection, sub: Any) -> None:
        book(db, sub, 1, 160, 160)
        with refused(db, "balance_transactions_sub_entry_no_key"):
            book(db, sub, 1, 160, 160)


class TestWhatIsWrittenStays:
    @pytest.mark.parametrize("table", APPEND_ONLY_TABLES)
    @pytest.mark.parametrize("change", ["UPDATE", "DELETE", "TRUNCATE"])
    def test_ledger_audit_log_and_versions_refuse_their_owner_too(
        self, owner_db: Connection, table: str, change: str
    ) -> None:
        db = owner_db
        name = sql.Identifier(table)
        statement = {
            "UPDATE": sql.SQL("UPDATE {0} SET {1} = {1}").format(name, sql.Identifier(_get_first_column(db, table))),
            "DELETE": sql.SQL("DELETE FROM {}").format(name),
            "TRUNCATE": sql.SQL("TRUNCATE {} CASCADE").format(name),
        }[change]
        with pytest.raises(psycopg.errors.RestrictViolation) as refusal, db.transaction():
            db.execute(statement)
        assert refusal.value.diag.constraint_name == f"{refusal.value.diag.table_name}_append_only"
        assert change == "TRUNCATE" or refusal.value.diag.table_name == table


def _get_first_column(connection: Connection, table: str) -> str:
    columns = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table]
    )
    return str(columns.fetchall()[0][0])
