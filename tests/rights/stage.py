"""Plays the cases, one after the other, on the bot at work."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiogram import Router

from bot.handlers import build_routers
from bot.policies import list_handlers, name_handler
from playground.client import Emulator
from tests.rights.cases import Case, find_fault, find_handler, is_allowed, prepare, write_update
from tests.rights.world import World
from tests.watched import WatchedBot, run_watched_bot


@dataclass(slots=True)
class Stage:
    """What came of the cases so far. `asked` counts how often each handler was."""

    world: World
    bot: WatchedBot
    routers: list[Router]
    asked: Counter[str] = field(default_factory=Counter)
    passed: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def handlers(self) -> set[str]:
        """The names of all handlers."""
        return {name_handler(handler).removeprefix("bot.handlers.") for _, handler in list_handlers(self.routers)}

    def find_never_asked(self) -> set[str]:
        """The handlers that none of the cases led to."""
        return self.handlers - set(self.asked)

    async def play(self, case: Case) -> None:
        """One case from what it needs to what came of it; nothing where there is no such case."""
        prepared = await asyncio.to_thread(prepare, self.world, case)
        if prepared is None:
            return
        update = write_update(case, *prepared)
        handler, policy = await find_handler(self.routers, update)
        before = await asyncio.to_thread(self.world.digest)
        seen = await self.bot.deliver(update)
        after = await asyncio.to_thread(self.world.digest)
        self.asked.update(seen.ran)
        if is_allowed(case, policy):
            self.passed += 1
        else:
            self.refused += 1
        fault = find_fault(case, handler, policy, seen, [name for name in after if before[name] != after[name]])
        if fault is not None:
            self.faults.append(f"{case}: {fault}")


@contextlib.asynccontextmanager
async def run_stage(emulator: Emulator, world: World, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """The bot on a filled world."""
    routers = build_routers()
    await asyncio.to_thread(world.fill)
    async with run_watched_bot(emulator, world.service, world.connection, monkeypatch) as bot:
        yield Stage(world, bot, routers)
