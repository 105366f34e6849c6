"""PostgresSchema: creates, upgrades and looks at the database schema (SPEC 6, TECH T17 to T19).

The schema as it is now stands in `sql/schema.sql`; the way there in `sql/migrations`. `python pg_schema.py` creates or
upgrades the configured database and prints its tables.
"""

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeAlias

import psycopg
from psycopg import sql

from config import Config, ConfigError
from payroll.business_time import BusinessZone
from payroll.errors import ErrorKey, UnavailableError
from payroll.money import HUNDRED
from payroll.pay_periods import PayDays
from payroll.settings import DEFINITIONS, SettingKey
from payroll.starting_values import DYNAMIC_RATES, RANKS, SINCE_EVER
from program import run
from sql import DECLARED, MIGRATIONS, PLAIN_SESSION, SET_SESSION, get_newest_version, load_queries

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]

NAMED_TABLES = (
    "schema_metadata",
    "employee_settings",
    "dynamic_rates",
    "ranks",
    "employee_ranks",
    "shifts",
    "active_bonuses",
    "sync_log",
)
"""The tables that must exist under these names (SPEC 6)."""

SETTINGS_CHANGED = "settings_changed"
"""The notice that says which settings of `.env` are other ones than at the last start."""
CONNECT_TIMEOUT_SECONDS = 5
_LOCK_KEY = 0x5C4E3A
_LOCK_POLL_SECONDS = 0.05
_log = logging.getLogger(__name__)
# `<login>_owner`, where there is that role and it may make tables; whether the login may become it, whether it may log
# in itself, whether the login may make tables.
_FIND_OWNER = """
    SELECT session_user::text, r.rolname, pg_has_role(session_user, r.oid, %s), r.rolcanlogin,
           has_schema_privilege(session_user, 'public', 'CREATE')
      FROM (VALUES (1)) one LEFT JOIN pg_roles r
        ON r.rolname = session_user || '_owner' AND has_schema_privilege(r.oid, 'public', 'CREATE')
"""


