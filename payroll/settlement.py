"""One change of a person's shifts, carried through to pay, bonuses, ranks and ledger (SPEC 3.10 to 3.16).

`create_shift`, `edit_shift`, `delete_shift` and `apply_bonus` take what was read of a person (`PersonBook`) and return
what is to be written (`Outcome`). The order is always: free what the old version used, price, use up pending bonuses,
settle the rank (PAYROLL D13).

Without a `draw` a change is only looked at: what is certain of it, without the bonus that a rank reached would draw.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from payroll.bonuses import RULES, Draw, apply_to, release, use_up
from payroll.errors import ConflictError, ErrorKey, InvalidInputError
from payroll.ledger import ClosedDays, LedgerEntry, list_shift_entries, write_moved
from payroll.money import ZERO
from payroll.pay_periods import PayDays
from payroll.pricing import compute_pay, list_due_rates, reprice, reprice_day
from payroll.ranks import RankMonth, RankNotice, RankSettlement, Withdrawing, settle_rank
from payroll.records import Bonus, BonusState, OrderKey, Shift, Sources, Terms, Work, get_month
from payroll.refunds import refuse_refunded


@dataclass(frozen=True, slots=True)
class PersonBook:
    """What was read of a person, under their lock, before a change.

    `shifts`: the recorded shifts of every date the change touches, and those that carry a bonus of the months' ranks.
    `pending`: their pending bonuses. `months`: the months the change touches where ranks are to be settled, earlier
    first (PAYROLL D17), and for a deletion those whose ranks gave the bonuses it frees; empty where ranks are left to
    the caller. `sources`: what others sold, for the bonuses that
    take from others. `closed`: how far their books are closed, None where nothing is.
    """

    shifts: tuple[Shift, ...]
    pending: tuple[Bonus, ...]
    months: tuple[RankMonth, ...]
    sources: Sources
    pay_days: PayDays
    closed: ClosedDays | None = None

    def is_closed(self, day: date) -> bool:
        """Whether a date is one of a closed period."""
        return self.closed is not None and day <= self.closed.until


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a change makes of a person's records.

    `shift` is the shift it was about as it is now, None after a deletion. `changed` are pairs of old and new shifts
    whose row changes, the one it was about among them; a deleted one has no new. `bonuses` are bonuses stored before,
    as they are now, where they changed; newly drawn ones are in `ranks`. `kept` are refunded shifts that keep their
    rate though the change makes another of the day's sales, each with that dynamic rate (PAYROLL D35).
    """

    shift: Shift | None
    changed: tuple[tuple[Shift | None, Shift | None], ...]
    bonuses: tuple[Bonus, ...]
    ranks: tuple[RankSettlement, ...]
    entries: tuple[LedgerEntry, ...]
    kept: tuple[tuple[Shift, Decimal], ...] = ()

    @property
    def notices(self) -> tuple[RankNotice, ...]:
        """The messages to send, in order."""
        return tuple(notice for rank in self.ranks for notice in rank.notices)


