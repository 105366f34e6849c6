"""The disk of the database is full: people hear so, nothing is half saved, and it is carried out when there is room.

The database refuses as PostgreSQL does then (53100); a disk that is really full is in `tests/faults`.
"""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from psycopg import sql

from bot.disk import DiskWatch
from playground.client import Emulator
from postgres_service import PostgresService
from repository.disk import DiskState
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import begin, count_shifts, say
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, connect

FULL = "My disk is full, so I cannot save anything right now. As soon as there is room I go on by myself."
PATIENCE = 15.0
NO_SPACE = """
CREATE FUNCTION have_no_space() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full';
END
$$
"""


@pytest.fixture
def owner(server: DatabaseServer, database: dict[str, Any]) -> dict[str, Any]:
    return {**server.maker, "database": database["database"]}


@contextlib.contextmanager
def no_space_for(owner: dict[str, Any], table: str) -> Iterator[None]:
    """Until the block ends no row enters this table."""
    name = sql.Identifier(table)
    with connect(owner) as connection:
        connection.execute(NO_SPACE)
        connection.execute(
            sql.SQL("CREATE TRIGGER no_space BEFORE INSERT ON {} EXECUTE FUNCTION have_no_space()").format(name)
        )
    try:
        yield
    finally:
        with connect(owner) as connection:
            connection.execute(sql.SQL("DROP TRIGGER no_space ON {}").format(name))


async def test_a_shift_that_finds_no_room_is_told_and_saved_once_when_there_is_some(
    chat: Chat, owner: dict[str, Any]
) -> None:
    alice = await chat.employee("Alice", 1001)
    await begin(alice)
    with no_space_for(owner, "shifts"):
        toast = await alice.tap("No sales")
        assert (toast.is_alert, toast.text) == (True, FULL)
        await asyncio.sleep(1.0)
        assert await asyncio.to_thread(count_shifts, chat) == 0
        assert "is saved" not in (await alice.screen()).text
    await alice.wait_for("is saved", timeout=PATIENCE)
    assert await asyncio.to_thread(count_shifts, chat) == 1


async def test_what_cannot_even_be_kept_stays_at_telegram_until_there_is_room(
    chat: Chat, owner: dict[str, Any]
) -> None:
    alice = await chat.employee("Alice", 1001)
    with no_space_for(owner, "inbox"):
        sent = await alice.send("/help", wait=False)
        await alice.wait_for(FULL)
        await asyncio.sleep(1.0)
        assert not await chat.emulator.is_confirmed(sent.update_id)
    await alice.wait_for("How this works", timeout=PATIENCE)


async def test_on_a_disk_that_is_nearly_full_statistics_come_without_their_picture_and_admins_are_told(
    emulator: Emulator, service: PostgresService, clock: SteppingClock
) -> None:
    used = [95]
    disk = DiskWatch(Path("/"), service, lambda _: DiskState(100, 100 - used[0], used[0]))
    chat = Chat(emulator, service, clock)
    service.people.ensure_owner(9001, "Olga")
    async with run_bot(emulator, service, disk=disk):
        olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
        await olga.wait_for("without pictures and backups until there is room")
        assert (await say(alice, "/stats")).photo is None
        used[0] = 20
        disk.look()
        assert (await say(alice, "/stats")).photo is not None
        assert [screen.text.partition(".")[0] for screen in await olga.screens() if "disk" in screen.text] == [
            "🛑 The disk with my records is 95 % full",
            "💾 There is room on the disk with my records again: 20 % is full",
        ]
