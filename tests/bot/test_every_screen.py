"""Every menu, list, page, receipt, file and question on a database at its extremes, for everybody who may come."""

import asyncio
import logging
import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.handlers import build_routers
from bot.policies import list_handlers, name_handler
from playground.client import Emulator
from postgres_service import PostgresService
from repository.rules import Rules
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, connect
from tests.walk.extremes import ALICE, LEAVER, MANAGER, NEW_YORK, OWNER, STRANGER, Extremes
from tests.walk.walker import Walker
from tests.watched import run_watched_bot

NEVER_CAME = "chat not found"
"""What is logged of notices to the crowd, who have never written to the bot."""
WALKING = (STRANGER, LEAVER, ALICE, OWNER, MANAGER)


@pytest.fixture
def old_service(database: dict[str, Any], clock: SteppingClock) -> Iterator[PostgresService]:
    """One that takes shifts from 2000 on."""
    rules = Rules(NEW_YORK, draw=random.Random(1).randrange, clock=clock, earliest_shift=date(2000, 1, 1))
    with PostgresService(settle_ranks=True, rules=rules, **database) as service:
        yield service


async def test_every_screen_opens_at_every_extreme(
    emulator: Emulator,
    old_service: PostgresService,
    database: dict[str, Any],
    server: DatabaseServer,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    routers, acted = build_routers(), set[str]()
    with connect(database) as connection, caplog.at_level(logging.WARNING):
        extremes = Extremes(old_service, connection, database, server)
        await asyncio.to_thread(extremes.fill)
        people = [await emulator.add_person(account, "Name") for account in WALKING]
        for person in people:
            await person.send("/start", wait=False)
        async with run_watched_bot(emulator, old_service, connection, monkeypatch) as bot:
            walkers = [Walker(bot, routers, account, acted) for account in WALKING]
            for walker in walkers:
                await walker.look(extremes.list_shown(walker.account))
            for walker, person in zip(walkers, people, strict=True):
                await walker.act()
                await bot.rest()
                await walker.look_at(screen.data for screen in await person.screens())
                await walker.act()
            await bot.rest()
    print(f"{sum(walker.screens for walker in walkers)} screens, {len(acted)} kinds of deeds")
    assert [fault for walker in walkers for fault in walker.faults] == []
    assert [told for record in caplog.records if NEVER_CAME not in (told := record.getMessage())] == []
    handlers = {name_handler(handler).removeprefix("bot.handlers.") for _, handler in list_handlers(routers)}
    assert handlers - set().union(*(walker.handlers for walker in walkers)) == set()
