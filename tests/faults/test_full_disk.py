"""The disk fills up to the last byte while people log shifts, and the server ends for lack of room for its log.

A bot of its own process with its own PostgreSQL, on a small tmpfs.
"""

import asyncio
import contextlib
import errno
import random
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from aiohttp import ClientSession

import own_postgres
from pg_schema import PostgresSchema
from playground.records import Event
from playground.server import Playground, start_playground
from tests.bot.processes import BotProcess, find_free_port, start_bot
from tests.databases import connect
from tests.faults.books import ConfirmationWatch, compare
from tests.faults.canary import CANARY_TOKEN, assert_clean
from tests.faults.crowd import ADMIN_ID, Crowd, make_crowd
from tests.faults.small_disk import mount_small_disk
from tests.faults.stage import prepare_people, read_seed, tell, wait_until

ROUNDS = 3
PEOPLE = 6
DISK = "192m"
CHUNK = 64 * 1024
MOST_SECONDS = 15.0
FULL_SECONDS = 6.0
OUTAGE = ("My disk is full", "I cannot reach my records")


@pytest.fixture
def small_disk(run_dir: Path) -> Iterator[Path]:
    """An empty disk of 192 MB."""
    with mount_small_disk(run_dir / "small", DISK) as place:
        yield place


@dataclass(slots=True)
class Disk:
    """The small disk, and a file that can take all that is left of it."""

    place: Path

    def fill(self) -> None:
        """Leave not a byte."""
        with (self.place / "ballast").open("ab", buffering=0) as ballast:
            size = CHUNK
            while size:
                try:
                    ballast.write(b"\0" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise
                    size //= 2

    def free(self) -> None:
        """Give it all back."""
        (self.place / "ballast").unlink()


@dataclass(slots=True)
class Scene:
    """A bot on the small disk, and everybody who uses it."""

    disk: Disk
    data_dir: Path
    lease: own_postgres.Lease
    playground: Playground
    crowd: Crowd
    bot: BotProcess
    port: int

    def count_shown(self, *texts: str) -> int:
        """How many messages and answers to taps say one of these."""
        world = self.playground.world
        messages = [one.content.text for chat in world.chats.values() for one in chat.messages.values()]
        toasts = [press.answer.text for press in world.presses.values() if press.answer is not None]
        return sum(any(text in said for text in texts) for said in [*messages, *toasts])

    def count_excuses(self) -> int:
        """How often somebody was told why nothing can be saved."""
        return self.count_shown(*OUTAGE)

    def count_goals(self) -> int:
        """How much of what people wanted is done."""
        return self.crowd.count("goals")

    async def time_answer(self, seconds: float) -> float:
        """How long it takes until somebody is shown something that is no excuse."""
        began, seq = time.monotonic(), self.playground.world.events.last_seq
        await self.wait(lambda: any(map(self._is_answer, self.playground.world.events.list_after(seq))), seconds)
        return time.monotonic() - began

    async def wait(self, is_so: Callable[[], bool], seconds: float) -> None:
        """Look until it is so, and read what the bot says meanwhile."""
        reading = asyncio.create_task(self._keep_reading())
        try:
            await wait_until(is_so, seconds, self.crowd.check)
        except TimeoutError:
            raise AssertionError(f"in vain for {seconds} s; the bot said last: {self.bot.lines[-10:]}") from None
        finally:
            reading.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await reading

    async def wait_for_count(self, count: Callable[[], int], wanted: int, seconds: float) -> None:
        """Wait until that many are counted."""
        await self.wait(lambda: count() >= wanted, seconds)

    async def ask_health(self) -> int:
        """The status of `/health`."""
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}/health") as response:
            return response.status

    def end_server_for_lack_of_room(self) -> None:
        """Have PostgreSQL begin new files of its log until there is no room for one: that is its end."""
        params = self.lease.superuser_params
        with contextlib.suppress(psycopg.Error), connect(params, connect_timeout=2) as connection:
            while True:
                connection.execute("SELECT pg_logical_emit_message(false, 'x', repeat('x', 100000)), pg_switch_wal()")

    def is_server_gone(self) -> bool:
        return own_postgres.find_server(self.data_dir) is None

    async def _keep_reading(self) -> None:
        while True:
            await self.bot.catch_up()

    def _is_answer(self, event: Event) -> bool:
        chat = self.playground.world.chats.get(event.chat_id)
        if chat is None or event.kind not in {"message", "edited"}:
            return False
        message = chat.messages.get(int(str(event.body["message_id"])))
        return message is not None and message.is_from_bot and not any(one in message.content.text for one in OUTAGE)


