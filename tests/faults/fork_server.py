"""Forks bots out of a process that has imported everything once: `python -m tests.faults.fork_server`.

A line with an `Order` comes in, a bot is forked, and when it has ended the next line is read. Lines that go out:
`{"pid": …}`, from a bot that kills itself `{"point": …, "seen": […]}`, and `{"status": …}` as of waitpid.
There is no thread and no event loop in the server itself.
"""

import asyncio
import contextlib
import ctypes
import faulthandler
import functools
import gc
import importlib
import json
import logging
import os
import random
import selectors
import signal
import sys
import time
from datetime import UTC, datetime
from typing import Any

from aiogram.client.session.aiohttp import AiohttpSession

from bot.application import CONNECTIONS, Application, build_bot
from bot.delivery.pace import Pace
from bot.handlers import build_routers
from bot.logs import set_up_logging
from bot.views import chart  # noqa: F401 - the dear imports before the fork
from bot.words import load_words
from payroll.business_time import BusinessZone
from postgres_service import PostgresService
from repository.rules import Rules
from sql import load_queries
from tests.faults.orders import Order
from tests.faults.points import Points, install

_PR_SET_PDEATHSIG = 1


class Session(AiohttpSession):
    """Closes without the quarter of a second that aiogram waits for TLS to end."""

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


class HurriedSelector(selectors.EpollSelector):
    """Waits so many times shorter: an event loop on it, whose clock runs as fast, lives an hour in minutes."""

    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def select(self, timeout: float | None = None) -> Any:
        return super().select(None if timeout is None else timeout / self._speed)


def die_with_parent() -> None:
    """The kernel ends this process when its parent ends, however that happens."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        sys.exit("the parent has ended already")


def serve() -> None:
    die_with_parent()
    warm_up()
    say({"ready": True})
    for line in sys.stdin:
        order = Order.load(line)
        pid = os.fork()
        if pid == 0:
            run_child(order)
        say({"pid": pid})
        _, status = os.waitpid(pid, 0)
        say({"status": status})


def warm_up() -> None:
    """Have loaded what every bot would load."""
    load_queries()
    load_words("en")
    build_routers()
    # What is there now stays: the collector need not copy its pages in each child.
    gc.collect()
    gc.freeze()


def run_child(order: Order) -> None:
    status = 1
    try:
        die_with_parent()
        log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(log, 2)
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        set_up_logging("DEBUG", [order.token])
        faulthandler.register(signal.SIGUSR1)
        random.seed(order.seed)
        if order.target:
            install(Points(order.target, order.nth, order.patience, report_death))
        set_constants(order)
        loop = functools.partial(make_loop, order.sleep_speed)
        with contextlib.suppress(asyncio.CancelledError), asyncio.Runner(loop_factory=loop) as runner:
            runner.run(run_bot(order))
        status = 0
    except BaseException:
        logging.getLogger(__name__).exception("the bot ended")
        raise
    finally:
        os._exit(status)


def set_constants(order: Order) -> None:
    """Make the bot as impatient as its test has to be."""
    for name, value in order.constants.items():
        module, _, path = name.partition(":")
        *owners, constant = path.split(".")
        owner = functools.reduce(getattr, owners, importlib.import_module(module))
        assert hasattr(owner, constant), f"there is no {name}"
        setattr(owner, constant, value)


def make_loop(speed: float) -> asyncio.AbstractEventLoop:
    """An event loop whose time runs so many times faster, as it does for `time.monotonic` and `time.sleep`."""
    if speed == 1:
        return asyncio.new_event_loop()
    real_monotonic, real_sleep = time.monotonic, time.sleep
    time.monotonic = lambda: real_monotonic() * speed
    time.sleep = lambda seconds: real_sleep(float(seconds) / speed)
    return asyncio.SelectorEventLoop(HurriedSelector(speed))


async def run_bot(order: Order) -> None:
    """As bot.run does, on a schema that is there, until SIGTERM."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    draw = random.Random(order.seed).randrange
    rules = Rules(BusinessZone.named("America/New_York"), draw=draw, clock=lambda: read_clock(order))
    pace = Pace() if order.is_paced else Pace(per_second=None, chat_seconds=None)
    with PostgresService(settle_ranks=True, rules=rules, pool_size=CONNECTIONS, **order.database) as service:
        async with build_bot(order.token, order.api_url, Session()) as bot:
            await Application(bot, service, is_strict=True, pace=pace).run()


def read_clock(order: Order) -> datetime:
    """The business clock of an order, in whole seconds as the bot's own."""
    now = order.clock_base + (time.time() - order.clock_start) * order.clock_speed
    return datetime.fromtimestamp(int(min(now, order.clock_end)), UTC)


def report_death(point: str, seen: list[str]) -> None:
    say({"point": point, "seen": seen})


def say(line: dict[str, Any]) -> None:
    os.write(1, (json.dumps(line) + "\n").encode())


if __name__ == "__main__":
    serve()
