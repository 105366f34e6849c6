"""While Google hangs for a minute, the bot answers as fast as before."""

import asyncio
import os
import statistics
import threading
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from bot.mirroring import Mirroring
from pg_schema import PostgresSchema
from playground.client import Person
from postgres_service import PostgresService
from sheets_backup.mirror import run_mirror
from tests.bot.conftest import Chat, run_bot
from tests.bot.far import start_far_emulator
from tests.clock import SteppingClock
from tests.fake_sheets.server import FakeSheets, serve
from tests.sheets.mirrors import make_config
from tests.sheets.shifts import record

SECONDS = float(os.environ.get("SECONDS", "60"))
ALLOWED = 1.2
ROUND = 12
"""Answers that are timed at a stretch, in turns with and without a hanging run."""


@pytest.fixture
async def chat(service: PostgresService, clock: SteppingClock) -> AsyncIterator[Chat]:
    """The bot at work, its Telegram in another process."""
    async with start_far_emulator() as emulator, run_bot(emulator, service):
        yield Chat(emulator, service, clock)


async def time_answers(person: Person) -> list[float]:
    taken = []
    for text in ("/stats", "/start") * (ROUND // 2):
        began = time.perf_counter()
        await person.send(text)
        await person.screen()
        taken.append(time.perf_counter() - began)
    return taken


async def test_the_bot_answers_as_fast_while_google_hangs(
    chat: Chat, service: PostgresService, database: dict[str, Any], clock: SteppingClock
) -> None:
    alice = await chat.employee("Alice", 1001)
    for number in range(1, 4):
        record(service, number, employee_id=1001, Model_A="100")
    hangs, let_go = threading.Event(), threading.Event()

    def hang() -> None:
        hangs.set()
        let_go.wait(120)

    usual: list[float] = []
    hanging: list[float] = []
    with serve(FakeSheets(before_answer=hang)) as fake:
        config = make_config(fake)
        PostgresSchema(**database, config=config).init_schema()
        await time_answers(alice)
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            usual += await time_answers(alice)
            hangs.clear()
            let_go.clear()
            mirroring = Mirroring(lambda: run_mirror(config, database, clock=clock), timedelta(0))
            mirroring.look()
            assert await asyncio.to_thread(hangs.wait, 10)
            hanging += await time_answers(alice)
            fake.before_answer = None
            let_go.set()
            await asyncio.to_thread(wait_for_end)
            fake.before_answer = hang
        ratio = statistics.median(hanging) / statistics.median(usual)
    print(
        f"\nmirror-hang: answers={len(usual)}+{len(hanging)} usual={statistics.median(usual) * 1000:.1f} ms "
        f"hanging={statistics.median(hanging) * 1000:.1f} ms ratio={ratio:.3f}"
    )
    assert ratio < ALLOWED


def wait_for_end() -> None:
    for thread in threading.enumerate():
        if thread.name == "mirror":
            thread.join(60)
