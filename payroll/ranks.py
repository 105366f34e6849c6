"""What a month's sales make of a person's rank and its bonus (SPEC 3.13 to 3.15, PAYROLL D13 to D20)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from payroll.bonuses import DRAW_LIMIT, RULES, Draw, apply_to
from payroll.offers import BonusOffer, BonusType
from payroll.records import Bonus, BonusState, Shift, Sources, VoidedBy
from payroll.tables import RankStep, RankTable


@dataclass(frozen=True, slots=True)
class RankAward:
    """A rank that a person reached in a month: told once, drawn at most once (SPEC 3.14, PAYROLL D20).

    `bonus` is what was drawn, None where nothing was.
    """

    rank_id: int
    is_drawn: bool
    bonus: Bonus | None


@dataclass(frozen=True, slots=True)
class RankMonth:
    """A person's rank in a month before a change. `current_rank_id` is None where nothing was settled yet."""

    month: date
    sales: Decimal
    table: RankTable
    current_rank_id: int | None
    awards: tuple[RankAward, ...]


class Withdrawing(StrEnum):
    """Which bonuses of lost ranks a settlement takes back.

    All that can be (PAYROLL D15); none, for a new rank table (D18); for a refund those that wait alone (D35).
    """

    ALL = "all"
    NONE = "none"
    PENDING = "pending"


class NoticeKind(StrEnum):
    """What a message to a person is about; each has its words in every language."""

    RANK_UP = "rank_up"
    RANK_REGAINED = "rank_regained"
    RANK_DOWN = "rank_down"
    RANK_BONUS = "rank_bonus"
    BONUS_KEPT = "bonus_kept"


@dataclass(frozen=True, slots=True)
class RankNotice:
    """A message to send about a rank. `BONUS_KEPT` is for the admins, the others for the person (SPEC 3.14, 3.15).

    `booked_on` is the date of the shift that carries the flats drawn and returned, None where they wait for the next
    one (PAYROLL D16).
    """

    kind: NoticeKind
    month: date
    rank_id: int
    previous_rank_id: int
    drawn: BonusOffer | None = None
    returned: tuple[BonusOffer, ...] = ()
    withdrawn: tuple[BonusOffer, ...] = ()
    kept: tuple[BonusOffer, ...] = ()
    booked_on: date | None = None

    @property
    def is_for_admins(self) -> bool:
        """Whether the admins are told instead of the person."""
        return self.kind is NoticeKind.BONUS_KEPT


@dataclass(frozen=True, slots=True)
class RankSettlement:
    """What settling a month changes. Bonuses in `withdrawn`, `returned` and `drawn` are as they are afterwards.

    `is_first` is true where the month was never settled before, or on a rank that its table no longer has; `award` is
    the rank's, where it is new or newly drawn.
    """

    month: date
    sales: Decimal
    rank_id: int
    previous_rank_id: int
    is_changed: bool
    is_first: bool
    award: RankAward | None
    withdrawn: tuple[Bonus, ...]
    returned: tuple[Bonus, ...]
    drawn: Bonus | None
    notices: tuple[RankNotice, ...]


