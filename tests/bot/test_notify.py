"""What systemd hears of the bot, on a socket as its own is one: ready, alive, on its way out."""

import asyncio
import contextlib
import logging
import secrets
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.disk import DiskWatch
from bot.health import SILENCE_SECONDS, HealthCheck
from bot.notify import TIMES_FED, notify, tell_systemd
from bot.vitals import Vitals
from config import Config, ConfigError
from playground.client import Emulator
from postgres_service import PostgresService
from tests.bot.processes import PATIENCE, find_free_port, open_relay, start_bot
from tests.bot.test_main import settings_for

WATCHDOG_SECONDS = 2.0


class Listener:
    """A socket as systemd listens on, and what came there."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.settimeout(0)
        self._socket.bind("\0" + address[1:] if address.startswith("@") else address)

    def close(self) -> None:
        self._socket.close()

    async def hear(self) -> list[str]:
        """The lines of the next message."""
        async with asyncio.timeout(PATIENCE):
            return (await asyncio.get_running_loop().sock_recv(self._socket, 4096)).decode().splitlines()

    async def hear_until(self, word: str) -> list[list[str]]:
        """All messages up to the first with a line that begins so."""
        heard = [await self.hear()]
        deadline = time.monotonic() + PATIENCE
        while not any(line.startswith(word) for line in heard[-1]):
            assert time.monotonic() < deadline, f"{word} does not come, but {heard[-1]}"
            heard.append(await self.hear())
        return heard

    async def hear_for(self, seconds: float) -> list[list[str]]:
        """All messages of that time."""
        heard = []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    heard.append(await self.hear())
        return heard


@pytest.fixture(params=["a path", "a name"])
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Listener]:
    name = secrets.token_hex(8)
    made = Listener(f"@{name}" if request.param == "a name" else f"/tmp/{name}")  # noqa: S108 - short, as it must be
    yield made
    made.close()
    if not made.address.startswith("@"):
        Path(made.address).unlink()


# --- where systemd listens -------------------------------------------------------------------------------------------


def test_the_socket_and_the_time_of_the_watchdog_are_settings_of_systemd() -> None:
    config = Config.load({"NOTIFY_SOCKET": "/run/notify", "WATCHDOG_USEC": "180000000", "BOT_TOKEN": "1:a"}, None)
    assert (config.notify_socket, config.watchdog_seconds) == ("/run/notify", 180.0)
    assert (Config.load({}, None).notify_socket, Config.load({}, None).watchdog_seconds) == (None, None)


def test_a_time_that_is_none_is_named() -> None:
    with pytest.raises(ConfigError, match="WATCHDOG_USEC is 'soon'"):
        Config.load({"WATCHDOG_USEC": "soon"}, None)


# --- the words -------------------------------------------------------------------------------------------------------


async def test_a_word_arrives_at_a_path_and_at_an_abstract_name(listener: Listener) -> None:
    notify(listener.address, "READY=1", "STATUS=at work")
    assert await listener.hear() == ["READY=1", "STATUS=at work"]


def test_without_systemd_nothing_is_told() -> None:
    notify(None, "READY=1")


def test_a_systemd_that_went_away_is_no_reason_to_end(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        notify(f"@{secrets.token_hex(8)}", "WATCHDOG=1")
    assert "systemd does not listen" in caplog.text


def test_a_systemd_that_does_not_read_does_not_hold_up_the_bot(listener: Listener) -> None:
    began = time.monotonic()
    for _ in range(2000):
        notify(listener.address, "WATCHDOG=1")
    assert time.monotonic() - began < PATIENCE / 3


# --- when which word is said -----------------------------------------------------------------------------------------


class Watched:
    """A bot's marks, moved by hand, of which systemd is told."""

    def __init__(self, *, has_webhook: bool = False) -> None:
        self.now = 1000.0
        self.vitals = Vitals(lambda: self.now)
        self.check = HealthCheck(self.vitals, has_webhook=has_webhook)

    @contextlib.asynccontextmanager
    async def telling(self, listener: Listener, watchdog_seconds: float | None = 0.2) -> AsyncIterator[None]:
        task = asyncio.create_task(tell_systemd(self.check, listener.address, watchdog_seconds))
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def poll(self) -> None:
        self.vitals.note_call("getUpdates", "ok")


