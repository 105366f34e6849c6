"""Who may connect to the HTTP server: so many at once, and nobody who only holds a connection open.

Whoever connects and says nothing takes a file descriptor from the bot, which needs them for Telegram and the database.
"""

import asyncio
import resource
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web
from aiohttp.http import HttpProcessingError

SILENT_SECONDS = 15.0
"""How long a connection may be open without a whole request on it."""
MOST_CONNECTIONS = 200
BACKLOG = 32
"""How many wait to be let in; more than that are let in one batch at most."""
SERVER_NAME = "shift-bot"
_FEWEST_CONNECTIONS = 8
_FULL = (
    f"HTTP/1.1 503 Service Unavailable\r\nServer: {SERVER_NAME}\r\nRetry-After: 1\r\n"
    "Content-Length: 0\r\nConnection: close\r\n\r\n"
).encode()


class Gate:
    """Makes the protocol of each new connection. Where all places are taken the oldest one that is idle is closed."""

    def __init__(self, server: web.Server, most: int | None = None) -> None:
        """`most` connections at once: by default what is a quarter of the process's file descriptors at most."""
        self._server = server
        self._most = find_most_connections() if most is None else most

    def __call__(self) -> asyncio.Protocol:
        """The protocol of a connection that has just come in."""
        inside = [one for one in self._server.connections if one.transport is not None]
        if len(inside) >= self._most:
            idle = next((one for one in inside if not (isinstance(one, _Connection) and one.is_answering)), None)
            if idle is None:
                return _Refusal()
            idle.force_close()
        # What is compressed stays so, and is no JSON then: Telegram compresses nothing.
        return _Connection(
            self._server,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=SILENT_SECONDS,
            auto_decompress=False,
            access_log=None,
        )


class _Connection(web.RequestHandler):
    """One connection. It tells of no version, and what is no HTTP makes no noise in the log."""

    __slots__ = ("is_answering",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.is_answering = False

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """The answer to what could not be handled."""
        response = super().handle_error(request, status, exc, message)
        response.headers["Server"] = SERVER_NAME
        return response

    def log_exception(self, *args: Any, **facts: Any) -> None:
        """An error of the program is one; a stranger's nonsense is not."""
        if isinstance(facts.get("exc_info"), HttpProcessingError):
            self.log_debug(*args)
        else:
            super().log_exception(*args, **facts)


class _Refusal(asyncio.Protocol):
    """For whom there is no place."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Say so, and goodbye."""
        if isinstance(transport, asyncio.WriteTransport):
            transport.write(_FULL)
        transport.close()


@web.middleware
async def note_answering(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """A connection whose request is being answered is not closed for another one."""
    connection = request.protocol
    if not isinstance(connection, _Connection):
        return await handler(request)
    connection.is_answering = True
    try:
        return await handler(request)
    finally:
        connection.is_answering = False


def find_most_connections() -> int:
    """A quarter of what this process may have open, and no more than anybody needs."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    quarter = MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else soft // 4
    return max(_FEWEST_CONNECTIONS, min(quarter, MOST_CONNECTIONS))
