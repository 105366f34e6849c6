"""PostgresSchema: from an empty database to a filled one, once, by whoever comes first (SPEC 6, TECH T17 to T19)."""

import contextlib
import json
import os
import secrets
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, LiteralString
from urllib.parse import quote, urlencode

import psycopg
import pytest
from psycopg import sql

import own_postgres
from config import Config
from payroll.business_time import BusinessZone
from payroll.errors import ErrorKey, UnavailableError
from payroll.starting_values import NEW_EMPLOYEE
from pg_schema import NAMED_TABLES, PostgresSchema
from sql import get_newest_version
from tests.conftest import FAST
from tests.databases import DatabaseServer, connect, fetch_all, temporary_database
from tests.integration.schema.rows import ALICE, Connection, add_employee, add_shift, book, connect_as_owner

ROOT = Path(__file__).resolve().parents[3]
SINCE_EVER = date(1, 1, 1)


def make_config(**settings: str) -> Config:
    return Config.load(environ=settings, env_file=None)


def make_schema(params: dict[str, Any], **settings: str) -> PostgresSchema:
    return PostgresSchema(**params, config=make_config(**settings))


def init_schema(params: dict[str, Any], **settings: str) -> None:
    make_schema(params, **settings).init_schema()


def run_command(params: dict[str, Any]) -> subprocess.CompletedProcess[str]:
    """`python pg_schema.py`, as an operator runs it."""
    query = urlencode({name: value for name, value in params.items() if name != "database"}, quote_via=quote)
    environ = {**os.environ, "DATABASE_URL": f"postgresql:///{params['database']}?{query}"}
    command = [sys.executable, "pg_schema.py"]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)


def record_a_shift(params: dict[str, Any]) -> None:
    with connect(params) as connection:
        add_employee(connection, ALICE)
        add_shift(connection)


@pytest.fixture
def params(empty_database: dict[str, Any]) -> dict[str, Any]:
    """A database with the schema and its starting values."""
    init_schema(empty_database)
    return empty_database


class TestAnEmptyDatabase:
    def test_has_version_0_and_no_tables(self, empty_database: dict[str, Any]) -> None:
        schema = make_schema(empty_database)
        assert schema.get_schema_version() == 0
        assert schema.verify_schema() == dict.fromkeys(NAMED_TABLES, False)
        assert schema.get_table_stats() == {}

    def test_becomes_whole(self, empty_database: dict[str, Any]) -> None:
        schema = make_schema(empty_database)
        schema.init_schema()
        assert schema.get_schema_version() == get_newest_version()
        assert schema.verify_schema() == {
            "schema_metadata": True,
            "employee_settings": True,
            "dynamic_rates": True,
            "ranks": True,
            "employee_ranks": True,
            "shifts": True,
            "active_bonuses": True,
            "sync_log": True,
        }

    def test_gets_the_starting_values_and_no_employees(self, params: dict[str, Any]) -> None:
        stats = make_schema(params).get_table_stats()
        filled = {table: rows for table, rows in stats.items() if rows}
        assert filled == {
            "alembic_version": 1,
            "dynamic_rate_versions": 1,
            "dynamic_rates": 4,
            "mirror_state": 1,
            "pay_terms": 1,
            "products": 4,
            "rank_bonuses": 15,
            "rank_ranges": 6,
            "rank_versions": 1,
            "ranks": 6,
            "schema_metadata": 6,
            "settings": 7,
        }

    def test_knows_itself_by_a_uuid_its_first_timeline_and_its_time_zone(self, params: dict[str, Any]) -> None:
        facts = dict(fetch_all(params, "SELECT key, value FROM schema_metadata"))
        assert len(facts.pop("database_uuid")) == len("00000000-0000-0000-0000-000000000000")
        assert facts.pop("created_at").endswith("Z")
        assert facts == {
            "time_zone": "America/New_York",
            "timeline": "1",
            "max_shift_hours": "24",
            "earliest_shift": "",
        }

    def test_has_the_seven_indexes_by_name(self, params: dict[str, Any]) -> None:
        indexes = dict(fetch_all(params, "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"))
        columns = {name: definition.partition("USING btree ")[2] for name, definition in indexes.items()}
        expected = {
            "idx_shifts_employee": "(employee_id)",
            "idx_shifts_date": "(shift_date DESC)",
            "idx_shifts_employee_date": "(employee_id, shift_date DESC)",
            "idx_shifts_status": "(status)",
            "idx_employee_ranks_lookup": "(employee_id, month)",
            "idx_dynamic_rates_range": "(min_sales, max_sales)",
            "idx_active_bonuses_shift": "(shift_id)",
        }
        assert {name: columns.get(name) for name in expected} == expected


