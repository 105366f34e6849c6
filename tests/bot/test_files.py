"""Files on their way: in the order of their chat, through outages and restarts, and kept nowhere afterwards."""

from typing import Any

from playground.client import Emulator
from postgres_service import PostgresService
from tests.bot.conftest import Chat, run_bot
from tests.bot.test_my_pay import download, open_mine
from tests.bot.test_outbox import has, wait_until, wait_until_sent
from tests.bot.test_periods import work
from tests.clock import SteppingClock


async def test_a_file_that_was_asked_for_is_sent_after_a_restart_before_what_was_asked_later(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    chat = Chat(emulator, service, clock)
    async with run_bot(emulator, service):
        alice = await chat.employee("Alice", 1001)
        await work(chat, alice)
        await open_mine(alice)
        await alice.settled()
        await emulator.fail("", 502, "Bad Gateway", times=1000)
        await alice.tap("PDF", wait=False)
        await wait_until(lambda: has(database, "sent_at IS NULL AND photo IS NOT NULL"))
        await alice.send("/help", wait=False)
        await wait_until(lambda: has(database, "sent_at IS NULL AND payload->>'text' ~ 'How this works'"))
    await emulator.clear_faults()
    async with run_bot(emulator, service):
        await wait_until_sent(database)
        screens = await alice.screens()
        assert [screen.document for screen in screens][-2:] == ["statement-2026-11-01-2026-11-14-alice.pdf", None]
        assert screens[-1].text.startswith("How this works")
        assert (await download(chat, alice)).startswith(b"%PDF")
    assert not await has(database, "photo IS NOT NULL")


async def test_a_file_whose_answer_was_lost_comes_again_rather_than_not(chat: Chat, database: dict[str, Any]) -> None:
    alice = await chat.employee("Alice", 1001)
    await work(chat, alice)
    await open_mine(alice)
    await alice.settled()
    await chat.emulator.drop_answers("sendDocument")
    await alice.tap("XLSX")
    await wait_until_sent(database)
    files = [screen.document for screen in await alice.screens() if screen.document]
    assert files == ["statement-2026-11-01-2026-11-14-alice.xlsx"] * 2
