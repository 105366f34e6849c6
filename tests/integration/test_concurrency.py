"""Many at once: one person on many threads or two devices, two promoted, an edit against a delete (PAYROLL D39)."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from payroll.errors import ConflictError, DomainError, ErrorKey
from payroll.shifts import Correction, NewShift
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.shift_data import ANN, BEN, make_drawing_service, make_shift_data

NEW_YORK = ZoneInfo("America/New_York")
THREADS = 16
BONUSES = (("flat", 10), ("percent_next", 1), ("double_commission", None), ("percent_prev", 5), ("percent_all", 5))

Result = TypeVar("Result")


def run_at_once(calls: Sequence[Callable[[], Result]]) -> list[Result | DomainError]:
    """Let threads begin together; what each returned, or the error that it was told."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result | DomainError:
        start.wait(timeout=30)
        try:
            return call()
        except DomainError as error:
            return error

    with ThreadPoolExecutor(max_workers=len(calls)) as threads:
        return list(threads.map(run, calls))


def make_slot(number: int, **more: Any) -> dict[str, object]:
    """A shift of an hour of its own."""
    begin = datetime(2026, 11, 15, 0, 0) + timedelta(hours=number)  # noqa: DTZ001  # a clock on the wall
    end = begin + timedelta(hours=1)
    clocks = {"clock_in": f"{begin:%Y/%m/%d %H:%M:%S}", "clock_out": f"{end:%Y/%m/%d %H:%M:%S}"}
    return {**make_shift_data(**more), **clocks}


def assert_books_are_whole(service: PostgresService, database: dict[str, Any], *people: int) -> None:
    """The chain of each ledger has no gap, it holds what the shifts made, and no bonus is in two places."""
    for employee_id in people:
        made = sum((shift["Total made"] for shift in service.get_last_shifts(employee_id, limit=1000)), Decimal(0))
        lines = fetch_all(
            database,
            "SELECT entry_no, CASE direction WHEN 'credit' THEN units ELSE -units END, balance_after"
            "  FROM balance_transactions JOIN employees USING (sub) WHERE employee_id = %s ORDER BY entry_no",
            employee_id,
        )
        assert [line[0] for line in lines] == list(range(1, len(lines) + 1))
        balance = Decimal(0)
        for _, units, after in lines:
            balance += units
            assert after == balance
        assert balance == made
    sums = fetch_all(
        database,
        "SELECT s.bonus_pay - coalesce(sum(b.amount), 0) FROM shifts s"
        "  LEFT JOIN active_bonuses b ON b.shift_id = s.shift_id WHERE s.status = 'recorded' GROUP BY s.shift_id",
    )
    assert all(difference == 0 for (difference,) in sums)


