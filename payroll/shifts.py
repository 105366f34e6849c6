"""Shifts as they are said, corrected, kept and changed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from payroll.ledger import LedgerEntry
from payroll.pricing import compute_commission_pct
from payroll.ranks import RankNotice, RankSettlement
from payroll.records import Shift


@dataclass(frozen=True, slots=True)
class NewShift:
    """A shift to record. Instants in UTC; `products` maps product ids to USD above 0.

    `shift_date` None is the business date of `time_in`, `recorded_at` None is now. `request_id` makes it idempotent.
    `running_shift_id` is the running shift that this ends.
    """

    employee_id: int
    time_in: datetime
    time_out: datetime
    products: Mapping[int, Decimal]
    employee_name: str | None = None
    shift_date: date | None = None
    recorded_at: datetime | None = None
    note: str | None = None
    request_id: str | None = None
    running_shift_id: int | None = None

    def compute_digest(self) -> str:
        """A short text that is the same for the same shift only: the same request again may ask for nothing else."""
        sold = ",".join(f"{product_id}:{amount:.2f}" for product_id, amount in sorted(self.products.items()) if amount)
        asked = (self.employee_id, self.time_in, self.time_out, sold, self.shift_date, self.recorded_at, self.note)
        return sha256("|".join(map(str, asked)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Correction:
    """What is different about a recorded shift; what is None stays.

    `products` replaces all its sales, 0.00 removes one (PAYROLL D10). A new `time_in` brings its own shift date. An
    empty `note` removes the note.
    """

    time_in: datetime | None = None
    time_out: datetime | None = None
    products: Mapping[int, Decimal] | None = None
    employee_name: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class StoredShift:
    """A recorded shift with the words it carries."""

    shift: Shift
    employee_name: str
    note: str | None

    @property
    def shift_id(self) -> int:
        """Its number."""
        return self.shift.shift_id


@dataclass(frozen=True, slots=True)
class RunningShift:
    """A shift that has begun and not ended."""

    shift_id: int
    employee_id: int
    time_in: datetime
    shift_date: date


@dataclass(frozen=True, slots=True)
class OnShift:
    """Who is on shift since when; `last_hours` are the worked hours of their last shifts, which tell what is usual."""

    shift_id: int
    employee_id: int
    name: str
    time_in: datetime
    last_hours: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class MovedShift:
    """Another shift whose pay a change moved: what it made, in USD, and its %, before and now (PAYROLL D8, D15).

    `has_other_bonuses`: a bonus went from it or came to it.
    """

    shift_id: int
    shift_date: date
    old_made: Decimal
    new_made: Decimal
    old_pct: Decimal
    new_pct: Decimal
    has_other_bonuses: bool


@dataclass(frozen=True, slots=True)
class KeptShift:
    """A refunded shift that keeps its % though a change makes another of the day's sales (PAYROLL D35).

    `due_pct` is the % that it would have.
    """

    shift_id: int
    shift_date: date
    pct: Decimal
    due_pct: Decimal


@dataclass(frozen=True, slots=True)
class ChangePreview:
    """What a change would book, each line naming its shift, and what it would do to ranks, without what they draw.

    `kept` are the refunded shifts that would keep their rate.
    """

    entries: tuple[LedgerEntry, ...]
    ranks: tuple[RankSettlement, ...]
    kept: tuple[KeptShift, ...] = ()


def list_kept(kept: Iterable[tuple[Shift, Decimal]]) -> tuple[KeptShift, ...]:
    """Refunded shifts, each given with the dynamic rate that the day's sales make; by start, newest first."""
    return tuple(
        KeptShift(
            shift.shift_id,
            shift.work.shift_date,
            shift.pay.commission_pct,
            compute_commission_pct(shift.terms.base_pct, due_pct, shift.bonuses),
        )
        for shift, due_pct in sorted(kept, key=lambda one: one[0].by_start, reverse=True)
    )


def list_moved(pairs: Iterable[tuple[Shift | None, Shift | None]], shift_id: int) -> tuple[MovedShift, ...]:
    """The shifts that a change of the shift `shift_id` moved besides it, by start, newest first.

    `pairs` are old and new ones.

    Example: 500.00 and then 700.00 on one date; with 600.00 in place of the 500.00 only the first is at another pay,
    with 100.00 the second goes from the rate of 1,200.00 to that of 800.00.
    """
    moved = [
        (old, new)
        for old, new in pairs
        if old is not None and new is not None and old.shift_id != shift_id and old.pay != new.pay
    ]
    return tuple(
        MovedShift(
            old.shift_id,
            old.work.shift_date,
            old.pay.total_made,
            new.pay.total_made,
            old.pay.commission_pct,
            new.pay.commission_pct,
            {one.bonus_id for one in old.bonuses} != {one.bonus_id for one in new.bonuses},
        )
        for old, new in sorted(moved, key=lambda pair: pair[0].by_start, reverse=True)
    )


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """What a change did: the shift before and after (None: not there), and the notices it wrote.

    `moved` are the other shifts whose pay it moved, `kept` those that keep theirs because of a refund. `is_repeat` is
    true where the same request was carried out before and nothing was done now.
    """

    shift_id: int
    before: StoredShift | None
    after: StoredShift | None
    notices: tuple[RankNotice, ...] = ()
    moved: tuple[MovedShift, ...] = ()
    kept: tuple[KeptShift, ...] = ()
    is_repeat: bool = False
