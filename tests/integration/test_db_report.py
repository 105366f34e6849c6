"""What the server knows of its own work: sizes, use, waits; and `make db-report`, which prints it."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from db_report import render_report
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.db_report import DatabaseReport, TableUse, shorten_query
from tests.bot.processes import describe_database
from tests.databases import connect
from tests.shift_data import make_shift_data

ROOT = Path(__file__).resolve().parents[2]
# The view of a server that keeps statistics of queries, with rows as such a server has them.
STATEMENTS = """
    CREATE TABLE kept_statements (dbid oid, query text, calls bigint, mean_exec_time float8, total_exec_time float8);
    INSERT INTO kept_statements
    SELECT d.oid, q.query, q.calls, q.mean, q.calls * q.mean
      FROM (VALUES ('SELECT note FROM shifts WHERE shift_id = $1', 1000, 0.125),
                   ('/* job */ UPDATE employees SET name = ''Olga O''''Hara'' WHERE employee_id = 4711', 2, 1000.5),
                   ('ALTER ROLE shiftbot PASSWORD ''c4n4ry''', 1, 5000.0),
                   (repeat('SELECT 1 ', 30), 1, 3.0)) q (query, calls, mean),
           pg_database d
     WHERE d.datname = current_database();
    INSERT INTO kept_statements SELECT oid, 'SELECT of_another_database', 1, 9000, 9000
      FROM pg_database WHERE datname = 'template1';
    CREATE VIEW pg_stat_statements AS SELECT * FROM kept_statements;
    GRANT SELECT ON pg_stat_statements TO PUBLIC;
