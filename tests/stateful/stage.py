"""What a stateful test plays on: a database, swept between the runs, services, a clock, recorded randomness."""

import contextlib
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import psycopg

from payroll.business_time import BusinessZone
from postgres_service import PostgresService
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, connect
from tests.model.records import RankRow

ADMIN = 100
STARTING_RANKS: tuple[RankRow, ...] = (
    RankRow(1, 0, ()),
    RankRow(2, 2_000_00, (("flat", 10_00), ("percent_next", 1_00), ("percent_prev", 1_00))),
    RankRow(3, 4_000_00, (("flat", 25_00), ("percent_next", 2_00), ("flat", 15_00))),
    RankRow(4, 7_000_00, (("flat", 50_00), ("paid_day_off", None), ("percent_next", 3_00))),
    RankRow(5, 10_000_00, (("flat", 100_00), ("percent_all", 2_00), ("telegram_premium", None))),
    RankRow(6, 15_000_00, (("flat", 200_00), ("double_commission", None), ("flat", 125_00))),
)
OTHER_RANKS: tuple[RankRow, ...] = (
    RankRow(1, 0, ()),
    RankRow(2, 1_000_00, (("percent_prev", 12_50), ("percent_all", 10_00), ("flat", 12_34), ("percent_next", 2_50))),
    RankRow(3, 2_500_00, (("double_commission", None),)),
    RankRow(4, 4_000_00, ()),
    RankRow(6, 6_000_00, (("flat", 33_33), ("percent_all", 1_11))),
)
RANKS: dict[date, tuple[RankRow, ...]] = {
    date.min: STARTING_RANKS,
    date(2026, 11, 1): OTHER_RANKS,
    date(2027, 1, 1): STARTING_RANKS,
    date(2028, 3, 1): OTHER_RANKS,
}
"""Rank tables by the month from which they hold: some months of a run have one, the next another (PAYROLL D18)."""
RANK_NAMES = {1: "Rookie", 2: "Hustler", 3: "Closer", 4: "Shark", 5: "King of Greed", 6: "Chatting God"}

_GUARDED = ("balance_transactions", "audit_chain", "audit_log", "dynamic_rate_versions", "dynamic_rates")
_SWEEP = """
    DELETE FROM outbox; DELETE FROM rank_awards; DELETE FROM active_bonuses; DELETE FROM employee_ranks;
    DELETE FROM balance_transactions; DELETE FROM audit_chain; DELETE FROM audit_log; DELETE FROM reconciliations;
    DELETE FROM shift_products; DELETE FROM shifts;
    DELETE FROM dynamic_rates WHERE version_id > 1; DELETE FROM dynamic_rate_versions WHERE version_id > 1;
    DELETE FROM pay_terms WHERE valid_from > '0001-01-01'; DELETE FROM employee_settings; DELETE FROM employees;
"""


@dataclass
class RecordedDraw:
    """Randomness that is written down, for the model to use the same."""

    source: random.Random = field(default_factory=lambda: random.Random(0))
    tape: list[tuple[int, int]] = field(default_factory=list)

    def __call__(self, limit: int) -> int:
        """A number below the limit, put on the tape."""
        number = self.source.randrange(limit)
        self.tape.append((limit, number))
        return number

    def take(self, limit: int) -> int:
        """The first number on the tape that was drawn below this limit."""
        place = [one for one, _ in self.tape].index(limit)
        return self.tape.pop(place)[1]


@contextlib.contextmanager
def open_stage(server: DatabaseServer, database: dict[str, Any]) -> Iterator["Stage"]:
    """A stage on a test's database."""
    stage = Stage(database, {**server.maker, "database": database["database"]})
    try:
        yield stage
    finally:
        stage.close()


class Stage:
    """The service under test and a connection of our own to look at what it wrote."""

    def __init__(self, params: dict[str, Any], owner_params: dict[str, Any]) -> None:
        """`owner_params` are of a role that may stop triggers and add rank tables, on the same database."""
        self.clock = SteppingClock(datetime(2026, 11, 3, tzinfo=UTC))
        self.draw = RecordedDraw()
        rules = Rules(BusinessZone.named("America/New_York"), draw=self.draw, clock=self.clock)
        self.settling = PostgresService(settle_ranks=True, rules=rules, pool_size=1, **params)
        self.not_settling = PostgresService(settle_ranks=False, rules=rules, pool_size=1, **params)
        self.connection: psycopg.Connection[tuple[Any, ...]] = connect(owner_params, prepare_threshold=1)
        self.connection.execute("SET TimeZone = 'UTC'")
        for month, rows in RANKS.items():
            if month > date.min:
                self._insert_ranks(month, rows)

    def close(self) -> None:
        """Give the connections back."""
        self.settling.close()
        self.not_settling.close()
        self.connection.close()

    def sweep(self, now: datetime, seed: int) -> None:
        """An empty company at a moment, with an admin. Only what refuses to be deleted is stopped from refusing."""
        with self.connection.transaction():
            for table in _GUARDED:
                self.connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only".encode())
            self.connection.execute(_SWEEP.encode())
            for table in _GUARDED:
                self.connection.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only".encode())
        self.clock.now = now
        self.draw.source.seed(seed)
        self.draw.tape.clear()
        self.settling.people.ensure_owner(ADMIN, "Olga")

    def set_pay_terms(self, since: date, cut_pct: str, basis: str) -> None:
        """What a changed setting does on the next start: another platform cut or basis from a date on."""
        self.connection.execute(
            "INSERT INTO pay_terms (valid_from, platform_cut_pct, dynamic_basis) VALUES (%s, %s, %s)"
            " ON CONFLICT (valid_from) DO UPDATE SET platform_cut_pct = EXCLUDED.platform_cut_pct,"
            " dynamic_basis = EXCLUDED.dynamic_basis",
            (since, cut_pct, basis),
        )

    def _insert_ranks(self, month: date, rows: tuple[RankRow, ...]) -> None:
        ends = [row.start for row in rows[1:]] + [None]
        with self.connection.transaction():
            cursor = self.connection.execute(
                "INSERT INTO rank_versions (valid_from) VALUES (%s) RETURNING version_id", (month,)
            )
            (version_id,) = cursor.fetchone() or (None,)
            for row, end in zip(rows, ends, strict=True):
                self.connection.execute(
                    "INSERT INTO rank_ranges (version_id, rank_id, min_sales, max_sales)"
                    " VALUES (%s, %s, %s::numeric / 100, %s::numeric / 100)",
                    (version_id, row.rank_id, row.start, end),
                )
                for slot, (kind, value) in enumerate(row.offers, 1):
                    self.connection.execute(
                        "INSERT INTO rank_bonuses (version_id, rank_id, slot, bonus_type, value)"
                        " VALUES (%s, %s, %s, %s, %s::numeric / 100)",
                        (version_id, row.rank_id, slot, kind, value),
                    )
