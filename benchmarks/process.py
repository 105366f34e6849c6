"""The bot as a process beside one of aiogram alone: how long it takes to the first answer, how much memory after load.

Both talk to the emulator of the playground, which is in this process, and take turns. The database is up and has its
tables, as on every start but the first; it is a process of its own, whose memory is not counted.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.figures import Figure
from benchmarks.programs import (
    LOOKERS,
    PATIENCE_SECONDS,
    TEAM,
    Program,
    come_to_rest,
    prepare_books,
    prepare_programs,
    read_memory,
    wait_for_answer,
    wait_until_confirmed,
)
from playground import people
from playground.records import Profile
from playground.world import World
from tests.databases import DatabaseServer, fetch_all, temporary_database
from tests.faults.crowd import FIRST_ID, make_crowd

STARTS = 9
UPDATES_AN_HOUR = 3_600
MOST_START, MOST_MEMORY = 1.3, 1.4
BACKUP_SECONDS = 600.0
"""The first one is due five minutes after the start."""
LOOKS = ("/stats", "/history", "/ranks", "/balance")
"""What some look at while the others record shifts; the first draws a picture."""
LOOK_SECONDS = 1.0


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


def measure_process(server: DatabaseServer, *, starts: int = STARTS, updates: int = UPDATES_AN_HOUR) -> ProcessResult:
    """Start both by turns, then give each an hour's updates as fast as it takes them."""
    with temporary_database(server) as params:
        prepare_books(params)
        return asyncio.run(_measure(params, starts, updates))


def list_process_figures(result: ProcessResult) -> Iterator[Figure]:
    """What must hold of the process."""
    start, memory = result.start_ratio, result.memory_ratio
    yield Figure("start to the first answer", f"{start:.2f} × bare aiogram", f"{MOST_START:g} ×", start <= MOST_START)
    yield Figure(
        "memory after an hour's updates", f"{memory:.2f} × bare aiogram", f"{MOST_MEMORY:g} ×", memory <= MOST_MEMORY
    )


async def _measure(params: Mapping[str, Any], starts: int, updates: int) -> ProcessResult:
    async with prepare_programs(params) as (bot, bare):
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


async def _take_start(command: Program) -> float:
    """Seconds from the start of the process to the answer to a message that waits already."""
    world = command.world
    people.send_text(world, FIRST_ID, "/start")
    seq = world.events.last_seq
    began = time.perf_counter()
    async with command.run():
        await wait_for_answer(world, FIRST_ID, seq)
        taken = time.perf_counter() - began
        await wait_until_confirmed(world)
    return taken


# --- load ------------------------------------------------------------------------------------------------------------


async def _load_bot(command: Program, starts: Sequence[float], updates: int, params: Mapping[str, Any]) -> ProcessRun:
    """A team that records, corrects and deletes shifts, with some who look at figures and pictures.

    Of a whole hour's updates also what the bot does by itself in an hour: a backup, and its check.
    """
    world = command.world
    crowd = make_crowd(world, 1, people_count=TEAM, strangers=0, patience=5.0)
    for number in range(LOOKERS):
        world.add_person(Profile(FIRST_ID + TEAM + number, f"Worker {TEAM + number}"))
    async with command.run() as process:
        rest = await come_to_rest(world, process.pid)
        before, began = world.updates.known_count, time.perf_counter()
        crowd.begin()
        looking = [asyncio.create_task(_look(world, FIRST_ID + TEAM + number)) for number in range(LOOKERS)]
        while world.updates.known_count - before < updates:
            crowd.check()
            await asyncio.sleep(0.2)
        await crowd.come_to_an_end(PATIENCE_SECONDS)
        for task in looking:
            task.cancel()
        await wait_until_confirmed(world)
        seconds, done = time.perf_counter() - began, world.updates.known_count - before
        if updates >= UPDATES_AN_HOUR:
            await _wait_for_backup(params)
        return ProcessRun(starts, rest, done, seconds, *read_memory(process.pid))


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


async def _load_bare(command: Program, starts: Sequence[float], updates: int) -> ProcessRun:
    """As many people who each write the next message when the last one was answered."""
    world = command.world
    for number in range(TEAM):
        world.add_person(Profile(FIRST_ID + number, f"Worker {number}"))
    async with command.run() as process:
        rest = await come_to_rest(world, process.pid)
        before, began = world.updates.known_count, time.perf_counter()
        await asyncio.gather(*(_chat(world, FIRST_ID + number, updates // TEAM) for number in range(TEAM)))
        await wait_until_confirmed(world)
        seconds, done = time.perf_counter() - began, world.updates.known_count - before
        return ProcessRun(starts, rest, done, seconds, *read_memory(process.pid))


async def _chat(world: World, person_id: int, messages: int) -> None:
    for number in range(messages):
        seq = world.events.last_seq
        people.send_text(world, person_id, f"message {number}")
        await wait_for_answer(world, person_id, seq)