class TestStartingValues:
    def test_a_new_employee_gets_15_an_hour_and_8_percent(self) -> None:
        assert (NEW_EMPLOYEE.hourly_wage, NEW_EMPLOYEE.base_pct) == (Decimal("15.00"), Decimal("8.00"))

    def test_the_dynamic_rate_has_four_steps(self, params: dict[str, Any]) -> None:
        steps = fetch_all(
            params,
            """
            SELECT v.valid_from, r.min_sales, r.max_sales, r.percentage
              FROM dynamic_rates r JOIN dynamic_rate_versions v USING (version_id) ORDER BY r.min_sales
            """,
        )
        assert steps == [
            (SINCE_EVER, 0, 500, 0),
            (SINCE_EVER, 500, 1000, 2),
            (SINCE_EVER, 1000, 2000, 4),
            (SINCE_EVER, 2000, None, 6),
        ]

    def test_the_ranks_have_their_sales_and_bonuses(self, params: dict[str, Any]) -> None:
        ranks = fetch_all(
            params,
            """
            SELECT rank_name, emoji, min_sales, max_sales,
                   (SELECT coalesce(string_agg(concat_ws('_', bonus_type, value::int), ' ' ORDER BY slot), '')
                      FROM rank_bonuses b WHERE b.version_id = r.version_id AND b.rank_id = r.rank_id)
              FROM rank_ranges r JOIN ranks USING (rank_id) ORDER BY min_sales
            """,
        )
        assert ranks == [
            ("Rookie", "🧑‍🚀", 0, 2000, ""),
            ("Hustler", "💪", 2000, 4000, "flat_10 percent_next_1 percent_prev_1"),
            ("Closer", "💼", 4000, 7000, "flat_25 percent_next_2 flat_15"),
            ("Shark", "🦈", 7000, 10000, "flat_50 paid_day_off percent_next_3"),
            ("King of Greed", "💀", 10000, 15000, "flat_100 percent_all_2 telegram_premium"),
            ("Chatting God", "🔥", 15000, None, "flat_200 double_commission flat_125"),
        ]

    def test_every_rank_has_its_sentence(self, params: dict[str, Any]) -> None:
        texts = [text for (text,) in fetch_all(params, "SELECT rank_text FROM ranks")]
        assert len(set(texts)) == 6
        assert all(text.endswith(".") for text in texts)

    def test_products_come_from_the_settings(self, empty_database: dict[str, Any]) -> None:
        init_schema(empty_database, PRODUCTS="Luna, Stella")
        names = fetch_all(empty_database, "SELECT name FROM products ORDER BY product_id")
        assert names == [("Luna",), ("Stella",)]

    def test_the_platform_keeps_20_percent_and_the_day_decides(self, params: dict[str, Any]) -> None:
        terms = fetch_all(params, "SELECT valid_from, platform_cut_pct, dynamic_basis FROM pay_terms")
        assert terms == [(SINCE_EVER, Decimal("20.00"), "day")]


