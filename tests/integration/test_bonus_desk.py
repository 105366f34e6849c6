"""Bonuses by hand: granted, voided, days off, Telegram Premium (SPEC 3, PAYROLL D23, D28, D29, D38)."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.errors import ConflictError, DomainError, ErrorKey, ForbiddenError, InvalidInputError
from payroll.offers import BonusOffer, BonusType
from payroll.people import Person
from payroll.records import BonusState
from payroll.settings import SettingKey
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.owners import (
    FIRST_HALF,
    MAX,
    OLGA,
    assert_books_agree,
    hire_owner,
    list_audited,
    list_booked,
    move_to,
    sell,
    sell_nothing,
    usd,
)
from tests.shift_data import ANN, BEN, make_drawing_service

DAY_OFF = BonusOffer(BonusType.PAID_DAY_OFF, None)
PREMIUM = BonusOffer(BonusType.TELEGRAM_PREMIUM, None)
FLAT_10 = BonusOffer(BonusType.FLAT, usd(10))


@pytest.fixture
def ann(service: PostgresService) -> Person:
    sell(service, 10)
    return service.people.get(ANN)


def test_a_granted_bonus_is_used_by_the_next_shift(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    held = service.bonuses.grant(ANN, FLAT_10, actor=olga)
    shift = service.get_shift_by_id(sell(service, 16))
    assert shift is not None
    assert shift["Total made"] == usd(170)
    assert [one.bonus.state for one in service.bonuses.list_of(ANN, 5)] == [BonusState.APPLIED]
    assert list_audited(database) == [("bonus granted", f"bonus:{held.bonus.bonus_id}")]
    assert_books_agree(service)


def test_only_what_waits_is_voided_and_it_never_comes_back(service: PostgresService, olga: Person, ann: Person) -> None:
    first = service.bonuses.grant(ANN, FLAT_10, actor=olga).bonus.bonus_id or 0
    second = service.bonuses.grant(ANN, BonusOffer(BonusType.PERCENT_NEXT, usd(1)), actor=olga).bonus.bonus_id or 0
    assert service.bonuses.void(first, actor=olga, reason="typed twice").bonus.state is BonusState.VOID
    sell(service, 16)
    for bonus_id in (first, second):
        with pytest.raises(ConflictError) as caught:
            service.bonuses.void(bonus_id, actor=olga, reason="x")
        assert caught.value.key is ErrorKey.BONUS_NOT_PENDING
    with pytest.raises(InvalidInputError):
        service.bonuses.void(first, actor=olga, reason="")


@pytest.mark.parametrize("offer", [BonusOffer(BonusType.FLAT, usd(0)), BonusOffer(BonusType.PERCENT_NEXT, usd(101))])
def test_a_bonus_that_cannot_be_is_not_granted(
    service: PostgresService, olga: Person, ann: Person, offer: BonusOffer
) -> None:
    with pytest.raises(InvalidInputError):
        service.bonuses.grant(ANN, offer, actor=olga)
    with pytest.raises(ForbiddenError):
        service.bonuses.grant(ANN, FLAT_10, actor=ann)
    with pytest.raises(DomainError):
        service.bonuses.grant(12345, FLAT_10, actor=olga)
    assert service.bonuses.list_of(ANN, 5) == []


# --- days off ---------------------------------------------------------------------------------------------------------


def grant_day_off(service: PostgresService, olga: Person, who: int = ANN) -> int:
    return service.bonuses.grant(who, DAY_OFF, actor=olga).bonus.bonus_id or 0


def test_an_approved_day_off_books_its_hours_at_the_wage_of_that_date_in_its_period(
    service: PostgresService, database: dict[str, Any], olga: Person, ann: Person
) -> None:
    service.terms.set_wage(ANN, hourly_wage=usd("17.50"), since=date(2026, 12, 2), actor=olga)
    service.settings.change(SettingKey.PAID_DAY_OFF_HOURS, "7,5", actor=olga)
    number = grant_day_off(service, olga)
    held = service.bonuses.request_day_off(number, date(2026, 12, 3), actor=ann)
    assert (held.day_off_date, held.bonus.state) == (date(2026, 12, 3), BonusState.PENDING)
    assert [one.bonus.bonus_id for one in service.bonuses.list_day_off_requests()] == [number]
    assert service.bonuses.approve_day_off(number, actor=olga).bonus.amount == usd("131.25")
    assert list_booked(database)[-1] == (f"bonus:{number}", "paid day off", "131.25", "2026-12-01")
    assert service.bonuses.find_day_off(ANN, date(2026, 12, 3)) is not None
    assert service.bonuses.list_day_off_requests() == []
    sell(service, 16)
    attempts: list[Callable[[], object]] = [
        lambda: service.bonuses.approve_day_off(number, actor=olga),
        lambda: service.bonuses.refuse_day_off(number, actor=olga, reason="x"),
    ]
    for again in attempts:
        with pytest.raises(ConflictError) as caught:
            again()
        assert caught.value.key is ErrorKey.REQUEST_DECIDED
    with pytest.raises(ConflictError):
        service.bonuses.void(number, actor=olga, reason="too late")
    assert_books_agree(service)


def test_a_day_off_whose_period_is_closed_by_then_is_booked_in_the_open_one(
    service: PostgresService, database: dict[str, Any], clock: SteppingClock, olga: Person, ann: Person
) -> None:
    number = grant_day_off(service, olga)
    service.bonuses.request_day_off(number, date(2026, 11, 20), actor=ann)
    move_to(clock, date(2026, 12, 1))
    service.periods.close(FIRST_HALF, actor=olga)
    service.periods.close(date(2026, 11, 20), actor=olga)
    service.bonuses.approve_day_off(number, actor=olga)
    assert list_booked(database)[-1] == (f"bonus:{number}", "paid day off", "120.00", "2026-12-01")
    assert_books_agree(service)


def test_a_refused_day_off_waits_for_another_date(service: PostgresService, olga: Person, ann: Person) -> None:
    number = grant_day_off(service, olga)
    service.bonuses.request_day_off(number, date(2026, 11, 20), actor=ann)
    held = service.bonuses.refuse_day_off(number, actor=olga, reason="Ben is away too")
    assert (held.day_off_date, held.bonus.state) == (None, BonusState.PENDING)
    assert service.bonuses.request_day_off(number, date(2026, 11, 21), actor=ann).day_off_date == date(2026, 11, 21)


def test_a_date_that_is_over_or_taken_is_refused(service: PostgresService, olga: Person, ann: Person) -> None:
    first, second = grant_day_off(service, olga), grant_day_off(service, olga)
    with pytest.raises(InvalidInputError) as refused:
        service.bonuses.request_day_off(first, date(2026, 11, 15), actor=ann)
    assert refused.value.key is ErrorKey.DATE_IN_PAST
    sell_nothing(service, 16)
    service.bonuses.request_day_off(first, date(2026, 11, 20), actor=ann)
    for day in (16, 20):
        with pytest.raises(ConflictError) as caught:
            service.bonuses.request_day_off(second, date(2026, 11, day), actor=ann)
        assert caught.value.key is ErrorKey.DAY_TAKEN
    sell(service, 10, who=BEN)
    with pytest.raises(ForbiddenError):
        service.bonuses.request_day_off(second, date(2026, 11, 25), actor=service.people.get(BEN))
    flat = service.bonuses.grant(ANN, FLAT_10, actor=olga).bonus.bonus_id or 0
    with pytest.raises(ConflictError):
        service.bonuses.request_day_off(flat, date(2026, 11, 25), actor=ann)


def test_an_admins_own_day_off_is_another_admins_to_approve(service: PostgresService, olga: Person) -> None:
    max_ = hire_owner(service, MAX)
    number = service.bonuses.grant(OLGA, DAY_OFF, actor=max_).bonus.bonus_id or 0
    service.bonuses.request_day_off(number, date(2026, 11, 20), actor=olga)
    with pytest.raises(ForbiddenError) as caught:
        service.bonuses.approve_day_off(number, actor=olga)
    assert caught.value.key is ErrorKey.OWN_MATTER
    assert service.bonuses.approve_day_off(number, actor=max_).bonus.amount == usd(120)


# --- Telegram Premium -------------------------------------------------------------------------------------------------


def test_premium_of_ones_own_is_given_by_another_admin(service: PostgresService, olga: Person) -> None:
    max_ = hire_owner(service, MAX)
    number = service.bonuses.grant(OLGA, PREMIUM, actor=max_).bonus.bonus_id or 0
    with pytest.raises(ForbiddenError) as caught:
        service.bonuses.mark_premium_given(number, actor=olga)
    assert caught.value.key is ErrorKey.OWN_MATTER
    assert service.bonuses.mark_premium_given(number, actor=max_).bonus.state is BonusState.APPLIED


def test_premium_is_a_to_do_then_given_then_seen(service: PostgresService, olga: Person, ann: Person) -> None:
    number = service.bonuses.grant(ANN, PREMIUM, actor=olga).bonus.bonus_id or 0
    assert [(one.name, one.bonus.bonus_id) for one in service.bonuses.list_premium()] == [(f"Person {ANN}", number)]
    assert service.bonuses.mark_premium_seen(number, actor=ann).seen_at is None, "there is nothing to see yet"
    assert service.bonuses.mark_premium_given(number, actor=olga).bonus.state is BonusState.APPLIED
    with pytest.raises(ConflictError):
        service.bonuses.mark_premium_given(number, actor=olga)
    assert service.bonuses.list_premium() == []
    with pytest.raises(ForbiddenError):
        service.bonuses.mark_premium_seen(number, actor=olga)
    assert service.bonuses.mark_premium_seen(number, actor=ann).seen_at is not None
    assert service.statistics.get_balance(ANN) == Decimal(160)
    assert_books_agree(service)


def test_a_day_off_that_is_asked_for_goes_and_comes_with_the_rank_that_gave_it(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    with make_drawing_service(database, clock, 1) as service:
        shift_id = sell(service, 16, 7500)
        [bonus] = service.get_active_bonuses(ANN)
        service.bonuses.request_day_off(bonus["ID"], date(2026, 11, 20), actor=service.people.get(ANN))
        service.update_total_sales(shift_id, 600)
        assert service.determine_rank(ANN, 2026, 11) == "Rookie"
        assert (service.get_active_bonuses(ANN), service.bonuses.list_day_off_requests()) == ([], [])
        service.update_total_sales(shift_id, 7500)
        assert [one["ID"] for one in service.get_active_bonuses(ANN)] == [bonus["ID"]]
        assert service.bonuses.list_day_off_requests() == [], "the day has to be picked again"