class PostgresSchema:
    """The schema of one database.

    Every method opens a connection of its own. All raise UnavailableError with DATABASE_AWAY where none can be had.
    """

    def __init__(
        self,
        host: str | None = None,
        port: int | str | None = None,
        database: str | None = None,
        user: str | None = None,
        password: str | None = None,
        *,
        config: Config | None = None,
        **libpq: Any,
    ) -> None:
        """The database to work on, as `Config.get_db_params()` gives it and does where nothing is said here.

        `config` has the settings of the business that go into the database; read from the environment by default.
        """
        given = {"host": host, "port": port, "database": database, "user": user, "password": password, **libpq}
        params = {name: value for name, value in given.items() if value is not None}
        if not params:
            params = config.get_database_params() if config is not None else Config.get_db_params()
        if "database" in params:
            params["dbname"] = params.pop("database")
        self._params = params
        self._config = config

    def init_schema(self) -> None:
        """Create or upgrade the schema, fill empty tables with the starting values, take over changed settings.

        Changes nothing where nothing is to do, and may run in several processes at once (TECH T17, T18). Raises
        UnavailableError with SCHEMA_NEWER, having changed nothing, where the database knows more than this program, and
        psycopg.Error where a migration fails, of which nothing stays then.

        Settings that move money or dates and are other ones than at the last start are noted in the audit log, and the
        admins are told, in the transaction that takes them over; then each has a line in the log. While nothing is
        recorded they move nothing, and that is no news.
        """
        config = self._config if self._config is not None else Config.load()
        with self._connect() as connection, _schema_lock(connection):
            version = read_version(connection)
            if version > get_newest_version():
                raise _newer(str(version))
            if version < get_newest_version():
                self._migrate(connection)
            with connection.transaction():
                changed = _adopt_settings(connection, config)
                is_news = bool(changed) and _has_records(connection)
                if is_news:
                    _note_changed(connection, changed)
            for one in changed if is_news else ():
                _log.warning("the setting %s is another than at the last start: %s", one.key, one)
            self._switch_mirror(connection, is_on=config.spreadsheet_id is not None)

    @contextmanager
    def rehearse(self) -> Iterator[Connection]:
        """A connection as the owner of the tables, on what `init_schema` would leave; at the end nothing of it is left.

        One transaction, which is undone: not a row, a table or a number stays. Raises UnavailableError with
        SCHEMA_NEWER as `init_schema` does, and with SCHEMA_OLDER where tables would have to be upgraded first.
        """
        config = self._config if self._config is not None else Config.load()
        with (
            self.connect_as_owner() as connection,
            _schema_lock(connection),
            connection.transaction(force_rollback=True),
        ):
            version, newest = read_version(connection), get_newest_version()
            if version > newest:
                raise _newer(str(version))
            if 0 < version < newest:
                raise UnavailableError(
                    ErrorKey.SCHEMA_OLDER, field="schema version", value=version, allowed="run: python pg_schema.py"
                )
            if version == 0:
                connection.execute(DECLARED.read_bytes())
            _adopt_settings(connection, config)
            yield connection

    def get_schema_version(self) -> int:
        """Number of the last migration, 0 for an empty database (TECH T17).

        Raises UnavailableError with SCHEMA_NEWER where it is not one of ours.
        """
        with self._connect() as connection:
            return read_version(connection)

    def verify_schema(self) -> dict[str, bool]:
        """Whether each table that must exist does, by name (SPEC 6)."""
        with self._connect() as connection:
            tables = _list_tables(connection)
        return {table: table in tables for table in NAMED_TABLES}

    def get_table_stats(self) -> dict[str, int]:
        """Number of rows of every table, by name, in alphabetical order."""
        with self._connect() as connection:
            return count_rows(connection)

    def connect(self) -> Connection:
        """A connection in autocommit as the login, which reads and writes rows and may change no table (TECH T19)."""
        return self._connect()

    def grant_rights(self, connection: Connection) -> None:
        """Give the login its rights on tables that came in otherwise than by a migration (TECH T19).

        In the caller's transaction, as the owner of the tables; nothing where there is one role only.
        """
        with self._connect() as own:
            login = own.info.user
        if connection.execute("SELECT current_user = %s", [login]).fetchall() != [(True,)]:
            _grant_rights(connection, login)

    def _switch_mirror(self, connection: Connection, *, is_on: bool) -> None:
        """Have changes noted for the mirror where there is one; the first run after that writes everything."""
        with connection.transaction():
            ((switched,),) = connection.execute("SELECT public.switch_mirror(%s)", [is_on]).fetchall()
            if switched:
                connection.execute("UPDATE public.mirror_state SET needs_full = true")

    def connect_as_owner(self) -> Connection:
        """A connection in autocommit as the role that owns the tables, for what works on whole tables (TECH T19).

        That is DATABASE_OWNER_URL; without it `<login>_owner`, where the login may become it or the server lets it in
        without a password; else the login itself. Raises UnavailableError with OWNER_NEEDED where it may not.
        """
        given = Config.get_owner_params()
        if given is not None and given["database"] == self._params.get("dbname"):
            return self._connect({("dbname" if name == "database" else name): one for name, one in given.items()})
        connection = self._connect()
        right = "SET" if connection.info.server_version >= 160000 else "MEMBER"
        login, owner, may_become, may_log_in, may_create = connection.execute(_FIND_OWNER, [right]).fetchall()[0]
        if owner is not None and may_become:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(owner)))
            return connection
        if owner is None and may_create:
            return connection
        connection.close()
        if owner is not None and may_log_in:
            with suppress(UnavailableError):
                return self._connect({**self._params, "user": owner, "password": None})
        raise UnavailableError(
            ErrorKey.OWNER_NEEDED,
            field="login",
            value=login,
            allowed="that of {}, in DATABASE_OWNER_URL".format(owner or "the tables' owner"),
        )

    def _connect(self, given: Mapping[str, Any] | None = None) -> Connection:
        params = {"connect_timeout": CONNECT_TIMEOUT_SECONDS, **(given or self._params)}
        try:
            connection = psycopg.connect(**params, autocommit=True)
        except psycopg.OperationalError as error:
            raise UnavailableError(
                ErrorKey.DATABASE_AWAY,
                field="database",
                value="{} on {}:{}".format(*(params.get(name, "default") for name in ("dbname", "host", "port"))),
                allowed="a PostgreSQL that takes this connection",
                reason=str(error).partition("\n")[0],
            ) from error
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            connection.close()
            raise UnavailableError(
                ErrorKey.DATABASE_NOT_UTF8,
                field="encoding of the database",
                value=encoding,
                allowed="UTF8, as by: createdb --encoding=UTF8 --template=template0",
            )
        psycopg.RawCursor(connection).execute(SET_SESSION, [list(PLAIN_SESSION), list(PLAIN_SESSION.values())])
        connection.execute("SET search_path TO public")
        return connection

    def _migrate(self, connection: Connection) -> None:
        """Run the migrations that are missing, as the owner of the tables where there is such a role (TECH T19)."""
        # Late: half a second on a Raspberry Pi that a start with nothing to migrate need not spend.
        from alembic import command
        from alembic.config import Config as AlembicConfig
        from sqlalchemy import create_engine
        from sqlalchemy.exc import DBAPIError
        from sqlalchemy.pool import NullPool

        login = connection.info.user
        with self.connect_as_owner() as one:
            ((owner,),) = one.execute("SELECT current_user").fetchall()
        engine = create_engine(
            "postgresql+psycopg://",
            creator=self._begin_as_owner,
            poolclass=NullPool,
            use_native_hstore=False,
        )
        after_migration = _granting(login) if owner != login else _nothing_more
        alembic_config = AlembicConfig(attributes={"engine": engine, "after_migration": after_migration})
        alembic_config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        try:
            command.upgrade(alembic_config, "head")
        except DBAPIError as error:
            # Without SQLAlchemy's wrapping, which recites the whole migration.
            if isinstance(error.orig, psycopg.Error):
                raise error.orig from None
            raise

    def _begin_as_owner(self) -> Connection:
        connection = self.connect_as_owner()
        connection.autocommit = False
        return connection


