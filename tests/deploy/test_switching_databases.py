"""The same command on one database after the other, switched by nothing but the environment."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

import own_postgres
from playground.client import Emulator
from sql import get_newest_version
from tests.bot.far import start_far_emulator
from tests.bot.processes import describe_database, start_bot
from tests.databases import fetch_all
from tests.deploy.servers import RemoteServer, open_remote_server

TOKEN = "4242424242:AAcanaryCANARYcanaryCANARYcanary1234"
SOCKET_PASSWORD = "c4n4ry'not asked for/by=the socket"


@pytest.fixture(scope="module")
def remote(run_dir: Path) -> Iterator[RemoteServer]:
    """PostgreSQL behind TCP, with a password."""
    with open_remote_server(run_dir) as server:
        yield server


async def serve_one_person(emulator: Emulator, person_id: int, settings: Mapping[str, str]) -> str:
    """Start the bot with these settings of a database, let an admin see the menu, end it; all that it said."""
    given = {"BOT_TOKEN": TOKEN, "ADMIN_IDS": str(person_id), "TELEGRAM_API_URL": emulator.api_url}
    async with start_bot({**given, "LOG_LEVEL": "DEBUG", **settings}) as bot:
        await bot.wait_for("running as @")
        admin = await emulator.add_person(person_id, "Olga")
        await admin.send("/start")
        assert "Create shift" in (await admin.screen()).buttons
        assert await bot.stop() == 0
    assert bot.complaints == []
    return bot.said


def read_version(params: dict[str, Any]) -> int:
    """The version of the tables that are there."""
    ((version,),) = fetch_all(params, "SELECT version_num FROM alembic_version")
    return int(version)


async def test_the_environment_alone_moves_the_bot_from_its_own_database_to_the_machine_s_to_a_managed_one(
    empty_database: dict[str, Any], remote: RemoteServer, run_dir: Path
) -> None:
    data_dir = run_dir / "own"
    async with start_far_emulator(TOKEN) as emulator:
        said = await serve_one_person(emulator, 9001, {"DATA_DIR": str(data_dir)})
        assert not (data_dir / "postgres" / "postmaster.pid").exists(), "the last one out stops it"

        # A server that asks for none takes any.
        password = empty_database.get("password") or SOCKET_PASSWORD
        machine = {**describe_database(empty_database), "POSTGRES_PASSWORD": password}
        said += await serve_one_person(emulator, 9002, machine)
        assert read_version(empty_database) == get_newest_version()

        said += await serve_one_person(emulator, 9003, {"DATABASE_URL": remote.url()})
        assert read_version(remote.params()) == get_newest_version()
    with own_postgres.lease(data_dir) as lease:
        assert read_version(lease.params) == get_newest_version()
        assert fetch_all(lease.params, "SELECT telegram_id FROM employees") == [(9001,)]
    assert fetch_all(empty_database, "SELECT telegram_id FROM employees") == [(9002,)]
    assert fetch_all(remote.params(), "SELECT telegram_id FROM employees") == [(9003,)]
    for secret in (SOCKET_PASSWORD, remote.password, quote(remote.password, safe=""), TOKEN):
        assert secret not in said


async def test_a_password_that_the_server_refuses_is_waited_on_and_shown_nowhere(remote: RemoteServer) -> None:
    wrong = "n0t-the/one w@nted"
    settings = {"BOT_TOKEN": TOKEN, "ADMIN_IDS": "9001", "DATABASE_URL": remote.url(wrong), "LOG_LEVEL": "DEBUG"}
    async with start_bot(settings) as bot:
        line = await bot.wait_for("the database does not answer, waiting for it")
        assert "password authentication failed" in line
        assert await bot.stop() == 0
    for secret in (wrong, quote(wrong, safe="")):
        assert secret not in bot.said
