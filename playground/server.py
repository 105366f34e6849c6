"""Starting the emulator and its page on this machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from playground.bot_api import BotApi
from playground.control import Control
from playground.records import FIRST_NUMBERS, NO_GUIDE, BotProfile, Guide, Numbers, Profile
from playground.world import World

BOT_NAME = "Shift bot"
BOT_USERNAME = "shift_playground_bot"

_PAGE = Path(__file__).parent / "page"
_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
_LARGEST_BODY = 64 * 1024 * 1024
_PAGE_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@dataclass(frozen=True, slots=True)
class Playground:
    """A running emulator. `api_url` is what the bot gets as its Bot API server, `page_url` what a person opens."""

    api_url: str
    page_url: str
    world: World
    runner: web.AppRunner

    async def close(self) -> None:
        """Stop the server; open polls are answered at once."""
        self.world.close()
        await self.runner.cleanup()


async def start_playground(
    host: str,
    port: int,
    token: str,
    people: Iterable[Profile] = (),
    *,
    clock: Callable[[], float] = time.time,
    numbers: Numbers = FIRST_NUMBERS,
    guide: Guide = NO_GUIDE,
) -> Playground:
    """Start the emulator in the running loop.

    Args:
        host: an address of this machine only (127.0.0.1 or ::1); anything else raises ValueError.
        port: 0 takes a free one.
        token: the bot's token, `<number>:<anything>`; the number is the bot's id.
        people: who is there from the start.
        clock: unix time in seconds.
        numbers: the first that are handed out; a bot on kept data needs higher ones than it has seen.
        guide: what the page tells of the bot.

    Raises:
        OSError: the port is taken.
    """
    if not ip_address(host).is_loopback:
        raise ValueError(f"host: {host} (allowed: an address of this machine only, such as 127.0.0.1)")
    world = World(BotProfile(int(token.partition(":")[0]), BOT_NAME, BOT_USERNAME), clock, numbers)
    world.guide = guide
    for profile in people:
        world.add_person(profile)
    # The access log would print the token, which stands in every path.
    runner = web.AppRunner(_build_app(world, token), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    bound_port = runner.addresses[0][1]
    url = f"http://{f'[{host}]' if ':' in host else host}:{bound_port}"
    return Playground(url, f"{url}/", world, runner)


def _build_app(world: World, token: str) -> web.Application:
    app = web.Application(client_max_size=_LARGEST_BODY, middlewares=[_refuse_other_hosts])
    BotApi(world, token).add_routes(app)
    Control(world).add_routes(app)
    app.router.add_get("/", _show_index)
    app.router.add_static("/page", _PAGE)
    app.on_response_prepare.append(_add_headers)
    return app


async def _show_index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(_PAGE / "index.html")


async def _add_headers(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.update(_PAGE_HEADERS)


@web.middleware
async def _refuse_other_hosts(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Only this machine's own names: a site whose name is made to point here (DNS rebinding) gets nothing."""
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    if host not in _LOCAL_NAMES or (origin is not None and urlsplit(origin).netloc != request.host):
        return web.json_response({"error": "only this computer may open the playground"}, status=403)
    return await handler(request)
