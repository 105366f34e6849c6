"""The team: roles, leaving, coming back, accounts; settings and questions (SPEC 4.23, 4.26, 4.27, PAYROLL D36, D37)."""

import threading
from contextlib import suppress
from datetime import date
from typing import Any

import pytest

from payroll.errors import ConflictError, DomainError, ErrorKey, ForbiddenError, InvalidInputError
from payroll.offers import BonusOffer, BonusType
from payroll.people import Person, Role
from payroll.questions import QuestionState
from payroll.settings import SettingKey
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.owners import (
    FIRST_HALF,
    MAX,
    OLGA,
    SECOND_HALF,
    assert_books_agree,
    hire_owner,
    list_audited,
    list_booked,
    move_to,
    sell,
    sell_nothing,
    usd,
)
from tests.shift_data import ANN, BEN, make_shift_data


@pytest.fixture
def ann(service: PostgresService) -> Person:
    sell(service, 10)
    return service.people.get(ANN)


# --- roles ------------------------------------------------------------------------------------------------------------


def test_an_owner_gives_roles_and_the_last_owner_stays(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    manager = service.staff.set_role(ANN, Role.MANAGER, actor=olga)
    assert manager.is_admin
    with pytest.raises(ForbiddenError):
        service.staff.set_role(ANN, Role.OWNER, actor=manager)
    for act in (
        lambda: service.staff.set_role(OLGA, Role.EMPLOYEE, actor=olga),
        lambda: service.staff.leave(OLGA, date(2026, 11, 16), actor=olga),
    ):
        with pytest.raises(ConflictError) as caught:
            act()
        assert caught.value.key is ErrorKey.LAST_OWNER
    service.staff.set_role(OLGA, Role.OWNER, actor=olga)
    assert ("role changed (own)", f"employee:{OLGA}") in list_audited(database)
    other = service.staff.set_role(ANN, Role.OWNER, actor=olga)
    with pytest.raises(ForbiddenError) as refused:
        service.staff.set_role(OLGA, Role.EMPLOYEE, actor=olga)
    assert refused.value.key is ErrorKey.OWN_MATTER
    assert service.staff.set_role(OLGA, Role.EMPLOYEE, actor=other).role is Role.EMPLOYEE


def test_two_owners_who_demote_each_other_leave_one(service: PostgresService, olga: Person) -> None:
    for _ in range(10):
        people = [service.people.ensure_owner(number) for number in (OLGA, MAX)]
        start = threading.Barrier(2)

        def demote(actor: Person, other: Person, start: threading.Barrier = start) -> None:
            start.wait(timeout=10)
            with suppress(ConflictError, ForbiddenError):
                service.staff.set_role(other.employee_id, Role.EMPLOYEE, actor=actor)

        threads = [threading.Thread(target=demote, args=pair) for pair in (people, people[::-1])]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=20)
        assert [one.role for one in service.people.list_admins()] == [Role.OWNER]


def test_what_a_manager_sees_of_wages_is_a_setting(service: PostgresService, olga: Person, ann: Person) -> None:
    manager = service.staff.set_role(service.people.ensure_owner(MAX).employee_id, Role.MANAGER, actor=olga)
    assert service.staff.get_member(ANN, actor=manager).hourly_wage == usd(15)
    service.settings.change(SettingKey.MANAGERS_SEE_WAGES, "false", actor=olga)
    assert service.staff.get_member(ANN, actor=manager).hourly_wage is None
    assert service.staff.get_member(MAX, actor=manager).hourly_wage == usd(15), "one's own"
    assert service.staff.get_member(ANN, actor=olga).hourly_wage == usd(15)
    with pytest.raises(ForbiddenError):
        service.staff.list_members(10, actor=ann)
    names = [one.person.employee_id for one in service.staff.list_members(10, actor=olga)]
    assert names == [MAX, OLGA, ANN] or set(names) == {MAX, OLGA, ANN}


# --- leaving ----------------------------------------------------------------------------------------------------------


