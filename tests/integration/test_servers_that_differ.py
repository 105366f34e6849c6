"""How a server, its database, an address or PG* variables are set changes nothing of what the bot writes and reads."""

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from backup.dump import make_dump
from backup.restore import restore
from config import Config
from payroll.business_time import BusinessZone
from payroll.errors import ErrorKey, UnavailableError
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.conftest import ROOT
from tests.databases import DatabaseServer, connect
from tests.owners import FIRST_HALF, assert_books_agree, hire_owner, sell
from tests.shift_data import ANN

ODD = {
    "DateStyle": "German, DMY",
    "IntervalStyle": "iso_8601",
    "TimeZone": "Asia/Kathmandu",
    "client_encoding": "LATIN1",
    "search_path": "elsewhere",
    "bytea_output": "escape",
    "extra_float_digits": "-5",
    "standard_conforming_strings": "off",
}
NAME = "Анна Ąę \\ 'x'"
NEW_YORK = BusinessZone.named("America/New_York")


def set_on_the_database(params: dict[str, Any], server: DatabaseServer, _: pytest.MonkeyPatch) -> dict[str, Any]:
    with connect({**server.maker, "database": params["database"]}) as maker:
        for name, value in ODD.items():
            target = sql.SQL(", ").join(map(sql.Literal, value.split(", ")))
            statement = sql.SQL("ALTER DATABASE {} SET {} TO {}")
            maker.execute(statement.format(sql.Identifier(params["database"]), sql.Identifier(name), target))
    return params


def set_by_the_address(params: dict[str, Any], _: DatabaseServer, __: pytest.MonkeyPatch) -> dict[str, Any]:
    return {**params, "options": write_options(), "client_encoding": "LATIN1"}


def set_by_variables(params: dict[str, Any], _: DatabaseServer, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    monkeypatch.setenv("PGOPTIONS", write_options())
    monkeypatch.setenv("PGDATESTYLE", "German")
    monkeypatch.setenv("PGTZ", "Asia/Kathmandu")
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    return params


def write_options() -> str:
    return " ".join(f"-c {name}={value.replace(' ', '')}" for name, value in ODD.items())


@pytest.mark.parametrize("how", [set_on_the_database, set_by_the_address, set_by_variables])
def test_however_it_is_set_everything_is_written_and_read_alike(
    empty_database: dict[str, Any],
    server: DatabaseServer,
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    how: Callable[[dict[str, Any], DatabaseServer, pytest.MonkeyPatch], dict[str, Any]],
) -> None:
    params = how(empty_database, server, monkeypatch)
    PostgresSchema(**params, config=Config(products=("Model A", "Model B"))).init_schema()
    assert all(PostgresSchema(**params).verify_schema().values())
    with connect({**server.maker, "database": params["database"]}) as maker:
        where = "SELECT DISTINCT schemaname::text FROM pg_tables WHERE tablename IN ('shifts', 'alembic_version')"
        assert maker.execute(where).fetchall() == [("public",)]
    with closing(PostgresService(rules=Rules(NEW_YORK, clock=clock), **params)) as service:
        olga = hire_owner(service)
        sell(service, 10)
        service.staff.rename(ANN, NAME, actor=olga)
        assert service.people.get(ANN).name == NAME
        (shift,) = service.get_all_shifts()
        assert (shift["Clock in"], shift["Date"]) == ("2026/11/10 09:00:00", "2026/11/16 20:00:00")
        assert [one.name for one in service.periods.close(FIRST_HALF, actor=olga).closed] == [NAME]
        assert_books_agree(service)
        made, _ = make_dump(params, tmp_path)
        restore(made, params, is_replacing=True)
        assert service.people.get(ANN).name == NAME
        assert_books_agree(service)


@pytest.mark.parametrize("encoding", ["LATIN1", "SQL_ASCII"])
def test_a_database_that_is_not_utf8_is_refused_in_a_sentence(
    server: DatabaseServer, empty_database: dict[str, Any], encoding: str
) -> None:
    name = f"{empty_database['database']}_odd"
    make = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING {} LOCALE 'C'")
    with connect(server.maker) as maker:
        maker.execute(make.format(sql.Identifier(name), sql.Literal(encoding)))
        try:
            with pytest.raises(UnavailableError) as refusal:
                PostgresSchema(**{**empty_database, "database": name}, config=Config()).init_schema()
        finally:
            maker.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
    assert refusal.value.key is ErrorKey.DATABASE_NOT_UTF8
    assert encoding in str(refusal.value)
    assert "createdb --encoding=UTF8" in str(refusal.value)


def test_variables_for_somebodys_server_do_not_reach_our_own(server: DatabaseServer, run_dir: Path) -> None:
    hostile = {
        "PGHOSTADDR": "127.0.0.1",
        "PGHOST": "nowhere.example",
        "PGPORT": "1",
        "PGOPTIONS": "-c default_transaction_read_only=on",
        "PGSERVICE": "nobody",
        "PGCHANNELBINDING": "require",
        "PGTARGETSESSIONATTRS": "standby",
    }
    data_dir = run_dir / "data"
    done = subprocess.run(
        [sys.executable, "pg_schema.py"],
        cwd=ROOT,
        env={**os.environ, **hostile, "DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Schema version" in done.stdout
