"""What a month's sales make of a rank, its bonus and the messages (SPEC 3.13 to 3.15, PAYROLL D14 to D20, D28, D43)."""

from dataclasses import replace

import pytest

from payroll.ranks import NoticeKind, RankSettlement, settle_rank
from payroll.records import Bonus, BonusState, Shift, VoidedBy
from tests.factories import (
    CLOSER,
    DAY,
    GOD,
    HUSTLER,
    KING,
    NOVEMBER,
    OCTOBER,
    ROOKIE,
    SHARK,
    Amount,
    Draws,
    at,
    make_award,
    make_bonus,
    make_rank_month,
    make_ranks,
    make_shift,
    usd,
)

NOW = at(DAY, "18:00")
TARGET = make_shift(600, shift_id=2)


def _make_rank_bonus(code: str, rank_id: int = HUSTLER, *, on_shift: int | None = None) -> Bonus:
    """A bonus that a rank gave in November, pending or on a shift."""
    bonus = make_bonus(code, rank=(rank_id, NOVEMBER), earned_by=TARGET.earned_by)
    if on_shift is None:
        return bonus
    amount = bonus.value if code.startswith("flat") else None
    return replace(bonus, state=BonusState.APPLIED, shift_id=on_shift, amount=amount)


def _void(bonus: Bonus, by: VoidedBy = VoidedBy.RANK) -> Bonus:
    return replace(bonus, state=BonusState.VOID, voided_by=by, shift_id=None, amount=None)


def _list_kinds(settled: RankSettlement) -> list[NoticeKind]:
    return [notice.kind for notice in settled.notices]


def _reach(sales: Amount, *drawn: int, target: Shift | None = TARGET) -> RankSettlement:
    """A month of 1,500 that becomes so much."""
    return settle_rank(make_rank_month(1500, held=ROOKIE), usd(sales), target, Draws(*drawn), NOW)


def test_a_new_month_starts_at_the_lowest_rank_without_a_word() -> None:
    settled = settle_rank(make_rank_month(), usd(500), TARGET, Draws(), NOW)
    assert (settled.rank_id, settled.is_changed, settled.drawn, settled.notices) == (ROOKIE, False, None, ())


def test_a_month_nothing_was_settled_in_can_begin_above_the_lowest_rank() -> None:
    settled = settle_rank(make_rank_month(), usd(2500), TARGET, Draws(0), NOW)
    assert (settled.rank_id, settled.previous_rank_id, _list_kinds(settled)) == (HUSTLER, ROOKIE, [NoticeKind.RANK_UP])


@pytest.mark.parametrize(
    ("sales", "rank_id", "index", "code"),
    [
        (2000, HUSTLER, 0, "flat_10"),
        (2000, HUSTLER, 1, "percent_next_1"),
        (2000, HUSTLER, 2, "percent_prev_1"),
        (4000, CLOSER, 2, "flat_15"),
        (7000, SHARK, 1, "paid_day_off"),
        (10000, KING, 2, "telegram_premium"),
        (15000, GOD, 1, "double_commission"),
    ],
)
def test_a_reached_rank_draws_one_bonus_of_its_list(sales: int, rank_id: int, index: int, code: str) -> None:
    draws = Draws(index)
    settled = settle_rank(make_rank_month(1500, held=ROOKIE), usd(sales), TARGET, draws, NOW)
    assert settled.rank_id == rank_id
    assert draws.asked == [3]
    assert settled.drawn is not None
    assert settled.drawn.offer.code == code
    assert (settled.drawn.rank_id, settled.drawn.rank_month) == (rank_id, NOVEMBER)
    assert settled.award is not None
    assert (settled.award.rank_id, settled.award.is_drawn, settled.award.bonus) == (rank_id, True, settled.drawn)


def test_the_message_names_the_rank_and_the_bonus() -> None:
    [notice] = _reach(2100, 1).notices
    assert (notice.kind, notice.rank_id, notice.previous_rank_id) == (NoticeKind.RANK_UP, HUSTLER, ROOKIE)
    assert notice.drawn is not None
    assert notice.drawn.code == "percent_next_1"
    assert not notice.is_for_admins


def test_a_drawn_bonus_keeps_a_number_of_its_own() -> None:
    settled = settle_rank(make_rank_month(1500), usd(2100), TARGET, Draws(2, number=4_000_000_000), NOW)
    assert settled.drawn is not None
    assert (settled.drawn.draw, settled.drawn.created_at) == (4_000_000_000, NOW)


