"""Wages and rates from a date, and shifts priced anew where that lies back (SPEC 4 "Admin", PAYROLL D6)."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.errors import ConflictError, DomainError, ErrorKey, ForbiddenError
from payroll.people import Person
from payroll.tables import RateStep
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.owners import (
    FIRST_HALF,
    OLGA,
    assert_books_agree,
    hire_owner,
    list_audited,
    list_booked,
    move_to,
    sell,
    usd,
)
from tests.shift_data import ANN, BEN

THE_12TH = date(2026, 11, 12)
DECEMBER = date(2026, 12, 1)
FLAT_FIVE = (RateStep(usd(0), None, usd(5)),)
FLAT_NINE = (RateStep(usd(1000), None, usd(9)),)


def test_a_wage_dated_back_changes_nothing_before_it_is_said_so(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    first, second, third = (sell(service, day) for day in (10, 12, 16))
    sell(service, 12, who=BEN)
    lines = list_booked(database)
    touched = service.terms.set_wage(ANN, hourly_wage=usd(16), since=THE_12TH, actor=olga)
    assert [(one.shift_id, one.old_made, one.new_made, one.difference) for one in touched] == [
        (third, usd(160), usd(168), usd(8)), (second, usd(160), usd(168), usd(8)),
    ]  # fmt: skip
    assert list_booked(database) == lines
    assert service.terms.list_touched(THE_12TH) == touched
    assert service.terms.reprice(THE_12TH, employee_id=ANN, actor=olga) == touched
    assert list_booked(database)[len(lines) :] == [
        (f"shift:{second}", "shift re-priced", "8.00", "2026-11-01"),
        (f"shift:{third}", "shift re-priced", "8.00", "2026-11-15"),
    ]
    assert service.terms.list_touched(date(2026, 11, 1)) == []
    assert list_audited(database) == [
        ("wage changed", f"employee:{ANN}"),
        ("shift re-priced", f"shift:{third}"),
        ("shift re-priced", f"shift:{second}"),
    ]
    kept = service.get_shift_by_id(first)
    assert kept is not None
    assert kept["Total made"] == usd(160)
    assert_books_agree(service)


def test_a_new_rate_table_dated_back_prices_whole_days_anew(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    """Two shifts of a day at 8 + 0 and 8 + 2 %; with a table of 5 % for all, both at 13 %."""
    for start, end, amount in (("09:00", "10:00", 300), ("11:00", "12:00", 400)):
        service.create_shift({
            "employee_id": ANN, "clock_in": f"2026/11/16 {start}:00", "clock_out": f"2026/11/16 {end}:00",
            "products": {"Model A": amount},
        })  # fmt: skip
    touched = service.terms.set_rates(FLAT_FIVE, since=date(2026, 11, 15), actor=olga)
    # 240.00 × 8 % = 19.20 and × 13 % = 31.20; 320.00 × 10 % = 32.00 and × 13 % = 41.60; an hour is 15.00.
    assert [(one.old_made, one.new_made) for one in touched] == [
        (usd("47.00"), usd("56.60")), (usd("34.20"), usd("46.20")),
    ]  # fmt: skip
    service.terms.reprice(date(2026, 11, 15), actor=olga)
    assert [line[2] for line in list_booked(database)[-2:]] == ["12.00", "9.60"]
    assert_books_agree(service)


@pytest.mark.parametrize(
    "changes",
    [
        ({"hourly_wage": usd(20), "since": DECEMBER}, {"base_pct": usd(10)}),
        ({"base_pct": usd(10), "since": DECEMBER}, {"hourly_wage": usd(20)}),
    ],
    ids=["a wage planned, then a base rate", "a base rate planned, then a wage"],
)
def test_what_is_planned_for_the_one_leaves_a_later_change_of_the_other_in_force(
    service: PostgresService, clock: SteppingClock, olga: Person, changes: tuple[dict[str, Any], ...]
) -> None:
    service.create_default_employee_settings(ANN)
    for change in changes:
        service.terms.set_wage(ANN, actor=olga, **change)
    move_to(clock, date(2026, 12, 3))
    shift = service.get_shift_by_id(sell(service, 3, month=12))
    assert shift is not None
    # 8 h × 20.00 = 160.00, and 400.00 × (10 + 2) % = 48.00.
    assert shift["Total made"] == usd(208)


def test_a_change_holds_until_the_next_date_that_its_own_was_changed_from(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    """Wage 20 from 1 December and 15 again from 5 December are decisions of their own, a base rate between is not."""
    service.create_default_employee_settings(ANN)
    service.terms.set_wage(ANN, base_pct=usd(9), since=date(2026, 11, 20), actor=olga)
    service.terms.set_wage(ANN, hourly_wage=usd(20), since=DECEMBER, actor=olga)
    service.terms.set_wage(ANN, hourly_wage=usd(15), since=date(2026, 12, 5), actor=olga)
    service.terms.set_wage(ANN, hourly_wage=usd(17), since=date(2026, 11, 16), actor=olga)
    held = []
    for day in (date(2026, 11, 16), date(2026, 11, 20), DECEMBER, date(2026, 12, 5)):
        clock.now += day - service.rules.today()
        settings = service.get_employee_settings(ANN)
        assert settings is not None
        held.append((day.day, settings["Hourly wage"], settings["Sales commission"]))
    assert held == [(16, usd(17), usd(8)), (20, usd(17), usd(9)), (1, usd(20), usd(9)), (5, usd(15), usd(9))]


def test_what_is_closed_keeps_its_rates(service: PostgresService, olga: Person) -> None:
    sell(service, 10)
    sell(service, 16)
    service.periods.close(FIRST_HALF, actor=olga)
    for change in (
        lambda: service.terms.set_wage(ANN, hourly_wage=usd(16), since=date(2026, 11, 14), actor=olga),
        lambda: service.terms.set_rates(FLAT_FIVE, since=date(2026, 11, 14), actor=olga),
        lambda: service.set_employee_settings(ANN, hourly_wage=usd(16), valid_from=date(2026, 11, 1)),
    ):
        with pytest.raises(ConflictError) as caught:
            change()
        assert caught.value.key is ErrorKey.PERIOD_CLOSED
    service.terms.set_wage(ANN, hourly_wage=usd(16), since=date(2026, 11, 15), actor=olga)
    assert [one.shift_date.day for one in service.terms.reprice(date(2026, 1, 1), actor=olga)] == [16]
    assert_books_agree(service)


def test_a_shift_with_a_refund_is_paid_another_wage_and_keeps_its_rates(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    shift_id = sell(service, 16)
    service.refunds.book(shift_id, 1, Decimal(100), "chargeback", actor=olga)
    service.terms.set_wage(ANN, base_pct=usd(9), since=THE_12TH, actor=olga)
    lines = list_booked(database)
    (touched,) = service.terms.reprice(THE_12TH, actor=olga)
    assert (touched.is_refunded, touched.difference) == (True, usd(4))
    assert list_booked(database) == lines
    service.terms.set_wage(ANN, hourly_wage=usd(16), since=THE_12TH, actor=olga)
    (touched,) = service.terms.reprice(THE_12TH, actor=olga)
    assert (touched.is_refunded, touched.difference) == (False, usd(8)), "8 hours at 1.00 more, at 10.00 % as before"
    assert list_booked(database)[len(lines) :] == [(f"shift:{shift_id}", "shift re-priced", "8.00", "2026-11-15")]
    assert_books_agree(service)


@pytest.mark.parametrize("wage", ["10000", "-1", "15.001"])
def test_a_wage_that_cannot_be_is_refused_by_field(service: PostgresService, olga: Person, wage: str) -> None:
    sell(service, 16)
    with pytest.raises(DomainError) as caught:
        service.terms.set_wage(ANN, hourly_wage=Decimal(wage), actor=olga)
    assert caught.value.field == "hourly_wage"
    settings = service.get_employee_settings(ANN)
    assert settings is not None
    assert settings["Hourly wage"] == usd(15)


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ([("0", "500", "0"), ("600", None, "2")], "dynamic_rates"),
        ([("0", "500", "0"), ("400", None, "2")], "dynamic_rates"),
        ([("0", None, "100.01")], "percentage"),
        ([("10", None, "1")], "dynamic_rates"),
        ([("0", "500", "1"), ("500", "400", "2")], "dynamic_rates"),
        ([], "dynamic_rates"),
    ],
    ids=["a gap", "an overlap", "over 100 %", "not from 0", "an end before the start", "nothing"],
)
def test_a_rate_table_that_cannot_be_is_refused(
    service: PostgresService, olga: Person, steps: list[tuple[str, str | None, str]], field: str
) -> None:
    table = [RateStep(Decimal(low), Decimal(high) if high else None, Decimal(pct)) for low, high, pct in steps]
    before = service.get_dynamic_rates()
    with pytest.raises(DomainError) as caught:
        service.terms.set_rates(table, actor=olga)
    assert caught.value.field == field
    assert service.get_dynamic_rates() == before


def test_only_admins_change_pay_and_not_their_own(service: PostgresService, olga: Person) -> None:
    sell(service, 16)
    ann = service.people.get(ANN)
    with pytest.raises(ForbiddenError):
        service.terms.set_wage(ANN, hourly_wage=usd(99), actor=ann)
    with pytest.raises(ForbiddenError):
        service.terms.set_rates(FLAT_FIVE, actor=ann)
    with pytest.raises(ForbiddenError):
        service.terms.reprice(THE_12TH, actor=ann)
    hire_owner(service, 901)
    with pytest.raises(ForbiddenError) as caught:
        service.terms.set_wage(OLGA, hourly_wage=usd(99), actor=olga)
    assert caught.value.key is ErrorKey.OWN_MATTER


def test_of_two_changes_of_one_table_the_second_is_refused(service: PostgresService, olga: Person) -> None:
    (held,) = service.terms.list_rates()
    service.terms.set_rates(FLAT_FIVE, actor=olga, over=held.version_id)
    changed = service.get_dynamic_rates()
    with pytest.raises(ConflictError) as caught:
        service.terms.set_rates((RateStep(usd(0), None, usd(9)),), actor=olga, over=held.version_id)
    assert caught.value.key is ErrorKey.TABLE_CHANGED
    assert service.get_dynamic_rates() == changed


def test_tables_to_come_are_listed_after_the_one_in_force(service: PostgresService, olga: Person) -> None:
    service.terms.set_rates(FLAT_FIVE, since=THE_12TH, actor=olga)
    for pct in (6, 7):
        service.terms.set_rates((RateStep(usd(0), None, usd(pct)),), since=DECEMBER, actor=olga)
    assert [(one.since, [step.pct for step in one.steps]) for one in service.terms.list_rates()] == [
        (THE_12TH, [usd(5)]), (DECEMBER, [usd(7)]),
    ]  # fmt: skip


def test_a_change_is_made_of_the_table_of_its_date_and_those_that_begin_later_stay(
    service: PostgresService, olga: Person
) -> None:
    """Two tables, from the 12th and from December 1st; a change from the 10th is none of them."""
    for since, pct in ((THE_12TH, 5), (date(2026, 12, 1), 7)):
        service.terms.set_rates((RateStep(usd(0), None, usd(pct)),), since=since, actor=olga)
    first, *later = service.terms.list_rates(date(2026, 11, 10))
    assert [step.pct for step in first.steps] == [usd(0), usd(2), usd(4), usd(6)]
    assert [one.since for one in later] == [THE_12TH, date(2026, 12, 1)]
    service.terms.set_rates(first.steps[:-2] + FLAT_NINE, since=date(2026, 11, 10), over=first.version_id, actor=olga)
    assert [[step.pct for step in one.steps] for one in service.terms.list_rates(date(2026, 11, 10))] == [
        [usd(0), usd(2), usd(9)], [usd(5)], [usd(7)],
    ]  # fmt: skip


def test_a_change_made_of_another_table_than_that_of_its_date_is_refused(
    service: PostgresService, olga: Person
) -> None:
    service.terms.set_rates(FLAT_FIVE, since=THE_12TH, actor=olga)
    (today,) = service.terms.list_rates()
    with pytest.raises(ConflictError) as caught:
        service.terms.set_rates(FLAT_NINE, since=date(2026, 11, 10), over=today.version_id, actor=olga)
    assert caught.value.key is ErrorKey.TABLE_CHANGED
    assert service.terms.list_rates() == [today]


def test_the_log_says_from_when_a_change_holds(service: PostgresService, olga: Person) -> None:
    sell(service, 16)
    service.terms.set_wage(ANN, hourly_wage=usd(16), since=THE_12TH, actor=olga)
    service.terms.set_rates(FLAT_FIVE, since=THE_12TH, actor=olga)
    for entry in service.audit.list_entries(2):
        assert entry.new is not None
        assert entry.old is not None
        assert (entry.old.get("valid_from"), entry.new["valid_from"]) == (None, "2026-11-12")


def test_some_table_holds_on_every_date_that_can_be_typed(service: PostgresService) -> None:
    assert [len(service.terms.list_rates(day)) for day in (date.min, THE_12TH, date.max)] == [1, 1, 1]
