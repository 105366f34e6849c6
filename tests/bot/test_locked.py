"""Somebody's row is locked by another program: they hear that it takes a moment, others notice nothing."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot import health
from bot.disk import DiskWatch
from bot.health import HealthCheck
from bot.vitals import Vitals
from playground.client import Person
from tests.bot.conftest import Chat
from tests.databases import connect

MOMENT = "One moment, I am still at it. You need not send it again."
WITHIN_SECONDS = 3.0


@contextmanager
def locked(database: dict[str, Any], person: Person) -> Iterator[None]:
    """Another program is at the records of a person."""
    with connect(database, autocommit=False, application_name="psql") as connection:
        connection.execute("SELECT FROM employees WHERE employee_id = %s FOR UPDATE", [person.id])
        connection.execute("SELECT FROM drafts WHERE employee_id = %s FOR UPDATE", [person.id])
        yield


@pytest.fixture
async def alice(chat: Chat) -> Person:
    """Alice, who is asked for the date of a shift."""
    alice = await chat.employee("Alice", 1001)
    await alice.send("/shift")
    return alice


async def test_who_taps_hears_of_it_within_three_seconds_and_it_is_done_by_itself(
    chat: Chat, alice: Person, database: dict[str, Any]
) -> None:
    boris = await chat.employee("Boris", 1002)
    with locked(database, alice):
        began = time.monotonic()
        await alice.tap("Yesterday…", wait=False)
        await boris.send("/start")
        while not (toast := await alice.toast()).is_answered:  # noqa: ASYNC110 - another process tells nobody
            await asyncio.sleep(0.05)
        assert (toast.text, toast.is_alert) == (MOMENT, False)
        assert time.monotonic() - began < WITHIN_SECONDS
    await alice.wait_for("What time did it start?", timeout=15)


async def test_who_writes_and_writes_hears_it_once(chat: Chat, alice: Person, database: dict[str, Any]) -> None:
    with locked(database, alice):
        for _ in range(3):
            await alice.send("/cancel", wait=False)
        await alice.wait_for(MOMENT, timeout=WITHIN_SECONDS)
    await alice.settled()
    assert [screen.text for screen in await alice.screens()].count(MOMENT) == 1


async def test_health_says_what_waits_and_for_whom(
    chat: Chat, alice: Person, database: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", 0.0)
    check = HealthCheck(Vitals(), has_webhook=True)
    check.watch(chat.service, DiskWatch(tmp_path, chat.service))
    with locked(database, alice):
        await alice.tap("Yesterday…", wait=False)
        async with asyncio.timeout(15):
            while not (waits := (await check.report())[1]["waits"]):  # noqa: ASYNC110 - asked
                await asyncio.sleep(0.05)
    assert waits[0].startswith("a query waits for a lock that is held by psql (process ")
    await alice.wait_for("What time did it start?", timeout=15)
    async with asyncio.timeout(15):
        while (await check.report())[1]["waits"]:  # noqa: ASYNC110 - asked
            await asyncio.sleep(0.05)