"""


@pytest.fixture
def report(service: PostgresService) -> Callable[[], DatabaseReport]:
    return service.db_report.get


def find_table(report: DatabaseReport, name: str) -> TableUse:
    return next(one for one in report.tables if one.name == name)


def wait_until(holds: Callable[[], bool]) -> None:
    """The server tells its statistics a moment later."""
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_each_table_has_its_size_its_rows_and_its_last_vacuum(
    service: PostgresService, report: Callable[[], DatabaseReport], database: dict[str, Any]
) -> None:
    service.create_shift(make_shift_data())
    assert find_table(report(), "shifts").vacuumed_at is None
    with PostgresSchema(**database).connect_as_owner() as owner:
        owner.execute("VACUUM ANALYZE shifts")
    wait_until(lambda: find_table(report(), "shifts").vacuumed_at is not None)
    shifts = find_table(report(), "shifts")
    assert shifts.rows == 1
    assert shifts.analyzed_at is not None
    assert shifts.size_bytes > shifts.index_bytes > 0
    sizes = [one.size_bytes for one in report().tables]
    assert sizes == sorted(sizes, reverse=True)
    assert {"employees", "balance_transactions", "inbox", "outbox"} <= {one.name for one in report().tables}


def test_each_index_tells_how_often_it_was_used_and_whether_it_keeps_a_rule(
    service: PostgresService, report: Callable[[], DatabaseReport]
) -> None:
    def read(name: str) -> int:
        return next(one.scans for one in report().indexes if one.name == name)

    shift_id = service.create_shift(make_shift_data())
    before = read("shifts_pkey")
    for _ in range(3):
        service.get_shift_by_id(shift_id)
    wait_until(lambda: read("shifts_pkey") > before)
    found = {one.name: one for one in report().indexes}
    assert found["shifts_pkey"].is_constraint
    assert not found["shifts_pkey"].is_idle
    assert found["shifts_pkey"].table == "shifts"
    assert not found["idx_shifts_date"].is_constraint
    assert all(one.size_bytes > 0 for one in report().indexes)


def test_an_open_transaction_and_its_connection_are_seen(
    report: Callable[[], DatabaseReport], database: dict[str, Any]
) -> None:
    before = report().facts
    assert before.oldest_transaction_seconds is None
    with connect(database) as other, other.transaction():
        other.execute("SELECT 1")
        time.sleep(1.1)
        seen = report().facts
        assert seen.connections > before.connections  # the pool may have made one more meanwhile
        assert seen.oldest_transaction_seconds is not None
        assert 1 <= seen.oldest_transaction_seconds < 20
        assert seen.most_connections >= seen.connections
        assert seen.transaction_ids_used > 0
    assert report().facts.oldest_transaction_seconds is None


def test_a_server_that_keeps_no_queries_has_none_in_its_report(report: Callable[[], DatabaseReport]) -> None:
    found = report()
    assert not found.facts.keeps_queries
    assert found.slowest == ()


@pytest.fixture
def keeping(database: dict[str, Any]) -> dict[str, Any]:
    """A way to the database on which the server seems to keep statistics of queries.

    The PostgreSQL that comes along has no extensions; what the report asks for is a view and a setting of that name.
    """
    with PostgresSchema(**database).connect_as_owner() as owner:
        owner.execute(STATEMENTS)
    return {**database, "options": "-c pg_stat_statements.max=5000"}


def test_the_slowest_queries_are_shown_without_a_value_and_cut(
    keeping: dict[str, Any], make_service: Callable[..., PostgresService]
) -> None:
    with PostgresService(rules=make_service().rules, **keeping) as service:
        found = service.db_report.get()
    assert found.facts.keeps_queries
    assert [(one.text, one.calls, str(one.mean_ms), str(one.total_ms)) for one in found.slowest] == [
        ("UPDATE employees SET name = ? WHERE employee_id = ?", 2, "1000.50", "2001.00"),
        ("SELECT note FROM shifts WHERE shift_id = $1", 1000, "0.13", "125.00"),
        ("SELECT ? " * 6 + "SELEC…", 1, "3.00", "3.00"),
    ]
    text = render_report(found, service.rules.zone)
    assert not re.search("Olga|4711|c4n4ry|of_another_database", text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("SELECT  1\n  FROM t", "SELECT ? FROM t"),
        ("SELECT $1, t2.a FROM t2", "SELECT $1, t2.a FROM t2"),
        ("UPDATE t SET a = 'it''s', b = 1.50 -- 1,357.91", "UPDATE t SET a = ?, b = ?"),
        ("SELECT 'never closed 1357", "SELECT ?"),
        ("INSERT INTO t VALUES (-1e5, 0x1F)", "INSERT INTO t VALUES (-?, ?)"),
        ("SELECT 'x' FROM t WHERE a = 'Дана'", "SELECT ? FROM t WHERE a = ?"),
    ],
)
def test_what_could_be_a_value_is_taken_out_of_a_query(text: str, shown: str) -> None:
    assert shorten_query(text) == shown


def test_the_command_prints_all_of_it_for_the_configured_database(
    database: dict[str, Any], service: PostgresService
) -> None:
    service.create_shift(make_shift_data())
    done = subprocess.run(
        [sys.executable, "db_report.py"], cwd=ROOT, env={**os.environ, **describe_database(database)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    for line in (
        rf"{database['database']}: [\d.,]+ MiB, PostgreSQL \d+",
        r"connections: \d+ of \d+",
        r"oldest open transaction: none",
        r"shifts +\d+ +\d+ +\d+ KiB +\d+ KiB  +never",
        r"shifts_pkey +shifts +\d+ +\d+ KiB +keeps a rule",
        r"slowest queries: not known; the server would need pg_stat_statements",
    ):
        assert re.search(line, done.stdout), done.stdout


def test_the_command_says_in_a_line_that_the_database_is_away() -> None:
    away = {"POSTGRES_HOST": "/nonexistent", "POSTGRES_PASSWORD": "c4n4ry"}
    done = subprocess.run(
        [sys.executable, "db_report.py"], cwd=ROOT, env={**os.environ, **away},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("database: ")
    assert len(done.stderr.splitlines()) == 1
    assert "c4n4ry" not in done.stderr
