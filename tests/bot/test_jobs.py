"""What the bot does by itself: at the start, at every tick, also where the computer's clock jumps."""

import asyncio
import gc
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import apscheduler.schedulers.base
import pytest

import bot.jobs
from bot.disk import DiskWatch
from bot.health import HealthCheck
from bot.jobs import Jobs
from bot.vitals import Vitals
from payroll.schedule import Every
from postgres_service import PostgresService
from repository.due_work import Job
from tests.bot.conftest import Chat
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.shift_data import make_shift_data

TICK = timedelta(milliseconds=50)


class Ticks:
    """Jobs with a diary: one that is due every hour, and how often somebody was woken to send."""

    def __init__(self, service: PostgresService) -> None:
        self.done: list[str] = []
        self.woken = 0
        self.begun, self.may_end = threading.Event(), threading.Event()
        self.may_end.set()
        self.jobs = Jobs(service, self._wake, jobs=[Job("reconcile", Every.HOUR, self._do)], tick=TICK)

    async def wait_until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(10):
            while not is_so():  # noqa: ASYNC110 - what a thread does sets no event of the loop
                await asyncio.sleep(0.01)

    async def wait_for_ticks(self, number: int) -> None:
        enough = self.woken + number
        await self.wait_until(lambda: self.woken >= enough)

    def _do(self, period: str) -> None:
        self.begun.set()
        assert self.may_end.wait(10)
        self.done.append(period)

    def _wake(self) -> None:
        self.woken += 1


@pytest.fixture
def ticks(service: PostgresService) -> Ticks:
    return Ticks(service)


async def test_what_is_due_is_done_at_a_tick_and_whoever_sends_is_woken(ticks: Ticks, clock: SteppingClock) -> None:
    async with ticks.jobs.working():
        await ticks.wait_until(lambda: ticks.woken > 1)
        assert ticks.done == []
        clock.move(hours=2)
        await ticks.wait_until(lambda: len(ticks.done) == 2)
    assert ticks.done == ["2026-11-17T01Z", "2026-11-17T02Z"]


async def test_ticks_go_on_when_the_computers_clock_is_put_back_or_forward(
    ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    jumped = [timedelta()]

    class Jumping(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + jumped[-1]

    monkeypatch.setattr(apscheduler.schedulers.base, "datetime", Jumping)
    monkeypatch.setattr(bot.jobs, "read_system_clock", lambda: datetime.now(UTC) + jumped[-1])
    async with ticks.jobs.working():
        await ticks.wait_until(lambda: ticks.woken > 1)
        for days in (-3, 30, -20_000, 0):
            jumped.append(timedelta(days=days))
            await ticks.wait_for_ticks(3)


async def test_nothing_is_done_by_a_clock_that_cannot_be_right(ticks: Ticks, clock: SteppingClock) -> None:
    now = clock.now
    async with ticks.jobs.working():
        await ticks.wait_until(lambda: ticks.woken > 1)
        clock.now = datetime(1970, 1, 1, tzinfo=UTC)
        await ticks.wait_for_ticks(3)
        assert ticks.done == []
        clock.now = now + timedelta(hours=1)
        await ticks.wait_until(lambda: len(ticks.done) == 1)


async def test_a_shift_that_was_recorded_while_the_clock_was_ahead_is_named_to_the_admins_once(
    chat: Chat, clock: SteppingClock
) -> None:
    olga, alice = await chat.admin("Olga", 9001), await chat.employee("Alice", 1001)
    clock.move(days=40)
    chat.service.create_shift(make_shift_data(who=alice.id, employee_name="Alice"))
    clock.move(days=-40)
    jobs = Jobs(chat.service, jobs=[])
    for _ in range(3):
        await jobs.tick()
    await olga.send("/admin")
    await olga.wait_for("Shift 1 of Alice")
    assert [notice.kind for notice in chat.service.outbox.list_unsent()].count("shift_ahead") <= 1
    assert "If my clock is right now, delete that shift" in (await olga.screen()).text
    check = HealthCheck(Vitals(), has_webhook=True)
    check.watch(chat.service, DiskWatch(None, chat.service))
    assert "shift 1 was recorded at 2026-12-27T01:00:00Z" in (await check.report())[1]["waits"][0]
    await olga.settled()
    assert sum("Shift 1 of Alice" in screen.text for screen in await olga.screens()) == 2
    await asyncio.to_thread(chat.service.shifts.delete, 1)
    await jobs.tick()
    assert chat.service.present.read_now() == clock.now


async def test_what_is_being_done_comes_to_its_end_when_the_bot_stops(
    ticks: Ticks, clock: SteppingClock, database: dict[str, Any]
) -> None:
    async with ticks.jobs.working():
        await ticks.wait_until(lambda: ticks.woken > 1)
        ticks.may_end.clear()
        clock.move(hours=1)
        await asyncio.to_thread(ticks.begun.wait, 10)
        asyncio.get_running_loop().call_later(0.1, ticks.may_end.set)
    assert ticks.done == ["2026-11-17T01Z"]
    assert fetch_all(database, "SELECT count(*) FROM due_work WHERE state = 'waiting'") == [(0,)]


async def test_what_fails_is_told_at_each_tick_and_not_once_more_as_something_that_nobody_looked_at(
    service: PostgresService, caplog: pytest.LogCaptureFixture
) -> None:
    unlooked_at: list[str] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unlooked_at.append(context["message"]))
    woken = asyncio.Semaphore(0)

    def fail() -> bool:
        raise LookupError

    jobs = Jobs(service, woken.release, look=fail, jobs=[], tick=TICK)
    async with jobs.working(), asyncio.timeout(10):
        for _ in range(3):
            await woken.acquire()
    gc.collect()
    assert len([line for line in caplog.messages if line.startswith("what was due failed")]) >= 3
    assert unlooked_at == []


async def test_the_loop_is_free_while_something_takes_long(ticks: Ticks, clock: SteppingClock) -> None:
    async with ticks.jobs.working():
        await ticks.wait_until(lambda: ticks.woken > 1)
        ticks.may_end.clear()
        clock.move(hours=1)
        await ticks.wait_until(ticks.begun.is_set)
        before = ticks.woken
        await asyncio.sleep(3 * TICK.total_seconds())
        assert ticks.woken == before, "one tick at a time"
        ticks.may_end.set()
        await ticks.wait_until(lambda: ticks.woken > before)


async def test_admins_see_when_the_books_were_checked_and_that_they_agree(
    chat: Chat, service: PostgresService, clock: SteppingClock
) -> None:
    olga = await chat.admin("Olga", 9001)
    await olga.send("/admin")
    assert "The books have not been checked yet." in (await olga.screen()).text
    clock.move(hours=2)
    await Jobs(service).tick()
    await olga.send("/admin")
    assert "The books agree. Checked: 2026/11/16 22:00:00" in (await olga.screen()).text