# --- looking at a database -------------------------------------------------------------------------------------------


def count_rows(connection: Connection) -> dict[str, int]:
    """Number of rows of every table, by name, in alphabetical order, as the connection sees them."""
    tables = _list_tables(connection)
    if not tables:
        return {}
    counts = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(table), sql.Identifier("public", table))
        for table in tables
    )
    rows: dict[str, int] = dict(connection.execute(counts).fetchall())
    return {table: rows[table] for table in tables}


@contextmanager
def _schema_lock(connection: Connection) -> Iterator[None]:
    """One process at a time creates or upgrades; the server takes the lock back from one that dies."""
    # Asked for again and again: a statement that waits for it would itself be waited for by CREATE INDEX CONCURRENTLY.
    while not connection.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK_KEY]).fetchall()[0][0]:
        time.sleep(_LOCK_POLL_SECONDS)
    try:
        yield
    finally:
        if not connection.closed:
            connection.execute("SELECT pg_advisory_unlock(%s)", [_LOCK_KEY])


def _list_tables(connection: Connection) -> list[str]:
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in rows]


def read_version(connection: Connection) -> int:
    """Number of the last migration as the connection sees it, 0 for an empty database (TECH T17).

    Raises UnavailableError with SCHEMA_NEWER where it is not one of ours.
    """
    if "alembic_version" not in _list_tables(connection):
        return 0
    row = connection.execute("SELECT version_num FROM public.alembic_version").fetchone()
    if row is None:
        return 0
    if not row[0].isdecimal():
        raise _newer(row[0])
    return int(row[0])


def _newer(version: str) -> UnavailableError:
    return UnavailableError(
        ErrorKey.SCHEMA_NEWER, field="schema version", value=version, allowed=f"at most {get_newest_version()}"
    )


# --- roles -----------------------------------------------------------------------------------------------------------


def _granting(login: str) -> Callable[..., None]:
    """What gives the login its rights, inside the transaction of each migration."""

    def grant(*, ctx: Any, **_: Any) -> None:
        _grant_rights(ctx.connection.connection.driver_connection, login)

    return grant


def _nothing_more(**_: Any) -> None:
    """With one role there is nothing to grant: the triggers alone protect the ledger (TECH T19)."""


def _grant_rights(connection: Connection, login: str) -> None:
    """The login reads and writes rows; where rows are never changed it may only add them, as the triggers say."""
    append_only = connection.execute(
        "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
        " WHERE t.tgfoid = 'public.refuse_change'::regproc"
    )
    names: dict[str, sql.Composable] = {
        "login": sql.Identifier(login),
        "append_only": sql.SQL(", ").join(sql.Identifier("public", table) for (table,) in append_only),
    }
    for grant in (
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {login}",
        "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {login}",
        "REVOKE UPDATE, DELETE ON {append_only} FROM {login}",
        "REVOKE INSERT, UPDATE, DELETE ON public.alembic_version FROM {login}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {login}",
    ):
        connection.execute(sql.SQL(grant).format(**names))


