"""The bot as a process beside one of aiogram alone: how long it takes to the first answer, how much memory after load.

Both talk to the emulator of the playground, which is in this process, and take turns. The database is up and has its
tables, as on every start but the first; it is a process of its own, whose memory is not counted.
"""

import asyncio
import contextlib
import os
import random
import re
import statistics
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure
from benchmarks.places import open_place
from config import Config
from payroll.business_time import BusinessZone
from pg_schema import PostgresSchema
from playground import people
from playground.records import Profile
from playground.server import start_playground
from playground.world import World
from postgres_service import PostgresService
from repository.rules import Rules
from tests.bot.processes import describe_database, find_free_port
from tests.databases import DatabaseServer, fetch_all, temporary_database
from tests.faults.crowd import ADMIN_ID, FIRST_ID, make_crowd

STARTS = 9
TEAM = 40
UPDATES_AN_HOUR = 3_600
MOST_START, MOST_MEMORY = 1.3, 1.4
PATIENCE_SECONDS = 60.0
BACKUP_SECONDS = 600.0
"""The first one is due five minutes after the start."""
LOOKS = ("/stats", "/history", "/ranks", "/balance")
"""What some look at while the others record shifts; the first draws a picture."""
LOOKERS = 4
LOOK_SECONDS = 1.0
TOKEN = "4242:playground"  # noqa: S105 - opens nothing but an emulator on this machine
_ROOT = Path(__file__).resolve().parent.parent
_KIB_PER_MIB = 1024


@dataclass(frozen=True, slots=True)
class ProcessRun:
    """One of the two: the seconds of each start to its first answer, and memory in MiB after the load."""

    starts: Sequence[float]
    rest_mib: float
    updates: int
    seconds: float
    mib: float
    most_mib: float

    @property
    def start(self) -> float:
        """The median start."""
        return statistics.median(self.starts)


@dataclass(frozen=True, slots=True)
class ProcessResult:
    """The bot, and aiogram alone."""

    bot: ProcessRun
    bare: ProcessRun

    @property
    def start_ratio(self) -> float:
        """How many times as long the bot takes to its first answer."""
        return self.bot.start / self.bare.start

    @property
    def memory_ratio(self) -> float:
        """How many times as much memory the bot has after the load."""
        return self.bot.mib / self.bare.mib


@dataclass(frozen=True, slots=True)
class _Command:
    arguments: Sequence[str]
    settings: Mapping[str, str]
    world: World

    @contextlib.asynccontextmanager
    async def run(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """The process, ended with the block."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, *self.arguments, cwd=_ROOT, env={**os.environ, **_hide_settings(), **self.settings},
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield process
        finally:
            if process.returncode is None:
                process.terminate()
            await process.wait()


def measure_process(server: DatabaseServer, *, starts: int = STARTS, updates: int = UPDATES_AN_HOUR) -> ProcessResult:
    """Start both by turns, then give each an hour's updates as fast as it takes them."""
    with temporary_database(server) as params:
        _prepare_books(params)
        return asyncio.run(_measure(params, starts, updates))


def list_process_figures(result: ProcessResult) -> Iterator[Figure]:
    """What must hold of the process."""
    start, memory = result.start_ratio, result.memory_ratio
    yield Figure("start to the first answer", f"{start:.2f} × bare aiogram", f"{MOST_START:g} ×", start <= MOST_START)
    yield Figure(
        "memory after an hour's updates", f"{memory:.2f} × bare aiogram", f"{MOST_MEMORY:g} ×", memory <= MOST_MEMORY
    )


def _prepare_books(params: dict[str, Any]) -> None:
    PostgresSchema(**params, config=Config()).init_schema()
    rules = Rules(BusinessZone.named("America/New_York"), draw=random.Random(1).randrange)
    with PostgresService(settle_ranks=True, rules=rules, **params) as service:
        for number in range(TEAM + LOOKERS):
            service.people.join(FIRST_ID + number, f"Worker {number}", "en")
        service.people.ensure_owner(ADMIN_ID, "Olga")


def _hide_settings() -> dict[str, str]:
    """No setting of this machine and none of `.env` reaches the bot (TECH T6)."""
    example = (_ROOT / ".env.example").read_text(encoding="utf-8")
    names = re.findall(r"^#?\s*([A-Z][A-Z0-9_]+)=", example, re.MULTILINE)
    return dict.fromkeys([*names, "NOTIFY_SOCKET", "PORT", "CREDENTIALS_DIRECTORY"], "")


async def _measure(params: Mapping[str, Any], starts: int, updates: int) -> ProcessResult:
    async with contextlib.AsyncExitStack() as stack:
        commands = []
        for _ in range(2):
            playground = await start_playground("127.0.0.1", 0, TOKEN)
            stack.push_async_callback(playground.close)
            commands.append((playground.api_url, playground.world))
        (bot_url, bot_world), (bare_url, bare_world) = commands
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": bot_url,
            "HEALTH_LISTEN": f"127.0.0.1:{find_free_port()}",
            "DATA_DIR": str(stack.enter_context(open_place())),
            **describe_database(params),
        }
        bot = _Command(["-m", "bot"], settings, bot_world)
        bare = _Command(["-m", "benchmarks.bare", bare_url, TOKEN], {}, bare_world)
        for command in (bot, bare):
            command.world.add_person(Profile(FIRST_ID, "Worker 0"))
        taken: dict[int, list[float]] = {id(bot): [], id(bare): []}
        for turn in range(starts + 1):
            for command in (bot, bare) if turn % 2 else (bare, bot):
                seconds = await _take_start(command)
                if turn:  # the first one reads the files from the disk
                    taken[id(command)].append(seconds)
        return ProcessResult(
            await _load_bot(bot, taken[id(bot)], updates, params), await _load_bare(bare, taken[id(bare)], updates)
        )


