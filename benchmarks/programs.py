"""The bot as a process and one of aiogram alone, each with an emulator of the Bot API of its own in this process.

The database is up and has its tables, as on every start but the first; it is a process of its own.
"""

import asyncio
import contextlib
import os
import random
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.places import open_place
from config import Config
from payroll.business_time import BusinessZone
from pg_schema import PostgresSchema
from playground import people
from playground.server import start_playground
from playground.world import World
from postgres_service import PostgresService
from repository.rules import Rules
from tests.bot.processes import describe_database, find_free_port
from tests.faults.crowd import ADMIN_ID, FIRST_ID

TEAM = 40
LOOKERS = 4
"""Of the people in the books: the team, and some who only look."""
PATIENCE_SECONDS = 60.0
TOKEN = "4242:playground"  # noqa: S105 - opens nothing but an emulator on this machine
_ROOT = Path(__file__).resolve().parent.parent
_KIB_PER_MIB = 1024


@dataclass(frozen=True, slots=True)
class Program:
    """What is run, with its settings, and the emulator that it talks to."""

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


def prepare_books(params: dict[str, Any]) -> None:
    """The tables, an owner, the team, and who only looks."""
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


@contextlib.asynccontextmanager
async def prepare_programs(params: Mapping[str, Any]) -> AsyncIterator[tuple[Program, Program]]:
    """The bot on this database, and bare aiogram; neither runs yet."""
    async with contextlib.AsyncExitStack() as stack:
        worlds = []
        for _ in range(2):
            playground = await start_playground("127.0.0.1", 0, TOKEN)
            stack.push_async_callback(playground.close)
            worlds.append((playground.api_url, playground.world))
        (bot_url, bot_world), (bare_url, bare_world) = worlds
        settings = {
            "BOT_TOKEN": TOKEN,
            "TELEGRAM_API_URL": bot_url,
            "HEALTH_LISTEN": f"127.0.0.1:{find_free_port()}",
            "DATA_DIR": str(stack.enter_context(open_place())),
            **describe_database(params),
        }
        yield (
            Program(["-m", "bot"], settings, bot_world),
            Program(["-m", "benchmarks.bare", bare_url, TOKEN], {}, bare_world),
        )


async def wait_for_answer(world: World, person_id: int, seq: int) -> int:
    """Wait until the bot writes to a person; up to where the events are read."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            for event in await world.events.wait_after(seq, person_id, PATIENCE_SECONDS):
                seq = event.seq
                if event.kind == "message":
                    message = world.chats[person_id].messages.get(int(str(event.body["message_id"])))
                    if message is not None and message.is_from_bot:
                        return seq


async def wait_until_confirmed(world: World) -> None:
    """Until every update was taken."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while world.updates.pending_count:  # noqa: ASYNC110 - the emulator's queue tells nobody
            await asyncio.sleep(0.05)


async def come_to_rest(world: World, pid: int) -> float:
    """Its memory in MiB after one answer."""
    seq = world.events.last_seq
    people.send_text(world, FIRST_ID, "/start")
    await wait_for_answer(world, FIRST_ID, seq)
    await wait_until_confirmed(world)
    return read_memory(pid)[0]


def read_memory(pid: int) -> tuple[float, float]:
    """Resident memory in MiB: now, and the most that it ever was."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    found = {line.split()[0]: int(line.split()[1]) for line in status.splitlines() if line.startswith("Vm")}
    return found["VmRSS:"] / _KIB_PER_MIB, found["VmHWM:"] / _KIB_PER_MIB