def settle_rank(
    before: RankMonth,
    sales: Decimal,
    target: Shift | None,
    draw: Draw,
    now: datetime,
    *,
    freed: Collection[int] = (),
    withdrawing: Withdrawing = Withdrawing.ALL,
) -> RankSettlement:
    """Settle a person's rank for a month's sales in USD.

    `target` is the shift whose creation or edit this is; it carries a flat bonus that is drawn or comes back
    (PAYROLL D15, D16). None where there is none (a deletion): flats then wait for the next shift. `freed` are the
    numbers of bonuses that this change has made pending again; `withdrawing` says which are taken back.

    Example: month at 1,500.00, then 600.00 more: Hustler, one of its three bonuses drawn; the 600.00 corrected to
    50.00: Rookie again, that bonus withdrawn; corrected back: the same bonus again.
    """
    table = before.table
    position = table.find_position(sales)
    reached = table.steps[position]
    held = table.find_position_of(before.current_rank_id) if before.current_rank_id is not None else 0
    old_position = position if held is None else held

    placed = _list_placed_bonuses(before)
    above = [bonus for bonus, place in placed if place is not None and place > position]
    lost = [bonus for bonus, place in placed if place is not None and position < place <= old_position]
    # A bonus that a changed table left above the person's rank stays until it is used and freed again (PAYROLL D18).
    voided_by = VoidedBy.REFUND if withdrawing is Withdrawing.PENDING else VoidedBy.RANK
    withdrawn = tuple(
        replace(bonus, state=BonusState.VOID, voided_by=voided_by, shift_id=None, amount=None)
        for bonus in above
        if _can_be_withdrawn(bonus, withdrawing) and (bonus in lost or bonus.bonus_id in freed)
    )
    kept = tuple(
        bonus
        for bonus in lost
        if withdrawing is Withdrawing.ALL
        and bonus.state is BonusState.APPLIED
        and not _can_be_withdrawn(bonus, withdrawing)
    )
    returned = tuple(
        _give(replace(bonus, state=BonusState.PENDING, voided_by=None), target)
        for bonus, place in placed
        if place is not None and place <= position and _is_withdrawn(bonus)
    )
    award = next((one for one in before.awards if one.rank_id == reached.rank_id), None)
    drawn = None if award is not None and award.is_drawn else _draw_bonus(reached, before.month, target, draw, now)
    if drawn is not None or (award is None and position > 0):
        new_award = RankAward(reached.rank_id, is_drawn=drawn is not None, bonus=drawn)
    else:
        new_award = None
    previous = table.steps[old_position].rank_id
    return RankSettlement(
        month=before.month,
        sales=sales,
        rank_id=reached.rank_id,
        previous_rank_id=previous,
        is_changed=position != old_position,
        is_first=before.current_rank_id is None or held is None,
        award=new_award,
        withdrawn=withdrawn,
        returned=returned,
        drawn=drawn,
        notices=_list_notices(
            RankNotice(
                kind=_get_kind(position, old_position, is_first=award is None),
                month=before.month,
                rank_id=reached.rank_id,
                previous_rank_id=previous,
                drawn=drawn.offer if drawn else None,
                returned=tuple(bonus.offer for bonus in returned),
                withdrawn=tuple(bonus.offer for bonus in withdrawn),
                kept=tuple(bonus.offer for bonus in kept),
                booked_on=_find_booked_on((*returned, *([drawn] if drawn else [])), target),
            ),
            is_moved=position != old_position,
        ),
    )


def _find_booked_on(given: Collection[Bonus], target: Shift | None) -> date | None:
    is_booked = any(bonus.state is BonusState.APPLIED for bonus in given)
    return target.work.shift_date if target is not None and is_booked else None


def _get_kind(position: int, old_position: int, *, is_first: bool) -> NoticeKind:
    if position < old_position:
        return NoticeKind.RANK_DOWN
    if position == old_position:
        return NoticeKind.RANK_BONUS
    return NoticeKind.RANK_UP if is_first else NoticeKind.RANK_REGAINED


def _list_notices(notice: RankNotice, *, is_moved: bool) -> tuple[RankNotice, ...]:
    notices: tuple[RankNotice, ...] = ()
    if is_moved or notice.drawn is not None:
        notices = (notice,)
    if notice.kept:
        notices += (replace(notice, kind=NoticeKind.BONUS_KEPT),)
    return notices


def _list_placed_bonuses(before: RankMonth) -> Sequence[tuple[Bonus, int | None]]:
    """The bonuses that ranks of the month gave, each with its rank's place; None where the table has it no longer."""
    return [
        (award.bonus, before.table.find_position_of(award.rank_id))
        for award in before.awards
        if award.bonus is not None
    ]


def _is_withdrawn(bonus: Bonus) -> bool:
    """Whether it went with its rank, a refund's doing included: it comes back with it (PAYROLL D15, D35)."""
    return bonus.state is BonusState.VOID and bonus.voided_by in (VoidedBy.RANK, VoidedBy.REFUND)


def _can_be_withdrawn(bonus: Bonus, withdrawing: Withdrawing) -> bool:
    """A pending bonus, or a flat one on whichever shift carries it (PAYROLL D15)."""
    if withdrawing is Withdrawing.NONE:
        return False
    if bonus.state is BonusState.PENDING:
        return True
    is_carried_flat = bonus.state is BonusState.APPLIED and bonus.bonus_type is BonusType.FLAT
    return is_carried_flat and bonus.shift_id is not None and withdrawing is Withdrawing.ALL


def _give(bonus: Bonus, target: Shift | None) -> Bonus:
    """A pending bonus of a rank, given by this change: a flat at once on its shift, the others wait (PAYROLL D15)."""
    if target is None:
        return replace(bonus, earned_by=None)
    earned = replace(bonus, earned_by=target.earned_by)
    return apply_to(earned, target, Sources()) if bonus.bonus_type is BonusType.FLAT else earned


def _draw_bonus(reached: RankStep, month: date, target: Shift | None, draw: Draw, now: datetime) -> Bonus | None:
    if not reached.offers:
        return None
    offer = reached.offers[draw(len(reached.offers))]
    bonus = Bonus(
        bonus_id=None,
        bonus_type=offer.bonus_type,
        value=offer.value,
        state=BonusState.PENDING,
        draw=draw(DRAW_LIMIT),
        created_at=now,
        rank_id=reached.rank_id,
        rank_month=month,
    )
    if RULES[offer.bonus_type].fix is None:
        return bonus
    return _give(bonus, target)
