"""Moving the data between PostgreSQLs: from the one that comes along to one over TCP with a password, and back."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import own_postgres
from backup.check import run_check
from backup.run import run_backup
from config import HERE, Config
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.poll_lock import PollLock
from sql import get_newest_version
from tests.backup.far_server import PASSWORD, FarServer, start_far_server
from tests.backup.office import HIRED, fill, measure
from tests.databases import connect

FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@dataclass(frozen=True, slots=True)
class Board:
    """A machine with the bot's data in the PostgreSQL that comes along."""

    data_dir: Path
    own: dict[str, Any]

    def run(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """`python -m backup`, with nothing set but this."""
        environment = {**os.environ, "DATA_DIR": str(self.data_dir), **settings}
        command = [sys.executable, "-m", "backup", *arguments]
        return subprocess.run(command, cwd=HERE, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def board(run_dir: Path) -> Iterator[Board]:
    data_dir = run_dir / "board"
    with own_postgres.lease(data_dir, settings=FAST) as lease:
        PostgresSchema(**lease.params, config=Config()).init_schema()
        with PostgresService(**lease.params) as service:
            fill(service, shifts=HIRED)
        yield Board(data_dir, lease.params)


@pytest.fixture(scope="module")
def far_server(run_dir: Path) -> Iterator[FarServer]:
    with start_far_server(run_dir) as server:
        yield server


def write_url(params: dict[str, Any]) -> str:
    """The address of a database, its password in it."""
    password = quote(params["password"], safe="")
    return f"postgresql://{params['user']}:{password}@{params['host']}:{params['port']}/{params['database']}"


def assert_no_password(said: str) -> None:
    assert PASSWORD not in said
    assert quote(PASSWORD, safe="") not in said
    assert "Traceback" not in said


def test_to_a_server_over_tcp_with_a_password_and_back(board: Board, far_server: FarServer, run_dir: Path) -> None:
    there = far_server.create_database("mover")
    before = measure(board.own)
    done = board.run("move", write_url(there))
    assert done.returncode == 0, done.stderr
    assert_no_password(done.stdout + done.stderr)
    assert f"Moved and compared: {HIRED} shifts" in done.stdout
    assert f"DATABASE_URL=postgresql://mover:***@127.0.0.1:{there['port']}/mover_data" in done.stdout
    assert measure(there) == before == measure(board.own)
    assert not list((board.data_dir / "backups").glob("move-*"))
    assert PostgresSchema(**there).get_schema_version() == get_newest_version()
    with PostgresService(**there) as service:
        assert service.reconciliation.run().differences == ()
    back = Board(run_dir / "another-board", {})
    done = back.run("move", "own", DATABASE_URL=write_url(there))
    assert done.returncode == 0, done.stderr
    assert "take DATABASE_URL and POSTGRES_* out of .env" in done.stdout
    with own_postgres.lease(back.data_dir, settings=FAST) as lease:
        assert measure(lease.params).months == before.months


def test_a_database_with_records_is_not_moved_into(board: Board, far_server: FarServer) -> None:
    there = far_server.create_database("taken")
    with connect(there) as connection:
        connection.execute("CREATE TABLE guests (name text)")
        connection.execute("INSERT INTO guests VALUES ('Max')")
    done = board.run("move", write_url(there))
    assert done.returncode == 1
    assert "The database taken_data is not empty (guests 1), so nothing was changed." in done.stderr
    with connect(there) as connection:
        assert connection.execute("SELECT name FROM guests").fetchall() == [("Max",)]


@pytest.mark.parametrize("side", ["source", "target"])
def test_while_a_bot_works_with_either_nothing_is_moved(board: Board, far_server: FarServer, side: str) -> None:
    there = far_server.create_database(f"busy_{side}")
    bot = PollLock(board.own if side == "source" else there)
    assert bot.take()
    try:
        done = board.run("move", write_url(there))
    finally:
        bot.release()
    assert done.returncode == 1
    assert "A bot works with this database: end it first" in done.stderr
    assert PostgresSchema(**there).get_table_stats() == {}


def test_a_wrong_password_is_said_in_a_sentence_without_it(board: Board, far_server: FarServer) -> None:
    done = board.run("move", write_url({**far_server.create_database("locked"), "password": f"{PASSWORD}x"}))
    assert done.returncode == 1
    assert "password authentication failed" in done.stderr
    assert_no_password(done.stdout + done.stderr)


@pytest.mark.parametrize("address", ["mysql://bot:geheim@host/db", "postgresql://bot:geheim@host:99999/db"])
def test_what_is_no_address_is_said_without_it(board: Board, address: str) -> None:
    done = board.run("move", address)
    assert done.returncode == 1
    assert done.stderr.startswith("The address to move to ")
    assert "geheim" not in done.stderr


class TestAManagedServer:
    """Backups of a database on a server over TCP, with a password that no process list shows."""

    def test_is_backed_up_and_checked_on_a_server_of_our_own_where_its_role_may_make_no_database(
        self, far_server: FarServer, tmp_path: Path
    ) -> None:
        config = self._start(far_server, "managed", tmp_path, may_create=False)
        before = far_server.list_databases()
        assert config.database is not None
        made = run_backup(config, config.database)
        checked = run_check(config, config.database)
        assert checked.backup == made.backup
        assert checked.figures.tables["shifts"] == 2
        assert far_server.list_databases() == before
        assert [path.name for path in config.data_dir.iterdir()] == ["backups"]

    def test_is_checked_on_itself_where_its_role_may_make_databases(
        self, far_server: FarServer, tmp_path: Path
    ) -> None:
        config = self._start(far_server, "mighty", tmp_path, may_create=True)
        before = far_server.list_databases()
        assert config.database is not None
        run_backup(config, config.database)
        assert run_check(config, config.database).is_compared
        assert far_server.list_databases() == before, "the scratch database is dropped"

    def _start(self, far_server: FarServer, role: str, tmp_path: Path, *, may_create: bool) -> Config:
        params = far_server.create_database(role, may_create=may_create)
        config = Config(database=params, data_dir=tmp_path / "data")
        PostgresSchema(**params, config=config).init_schema()
        with PostgresService(**params) as service:
            fill(service, shifts=2)
        return config