def test_a_flat_is_on_the_shift_that_reached_the_rank_at_once() -> None:
    drawn = _reach(2100, 0).drawn
    assert drawn is not None
    assert (drawn.state, drawn.shift_id, drawn.amount) == (BonusState.APPLIED, TARGET.shift_id, usd(10))


def test_the_others_wait_for_the_shift_after_the_one_that_earned_them() -> None:
    drawn = _reach(2100, 1).drawn
    assert drawn is not None
    assert (drawn.state, drawn.shift_id, drawn.earned_by) == (BonusState.PENDING, None, TARGET.earned_by)


def test_a_flat_that_no_shift_reached_waits_for_the_next_one_whichever_that_is() -> None:
    drawn = _reach(2100, 0, target=None).drawn
    assert drawn is not None
    assert (drawn.state, drawn.shift_id, drawn.earned_by) == (BonusState.PENDING, None, None)


def test_ranks_jumped_over_give_nothing() -> None:
    settled = _reach(7500, 0)
    assert settled.drawn is not None
    assert (settled.rank_id, settled.drawn.rank_id, settled.drawn.offer.code) == (SHARK, SHARK, "flat_50")
    assert _list_kinds(settled) == [NoticeKind.RANK_UP]


def test_a_rank_without_bonuses_is_told_and_draws_nothing() -> None:
    table = make_ranks((0, ()), (2000, ()))
    settled = settle_rank(make_rank_month(1500, table=table), usd(2100), TARGET, Draws(), NOW)
    assert (settled.drawn, _list_kinds(settled)) == (None, [NoticeKind.RANK_UP])
    assert settled.award is not None
    assert not settled.award.is_drawn


def test_a_rank_that_stays_is_not_told_again() -> None:
    award = make_award(HUSTLER, _make_rank_bonus("percent_next_1"))
    settled = settle_rank(make_rank_month(2100, held=HUSTLER, awards=[award]), usd(2900), TARGET, Draws(), NOW)
    assert (settled.is_changed, settled.award, settled.notices, settled.withdrawn, settled.returned) == (
        False,
        None,
        (),
        (),
        (),
    )


# A rank is lost: D14, D15


def _fall(bonus: Bonus, *, to: Amount = 1550) -> RankSettlement:
    """A Hustler of 2,100 who loses the rank."""
    before = make_rank_month(2100, held=HUSTLER, awards=[make_award(HUSTLER, bonus)])
    return settle_rank(before, usd(to), TARGET, Draws(), NOW)


@pytest.mark.parametrize("code", ["flat_10", "percent_next_1", "percent_prev_1", "double_commission", "paid_day_off"])
def test_a_lost_rank_withdraws_its_pending_bonus(code: str) -> None:
    settled = _fall(_make_rank_bonus(code))
    [bonus] = settled.withdrawn
    assert (bonus.state, bonus.voided_by) == (BonusState.VOID, VoidedBy.RANK)
    [notice] = settled.notices
    assert (notice.kind, notice.rank_id, notice.previous_rank_id) == (NoticeKind.RANK_DOWN, ROOKIE, HUSTLER)
    assert [offer.code for offer in notice.withdrawn] == [code]


def test_a_flat_is_taken_back_from_whichever_shift_carries_it() -> None:
    [bonus] = _fall(_make_rank_bonus("flat_10", on_shift=77)).withdrawn
    assert (bonus.state, bonus.shift_id, bonus.amount) == (BonusState.VOID, None, None)


@pytest.mark.parametrize("code", ["percent_next_1", "percent_prev_1", "double_commission"])
def test_a_percentage_already_used_stays_and_the_admins_are_told(code: str) -> None:
    settled = _fall(_make_rank_bonus(code, on_shift=77))
    assert settled.withdrawn == ()
    to_person, to_admins = settled.notices
    assert (to_person.kind, to_person.is_for_admins) == (NoticeKind.RANK_DOWN, False)
    assert (to_admins.kind, to_admins.is_for_admins) == (NoticeKind.BONUS_KEPT, True)
    assert [offer.code for offer in to_admins.kept] == [code]


def test_admins_are_told_of_a_kept_bonus_once() -> None:
    kept = make_award(HUSTLER, _make_rank_bonus("percent_next_1", on_shift=77))
    settled = settle_rank(make_rank_month(1550, held=ROOKIE, awards=[kept]), usd(1600), TARGET, Draws(), NOW)
    assert settled.notices == ()


