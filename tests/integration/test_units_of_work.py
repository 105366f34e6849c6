"""A unit of work whose connection is lost, or that is in a deadlock, is tried again as a whole: it happens once."""

import threading
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from psycopg import OperationalError

from payroll.errors import (
    ConflictError,
    DomainError,
    ErrorKey,
    ForbiddenError,
    InvalidInputError,
    UnavailableError,
    UnitUndoneError,
)
from postgres_service import PostgresService
from repository.errors import translate
from repository.inbox import RawUpdate
from tests.clock import SteppingClock
from tests.databases import DatabaseServer, connect, fetch_all
from tests.owners import FIRST_HALF, hire_owner
from tests.shift_data import ANN, BEN, make_shift_data

Make = Callable[..., PostgresService]
MODEL_A = 1


def count_shifts(database: dict[str, Any]) -> int:
    ((count,),) = fetch_all(database, "SELECT count(*) FROM shifts")
    return int(count)


def cut_all_connections(server: DatabaseServer, database: dict[str, Any]) -> None:
    """As a restart of the server does."""
    with connect(server.maker) as maker:
        maker.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()",
            [database["database"]],
        )


def test_a_connection_that_was_lost_before_is_not_noticed_by_anybody(
    service: PostgresService, server: DatabaseServer, database: dict[str, Any]
) -> None:
    service.create_shift(make_shift_data())
    cut_all_connections(server, database)
    assert service.get_shift_by_id(1) is not None
    cut_all_connections(server, database)
    assert service.create_shift(make_shift_data(day="2026/11/12")) == 2
    assert count_shifts(database) == 2


