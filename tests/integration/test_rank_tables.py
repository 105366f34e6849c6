"""The rank table edited as a whole, ranks recalculated, products (SPEC 4 "Admin", PAYROLL D11, D16, D18, D19)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from payroll.errors import DomainError, ErrorKey, ForbiddenError, InvalidInputError
from payroll.offers import BonusOffer, BonusType
from payroll.people import Person
from payroll.rank_tables import RankRow
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.owners import assert_books_agree, hire_owner, list_audited, sell, usd
from tests.shift_data import ANN, BEN, make_drawing_service, make_shift_data

FLAT_10 = BonusOffer(BonusType.FLAT, usd(10))


def with_hustler_from(rows: list[RankRow], amount: int) -> list[RankRow]:
    """The starting table with the second rank at another amount."""
    rookie, hustler, *rest = rows
    return [replace(rookie, max_sales=usd(amount)), replace(hustler, min_sales=usd(amount)), *rest]


def test_a_table_shows_whom_it_moves_before_it_is_saved(service: PostgresService, olga: Person) -> None:
    sell(service, 16, 1200)
    sell(service, 16, 900, who=BEN)
    rows = with_hustler_from(service.ranks.list_rows(), 1000)
    found = [(one.employee_id, one.sales, one.old_rank, one.new_rank) for one in service.ranks.preview(rows)]
    assert found == [(ANN, usd(1200), "Rookie", "Hustler")]
    assert service.get_ranks()[1]["Min Amount"] == usd(2000)


def test_a_saved_table_is_settled_for_everybody_and_draws_for_the_next_shift(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    with make_drawing_service(database, clock, 0) as service:
        olga = hire_owner(service)
        sell(service, 16, 1200)
        moves = service.ranks.change(with_hustler_from(service.ranks.list_rows(), 1000), actor=olga)
        assert [(one.employee_id, one.drawn) for one in moves] == [(ANN, FLAT_10)]
        assert service.determine_rank(ANN, 2026, 11) == "Hustler"
        assert [bonus["Bonus Type"] for bonus in service.get_active_bonuses(ANN)] == ["flat"]
        assert list_audited(database)[-1][0] == "ranks changed"
        assert_books_agree(service)


def test_a_saved_table_takes_nothing_back(database: dict[str, Any], clock: SteppingClock) -> None:
    with make_drawing_service(database, clock, 1) as service:
        olga = hire_owner(service)
        sell(service, 16, 2500)
        (move,) = service.ranks.change(with_hustler_from(service.ranks.list_rows(), 3000), actor=olga)
        assert move.withdrawn == ()
        assert service.determine_rank(ANN, 2026, 11) == "Rookie"
        assert fetch_all(database, "SELECT state FROM active_bonuses") == [("pending",)]
        assert_books_agree(service)


def test_a_table_waits_for_the_first_shift_of_the_month_that_is_just_being_saved(
    service: PostgresService, olga: Person
) -> None:
    service.create_default_employee_settings(ANN)
    rows = with_hustler_from(service.ranks.list_rows(), 100)
    with ThreadPoolExecutor(1) as pool:
        with service.transaction():
            sell(service, 16, 500)
            changing = pool.submit(service.ranks.change, rows, actor=olga)
            with pytest.raises(TimeoutError):
                changing.result(timeout=0.5)
        assert [one.employee_id for one in changing.result()] == [ANN]
    rank = service.get_employee_rank(ANN, 2026, 11)
    assert rank is not None
    assert (rank["Current Rank"], service.determine_rank(ANN, 2026, 11)) == ("Hustler", "Hustler")


def test_past_months_keep_the_table_they_ended_with(
    service: PostgresService, clock: SteppingClock, olga: Person
) -> None:
    clock.move(days=20)
    service.ranks.change(with_hustler_from(service.ranks.list_rows(), 1000), actor=olga)
    service.create_shift(make_shift_data(1200, day="2026/11/20"))
    assert (service.determine_rank(ANN, 2026, 11), service.get_ranks()[1]["Min Amount"]) == ("Rookie", usd(1000))


def test_a_renamed_rank_gives_nothing_new_and_a_new_one_is_one_more(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    with make_drawing_service(database, clock, 0) as service:
        olga = hire_owner(service)
        sell(service, 16, 2500)
        rows = service.ranks.list_rows()
        rows[1] = replace(rows[1], name="Mover", text="Renamed.", max_sales=usd(3000))
        rows.insert(2, RankRow(None, "Shaker", "🧂", "New.", usd(3000), usd(4000), (FLAT_10,)))
        assert service.ranks.change(rows, actor=olga) == []
        assert [rank["Rank Name"] for rank in service.get_ranks()][1:3] == ["Mover", "Shaker"]
        assert len(fetch_all(database, "SELECT 1 FROM active_bonuses")) == 1


def test_of_two_changes_of_one_table_the_second_is_refused(service: PostgresService, olga: Person) -> None:
    rows, held = service.ranks.list_rows(), service.ranks.get_version()
    service.ranks.change(with_hustler_from(rows, 1000), actor=olga, over=held)
    changed = service.ranks.list_rows()
    with pytest.raises(DomainError) as caught:
        service.ranks.change(with_hustler_from(rows, 1500), actor=olga, over=held)
    assert caught.value.key is ErrorKey.TABLE_CHANGED
    assert service.ranks.list_rows() == changed


@pytest.mark.parametrize("wrong", ["gap", "name", "twice", "offer", "emoji"])
def test_a_table_that_cannot_be_is_refused_and_nothing_changes(
    service: PostgresService, database: dict[str, Any], olga: Person, wrong: str
) -> None:
    rows = service.ranks.list_rows()
    match wrong:
        case "gap":
            rows[1] = replace(rows[1], min_sales=usd(2100))
        case "name":
            rows[1] = replace(rows[1], name=" ")
        case "twice":
            rows[1] = replace(rows[1], name="rookie")
        case "offer":
            rows[1] = replace(rows[1], offers=(BonusOffer(BonusType.PERCENT_NEXT, usd(101)),))
        case _:
            rows[1] = replace(rows[1], emoji="x" * 21)
    before = service.ranks.list_rows()
    for act in (lambda: service.ranks.preview(rows), lambda: service.ranks.change(rows, actor=olga)):
        with pytest.raises(DomainError):
            act()
    assert service.ranks.list_rows() == before
    assert list_audited(database) == []


def test_recalculating_settles_this_month_and_only_reports_past_ones(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    with make_drawing_service(database, clock, 0) as service:
        olga = hire_owner(service)
        sell(service, 16, 2500)
        service.update_employee_rank(ANN, "Shark", 2026, 11)
        service.update_employee_rank(ANN, "Shark", 2026, 10)
        report = service.ranks.recalculate(actor=olga)
        assert [(one.employee_id, one.month.month) for one in report.settled] == [(ANN, 11)]
        assert [(one.month, one.old_rank_id, one.new_rank_id) for one in report.past] == [(date(2026, 10, 1), 4, 1)]
        assert service.determine_rank(ANN, 2026, 11) == "Hustler"
        past = service.get_employee_rank(ANN, 2026, 10)
        assert past is not None
        assert past["Current Rank"] == "Shark"
        assert service.ranks.recalculate(actor=olga).settled == ()
        assert_books_agree(service)


def test_no_employee_touches_ranks(service: PostgresService, olga: Person) -> None:
    sell(service, 16)
    ann = service.people.get(ANN)
    with pytest.raises(ForbiddenError):
        service.ranks.change(service.ranks.list_rows(), actor=ann)
    with pytest.raises(ForbiddenError):
        service.ranks.recalculate(actor=ann)


# --- products ---------------------------------------------------------------------------------------------------------


def test_products_are_added_renamed_and_taken_out(
    service: PostgresService, database: dict[str, Any], olga: Person
) -> None:
    sell(service, 16)
    added = service.products.add(" Model E ", actor=olga)
    assert (added.name, added.is_active) == ("Model E", True)
    service.products.rename(1, "Model Alpha", actor=olga)
    service.products.set_active(2, is_active=False, actor=olga)
    assert service.get_products() == ["Model Alpha", "Model B", "Model C", "Model D", "Model E"]
    shift = service.get_last_shifts(ANN)[0]
    assert shift["Model Alpha"] == usd(500)
    with pytest.raises(InvalidInputError) as caught:
        service.create_shift(make_shift_data({"Model B": 5}, who=BEN))
    assert caught.value.key is ErrorKey.PRODUCT_INACTIVE
    assert [action for action, _ in list_audited(database)] == ["product added", "product renamed", "product changed"]


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "Total sales", "model b", "a\nb"])
def test_a_product_name_that_cannot_be_is_refused(service: PostgresService, olga: Person, name: str) -> None:
    acts: list[Callable[[], object]] = [
        lambda: service.products.add(name, actor=olga),
        lambda: service.products.rename(1, name, actor=olga),
    ]
    for act in acts:
        with pytest.raises(DomainError):
            act()
    assert len(service.get_products()) == 4


def test_an_unknown_product_and_an_employee_are_refused(service: PostgresService, olga: Person) -> None:
    sell(service, 16)
    with pytest.raises(DomainError):
        service.products.rename(99, "x", actor=olga)
    with pytest.raises(ForbiddenError):
        service.products.add("x", actor=service.people.get(ANN))
    assert Decimal(len(service.get_products())) == 4
