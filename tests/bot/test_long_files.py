"""Long files: drawn in a process of their own, while everybody is answered, and through the end of the bot."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.delivery import drawer
from bot.documents.orders import LONG_FROM
from bot.documents.statement_pdf import render_statement_pdf
from bot.handlers import pay
from bot.keyboards.pay import FileForm, StatementFile
from bot.words import load_words
from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.far import start_far_emulator
from tests.bot.processes import describe_database, start_bot
from tests.bot.test_my_pay import download, open_mine
from tests.bot.test_outbox import has, wait_until, wait_until_sent
from tests.bot.test_periods import PERIOD, work
from tests.clock import SteppingClock
from tests.databases import fetch_all

TOKEN = "4242424242:AAlongLONGlongLONGlongLONGlongLONG1234"
PDF = "statement-2026-11-01-2026-11-14-alice.pdf"


@pytest.fixture
async def chat(emulator: Emulator, service: PostgresService, clock: SteppingClock) -> AsyncIterator[Chat]:
    """A bot to which every file is a long one."""
    async with run_bot(emulator, service, long_from=1):
        yield Chat(emulator, service, clock)


def find_drawings(bot: int) -> list[int]:
    """The processes in which that bot has files drawn."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError, IndexError):
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            if int(parent) == bot and b"bot.documents.drawing" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


async def stop_drawing(bot: int) -> int:
    """Wait until a file is being drawn by a process that makes way for others, and have that stand still."""

    async def makes_way() -> bool:
        return any(map(find_niceness, find_drawings(bot)))

    await wait_until(makes_way)
    (drawing,) = find_drawings(bot)
    os.kill(drawing, signal.SIGSTOP)
    return drawing