class TestASecondStart:
    def test_changes_nothing(self, params: dict[str, Any]) -> None:
        before = self.read_everything(params)
        init_schema(params)
        assert self.read_everything(params) == before

    def test_leaves_alone_what_an_admin_changed(self, params: dict[str, Any]) -> None:
        fetch_all(params, "UPDATE products SET is_active = false RETURNING 1")
        fetch_all(params, "DELETE FROM products WHERE name <> 'Model A' RETURNING 1")
        init_schema(params, PRODUCTS="Luna")
        assert fetch_all(params, "SELECT name, is_active FROM products") == [("Model A", False)]

    def test_takes_over_a_changed_platform_cut_from_today(self, params: dict[str, Any]) -> None:
        record_a_shift(params)
        with self.today(params) as days:
            init_schema(params, COMMISSION_RATE="0.25", DYNAMIC_RATE_BASIS="shift")
        first, second = fetch_all(params, "SELECT * FROM pay_terms ORDER BY valid_from")
        assert first[:3] == (SINCE_EVER, Decimal("20.00"), "day")
        assert second[0] in days
        assert second[1:3] == (Decimal("25.00"), "shift")

    def test_a_platform_cut_holds_since_ever_while_nothing_is_recorded(self, params: dict[str, Any]) -> None:
        for rate in ("0.25", "0.3"):
            init_schema(params, COMMISSION_RATE=rate, DYNAMIC_RATE_BASIS="shift")
        terms = fetch_all(params, "SELECT valid_from, platform_cut_pct, dynamic_basis FROM pay_terms")
        assert terms == [(SINCE_EVER, Decimal("30.00"), "shift")]

    def test_pay_days_hold_since_ever_while_nothing_is_recorded(self, params: dict[str, Any]) -> None:
        query: LiteralString = "SELECT value, default_value FROM settings WHERE key = 'pay_days'"
        for days in ("5,20", "10"):
            init_schema(params, PAY_DAYS=days)
            assert fetch_all(params, query) == [(None, days)]
        record_a_shift(params)
        init_schema(params, PAY_DAYS="1,15")
        ((changed, default),) = fetch_all(params, query)
        assert default == "1,15"
        assert changed.startswith("10")
        noted = fetch_all(params, "SELECT old->>'value', new->>'value', new ? 'valid_from' FROM audit_log ORDER BY id")
        assert noted == [("10", "1,15", True)]

    def test_replaces_the_terms_of_the_same_day(self, params: dict[str, Any]) -> None:
        record_a_shift(params)
        with self.today(params) as days:
            for rate in ("0.25", "0.3", "0.35"):
                init_schema(params, COMMISSION_RATE=rate)
        _, *adopted = fetch_all(params, "SELECT valid_from, platform_cut_pct FROM pay_terms ORDER BY valid_from")
        assert len(adopted) == len(days)
        assert adopted[-1] == (max(days), Decimal("35.00"))

    def test_leaves_terms_that_begin_later_alone(self, params: dict[str, Any]) -> None:
        later = (date(2999, 1, 1), Decimal("30.00"), "shift")
        with connect(params) as connection:
            connection.execute("INSERT INTO pay_terms VALUES (%s, %s, %s)", later)
        init_schema(params)
        terms = fetch_all(params, "SELECT valid_from, platform_cut_pct, dynamic_basis FROM pay_terms ORDER BY 1")
        assert terms == [(SINCE_EVER, Decimal("20.00"), "day"), later]

    def test_takes_over_another_time_zone(self, params: dict[str, Any]) -> None:
        uuid = fetch_all(params, "SELECT value FROM schema_metadata WHERE key = 'database_uuid'")
        init_schema(params, USE_FIXED_UTC_MINUS_5="true")
        assert fetch_all(params, "SELECT value FROM schema_metadata WHERE key = 'time_zone'") == [("Etc/GMT+5",)]
        assert fetch_all(params, "SELECT value FROM schema_metadata WHERE key = 'database_uuid'") == uuid

    @staticmethod
    @contextlib.contextmanager
    def today(params: dict[str, Any]) -> Iterator[list[date]]:
        """The business date around what is done inside: one, or two at midnight."""
        zone = BusinessZone.named("America/New_York")
        days = [zone.date_of(fetch_all(params, "SELECT now()")[0][0])]
        yield days
        days[:] = sorted({*days, zone.date_of(fetch_all(params, "SELECT now()")[0][0])})

    @staticmethod
    def read_everything(params: dict[str, Any]) -> dict[str, Any]:
        with connect(params) as connection:
            return {
                table: connection.execute(
                    sql.SQL("SELECT array_agg(t::text ORDER BY t::text) FROM {} t").format(sql.Identifier(table))
                ).fetchone()
                for table in make_schema(params).get_table_stats()
            }


