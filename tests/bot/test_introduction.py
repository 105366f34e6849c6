"""What Telegram lets wait or somebody changes beside the updates: people are answered all the same."""

import asyncio
import logging
from typing import Any

import aiohttp
import pytest

from bot.delivery import introduction
from playground.client import Emulator
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.test_outbox import wait_until
from tests.bot.test_webhook import Delivered, delivered  # noqa: F401 - a fixture
from tests.clock import SteppingClock

ELSEWHERE = "https://evil.example/hook"


async def call(emulator: Emulator, method: str, **params: str) -> Any:
    """As somebody else who knows the token."""
    url = f"{emulator.api_url}/bot{emulator.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, data=params) as response:
        return (await response.json())["result"]


async def test_a_menu_of_commands_that_has_to_wait_keeps_nobody_waiting(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    description = "Too Many Requests: retry after 2"
    await emulator.fail("setMyCommands", 429, description, parameters={"retry_after": 2})
    alice = await Chat(emulator, service, clock).employee("Alice", 1001)
    async with run_bot(emulator, service):
        await alice.send("/start")
        assert await call(emulator, "getMyCommands") == []
        assert "told to wait 2 s to name the commands" in caplog.messages

        async def is_named() -> bool:
            return bool(await call(emulator, "getMyCommands"))

        await wait_until(is_named)
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_a_menu_that_telegram_does_not_take_ends_nothing(
    emulator: Emulator, service: PostgresService, clock: SteppingClock
) -> None:
    await emulator.fail("setMyCommands", 400, "Bad Request: BOT_COMMAND_INVALID")
    alice = await Chat(emulator, service, clock).employee("Alice", 1001)
    async with run_bot(emulator, service):
        await alice.send("/start")
        await alice.send("/help")


async def test_a_webhook_that_somebody_sets_is_taken_away_again_and_the_admins_hear_of_it(
    chat: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    olga = await chat.admin("Olga", 9001)
    await call(chat.emulator, "setWebhook", url=ELSEWHERE)
    await olga.wait_for("Somebody had Telegram deliver to evil.example")
    await olga.send("/help")
    assert (await call(chat.emulator, "getWebhookInfo"))["url"] == ""
    assert [line for line in caplog.messages if "another program polls" in line] == []


async def test_a_webhook_of_an_earlier_setting_is_taken_away_at_the_start_without_a_word(
    emulator: Emulator, service: PostgresService, clock: SteppingClock
) -> None:
    await call(emulator, "setWebhook", url="https://bot.example.org/webhook")
    async with run_bot(emulator, service):
        olga = await Chat(emulator, service, clock).admin("Olga", 9001)
        await olga.send("/help")
        await olga.settled()
    assert not any("Somebody had Telegram" in screen.text for screen in await olga.screens())


async def test_another_program_that_polls_is_told_apart(chat: Chat, caplog: pytest.LogCaptureFixture) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    await call(chat.emulator, "getUpdates", timeout="0")
    await alice.send("/help")
    assert [line for line in caplog.messages if line.startswith("another program polls with the same token")]
    assert await chat.emulator.count_calls("deleteWebhook") == 0


@pytest.fixture
def _looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(introduction, "CHECK_SECONDS", 0.1)


@pytest.mark.usefixtures("_looked_at_often")
@pytest.mark.parametrize(("url", "told"), [("", "nowhere"), (ELSEWHERE, "to evil.example")])
async def test_a_webhook_that_somebody_changes_is_set_again_and_the_admins_hear_of_it(
    delivered: Delivered,  # noqa: F811
    url: str,
    told: str,
) -> None:
    emulator, service = delivered.chat.emulator, delivered.chat.service
    await asyncio.to_thread(service.people.ensure_owner, 9001, "Olga")
    olga = await delivered.chat.stranger("Olga", 9001)
    await olga.send("/start", wait=False)
    await call(emulator, "setWebhook", url=url)
    await olga.wait_for(f"Somebody had Telegram deliver {told} what you all write")
    assert (await call(emulator, "getWebhookInfo"))["url"] == "https://bot.example.org/webhook"
