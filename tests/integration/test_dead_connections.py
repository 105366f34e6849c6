"""The server was away for a while: the next call goes through as soon as it is back, whatever the pool still holds."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from payroll.errors import UnavailableError
from postgres_service import PostgresService
from tests.bot.processes import open_relay
from tests.databases import DatabaseServer, connect

SOON = 1.5
BACK_WITHIN = 5.5


def fill_pool(service: PostgresService, size: int) -> None:
    """Have so many connections open at once, and idle then."""
    with ThreadPoolExecutor(size) as threads:
        list(threads.map(lambda _: hold(service), range(size)))


def hold(service: PostgresService) -> None:
    with service.transaction():
        service.get_products()
        time.sleep(0.3)


def test_however_many_connections_died_the_next_call_goes_through_at_once(
    database: dict[str, Any], server: DatabaseServer
) -> None:
    with PostgresService(pool_size=8, **database) as service:
        fill_pool(service, 8)
        with connect(server.maker) as maker:
            maker.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database["database"]]
            )
        began = time.monotonic()
        assert len(service.get_products()) == 4
        assert time.monotonic() - began < SOON


async def test_after_a_longer_outage_calls_go_through_within_seconds(database: dict[str, Any]) -> None:
    async with open_relay(database) as relay:
        with PostgresService(**relay.params) as service:
            await asyncio.to_thread(fill_pool, service, 3)
            await relay.close()
            tries = [asyncio.create_task(asyncio.to_thread(try_to_read, service)) for _ in range(3)]
            await asyncio.sleep(7.5)
            await relay.open()
            began = time.monotonic()
            while not await asyncio.to_thread(try_to_read, service):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            assert time.monotonic() - began < BACK_WITHIN
            await asyncio.wait(tries)


def try_to_read(service: PostgresService) -> bool:
    try:
        return len(service.get_products()) == 4
    except UnavailableError:
        return False
