"""`/health` and `/metrics` over HTTP, of a bot that starts, runs, and has lost its database."""

import asyncio
import contextlib
import json
import logging
import re
import socket
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from bot import gate, health
from bot.disk import DiskWatch
from bot.health import HealthCheck
from bot.start import StartError
from bot.vitals import Vitals
from bot.web import WebServer
from config import Address
from playground.client import Emulator
from postgres_service import PostgresService
from repository.disk import DiskState
from tests.bot.processes import Relay, find_free_port, open_relay, start_bot
from tests.bot.shifts import record
from tests.bot.test_main import settings_for
from tests.databases import connect

ANYWHERE = Address("127.0.0.1", 0)


class Watched:
    """A server with what it watches, and its answers."""

    def __init__(self, *, has_webhook: bool = False) -> None:
        self.now = 1000.0
        self.vitals = Vitals(lambda: self.now)
        self.check = HealthCheck(self.vitals, has_webhook=has_webhook)
        self.server = WebServer(self.vitals, self.check)
        self.address = ANYWHERE

    async def get(self, path: str) -> tuple[int, str]:
        async with ClientSession() as session, session.get(f"http://{self.address}{path}") as response:
            return response.status, await response.text()

    async def health(self) -> tuple[int, dict[str, Any]]:
        status, text = await self.get("/health")
        return status, json.loads(text)

    async def metric(self, name: str) -> float | None:
        """The value of a line of `/metrics`, None where there is no such line."""
        _, text = await self.get("/metrics")
        found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
        return float(found[1]) if found else None

    def poll(self) -> None:
        self.vitals.note_poll_lock(is_held=True)
        self.vitals.note_polling()
        self.vitals.note_call("getUpdates", "ok")


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    made = Watched()
    made.address = await made.server.start(ANYWHERE)
    yield made
    await made.server.close()


@pytest.fixture
def disk(service: PostgresService, tmp_path: Path) -> DiskWatch:
    return DiskWatch(tmp_path, service, lambda _: DiskState(100, 58, 42))


# --- health ----------------------------------------------------------------------------------------------------------


async def test_before_the_database_is_there_it_answers_that_it_starts(watched: Watched) -> None:
    status, report = await watched.health()
    assert (status, report["status"]) == (503, "starting")
    assert report["problems"] == ["the database is not there yet", "Telegram is not asked for updates yet"]


async def test_a_bot_that_polls_on_a_database_that_answers_is_well(
    watched: Watched, service: PostgresService, disk: DiskWatch
) -> None:
    disk.look()
    watched.check.watch(service, disk)
    watched.poll()
    watched.now += 12
    status, report = await watched.health()
    assert (status, report["status"], report["problems"]) == (200, "ok", [])
    assert report["database"]["answers"]
    assert report["last_poll_seconds_ago"] == 12
    assert report["inbox"] == {"waiting": 0, "dead": 0, "oldest_seconds": None}
    assert report["outbox"] == {"unsent": 0, "failed": 0, "oldest_seconds": None}
    assert report["disk_used_pct"] == 42
    assert (report["last_mirror_at"], report["last_backup_at"]) == (None, None)
    assert report["version"]["schema"] >= 3


async def test_what_waits_is_counted_with_its_age(
    watched: Watched, service: PostgresService, database: dict[str, Any], disk: DiskWatch
) -> None:
    with connect(database) as connection:
        connection.execute(
            "INSERT INTO inbox (update_id, payload, received_at) VALUES (1, '{}', now() - interval '70 s')"
        )
        connection.execute("INSERT INTO inbox (update_id, payload) VALUES (2, '{}')")
        connection.execute(
            "INSERT INTO inbox (update_id, payload, state, error, done_at) VALUES (3, '{}', 'dead', 'KeyError', now())"
        )
        connection.execute("INSERT INTO inbox (update_id, state, done_at) VALUES (4, 'done', now())")
        connection.execute(
            "INSERT INTO outbox (chat_id, kind, created_at) VALUES (7, 'welcome', now() - interval '9 s')"
        )
        connection.execute("INSERT INTO outbox (chat_id, kind, failed_at, error) VALUES (7, 'welcome', now(), 'gone')")
        connection.execute(
            "INSERT INTO sync_log (sync_type, direction, status, finished_at)"
            " VALUES ('mirror', 'push', 'ok', '2026-11-16 20:00+00')"
        )
        connection.execute(
            "INSERT INTO reconciliations (started_at, checked, differences) VALUES (now(), '{}', '[1, 2]')"
        )
    watched.check.watch(service, disk)
    _, report = await watched.health()
    assert (report["inbox"]["waiting"], report["inbox"]["dead"]) == (2, 1)
    assert 70 <= report["inbox"]["oldest_seconds"] < 100
    assert (report["outbox"]["unsent"], report["outbox"]["failed"]) == (1, 1)
    assert 9 <= report["outbox"]["oldest_seconds"] < 40
    assert report["last_mirror_at"] == "2026-11-16T20:00:00Z"
    assert report["books"]["differences"] == 2
    assert (report["status"], report["waits"][0].partition(" for ")[0]) == ("unwell", "2 updates wait, the oldest")
    assert await watched.metric("shiftbot_inbox_waiting") == 2
    assert await watched.metric("shiftbot_outbox_failed") == 1
    assert await watched.metric("shiftbot_reconciliation_differences") == 2


