"""Requests to correct what lies in a closed pay period (SPEC 4.19, PAYROLL D32, D33)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from payroll.shifts import ShiftChange
from payroll.standing import LedgerLine


class CorrectionKind(StrEnum):
    """A shift that is missing, one to be changed, one to be taken out."""

    NEW = "new"
    EDIT = "edit"
    DELETE = "delete"


class CorrectionState(StrEnum):
    """Decided once."""

    OPEN = "open"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class CorrectionRequest:
    """A request as it was made and decided. Of an edit, what is None stays; `products` are USD by product id.

    `decision` is what the admin said; `result_shift_id` is the shift that was made or corrected. `asked_by` is the name
    of who asked; `shift_date` the date of the shift as it is now or was last, None for one that is missing.
    """

    correction_id: int
    employee_id: int
    name: str
    kind: CorrectionKind
    shift_id: int | None
    time_in: datetime | None
    time_out: datetime | None
    products: Mapping[int, Decimal] | None
    reason: str
    state: CorrectionState
    requested_by: int
    requested_at: datetime
    decided_by: int | None
    decided_at: datetime | None
    decision: str | None
    result_shift_id: int | None
    asked_by: str
    shift_date: date | None

    @property
    def is_for_another(self) -> bool:
        """Whether an admin asked for somebody else."""
        return self.requested_by != self.employee_id


@dataclass(frozen=True, slots=True)
class CorrectionResult:
    """What an approval did: the change, and every line that it booked, each naming its shift, newest first."""

    request: CorrectionRequest
    change: ShiftChange
    lines: tuple[LedgerLine, ...]
