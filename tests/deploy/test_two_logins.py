"""The bot's login and the one that owns the tables, as docker-compose.yml and install.sh make them (TECH T19)."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from postgres_service import PostgresService
from tests.conftest import ROOT
from tests.databases import connect, fetch_all
from tests.deploy.servers import RemoteServer, open_remote_server
from tests.shift_data import make_shift_data


@pytest.fixture(scope="module")
def remote(run_dir: Path) -> Iterator[RemoteServer]:
    """PostgreSQL behind TCP, with a password for each of the two."""
    with open_remote_server(run_dir, has_two_logins=True) as server:
        yield server


def run(remote: RemoteServer, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    """A program with the bot's login; with the owner's where `more` has it."""
    environment = {**os.environ, "DATABASE_URL": remote.url(), **more}
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def books(remote: RemoteServer) -> RemoteServer:
    """With its tables, made by the owner alone, and a shift, recorded by the bot's login."""
    refused = run(remote, "pg_schema.py")
    assert refused.returncode != 0
    assert "that of shiftbot_owner, in DATABASE_OWNER_URL" in refused.stdout + refused.stderr
    made = run(remote, "pg_schema.py", DATABASE_OWNER_URL=remote.owner_url)
    assert made.returncode == 0, made.stderr
    assert remote.owner_password not in refused.stderr + made.stdout + made.stderr
    with PostgresService(**remote.params()) as service:
        assert service.create_shift(make_shift_data()) == 1
    return remote


@pytest.mark.parametrize(
    "statement",
    [
        "SET ROLE shiftbot_owner",
        "DROP TABLE audit_log",
        "ALTER TABLE balance_transactions DISABLE TRIGGER ALL",
        "DELETE FROM balance_transactions",
        "UPDATE balance_transactions SET units = 1",
        "CREATE TABLE mine ()",
        "DROP DATABASE shiftbot",
    ],
)
def test_the_bots_login_can_undo_nothing(books: RemoteServer, statement: str) -> None:
    with connect(books.params()) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
        login.execute(statement.encode())


def test_a_backup_is_made_with_the_bots_login_and_restored_with_the_owners(books: RemoteServer, tmp_path: Path) -> None:
    settings = {"BACKUP_DIR": str(tmp_path), "DATA_DIR": str(tmp_path / "data")}
    made = run(books, "-m", "backup", "make", "--now", **settings)
    assert made.returncode == 0, made.stderr
    restore = ("-m", "backup", "restore", "--replace", str(tmp_path))
    refused = run(books, *restore, **settings)
    assert refused.returncode != 0
    assert "DATABASE_OWNER_URL" in refused.stdout + refused.stderr
    restored = run(books, *restore, **settings, DATABASE_OWNER_URL=books.owner_url)
    assert restored.returncode == 0, restored.stdout + restored.stderr
    assert fetch_all(books.params(), "SELECT count(*) FROM shifts") == [(1,)]


def test_what_was_installed_with_one_login_gets_the_second(run_dir: Path) -> None:
    with open_remote_server(run_dir) as remote:
        assert run(remote, "pg_schema.py").returncode == 0
        assert remote.ask("database-is-there.sql") == "f"
        for _ in range(2):
            remote.ask("database.sql", POSTGRES_OWNER_PASSWORD="4f2c")
            assert remote.ask("database-is-there.sql") == "t"
        with connect(remote.params()) as login, pytest.raises(psycopg.errors.InsufficientPrivilege):
            login.execute("SET ROLE shiftbot_owner")
        with connect({**remote.params("4f2c"), "user": "shiftbot_owner"}) as owner:
            owner.execute("ALTER TABLE ranks ADD COLUMN motto text")
        with PostgresService(**remote.params()) as service:
            assert service.create_shift(make_shift_data()) == 1