class TestTwoProcesses:
    """Processes of their own, held by what the test does in the database."""

    SCRIPT = """
import json, sys
from config import Config
from pg_schema import PostgresSchema
PostgresSchema(**json.loads(sys.argv[1]), config=Config.load(environ={}, env_file=None)).init_schema()
"""

    @pytest.fixture
    def start(self, empty_database: dict[str, Any]) -> Iterator[Callable[[], subprocess.Popen[bytes]]]:
        """Starts a process that creates the schema; what still runs at the end is killed."""
        with contextlib.ExitStack() as stack:

            def start_one() -> subprocess.Popen[bytes]:
                command = [sys.executable, "-c", self.SCRIPT, json.dumps(empty_database)]
                process = stack.enter_context(subprocess.Popen(command, cwd=ROOT))
                stack.callback(process.kill)
                return process

            yield start_one

    @pytest.fixture
    def blocker(self, empty_database: dict[str, Any], server: DatabaseServer) -> Iterator[Connection]:
        """A transaction that makes a table of the schema first, so that a migration waits for it half-way."""
        with connect_as_owner(empty_database, server) as connection, connection.transaction(force_rollback=True):
            connection.execute("CREATE TABLE chat_screens ()")
            yield connection

    @pytest.fixture
    def watching(self, empty_database: dict[str, Any], server: DatabaseServer) -> dict[str, Any]:
        """Who sees everybody's sessions."""
        return {**server.maker, "database": empty_database["database"]}

    @staticmethod
    def wait_for_sessions(params: dict[str, Any], **expected: int) -> None:
        """Until that many other sessions of the database are there, held up, or waiting for their turn."""
        query: LiteralString = """
            SELECT count(*),
                   count(*) FILTER (WHERE wait_event_type = 'Lock'),
                   count(*) FILTER (WHERE starts_with(query, 'SELECT pg_try_advisory_lock'))
              FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid()
        """
        deadline = time.monotonic() + 30
        while True:
            ((there, held_up, taking_turns),) = fetch_all(params, query)
            if expected.items() <= {"there": there, "held_up": held_up, "taking_turns": taking_turns}.items():
                return
            assert time.monotonic() < deadline, f"never seen: {expected}"
            time.sleep(0.02)

    def test_that_start_at_once_build_it_once(
        self,
        empty_database: dict[str, Any],
        watching: dict[str, Any],
        blocker: Connection,
        start: Callable[[], subprocess.Popen[bytes]],
    ) -> None:
        processes = [start(), start()]
        self.wait_for_sessions(watching, held_up=1, taking_turns=1)
        blocker.execute("DROP TABLE chat_screens")
        blocker.close()
        assert [process.wait(timeout=60) for process in processes] == [0, 0]
        assert make_schema(empty_database).get_table_stats()["ranks"] == 6

    def test_one_killed_half_way_leaves_nothing_and_the_next_one_finishes(
        self,
        empty_database: dict[str, Any],
        watching: dict[str, Any],
        blocker: Connection,
        start: Callable[[], subprocess.Popen[bytes]],
    ) -> None:
        killed = start()
        self.wait_for_sessions(watching, held_up=1)
        killed.kill()
        killed.wait()
        blocker.close()
        self.wait_for_sessions(watching, there=0)
        schema = make_schema(empty_database)
        assert schema.get_schema_version() == 0
        assert set(schema.get_table_stats()) <= {"alembic_version"}
        schema.init_schema()
        assert schema.get_schema_version() == get_newest_version()


class TestAnotherVersion:
    @pytest.mark.parametrize("version", ["0099", "ae1027a6acf"])
    def test_that_this_program_does_not_know_is_refused_and_left_alone(
        self, params: dict[str, Any], server: DatabaseServer, version: str
    ) -> None:
        with connect_as_owner(params, server) as connection:
            connection.execute("UPDATE alembic_version SET version_num = %s", [version])
        with pytest.raises(UnavailableError) as refusal:
            init_schema(params, COMMISSION_RATE="0.5")
        assert refusal.value.key is ErrorKey.SCHEMA_NEWER
        assert version.lstrip("0") in str(refusal.value)
        assert fetch_all(params, "SELECT version_num FROM alembic_version") == [(version,)]
        assert fetch_all(params, "SELECT count(*) FROM pay_terms") == [(1,)]