async def _take_start(command: _Command) -> float:
    """Seconds from the start of the process to the answer to a message that waits already."""
    world = command.world
    people.send_text(world, FIRST_ID, "/start")
    seq = world.events.last_seq
    began = time.perf_counter()
    async with command.run():
        await _wait_for_answer(world, FIRST_ID, seq)
        taken = time.perf_counter() - began
        await _wait_until_confirmed(world)
    return taken


async def _wait_for_answer(world: World, person_id: int, seq: int) -> int:
    """Wait until the bot writes to a person; up to where the events are read."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            for event in await world.events.wait_after(seq, person_id, PATIENCE_SECONDS):
                seq = event.seq
                if event.kind == "message":
                    message = world.chats[person_id].messages.get(int(str(event.body["message_id"])))
                    if message is not None and message.is_from_bot:
                        return seq


async def _wait_until_confirmed(world: World) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while world.updates.pending_count:  # noqa: ASYNC110 - the emulator's queue tells nobody
            await asyncio.sleep(0.05)


# --- load ------------------------------------------------------------------------------------------------------------


async def _load_bot(command: _Command, starts: Sequence[float], updates: int, params: Mapping[str, Any]) -> ProcessRun:
    """A team that records, corrects and deletes shifts, with some who look at figures and pictures.

    Of a whole hour's updates also what the bot does by itself in an hour: a backup, and its check.
    """
    world = command.world
    crowd = make_crowd(world, 1, people_count=TEAM, strangers=0, patience=5.0)
    for number in range(LOOKERS):
        world.add_person(Profile(FIRST_ID + TEAM + number, f"Worker {TEAM + number}"))
    async with command.run() as process:
        rest = await _come_to_rest(world, process.pid)
        before, began = world.updates.known_count, time.perf_counter()
        crowd.begin()
        looking = [asyncio.create_task(_look(world, FIRST_ID + TEAM + number)) for number in range(LOOKERS)]
        while world.updates.known_count - before < updates:
            crowd.check()
            await asyncio.sleep(0.2)
        await crowd.come_to_an_end(PATIENCE_SECONDS)
        for task in looking:
            task.cancel()
        await _wait_until_confirmed(world)
        seconds, done = time.perf_counter() - began, world.updates.known_count - before
        if updates >= UPDATES_AN_HOUR:
            await _wait_for_backup(params)
        return ProcessRun(starts, rest, done, seconds, *_read_memory(process.pid))


async def _wait_for_backup(params: Mapping[str, Any]) -> None:
    """Until one was made and checked, well or not."""
    query = "SELECT count(DISTINCT kind) FROM backup_runs WHERE kind IN ('made', 'checked')"
    async with asyncio.timeout(BACKUP_SECONDS):
        while await asyncio.to_thread(fetch_all, dict(params), query) != [(2,)]:  # noqa: ASYNC110 - a table tells nobody
            await asyncio.sleep(1)


async def _look(world: World, person_id: int) -> None:
    while True:
        for text in LOOKS:
            people.send_text(world, person_id, text)
            await asyncio.sleep(LOOK_SECONDS)


async def _load_bare(command: _Command, starts: Sequence[float], updates: int) -> ProcessRun:
    """As many people who each write the next message when the last one was answered."""
    world = command.world
    for number in range(TEAM):
        world.add_person(Profile(FIRST_ID + number, f"Worker {number}"))
    async with command.run() as process:
        rest = await _come_to_rest(world, process.pid)
        before, began = world.updates.known_count, time.perf_counter()
        await asyncio.gather(*(_chat(world, FIRST_ID + number, updates // TEAM) for number in range(TEAM)))
        await _wait_until_confirmed(world)
        seconds, done = time.perf_counter() - began, world.updates.known_count - before
        return ProcessRun(starts, rest, done, seconds, *_read_memory(process.pid))


async def _chat(world: World, person_id: int, messages: int) -> None:
    for number in range(messages):
        seq = world.events.last_seq
        people.send_text(world, person_id, f"message {number}")
        await _wait_for_answer(world, person_id, seq)


async def _come_to_rest(world: World, pid: int) -> float:
    """Its memory in MiB after one answer."""
    seq = world.events.last_seq
    people.send_text(world, FIRST_ID, "/start")
    await _wait_for_answer(world, FIRST_ID, seq)
    await _wait_until_confirmed(world)
    return _read_memory(pid)[0]


def _read_memory(pid: int) -> tuple[float, float]:
    """Resident memory in MiB: now, and the most that it ever was."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = {line.split()[0]: int(line.split()[1]) for line in status.splitlines() if line.startswith("Vm")}
    return found["VmRSS:"] / _KIB_PER_MIB, found["VmHWM:"] / _KIB_PER_MIB