def test_a_connection_lost_within_a_change_makes_the_change_once(
    service: PostgresService, server: DatabaseServer, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.create_shift(make_shift_data())
    clock, cuts = service.rules.clock, iter((1, 2))
    reader = service.shifts._reader
    read_book = reader.read

    def read_and_cut(*args: Any, **more: Any) -> Any:
        found = read_book(*args, **more)
        if next(cuts, None):
            cut_all_connections(server, database)
        return found

    monkeypatch.setattr(reader, "read", read_and_cut)
    service.create_shift(make_shift_data(700, day="2026/11/12"))
    monkeypatch.undo()
    assert count_shifts(database) == 2
    lines = fetch_all(database, "SELECT ref FROM balance_transactions ORDER BY entry_no")
    assert len({ref for (ref,) in lines}) == len(lines) == 2
    assert service.rules.clock is clock


def test_a_server_that_dies_while_it_commits_is_asked_whether_it_did(
    service: PostgresService, server: DatabaseServer, database: dict[str, Any]
) -> None:
    """The backend ends itself at the first commit of a shift, before it is one."""
    with connect({**server.maker, "database": database["database"]}) as maker:
        maker.execute(
            """
            CREATE SEQUENCE deaths;
            GRANT USAGE, SELECT ON SEQUENCE deaths TO PUBLIC;
            CREATE FUNCTION die_once() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
            BEGIN
                IF nextval('public.deaths') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
                RETURN NULL;
            END $$;
            CREATE CONSTRAINT TRIGGER die_at_commit AFTER INSERT ON shifts
                DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION die_once();
            """
        )
    service.create_shift(make_shift_data())
    assert count_shifts(database) == 1
    assert fetch_all(database, "SELECT count(*), sum(units) FROM balance_transactions") == [(1, Decimal("160.00"))]
    assert fetch_all(database, "SELECT last_value FROM deaths") == [(2,)]


def test_the_victim_of_a_deadlock_tries_again_and_both_go_through(make_service: Make, database: dict[str, Any]) -> None:
    service = make_service()
    for telegram_id, name in ((1, "Alice"), (2, "Boris")):
        service.people.join(telegram_id, name, "en")
    meet = threading.Barrier(2, timeout=20)
    runs: list[int] = []

    def lock_both(first: int, second: int) -> None:
        is_first_run = True

        def work() -> None:
            nonlocal is_first_run
            runs.append(first)
            service._database.fetch_one("lock_employee", {"employee_id": first})
            if is_first_run:
                is_first_run = False
                meet.wait()
            service._database.fetch_one("lock_employee", {"employee_id": second})

        service._database.run_unit(work)

    threads = [threading.Thread(target=lock_both, args=pair) for pair in ((1, 2), (2, 1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    # The victim once more, or twice where it is so quick that both meet again.
    assert sorted(set(runs)) == [1, 2]
    assert len(runs) > 2


def test_a_caller_s_own_transaction_is_not_run_twice_behind_their_back(
    service: PostgresService, server: DatabaseServer, database: dict[str, Any]
) -> None:
    def record_two() -> None:
        with service.transaction():
            service.create_shift(make_shift_data())
            cut_all_connections(server, database)
            service.create_shift(make_shift_data(day="2026/11/12"))

    with pytest.raises(UnavailableError):
        record_two()
    assert count_shifts(database) == 0


class TestTheSameRequestAgain:
    def test_with_the_same_shift_gives_its_number(self, service: PostgresService, database: dict[str, Any]) -> None:
        first = service.create_shift(make_shift_data(request_id="r"))
        assert service.create_shift(make_shift_data(request_id="r")) == first
        assert count_shifts(database) == 1

    def test_is_still_the_same_after_the_shift_was_corrected(self, service: PostgresService) -> None:
        first = service.create_shift(make_shift_data(request_id="r"))
        service.update_total_sales(first, "50")
        assert service.create_shift(make_shift_data(request_id="r")) == first

    @pytest.mark.parametrize(
        "other",
        [{"products": 501}, {"end": "17:01"}, {"note": "another"}],
        ids=["other sales", "another end", "a note"],
    )
    def test_with_another_shift_is_refused(
        self, service: PostgresService, database: dict[str, Any], other: dict[str, Any]
    ) -> None:
        first = service.create_shift(make_shift_data(request_id="r"))
        with pytest.raises(ConflictError) as refused:
            service.create_shift(make_shift_data(**{"request_id": "r", **other}))
        assert refused.value.key is ErrorKey.REQUEST_DIFFERS
        assert str(refused.value).startswith(
            f"request_id: r (allowed: what it asked for before, which is shift {first}"
        )
        assert count_shifts(database) == 1

    @pytest.mark.parametrize("change", ["deactivated", "renamed"])
    def test_is_still_the_same_after_what_it_sold_was(
        self, service: PostgresService, database: dict[str, Any], change: str
    ) -> None:
        olga = hire_owner(service)
        service.create_default_employee_settings(BEN)
        first = service.create_shift(make_shift_data(request_id="r"))
        if change == "deactivated":
            service.products.set_active(MODEL_A, is_active=False, actor=olga)
        else:
            service.products.rename(MODEL_A, "Model Z", actor=olga)
        assert service.create_shift(make_shift_data(request_id="r")) == first
        with pytest.raises(InvalidInputError):
            service.create_shift(make_shift_data(request_id="s", day="2026/11/12"))
        with pytest.raises(ConflictError, match="request_id"):
            service.create_shift(make_shift_data(request_id="r", who=BEN))
        assert count_shifts(database) == 1

    def test_is_still_the_same_after_the_clock_went_back(
        self, service: PostgresService, database: dict[str, Any], clock: SteppingClock
    ) -> None:
        first = service.create_shift(make_shift_data(request_id="r"))
        clock.move(days=-3)
        assert service.create_shift(make_shift_data(request_id="r")) == first
        with pytest.raises(InvalidInputError) as refused:
            service.create_shift(make_shift_data(request_id="s"))
        assert refused.value.key is ErrorKey.TIME_IN_FUTURE
        assert count_shifts(database) == 1

    @pytest.mark.parametrize("other", [{"products": 501}, {"end": "17:01"}], ids=["other sales", "another end"])
    def test_with_another_shift_is_refused_also_where_it_could_not_be_recorded(
        self, service: PostgresService, clock: SteppingClock, other: dict[str, Any]
    ) -> None:
        service.create_shift(make_shift_data(request_id="r"))
        service.products.set_active(MODEL_A, is_active=False, actor=hire_owner(service))
        clock.move(days=-3)
        with pytest.raises(ConflictError) as refused:
            service.create_shift(make_shift_data(**{"request_id": "r", **other}))
        assert refused.value.key is ErrorKey.REQUEST_DIFFERS

    def test_with_what_was_never_a_shift_is_refused_for_what_it_is(self, service: PostgresService) -> None:
        service.create_shift(make_shift_data(request_id="r"))
        with pytest.raises(InvalidInputError) as refused:
            service.create_shift(make_shift_data({"Model A": -1}, request_id="r"))
        assert refused.value.key is ErrorKey.AMOUNT_NEGATIVE


def test_what_is_rehearsed_gives_what_it_would_do_and_is_undone(
    service: PostgresService, database: dict[str, Any]
) -> None:
    with service.transaction():
        kept = service.create_shift(make_shift_data())
        with service.rehearsal():
            rehearsed = service.create_shift(make_shift_data(700, day="2026/11/12"))
            assert service.get_shift_by_id(rehearsed) is not None
    with service.rehearsal():
        service.create_shift(make_shift_data(300, day="2026/11/11"))
    with pytest.raises(ConflictError), service.rehearsal():
        service.create_shift(make_shift_data())
    assert fetch_all(database, "SELECT shift_id FROM shifts") == [(kept,)]


def test_previews_and_refused_shifts_use_up_no_number(service: PostgresService, clock: SteppingClock) -> None:
    owner = hire_owner(service)
    first = service.create_shift(make_shift_data(request_id="r"))
    for day in range(2, 7):
        with service.rehearsal():
            ids = [service.create_shift(make_shift_data(day=f"2026/11/{day:02}", start=at, end=f"{at[:2]}:30"))
                   for at in ("09:00", "11:00")]  # fmt: skip
            assert len(set(ids)) == len([service.get_shift_by_id(one) for one in ids]) == 2
    for refused in (
        make_shift_data(),
        make_shift_data(day="2026/11/12", start="25:00"),
        make_shift_data(day="2026/11/30"),
        make_shift_data({"Model A": -1}, day="2026/11/12"),
    ):
        with pytest.raises(DomainError):
            service.create_shift(refused)
    assert service.create_shift(make_shift_data(request_id="r")) == first
    assert service.create_shift(make_shift_data(day="2026/11/12")) == first + 1
    service.periods.close(FIRST_HALF, actor=owner)
    service.staff.leave(ANN, date(2026, 11, 16), actor=owner)
    clock.move(days=1)
    for closed_or_later in ("2026/11/13", "2026/11/17"):
        with pytest.raises(DomainError):
            service.create_shift(make_shift_data(day=closed_or_later))
    assert service.create_shift(make_shift_data(who=BEN, day="2026/11/15")) == first + 2


def test_previews_at_the_same_time_do_not_wait_for_each_other(service: PostgresService) -> None:
    for who in (ANN, BEN):
        service.create_shift(make_shift_data(who=who))
    with service.transaction(), service.rehearsal():
        service.create_shift(make_shift_data(day="2026/11/12"))

        def rehearse_too() -> None:
            with service.rehearsal():
                service.create_shift(make_shift_data(who=BEN, day="2026/11/12"))

        other = threading.Thread(target=rehearse_too)
        other.start()
        other.join(2)
        assert not other.is_alive()


# --- parts of a unit -------------------------------------------------------------------------------------------------


def test_a_part_that_only_reads_costs_no_query_more(service: PostgresService, database: dict[str, Any]) -> None:
    with service.transaction(), service.savepoint(is_careful=False), service.savepoint(is_careful=False):
        assert service.people.find_by_telegram(1) is None
        (found,) = fetch_all(database, "SELECT query FROM pg_stat_activity WHERE state = 'idle in transaction'")
    assert "SAVEPOINT" not in found[0]


@pytest.mark.parametrize("is_careful", [True, False])
def test_what_a_failing_part_wrote_is_undone_and_what_was_written_around_it_stays(
    service: PostgresService, *, is_careful: bool
) -> None:
    def fail(*before: int) -> None:
        with service.savepoint(is_careful=is_careful):
            for number in before:
                service.people.join(number, "Boris", "en")
            service.people.accept_invite("a code that nobody has", 3, "Cora", "en")

    with service.transaction():
        service.people.join(1, "Alice", "en")
        with service.savepoint(is_careful=is_careful):
            with pytest.raises(ForbiddenError):
                fail(2)
            service.people.join(4, "Dora", "en")
        with pytest.raises(ForbiddenError):
            fail()
    assert [service.people.find_by_telegram(number) is not None for number in (1, 2, 4)] == [True, False, True]


def test_a_rehearsal_within_a_part_that_has_not_written_yet_leaves_nothing(service: PostgresService) -> None:
    with service.transaction(), service.savepoint(is_careful=False):
        with service.rehearsal():
            service.people.join(1, "Alice", "en")
        service.people.join(2, "Boris", "en")
    assert [service.people.find_by_telegram(number) is not None for number in (1, 2)] == [False, True]


def test_a_query_that_postgresql_refuses_undoes_a_part_or_the_whole_unit(service: PostgresService) -> None:
    def join_and_ask(number: int, *, is_careful: bool) -> None:
        with service.transaction():
            service.people.join(number, "Alice", "en")
            with service.savepoint(is_careful=is_careful):
                service._database.fetch_one("select_person_by_telegram", {"telegram_id": "no number"})

    with pytest.raises(UnitUndoneError):
        join_and_ask(1, is_careful=False)
    with service.transaction(), pytest.raises(InvalidInputError):
        join_and_ask(2, is_careful=True)
    assert [service.people.find_by_telegram(number) is not None for number in (1, 2)] == [False, True]


def test_updates_that_may_have_been_kept_are_all_handed_on(
    service: PostgresService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection is lost when they are in the table: asked again, it gives those that wait."""
    updates = [RawUpdate(number, 7, "{}") for number in (1, 2)]
    read = service._database._read

    def lose_the_answer(*arguments: Any) -> Any:
        read(*arguments)
        monkeypatch.undo()
        gone = OperationalError("the connection is lost")
        raise translate(gone) from gone

    monkeypatch.setattr(service._database, "_read", lose_the_answer)
    assert [one.update_id for one in service.inbox.store(updates)] == [1, 2]
    assert service.inbox.store(updates) == []
