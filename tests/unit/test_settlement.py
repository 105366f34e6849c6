"""A change of a shift, carried through to pay, bonuses, ranks and ledger (SPEC 3.10 to 3.16, PAYROLL D1 to D28)."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from payroll.pay_periods import PayPeriod
from payroll.ranks import NoticeKind
from payroll.records import BonusState, VoidedBy
from payroll.settlement import Outcome, create_shift, price_new
from tests.factories import (
    CLOSER,
    DAY,
    HUSTLER,
    NOVEMBER,
    OCTOBER,
    ROOKIE,
    SHARK,
    Draws,
    Person,
    assert_whole,
    at,
    make_book,
    make_ranks,
    make_terms,
    make_work,
    usd,
)

YESTERDAY = DAY - timedelta(days=1)
TOMORROW = DAY + timedelta(days=1)
END_OF_OCTOBER = date(2025, 10, 31)
FIRST_HALF = PayPeriod(date(2025, 11, 1), date(2025, 11, 14))
SECOND_HALF = PayPeriod(date(2025, 11, 15), date(2025, 11, 30))
NO_RANK_BONUSES = make_ranks((0, ()), (2000, ()))


def _list_pcts(person: Person) -> list[Decimal]:
    """The dynamic rate of each shift, by id."""
    return [person.shifts[shift_id].pay.dynamic_pct for shift_id in sorted(person.shifts)]


def _list_kinds(outcome: Outcome) -> list[NoticeKind]:
    return [notice.kind for notice in outcome.notices]


# Prices of a date (SPEC 3.6, 3.10, D8)


def test_a_new_shift_changes_no_earlier_one() -> None:
    person = Person()
    person.log(500)
    outcome = person.log(700)
    assert [new.shift_id for _, new in outcome.changed if new] == [2]
    assert outcome.shift == person.shifts[2]


def test_a_shift_recorded_before_existing_ones_of_the_date_prices_those_again() -> None:
    person = Person()
    person.log(500, recorded_at=at(DAY, "20:00"))
    outcome = person.log(700, recorded_at=at(DAY, "19:00"))
    assert _list_pcts(person) == [4, 2]
    assert [new.shift_id for _, new in outcome.changed if new] == [2, 1]
    assert_whole(person)


def test_correcting_a_shift_prices_the_later_ones_of_its_date_again() -> None:
    person = Person(ranks=NO_RANK_BONUSES)
    for amount in (300, 300, 300):
        person.log(amount)
    assert _list_pcts(person) == [0, 2, 2]
    person.correct(2, 1800)
    assert _list_pcts(person) == [0, 6, 6]
    assert_whole(person)


def test_correcting_a_shift_leaves_other_dates_alone() -> None:
    person = Person(ranks=NO_RANK_BONUSES)
    person.log(300)
    person.log(300, day=TOMORROW)
    person.correct(1, 1900)
    assert _list_pcts(person) == [4, 0]


def test_moving_a_shift_prices_both_dates_again() -> None:
    person = Person()
    person.log(600)
    person.log(400)
    person.log(450, day=TOMORROW)
    assert _list_pcts(person) == [2, 4, 0]
    outcome = person.correct(1, day=TOMORROW)
    assert _list_pcts(person) == [2, 0, 4]
    assert [new.shift_id for _, new in outcome.changed if new] == [1, 2, 3]
    assert_whole(person)


def test_a_moved_shift_keeps_its_place_in_the_order() -> None:
    person = Person()
    person.log(600)
    person.log(600, day=TOMORROW)
    person.correct(2, day=DAY)
    assert _list_pcts(person) == [2, 4]
    person.correct(1, day=TOMORROW)
    person.correct(1, day=DAY)
    assert _list_pcts(person) == [2, 4]


def test_deleting_a_shift_prices_the_later_ones_again_and_books_both_differences() -> None:
    person = Person()
    person.log(500)
    person.log(700)
    outcome = person.delete(1)
    assert _list_pcts(person) == [2]
    # 700 net 560: 12 % is 67.20, 10 % is 56.00.
    assert [(entry.ref, str(entry.direction), entry.units) for entry in outcome.entries] == [
        ("shift:1", "debit", usd("160.00")),
        ("shift:2", "debit", usd("11.20")),
    ]
    assert (outcome.shift, outcome.changed[0][1]) == (None, None)
    assert_whole(person)


def test_an_edit_that_changes_nothing_writes_nothing() -> None:
    person = Person()
    person.log(500)
    outcome = person.correct(1, 500)
    assert (outcome.changed, outcome.entries, outcome.bonuses, outcome.notices) == ((), (), (), ())


# The ledger follows (D3)


def test_an_edit_books_the_difference_where_the_shift_is() -> None:
    person = Person()
    person.log(500)
    outcome = person.correct(1, 1000)
    assert person.shifts[1].pay.total_made == usd("216.00")
    assert [(str(entry.direction), entry.units, entry.period) for entry in outcome.entries] == [
        ("credit", usd("56.00"), FIRST_HALF)
    ]


def test_moving_a_shift_to_another_period_moves_its_whole_amount() -> None:
    person = Person()
    person.log(500)
    outcome = person.correct(1, 1000, day=date(2025, 11, 20))
    assert [(str(entry.direction), entry.units, entry.period) for entry in outcome.entries] == [
        ("debit", usd("160.00"), FIRST_HALF),
        ("credit", usd("216.00"), SECOND_HALF),
    ]
    assert person.compute_balances() == {SECOND_HALF: usd("216.00")}


def test_the_shift_left_behind_on_the_date_is_booked_in_its_own_period() -> None:
    person = Person()
    person.log(500)
    person.log(700)
    person.correct(1, day=date(2025, 11, 20))
    assert person.compute_balances() == {FIRST_HALF: usd("176.00"), SECOND_HALF: usd("160.00")}
    assert_whole(person)


# Ranks (D14 to D17, D28)


def test_6000_typed_for_600_gives_sharks_bonus_and_corrected_gives_hustlers() -> None:
    person = Person(draw=Draws(0, 0))
    person.log(1500)
    person.log(6000)
    assert (person.held[NOVEMBER], person.list_codes(2)) == (SHARK, ["flat_50"])
    outcome = person.correct(2, 600)
    assert (person.held[NOVEMBER], person.list_codes(2)) == (HUSTLER, ["flat_10"])
    assert person.bonus_states == [("flat_50", "void"), ("flat_10", "applied")]
    assert _list_kinds(outcome) == [NoticeKind.RANK_DOWN]
    assert_whole(person)


@pytest.mark.parametrize("drawn", [0, 1, 2], ids=["a flat", "a percentage", "a share"])
def test_600_corrected_to_50_and_back_loses_nothing_and_draws_nothing(drawn: int) -> None:
    person = Person(draw=Draws(drawn))
    person.log(1500)
    person.log(600)
    before, states, balance = person.shifts[2], person.bonus_states, person.balance
    person.correct(2, 50)
    assert [bonus.voided_by for bonus in person.bonuses.values()] == [VoidedBy.RANK]
    outcome = person.correct(2, 600)
    assert person.shifts[2].pay == before.pay
    assert (person.bonus_states, person.balance) == (states, balance)
    assert _list_kinds(outcome) == [NoticeKind.RANK_REGAINED]
    assert_whole(person)


def test_a_flat_is_withdrawn_from_the_shift_that_carries_it_when_another_one_is_corrected() -> None:
    person = Person(draw=Draws(0))
    person.log(1500, day=YESTERDAY)
    person.log(600)
    assert person.shifts[2].pay.bonus_pay == usd(10)
    outcome = person.correct(1, 50)
    assert (person.shifts[2].bonuses, person.shifts[2].pay.bonus_pay) == ((), usd(0))
    assert ("shift:2", usd(10)) in [(entry.ref, entry.units) for entry in outcome.entries]
    assert_whole(person)


def test_it_comes_back_on_the_shift_whose_change_reached_the_rank_again() -> None:
    person = Person(draw=Draws(0))
    person.log(1500, day=YESTERDAY)
    person.log(600)
    person.correct(1, 50)
    person.correct(1, 1500)
    assert (person.list_codes(1), person.list_codes(2)) == (["flat_10"], [])
    assert_whole(person)


def test_a_deletion_withdraws_the_flat_with_its_shift_and_the_shift_entered_again_gets_it_back() -> None:
    person = Person(draw=Draws(0))
    person.log(1500)
    person.log(600)
    outcome = person.delete(2)
    assert _list_kinds(outcome) == [NoticeKind.RANK_DOWN]
    assert person.bonus_states == [("flat_10", "void")]
    person.log(600)
    assert person.list_codes(3) == ["flat_10"]
    assert person.bonus_states == [("flat_10", "applied")]
    assert_whole(person)


def test_a_flat_freed_by_deleting_its_shift_waits_while_the_rank_stays() -> None:
    person = Person(draw=Draws(0))
    person.log(1500)
    person.log(600)
    person.log(600, day=TOMORROW)
    person.delete(2)
    assert (person.held[NOVEMBER], person.pending_codes) == (HUSTLER, ["flat_10"])
    person.log(10, day=TOMORROW, start="18:00", end="19:00")
    assert person.list_codes(4) == ["flat_10"]
    assert_whole(person)


def test_a_deletion_that_leads_down_to_a_jumped_rank_draws_a_flat_that_waits() -> None:
    person = Person(draw=Draws(0, 0))
    for amount in (1500, 6000, 600):
        person.log(amount)
    assert person.held[NOVEMBER] == SHARK
    person.delete(2)
    assert (person.held[NOVEMBER], person.pending_codes) == (HUSTLER, ["flat_10"])
    person.log(0, start="18:00", end="19:00")
    assert person.list_codes(4) == ["flat_10"]
    assert_whole(person)


def test_a_used_percentage_stays_when_its_rank_is_lost_and_the_admins_are_told() -> None:
    person = Person(draw=Draws(1))
    person.log(1500, day=YESTERDAY)
    person.log(600)
    person.log(500, day=TOMORROW)
    assert person.list_codes(3) == ["percent_next_1"]
    outcome = person.correct(1, 50)
    assert person.list_codes(3) == ["percent_next_1"]
    assert person.shifts[3].pay.commission_pct == Decimal("11.00")
    assert _list_kinds(outcome) == [NoticeKind.RANK_DOWN, NoticeKind.BONUS_KEPT]
    assert_whole(person)


def test_a_used_percentage_freed_after_its_rank_was_lost_is_not_used_again() -> None:
    person = Person(draw=Draws(1))
    person.log(1500, day=YESTERDAY)
    person.log(600)
    person.log(10, day=TOMORROW)
    person.correct(1, 50)
    person.delete(3)
    assert person.pending_codes == []
    person.log(10, day=TOMORROW)
    assert person.list_codes(4) == []


def test_a_percentage_used_before_the_rank_is_lost_is_not_given_a_second_time() -> None:
    person = Person(draw=Draws(1))
    person.log(1500, day=YESTERDAY)
    person.log(600)
    person.log(10, day=TOMORROW)
    person.correct(1, 50)
    person.correct(1, 1500)
    assert (person.pending_codes, person.list_codes(3)) == ([], ["percent_next_1"])


def test_a_bonus_granted_without_a_rank_is_never_voided_by_ranks() -> None:
    person = Person(draw=Draws(1))
    person.log(1500)
    person.log(600)
    person.grant("percent_next_3")
    person.correct(2, 50)
    assert person.pending_codes == ["percent_next_3"]


def test_a_bonus_an_admin_voided_stays_void_through_losing_and_reaching_the_rank() -> None:
    person = Person(draw=Draws(1))
    person.log(1500)
    person.log(600)
    person.bonuses[1] = replace(person.bonuses[1], state=BonusState.VOID, voided_by=VoidedBy.ADMIN)
    person.awards[NOVEMBER, HUSTLER] = replace(person.awards[NOVEMBER, HUSTLER], bonus=person.bonuses[1])
    person.correct(2, 50)
    person.correct(2, 600)
    assert person.bonus_states == [("percent_next_1", "void")]


def test_a_bonus_is_not_bound_to_its_month() -> None:
    person = Person(draw=Draws(1))
    person.log(2100, day=END_OF_OCTOBER)
    person.log(500, day=DAY)
    assert person.list_codes(2) == ["percent_next_1"]


def test_a_shift_moved_to_another_month_settles_both_the_earlier_first() -> None:
    draws = Draws(0, 1)
    person = Person(draw=draws)
    person.log(2500, day=END_OF_OCTOBER)
    assert (person.held, person.list_codes(1)) == ({OCTOBER: HUSTLER}, ["flat_10"])
    outcome = person.correct(1, day=DAY)
    assert person.held == {OCTOBER: ROOKIE, NOVEMBER: HUSTLER}
    assert [(settled.month, settled.sales) for settled in outcome.ranks] == [(OCTOBER, usd(0)), (NOVEMBER, usd(2500))]
    assert [(notice.kind, notice.month) for notice in outcome.notices] == [
        (NoticeKind.RANK_DOWN, OCTOBER),
        (NoticeKind.RANK_UP, NOVEMBER),
    ]
    assert (person.list_codes(1), person.pending_codes) == ([], ["percent_next_1"])
    assert_whole(person)


def test_a_shift_moved_to_another_month_can_draw_a_flat_in_both_for_the_same_shift() -> None:
    person = Person(draw=Draws(0, 0))
    person.log(2500, day=END_OF_OCTOBER)
    person.correct(1, day=DAY)
    assert person.bonus_states == [("flat_10", "void"), ("flat_10", "applied")]
    assert person.list_codes(1) == ["flat_10"]
    assert_whole(person)


def test_without_ranks_to_settle_bonuses_are_used_up_all_the_same() -> None:
    person = Person()
    bonus = person.grant("percent_next_1")
    new = price_new(1, 100, person.now, make_work(9000), make_terms())
    outcome = create_shift(make_book(pending=[bonus]), new, Draws(), person.now)
    assert outcome.shift is not None
    assert (outcome.shift.pay.commission_pct, outcome.ranks) == (Decimal("15.00"), ())


def test_reaching_closer_on_the_way_keeps_hustlers_bonus() -> None:
    person = Person(draw=Draws(1, 0))
    person.log(2100)
    person.log(2000, day=TOMORROW)
    assert person.held[NOVEMBER] == CLOSER
    assert person.list_codes(2) == ["percent_next_1", "flat_25"]
    assert_whole(person)
