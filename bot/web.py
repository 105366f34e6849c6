"""The one HTTP server of the bot: `/health`, `/metrics`, and `/webhook` where Telegram delivers (TECH T8).

It listens from the very start, so that whoever looks after the process sees it alive while it waits for the database.
"""

import asyncio
import contextlib
import errno
import hmac
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeAlias

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from bot.delivery.reading import find_update_id, parse, unreadable
from bot.gate import BACKLOG, SERVER_NAME, Gate, note_answering
from bot.health import HealthCheck
from bot.start import STATUS_SETTINGS, StartError
from bot.vitals import Vitals
from config import WEBHOOK_PATH, Address
from payroll.errors import UnavailableError

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
LARGEST_BODY = 1024 * 1024
BODY_SECONDS = 10.0
STOP_SECONDS = 3.0
_UPDATE_IDS = range(2**63)
_log = logging.getLogger(__name__)

Store: TypeAlias = Callable[[dict[str, Any]], Awaitable[None]]
"""Keeps a raw update for good before it returns. Raises UnavailableError."""


class WebServer:
    """Serves until it is closed."""

    def __init__(self, vitals: Vitals, check: HealthCheck, *, webhook_secret: str | None = None) -> None:
        """Without a secret there is no webhook."""
        self._vitals = vitals
        self._check = check
        self._secret = webhook_secret
        self._store: Store | None = None
        self._runner: web.AppRunner | None = None
        self._listener: asyncio.Server | None = None

    async def start(self, address: Address) -> Address:
        """Listen; where, for port 0 is any free one. Raises StartError where the address cannot be had."""
        app = web.Application(middlewares=[note_answering])
        app.on_response_prepare.append(_say_little)
        app.router.add_get("/health", self._answer_health)
        app.router.add_get("/metrics", self._answer_metrics)
        if self._secret is not None:
            app.router.add_post(WEBHOOK_PATH, self._take_update)
        runner = web.AppRunner(app, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        self._runner = runner
        try:
            # A name of the host may have to be looked up.
            opened = await asyncio.to_thread(_listen, address)
        except OSError as error:
            await self.close()
            raise StartError(_explain(address, error), STATUS_SETTINGS) from error
        loop = asyncio.get_running_loop()
        self._listener = await loop.create_server(Gate(_get_server(runner)), sock=opened, backlog=BACKLOG)
        host, port = opened.getsockname()[:2]
        _log.info("listening", extra={"address": str(Address(host, port))})
        return Address(host, port)

    def deliver_to(self, store: Store) -> None:
        """From now on updates that Telegram delivers are kept there; until then it is told to come again."""
        self._store = store

    async def close(self) -> None:
        """Take no more; what is being answered has three seconds to end."""
        if self._listener is not None:
            self._listener.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- answers -----------------------------------------------------------------------------------------------------

    async def _answer_health(self, _: web.Request) -> web.Response:
        is_well, report = await self._check.report()
        return web.json_response(report, status=200 if is_well else 503)

    async def _answer_metrics(self, _: web.Request) -> web.Response:
        text = generate_latest(self._vitals.registry) + generate_latest(await self._measure())
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _measure(self) -> CollectorRegistry:
        """What is looked up at this moment; a figure that is not known is left out."""
        found, marks = await self._check.find(), self._vitals.get_marks()
        figures = found.figures
        values = {
            "database_up": ("Whether the database answers", int(figures is not None)),
            "database_ping_seconds": ("How long it took to answer", found.ping_ms / 1000),
            "pool_in_use": ("Connections to the database in use", found.pool_in_use),
            "pool_size": ("Connections to the database", found.pool_size),
            "poll_lock_held": ("Whether this process is the one that polls", int(marks.holds_poll_lock)),
            "last_poll_age_seconds": ("Since the last completed poll", marks.last_poll_seconds),
            "disk_used_percent": ("Of the disk that holds the database", self._check.disk_used_pct),
        }
        if figures is not None:
            values |= {
                "inbox_waiting": ("Updates not handled yet", figures.inbox_waiting),
                "inbox_dead": ("Updates that could not be handled", figures.inbox_dead),
                "inbox_oldest_seconds": ("Age of the oldest that waits", figures.inbox_oldest_seconds or 0),
                "outbox_unsent": ("Messages not sent yet", figures.outbox_unsent),
                "outbox_failed": ("Messages that cannot arrive", figures.outbox_failed),
                "outbox_oldest_seconds": ("Age of the oldest that waits", figures.outbox_oldest_seconds or 0),
                "reconciliation_differences": ("Found when the books were last checked", figures.differences),
            }
        registry = CollectorRegistry()
        for name, (meaning, value) in values.items():
            if value is not None:
                Gauge(f"shiftbot_{name}", meaning, registry=registry).set(value)
        return registry

    # --- webhook -----------------------------------------------------------------------------------------------------

    async def _take_update(self, request: web.Request) -> web.Response:
        """Keep an update, then say so; Telegram comes again for all that is not answered by 200."""
        if not self._is_from_telegram(request):
            return web.Response(status=403)
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read_body(request)
        except TimeoutError:
            return web.Response(status=408)
        update = _read_update(body)
        if update is None:
            return web.Response(status=400)
        if self._store is None:
            return web.Response(status=503)
        try:
            await self._store(update)
        except UnavailableError as error:
            _log.warning("an update could not be kept: %s", error)
            return web.Response(status=503)
        return web.Response(status=200)

    def _is_from_telegram(self, request: web.Request) -> bool:
        given = request.headers.get(SECRET_HEADER, "")
        # As bytes, for compare_digest takes no other text than ASCII, and a header may hold anything.
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), (self._secret or "").encode())


async def _read_body(request: web.Request) -> bytes:
    """What was sent, or the beginning of it, longer than LARGEST_BODY."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LARGEST_BODY:
            break
    return bytes(body)


def _read_update(body: bytes) -> dict[str, Any] | None:
    """The update with its id; None for what is none. Of what cannot be parsed the id at least: it would come again."""
    try:
        update = parse(body.decode())
    except (ValueError, RecursionError):
        update_id = find_update_id(body.decode("latin-1"))
        return None if update_id is None else unreadable(update_id)
    if not isinstance(update, dict) or type(update.get("update_id")) is not int:
        return None
    return update if update["update_id"] in _UPDATE_IDS else None


def _get_server(runner: web.AppRunner) -> web.Server:
    """What a runner that is set up hands connections to."""
    if runner.server is None:
        raise LookupError("a runner that is set up has a server")
    return runner.server


def _listen(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    return socket.create_server((address.host, address.port), family=family)


def _explain(address: Address, error: OSError) -> str:
    reason = {
        errno.EADDRINUSE: "is taken by another program",
        errno.EACCES: "may not be used by this account",
        errno.EADDRNOTAVAIL: "is none of this machine",
        socket.EAI_NONAME: "names no host",
    }.get(error.errno or 0, f"cannot be used ({error.strerror})")
    return f"The address {address} for /health {reason}: set HEALTH_LISTEN to another host:port, or to off."


@contextlib.asynccontextmanager
async def serve(server: WebServer, address: Address | None) -> AsyncIterator[None]:
    """The server listens as long as the block runs; with no address it never does. Raises StartError."""
    if address is None:
        yield
        return
    await server.start(address)
    try:
        yield
    finally:
        await server.close()


async def _say_little(_: web.Request, response: web.StreamResponse) -> None:
    """Whoever asks need not know which versions run here."""
    response.headers["Server"] = SERVER_NAME
