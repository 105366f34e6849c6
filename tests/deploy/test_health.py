"""Whether the bot is well, as the installer asks on the machine on which it runs."""

import asyncio
import subprocess
import sys

import pytest

from bot.disk import DiskWatch
from bot.health import HealthCheck
from bot.vitals import Vitals
from bot.web import WebServer, serve
from config import HERE, Address
from postgres_service import PostgresService
from tests.bot.processes import find_free_port


async def ask(listen: str) -> tuple[int, str]:
    """The exit status and what was said."""
    command = [sys.executable, "-m", "deploy.health"]
    settings = {"BOT_TOKEN": "4242:playground", "HEALTH_LISTEN": listen}
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=HERE, env=settings, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.strip()


async def test_a_bot_that_is_well_and_one_that_is_not(service: PostgresService) -> None:
    vitals = Vitals()
    check = HealthCheck(vitals, has_webhook=False)
    check.watch(service, DiskWatch(None, service))
    address = Address("127.0.0.1", find_free_port())
    async with serve(WebServer(vitals, check), address):
        assert await ask(str(address)) == (1, "Telegram is not asked for updates yet")
        vitals.note_poll_lock(is_held=True)
        vitals.note_polling()
        vitals.note_call("getUpdates", "ok")
        assert await ask(str(address)) == (0, "")
        assert await ask(f"0.0.0.0:{address.port}") == (0, "")


@pytest.mark.parametrize(
    ("listen", "status", "words"),
    [("off", 0, ""), ("127.0.0.1:1", 1, "does not answer"), ("nonsense", 1, "HEALTH_LISTEN is 'nonsense'")],
)
async def test_what_cannot_be_asked(listen: str, status: int, words: str) -> None:
    found, said = await ask(listen)
    assert found == status
    assert words in said