# --- values ----------------------------------------------------------------------------------------------------------


def _get_zone(config: Config) -> BusinessZone:
    return BusinessZone.fixed_utc_minus_5() if config.is_fixed_utc_minus_5 else BusinessZone.named(config.timezone)


@dataclass(frozen=True, slots=True)
class ChangedSetting:
    """A setting of `.env` that is another than at the last start, with its values as the audit log has them.

    None is a setting that is not made. `since` is the business date from which on the new value holds, where what is
    recorded before it keeps the old one. `zones` are the business zones in which what is recorded has its dates.
    """

    key: str
    old: str | None
    new: str | None
    since: date | None = None
    zones: tuple[str, ...] = ()

    def __str__(self) -> str:
        since = f", from {self.since} on" if self.since is not None else ""
        return f"{self.old} -> {self.new}{since}"

    def dump(self) -> dict[str, Any]:
        """As the notice to the admins has it."""
        since = {"since": self.since.isoformat()} if self.since is not None else {}
        return {"key": self.key, "old": self.old, "new": self.new, **since}

    def attest(self) -> dict[str, Any]:
        """What it is now, as the audit log has it; the zones are for the check of the books."""
        since = {"valid_from": self.since.isoformat()} if self.since is not None else {}
        return {"value": self.new, **since, **({"witness": {"zones": self.zones}} if self.zones else {})}


def _adopt_settings(connection: Connection, config: Config) -> list[ChangedSetting]:
    """The settings of the business, taken over; those that are other ones than at the last start."""
    described = _describe_database(connection, config)
    _fill_empty_tables(connection, config)
    return [*described, *_adopt_pay_terms(connection, config), *_adopt_defaults(connection, config)]


def _note_changed(connection: Connection, changed: Sequence[ChangedSetting]) -> None:
    """The audit log, and a notice to every admin. Nobody in person has changed them."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_log (action, subject, old, new) VALUES ('setting changed', %s, %s::jsonb, %s::jsonb)",
            [(f"setting:{one.key}", json.dumps({"value": one.old}), json.dumps(one.attest())) for one in changed],
        )
    notice = load_queries()["insert_admin_notices"]
    payload = json.dumps({"changes": [one.dump() for one in changed]})
    given = {"kind": SETTINGS_CHANGED, "payload": payload}
    psycopg.RawCursor(connection).execute(notice.text, [given[name] for name in notice.names])


def _describe_database(connection: Connection, config: Config) -> list[ChangedSetting]:
    """The database's identity and its first timeline, given once, and what else it has to know of the settings."""
    connection.execute("""
        INSERT INTO schema_metadata (key, value)
        VALUES ('database_uuid', gen_random_uuid()::text),
               ('timeline', '1'),
               ('created_at', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'))
        ON CONFLICT DO NOTHING
    """)
    given = {
        "time_zone": _get_zone(config).name,
        "max_shift_hours": f"{config.max_shift_hours}",
        "earliest_shift": config.earliest_shift.isoformat() if config.earliest_shift is not None else "",
    }
    rows = connection.execute("SELECT key, value FROM schema_metadata WHERE key = ANY(%s)", [list(given)]).fetchall()
    held: dict[str, str] = dict(rows)
    if held == given:
        return []
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO schema_metadata (key, value) VALUES (%s, %s)"
            " ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value",
            [(key, value) for key, value in given.items() if held.get(key) != value],
        )
    # Recorded shifts keep the dates that they have: the check of the books has to know the zone they were in.
    return [
        ChangedSetting(key, held[key] or None, value or None, zones=(held[key],) if key == "time_zone" else ())
        for key, value in given.items()
        if held.get(key, value) != value
    ]


def _fill_empty_tables(connection: Connection, config: Config) -> None:
    """SPEC 3, "Starting values", each table only while it is empty (TECH T18)."""
    if _is_empty(connection, "products"):
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO products (name) VALUES (%s)", [[name] for name in config.products])
    if _is_empty(connection, "dynamic_rate_versions"):
        _insert_dynamic_rates(connection)
    if _is_empty(connection, "rank_versions") and _is_empty(connection, "ranks"):
        _insert_ranks(connection)
    if _is_empty(connection, "pay_terms"):
        connection.execute(
            "INSERT INTO pay_terms (valid_from, platform_cut_pct, dynamic_basis) VALUES (%s, %s, %s)",
            [SINCE_EVER, config.commission_rate * HUNDRED, config.dynamic_rate_basis],
        )