def test_a_fall_over_several_ranks_withdraws_the_bonus_of_each() -> None:
    awards = [
        make_award(HUSTLER, _make_rank_bonus("percent_next_1", HUSTLER)),
        make_award(SHARK, _make_rank_bonus("flat_50", SHARK, on_shift=2)),
    ]
    settled = settle_rank(make_rank_month(7500, held=SHARK, awards=awards), usd(100), TARGET, Draws(), NOW)
    assert [bonus.rank_id for bonus in settled.withdrawn] == [HUSTLER, SHARK]
    assert _list_kinds(settled) == [NoticeKind.RANK_DOWN]


def test_a_fall_onto_a_rank_that_was_jumped_over_draws_its_bonus() -> None:
    awards = [make_award(SHARK, _make_rank_bonus("flat_50", SHARK, on_shift=2))]
    settled = settle_rank(make_rank_month(7500, held=SHARK, awards=awards), usd(2100), TARGET, Draws(1), NOW)
    assert [bonus.offer.code for bonus in settled.withdrawn] == ["flat_50"]
    assert settled.drawn is not None
    assert (settled.drawn.rank_id, settled.drawn.offer.code) == (HUSTLER, "percent_next_1")
    [notice] = settled.notices
    assert (notice.kind, notice.drawn, [offer.code for offer in notice.withdrawn]) == (
        NoticeKind.RANK_DOWN,
        settled.drawn.offer,
        ["flat_50"],
    )


def test_a_fall_onto_a_rank_that_drew_before_draws_nothing() -> None:
    awards = [
        make_award(HUSTLER, _make_rank_bonus("percent_next_1", HUSTLER)),
        make_award(SHARK, _make_rank_bonus("flat_50", SHARK, on_shift=2)),
    ]
    settled = settle_rank(make_rank_month(7500, held=SHARK, awards=awards), usd(2100), TARGET, Draws(), NOW)
    assert [bonus.rank_id for bonus in settled.withdrawn] == [SHARK]
    assert (settled.drawn, settled.award) == (None, None)


# A rank is reached again: D15, D20, D28


def _regain(bonus: Bonus, *, target: Shift | None = TARGET) -> RankSettlement:
    """A Rookie of 1,550 who was Hustler before and is so again."""
    before = make_rank_month(1550, held=ROOKIE, awards=[make_award(HUSTLER, bonus)])
    return settle_rank(before, usd(2100), target, Draws(), NOW)


def test_the_same_flat_comes_back_on_the_shift_whose_change_reached_the_rank() -> None:
    settled = _regain(_void(_make_rank_bonus("flat_10", on_shift=77)))
    [bonus] = settled.returned
    assert (bonus.bonus_id, bonus.state, bonus.voided_by) == (1, BonusState.APPLIED, None)
    assert (bonus.shift_id, bonus.amount) == (TARGET.shift_id, usd(10))
    assert (settled.drawn, settled.award) == (None, None)


@pytest.mark.parametrize("code", ["percent_next_1", "percent_prev_1", "double_commission", "paid_day_off"])
def test_the_others_come_back_pending(code: str) -> None:
    [bonus] = _regain(_void(_make_rank_bonus(code))).returned
    assert (bonus.bonus_id, bonus.offer.code, bonus.state, bonus.shift_id) == (1, code, BonusState.PENDING, None)
    assert bonus.voided_by is None


def test_a_regained_rank_is_a_short_note_and_not_told_as_new() -> None:
    [notice] = _regain(_void(_make_rank_bonus("percent_next_1"))).notices
    assert (notice.kind, notice.drawn) == (NoticeKind.RANK_REGAINED, None)
    assert [offer.code for offer in notice.returned] == ["percent_next_1"]


def test_a_flat_that_comes_back_without_a_shift_waits_for_the_next() -> None:
    [bonus] = _regain(_void(_make_rank_bonus("flat_10")), target=None).returned
    assert (bonus.state, bonus.shift_id, bonus.earned_by) == (BonusState.PENDING, None, None)


@pytest.mark.parametrize("voided_by", [VoidedBy.ADMIN, VoidedBy.LEAVING])
def test_a_bonus_that_somebody_voided_does_not_come_back_and_nothing_is_drawn_for_it(voided_by: VoidedBy) -> None:
    settled = _regain(_void(_make_rank_bonus("percent_next_1"), voided_by))
    assert (settled.returned, settled.drawn, settled.award) == ((), None, None)