class TestADatabaseOfSomebodyElse:
    @pytest.fixture
    def taken_database(self, empty_database: dict[str, Any], server: DatabaseServer) -> dict[str, Any]:
        """One in which another program has a table `shifts`."""
        with connect_as_owner(empty_database, server) as connection:
            connection.execute("CREATE TABLE shifts (whose text)")
        return empty_database

    def test_is_left_as_it_is(self, taken_database: dict[str, Any]) -> None:
        with pytest.raises(psycopg.errors.DuplicateTable, match="shifts"):
            init_schema(taken_database)
        assert make_schema(taken_database).get_schema_version() == 0
        tables = fetch_all(taken_database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        assert set(tables) <= {("shifts",), ("alembic_version",)}

    def test_is_named_by_the_command_in_one_sentence(self, taken_database: dict[str, Any]) -> None:
        failed = run_command(taken_database)
        assert failed.returncode == 1
        assert failed.stderr == 'The database refused it: relation "shifts" already exists\n'


class TestNoDatabase:
    def test_is_told_without_the_password(self, tmp_path: Path) -> None:
        nowhere = {"host": str(tmp_path), "port": 5432, "database": "shiftbot", "user": "u", "password": "canary-pw"}
        with pytest.raises(UnavailableError) as refusal:
            make_schema(nowhere).get_schema_version()
        assert refusal.value.key is ErrorKey.DATABASE_AWAY
        assert str(tmp_path) in str(refusal.value)
        assert "canary-pw" not in "".join(traceback.format_exception(refusal.value)) + repr(vars(refusal.value))


class TestTwoLogins:
    """The bot's owns nothing and can become nobody; the owner's upgrades (TECH T19)."""

    @pytest.fixture
    def maker(self, server: DatabaseServer, run_dir: Path) -> Iterator[dict[str, Any]]:
        """A superuser: of the tests' server, or where that is somebody's, of one of our own."""
        with contextlib.ExitStack() as stack:
            if server.owner is None:
                yield stack.enter_context(own_postgres.lease(run_dir / "data", settings=FAST)).superuser_params
            else:
                yield server.maker

    @pytest.fixture
    def make_logins(self, maker: dict[str, Any]) -> Iterator[Callable[[str], dict[str, Any]]]:
        """A login `bot_<random>` and the role of its owner, as a statement says of `{owner}` and `{login}`."""
        with contextlib.ExitStack() as stack:
            superuser = stack.enter_context(connect(maker))

            def make(statement: str) -> dict[str, Any]:
                login = f"bot_{secrets.token_hex(4)}"
                names = {"login": sql.Identifier(login), "owner": sql.Identifier(f"{login}_owner")}
                for one in ("CREATE ROLE {login} LOGIN NOINHERIT", "CREATE ROLE {owner}", statement):
                    superuser.execute(sql.SQL(one).format(**names))
                    name = login if "{login} LOGIN" in one else f"{login}_owner"
                    if one != statement:
                        stack.callback(superuser.execute, sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
                server = DatabaseServer(maker, {**maker, "user": login}, f"{login}_owner")
                return stack.enter_context(temporary_database(server))

            yield make

    def test_a_login_that_the_server_knows_the_owner_of_has_it_upgrade(
        self, make_logins: Callable[[str], dict[str, Any]]
    ) -> None:
        params = make_logins("ALTER ROLE {owner} LOGIN")
        init_schema(params)
        assert_owned_by(f"{params['user']}_owner", params)

    def test_an_installation_of_before_goes_on_until_it_has_two(
        self, make_logins: Callable[[str], dict[str, Any]]
    ) -> None:
        params = make_logins("GRANT {owner} TO {login}")
        init_schema(params)
        assert_owned_by(f"{params['user']}_owner", params)

    def test_without_the_owners_login_nothing_is_made_and_what_to_do_is_told(
        self, make_logins: Callable[[str], dict[str, Any]]
    ) -> None:
        params = make_logins("ALTER ROLE {owner} NOLOGIN")
        with pytest.raises(UnavailableError) as refusal:
            init_schema(params)
        assert refusal.value.key is ErrorKey.OWNER_NEEDED
        assert f"that of {params['user']}_owner, in DATABASE_OWNER_URL" in str(refusal.value)
        assert fetch_all(params, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []

    def test_the_owners_login_is_told_apart_by_its_database(
        self, make_logins: Callable[[str], dict[str, Any]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        params = make_logins("ALTER ROLE {owner} NOLOGIN")
        host = quote(str(params["host"]), safe="")
        for database, is_its in (("another", False), (params["database"], True)):
            monkeypatch.setenv("DATABASE_OWNER_URL", f"postgresql://postgres@/{database}?host={host}")
            if is_its:
                init_schema(params)
            else:
                with pytest.raises(UnavailableError):
                    init_schema(params)
        assert_owned_by("postgres", params)

    def test_the_bots_login_needs_nobody_where_nothing_is_to_be_made(
        self, make_logins: Callable[[str], dict[str, Any]], maker: dict[str, Any]
    ) -> None:
        params = make_logins("ALTER ROLE {owner} LOGIN")
        init_schema(params)
        with connect(maker) as superuser:
            owner = sql.Identifier(f"{params['user']}_owner")
            superuser.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(owner))
        mirror = {
            "SPREADSHEET_ID": "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789_-abcd",
            "SHEETS_EMULATOR_HOST": "127.0.0.1:1",
        }
        init_schema(params, COMMISSION_RATE="0.5", **mirror)
        enabled = "SELECT count(*) FROM pg_trigger WHERE tgname LIKE '%%_mirror_%%' AND tgenabled = 'D'"
        assert fetch_all(params, enabled) == [(0,)], "the mirror is switched on all the same"


def assert_owned_by(owner: str, params: dict[str, Any]) -> None:
    """All tables are of the owner; the login reads and writes, and changes no table."""
    query = "SELECT DISTINCT tableowner::text FROM pg_tables WHERE schemaname = 'public'"
    assert fetch_all(params, query) == [(owner,)]
    with connect(params) as connection:
        add_employee(connection, 100)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("DROP TABLE audit_log")


class TestTheBotsRole:
    """With two roles it has no more rights than it needs; with one, the triggers stand alone (TECH T19)."""

    @pytest.mark.parametrize(
        "change", ["UPDATE balance_transactions SET units = 1", "DELETE FROM balance_transactions"]
    )
    def test_cannot_change_the_ledger(
        self, params: dict[str, Any], server: DatabaseServer, change: LiteralString
    ) -> None:
        with connect(params) as connection:
            book(connection, add_employee(connection, 100), 1, 160, 160)
            with pytest.raises(self.get_refusal(server)):
                connection.execute(change)

    @pytest.mark.parametrize(
        "table",
        [
            "balance_transactions",
            "audit_log",
            "audit_chain",
            "dynamic_rates",
            "dynamic_rate_versions",
            "rank_versions",
            "rank_bonuses",
        ],
    )
    @pytest.mark.parametrize("change", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
    def test_cannot_take_away_what_only_grows(
        self, params: dict[str, Any], server: DatabaseServer, change: LiteralString, table: str
    ) -> None:
        with connect(params) as connection, pytest.raises(self.get_refusal(server)):
            connection.execute(sql.SQL(change).format(sql.Identifier(table)))

    def test_reads_and_writes_everything_else(self, params: dict[str, Any]) -> None:
        rights = fetch_all(
            params,
            """
            SELECT tablename FROM pg_tables
             WHERE schemaname = 'public' AND tablename <> 'alembic_version'
               AND NOT (has_table_privilege(tablename, 'SELECT') AND has_table_privilege(tablename, 'INSERT')
                        AND (has_table_privilege(tablename, 'UPDATE, DELETE') OR EXISTS (
                             SELECT FROM pg_trigger WHERE tgname = tablename || '_append_only')))
            """,
        )
        assert rights == []
        assert fetch_all(params, "SELECT setval('shifts_shift_id_seq', 7)") == [(7,)]

    def test_cannot_change_the_schema_or_its_version(self, params: dict[str, Any], server: DatabaseServer) -> None:
        owner = fetch_all(params, "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
        assert owner == [(server.owner or server.login["user"],)]
        may_change = fetch_all(params, "SELECT has_table_privilege('alembic_version', 'UPDATE')")
        assert may_change == [(server.owner is None,)]

    @staticmethod
    def get_refusal(server: DatabaseServer) -> type[psycopg.Error]:
        return psycopg.errors.InsufficientPrivilege if server.owner else psycopg.errors.RestrictViolation


class TestTheCommand:
    def test_creates_the_schema_and_prints_the_tables(self, empty_database: dict[str, Any]) -> None:
        created = run_command(empty_database)
        assert created.stderr == ""
        assert created.returncode == 0
        first_line, _, *tables = created.stdout.splitlines()
        assert first_line == f"Schema version {get_newest_version()}, created."
        assert ["ranks", "6"] in [line.split() for line in tables]
        assert "up to date" in run_command(empty_database).stdout

    def test_says_in_one_sentence_what_is_wrong(self, empty_database: dict[str, Any]) -> None:
        failed = run_command({**empty_database, "database": "test_that_is_not_there"})
        assert failed.returncode == 1
        assert failed.stderr.startswith("database: test_that_is_not_there on ")
        assert 'database "test_that_is_not_there" does not exist' in failed.stderr
        assert len(failed.stderr.splitlines()) == 1