@dataclass(slots=True)
class _Workbook:
    """The change in the making: the shifts by id as they become, and the stored bonuses that changed."""

    book: PersonBook
    draw: Draw | None
    now: datetime
    shifts: dict[int, Shift] = field(default_factory=dict)
    bonuses: dict[int, Bonus] = field(default_factory=dict)
    freed: set[int] = field(default_factory=set)
    ranks: list[RankSettlement] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shifts = {shift.shift_id: shift for shift in self.book.shifts}

    def note(self, bonuses: Iterable[Bonus]) -> None:
        """Remember bonuses stored before that are different now."""
        self.bonuses.update((bonus.bonus_id, bonus) for bonus in bonuses if bonus.bonus_id is not None)

    def free(self, bonuses: Iterable[Bonus]) -> None:
        """Make bonuses pending again that a shift had used up (PAYROLL D13)."""
        released = [release(bonus) for bonus in bonuses]
        self.note(released)
        self.freed.update(bonus.bonus_id for bonus in released if bonus.bonus_id is not None)

    def reprice_dates(self, dates: set[date], since: OrderKey) -> None:
        """Price the shifts of these dates again from one place in the order on (PAYROLL D8)."""
        for day in dates:
            on_day = [shift for shift in self.shifts.values() if shift.work.shift_date == day]
            self.shifts.update((shift.shift_id, shift) for shift in reprice_day(on_day, since))

    def settle_months(
        self, moved: Mapping[date, Decimal], target_id: int | None, withdrawing: Withdrawing = Withdrawing.ALL
    ) -> None:
        """Settle every month of the book, earlier first; `moved` is by how much each one's sales in USD changed."""
        for month in self.book.months:
            target = self._find_carrier(target_id)
            sales = month.sales + moved.get(month.month, ZERO)
            settled = settle_rank(
                self._refresh(month),
                sales,
                target,
                self.draw or _draw_first,
                self.now,
                freed=self.freed,
                withdrawing=withdrawing,
            )
            if self.draw is None:
                settled = replace(settled, drawn=None)
            self.ranks.append(settled)
            self.note(settled.withdrawn)
            self.note(settled.returned)
            self._uncarry({bonus.bonus_id for bonus in settled.withdrawn})
            given = [*settled.returned, *([settled.drawn] if settled.drawn else [])]
            self._carry([bonus for bonus in given if bonus.state is BonusState.APPLIED])

    def finish(self, shift_id: int | None, reason: str) -> Outcome:
        """Everything that differs from the book, the change's own shift first."""
        before = {shift.shift_id: shift for shift in self.book.shifts}
        ids = sorted(before.keys() | self.shifts.keys(), key=lambda one: (one != shift_id, one))
        pairs = [(before.get(one), self.shifts.get(one)) for one in ids]
        changed = tuple((old, new) for old, new in pairs if old != new)
        return Outcome(
            shift=self.shifts.get(shift_id) if shift_id is not None else None,
            changed=changed,
            bonuses=tuple(self.bonuses[one] for one in sorted(self.bonuses)),
            ranks=tuple(self.ranks),
            entries=tuple(entry for old, new in changed for entry in self._list_entries(old, new, shift_id, reason)),
            kept=tuple(self._list_kept()),
        )

    def _list_kept(self) -> Iterator[tuple[Shift, Decimal]]:
        """Refunded shifts of which the day's sales make another rate than before, and than they keep."""
        if not any(shift.is_refunded for shift in self.shifts.values()):
            return
        before = {shift.shift_id: due for shift, due in _list_due_rates(self.book.shifts)}
        for shift, due in _list_due_rates(self.shifts.values()):
            is_kept = shift.is_refunded and due != shift.pay.dynamic_pct
            if is_kept and before.get(shift.shift_id) != due:
                yield shift, due

    def _list_entries(
        self, old: Shift | None, new: Shift | None, shift_id: int | None, reason: str
    ) -> list[LedgerEntry]:
        """The lines about one shift; those about another than the change's own name the one that moved it."""
        about = new or old
        is_own = shift_id is None or about is None or about.shift_id == shift_id
        why = reason if is_own or shift_id is None else write_moved(shift_id)
        return list_shift_entries(old, new, self.book.pay_days, why, self.book.closed)

    def _find_carrier(self, target_id: int | None) -> Shift | None:
        """The shift that carries a flat bonus of the change: none for one of a closed period (PAYROLL D16)."""
        target = self.shifts[target_id] if target_id is not None else None
        return None if target is None or self.book.is_closed(target.work.shift_date) else target

    def _refresh(self, month: RankMonth) -> RankMonth:
        """The month with its bonuses as this change has left them so far."""
        awards = tuple(
            replace(award, bonus=self.bonuses.get(award.bonus.bonus_id or 0, award.bonus)) if award.bonus else award
            for award in month.awards
        )
        return replace(month, awards=awards)

    def _uncarry(self, bonus_ids: set[int | None]) -> None:
        for shift in list(self.shifts.values()):
            left = tuple(bonus for bonus in shift.bonuses if bonus.bonus_id not in bonus_ids)
            if left != shift.bonuses:
                self.shifts[shift.shift_id] = reprice(shift, bonuses=left)

    def _carry(self, bonuses: Iterable[Bonus]) -> None:
        for bonus in bonuses:
            carrier = self.shifts[bonus.shift_id or 0]
            self.shifts[carrier.shift_id] = reprice(carrier, bonuses=(*carrier.bonuses, bonus))


def _draw_first(_limit: int) -> int:
    return 0


def _list_due_rates(shifts: Iterable[Shift]) -> Iterator[tuple[Shift, Decimal]]:
    """Each shift with the dynamic rate that the sales of its date make of it."""
    ordered = sorted(shifts, key=lambda one: one.work.shift_date)
    for _, of_day in groupby(ordered, key=lambda one: one.work.shift_date):
        yield from list_due_rates(of_day)


def price_new(shift_id: int, employee_id: int, recorded_at: datetime, work: Work, terms: Terms) -> Shift:
    """A shift as it enters the books: no bonus yet, priced as if it were alone on its date."""
    own_sales = work.total_sales
    dynamic_pct = terms.find_dynamic_pct(day_sales=own_sales, shift_sales=own_sales)
    return Shift(shift_id, employee_id, recorded_at, work, terms, (), compute_pay(work, terms, dynamic_pct, ()))


