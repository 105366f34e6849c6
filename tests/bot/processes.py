"""`python -m bot` as a process of its own, and a relay that can cut its way to the database."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


@dataclass(slots=True)
class BotProcess:
    """The bot, with everything it has said so far on either stream."""

    process: asyncio.subprocess.Process
    lines: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        """All of it."""
        return "".join(self.lines)

    @property
    def complaints(self) -> list[str]:
        """The lines that say that something is wrong, but for one: the tests' server is made to be fast, not safe."""
        wrong = [line for line in self.lines if re.search("Traceback|ERROR|WARNING", line)]
        return [line for line in wrong if "could lose what it has saved" not in line]

    async def wait_for(self, text: str) -> str:
        """Wait until it says something, and give that line."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for line in self.lines:
                    if text in line:
                        return line
                assert await self._read(), f"it ended without saying {text!r}: {self.said}"

    async def catch_up(self) -> str:
        """Read what it has said meanwhile, so that it never has to wait for a reader; all of it."""
        with contextlib.suppress(TimeoutError):
            while True:
                async with asyncio.timeout(0.1):
                    if not await self._read():
                        break
        return self.said

    async def wait_for_end(self) -> int:
        """Wait until it ends; its exit status."""
        async with asyncio.timeout(PATIENCE):
            while await self._read():
                pass
            return await self.process.wait()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Tell it to end, as systemd or Ctrl-C would; its exit status."""
        self.process.send_signal(number)
        return await self.wait_for_end()

    async def _read(self) -> bool:
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        self.lines.append(line.decode())
        return bool(line)


@contextlib.asynccontextmanager
async def start_bot(
    settings: Mapping[str, str], *arguments: str, most_files: int | None = None
) -> AsyncIterator[BotProcess]:
    """The bot with nothing set but these settings; killed at the end if it still runs."""
    limited = ["sh", "-c", f'ulimit -n {most_files} && exec "$@"', "sh"] if most_files is not None else []
    process = await asyncio.create_subprocess_exec(
        *limited, sys.executable, "-m", "bot", *arguments, cwd=ROOT, env={**os.environ, **settings},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    try:
        yield BotProcess(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def find_free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def describe_database(params: Mapping[str, Any]) -> dict[str, str]:
    """The settings for a database by its connection parameters."""
    names = {"host": "HOST", "port": "PORT", "database": "DB", "user": "USER", "password": "PASSWORD"}
    return {f"POSTGRES_{setting}": str(params[name]) for name, setting in names.items() if params.get(name)}


@dataclass(slots=True)
class Relay:
    """A way to a server over a port of 127.0.0.1 that can be closed and opened again."""

    target: Mapping[str, Any]
    port: int = 0
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def params(self) -> dict[str, Any]:
        """The connection parameters of the server by way of the relay."""
        return {**self.target, "host": "127.0.0.1", "port": self.port}

    async def open(self) -> None:
        """Let connections through."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Cut all connections and take no more."""
        if self._server is not None:
            self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = str(self.target["host"]), int(self.target["port"])
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await self._connect()
        self._writers |= {writer, back}
        for source, sink in ((reader, back), (there, writer)):
            task = asyncio.create_task(_pass_on(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    sink.transport.abort()


@contextlib.asynccontextmanager
async def open_relay(target: Mapping[str, Any]) -> AsyncIterator[Relay]:
    """A relay that lets connections through, until the block ends."""
    relay = Relay(target)
    await relay.open()
    try:
        yield relay
    finally:
        await relay.close()