@pytest.fixture
def disk(service: PostgresService) -> DiskWatch:
    return DiskWatch(None, service)


async def test_it_is_ready_with_the_first_completed_poll_and_asks_for_patience_until_then(
    listener: Listener, service: PostgresService, disk: DiskWatch
) -> None:
    watched = Watched()
    async with watched.telling(listener):
        away = "STATUS=the database is not there yet; Telegram is not asked for updates yet"
        assert await listener.hear() == ["EXTEND_TIMEOUT_USEC=30000000", away]
        watched.check.watch(service, disk)
        watched.vitals.note_poll_lock(is_held=True)
        watched.vitals.note_polling()
        assert (await listener.hear())[0] == "EXTEND_TIMEOUT_USEC=30000000"
        watched.poll()
        heard = await listener.hear_until("READY=1")
        assert heard[-1] == ["READY=1", "STATUS=at work"]
        assert (await listener.hear())[0] == "WATCHDOG=1"


async def test_a_poll_that_never_returns_starves_the_watchdog(
    listener: Listener, service: PostgresService, disk: DiskWatch
) -> None:
    watched = Watched()
    watched.check.watch(service, disk)
    watched.vitals.note_poll_lock(is_held=True)
    watched.vitals.note_polling()
    watched.poll()
    async with watched.telling(listener):
        await listener.hear_until("WATCHDOG=1")
        watched.now += SILENCE_SECONDS + 1
        await listener.hear_until("STATUS=Telegram has not answered a poll for 91 s")
        assert all(len(words) == 1 for words in await listener.hear_for(0.5))
        watched.poll()
        await listener.hear_until("WATCHDOG=1")


async def test_with_a_webhook_it_is_ready_when_that_is_open(
    listener: Listener, service: PostgresService, disk: DiskWatch
) -> None:
    watched = Watched(has_webhook=True)
    watched.check.watch(service, disk)
    async with watched.telling(listener, None):
        assert (await listener.hear())[1] == "STATUS=the webhook is not open yet"
        watched.vitals.note_open()
        await listener.hear_until("READY=1")
        assert await listener.hear_for(0.3) == []  # no watchdog is set


# --- the bot as systemd runs it --------------------------------------------------------------------------------------


def under_systemd(listener: Listener) -> dict[str, str]:
    return {"NOTIFY_SOCKET": listener.address, "WATCHDOG_USEC": str(round(WATCHDOG_SECONDS * 1_000_000))}


@pytest.mark.parametrize("listener", ["a path"], indirect=True)
async def test_the_bot_is_ready_feeds_the_watchdog_while_its_database_answers_and_says_that_it_ends(
    listener: Listener, emulator: Emulator, database: dict[str, Any]
) -> None:
    async with open_relay(database) as relay:
        settings = settings_for(emulator, relay.params, **under_systemd(listener))
        async with start_bot(settings) as bot:
            before = await listener.hear_until("READY=1")
            assert all(words[0].startswith("EXTEND_TIMEOUT_USEC=") for words in before[:-1])
            await bot.wait_for("running as @")
            fed = await listener.hear_for(WATCHDOG_SECONDS)
            assert len([words for words in fed if "WATCHDOG=1" in words]) >= TIMES_FED - 2
            await relay.close()
            await listener.hear_until("STATUS=the database does not answer")
            starving = await listener.hear_for(WATCHDOG_SECONDS)
            assert not [words for words in starving if "WATCHDOG=1" in words]
            await relay.open()
            await listener.hear_until("WATCHDOG=1")
            assert await bot.stop() == 0
            assert "STOPPING=1" in [words[0] for words in await listener.hear_for(0.5)]
    assert "Traceback" not in bot.said


@pytest.mark.parametrize("listener", ["a path"], indirect=True)
async def test_a_bot_that_waits_for_telegram_is_not_ready(listener: Listener, database: dict[str, Any]) -> None:
    nowhere = Emulator(f"http://127.0.0.1:{find_free_port()}", "4242:playground")
    async with start_bot(settings_for(nowhere, database, **under_systemd(listener))) as bot:
        await bot.wait_for("Telegram does not answer")
        heard = await listener.hear_for(1.5)
        assert heard
        assert not [words for words in heard if "READY=1" in words or "WATCHDOG=1" in words]
        assert await bot.stop() == 0
