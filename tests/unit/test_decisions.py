"""Who decides what, by what it does to whom (PAYROLL D38)."""

import pytest

from payroll.decisions import (
    Admin,
    Council,
    Effect,
    change_pay,
    change_place,
    give,
    list_councils,
    move_pay,
    take,
)
from payroll.errors import ErrorKey, ForbiddenError
from payroll.people import Role

OLGA = Admin(1, Role.OWNER, frozenset({501}), frozenset({1}))
OMAR = Admin(2, Role.OWNER, frozenset({502}), frozenset({2}))
MAX = Admin(3, Role.MANAGER, frozenset({503, 593}), frozenset({3, 93}))
"""He wrote from another account before, which number 93 stands for."""
ANN = 4


def judge(actor: Admin, effect: Effect, *others: Admin) -> bool | str:
    try:
        return Council(actor, others).judge(effect)
    except ForbiddenError as error:
        return str(error.key)


@pytest.mark.parametrize("effect", [give(3), take(3), change_pay(3), move_pay(3, ANN), move_pay(ANN, 3), give(93)])
def test_ones_own_pay_is_anothers_whichever_way_it_goes_and_whatever_one_was_called_before(effect: Effect) -> None:
    assert judge(MAX, effect, OLGA) == ErrorKey.OWN_MATTER
    assert judge(MAX, effect) is True
    assert judge(OLGA, effect, MAX) is False


def test_what_is_about_all_who_could_decide_is_decided_by_one_of_them() -> None:
    assert judge(OLGA, move_pay(1, 3), MAX) is True
    assert judge(OLGA, move_pay(1, 3), MAX, OMAR) == ErrorKey.OWN_MATTER


def test_a_place_of_an_owner_or_a_manager_is_for_owners_their_own_for_another_owner() -> None:
    place, managers = change_place(1, Role.OWNER), change_place(3, Role.MANAGER)
    assert judge(MAX, managers, OLGA) == ErrorKey.OWNER_ONLY
    assert judge(MAX, managers) == ErrorKey.OWNER_ONLY
    assert judge(OLGA, managers, MAX) is False
    assert judge(OLGA, place, MAX) is True
    assert judge(OLGA, place, MAX, OMAR) == ErrorKey.OWN_MATTER
    assert judge(MAX, change_place(ANN, Role.EMPLOYEE), OLGA) is False


def test_nobody_is_linked_to_an_account_that_the_admin_wrote_from() -> None:
    linked = Effect(places={ANN: Role.EMPLOYEE}, accounts=frozenset({593}))
    assert judge(MAX, linked, OLGA) == ErrorKey.OWN_MATTER
    assert judge(OLGA, linked, MAX) is False


def test_what_is_about_nobody_in_particular_is_every_admins() -> None:
    assert judge(MAX, Effect(), OLGA) is False


def test_who_may_decide_is_who_is_let_pass() -> None:
    councils = list_councils([OLGA, OMAR, MAX])
    assert [one.actor for one in councils if one.may_decide(change_pay(3))] == [OLGA, OMAR]
    assert [one.actor for one in councils if one.may_decide(change_place(1, Role.OWNER))] == [OMAR]
