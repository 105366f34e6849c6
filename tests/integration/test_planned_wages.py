"""Wages and base rates to come, and taken back before they begin (SPEC 4 "Admin", PAYROLL D6)."""

from datetime import date
from decimal import Decimal

import pytest

from payroll.errors import ErrorKey, ForbiddenError, NotFoundError
from payroll.people import Person
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.owners import OLGA, hire_owner, move_to, sell, usd
from tests.shift_data import ANN

NEW_YEAR, SPRING = date(2027, 1, 1), date(2027, 3, 1)


def list_planned(service: PostgresService) -> list[tuple[date, Decimal, Decimal]]:
    """What is to come for Ann: from when on, the wage, the base rate."""
    return [(one.since, one.hourly_wage, one.base_pct) for one in service.terms.list_planned(ANN)]


def test_what_is_to_come_is_listed_until_it_has_begun(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    sell(service, 16)
    service.terms.set_wage(ANN, base_pct=usd(9), since=SPRING, actor=olga)
    service.terms.set_wage(ANN, hourly_wage=usd(16), since=NEW_YEAR, actor=olga)
    assert list_planned(service) == [(NEW_YEAR, usd(16), usd(8)), (SPRING, usd(16), usd(9))]
    move_to(clock, NEW_YEAR)
    assert list_planned(service) == [(SPRING, usd(16), usd(9))]


def test_a_wage_taken_back_is_gone_from_what_comes_after_it_too(service: PostgresService, olga: Person) -> None:
    sell(service, 16)
    service.terms.set_wage(ANN, hourly_wage=usd(16), since=NEW_YEAR, actor=olga)
    service.terms.set_wage(ANN, base_pct=usd(9), since=SPRING, actor=olga)
    withdrawn = service.terms.withdraw_planned(ANN, NEW_YEAR, actor=olga)
    assert (withdrawn.plan.hourly_wage, withdrawn.hourly_wage, withdrawn.base_pct) == (usd(16), usd(15), usd(8))
    assert list_planned(service) == [(SPRING, usd(15), usd(9))]


def test_what_has_begun_or_was_never_planned_cannot_be_taken_back(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    sell(service, 16)
    service.terms.set_wage(ANN, hourly_wage=usd(16), since=NEW_YEAR, actor=olga)
    move_to(clock, NEW_YEAR)
    for since in (NEW_YEAR, SPRING):
        with pytest.raises(NotFoundError) as caught:
            service.terms.withdraw_planned(ANN, since, actor=olga)
        assert caught.value.key is ErrorKey.PLAN_UNKNOWN
    settings = service.get_employee_settings(ANN)
    assert settings is not None
    assert settings["Hourly wage"] == usd(16)


def test_only_an_admin_takes_it_back_and_not_their_own(service: PostgresService, olga: Person) -> None:
    sell(service, 16)
    for employee_id in (ANN, OLGA):
        service.set_employee_settings(employee_id, hourly_wage=usd(16), valid_from=NEW_YEAR)
    with pytest.raises(ForbiddenError):
        service.terms.withdraw_planned(ANN, NEW_YEAR, actor=service.people.get(ANN))
    hire_owner(service, 901)
    with pytest.raises(ForbiddenError) as caught:
        service.terms.withdraw_planned(OLGA, NEW_YEAR, actor=olga)
    assert caught.value.key is ErrorKey.OWN_MATTER
    assert list_planned(service) == [(NEW_YEAR, usd(16), usd(8))]