def test_each_pending_bonus_is_used_by_one_of_many_shifts_at_once(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = make_service(settle_ranks=False, pool_size=THREADS)
    service.create_shift(make_slot(0, who=BEN))
    for bonus in BONUSES:
        service.create_bonus(ANN, *bonus)
    ids = run_at_once([partial(service.create_shift, make_slot(number)) for number in range(THREADS)])
    assert len({shift_id for shift_id in ids if isinstance(shift_id, int)}) == THREADS
    assert service.get_active_bonuses(ANN) == []
    used = Counter(
        bonus["Bonus Type"] for shift_id in ids if isinstance(shift_id, int)
        for bonus in service.get_shift_applied_bonuses(shift_id)
    )  # fmt: skip
    assert used == {bonus_type: 1 for bonus_type, _ in BONUSES}
    assert_books_are_whole(service, database, ANN, BEN)


def test_day_is_priced_as_if_its_shifts_had_come_one_after_the_other(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = make_service(pool_size=THREADS)
    run_at_once([partial(service.create_shift, make_slot(number, products=150)) for number in range(THREADS)])
    shifts = sorted(service.get_last_shifts(ANN, limit=THREADS), key=lambda shift: (shift["recorded_at"], shift["ID"]))
    day_sales = Decimal(0)
    for shift in shifts:
        day_sales += shift["Total sales"]
        rate = 0 if day_sales < 500 else 2 if day_sales < 1000 else 4 if day_sales < 2000 else 6
        assert shift["commission_pct"] - 8 >= rate
    assert_books_are_whole(service, database, ANN)
    assert fetch_all(database, "SELECT count(*) FROM rank_awards WHERE is_drawn") == [(1,)]


def test_two_people_promoted_at_once_each_get_one_bonus(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = make_service(pool_size=4)
    people = [ANN, BEN]
    run_at_once([partial(service.create_shift, make_shift_data(2500, who=who)) for who in people])
    assert fetch_all(database, "SELECT employee_id, count(*) FROM active_bonuses GROUP BY 1 ORDER BY 1") == [
        (ANN, 1), (BEN, 1),
    ]  # fmt: skip
    assert sorted((one.employee_id, one.kind) for one in service.outbox.list_unsent()) == [
        (ANN, "rank_up"), (BEN, "rank_up"),
    ]  # fmt: skip
    assert_books_are_whole(service, database, *people)


def test_one_person_promoted_on_two_devices_gets_one_bonus(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    devices = [make_service(seed=seed) for seed in (1, 2)]
    devices[0].create_default_employee_settings(ANN)
    run_at_once([partial(device.create_shift, make_slot(hour, products=2500)) for hour, device in enumerate(devices)])
    ranks = fetch_all(database, "SELECT rank_id, count(*) FROM active_bonuses GROUP BY 1 ORDER BY 1")
    assert ranks == [(2, 1), (3, 1)], "Hustler by the first of them, Closer by the second"
    assert [one.kind for one in devices[0].outbox.list_unsent()] == ["rank_up", "rank_up"]
    assert_books_are_whole(devices[0], database, ANN)


def test_one_rank_reached_on_two_devices_draws_once(database: dict[str, Any], clock: SteppingClock) -> None:
    devices = [make_drawing_service(database, clock, 0) for _ in range(2)]
    devices[0].create_shift(make_shift_data(1500, day="2026/11/02"))
    run_at_once([partial(device.create_shift, make_slot(hour, products=600)) for hour, device in enumerate(devices)])
    assert fetch_all(database, "SELECT bonus_type, state, rank_id FROM active_bonuses") == [("flat", "applied", 2)]
    assert_books_are_whole(devices[0], database, ANN)
    for device in devices:
        device.close()


@pytest.mark.parametrize("round_", range(5))
def test_edit_against_delete_leaves_one_outcome(
    make_service: Callable[..., PostgresService], database: dict[str, Any], round_: int
) -> None:
    service = make_service(pool_size=4)
    shift_id = service.create_shift(make_shift_data())
    edits: list[Callable[[], object]] = [
        partial(service.update_shift_field, shift_id, "Model A", 700),
        partial(service.update_total_sales, shift_id, 800),
        partial(service.recalculate_worked_hours, shift_id),
        partial(service.shifts.delete, shift_id),
    ]
    *answers, deleted = run_at_once(edits)
    assert all(answer in (True, False) for answer in answers), "False says that there is no such shift any more"
    assert not isinstance(deleted, DomainError)
    assert service.get_shift_by_id(shift_id) is None
    assert service.statistics.get_balance(ANN) == 0
    assert_books_are_whole(service, database, ANN)


def test_shift_is_deleted_once(make_service: Callable[..., PostgresService], database: dict[str, Any]) -> None:
    service = make_service(pool_size=8)
    service.create_bonus(ANN, "flat", 10)
    shift_id = service.create_shift(make_shift_data())
    answers = run_at_once([partial(service.shifts.delete, shift_id)] * 8)
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert len(refused) == 7
    assert {error.key for error in refused} == {ErrorKey.SHIFT_UNKNOWN}
    assert service.statistics.get_balance(ANN) == 0
    assert len(service.get_active_bonuses(ANN)) == 1


def test_two_corrections_of_different_fields_are_both_kept(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = make_service(pool_size=8)
    shift_id = service.create_shift(make_shift_data(0))
    names = service.get_products()
    run_at_once([partial(service.update_shift_field, shift_id, name, 100) for name in names])
    shift = service.get_shift_by_id(shift_id)
    assert shift is not None
    assert shift["products"] == {name: Decimal(100) for name in names}
    assert_books_are_whole(service, database, ANN)


def test_same_request_from_twenty_threads_is_one_shift(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = make_service(pool_size=8)
    service.create_bonus(ANN, "flat", 10)
    service.create_bonus(ANN, "double_commission")
    answers = run_at_once([partial(service.create_shift, make_shift_data(request_id="tap"))] * 20)
    assert len({answer for answer in answers if isinstance(answer, int)}) == 1
    assert not [answer for answer in answers if isinstance(answer, DomainError)]
    assert len(service.get_all_shifts()) == 1
    assert_books_are_whole(service, database, ANN)


def test_of_two_people_with_one_request_at_once_one_is_told_that_it_is_used(
    make_service: Callable[..., PostgresService],
) -> None:
    service = make_service(pool_size=THREADS)
    for employee_id in (ANN, BEN):
        service.create_default_employee_settings(employee_id)
    for hour in range(10):
        tap = {"request_id": f"tap {hour}", "start": f"{hour:02}:00", "end": f"{hour + 1:02}:00"}
        answers = run_at_once([partial(service.create_shift, make_shift_data(who=who, **tap)) for who in (ANN, BEN)])
        [error] = [answer for answer in answers if isinstance(answer, DomainError)]
        assert (error.key, error.field) == (ErrorKey.VALUE_INVALID, "request_id")
    assert len(service.get_all_shifts()) == 10


def test_same_request_of_an_unknown_employee_from_twenty_threads_is_one_shift(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = make_service(pool_size=8)
    answers = run_at_once([partial(service.create_shift, make_shift_data(request_id="tap"))] * 20)
    assert len(set(map(str, answers))) == 1
    assert fetch_all(database, "SELECT count(*) FROM shifts") == [(1,)]
    assert_books_are_whole(service, database, ANN)


def test_a_wage_and_a_base_rate_at_once_are_both_set(make_service: Callable[..., PostgresService]) -> None:
    service = make_service(pool_size=THREADS)
    for employee_id in range(1, 16):
        service.create_default_employee_settings(employee_id)
        run_at_once([
            partial(service.set_employee_settings, employee_id, hourly_wage=Decimal(20)),
            partial(service.set_employee_settings, employee_id, base_pct=Decimal(10)),
        ])  # fmt: skip
        settings = service.get_employee_settings(employee_id)
        assert settings is not None
        assert (settings["Hourly wage"], settings["Sales commission"]) == (Decimal(20), Decimal(10))


def test_of_overlapping_shifts_at_once_one_is_recorded(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = make_service(pool_size=THREADS)
    service.create_default_employee_settings(ANN)
    calls = [partial(service.create_shift, make_shift_data(start=f"09:{minute:02}")) for minute in range(THREADS)]
    answers = run_at_once(calls)
    refused = [answer for answer in answers if isinstance(answer, DomainError)]
    assert len(refused) == THREADS - 1
    assert all(isinstance(error, ConflictError) and error.key == ErrorKey.SHIFT_OVERLAPS for error in refused)
    assert len(service.get_all_shifts()) == 1
    assert_books_are_whole(service, database, ANN)


def test_one_of_many_taps_starts_the_running_shift_and_one_finishes_it(
    make_service: Callable[..., PostgresService], database: dict[str, Any], clock: SteppingClock
) -> None:
    service = make_service(pool_size=8)
    service.create_default_employee_settings(ANN)
    begun = clock.now
    started = run_at_once([partial(service.shifts.start_running, ANN, begun)] * 8)
    assert sum(not isinstance(answer, DomainError) for answer in started) == 1
    running = service.shifts.find_running(ANN)
    assert running is not None
    clock.move(hours=1)
    new = NewShift(ANN, begun, clock.now, {1: Decimal("500.00")}, running_shift_id=running.shift_id)
    finished = run_at_once([partial(service.shifts.record, new)] * 8)
    assert sum(not isinstance(answer, DomainError) for answer in finished) == 1
    assert len(service.get_all_shifts()) == 1
    assert_books_are_whole(service, database, ANN)


def test_bonus_is_not_used_by_hand_and_by_a_new_shift_at_once(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = make_service(pool_size=4)
    shift_id = service.create_shift(make_slot(0))
    bonus_id = service.create_bonus(ANN, "flat", 10)
    calls: list[Callable[[], object]] = [
        partial(service.apply_bonus, bonus_id, shift_id),
        partial(service.create_shift, make_slot(1)),
    ]
    run_at_once(calls)
    assert sum(len(service.get_shift_applied_bonuses(shift["ID"])) for shift in service.get_all_shifts()) == 1
    assert_books_are_whole(service, database, ANN)


def test_moves_between_months_at_once_keep_both_months_right(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = make_service(pool_size=8)
    ids = [service.create_shift(make_slot(number, products=900)) for number in range(6)]

    def move(number: int) -> None:
        begin = datetime(2026, 10, 20, number, tzinfo=NEW_YORK)
        service.shifts.edit(ids[number], Correction(time_in=begin, time_out=begin + timedelta(hours=1)))

    run_at_once([partial(move, number) for number in range(6)])
    ranks = [service.get_employee_rank(ANN, 2026, month) for month in (10, 11)]
    assert [rank["Current Rank"] for rank in ranks if rank] == ["Closer", "Rookie"]
    assert [service.determine_rank(ANN, 2026, month) for month in (10, 11)] == ["Closer", "Rookie"]
    assert_books_are_whole(service, database, ANN)


def test_reading_while_others_write_shows_whole_shifts(
    make_service: Callable[..., PostgresService], database: dict[str, Any]
) -> None:
    service = make_service(pool_size=8)
    people = [1000 + number for number in range(8)]

    def write(who: int) -> None:
        for number in range(10):
            shift_id = service.create_shift(make_slot(number, who=who, products={"Model A": 300, "Model B": 300}))
            service.update_shift_field(shift_id, "Model A", 200)

    def look() -> None:
        for _ in range(30):
            for shift in service.get_all_shifts():
                assert shift["Total sales"] == sum(shift["products"].values())
                assert shift["Total made"] >= shift["Total per hour"] + shift["Commissions"]

    calls: list[Callable[[], None]] = [*[partial(write, who) for who in people], *[look] * 4]
    answers = run_at_once(calls)
    assert answers == [None] * len(answers)
    assert len(service.get_all_shifts()) == 80
    assert_books_are_whole(service, database, *people)
