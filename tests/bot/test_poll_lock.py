"""One bot works with a database at a time; the other ways it can find itself alone, or not."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.application import Application, build_bot
from bot.delivery import poll_guard
from bot.start import STATUS_NOT_ALONE, StartError
from playground.client import Emulator
from postgres_service import PostgresService
from repository.poll_lock import PollLock
from tests.bot.conftest import Session, run_bot
from tests.bot.processes import Relay, open_relay, start_bot
from tests.bot.test_main import settings_for
from tests.databases import connect


@pytest.fixture
async def relay(database: dict[str, Any]) -> AsyncIterator[Relay]:
    """The way to the test's database."""
    async with open_relay(database) as way:
        yield way


async def run_second(emulator: Emulator, service: PostgresService) -> None:
    """Another bot with the same database, until it ends by itself."""
    bot = build_bot(emulator.token, emulator.api_url, Session())
    try:
        await Application(bot, service).run()
    finally:
        await bot.session.close()


async def test_a_second_bot_with_the_same_database_ends_with_a_sentence_and_asks_telegram_nothing(
    emulator: Emulator, service: PostgresService, monkeypatch: pytest.MonkeyPatch, database: dict[str, Any]
) -> None:
    monkeypatch.setattr(poll_guard, "PATIENCE_SECONDS", 0.5)
    with PostgresService(**database) as second:
        async with run_bot(emulator, service):
            alice = await emulator.add_person(1001, "Alice")
            await alice.send("/start")
            calls = await emulator.count_calls("getMe")
            with pytest.raises(StartError, match="Another bot works with this database already") as error:
                await run_second(emulator, second)
            assert error.value.status == STATUS_NOT_ALONE
            assert await emulator.count_calls("getMe") == calls
            await alice.send("/start")


async def test_a_bot_that_starts_while_another_ends_waits_for_it(emulator: Emulator, database: dict[str, Any]) -> None:
    async with start_bot(settings_for(emulator, database)) as bot:
        other = PollLock(database)
        assert await asyncio.to_thread(other.take)
        await bot.wait_for("another process works with this database")
        await asyncio.to_thread(other.release)
        await bot.wait_for("running as @")
        assert await bot.stop() == 0


async def test_the_lock_is_taken_again_when_the_server_has_cut_its_connection(
    emulator: Emulator, service: PostgresService, database: dict[str, Any]
) -> None:
    async with run_bot(emulator, service):
        alice = await emulator.add_person(1001, "Alice")
        await alice.send("/start")
        with connect(dict(database)) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE application_name = 'shift-bot poll lock' AND datname = current_database()"
            )
        await asyncio.sleep(2.5)
        await alice.send("/start")
        assert not await asyncio.to_thread(PollLock(database).take)


async def test_who_lost_the_lock_to_another_ends(
    emulator: Emulator, relay: Relay, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(poll_guard, "PATIENCE_SECONDS", 0.5)
    with PostgresService(**relay.params) as service:
        running = asyncio.create_task(run_second(emulator, service))
        alice = await emulator.add_person(1001, "Alice")
        await alice.send("/start")
        await relay.close()
        other = PollLock(database)
        while not await asyncio.to_thread(other.take):  # noqa: ASYNC110 - until the server has noticed
            await asyncio.sleep(0.05)
        await relay.open()
        with pytest.raises(StartError):
            await asyncio.wait_for(running, 10)
        await asyncio.to_thread(other.release)
