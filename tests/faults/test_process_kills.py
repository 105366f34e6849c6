"""`python -m bot` itself, killed at random moments: with all that it does at its start, two of them at a time."""

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bot.processes import ROOT, describe_database
from tests.faults.books import compare
from tests.faults.stage import TOKEN, read_seed, scale, set_up, tell, wait_until

KILLS = 200
EARLY = 0.25
"""So many are killed at any moment of their first seconds, whatever they are at."""
FIRST_SECONDS = 3.0
MOST_SECONDS = 60.0


@dataclass(slots=True)
class BotProcess:
    """A bot with a log of its own."""

    process: asyncio.subprocess.Process
    log: Path

    def is_at_work(self) -> bool:
        """Whether it has the lock and has talked to Telegram. Raises AssertionError where it has ended by itself."""
        assert self.process.returncode is None, self.log.read_text()[-2000:]
        return b"running as @" in self.log.read_bytes()

    async def end(self, number: signal.Signals) -> int:
        """End it; its exit status."""
        self.process.send_signal(number)
        return await self.process.wait()


@dataclass(slots=True)
class Killer:
    """Starts processes and kills them. Two at work at once: one has the lock, the other starts or waits for it."""

    settings: Mapping[str, str]
    directory: Path
    dice: random.Random
    ended: Counter[str] = field(default_factory=Counter)
    started: int = 0

    async def kill(self, kills: int) -> None:
        """Go on until so many have been killed."""
        while self.started < kills:
            async with self.run() as bot:
                await self._let_live(bot)
                self.ended["at work" if bot.is_at_work() else "at the start"] += 1
                assert await bot.end(signal.SIGKILL) == -signal.SIGKILL

    @contextlib.asynccontextmanager
    async def run(self) -> AsyncIterator[BotProcess]:
        """A process, killed at the end of the block at the latest."""
        self.started += 1
        log = self.directory / f"process-{self.started}.log"
        with log.open("wb") as file:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", cwd=ROOT, env={**os.environ, **self.settings},
                stdin=asyncio.subprocess.DEVNULL, stdout=file, stderr=file,
            )  # fmt: skip
        try:
            yield BotProcess(process, log)
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()

    async def _let_live(self, bot: BotProcess) -> None:
        if self.dice.random() < EARLY:
            await asyncio.sleep(self.dice.uniform(0.0, FIRST_SECONDS))
        else:
            await wait_until(bot.is_at_work, MOST_SECONDS)
            await asyncio.sleep(self.dice.uniform(0.0, 1.0))


async def test_whenever_the_process_is_killed_nothing_is_lost_or_doubled(
    database: dict[str, Any], tmp_path: Path
) -> None:
    await be_killed(database, tmp_path, scale(KILLS))


async def be_killed(database: dict[str, Any], directory: Path, kills: int) -> None:
    """So many processes are killed under a crowd, then one lives and everybody finishes what they began."""
    seed = read_seed()
    async with set_up(database, directory / "forked.log", seed, people=12, patience=1.5) as stage:
        settings = {
            "BOT_TOKEN": TOKEN,
            "ADMIN_IDS": "9001",
            "TELEGRAM_API_URL": stage.playground.api_url,
            "HEALTH_LISTEN": "off",
            **describe_database(database),
        }
        killer = Killer(settings, directory, random.Random(seed))
        stage.crowd.begin()
        async with asyncio.TaskGroup() as both:
            for _ in range(2):
                both.create_task(killer.kill(kills))
        stage.crowd.check()
        async with killer.run() as last:
            await wait_until(last.is_at_work, MOST_SECONDS)
            await stage.finish(300)
            assert await last.end(signal.SIGTERM) == 0
        found = compare(database, stage.crowd.people)
        tell(
            "process-kills", seed, kills=killer.ended.total(), at_the_start=killer.ended["at the start"],
            at_work=killer.ended["at work"], goals=stage.crowd.count("goals"), repeats=stage.crowd.count("repeats"),
            confirmed=stage.watch.checked, unstored=len(stage.watch.unstored), findings=f"[{found}]",
        )  # fmt: skip
    found.refuse_any()
    assert stage.watch.unstored == []
    assert killer.ended.total() >= kills
