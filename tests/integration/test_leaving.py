"""What becomes due after somebody has left: flats are credited, other bonuses void, none waits (PAYROLL D36)."""

from datetime import date, timedelta
from typing import Any

import pytest

from payroll.errors import ErrorKey, ForbiddenError
from payroll.offers import BonusOffer, BonusType
from payroll.people import Person
from payroll.records import BonusState
from payroll.shifts import Correction, NewShift
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.owners import FIRST_HALF, assert_books_agree, hire_owner, list_booked, sell, usd
from tests.shift_data import ANN, make_drawing_service, make_shift_data

FLAT_50 = BonusOffer(BonusType.FLAT, usd(50))
LEFT = date(2026, 11, 16)


def list_states(service: PostgresService) -> list[tuple[str, str]]:
    """Ann's bonuses, newest first: what they are and what became of them."""
    return [(held.bonus.bonus_type.value, held.bonus.state.value) for held in service.bonuses.list_of(ANN, 9)]


def test_bonuses_of_a_shift_that_is_deleted_after_leaving_do_not_wait_for_ever(
    service: PostgresService, olga: Person
) -> None:
    service.bonuses.grant(sell_first(service), FLAT_50, actor=olga)
    service.bonuses.grant(ANN, BonusOffer(BonusType.DOUBLE_COMMISSION, None), actor=olga)
    shift_id = sell(service, 12)
    service.staff.leave(ANN, LEFT, actor=olga)
    service.shifts.delete(shift_id, actor_id=olga.employee_id)
    assert list_states(service) == [("double_commission", "void"), ("flat", "applied")]
    assert service.statistics.get_balance(ANN) == usd(210)
    assert_books_agree(service)


def sell_first(service: PostgresService) -> int:
    """Ann's first shift, which makes 160.00; her number."""
    sell(service, 10)
    return ANN


def test_a_rank_that_a_correction_reaches_after_leaving_pays_its_flat(
    database: dict[str, Any], clock: SteppingClock
) -> None:
    with make_drawing_service(database, clock, 0) as service:
        olga = hire_owner(service)
        shift_id = sell(service, 10, 1500)
        service.staff.leave(ANN, LEFT, actor=olga)
        service.periods.close(FIRST_HALF, actor=olga, employee_id=ANN)
        ann = service.people.get(ANN)
        products = service.shifts.get(shift_id).shift.work.products
        wish = Correction(products={product_id: usd(2500) for product_id in products})
        request = service.corrections.ask_edit(shift_id, wish, "one more", actor=ann)
        result = service.corrections.approve(request.correction_id, actor=olga)
        assert service.determine_rank(ANN, 2026, 11) == "Hustler"
        assert list_states(service) == [("flat", "applied")]
        # 120.00 + 1,200.00 × 12 % = 264.00 become 120.00 + 2,000.00 × 14 % = 400.00.
        assert [line[1:] for line in list_booked(database)[-2:]] == [
            ("correction", "136.00", "2026-11-15"), ("flat at leaving", "10.00", "2026-11-15"),
        ]  # fmt: skip
        assert len(result.lines) == 2
        assert service.statistics.get_balance(ANN) == usd(410)
        assert_books_agree(service)


@pytest.mark.parametrize("is_finished", [True, False], ids=["finished", "discarded"])
def test_what_waits_for_a_running_shift_is_settled_when_it_is_over(
    service: PostgresService, clock: SteppingClock, olga: Person, is_finished: bool
) -> None:
    """A flat of 50.00 that a deleted shift gives free: the running shift can still carry it."""
    service.bonuses.grant(sell_first(service), FLAT_50, actor=olga)
    shift_id = sell(service, 12)
    running = service.shifts.start_running(ANN, clock.now - timedelta(hours=2))
    service.staff.leave(ANN, LEFT, actor=olga)
    service.shifts.delete(shift_id, actor_id=olga.employee_id)
    assert [bonus["Value"] for bonus in service.get_active_bonuses(ANN)] == [usd(50)]
    if is_finished:
        service.shifts.record(NewShift(ANN, running.time_in, clock.now, {}, running_shift_id=running.shift_id))
    else:
        service.shifts.discard_running(ANN)
    [flat] = service.bonuses.list_of(ANN, 9)
    assert flat.bonus.state is BonusState.APPLIED
    assert (flat.bonus.shift_id is not None) == is_finished
    # 160.00 and 50.00, and two hours where they were worked to the end.
    assert service.statistics.get_balance(ANN) == usd(240 if is_finished else 210)
    assert_books_agree(service)


def test_nobody_gives_a_bonus_to_somebody_who_has_left(service: PostgresService, olga: Person) -> None:
    shift_id = sell(service, 10)
    service.staff.leave(ANN, LEFT, actor=olga)
    for give in (
        lambda: service.bonuses.grant(ANN, FLAT_50, actor=olga),
        lambda: service.create_bonus(ANN, "flat", 50, shift_id=shift_id),
    ):
        with pytest.raises(ForbiddenError) as caught:
            give()
        assert (caught.value.key, caught.value.field) == (ErrorKey.EMPLOYEE_LEFT, "employee_id")
    assert service.bonuses.list_of(ANN, 9) == []
    service.staff.rehire(ANN, actor=olga)
    assert service.bonuses.grant(ANN, FLAT_50, actor=olga).bonus.state is BonusState.PENDING


def test_who_is_unknown_is_taken_in_by_their_first_bonus(service: PostgresService) -> None:
    service.create_bonus(ANN, "flat", 50)
    service.create_shift(make_shift_data())
    assert service.statistics.get_balance(ANN) == usd(210)
