"""Ten thousand broken updates; five thousand hostile texts at each place where a text is read (FAULTS "Telegram")."""

import asyncio
import logging
from typing import Any

import pytest

from playground.client import run_emulator
from postgres_service import PostgresService
from tests.bot.conftest import run_bot
from tests.databases import connect
from tests.hostile.mutations import list_mutated
from tests.hostile.reading import PLACES, Reader
from tests.hostile.siege import Siege
from tests.hostile.texts import list_texts
from tests.watched import run_watched_bot

UPDATES = 10_000
TEXTS = 5_000
EACH = 10
"""Every so manieth text is read at some more places, by the same readers as at the first."""
SEED = 2026


async def test_between_broken_updates_the_next_good_one_is_answered_within_a_second(
    service: PostgresService, database: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    with run_emulator() as emulator, connect(database) as connection:
        siege = Siege(emulator, service, connection)
        async with run_bot(emulator, service):
            await siege.send(list_mutated(SEED, UPDATES))
        print(f"\nseed {SEED}: {siege.describe()}")
        assert siege.sent == UPDATES
        assert siege.list_reasons() == {"cannot be read"}
        assert siege.unanswered == []
    assert [text for text in caplog.messages if "could not be handled" in text] == []


async def test_a_hostile_text_is_answered_wherever_it_is_read(
    service: PostgresService,
    database: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    with run_emulator() as emulator, connect(database) as connection:
        async with run_watched_bot(emulator, service, connection, monkeypatch) as bot:
            reader = Reader(bot, service)
            await asyncio.to_thread(reader.prepare)
            for number, text in enumerate(list_texts(SEED, TEXTS)):
                await reader.read_everywhere(text, is_thorough=number % EACH == 0)
    print(f"\nseed {SEED}: {TEXTS} texts at {len(PLACES)} places, {reader.read} read, {len(reader.faults)} faults")
    assert reader.faults == []
    assert [text for text in caplog.messages if "could not be handled" in text or "markup was refused" in text] == []
