"""The bot is started with other settings than before: what the admins read."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from config import Config
from pg_schema import PostgresSchema
from playground.client import Emulator, Person
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import log, say
from tests.clock import SteppingClock
from tests.databases import connect
from tests.owners import FIRST_HALF, assert_books_agree, list_audited, list_booked, sell


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


def set_cut(chat: Chat, database: dict[str, Any], cut: str) -> None:
    """A start of today, by the bot's clock, with another COMMISSION_RATE."""
    PostgresSchema(**database, config=Config(commission_rate=Decimal(cut))).init_schema()
    with connect(database) as connection:
        # The database's own clock is ahead of the bot's, which stands still.
        connection.execute(
            "UPDATE pay_terms SET valid_from = %s WHERE valid_from > '2026-11-16'", [chat.service.rules.today()]
        )


async def work(chat: Chat, alice: Person, *days: int) -> None:
    """A shift from 09:00 to 17:00 of each of these days of November 2026, 500.00 sold."""
    for day in days:
        times = {"clock_in": f"2026/11/{day} 09:00:00", "clock_out": f"2026/11/{day} 17:00:00"}
        await asyncio.to_thread(log, chat, alice, **times, Model_A="500")


async def test_what_a_slip_has_priced_is_priced_again_from_the_day_on_that_an_admin_picks(
    chat: Chat, emulator: Emulator, service: PostgresService, database: dict[str, Any]
) -> None:
    """8 hours at 15.00 are 120.00. 500.00 less 20 % at 8 + 2 % make 40.00, less 2 % they make 49.00."""
    async with run_bot(emulator, service):
        olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
        await alice.send("/start")
        await work(chat, alice, 15)
    set_cut(chat, database, "0.02")
    async with run_bot(emulator, service):
        await work(chat, alice, 16)
        chat.clock.move(days=1)
    set_cut(chat, database, "0.20")
    lines, audited = list_booked(database, 1001), len(list_audited(database))
    async with run_bot(emulator, service):
        await olga.wait_for("Platform’s cut: 2% → 20%")
        await olga.tap("♻️ Price recorded shifts again")
        asked = await olga.screen()
        assert (
            "The platform keeps 20.0% of the sales. The day rate is found by the sales of the whole day." in asked.text
        )
        assert asked.rows[0] == ("2026/11/15", "2026/11/17")
        await olga.send("2026/11/16")
        sure = await olga.wait_for("It holds from 2026/11/16 on.")
        assert "• Alice, 2026/11/16, shift 2: $169.00 → $160.00 ($9.00 less)" in sure.text
        assert "shift 1" not in sure.text
        assert list_booked(database, 1001) == lines
        await olga.tap("Yes, and price those shifts again")
        await olga.wait_for("One shift was priced again: $9.00 less.")
        told = await alice.wait_for("are other ones from 2026/11/16 on.")
        assert "One of your shifts was priced again: $9.00 less." in told.text
    assert [one.shift.pay.total_made for one in service.shifts.list_last(1001, 2)] == [Decimal("160.00")] * 2
    assert [one[0] for one in list_audited(database, since=audited)] == ["pay terms moved back", "shift re-priced"]
    assert_books_agree(service)


async def test_a_day_to_come_or_of_a_closed_period_is_none_from_which_they_can_hold(
    chat: Chat, emulator: Emulator, service: PostgresService, database: dict[str, Any]
) -> None:
    async with run_bot(emulator, service):
        olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
        await work(chat, alice, 10)
        owner = chat.find(olga)
        assert owner is not None
        await asyncio.to_thread(service.periods.close, FIRST_HALF, actor=owner)
        audited = len(list_audited(database))
        await say(olga, "/admin")
        await olga.tap("📈 Day rates")
        await olga.tap("♻️ Price recorded shifts again")
        for typed in ("2026/11/17", "2026/11/14"):
            assert "From when on shall that hold" in (await say(olga, typed)).text
        assert "No recorded shift is touched." in (await say(olga, "2026/11/15")).text
        await olga.tap("Yes")
        assert len(list_audited(database)) == audited
