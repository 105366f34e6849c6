"""People: names that nobody should have, and admins who are none by the time they act."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from payroll.errors import ConflictError, ErrorKey, ForbiddenError, InvalidInputError
from payroll.people import Person
from postgres_service import PostgresService
from tests.databases import connect, fetch_all

HOSTILE = "Al\x00i\nce\ud800 \u202e"


@pytest.fixture
def olga(service: PostgresService) -> Person:
    """The owner, as an update saw her when it came in."""
    return service.people.ensure_owner(9001, "Olga")


def demote(database: dict[str, Any]) -> None:
    with connect(database) as connection:
        connection.execute("UPDATE employees SET role = 'employee' WHERE employee_id = 9001")


def dismiss(database: dict[str, Any]) -> None:
    with connect(database) as connection:
        connection.execute(
            "UPDATE employees SET status = 'left', left_date = %s WHERE employee_id = 9001", [date(2026, 11, 1)]
        )


@pytest.mark.parametrize("fall", [demote, dismiss])
def test_who_was_an_admin_a_moment_ago_lets_nobody_in(
    service: PostgresService, database: dict[str, Any], olga: Person, fall: Any
) -> None:
    request, _ = service.people.request_to_join(5005, "Dana", "en")
    fall(database)
    with pytest.raises(ForbiddenError):
        service.people.decide(request.request_id, is_approved=True, admin=olga)
    with pytest.raises(ForbiddenError):
        service.people.create_invite(olga)
    assert service.people.find_by_telegram(5005) is None
    assert service.people.list_open_requests() == [request]
    assert fetch_all(database, "SELECT count(*) FROM invites") == [(0,)]


def test_an_employee_lets_nobody_in(service: PostgresService, olga: Person) -> None:
    alice = service.people.join(1001, "Alice", "en")
    request, _ = service.people.request_to_join(5005, "Dana", "en")
    with pytest.raises(ForbiddenError) as caught:
        service.people.decide(request.request_id, is_approved=True, admin=alice)
    assert caught.value.key is ErrorKey.NOT_ALLOWED
    with pytest.raises(ForbiddenError):
        service.people.create_invite(alice)
    assert service.people.decide(request.request_id, is_approved=False, admin=olga)[0].state == "rejected"


def test_a_request_that_nobody_made_cannot_be_decided(service: PostgresService, olga: Person) -> None:
    with pytest.raises(ConflictError):
        service.people.decide("made-up", is_approved=True, admin=olga)


@pytest.mark.parametrize("language", [None, "en", "pt-br", "x" * 100_000, "e\x00", "\ud800n", "", "../../en"])
def test_names_and_languages_are_cleaned_where_they_come_in(service: PostgresService, language: str | None) -> None:
    asked, _ = service.people.request_to_join(5005, HOSTILE, language)
    joined = service.people.join(1001, HOSTILE, language)
    owner = service.people.ensure_owner(9001, HOSTILE)
    kept = language if language in ("en", "pt-br") else None
    assert (asked.name, asked.language) == ("Ali ce \u202e", kept)
    assert (joined.name, joined.language) == ("Ali ce \u202e", kept)
    assert owner.name == "Ali ce \u202e"


def test_a_code_that_cannot_be_one_is_an_invalid_invite(service: PostgresService) -> None:
    for code in ("", "\x00", "\ud800", "x" * 100_000):
        with pytest.raises(ForbiddenError) as caught:
            service.people.accept_invite(code, 5005, "Dana", "en")
        assert caught.value.key is ErrorKey.INVITE_INVALID
    assert service.people.find_by_telegram(5005) is None


@pytest.mark.parametrize("field", ["employee_name", "note", "request_id"])
@pytest.mark.parametrize("text", ["\x00", "half \ud800", "\udfff"])
def test_what_no_database_takes_is_refused_by_name(service: PostgresService, field: str, text: str) -> None:
    shift = {
        "employee_id": 1001,
        "employee_name": "Alice",
        "clock_in": "2026/11/15 09:00:00",
        "clock_out": "2026/11/15 17:00:00",
        "products": {"Model A": "500"},
        field: text,
    }
    with pytest.raises(InvalidInputError) as caught:
        service.create_shift(shift)
    assert caught.value.field == field


def test_strangers_whose_numbers_are_taken_join_at_once(service: PostgresService, database: dict[str, Any]) -> None:
    """Somebody who has another account by now keeps the number of the old one."""
    accounts = range(5001, 5009)
    for telegram_id in accounts:
        service.create_default_employee_settings(telegram_id)
    with connect(database) as connection:
        connection.execute("UPDATE employees SET telegram_id = telegram_id + 100000")
    with ThreadPoolExecutor(len(accounts)) as pool:
        people = list(pool.map(lambda telegram_id: service.people.join(telegram_id, "Dana", "en"), accounts))
    assert sorted(one.employee_id for one in people) == list(range(-len(accounts), 0))