@pytest.mark.parametrize(("silence", "status"), [(90, 200), (91, 503)])
async def test_a_bot_that_telegram_has_not_answered_for_long_is_unwell(
    watched: Watched, service: PostgresService, disk: DiskWatch, silence: int, status: int
) -> None:
    watched.check.watch(service, disk)
    watched.poll()
    watched.now += silence
    watched.vitals.note_call("getUpdates", "TelegramNetworkError")
    assert (await watched.health())[0] == status


async def test_a_bot_that_lost_the_lock_is_unwell(watched: Watched, service: PostgresService, disk: DiskWatch) -> None:
    watched.check.watch(service, disk)
    watched.poll()
    watched.vitals.note_poll_lock(is_held=False)
    status, report = await watched.health()
    assert (status, report["problems"]) == (503, ["the lock that lets one program poll is not held"])


async def test_a_bot_with_a_webhook_needs_no_poll(service: PostgresService, disk: DiskWatch) -> None:
    watched = Watched(has_webhook=True)
    watched.check.watch(service, disk)
    is_well, report = await watched.check.report()
    assert (is_well, report["problems"]) == (False, ["the webhook is not open yet"])
    watched.vitals.note_open()
    is_well, report = await watched.check.report()
    assert (is_well, report["updates_by"]) == (True, "webhook")


async def test_a_database_that_is_away_is_said_at_once_and_its_return_too(
    watched: Watched, database: dict[str, Any], disk: DiskWatch
) -> None:
    async with open_relay(database) as relay:
        with PostgresService(**relay.params) as service:
            watched.check.watch(service, disk)
            watched.poll()
            assert (await watched.health())[0] == 200
            await relay.close()
            began = time.monotonic()
            status = await _wait_for(watched, 503)
            assert status["problems"] == ["the database does not answer"]
            assert not status["database"]["answers"]
            assert status["inbox"] is None
            assert time.monotonic() - began < 8
            assert await watched.metric("shiftbot_database_up") == 0
            assert await watched.metric("shiftbot_inbox_waiting") is None
            await relay.open()
            await _wait_for(watched, 200)


async def _wait_for(watched: Watched, wanted: int) -> dict[str, Any]:
    async with asyncio.timeout(15):
        while True:
            status, report = await watched.health()
            if status == wanted:
                return report
            await asyncio.sleep(0.2)