def test_who_leaves_is_credited_what_waits_and_can_still_be_paid(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    flat = service.bonuses.grant(ANN, BonusOffer(BonusType.FLAT, usd(10)), actor=olga).bonus.bonus_id
    service.bonuses.grant(ANN, BonusOffer(BonusType.DOUBLE_COMMISSION, None), actor=olga)
    leaving = service.staff.leave(ANN, date(2026, 11, 12), actor=olga)
    assert sorted((one.bonus.bonus_type, one.bonus.state) for one in leaving.bonuses) == [
        ("double_commission", "void"), ("flat", "applied"),
    ]  # fmt: skip
    assert list_booked(database)[-1] == (f"bonus:{flat}", "flat at leaving", "10.00", "2026-11-15")
    with pytest.raises(ForbiddenError):
        sell(service, 13)
    sell_nothing(service, 12)
    assert service.staff.has_open_matters(ANN)
    for day in (FIRST_HALF, SECOND_HALF):
        service.periods.close(day, actor=olga, employee_id=ANN)
    service.payouts.pay(actor=olga)
    assert not service.staff.has_open_matters(ANN)
    assert service.statistics.get_balance(ANN) == usd(0)
    assert [one.person.employee_id for one in service.staff.list_members(9, actor=olga)] == [OLGA]
    assert ANN in [one.person.employee_id for one in service.staff.list_members(9, actor=olga, with_left=True)]
    assert_books_agree(service)
    assert not service.staff.rehire(ANN, actor=olga).has_left
    assert [action for action, _ in list_audited(database)][-1] == "person came back"


@pytest.mark.parametrize("day", [9, 18], ids=["before the last shift", "to come"])
def test_a_day_of_leaving_that_cannot_be_is_refused(
    service: PostgresService, olga: Person, ann: Person, day: int
) -> None:
    with pytest.raises(InvalidInputError):
        service.staff.leave(ANN, date(2026, 11, day), actor=olga)
    assert not service.people.get(ANN).has_left


def test_who_never_worked_cannot_have_left_before_they_joined(service: PostgresService, olga: Person) -> None:
    """They joined today, 2026/11/16 in New York, where it is the 17th in UTC."""
    ben = service.people.join(BEN, "Ben", "en")
    with pytest.raises(InvalidInputError) as caught:
        service.staff.leave(BEN, date(2020, 1, 1), actor=olga)
    assert (caught.value.field, caught.value.allowed) == ("the last day", "only 2026/11/16")
    assert service.staff.leave(ben.employee_id, date(2026, 11, 16), actor=olga).left_date == date(2026, 11, 16)


def test_who_joined_some_days_ago_can_have_left_on_any_of_them(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    service.people.join(BEN, "Ben", "en")
    move_to(clock, date(2026, 11, 20))
    with pytest.raises(InvalidInputError) as caught:
        service.staff.leave(BEN, date(2026, 11, 15), actor=olga)
    assert caught.value.allowed == "2026/11/16 to 2026/11/20"
    assert service.staff.leave(BEN, date(2026, 11, 16), actor=olga).person.has_left


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_a_new_account_is_linked_with_all_that_was(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    linked = service.staff.link_account(ANN, 777, actor=olga)
    assert (linked.employee_id, linked.sub, linked.telegram_id) == (ANN, ann.sub, 777)
    assert service.people.find_by_telegram(ANN) is None
    stray = service.people.join(888, "Ann again", None)
    service.staff.link_account(ANN, 888, actor=olga)
    assert service.people.get(stray.employee_id).telegram_id is None
    assert [action for action, _ in list_audited(database)] == ["account linked", "account given up", "account linked"]


def test_an_account_with_records_is_linked_once_they_are_moved(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    sell(service, 12, 700, who=BEN)
    sell(service, 16, 2500, who=BEN)
    with pytest.raises(ConflictError) as caught:
        service.staff.link_account(ANN, BEN, actor=olga)
    assert caught.value.key is ErrorKey.ACCOUNT_HAS_RECORDS
    assert service.staff.move_shifts(BEN, ANN, actor=olga) == 2
    assert service.determine_rank(ANN, 2026, 11) == "Hustler"
    assert service.determine_rank(BEN, 2026, 11) == "Rookie"
    assert service.statistics.get_balance(BEN) == usd(0)
    assert [shift["employee_id"] for shift in service.get_all_shifts()] == [ANN] * 3
    for held in service.bonuses.list_of(BEN, 9):
        if held.bonus.state == "pending":
            service.bonuses.void(held.bonus.bonus_id or 0, actor=olga, reason="moved")
    assert service.staff.link_account(ANN, BEN, actor=olga).telegram_id == BEN
    assert_books_agree(service)


def test_shifts_that_are_in_the_way_or_closed_are_not_moved(
    service: PostgresService, olga: Person, ann: Person
) -> None:
    sell(service, 10, who=BEN)
    sell(service, 12, who=BEN)
    with pytest.raises(ConflictError) as caught:
        service.staff.move_shifts(BEN, ANN, actor=olga)
    assert caught.value.key is ErrorKey.SHIFT_OVERLAPS
    assert len(service.get_last_shifts(BEN)) == 2, "all or none"
    service.periods.close(FIRST_HALF, actor=olga, employee_id=BEN)
    with pytest.raises(ConflictError) as caught:
        service.staff.move_shifts(BEN, ANN, actor=olga)
    assert caught.value.key is ErrorKey.PERIOD_CLOSED


# --- settings ---------------------------------------------------------------------------------------------------------


def test_settings_are_typed_and_changed_by_an_owner(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    assert service.settings.get(SettingKey.PAID_DAY_OFF_HOURS) == usd(8)
    service.settings.change(SettingKey.PAID_DAY_OFF_HOURS, "7.50", actor=olga)
    (hours,) = [one for one in service.settings.list_all() if one.definition.key is SettingKey.PAID_DAY_OFF_HOURS]
    assert (hours.value, hours.default, hours.is_set, hours.changed_by) == ("7.5", "8", True, OLGA)
    service.settings.change(SettingKey.PAID_DAY_OFF_HOURS, None, actor=olga)
    assert service.settings.get(SettingKey.PAID_DAY_OFF_HOURS) == usd(8)
    for key, wrong in (
        (SettingKey.PAID_DAY_OFF_HOURS, "25"), (SettingKey.PAID_DAY_OFF_HOURS, "x"),
        (SettingKey.REFUND_LOWERS_RANK, "maybe"), (SettingKey.REMINDER_DAYS, "1.5"),
    ):  # fmt: skip
        with pytest.raises(InvalidInputError):
            service.settings.change(key, wrong, actor=olga)
    with pytest.raises(ForbiddenError):
        service.settings.change(SettingKey.LEADERBOARD_SHOWN, "false", actor=ann)
    assert list_audited(database) == [("setting changed", "setting:paid_day_off_hours")] * 2


# --- questions --------------------------------------------------------------------------------------------------------


def test_a_question_is_taken_by_one_answered_and_rated(service: PostgresService, olga: Person, ann: Person) -> None:
    question = service.questions.ask("Why 10 %?", actor=ann, shift_id=1)
    assert [one.question_id for one in service.questions.list_open(9)] == [question.question_id]
    number = question.question_id
    with pytest.raises(ForbiddenError):
        service.questions.take(number, actor=ann)
    assert service.questions.take(number, actor=olga).taken_by == OLGA
    with pytest.raises(ConflictError) as caught:
        service.questions.take(number, actor=hire_owner(service, MAX))
    assert caught.value.key is ErrorKey.QUESTION_STATE
    service.questions.add_message(number, "8 and 2 for 500.00", actor=olga)
    service.questions.add_message(number, "Thanks", actor=ann)
    assert [one.text for one in service.questions.list_messages(number)] == [
        "Why 10 %?", "8 and 2 for 500.00", "Thanks",
    ]  # fmt: skip
    with pytest.raises(ConflictError):
        service.questions.rate(number, 5, actor=ann)
    assert service.questions.resolve(number, actor=olga, reason="explained").state is QuestionState.RESOLVED
    with pytest.raises(InvalidInputError):
        service.questions.rate(number, 6, actor=ann)
    with pytest.raises(ForbiddenError):
        service.questions.rate(number, 5, actor=olga)
    assert service.questions.rate(number, 5, actor=ann).rating == 5
    assert [(one.state, one.actor_id, one.reason) for one in service.questions.list_events(number)] == [
        ("requested", ANN, None), ("active", OLGA, None), ("resolved", OLGA, "explained"),
    ]  # fmt: skip
    with pytest.raises(ConflictError):
        service.questions.add_message(number, "one more", actor=ann)
    assert service.questions.list_open(9) == []


def test_nobody_asks_about_another_persons_shift_or_reads_in(
    service: PostgresService, olga: Person, ann: Person
) -> None:
    service.create_shift(make_shift_data(who=BEN))
    ben = service.people.get(BEN)
    with pytest.raises(ForbiddenError):
        service.questions.ask("hers?", actor=ben, shift_id=1)
    number = service.questions.ask("mine", actor=ann).question_id
    with pytest.raises(ForbiddenError):
        service.questions.add_message(number, "me too", actor=ben)
    with pytest.raises(InvalidInputError):
        service.questions.ask("  ", actor=ann)
    with pytest.raises(DomainError):
        service.questions.get(99)
