"""Work that is due once for each period that has ended, whenever that is noticed (FAULTS "Time, money, schedule").

Nothing here depends on a job having fired at its time. Whoever looks makes a row for every period that has ended since
the last one there is, and does what waits. Two who look at once do each of it once: the row is locked while it is done,
and the work and "done" are one transaction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from payroll.errors import UnavailableError
from payroll.schedule import LONGEST_WAIT, Calendar, Every, When, compute_retry_wait
from repository.database import Database
from repository.outbox import Outbox
from repository.pay_days import PayDayBook
from repository.rules import Rules

EARLY = timedelta(hours=6)
"""A clock was ahead that did something so long before its period ended; small computers are off by less."""
_LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Job:
    """What is done once a period.

    `kind` is its name in the table, `do` gets the name of the period and runs inside the transaction that notes it as
    done. `is_latest_enough`: after a pause only the newest period counts (a check of how things are); otherwise each is
    made up for (a statement). `find_when` says from when on it is due, as the settings have it just then.
    """

    kind: str
    every: Every
    do: Callable[[str], object]
    is_latest_enough: bool = False
    find_when: Callable[[], When] = When


@dataclass(frozen=True, slots=True)
class FailingWork:
    """What has failed so many times and is tried again."""

    kind: str
    period: str
    attempts: int


class DueWork:
    """The door to due work."""

    def __init__(self, database: Database, outbox: Outbox, rules: Rules, pay_days: PayDayBook) -> None:
        self._database = database
        self._outbox = outbox
        self._rules = rules
        self._pay_days = pay_days

    def plan(self, job: Job) -> list[str]:
        """Note every period that has ended and is not there yet; their names, oldest first.

        A job that was never seen before begins now: nothing that ended before is due. What a clock that was ahead has
        done before its time waits for that: it is done once more, and its notices say so.
        """
        now = self._rules.clock()
        calendar = self._get_calendar()
        when = job.find_when()
        newest = calendar.find_newest_ended(job.every, now, when=when)
        with self._database.transaction():
            early = {"kind": job.kind, "newest": newest, "now": now, "early": EARLY}
            self._database.execute("take_back_early_work", early)
            row = self._database.fetch_one("select_last_period", {"kind": job.kind, "newest": newest})
            last = row[0] if row else None
            if last is None:
                self._database.execute("begin_due_work", {"kind": job.kind, "period": newest, "now": now})
                return []
            if last == newest:
                return []
            periods = [newest] if job.is_latest_enough else calendar.list_ended(job.every, now, after=last, when=when)
            self._database.execute("insert_due_work", {"kind": job.kind, "periods": periods, "now": now})
            if job.is_latest_enough:
                self._database.execute("give_up_due_work", {"kind": job.kind, "newest": newest, "now": now})
        return periods

    def do_next(self, jobs: Mapping[str, Job]) -> tuple[str, str] | None:
        """Do one thing that waits, of these jobs by their kind; its kind and period, None where nothing waits.

        Raises what the job raises. Nothing of it stays then; it is kept with its reason and tried again later, and the
        admins are told the first time.
        """
        claimed: list[tuple[str, str, int]] = []
        try:
            return self._do_one(jobs, claimed)
        except UnavailableError:
            raise
        except Exception as error:
            for kind, period, attempts in claimed:
                self._postpone(kind, period, attempts, error)
            raise

    def list_failing(self) -> list[FailingWork]:
        """What failed and waits to be tried again, oldest first."""
        return [FailingWork(*row) for row in self._database.fetch_all("select_failing_work")]

    def _do_one(self, jobs: Mapping[str, Job], claimed: list[tuple[str, str, int]]) -> tuple[str, str] | None:
        now = self._rules.clock()
        calendar = self._get_calendar()
        newest = [calendar.find_newest_ended(job.every, now, when=job.find_when()) for job in jobs.values()]
        params = {"kinds": list(jobs), "newest": newest, "now": now, "latest": now + LONGEST_WAIT}
        with self._database.transaction():
            row = self._database.fetch_one("claim_due_work", params)
            if row is None:
                return None
            kind, period, attempts, is_repeat = row
            claimed[:] = [(kind, period, attempts)]
            self._database.fetch_one("allow_long_work")
            jobs[kind].do(period)
            if is_repeat:
                self._database.execute("mark_repeated_notices")
            self._database.execute("finish_due_work", {"kind": kind, "period": period, "now": self._rules.clock()})
        return kind, period

    def _get_calendar(self) -> Calendar:
        return Calendar(self._rules.zone, self._pay_days.get())

    def _postpone(self, kind: str, period: str, attempts: int, error: Exception) -> None:
        """Keep the reason and when to try again. Where the database is away that is all forgotten: it still waits."""
        reason = f"{type(error).__name__}: {error}"[:_LONGEST_REASON]
        not_before = self._rules.clock() + compute_retry_wait(attempts + 1)
        params = {"kind": kind, "period": period, "attempts": attempts, "error": reason, "not_before": not_before}
        with self._database.transaction():
            is_ours = self._database.execute("postpone_due_work", params) == 1
            if is_ours and attempts == 0:
                self._outbox.add_for_admins("job_failed", {"job": kind, "period": period})