def _is_empty(connection: Connection, table: str) -> bool:
    query = sql.SQL("SELECT NOT EXISTS (SELECT FROM {})").format(sql.Identifier(table))
    return bool(connection.execute(query).fetchall()[0][0])


def _insert_dynamic_rates(connection: Connection) -> None:
    version_id = _insert_version(connection, "dynamic_rate_versions")
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO dynamic_rates (version_id, min_sales, max_sales, percentage) VALUES (%s, %s, %s, %s)",
            [(version_id, step.min_sales, step.max_sales, step.pct) for step in DYNAMIC_RATES],
        )


def _insert_ranks(connection: Connection) -> None:
    version_id = _insert_version(connection, "rank_versions")
    for rank in RANKS:
        (rank_id,) = connection.execute(
            "INSERT INTO ranks (rank_name, emoji, rank_text) VALUES (%s, %s, %s) RETURNING rank_id",
            [rank.rank_name, rank.emoji, rank.rank_text],
        ).fetchall()[0]
        connection.execute(
            "INSERT INTO rank_ranges (version_id, rank_id, min_sales, max_sales) VALUES (%s, %s, %s, %s)",
            [version_id, rank_id, rank.min_sales, rank.max_sales],
        )
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO rank_bonuses (version_id, rank_id, slot, bonus_type, value) VALUES (%s, %s, %s, %s, %s)",
                [
                    (version_id, rank_id, slot, offer.bonus_type, offer.value)
                    for slot, offer in enumerate(rank.offers, start=1)
                ],
            )


def _insert_version(connection: Connection, table: str) -> int:
    query = sql.SQL("INSERT INTO {} (valid_from) VALUES (%s) RETURNING version_id").format(sql.Identifier(table))
    return int(connection.execute(query, [SINCE_EVER]).fetchall()[0][0])


def _adopt_pay_terms(connection: Connection, config: Config) -> list[ChangedSetting]:
    """Settings that differ from the terms in force hold from today's business date on (PAYROLL D6).

    While nothing is recorded there is nothing that other ones were right for: then they hold since ever.
    """
    now: datetime = connection.execute("SELECT now()").fetchall()[0][0]
    today = _get_zone(config).date_of(now)
    cut, basis = config.commission_rate * HUNDRED, config.dynamic_rate_basis
    in_force = connection.execute(
        "SELECT platform_cut_pct, dynamic_basis FROM pay_terms WHERE valid_from <= %s ORDER BY valid_from DESC LIMIT 1",
        [today],
    ).fetchall()
    has_records = _has_records(connection)
    if not has_records:
        connection.execute("DELETE FROM pay_terms WHERE valid_from > %s AND valid_from <= %s", [SINCE_EVER, today])
    connection.execute(
        """
        INSERT INTO pay_terms (valid_from, platform_cut_pct, dynamic_basis)
        SELECT %(since)s, %(cut)s, %(basis)s
         WHERE NOT EXISTS (
               SELECT FROM (SELECT platform_cut_pct, dynamic_basis FROM pay_terms
                             WHERE valid_from <= %(since)s ORDER BY valid_from DESC LIMIT 1) in_force
                WHERE platform_cut_pct = %(cut)s AND dynamic_basis = %(basis)s)
        ON CONFLICT (valid_from) DO UPDATE
           SET platform_cut_pct = EXCLUDED.platform_cut_pct, dynamic_basis = EXCLUDED.dynamic_basis, changed_at = now()
        """,
        {"since": today if has_records else SINCE_EVER, "cut": cut, "basis": basis},
    )
    given = {"commission_rate": _spell_pct(cut), "dynamic_rate_basis": basis}
    since = today if has_records else None
    return [
        ChangedSetting(key, old, new, since)
        for held_cut, held_basis in in_force
        for (key, new), old in zip(given.items(), (_spell_pct(held_cut), held_basis), strict=True)
        if old != new
    ]


def _spell_pct(pct: Decimal) -> str:
    return f"{pct.normalize():f}%"