async def test_many_who_ask_at_once_cost_the_database_one_question(
    watched: Watched, service: PostgresService, disk: DiskWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _count(service, monkeypatch)
    watched.check.watch(service, disk)
    answers = await asyncio.gather(*(watched.health() for _ in range(50)))
    assert len(answers) == 50
    assert asked() <= 2


def _count(service: PostgresService, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    times: list[None] = []
    get = service.health.get

    def counted() -> Any:
        times.append(None)
        return get()

    monkeypatch.setattr(service.health, "get", counted)
    return lambda: len(times)


# --- metrics ---------------------------------------------------------------------------------------------------------


async def test_updates_and_calls_are_counted_by_what_came_of_them(
    watched: Watched, service: PostgresService, disk: DiskWatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "KEPT_SECONDS", 0.0)
    watched.check.watch(service, disk)
    watched.vitals.note_update("message", "answered", 0.02)
    watched.vitals.note_update("message", "answered", 3.0)
    watched.vitals.note_update("callback_query", "failed", 0.02)
    watched.vitals.note_call("sendMessage", "ok")
    watched.vitals.note_call("sendMessage", "TelegramRetryAfter")
    assert await watched.metric('shiftbot_updates_total{kind="message",outcome="answered"}') == 2
    assert await watched.metric('shiftbot_updates_total{kind="callback_query",outcome="failed"}') == 1
    assert await watched.metric('shiftbot_update_seconds_bucket{le="0.025"}') == 2
    assert await watched.metric('shiftbot_telegram_calls_total{method="sendMessage",outcome="TelegramRetryAfter"}') == 1
    assert await watched.metric("shiftbot_database_up") == 1
    assert (await watched.metric("shiftbot_pool_size") or 0) >= 1
    # One that is being made counts as in use, until it is there.
    assert any([await watched.metric("shiftbot_pool_in_use") == 0 for _ in range(100)])
    assert await watched.metric("shiftbot_last_poll_age_seconds") is None


async def test_every_line_of_the_metrics_is_what_prometheus_reads(
    watched: Watched, service: PostgresService, disk: DiskWatch
) -> None:
    watched.check.watch(service, disk)
    watched.poll()
    _, text = await watched.get("/metrics")
    line = re.compile(r'# (HELP|TYPE) \w+ .+|\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [-+0-9.einfNa]+')
    assert [one for one in text.splitlines() if not line.fullmatch(one)] == []


# --- the server ------------------------------------------------------------------------------------------------------


async def test_a_taken_port_ends_the_start_with_a_sentence_that_names_the_setting() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = Address("127.0.0.1", taken.getsockname()[1])
        made = Watched()
        with pytest.raises(StartError, match=rf"{re.escape(str(address))} .* is taken .* set HEALTH_LISTEN") as caught:
            await made.server.start(address)
    assert caught.value.status == 2


async def test_an_address_of_another_machine_ends_the_start_with_a_sentence() -> None:
    with pytest.raises(StartError, match="is none of this machine: set HEALTH_LISTEN"):
        await Watched().server.start(Address("192.0.2.1", 8080))


async def test_a_host_that_nobody_knows_ends_the_start_with_a_sentence() -> None:
    with pytest.raises(StartError, match="names no host: set HEALTH_LISTEN"):
        await Watched().server.start(Address("no-such-host.invalid", 8080))


@pytest.mark.parametrize("path", ["/", "/webhook", "/health/../metrics/x", "/admin"])
async def test_there_is_nothing_else(watched: Watched, path: str) -> None:
    assert (await watched.get(path))[0] == 404


async def test_it_tells_no_version_of_what_it_is_made_of(watched: Watched) -> None:
    async with ClientSession() as session, session.get(f"http://{watched.address}/health") as response:
        assert response.headers["Server"] == "shift-bot"


async def _exchange(address: Address, sent: bytes) -> bytes:
    """What comes back for these bytes, until the other side closes or says no more."""
    async with _connect(address) as (reader, writer):
        writer.write(sent)
        async with asyncio.timeout(5):
            return await reader.read()


@contextlib.asynccontextmanager
async def _connect(address: Address) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection(address.host, address.port)
    try:
        yield reader, writer
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET /nowhere HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"POST /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"x" * 20_000 + b"\r\n\r\n",
    ],
)
async def test_what_it_refuses_tells_no_version_either(watched: Watched, sent: bytes) -> None:
    answer = await _exchange(watched.address, sent)
    assert re.search(rb"^HTTP/1.[01] 4\d\d ", answer)
    assert b"Server: shift-bot\r\n" in answer


async def test_nonsense_leaves_no_line_in_the_log(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    await _exchange(watched.address, b"nonsense\r\n\r\n")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_who_sends_no_whole_request_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "SILENT_SECONDS", 0.3)
    made = Watched()
    made.address = await made.server.start(ANYWHERE)
    async with asyncio.timeout(10), _connect(made.address) as (reader, writer):
        ended = asyncio.create_task(reader.read())
        writer.write(b"GET /health HTTP/1.1\r\nX: ")
        while not ended.done():
            writer.write(b"x")
            await asyncio.wait({ended}, timeout=0.05)
        with contextlib.suppress(ConnectionError):
            assert ended.result() == b""
    await made.server.close()


