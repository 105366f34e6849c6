"""Shifts as they are said, corrected, kept and changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from payroll.ledger import LedgerEntry
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
class ChangePreview:
    """What a change would book, each line naming its shift, and what it would do to ranks, without what they draw."""

    entries: tuple[LedgerEntry, ...]
    ranks: tuple[RankSettlement, ...]


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """What a change did: the shift before and after (None: not there), and the notices it wrote.

    `is_repeat` is true where the same request was carried out before and nothing was done now.
    """

    shift_id: int
    before: StoredShift | None
    after: StoredShift | None
    notices: tuple[RankNotice, ...] = ()
    is_repeat: bool = False