def test_a_bonus_that_went_with_the_rank_by_a_refund_comes_back_with_it_too() -> None:
    [bonus] = _regain(_void(_make_rank_bonus("percent_next_1"), VoidedBy.REFUND)).returned
    assert (bonus.bonus_id, bonus.state, bonus.voided_by) == (1, BonusState.PENDING, None)


def test_a_withdrawn_bonus_does_not_come_back_when_its_rank_is_taken_out_of_the_table() -> None:
    awards = [make_award(77, _void(_make_rank_bonus("percent_next_1", 77)))]
    settled = settle_rank(make_rank_month(1000, held=ROOKIE, awards=awards), usd(1000), TARGET, Draws(), NOW)
    assert (settled.returned, settled.notices) == ((), ())


def test_a_percentage_that_stayed_on_its_shift_is_not_given_again() -> None:
    settled = _regain(_make_rank_bonus("percent_next_1", on_shift=77))
    assert (settled.returned, settled.drawn) == ((), None)


def test_a_bonus_withdrawn_comes_back_when_its_rank_is_passed_on_the_way_up() -> None:
    awards = [make_award(HUSTLER, _void(_make_rank_bonus("percent_next_1")))]
    settled = settle_rank(make_rank_month(1550, held=ROOKIE, awards=awards), usd(4100), TARGET, Draws(1), NOW)
    assert [bonus.offer.code for bonus in settled.returned] == ["percent_next_1"]
    assert settled.drawn is not None
    assert settled.drawn.rank_id == CLOSER


# Other tables, other months: D18, D19, D43


def test_a_rank_counted_as_drawn_by_the_migration_draws_nothing() -> None:
    before = make_rank_month(1550, held=ROOKIE, awards=[make_award(HUSTLER, None)])
    settled = settle_rank(before, usd(2100), TARGET, Draws(), NOW)
    assert (settled.drawn, _list_kinds(settled)) == (None, [NoticeKind.RANK_REGAINED])


def test_a_rank_that_had_no_bonus_to_give_draws_when_the_person_comes_by_again() -> None:
    before = make_rank_month(2100, held=HUSTLER, awards=[make_award(HUSTLER, None, is_drawn=False)])
    settled = settle_rank(before, usd(2200), TARGET, Draws(0), NOW)
    assert settled.drawn is not None
    assert _list_kinds(settled) == [NoticeKind.RANK_BONUS]


def test_a_rank_the_new_table_does_not_have_withdraws_nothing() -> None:
    before = make_rank_month(2100, held=77, awards=[make_award(77, _make_rank_bonus("percent_next_1", 77))])
    settled = settle_rank(before, usd(100), TARGET, Draws(), NOW)
    assert (settled.rank_id, settled.withdrawn, settled.notices) == (ROOKIE, (), ())


def test_a_rank_the_new_table_does_not_have_gives_way_to_the_one_the_sales_reach() -> None:
    settled = settle_rank(make_rank_month(2100, held=77), usd(2200), TARGET, Draws(0), NOW)
    assert (settled.rank_id, settled.is_changed or settled.is_first) == (HUSTLER, True)


def test_a_bonus_that_a_raised_table_left_in_place_is_not_withdrawn_by_the_next_shift() -> None:
    raised = make_ranks((0, ()), (3000, ("percent_next_1",)))
    awards = [make_award(HUSTLER, _make_rank_bonus("percent_next_1"))]
    settled_under_it = make_rank_month(2100, held=ROOKIE, awards=awards, table=raised)
    settled = settle_rank(settled_under_it, usd(2200), TARGET, Draws(), NOW)
    assert settled.withdrawn == ()


def test_a_renamed_or_moved_rank_gives_nothing_new() -> None:
    lowered = make_ranks((0, ()), (1000, ("flat_99",)))
    awards = [make_award(HUSTLER, _make_rank_bonus("flat_10", on_shift=2))]
    settled = settle_rank(
        make_rank_month(2100, held=HUSTLER, awards=awards, table=lowered), usd(2200), TARGET, Draws(), NOW
    )
    assert (settled.drawn, settled.withdrawn, settled.notices) == (None, (), ())


def test_each_month_has_its_own_bonus_of_the_same_rank() -> None:
    october = settle_rank(make_rank_month(1500, month=OCTOBER), usd(2100), TARGET, Draws(0), NOW)
    november = settle_rank(make_rank_month(1500, month=NOVEMBER), usd(2100), TARGET, Draws(0), NOW)
    assert [one.drawn.rank_month for one in (october, november) if one.drawn] == [OCTOBER, NOVEMBER]