def create_shift(book: PersonBook, new: Shift, draw: Draw | None, now: datetime) -> Outcome:
    """Record a shift: the date's later-recorded shifts are priced again, pending bonuses used up, the rank settled."""
    work = _Workbook(book, draw, now)
    used = use_up(book.pending, new, book.sources)
    work.note(used)
    work.shifts[new.shift_id] = replace(new, bonuses=used)
    work.reprice_dates({new.work.shift_date}, new.order_key)
    work.settle_months({get_month(new.work.shift_date): new.work.total_sales}, new.shift_id)
    return work.finish(new.shift_id, "shift recorded")


def edit_shift(book: PersonBook, shift_id: int, edited: Work, draw: Draw | None, now: datetime) -> Outcome:
    """Correct a shift as if it had been entered right the first time, at its own terms and bonuses (SPEC 3.10, D24).

    A new date moves its sales to that date and month; its place in the order stays (PAYROLL D1, D8). Raises
    ConflictError where a refund is in the way (PAYROLL D35).
    """
    work = _Workbook(book, draw, now)
    old = work.shifts[shift_id]
    refuse_refunded(old, edited)
    work.shifts[shift_id] = replace(old, work=edited)
    work.reprice_dates({old.work.shift_date, edited.shift_date}, old.order_key)
    moved: dict[date, Decimal] = defaultdict(lambda: ZERO)
    moved[get_month(old.work.shift_date)] -= old.work.total_sales
    moved[get_month(edited.shift_date)] += edited.total_sales
    work.settle_months(moved, shift_id)
    return work.finish(shift_id, "shift edited")


def delete_shift(book: PersonBook, shift_id: int, draw: Draw | None, now: datetime) -> Outcome:
    """Take a shift out: its bonuses wait again, the date is priced again, the rank settled (SPEC 3.16, D27).

    Raises ConflictError where a refund is in the way (PAYROLL D35).
    """
    work = _Workbook(book, draw, now)
    gone = work.shifts.pop(shift_id)
    refuse_refunded(gone, None)
    work.free(gone.bonuses)
    work.reprice_dates({gone.work.shift_date}, gone.order_key)
    work.settle_months({get_month(gone.work.shift_date): -gone.work.total_sales}, None)
    return work.finish(shift_id, "shift deleted")


def release_refunded(book: PersonBook, shift_id: int, now: datetime) -> Outcome:
    """Price a shift again that has no refund any more, at the rate that it had kept until now (PAYROLL D35)."""
    work = _Workbook(book, None, now)
    shift = work.shifts[shift_id]
    work.reprice_dates({shift.work.shift_date}, shift.order_key)
    return work.finish(shift_id, "shift re-priced")


def settle_months(book: PersonBook, draw: Draw, now: datetime, withdrawing: Withdrawing) -> Outcome:
    """Settle the months of the book as they are, without a change of a shift (PAYROLL D18, D19, D35)."""
    work = _Workbook(book, draw, now)
    work.settle_months({}, None, withdrawing)
    return work.finish(None, "rank settled")


def apply_bonus(book: PersonBook, shift_id: int, bonus: Bonus, draw: Draw, now: datetime) -> Outcome:
    """Use up one pending bonus on a recorded shift, for callers that do so themselves (SPEC 5).

    Raises ConflictError for a bonus that is not pending or a second doubling, InvalidInputError for a type that does
    not act on a shift, or on one without sales (PAYROLL D24).
    """
    work = _Workbook(book, draw, now)
    shift = work.shifts[shift_id]
    if bonus.state is not BonusState.PENDING:
        raise ConflictError(
            ErrorKey.BONUS_NOT_PENDING, field="bonus_id", value=bonus.bonus_id, allowed="a pending bonus"
        )
    rule = RULES[bonus.bonus_type]
    if rule.fix is None:
        raise InvalidInputError(
            ErrorKey.BONUS_NOT_FOR_SHIFTS,
            field="bonus_id",
            value=bonus.bonus_id,
            allowed="a bonus that acts on a shift",
        )
    if rule.needs_sales and shift.work.total_sales == 0:
        raise InvalidInputError(
            ErrorKey.SHIFT_WITHOUT_SALES, field="shift_id", value=shift_id, allowed="a shift with sales"
        )
    if rule.once_a_shift and any(one.bonus_type is bonus.bonus_type for one in shift.bonuses):
        raise ConflictError(
            ErrorKey.BONUS_DOUBLED_ALREADY, field="shift_id", value=shift_id, allowed="one doubling a shift"
        )
    applied = apply_to(bonus, shift, book.sources)
    work.note([applied])
    work.shifts[shift_id] = reprice(shift, bonuses=(*shift.bonuses, applied))
    return work.finish(shift_id, "bonus applied")
