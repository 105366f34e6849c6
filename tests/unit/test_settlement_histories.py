"""Any history of a person's shifts: whatever happens, it adds up (SPEC 3.10 to 3.16, PAYROLL D8, D15, D27)."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from payroll.errors import ConflictError
from payroll.offers import BonusType
from payroll.records import Bonus, BonusState, Sources, VoidedBy, get_month
from payroll.settlement import Outcome
from tests.factories import DAY, MODEL_A, MODEL_B, ROOKIE, Person, assert_whole, make_ranks, make_source, usd

END_OF_OCTOBER = date(2025, 10, 31)
WITHOUT_RANK_BONUSES = make_ranks((0, ()), (2000, ()))
SMALL_RANKS = make_ranks(
    (0, ()),
    (1000, ("flat_10", "percent_next_1", "percent_prev_1")),
    (2000, ("flat_25", "double_commission")),
    (3000, ("flat_50", "paid_day_off", "percent_all_2")),
)
DATES = st.sampled_from([date(2025, 10, 14), END_OF_OCTOBER, date(2025, 11, 1), DAY, date(2025, 11, 15)])
SALES = st.sampled_from([0, 1, 400, 500, 999, 1000, 1500, 3100]).map(usd) | st.decimals("0.00", "1200.00", places=2)
CODES = st.sampled_from(
    ["flat_10", "percent_next_1", "double_commission", "percent_prev_1", "percent_all_2", "paid_day_off"]
)
LOGS = st.tuples(st.just("log"), SALES, DATES)
ENTERED_BELATEDLY = st.tuples(st.just("log"), SALES, DATES, st.integers(0, 600))
CORRECTIONS = st.tuples(st.just("correct"), SALES, DATES, st.integers(0, 9))
DELETIONS = st.tuples(st.just("delete"), st.integers(0, 9))
GRANTS = st.tuples(st.just("grant"), CODES)
SEEDS = st.integers(0, 2**16)


def _start(seed: int) -> Person:
    others = make_source({MODEL_A: 500, MODEL_B: 77})
    sources = Sources(previous=others, same_day=(others, make_source({MODEL_B: 250}, cut=15)))
    return Person(draw=Random(seed).randrange, ranks=SMALL_RANKS, sources=sources)


def _do(person: Person, step: tuple[object, ...]) -> Outcome | None:
    """One step of a history; one that needs a shift where there is none does nothing."""
    ids = sorted(person.shifts)
    match step:
        case ("log", Decimal() as sales, date() as day):
            return person.log({MODEL_A: sales, MODEL_B: 7} if sales > 500 else sales, day=day)
        case ("log", Decimal() as sales, date() as day, int() as seconds_ago):
            return person.log(sales, day=day, recorded_at=person.now - timedelta(seconds=seconds_ago))
        case ("grant", str() as code):
            person.grant(code)
        case ("correct", Decimal() as sales, date() as day, int() as place) if ids:
            return person.correct(ids[place % len(ids)], sales, day=day)
        case ("delete", int() as place) if ids:
            return person.delete(ids[place % len(ids)])
    return None


def _list_drawn(outcome: Outcome | None) -> list[tuple[date, int]]:
    return [(settled.month, settled.rank_id) for settled in outcome.ranks if settled.drawn] if outcome else []


def _assert_rates_are_of_the_day(person: Person) -> None:
    """Each shift is at the rate of the sales of its date up to itself, by a sum of its own."""
    for shift in person.shifts.values():
        so_far = sum(
            one.work.total_sales
            for one in person.shifts.values()
            if one.work.shift_date == shift.work.shift_date
            and (one.recorded_at, one.shift_id) <= (shift.recorded_at, shift.shift_id)
        )
        expected = 6 if so_far >= 2000 else 4 if so_far >= 1000 else 2 if so_far >= 500 else 0
        assert shift.pay.dynamic_pct == expected


@settings(max_examples=150, deadline=None)
@given(seed=SEEDS, steps=st.lists(LOGS | ENTERED_BELATEDLY | CORRECTIONS | DELETIONS | GRANTS, max_size=14))
def test_after_any_history_everything_adds_up_and_no_rank_drew_twice(
    seed: int, steps: list[tuple[object, ...]]
) -> None:
    person = _start(seed)
    drawn: list[tuple[date, int]] = []
    for step in steps:
        drawn += _list_drawn(_do(person, step))
        assert_whole(person)
        _assert_rates_are_of_the_day(person)
    assert len(drawn) == len(set(drawn))
    for shift in person.shifts.values():
        doublings = [bonus for bonus in shift.bonuses if bonus.bonus_type is BonusType.DOUBLE_COMMISSION]
        assert len(doublings) <= 1


@settings(max_examples=100, deadline=None)
@given(
    seed=SEEDS,
    before=st.lists(LOGS, min_size=1, max_size=6),
    place=st.integers(0, 9),
    after=st.lists(LOGS | ENTERED_BELATEDLY | CORRECTIONS | DELETIONS, max_size=8),
)
def test_a_refunded_shift_keeps_its_rate_through_any_history_until_it_is_released(
    seed: int, before: list[tuple[object, ...]], place: int, after: list[tuple[object, ...]]
) -> None:
    person = _start(seed)
    for step in before:
        _do(person, step)
    refunded = sorted(person.shifts)[place % len(person.shifts)]
    person.set_refunded(refunded, is_refunded=True)
    shift = person.shifts[refunded]
    for step in after:
        with suppress(ConflictError):
            _do(person, step)
        kept = person.shifts[refunded]
        assert (kept.pay.dynamic_pct, kept.pay.commission_pct, kept.pay.commissions, dict(kept.work.products)) == (
            shift.pay.dynamic_pct, shift.pay.commission_pct, shift.pay.commissions, dict(shift.work.products),
        )  # fmt: skip
        assert_whole(person)
    person.set_refunded(refunded, is_refunded=False)
    person.release(refunded)
    assert_whole(person)
    _assert_rates_are_of_the_day(person)


def _forget_earner(bonus: Bonus) -> Bonus:
    return replace(bonus, earned_by=None)


@settings(max_examples=100, deadline=None)
@given(
    seed=SEEDS,
    steps=st.lists(LOGS | ENTERED_BELATEDLY | CORRECTIONS | DELETIONS | GRANTS, max_size=8),
    sales=SALES,
    day=DATES,
)
def test_a_shift_recorded_and_deleted_leaves_books_and_bonuses_as_they_were(
    seed: int, steps: list[tuple[object, ...]], sales: Decimal, day: date
) -> None:
    person = _start(seed)
    for step in steps:
        _do(person, step)
    balances, shifts = person.compute_balances(), dict(person.shifts)
    bonuses = {bonus_id: _forget_earner(bonus) for bonus_id, bonus in person.bonuses.items()}
    held = person.held.get(get_month(day), ROOKIE)
    person.log(sales, day=day)
    person.delete(max(person.shifts))
    assert person.compute_balances() == balances
    assert person.shifts == shifts
    assert person.held[get_month(day)] == held
    for bonus_id, bonus in person.bonuses.items():
        if bonus_id in bonuses:
            assert _forget_earner(bonus) == bonuses[bonus_id]
        else:
            assert (bonus.state, bonus.voided_by) == (BonusState.VOID, VoidedBy.RANK)


@settings(max_examples=100, deadline=None)
@given(
    seed=SEEDS,
    steps=st.lists(LOGS | ENTERED_BELATEDLY | GRANTS | CORRECTIONS | DELETIONS, max_size=8),
    place=st.integers(0, 9),
    sales=SALES,
    day=DATES,
)
def test_an_edit_there_and_back_leaves_every_shift_and_every_period_as_it_was(
    seed: int, steps: list[tuple[object, ...]], place: int, sales: Decimal, day: date
) -> None:
    person = _start(seed)
    person.ranks = WITHOUT_RANK_BONUSES
    person.log(500)
    for step in steps:
        _do(person, step)
    assume(person.shifts)
    ids = sorted(person.shifts)
    shift_id = ids[place % len(ids)]
    shifts, balances, bonuses = dict(person.shifts), person.compute_balances(), dict(person.bonuses)
    work = person.shifts[shift_id].work
    person.correct(shift_id, sales, day=day)
    person.correct(shift_id, work.products, day=work.shift_date)
    assert person.shifts == shifts
    assert person.compute_balances() == balances
    assert person.bonuses == bonuses


@settings(max_examples=100, deadline=None)
@given(seed=SEEDS, steps=st.lists(LOGS, min_size=1, max_size=5), place=st.integers(0, 9), sales=SALES, day=DATES)
def test_an_edit_there_and_back_that_draws_nothing_leaves_rank_bonuses_and_balance_as_they_were(
    seed: int, steps: list[tuple[object, ...]], place: int, sales: Decimal, day: date
) -> None:
    person = _start(seed)
    for step in steps:
        _do(person, step)
    ids = sorted(person.shifts)
    shift_id = ids[place % len(ids)]
    work, balance, states = person.shifts[shift_id].work, person.balance, person.bonus_states
    there = person.correct(shift_id, sales, day=day)
    assume(not _list_drawn(there))
    back = person.correct(shift_id, work.products, day=work.shift_date)
    assert _list_drawn(back) == []
    assert person.bonus_states == states
    assert person.balance == balance
