"""Somebody new, from two sides at once: whoever comes second finds them there (SPEC 5, PAYROLL D37, D39)."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from payroll.errors import ConflictError
from payroll.people import JoinRequest, Person
from postgres_service import PostgresService
from tests.databases import connect, fetch_all
from tests.integration.test_concurrency import make_slot, run_at_once
from tests.shift_data import ANN, BEN

ROUNDS = 8
FIRST_NUMBER = 5000


def race(*calls: Callable[[], object]) -> list[object]:
    """What each of them gave, or the error that it was told."""
    return list(run_at_once(calls))


@pytest.fixture
def service(make_service: Callable[..., PostgresService]) -> PostgresService:
    return make_service(pool_size=8)


def test_first_shifts_of_an_unknown_employee_at_once_are_all_recorded(
    service: PostgresService, database: dict[str, Any]
) -> None:
    for who in range(FIRST_NUMBER, FIRST_NUMBER + ROUNDS):
        calls = [partial(service.create_shift, make_slot(number, who=who)) for number in range(6)]
        assert [type(one) for one in race(*calls)] == [int] * 6
        assert fetch_all(database, "SELECT telegram_id FROM employees WHERE employee_id = %s", who) == [(who,)]


def test_a_first_shift_while_its_person_joins_is_of_that_person(
    service: PostgresService, database: dict[str, Any]
) -> None:
    for who in range(FIRST_NUMBER, FIRST_NUMBER + ROUNDS):
        came = race(
            partial(service.create_shift, make_slot(0, who=who)),
            partial(service.people.join, who, "Dana", "en"),
            partial(service.create_shift, make_slot(1, who=who)),
            partial(service.people.join, who, "Dana", "en"),
        )
        assert [type(one) for one in came] == [int, Person, int, Person]
        people = fetch_all(database, "SELECT employee_id FROM employees WHERE telegram_id = %s", who)
        assert people == [(who,)], "one person, by that number and that account"


def test_an_account_is_linked_while_its_holder_joins(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    service.people.join(ANN, "Ann", "en")
    for account in range(FIRST_NUMBER, FIRST_NUMBER + ROUNDS):
        joined, linked = race(
            partial(service.people.join, account, "Ann's new phone", "en"),
            partial(service.staff.link_account, ANN, account, actor=olga),
        )
        assert isinstance(joined, Person)
        assert isinstance(linked, Person)
        holder = service.people.find_by_telegram(account)
        assert holder is not None
        assert holder.employee_id == ANN, "an admin's word counts, whoever came first"


def test_an_account_is_linked_while_a_first_shift_of_its_number_comes_in(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    service.people.join(BEN, "Ben", "en")
    for account in range(FIRST_NUMBER, FIRST_NUMBER + ROUNDS):
        recorded, linked = race(
            partial(service.create_shift, make_slot(0, who=account)),
            partial(service.staff.link_account, BEN, account, actor=olga),
        )
        assert isinstance(recorded, int)
        # Where the shift came first the account has records of its own by then.
        assert isinstance(linked, Person | ConflictError)
        holder = service.people.find_by_telegram(account)
        assert holder is not None
        assert holder.employee_id == (BEN if isinstance(linked, Person) else account)


def test_who_asks_to_join_while_an_admin_decides_has_an_answer(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    for account in range(FIRST_NUMBER, FIRST_NUMBER + ROUNDS):
        request, _ = service.people.request_to_join(account, "Dana", "en")
        asked, decided = race(
            partial(service.people.request_to_join, account, "Dana", "en"),
            partial(service.people.decide, request.request_id, is_approved=False, admin=olga),
        )
        assert isinstance(asked, tuple)
        assert isinstance(asked[0], JoinRequest)
        assert isinstance(decided, tuple)


def test_who_is_made_known_by_another_program_meanwhile_is_found_there(
    service: PostgresService, database: dict[str, Any]
) -> None:
    """A writer that knows nothing of our locks: what it commits first is waited for and taken as it is."""
    with connect(database, autocommit=False) as other:
        other.execute("INSERT INTO employees (employee_id, telegram_id, name) VALUES (5000, 5000, 'Dana')")

        def commit() -> None:
            query = (
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
            while fetch_all(database, query) == [(0,)]:
                pass
            other.commit()

        shift_id, _ = race(partial(service.create_shift, make_slot(0, who=5000)), commit)
    assert isinstance(shift_id, int)
    assert fetch_all(database, "SELECT name FROM employees") == [("Dana",)]