@contextlib.asynccontextmanager
async def set_scene(small_disk: Path, seed: int) -> AsyncIterator[tuple[Scene, ConfirmationWatch]]:
    data_dir = small_disk / "data"
    async with contextlib.AsyncExitStack() as stack:
        lease = stack.enter_context(own_postgres.lease(data_dir))
        PostgresSchema(**lease.params).init_schema()
        prepare_people(lease.params, PEOPLE)
        playground = await start_playground("127.0.0.1", 0, CANARY_TOKEN)
        stack.push_async_callback(playground.close)
        watch = ConfirmationWatch(lease.params)
        stack.callback(watch.close)
        playground.world.updates.on_confirming = watch
        crowd = make_crowd(playground.world, seed, people_count=PEOPLE, strangers=0, patience=2.0)
        stack.callback(crowd.freeze)
        port = find_free_port()
        settings = {
            "BOT_TOKEN": CANARY_TOKEN,
            "ADMIN_IDS": str(ADMIN_ID),
            "TELEGRAM_API_URL": playground.api_url,
            "DATA_DIR": str(data_dir),
            "HEALTH_LISTEN": f"127.0.0.1:{port}",
            "LOG_LEVEL": "DEBUG",
        }
        bot = await stack.enter_async_context(start_bot(settings))
        await bot.wait_for("running as @")
        yield Scene(Disk(small_disk), data_dir, lease, playground, crowd, bot, port), watch


async def test_no_acknowledged_shift_is_lost_on_a_full_disk_people_are_told_and_it_goes_on_by_itself(
    small_disk: Path,
) -> None:
    seed = read_seed()
    dice, waits, server_ends = random.Random(seed), [], 0
    async with set_scene(small_disk, seed) as (scene, watch):
        scene.crowd.begin()
        await scene.wait_for_count(scene.count_goals, PEOPLE, 60)
        for number in range(ROUNDS):
            told = scene.count_excuses()
            await asyncio.to_thread(scene.disk.fill)
            await scene.wait_for_count(scene.count_excuses, told + 1, 30)
            if number:
                await asyncio.to_thread(scene.end_server_for_lack_of_room)
                await scene.wait(scene.is_server_gone, 30)
                server_ends += 1
                assert await scene.ask_health() == 503
            await asyncio.sleep(dice.uniform(1, FULL_SECONDS))
            scene.disk.free()
            waits.append(await scene.time_answer(2 * MOST_SECONDS))
            await scene.wait_for_count(scene.count_goals, scene.count_goals() + PEOPLE, 60)
        ending = asyncio.create_task(scene.crowd.come_to_an_end(150))
        await scene.wait(ending.done, 160)
        await ending
        await scene.wait(lambda: not list_left_over(scene.lease.params), 60)
        assert await scene.ask_health() == 200
        found = compare(scene.lease.params, scene.crowd.people)
        assert await scene.bot.stop() == 0
        watch.settle()
        tell(
            "full-disk", seed, rounds=ROUNDS, server_ends=server_ends, told_full=scene.count_shown(OUTAGE[0]),
            told_away=scene.count_shown(OUTAGE[1]), slowest_answer_s=f"{max(waits):.1f}",
            goals=scene.count_goals(), unstored=len(watch.unstored), findings=f"[{found}]",
        )  # fmt: skip
        assert scene.count_shown(OUTAGE[0]) > 0
    found.refuse_any()
    assert watch.unstored == []
    assert max(waits) <= MOST_SECONDS
    assert_clean(scene.bot.said)


def list_left_over(database: dict[str, Any]) -> list[tuple[Any, ...]]:
    """What is still to be handled or sent."""
    with connect(database) as connection:
        return connection.execute(
            """SELECT 1 FROM inbox WHERE state = 'waiting'
               UNION ALL SELECT 1 FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL LIMIT 1"""
        ).fetchall()
