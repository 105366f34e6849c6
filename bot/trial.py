"""The playground: the same bot on sample data, with a page in the browser to chat with it (SPEC 9, TECH T5)."""

import asyncio
import contextlib
import errno
import sys
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from bot.application import CONNECTIONS, Application, at_work, build_bot
from bot.disk import DiskWatch
from bot.health import HealthCheck
from bot.sample import write_sample_data
from bot.start import StartError, keep_own_database, prepare_database
from bot.vitals import Vitals
from bot.web import WebServer, serve
from config import Config
from playground.people import note_written_before, send_text
from playground.records import FIRST_NUMBERS, Guide, Numbers, Profile
from playground.sample_data import ADMIN_ID, ADMIN_NAME, EMPLOYEES, STRANGER_ID, STRANGER_NAME, SUGGESTIONS
from playground.server import Playground, start_playground
from playground.world import World
from postgres_service import PostgresService
from repository.rules import Rules

HOST = "127.0.0.1"
TOKEN = "4242:playground"  # noqa: S105 - opens nothing but the emulator of this process
MOST_PORTS = 50
START_OVER = "make run RESET=1"
NUMBERS_A_START = 100_000
"""More than anybody uses up in one: each start has such a block of its own."""
_STARTS = "playground_starts"

_PEOPLE = (
    *(Profile(one.person_id, one.name, label="employee") for one in EMPLOYEES),
    Profile(ADMIN_ID, ADMIN_NAME, label="admin"),
    Profile(STRANGER_ID, STRANGER_NAME, label="stranger"),
)
_BANNER = """
  The playground is open. Visit it in your browser:

      {url}

  Be Alice, Boris or Chen, who work here, Olga, the admin, or Dana, who would like to join.
  It is all sample data, and nothing leaves this computer. Ctrl-C ends it, {start_over} starts it over.

  The page opens on this computer only. Is it one without a screen, such as a Pi? Then on yours:
      ssh -L {port}:127.0.0.1:{port} USER@THE-PI

"""


async def run_playground(config: Config, *, is_reset: bool = False) -> None:
    """Run until cancelled; `is_reset`: with the sample data made anew. Raises StartError, ConfigError."""
    vitals = Vitals()
    check = HealthCheck(vitals, has_webhook=False)
    async with serve(WebServer(vitals, check), config.health_address):
        if is_reset:
            await asyncio.to_thread(config.reset_playground)
        params = await asyncio.to_thread(config.get_playground_params)
        async with at_work(keep_own_database(config.get_playground_params)):
            await _run(config, params, vitals, check)


async def _run(config: Config, params: Mapping[str, Any], vitals: Vitals, check: HealthCheck) -> None:
    # Sample data is mirrored nowhere.
    await prepare_database(replace(config, spreadsheet_id=None), params)
    rules = Rules.from_config(config)
    await asyncio.to_thread(write_sample_data, rules, **params)
    with PostgresService(settle_ranks=True, rules=rules, pool_size=CONNECTIONS, **params) as service:
        disk = DiskWatch(config.data_dir, service)
        check.watch(service, disk)
        starts = await asyncio.to_thread(_count_starts, service)
        numbers = FIRST_NUMBERS.skip(starts * NUMBERS_A_START)
        guide = Guide(rules.zone.name, START_OVER, SUGGESTIONS)
        async with (
            _open_page(config.playground_port, numbers, guide) as playground,
            build_bot(TOKEN, playground.api_url) as bot,
        ):
            if starts > 1:
                await asyncio.to_thread(_let_members_be_written_to, service, playground.world)
            # A bot may write only to who has written to it first; the admin has to hear of requests.
            send_text(playground.world, ADMIN_ID, "/start")
            port = urlsplit(playground.page_url).port
            sys.stdout.write(_BANNER.format(url=playground.page_url, port=port, start_over=START_OVER))
            sys.stdout.flush()
            await Application(bot, service, vitals=vitals, disk=disk).run()


def _count_starts(service: PostgresService) -> int:
    """How often this database was opened, this time included.

    The emulator begins anew each time, while the database remembers what it handed out: updates as done, messages as
    screens and as answers that were typed.
    """
    with service.transaction():
        starts = int(service.health.find_fact(_STARTS) or 0) + 1
        service.health.put_fact(_STARTS, str(starts))
    return starts


def _let_members_be_written_to(service: PostgresService, world: World) -> None:
    for person in service.people.list_active():
        if person.telegram_id in world.chats:
            note_written_before(world, person.telegram_id)


@contextlib.asynccontextmanager
async def _open_page(port: int, numbers: Numbers, guide: Guide) -> AsyncIterator[Playground]:
    """The emulator on the first free port from `port` on."""
    last_port = min(port + MOST_PORTS, 65535)
    for candidate in range(port, last_port + 1):
        try:
            playground = await start_playground(HOST, candidate, TOKEN, _PEOPLE, numbers=numbers, guide=guide)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise
            continue
        break
    else:
        raise StartError(f"All ports from {port} to {last_port} are taken: set PLAYGROUND_PORT to a free one.")
    if candidate != port:
        sys.stdout.write(f"Port {port} is taken, so the playground takes {candidate}.\n")
    try:
        yield playground
    finally:
        await playground.close()