def _has_records(connection: Connection) -> bool:
    """Whether anything was recorded that settings of the business have priced or placed."""
    tables = ("shifts", "balance_transactions", "pay_periods")
    return not all(_is_empty(connection, table) for table in tables)


def _adopt_defaults(connection: Connection, config: Config) -> list[ChangedSetting]:
    """A row for each setting that the program knows, with the default that `.env` gives; what was set stays.

    Those whose value in force is another by that.
    """
    days = ",".join(map(str, config.pay_days))
    given = {
        SettingKey.PAY_DAYS: days,
        SettingKey.REFUND_LOWERS_RANK: str(config.is_rank_lowered_by_refund).lower(),
        SettingKey.PAID_DAY_OFF_HOURS: f"{config.paid_day_off_hours.normalize():f}",
    }
    held = connection.execute("SELECT key, value, default_value FROM settings WHERE key = ANY(%s)", [list(given)])
    other = [(SettingKey(key), value, default) for key, value, default in held if default != given[SettingKey(key)]]
    changed = [
        ChangedSetting(key, default, given[key])
        for key, value, default in other
        if value is None and key is not SettingKey.PAY_DAYS
    ]
    for key, value, default in other:
        if key is SettingKey.PAY_DAYS:
            changed += _adopt_pay_days(connection, config, value or default)
    with connection.cursor() as cursor:
        cursor.executemany(
            """
            INSERT INTO settings (key, category, type, default_value, is_secret) VALUES (%s, %s, %s, %s, %s)
            ON CONFLICT (key) DO UPDATE SET default_value = EXCLUDED.default_value
             WHERE settings.default_value <> EXCLUDED.default_value
            """,
            [
                (one.key, one.category, one.type, given.get(one.key, one.default), one.is_secret)
                for one in DEFINITIONS.values()
            ],
        )
    return changed


def _adopt_pay_days(connection: Connection, config: Config, held: str) -> list[ChangedSetting]:
    """Other PAY_DAYS than at the last start hold from the next period that nothing is in (PAYROLL D40).

    While nothing is recorded they hold since ever. `held` are those of the database, with those to come.
    """
    old, new = (",".join(map(str, days)) for days in (PayDays.parse(held).versions[-1][1], config.pay_days))
    since, value, now = None, None, None
    if _has_records(connection):
        ((now, *ends),) = connection.execute("""
            SELECT now(), (SELECT max(end_date) FROM pay_periods), (SELECT max(period_end) FROM balance_transactions)
        """).fetchall()
        after = max(filter(None, [_get_zone(config).date_of(now), *ends]))
        changed = PayDays.parse(held).change(config.pay_days, after=after)
        since, value = changed.versions[-1][0], changed.dump()
    connection.execute(
        "UPDATE settings SET value = %s, changed_by = NULL, changed_at = coalesce(%s, changed_at) WHERE key = %s",
        [value, now, SettingKey.PAY_DAYS],
    )
    return [ChangedSetting(SettingKey.PAY_DAYS, old, new, since)] if old != new else []


# --- command line ----------------------------------------------------------------------------------------------------


def render_table_stats(stats: dict[str, int]) -> str:
    """The tables with their rows as text for a terminal."""
    width = max(map(len, stats), default=0)
    return "\n".join(f"  {table:<{width}}  {rows:>9,}" for table, rows in stats.items())


def main(arguments: Sequence[str]) -> int:
    """Create or upgrade the configured database and print its tables; the exit status."""
    if arguments:
        sys.stderr.write("usage: python pg_schema.py\n")
        return 2
    try:
        schema = PostgresSchema()
        before = schema.get_schema_version()
        schema.init_schema()
        after, stats = schema.get_schema_version(), schema.get_table_stats()
    except UnavailableError as error:
        reason = error.facts.get("reason")
        sys.stderr.write(f"{error}: {reason}\n" if reason else f"{error}\n")
        return 1
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except psycopg.Error as error:
        sys.stderr.write(f"The database refused it: {error.diag.message_primary or error}\n")
        return 1
    done = "up to date" if before == after else f"upgraded from {before}" if before else "created"
    sys.stdout.write(f"Schema version {after}, {done}.\n\n{render_table_stats(stats)}\n")
    return 0


if __name__ == "__main__":
    run(lambda: main(sys.argv[1:]))
