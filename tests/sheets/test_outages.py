"""Google is slow, busy, away, or does what it does not admit: nothing is doubled, nothing dropped."""

import random
import threading

import pytest

from postgres_service import PostgresService
from sheets_backup.errors import UnavailableError
from sheets_backup.quota import TRIES
from tests.fake_sheets.server import Fault
from tests.sheets.mirrors import Mirror
from tests.sheets.shifts import record

ONCE = [Fault.TOO_MANY, Fault.INTERNAL, Fault.UNAVAILABLE, Fault.REFUSED, Fault.NOT_JSON]
"""Nothing has happened after these."""
APPLIED = [Fault.APPLIED_BUT_UNANSWERED, Fault.APPLIED_BUT_503, Fault.CUT_OFF]


@pytest.mark.parametrize("fault", [*ONCE, *APPLIED])
def test_one_fault_at_each_call_of_a_first_run_changes_nothing(
    mirror: Mirror, service: PostgresService, fault: Fault
) -> None:
    record(service, Model_A="100")
    for place in range(4):
        mirror.fake.faults.extend([None] * place + [fault])
        record(service, place + 3, Model_A="100")
        mirror.run_well()
        mirror.fake.faults.clear()
    shown = [row[0] for row in mirror.book.get_sheet("Shifts").read_all()[1:]]
    assert shown == [1, 2, 3, 4, 5]
    titles = [sheet.title for sheet in mirror.book.sheets]
    assert len(titles) == len(set(titles))
    assert mirror.list_notices("mirror_damage") == []


@pytest.mark.parametrize("fault", APPLIED)
def test_a_copy_that_was_made_without_an_answer_is_made_once(
    mirror: Mirror, service: PostgresService, fault: Fault
) -> None:
    record(service, Model_A="100")
    mirror.run_well()
    before = mirror.read_cells()
    mirror.book.get_sheet("Shifts").put(1, 3, "theirs")
    mirror.fake.standing = lambda path: fault if path.endswith(":batchUpdate") and "values" not in path else None
    mirror.run()
    mirror.fake.standing = None
    mirror.run_well()
    assert mirror.read_cells() == before
    assert len([sheet for sheet in mirror.book.sheets if "(kept" in sheet.title]) == 1
    assert len(mirror.list_notices("mirror_damage")) == 1


def test_a_permanent_503_is_given_up_on(mirror: Mirror) -> None:
    mirror.fake.standing = lambda _: Fault.UNAVAILABLE
    report = mirror.run()
    assert isinstance(report.error, UnavailableError)
    assert mirror.fake.count() == TRIES


def test_a_writing_that_never_is_answered_is_taken_up_by_the_next_run(mirror: Mirror, service: PostgresService) -> None:
    record(service, Model_A="100")
    mirror.run_well()
    mirror.fake.standing = lambda path: Fault.APPLIED_BUT_503 if path.endswith("values:batchUpdate") else None
    service.update_total_sales(1, 200)
    assert mirror.run().error is not None
    service.update_total_sales(1, 300)
    assert mirror.run().error is not None
    service.update_total_sales(1, 400)
    mirror.fake.standing = None
    mirror.run_well()
    assert mirror.book.get_sheet("Shifts").get(1, 7) == 400
    assert mirror.list_notices("mirror_damage") == []


def test_random_faults_in_the_middle_of_changes_end_with_the_sheet_as_the_database(
    mirror: Mirror, service: PostgresService
) -> None:
    rng = random.Random(4)
    mirror.fake.standing = lambda _: rng.choice([*ONCE, *APPLIED]) if rng.random() < 0.6 else None
    for number in range(1, 13):
        record(service, number, Model_A="10")
        mirror.run()
    mirror.fake.standing = None
    mirror.run_well()
    assert [row[0] for row in mirror.book.get_sheet("Shifts").read_all()[1:]] == list(range(1, 13))
    assert mirror.run_well().rows == 0
    assert mirror.list_notices("mirror_damage") == []
    assert mirror.fake.find_busiest_minute(is_write=True) <= 60
    assert mirror.fake.find_busiest_minute(is_write=False) <= 60


def test_the_service_answers_while_google_hangs(mirror: Mirror, service: PostgresService) -> None:
    record(service, Model_A="100")
    hung, let_go = threading.Event(), threading.Event()

    def hang() -> None:
        hung.set()
        assert let_go.wait(20)

    mirror.fake.before_answer = hang
    running = threading.Thread(target=mirror.run)
    running.start()
    try:
        assert hung.wait(20)
        for number in range(3, 8):
            record(service, number, Model_A="100")
        assert running.is_alive()
    finally:
        let_go.set()
        running.join()
    mirror.fake.before_answer = None
    mirror.run_well()
    assert [row[0] for row in mirror.book.get_sheet("Shifts").read_all()[1:]] == list(range(1, 7))


def test_of_two_runs_at_once_one_has_nothing_to_do(mirror: Mirror, service: PostgresService) -> None:
    record(service, Model_A="100")
    inside, let_go = threading.Event(), threading.Event()

    def wait() -> None:
        inside.set()
        assert let_go.wait(20)

    mirror.fake.before_answer = wait
    running = threading.Thread(target=mirror.run)
    running.start()
    try:
        assert inside.wait(20)
        assert "Another run" in str(mirror.run().error)
    finally:
        let_go.set()
        running.join()
