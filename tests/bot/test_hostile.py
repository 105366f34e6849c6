"""Broken updates and hostile texts: nobody notices, but who sent them. The long form is in `tests/faults`."""

import asyncio
import logging
from typing import Any

import pytest

from playground.client import Emulator
from postgres_service import PostgresService
from tests.bot.conftest import run_bot
from tests.databases import connect
from tests.hostile.mutations import list_mutated
from tests.hostile.reading import MORE_PLACES, PLACES, Reader
from tests.hostile.siege import Siege
from tests.hostile.texts import list_texts
from tests.watched import run_watched_bot

UPDATES = 400
TEXTS = 40


async def test_broken_updates_harm_nobody(
    emulator: Emulator, service: PostgresService, database: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with connect(database) as connection:
        siege = Siege(emulator, service, connection)
        async with run_bot(emulator, service):
            await siege.send(list_mutated(1, UPDATES))
        print(f"\n{siege.describe()}")
        assert siege.list_reasons() == {"cannot be read"}
        assert siege.unanswered == []
    assert list_failures(caplog) == []


async def test_a_hostile_text_is_answered_wherever_it_is_read(
    emulator: Emulator,
    service: PostgresService,
    database: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    with connect(database) as connection:
        async with run_watched_bot(emulator, service, connection, monkeypatch) as bot:
            reader = Reader(bot, service)
            await asyncio.to_thread(reader.prepare)
            for text in list_texts(1, TEXTS):
                await reader.read_everywhere(text)
    print(
        f"\n{TEXTS} texts at {len({**PLACES, **MORE_PLACES})} places: {reader.read} read, {len(reader.faults)} faults"
    )
    assert reader.faults == []
    assert list_failures(caplog) == []


def list_failures(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says went wrong, beside updates that cannot be read."""
    return [text for text in caplog.messages if "could not be handled" in text or "markup was refused" in text]
