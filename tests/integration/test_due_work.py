"""What is due is done once for each period that has ended, whoever looks, whenever, and however often."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import psycopg
import pytest

from payroll.business_time import BusinessZone
from payroll.errors import ConflictError, ErrorKey
from payroll.schedule import Every
from postgres_service import PostgresService
from repository.due_work import Job
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.shift_data import make_shift_data
from tests.time.years import live_through


class Diary:
    """A job that writes down what it did."""

    def __init__(
        self,
        kind: str = "statement",
        every: Every = Every.DAY,
        *,
        is_latest_enough: bool = False,
        tell: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.done: list[str] = []
        self._tell = tell
        self.failures: list[Exception] = []
        self.job = Job(kind, every, self._do, is_latest_enough=is_latest_enough)

    def look(self, service: PostgresService) -> list[str]:
        """Plan and do all there is; what was done at this look."""
        before = len(self.done)
        service.due_work.plan(self.job)
        while service.due_work.do_next({self.job.kind: self.job}) is not None:
            pass
        return self.done[before:]

    def _do(self, period: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.done.append(period)
        self._tell(period)


def list_rows(database: dict[str, Any]) -> list[tuple[Any, ...]]:
    return fetch_all(database, "SELECT kind, period, state, attempts FROM due_work ORDER BY kind, period")


def list_told(database: dict[str, Any]) -> list[tuple[Any, ...]]:
    return fetch_all(database, "SELECT kind, payload FROM outbox ORDER BY outbox_id")


def test_a_job_begins_when_it_is_first_seen_and_nothing_before_is_due(service: PostgresService) -> None:
    assert Diary().look(service) == []


def test_each_day_is_done_once_after_it_has_ended(service: PostgresService, clock: SteppingClock) -> None:
    diary = Diary()
    diary.look(service)
    clock.move(hours=3)
    assert diary.look(service) == []
    clock.move(hours=1)  # midnight in New York
    assert diary.look(service) == ["2026-11-16"]
    assert diary.look(service) == []


def test_after_a_pause_every_day_that_was_missed_is_made_up_for(service: PostgresService, clock: SteppingClock) -> None:
    diary = Diary()
    diary.look(service)
    clock.move(days=3)
    assert diary.look(service) == ["2026-11-16", "2026-11-17", "2026-11-18"]


def test_where_only_how_things_are_counts_a_pause_is_made_up_for_by_one(
    service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    diary = Diary("reconcile", Every.HOUR, is_latest_enough=True)
    diary.look(service)
    clock.move(days=3)
    assert diary.look(service) == ["2026-11-20T00Z"]
    clock.move(hours=1)
    service.due_work.plan(diary.job)
    clock.move(hours=1)
    assert diary.look(service) == ["2026-11-20T02Z"]
    assert ("reconcile", "2026-11-20T01Z", "failed", 0) in list_rows(database)


def test_a_clock_put_back_a_little_does_nothing_twice(service: PostgresService, clock: SteppingClock) -> None:
    diary = Diary()
    diary.look(service)
    clock.move(hours=4, minutes=30)
    assert diary.look(service) == ["2026-11-16"]
    clock.move(hours=-1)
    assert diary.look(service) == []
    clock.move(hours=1)
    assert diary.look(service) == []


def test_what_was_done_by_a_clock_that_was_ahead_is_done_again_in_its_time_and_said_as_a_repeat(
    service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    service.people.ensure_owner(9001, "Olga")
    diary = Diary(tell=lambda day: service.outbox.add_for_admins("day", {"day": day}))
    diary.look(service)
    clock.move(days=2)
    assert diary.look(service) == ["2026-11-16", "2026-11-17"]
    clock.move(days=-2, hours=-12)
    assert diary.look(service) == []
    clock.move(hours=7)
    assert diary.look(service) == []
    clock.move(hours=10)
    assert diary.look(service) == ["2026-11-16"]
    clock.move(days=2)
    assert diary.look(service) == ["2026-11-17", "2026-11-18"]
    first = [("day", {"day": f"2026-11-{day}"}) for day in (16, 17)]
    again = [("day", {"day": f"2026-11-{day}", "is_repeat": True}) for day in (16, 17)]
    assert list_told(database) == [*first, *again, ("day", {"day": "2026-11-18"})]
    clock.move(days=-1)
    assert diary.look(service) == []


def test_what_was_done_in_time_is_not_done_again_for_a_clock_that_is_behind_for_a_while(
    service: PostgresService, clock: SteppingClock
) -> None:
    diary = Diary()
    diary.look(service)
    clock.move(days=2)
    assert diary.look(service) == ["2026-11-16", "2026-11-17"]
    for days in (3, 2):
        clock.move(days=-days)
        assert diary.look(service) == []
        clock.move(days=days)
        assert diary.look(service) == []
    clock.move(days=1)
    assert diary.look(service) == ["2026-11-18"]


def test_a_job_first_seen_by_a_clock_far_ahead_begins_anew_when_the_clock_is_right(
    service: PostgresService, clock: SteppingClock
) -> None:
    diary = Diary("statement", Every.MONTH)
    today = clock.now
    clock.now = datetime(2099, 5, 5, tzinfo=UTC)
    diary.look(service)
    clock.now = today
    assert diary.look(service) == []
    clock.move(days=15)
    assert diary.look(service) == ["2026-11"]


def test_what_fails_leaves_nothing_behind_is_tried_again_later_and_told_to_the_admins_once(
    service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    service.people.ensure_owner(9001, "Olga")
    diary = Diary()

    def write_and_fail(period: str) -> None:
        service.outbox.add_for_admins("welcome", {})
        diary.job.do(period)

    job = Job("statement", Every.DAY, write_and_fail)
    service.due_work.plan(job)
    clock.move(hours=4)
    service.due_work.plan(job)
    diary.failures += [ZeroDivisionError("a reason"), ZeroDivisionError("another")]
    for minutes in (1, 2):
        with pytest.raises(ZeroDivisionError):
            service.due_work.do_next({"statement": job})
        assert service.due_work.do_next({"statement": job}) is None, "it waits"
        clock.move(minutes=minutes)
    reasons = fetch_all(database, "SELECT error FROM due_work WHERE state = 'waiting'")
    assert reasons == [("ZeroDivisionError: another",)]
    assert [failing.attempts for failing in service.due_work.list_failing()] == [2]
    assert list_told(database) == [("job_failed", {"job": "statement", "period": "2026-11-16"})]
    assert service.due_work.do_next({"statement": job}) == ("statement", "2026-11-16")
    assert [kind for kind, _ in list_told(database)] == ["job_failed", "welcome"]
    assert service.due_work.list_failing() == []


def test_a_clock_put_back_puts_off_no_second_try(service: PostgresService, clock: SteppingClock) -> None:
    diary = Diary()
    diary.look(service)
    clock.move(days=1)
    diary.failures.append(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        diary.look(service)
    clock.move(hours=-6)
    assert diary.look(service) == ["2026-11-16"]


def test_what_a_clock_noted_that_was_ahead_is_done_when_its_time_has_come(
    service: PostgresService, clock: SteppingClock
) -> None:
    diary = Diary()
    diary.look(service)
    clock.move(hours=4)
    service.due_work.plan(diary.job)
    clock.move(hours=-2)
    assert diary.look(service) == []
    clock.move(hours=2)
    assert diary.look(service) == ["2026-11-16"]


def test_what_the_database_itself_refuses_is_kept_with_its_reason_too(
    service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    def break_a_rule(_period: str) -> None:
        service.outbox.add(404, "welcome", {})  # nobody has that number

    job = Job("statement", Every.DAY, break_a_rule)
    service.due_work.plan(job)
    clock.move(days=1)
    service.due_work.plan(job)
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        service.due_work.do_next({"statement": job})
    ((reason,),) = fetch_all(database, "SELECT error FROM due_work WHERE state = 'waiting'")
    assert reason.startswith("ForeignKeyViolation")


def test_two_processes_that_look_at_once_do_everything_once(
    make_service: Callable[..., PostgresService], clock: SteppingClock, database: dict[str, Any]
) -> None:
    services = [make_service(), make_service(), make_service()]
    diary = Diary("statement", Every.DAY)
    diary.look(services[0])
    clock.move(days=60)
    barrier = threading.Barrier(len(services))
    looks = [threading.Thread(target=lambda one=one: (barrier.wait(), diary.look(one))) for one in services]
    for look in looks:
        look.start()
    for look in looks:
        look.join()
    assert len(diary.done) == 60
    assert sorted(diary.done) == sorted(set(diary.done))
    assert {(state, attempts) for _, _, state, attempts in list_rows(database)} == {("done", 0)}


def test_what_another_process_is_at_is_left_to_it(
    make_service: Callable[..., PostgresService], clock: SteppingClock
) -> None:
    first, second = make_service(), make_service()
    begun, may_end = threading.Event(), threading.Event()

    def take_long(_period: str) -> None:
        begun.set()
        assert may_end.wait(20)

    job = Job("reconcile", Every.HOUR, take_long, is_latest_enough=True)
    first.due_work.plan(job)
    clock.move(hours=1)
    first.due_work.plan(job)
    working = threading.Thread(target=first.due_work.do_next, args=[{"reconcile": job}])
    working.start()
    assert begun.wait(20)
    clock.move(hours=1)
    assert second.due_work.plan(job) == ["2026-11-17T02Z"], "nor is it given up"
    other = Diary("reconcile", Every.HOUR)
    assert second.due_work.do_next({"reconcile": other.job}) == ("reconcile", "2026-11-17T02Z")
    assert second.due_work.do_next({"reconcile": other.job}) is None
    may_end.set()
    working.join()
    assert other.done == ["2026-11-17T02Z"]


def test_old_rows_go_and_what_comes_next_is_due_all_the_same(
    service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    diary = Diary()
    diary.look(service)
    clock.move(days=5)
    assert len(diary.look(service)) == 5
    clock.move(days=400)
    service.purge.run()
    assert list_rows(database) == [("statement", "2026-11-20", "done", 0)]
    assert len(diary.look(service)) == 400


def test_what_waits_for_somebody_is_not_purged(
    service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    owner = service.people.ensure_owner(9001, "Olga")
    fetch_all(
        database,
        "INSERT INTO inbox (update_id, payload, state, error, done_at) VALUES"
        " (1, NULL, 'done', NULL, %s), (2, '{}', 'dead', 'reason', %s), (3, '{}', 'waiting', NULL, NULL) RETURNING 1",
        clock.now, clock.now,
    )  # fmt: skip
    for _ in range(3):
        service.outbox.add(owner.employee_id, "welcome", {})
    fetch_all(
        database,
        "UPDATE outbox SET sent_at = CASE outbox_id WHEN 1 THEN %s::timestamptz END,"
        " failed_at = CASE outbox_id WHEN 2 THEN %s::timestamptz END, error = 'gone' RETURNING 1",
        clock.now, clock.now,
    )  # fmt: skip
    service.drafts.open(owner.employee_id, "new", "day", {})
    fetch_all(database, "UPDATE drafts SET updated_at = %s RETURNING 1", clock.now)
    clock.move(days=5)
    assert service.purge.run() == 0
    clock.move(days=3)
    assert service.purge.run() == 3
    assert fetch_all(database, "SELECT update_id FROM inbox ORDER BY update_id") == [(2,), (3,)]
    assert fetch_all(database, "SELECT outbox_id FROM outbox") == [(3,)]
    clock.move(days=30)
    assert service.purge.run() == 1
    assert fetch_all(database, "SELECT 1 FROM drafts") == []


def test_now_is_refused_while_the_clock_lies_before_what_is_recorded(
    service: PostgresService, clock: SteppingClock
) -> None:
    assert service.present.read_now() == clock.now
    service.create_shift(make_shift_data())
    clock.move(hours=-23)
    service.present.read_now()
    clock.move(hours=-2)
    with pytest.raises(ConflictError) as refusal:
        service.present.read_now()
    assert refusal.value.key is ErrorKey.CLOCK_WRONG
    clock.now += timedelta(hours=30)
    service.present.read_now()


def test_now_is_refused_by_a_clock_that_was_never_set(service: PostgresService, clock: SteppingClock) -> None:
    clock.now = datetime(1970, 1, 1, 0, 5, tzinfo=UTC)
    with pytest.raises(ConflictError) as refusal:
        service.present.read_now()
    assert refusal.value.key is ErrorKey.CLOCK_WRONG
    assert refusal.value.value == "1969/12/31 19:05:00"


@pytest.mark.parametrize("seed", range(3))
def test_no_month_end_and_no_pay_day_of_a_spring_is_missed_or_done_twice(database: dict[str, Any], seed: int) -> None:
    zone = BusinessZone.named("America/New_York")
    counts = live_through(database, zone, date(2024, 1, 1), date(2024, 6, 2), seed=seed)
    assert (counts["months done"], counts["pay days done"], counts["days done"]) == (5, 10, 153)
    assert counts["times off for three days"] >= 4
    assert counts["looks with a wrong clock"] > 0
