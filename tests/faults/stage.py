"""Everything that a torture test stands on: Telegram, the crowd, a database, and bots that come and go."""

import asyncio
import contextlib
import os
import random
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from payroll.business_time import BusinessZone
from playground.records import Event
from playground.server import Playground, start_playground
from playground.world import World
from postgres_service import PostgresService
from repository.rules import Rules
from tests.databases import fetch_all
from tests.faults.books import ConfirmationWatch
from tests.faults.bots import BotServer, borrow_bot_server
from tests.faults.canary import CANARY_NAME, CANARY_TOKEN, CANARY_WAGE, assert_clean
from tests.faults.crowd import ADMIN_ID, FIRST_ID, Crowd, make_crowd
from tests.faults.orders import Order

TOKEN = CANARY_TOKEN
MORNING = datetime(2026, 11, 16, 5, 30, tzinfo=UTC)
"""00:30 in New York: the business day of a test begins, and yesterday is over."""
NIGHT = MORNING + timedelta(hours=23)
QUIET_SECONDS = 0.3
_began = 0.0


@dataclass(slots=True)
class Stage:
    """A running test: `order()` is what its bots are started with."""

    seed: int
    database: dict[str, Any]
    log: Path
    playground: Playground
    crowd: Crowd
    watch: ConfirmationWatch
    bots: BotServer
    clock_speed: float
    bot_database: dict[str, Any]
    began: float = field(default_factory=time.time)

    def order(self, **more: Any) -> Order:
        """A bot that lives on, unless more is said."""
        return Order(
            **{
                "database": self.bot_database,
                "api_url": self.playground.api_url,
                "token": TOKEN,
                "log": str(self.log),
                "clock_base": MORNING.timestamp(),
                "clock_start": self.began,
                "clock_speed": self.clock_speed,
                "clock_end": NIGHT.timestamp(),
                "seed": self.seed,
                **more,
            }
        )

    async def finish(self, seconds: float) -> None:
        """With a bot that lives: everybody finishes what they do, and everything that waits is handled and sent."""
        await self.crowd.come_to_an_end(seconds)
        async with asyncio.timeout(seconds):
            while not await asyncio.to_thread(self._is_quiet):  # noqa: ASYNC110 - a table tells nobody
                await asyncio.sleep(QUIET_SECONDS)
        await self.bots.stop()
        self.watch.settle()
        for log in self.log.parent.glob("*.log"):
            assert_clean(log.read_text(errors="replace"))

    def _is_quiet(self) -> bool:
        rows = fetch_all(
            self.database,
            """SELECT 1 FROM inbox WHERE state = 'waiting'
               UNION ALL SELECT 1 FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL LIMIT 1""",
        )
        return not rows and self.playground.world.updates.pending_count == 0


@contextlib.asynccontextmanager
async def set_up(
    database: dict[str, Any],
    log: Path,
    seed: int,
    *,
    people: int = 12,
    strangers: int = 0,
    patience: float = 1.0,
    clock_speed: float = 60.0,
    bot_database: dict[str, Any] | None = None,
) -> AsyncIterator[Stage]:
    """A crowd in front of an emulator, ready to begin. `bot_database` is the bot's way to the database, if another."""
    prepare_people(database, people)
    async with contextlib.AsyncExitStack() as stack:
        playground = await start_playground("127.0.0.1", 0, TOKEN)
        stack.push_async_callback(playground.close)
        watch = ConfirmationWatch(database)
        stack.callback(watch.close)
        playground.world.updates.on_confirming = watch
        crowd = make_crowd(playground.world, seed, people_count=people, strangers=strangers, patience=patience)
        stack.callback(crowd.freeze)
        bots = stack.enter_context(borrow_bot_server())
        yield Stage(seed, database, log, playground, crowd, watch, bots, clock_speed, bot_database or database)


def prepare_people(database: dict[str, Any], count: int) -> None:
    """The employees of a crowd and its admin, in the books; the first one has the canary's name and wage."""
    rules = Rules(BusinessZone.named("America/New_York"), draw=random.Random(1).randrange, clock=lambda: MORNING)
    with PostgresService(settle_ranks=True, rules=rules, **database) as service:
        for number in range(count):
            service.people.join(FIRST_ID + number, f"Worker {number}" if number else CANARY_NAME, "en")
        service.set_employee_settings(FIRST_ID, hourly_wage=CANARY_WAGE, valid_from=date(2001, 1, 1))
        service.people.ensure_owner(ADMIN_ID, "Olga")


def read_seed() -> int:
    """FAULT_SEED, or a new one; printed at once, so that it is known whatever happens."""
    global _began
    _began = time.monotonic()
    seed = int(os.environ.get("FAULT_SEED") or random.SystemRandom().randrange(1, 1_000_000))
    print(f"\nFAULT_SEED={seed}", flush=True)
    return seed


def scale(number: float) -> int:
    """The number of a long form, or the FAULT_SHARE of it, such as 0.01 while one looks for something."""
    return max(1, round(number * float(os.environ.get("FAULT_SHARE") or 1)))


def tell(name: str, seed: int, **counts: object) -> None:
    """The line of counts at a test's end."""
    counts["took_s"] = f"{time.monotonic() - _began:.0f}"
    said = " ".join(f"{key}={value}" for key, value in counts.items())
    print(f"\nfaults: {name} seed={seed} {said}", flush=True)


async def wait_until(
    is_so: Callable[[], bool], seconds: float, check: Callable[[], None] = lambda: None, *, every: float = 0.05
) -> None:
    """Look until it is so. `check` raises what went wrong meanwhile; TimeoutError after so many seconds."""
    async with asyncio.timeout(seconds):
        while not is_so():
            check()
            await asyncio.sleep(every)


async def time_answer(stage: Stage, seconds: float) -> float:
    """How long it takes until the bot shows somebody something again, at most so many seconds.

    That it cannot reach its records does not count.
    """
    loop, events = asyncio.get_running_loop(), stage.playground.world.events
    began, seq = loop.time(), events.last_seq

    def has_answered() -> bool:
        return any(_is_answer(stage.playground.world, event) for event in events.list_after(seq))

    try:
        await wait_until(has_answered, seconds, stage.crowd.check, every=0.02)
    except TimeoutError:
        stage.bots.write_stacks()
        raise
    return loop.time() - began


def _is_answer(world: World, event: Event) -> bool:
    chat = world.chats.get(event.chat_id)
    if chat is None or event.kind not in {"message", "edited"}:
        return False
    message = chat.messages.get(int(str(event.body["message_id"])))
    return message is not None and message.is_from_bot and "cannot reach my records" not in message.content.text