async def test_where_all_places_are_taken_the_oldest_that_says_nothing_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gate, "find_most_connections", lambda: 8)
    made = Watched()
    made.address = await made.server.start(ANYWHERE)
    async with contextlib.AsyncExitStack() as silent:
        first, _ = await silent.enter_async_context(_connect(made.address))
        for _ in range(30):
            await silent.enter_async_context(_connect(made.address))
        assert (await made.health())[1]["status"] == "starting"
        async with asyncio.timeout(5):
            assert await first.read() == b""
    await made.server.close()


async def test_where_all_are_being_answered_the_next_is_told_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "find_most_connections", lambda: 8)
    made, may_answer = Watched(), asyncio.Event()

    async def find() -> health.Finding:
        await may_answer.wait()
        return health.Finding(None, 0)

    monkeypatch.setattr(made.check, "find", find)
    made.address = await made.server.start(ANYWHERE)
    asked = [asyncio.create_task(made.health()) for _ in range(8)]
    answer = b""
    async with asyncio.timeout(5):
        while not answer:
            answer = await _exchange(made.address, b"") if _count_answering(made) == 8 else b""
            await asyncio.sleep(0.01)
    assert answer.startswith(b"HTTP/1.1 503 ")
    may_answer.set()
    assert [status for status, _ in await asyncio.gather(*asked)] == [503] * 8
    await made.server.close()


def _count_answering(made: Watched) -> int:
    runner = made.server._runner
    assert runner is not None
    assert runner.server is not None
    return sum(getattr(one, "is_answering", False) for one in runner.server.connections)


# --- a whole bot -----------------------------------------------------------------------------------------------------


async def _ask(port: int, path: str = "/health") -> tuple[int, str]:
    async with asyncio.timeout(20), ClientSession() as session:
        while True:
            with contextlib.suppress(OSError):
                async with session.get(f"http://127.0.0.1:{port}{path}") as response:
                    return response.status, await response.text()
            await asyncio.sleep(0.1)


async def test_the_bot_listens_before_its_database_is_there_and_is_well_when_it_polls(
    emulator: Emulator, database: dict[str, Any]
) -> None:
    port, relay = find_free_port(), Relay(database)
    await relay.open()
    await relay.close()
    settings = settings_for(emulator, relay.params, HEALTH_LISTEN=f"127.0.0.1:{port}", REGISTRATION="open")
    async with start_bot(settings) as bot:
        status, text = await _ask(port)
        assert (status, json.loads(text)["status"]) == (503, "starting")
        await relay.open()
        await bot.wait_for("running as @")
        alice = await emulator.add_person(91827364554, "Alice")
        await alice.send("/start")
        await record(alice)
        async with asyncio.timeout(15):
            while (await _ask(port))[0] != 200:  # noqa: ASYNC110 - the bot is another process
                await asyncio.sleep(0.2)
        _, metrics = await _ask(port, "/metrics")
        assert 'shiftbot_telegram_calls_total{method="sendMessage",outcome="ok"}' in metrics
        assert 'shiftbot_updates_total{kind="callback_query",outcome="answered"}' in metrics
        assert "Alice" not in metrics
        assert "91827364554" not in metrics
        began = time.monotonic()
        assert await bot.stop() == 0
        assert time.monotonic() - began < 5
    await relay.close()


async def test_very_many_connections_that_say_nothing_do_not_end_the_bot(
    emulator: Emulator, database: dict[str, Any]
) -> None:
    port = find_free_port()
    settings = settings_for(emulator, database, HEALTH_LISTEN=f"127.0.0.1:{port}", REGISTRATION="open")
    async with start_bot(settings, most_files=256) as bot:
        await bot.wait_for("running as @")
        alice = await emulator.add_person(1001, "Alice")
        await alice.send("/start", timeout=20)
        with contextlib.ExitStack() as silent:
            for _ in range(1_500):
                one = silent.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
                with contextlib.suppress(ConnectionError):
                    one.send(b"GET /health HTTP/1.1\r\n")
                await asyncio.sleep(0)
            await alice.send("/help", timeout=20)
            assert (await _ask(port))[0] == 200
        assert await bot.stop() == 0
    assert bot.complaints == []


async def test_a_second_bot_on_the_same_port_says_which_setting_to_change(
    emulator: Emulator, database: dict[str, Any]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        async with start_bot(settings_for(emulator, database, HEALTH_LISTEN=listen)) as bot:
            assert await bot.wait_for_end() == 2
    assert bot.said.splitlines()[-1].endswith("set HEALTH_LISTEN to another host:port, or to off.")
    assert "Traceback" not in bot.said
