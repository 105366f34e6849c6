"""What the bot does by itself. APScheduler only ticks: what is due stands in the database (FAULTS "Cron at 00:05")."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

from apscheduler.job import Job as Ticking
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.use_cases import clock, day_end, reminders
from payroll.errors import ConflictError, ErrorKey, UnavailableError
from payroll.schedule import Every
from postgres_service import PostgresService
from repository.clock import read_system_clock
from repository.due_work import Job

TICK = timedelta(minutes=1)
_log = logging.getLogger(__name__)


def list_jobs(service: PostgresService) -> tuple[Job, ...]:
    """Everything that is done once a period, and how often."""
    return (
        Job("reconcile", Every.HOUR, lambda _: service.reconciliation.run(), is_latest_enough=True),
        Job("purge", Every.DAY, lambda _: service.purge.run(), is_latest_enough=True),
        Job("server", Every.DAY, lambda _: service.server.tell_if_unsafe(), is_latest_enough=True),
        Job("overdue", Every.HOUR, lambda _: day_end.ask_overdue(service), is_latest_enough=True),
        Job(
            "day-summary",
            Every.DAY,
            lambda day: day_end.tell_day(service, date.fromisoformat(day)),
            find_when=lambda: reminders.IN_THE_MORNING,
        ),
        Job(
            "confirm",
            Every.PAY_DAY,
            lambda day: reminders.remind_to_confirm(service, date.fromisoformat(day)),
            is_latest_enough=True,
            find_when=lambda: reminders.find_reminding_time(service),
        ),
        Job(
            "pay-day",
            Every.PAY_DAY,
            lambda day: reminders.remind_to_close(service, date.fromisoformat(day)),
            is_latest_enough=True,
            find_when=lambda: reminders.IN_THE_MORNING,
        ),
        Job(
            "leaderboard",
            Every.MONTH,
            lambda month: reminders.tell_leaderboard(service, date.fromisoformat(f"{month}-01")),
            is_latest_enough=True,
            find_when=lambda: reminders.IN_THE_MORNING,
        ),
    )


class _Ticks(BaseTrigger):  # type: ignore[misc]
    """The next tick is an interval from now, wherever the last one was.

    APScheduler's own trigger lists every tick that was missed: where the clock is put forward by years, for minutes.
    """

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """When to tick next."""
        return now + self._interval


class Jobs:
    """Looks once a minute, and at the start, for what is due, and does it in a thread of its own, one at a time."""

    def __init__(
        self,
        service: PostgresService,
        wake: Callable[[], None] = lambda: None,
        *,
        look: Callable[[], bool] = lambda: False,
        jobs: Sequence[Job] | None = None,
        tick: timedelta = TICK,
    ) -> None:
        """`wake` is called when there may be something new to send, `look` at each tick before anything is done.

        `jobs` and `tick` are the tests'.
        """
        self._service = service
        self._wake = wake
        self._look = look
        self._jobs = {job.kind: job for job in (list_jobs(service) if jobs is None else jobs)}
        self._tick = tick
        self._thread = ThreadPoolExecutor(1, "jobs")
        self._busy = asyncio.Lock()
        self._is_stopping = False

    @contextlib.asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        """Work until the block ends, and let what is being done then come to its end."""
        scheduler = AsyncIOScheduler(timezone=UTC)
        ticking = scheduler.add_job(
            self.tick,
            _Ticks(self._tick),
            next_run_time=read_system_clock(),
            # However late a tick comes, and however many were missed: one look finds all that is due.
            misfire_grace_time=None,
            coalesce=True,
            max_instances=1,
        )
        scheduler.start()
        watch = asyncio.create_task(self._keep_ticking(ticking))
        try:
            yield
        finally:
            self._is_stopping = True
            watch.cancel()
            scheduler.pause()
            async with self._busy:
                scheduler.shutdown(wait=False)
            self._thread.shutdown()

    async def tick(self) -> None:
        """Do all that is due now. What fails is kept with its reason and tried again; the rest comes a tick later."""
        async with self._busy:
            await self._attempt(self._look)
            may_go_on = await self._attempt(self._plan)
            while may_go_on and not self._is_stopping:
                may_go_on = await self._attempt(self._do_next)
        self._wake()

    def _plan(self) -> bool:
        """Note what has become due, unless the clock cannot be right."""
        try:
            self._service.present.read_now()
        except ConflictError:
            clock.tell_of_shift_ahead(self._service)
            raise
        for job in self._jobs.values():
            self._service.due_work.plan(job)
        return True

    def _do_next(self) -> bool:
        """Do one thing that is due; whether there was one."""
        done = self._service.due_work.do_next(self._jobs)
        if done is not None:
            _log.info("done: %s of %s", *done)
        return done is not None

    async def _attempt(self, work: Callable[[], bool]) -> bool:
        """What the work says, done in the thread; False where it failed."""
        done = asyncio.get_running_loop().run_in_executor(self._thread, work)
        await asyncio.wait({done})
        error = done.exception()
        if error is None:
            return done.result()
        if isinstance(error, UnavailableError) or getattr(error, "key", None) is ErrorKey.CLOCK_WRONG:
            _log.warning("what is due waits: %s", error)
        else:
            _log.error("what was due failed, and is tried again later", exc_info=error)
        return False

    async def _keep_ticking(self, ticking: Ticking) -> None:
        """APScheduler waits for a time of the day: where the clock is put back by days, it would wait for days."""
        while True:
            await asyncio.sleep(self._tick.total_seconds())
            now = read_system_clock()
            if ticking.next_run_time > now + 2 * self._tick:
                _log.warning("the clock was put back")
                ticking.modify(next_run_time=now)