def read_state(process: int) -> list[str] | None:
    """What the system says about a process, behind its name; None where it has ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def find_niceness(process: int) -> int:
    """How far it makes way for others; 0: not at all."""
    state = read_state(process)
    return 0 if state is None else int(state[16])


async def list_files(person: Person) -> list[str]:
    """The names of the files in the chat, oldest first."""
    return [screen.document for screen in await person.screens() if screen.document]


async def test_who_asks_for_a_long_file_hears_that_it_comes_and_everybody_is_answered_while_it_is_drawn(
    chat: Chat, database: dict[str, Any]
) -> None:
    alice, boris = await chat.employee("Alice", 1001), await chat.employee("Boris", 1002)
    await work(chat, alice, (9, 10))
    mine = await open_mine(alice)
    asked = await asyncio.to_thread(chat.service.statements.get, 1001, date(2026, 11, 1))
    await alice.press(mine.data["PDF"], message_id=mine.message_id)
    drawing = await stop_drawing(os.getpid())
    told = await alice.wait_for("This file is long.")
    assert told.text.startswith(f"📄 Alice, {PERIOD}")
    for person in (boris, alice):
        began = time.monotonic()
        await person.send("/help", wait=False)
        await person.wait_for("How this works")
        assert time.monotonic() - began < 2
    await work(chat, alice, (11,))
    open_ones = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND state ~ 'in transaction'"
    assert not await asyncio.to_thread(fetch_all, database, open_ones)
    os.kill(drawing, signal.SIGCONT)
    await wait_until_sent(database)
    assert await list_files(alice) == [PDF]
    drawn = render_statement_pdf(load_words("en"), chat.service.rules.zone, asked)
    assert await download(chat, alice) == drawn, "the figures are those of the tap"
    assert not find_drawings(os.getpid())


async def test_who_asks_twice_for_the_same_long_file_gets_it_once(chat: Chat, database: dict[str, Any]) -> None:
    alice = await chat.employee("Alice", 1001)
    await work(chat, alice)
    mine = await open_mine(alice)
    await alice.press(mine.data["PDF"], message_id=mine.message_id)
    drawing = await stop_drawing(os.getpid())
    await work(chat, alice, (11,))
    await alice.press(mine.data["PDF"], message_id=mine.message_id)
    os.kill(drawing, signal.SIGCONT)
    await wait_until_sent(database)
    assert await list_files(alice) == [PDF]
    newest = await asyncio.to_thread(chat.service.statements.get, 1001, date(2026, 11, 1))
    assert await download(chat, alice) == render_statement_pdf(load_words("en"), chat.service.rules.zone, newest)


@pytest.mark.parametrize("trouble", ["too slow", "an order of another version", "no program"])
async def test_a_file_that_cannot_be_drawn_is_told_to_the_person_and_the_admins_and_the_next_one_comes(
    chat: Chat, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    alice, olga = await chat.employee("Alice", 1001), await chat.admin("Olga", 9001)
    await work(chat, alice)
    mine = await open_mine(alice)
    with monkeypatch.context() as patch:
        if trouble == "too slow":
            patch.setattr(drawer, "LONGEST_SECONDS", 0.01)
        elif trouble == "no program":
            patch.setattr("sys.executable", "/nowhere/python")
        else:
            patch.setattr(pay, "write_order", lambda *_: b"what an older version wrote")
        await alice.press(mine.data["PDF"], message_id=mine.message_id)
        failed = await alice.wait_for("I could not draw this file.")
        assert failed.text.startswith(f"📄 Alice, {PERIOD}")
        await olga.wait_for("could not be drawn")
    assert await list_files(alice) == []
    await alice.press(mine.data["XLSX"], message_id=mine.message_id)
    await wait_until_sent(database)
    assert await list_files(alice) == [PDF.replace("pdf", "xlsx")]


async def test_a_bot_that_ends_while_it_draws_sends_the_file_after_its_next_start(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service, long_from=1):
        alice = await chat.employee("Alice", 1001)
        await work(chat, alice)
        mine = await open_mine(alice)
        await alice.press(mine.data["PDF"], message_id=mine.message_id)
        await stop_drawing(os.getpid())
    assert not find_drawings(os.getpid())
    assert await list_files(alice) == []
    async with run_bot(emulator, service):
        await wait_until_sent(database)
    assert await list_files(alice) == [PDF]


async def test_a_bot_that_is_killed_while_it_draws_leaves_nothing_behind_and_sends_the_file_once_after_its_next_start(
    empty_database: dict[str, Any],
) -> None:
    async with start_far_emulator(TOKEN) as emulator:
        settings = {"BOT_TOKEN": TOKEN, "ADMIN_IDS": "9001", "TELEGRAM_API_URL": emulator.api_url}
        settings |= describe_database(empty_database)
        async with start_bot(settings) as bot:
            await bot.wait_for("running as @")
            with PostgresService(**empty_database) as service:
                day = await asyncio.to_thread(log_many, service, LONG_FROM)
            alice = await emulator.add_person(1001, "Alice")
            await alice.send("/start")
            wanted = StatementFile(employee_id=1001, start=day.toordinal(), form=FileForm.PDF)
            await alice.press(wanted.pack(), message_id=(await alice.screen()).message_id)
            drawing = await stop_drawing(bot.process.pid)
            await bot.stop(signal.SIGKILL)
            os.kill(drawing, signal.SIGCONT)

        async def is_gone() -> bool:
            return read_state(drawing) is None

        await wait_until(is_gone)
        assert await list_files(alice) == []
        async with start_bot(settings) as bot:
            await bot.wait_for("running as @")
            await wait_until_sent(empty_database)
        assert len(await list_files(alice)) == 1
        assert not await has(empty_database, "failed_at IS NOT NULL OR photo IS NOT NULL")


def log_many(service: PostgresService, count: int) -> date:
    """So many short shifts of Alice's, yesterday."""
    service.people.join(1001, "Alice", "en")
    day = service.rules.today() - timedelta(days=1)
    for number in range(count):
        hour, minute = divmod(5 * number, 60)
        clocks = [f"{day:%Y/%m/%d} {9 + hour:02}:{minute + late:02}:00" for late in (0, 4)]
        service.create_shift(
            {"employee_id": 1001, "clock_in": clocks[0], "clock_out": clocks[1], "products": {"Model A": "10"}}
        )
    return day
