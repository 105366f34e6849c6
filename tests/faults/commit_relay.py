"""A way to PostgreSQL that loses the answers to COMMIT: the server has committed, and nobody is told.

It understands of the protocol only how long messages are and what a simple query says.
"""

import asyncio
import contextlib
import struct
from dataclasses import dataclass

from tests.bot.processes import Relay

_COMMIT = b"COMMIT\0"
_BEFORE_STARTUP = {80877103, 80877104, 80877102}
"""Requests for TLS, for GSS encryption, and to cancel: no startup message yet."""


@dataclass(slots=True)
class CommitRelay(Relay):
    """Lets everything through, but of the next `to_lose` commits no answer."""

    to_lose: int = 0
    lost: int = 0

    async def _pump(self, client: asyncio.StreamReader, server: asyncio.StreamWriter, link: "_Link") -> None:
        has_started = False
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            while True:
                head = await client.readexactly(5 if has_started else 8)
                length, code = struct.unpack("!I", head[-4:] if has_started else head[:4])[0], head[4:]
                body = await client.readexactly(length - (4 if has_started else 8))
                if not has_started:
                    has_started = struct.unpack("!I", code)[0] not in _BEFORE_STARTUP
                elif head[:1] == b"Q" and body == _COMMIT and self.to_lose > 0:
                    self.to_lose -= 1
                    link.loses_answer = True
                server.write(head + body)
                await server.drain()
        server.transport.abort()

    async def _return(self, server: asyncio.StreamReader, client: asyncio.StreamWriter, link: "_Link") -> None:
        with contextlib.suppress(OSError):
            while data := await server.read(65536):
                if link.loses_answer:
                    self.lost += 1
                    break
                client.write(data)
                await client.drain()
        client.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await self._connect()
        self._writers |= {writer, back}
        link = _Link()
        for pumping in (self._pump(reader, back, link), self._return(there, writer, link)):
            task = asyncio.create_task(pumping)
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)


@dataclass(slots=True)
class _Link:
    """One connection; with `loses_answer` the server's next answer ends it."""

    loses_answer: bool = False
