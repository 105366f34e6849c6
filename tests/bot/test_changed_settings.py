"""The bot is started with other settings than before: what the admins read."""

from decimal import Decimal
from typing import Any

import pytest

from config import Config
from pg_schema import PostgresSchema
from playground.client import Emulator
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import say
from tests.clock import SteppingClock
from tests.owners import sell


@pytest.fixture
def chat(emulator: Emulator, service: PostgresService, clock: SteppingClock) -> Chat:
    """People and a database; the bot is started by the test."""
    return Chat(emulator, service, clock)


async def test_admins_read_what_is_set_otherwise_and_find_it_in_the_log(
    chat: Chat, emulator: Emulator, service: PostgresService, database: dict[str, Any]
) -> None:
    async with run_bot(emulator, service):
        olga = await chat.admin("Olga", 9001)
    sell(service, 16)
    config = Config(commission_rate=Decimal("0.25"), timezone="Asia/Tokyo", dynamic_rate_basis="shift")
    PostgresSchema(**database, config=config).init_schema()
    async with run_bot(emulator, service):
        told = (await olga.wait_for("The bot was started with other settings than before:")).text
        assert "• Time zone: America/New_York → Asia/Tokyo\n– What is recorded keeps its date." in told
        assert "• Platform’s cut: 20% → 25%, from 20" in told
        assert "• Sales that find the day rate: of the whole day → of the shift alone, from 20" in told
        await say(olga, "/admin")
        await olga.tap("📜 Log")
        log = (await olga.screen()).text
        assert "by itself\nSetting: Platform’s cut\nValue: 20% → 25%\nFrom: 20" in log
