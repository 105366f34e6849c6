"""Bots that are started and killed: forked ones, quick to start, by way of the fork server."""

import asyncio
import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.bot.processes import ROOT
from tests.faults.orders import Order


@dataclass(frozen=True, slots=True)
class Death:
    """How a bot ended: the point at which it killed itself ("" where something else ended it) and what it passed."""

    point: str
    seen: tuple[str, ...]
    status: int


class BotServer:
    """Runs one forked bot at a time. Bound to no event loop, so many tests can share one."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._pid = 0
        self._listening: asyncio.Future[dict[str, Any]] | None = None

    async def run(self, order: Order) -> Death:
        """Start a bot and wait for its end."""
        await self.start(order)
        return await self.wait()

    async def start(self, order: Order) -> None:
        """Start a bot; the one before has ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(order.dump())
        self._process.stdin.flush()
        self._pid = int((await self._read("pid"))["pid"])

    async def wait(self) -> Death:
        """Wait until the bot has ended."""
        said = await self._read("status")
        self._pid = 0
        return Death(str(said.get("point", "")), tuple(said.get("seen", ())), int(said["status"]))

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> Death | None:
        """End the bot that runs, as an operator (SIGTERM) or a power cut does (SIGKILL); None where none runs."""
        if not self._pid:
            return None
        self._signal(number)
        return await self.wait()

    def write_stacks(self) -> None:
        """Have the bot that runs write into its log what each of its threads is at."""
        self._signal(signal.SIGUSR1)

    def come_to_rest(self) -> bool:
        """Whatever happened: no bot runs on. False where somebody still listens to it: it is of no use then."""
        self._signal(signal.SIGKILL)
        if self._listening is not None and not self._listening.done():
            return False
        if self._pid:
            self._listen("status")
            self._pid = 0
        return True

    def end(self) -> None:
        """No more bots; one that runs ends with its server."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                assert pipe is not None
                pipe.close()

    def _signal(self, number: signal.Signals) -> None:
        if self._pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, number)

    async def _read(self, key: str) -> dict[str, Any]:
        self._listening = asyncio.ensure_future(asyncio.to_thread(self._listen, key))
        return await asyncio.shield(self._listening)

    def _listen(self, key: str) -> dict[str, Any]:
        """What is said up to the line with this key, put together."""
        assert self._process.stdout is not None
        said: dict[str, Any] = {}
        while key not in said:
            line = self._process.stdout.readline()
            assert line, "the fork server has ended"
            said |= json.loads(line)
        return said


_idle: list[BotServer] = []


@contextlib.contextmanager
def borrow_bot_server() -> Iterator[BotServer]:
    """A fork server with everything imported; it serves one test after the other, and ends with this process."""
    server = _idle.pop() if _idle else _start_bot_server()
    try:
        yield server
    finally:
        if server.come_to_rest():
            _idle.append(server)
        else:
            server.end()


def _start_bot_server() -> BotServer:
    command = [sys.executable, "-m", "tests.faults.fork_server"]
    server = BotServer(
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
    )
    atexit.register(server.end)
    server._listen("ready")
    return server
