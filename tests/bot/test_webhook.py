"""Telegram delivers instead of being asked: stored first, then answered; nobody else can deliver anything."""

import asyncio
import contextlib
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from aiohttp import ClientSession

from bot.application import Application, build_bot
from bot.delivery.introduction import Webhook
from bot.delivery.pace import Pace
from bot.health import HealthCheck
from bot.vitals import Vitals
from bot.web import SECRET_HEADER, WebServer
from config import Address
from payroll.business_time import BusinessZone
from playground.client import Emulator, Person
from postgres_service import PostgresService
from repository import database as pool
from repository.rules import Rules
from tests.bot.conftest import Chat, Session
from tests.bot.processes import Relay, open_relay
from tests.clock import SteppingClock
from tests.databases import fetch_all

SECRET = "not-to-be-guessed"


@dataclass(frozen=True, slots=True)
class Delivered:
    """A bot to which updates are delivered by hand."""

    chat: Chat
    relay: Relay
    url: str

    async def deliver(self, text: str, *, update_id: int, secret: str | None = SECRET) -> int:
        """A text of Alice, as Telegram delivers it; the status of the answer."""
        sender = {"id": 1001, "is_bot": False, "first_name": "Alice", "language_code": "en"}
        message = {"message_id": 1, "date": 1, "chat": {"id": 1001, "type": "private"}, "from": sender, "text": text}
        return await self.deliver_update(json.dumps({"update_id": update_id, "message": message}).encode(), secret)

    async def deliver_update(self, body: bytes, secret: str | None = SECRET, **headers: str) -> int:
        """An update as it comes over the line."""
        headers |= {SECRET_HEADER: secret} if secret is not None else {}
        sent = io.BytesIO(body)
        async with ClientSession() as session, session.post(self.url, data=sent, headers=headers) as response:
            return response.status


@pytest.fixture
async def delivered(
    emulator: Emulator, database: dict[str, Any], clock: SteppingClock, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Delivered]:
    """The bot with a webhook, and a way to its database that can be cut."""
    monkeypatch.setattr(pool, "CHECKOUT_TIMEOUT_SECONDS", 1.0)
    rules = Rules(BusinessZone.named("America/New_York"), clock=clock)
    vitals = Vitals()
    server = WebServer(vitals, HealthCheck(vitals, has_webhook=True), webhook_secret=SECRET)
    address = await server.start(Address("127.0.0.1", 0))
    async with open_relay(database) as relay:
        service = PostgresService(settle_ranks=True, rules=rules, **relay.params)
        bot = build_bot(emulator.token, emulator.api_url, Session())
        is_ready = asyncio.Event()

        def deliver_to(store: Any) -> None:
            server.deliver_to(store)
            is_ready.set()

        webhook = Webhook("https://bot.example.org/webhook", SECRET, deliver_to)
        app = Application(bot, service, is_strict=True, pace=Pace(None, None), vitals=vitals, webhook=webhook)
        running = asyncio.create_task(app.run())
        await is_ready.wait()
        try:
            yield Delivered(Chat(emulator, service, clock), relay, f"http://{address}/webhook")
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            await bot.session.close()
            await server.close()
            service.close()


@pytest.fixture
async def alice(delivered: Delivered, emulator: Emulator) -> Person:
    """Alice, who may be written to."""
    person = await delivered.chat.employee("Alice", 1001)
    await emulator.post("/people/1001/text", {"text": "hello", "reply_to": 0, "forwarded_from": ""})
    return person


async def test_what_telegram_delivers_is_stored_answered_and_handled_once(
    delivered: Delivered, alice: Person, database: dict[str, Any]
) -> None:
    for _ in range(3):
        assert await delivered.deliver("/help", update_id=5) == 200
    assert fetch_all(database, "SELECT count(*) FROM inbox") == [(1,)]
    await alice.wait_for("How this works")
    await asyncio.sleep(0.2)
    assert len(await alice.screens()) == 1
    assert await delivered.chat.emulator.count_calls("setWebhook") == 1
    assert await delivered.chat.emulator.count_calls("getUpdates") == 0


@pytest.mark.parametrize("secret", [None, "", "guessed", "not-to-be-guesse\u00e4"])
async def test_without_the_secret_nothing_is_taken(
    delivered: Delivered, database: dict[str, Any], secret: str | None
) -> None:
    assert await delivered.deliver("/help", update_id=5, secret=secret) == 403
    assert fetch_all(database, "SELECT count(*) FROM inbox") == [(0,)]


async def test_what_cannot_be_stored_is_not_acknowledged_and_who_wrote_it_hears_why(
    delivered: Delivered, alice: Person
) -> None:
    await delivered.relay.close()
    assert await delivered.deliver("/help", update_id=5) == 503
    await alice.wait_for("I cannot reach my records right now.")
    await delivered.relay.open()
    async with asyncio.timeout(15):
        while await delivered.deliver("/help", update_id=5) != 200:  # noqa: ASYNC110 - as Telegram does
            await asyncio.sleep(0.2)
    await alice.wait_for("How this works", timeout=10)


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br", "zstd", "gzip, gzip", "nonsense"])
async def test_what_is_compressed_or_says_so_is_refused(
    delivered: Delivered, database: dict[str, Any], encoding: str
) -> None:
    body = b"\x1f\x8b\x08 no gzip"
    assert await delivered.deliver_update(body, **{"Content-Encoding": encoding}) == 400
    assert fetch_all(database, "SELECT count(*) FROM inbox") == [(0,)]


async def test_what_is_longer_than_any_update_is_set_aside_and_not_asked_for_again(
    delivered: Delivered, database: dict[str, Any]
) -> None:
    body = b'{"update_id":5,"message":{"text":"' + b"x" * 3_000_000 + b'"}}'
    assert await delivered.deliver_update(body) == 200
    async with asyncio.timeout(10):
        while fetch_all(database, "SELECT state, error FROM inbox") != [("dead", "cannot be read")]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def test_many_at_once_are_all_kept(delivered: Delivered, alice: Person, database: dict[str, Any]) -> None:
    statuses = await asyncio.gather(*(delivered.deliver("/help", update_id=number) for number in range(1, 41)))
    assert set(statuses) == {200}
    assert fetch_all(database, "SELECT count(*) FROM inbox") == [(40,)]
