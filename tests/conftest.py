"""What every test stands on: a directory of this run, an environment without anybody's settings, a server.

All that a run writes is under `.pytest_tmp/<run>` and removed at its end. What a killed run left there, a server
included, goes when the next one starts.
"""

import contextlib
import fcntl
import os
import random
import re
import secrets
import shutil
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

import own_postgres
from config import Config, parse_database_url
from payroll.business_time import BusinessZone
from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, temporary_database

ROOT = Path(__file__).resolve().parent.parent
RUNS = ROOT / ".pytest_tmp"
RUN = RUNS / secrets.token_hex(4)
MEMORY = Path("/dev/shm")  # noqa: S108 - each run has a directory of its own there
ENOUGH_MEMORY = 4 * 1024**3
"""For the servers of a run. A database a test is made and dropped in memory several times as fast as on a card."""
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # cleans up as after Ctrl-C
    RUNS.mkdir(exist_ok=True)
    with _locked(RUNS / "lock"):
        _remove_abandoned_runs()
        RUN.mkdir()
        _keep_data_in_memory(RUN)
        in_use = _lock(RUN / "in_use")
    config.add_cleanup(lambda: _remove_run(RUN, in_use))
    if config.option.basetemp is None:
        config.option.basetemp = RUN / "tmp"
    _hide_settings()


def _hide_settings() -> None:
    """No test sees a setting of the machine or `.env` (TECH T6): an empty value hides both, in subprocesses too."""
    for name in re.findall(r"^#?\s*([A-Z][A-Z0-9_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE):
        os.environ[name] = ""
    os.environ["NOTIFY_SOCKET"] = ""
    os.environ["PORT"] = ""
    os.environ["CREDENTIALS_DIRECTORY"] = ""
    os.environ["HEALTH_LISTEN"] = "off"  # bots of several runs at once would meet on the port that it is without
    os.environ["DATA_DIR"] = str(RUN / "data")


def _remove_abandoned_runs() -> None:
    for run in RUNS.iterdir():
        if run.is_dir():
            with contextlib.suppress(BlockingIOError):
                _remove_run(run, _lock(run / "in_use"))


def _keep_data_in_memory(run: Path) -> None:
    """What the servers of a run write is not to outlive it. Where there is little memory it goes to the disk."""
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY:
        data = MEMORY / f"shift-bot-tests-{run.name}"
        data.mkdir()
        (run / "data").symlink_to(data)


def _remove_run(run: Path, in_use: int) -> None:
    own_postgres.stop(run / "data")
    if (run / "data").is_symlink():
        shutil.rmtree((run / "data").readlink(), ignore_errors=True)
    shutil.rmtree(run)
    os.close(in_use)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _lock(path: Path) -> int:
    """The open lock file; raises BlockingIOError where a living run holds it."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(fd)
        raise
    return fd


@pytest.fixture(scope="session")
def run_dir() -> Path:
    """The directory of this run. Unlike `tmp_path` any account can pass it, such as one that root's server takes."""
    return RUN


@pytest.fixture(scope="session")
def server() -> Iterator[DatabaseServer]:
    """The server that TEST_DATABASE_URL names, or one of our own that ends with the run."""
    url = os.environ.get("TEST_DATABASE_URL", "").strip()
    if url:
        params = parse_database_url(url)
        yield DatabaseServer(maker=params, login=params, owner=None)
        return
    with own_postgres.lease(RUN / "data", settings=FAST) as lease:
        yield DatabaseServer(maker=lease.superuser_params, login=lease.params, owner=own_postgres.OWNER)


@pytest.fixture
def empty_database(server: DatabaseServer) -> Iterator[dict[str, Any]]:
    """Connection parameters of a fresh database without any table, dropped after the test."""
    with temporary_database(server) as params:
        yield params


@pytest.fixture(scope="session")
def template(server: DatabaseServer) -> Iterator[str]:
    """Name of a database with the schema and the starting values, which tests copy."""
    with temporary_database(server) as params:
        PostgresSchema(**params, config=Config()).init_schema()
        yield str(params["database"])


@pytest.fixture
def database(server: DatabaseServer, template: str) -> Iterator[dict[str, Any]]:
    """Connection parameters of a fresh database as `init_schema` leaves it, dropped after the test."""
    with temporary_database(server, template) as params:
        yield params


@pytest.fixture
def clock() -> SteppingClock:
    """The time in a test: Monday 2026-11-16 20:00 in New York until the test moves it."""
    return SteppingClock(datetime(2026, 11, 17, 1, 0, tzinfo=UTC))


@pytest.fixture
def make_service(database: dict[str, Any], clock: SteppingClock) -> Iterator[Callable[..., PostgresService]]:
    """Makes services on the test's database, with its clock, New York time and seeded randomness."""
    services = []

    def make(*, settle_ranks: bool = True, seed: int = 1, **more: Any) -> PostgresService:
        draw = random.Random(seed).randrange
        rules = Rules(BusinessZone.named("America/New_York"), draw=draw, clock=clock)
        services.append(PostgresService(settle_ranks=settle_ranks, rules=rules, **database, **more))
        return services[-1]

    yield make
    for service in services:
        service.close()


@pytest.fixture
def service(make_service: Callable[..., PostgresService]) -> PostgresService:
    """The service as the bot uses it: ranks are settled."""
    return make_service()
