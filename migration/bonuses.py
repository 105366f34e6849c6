"""ActiveBonuses: what was earned, with its state; nothing is drawn and nothing used up (PAYROLL D43)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from migration.books import Job, StoredBonus
from migration.rows import BonusRow, ShiftRow
from payroll.bonuses import DRAW_LIMIT, RULES
from payroll.money import ZERO
from payroll.offers import BonusType
from payroll.records import Bonus, BonusState

TAB = "ActiveBonuses"


@dataclass(frozen=True, slots=True)
class PlannedBonus:
    """A bonus of the sheet as it will be stored, `stored` as it is there already."""

    row: BonusRow
    bonus: Bonus
    earned_shift_id: int | None
    stored: StoredBonus | None

    @property
    def is_carried(self) -> bool:
        """Whether a shift has used it up."""
        return self.bonus.shift_id is not None


def plan_bonuses(job: Job, shifts: Mapping[int, ShiftRow]) -> list[PlannedBonus]:
    """The bonuses that fit what is there; `shifts` are those of the sheet by number."""
    planned: dict[int, PlannedBonus] = {}
    doubled: set[int] = set()
    for row in job.reading.bonuses:
        first = planned.get(row.bonus_id)
        fault = ("ID", f"stands in row {first.row.row_no} too") if first else _find_fault(job, row, shifts)
        if fault is None and row.is_applied and row.offer.bonus_type is BonusType.DOUBLE_COMMISSION:
            if row.shift_id in doubled:
                fault = ("Shift ID", "is a shift that another bonus doubles already")
            doubled.add(row.shift_id or 0)
        if fault is not None:
            column, reason = fault
            job.reject(TAB, row.row_no, column, row.bonus_id if column == "ID" else row.shift_id, reason)
            continue
        planned[row.bonus_id] = _plan(job, row, shifts.get(row.shift_id or 0))
    return list(planned.values())


def load_bonuses(job: Job, planned: list[PlannedBonus], carried: Mapping[int, Bonus], changed: set[int]) -> None:
    """Write them. `carried` are those that shifts have used up, as priced; `changed` the shifts that were written."""
    tally = job.report.tallies.get(TAB)
    if tally is None:
        return
    new, updated = [], []
    for one in planned:
        final = _write(one, carried.get(one.row.bonus_id, one.bonus))
        if one.stored is None:
            new.append(final)
            tally.inserted += 1
        elif one.is_carried and one.row.shift_id in changed and not _is_same(one):
            updated.append(final)
            tally.updated += 1
        else:
            tally.unchanged += 1
    job.store.execute_many("update_bonus", updated)
    names = (
        "bonus_id", "employee_id", "bonus_type", "value", "state", "draw", "earned_shift_id", "shift_id", "basis_net",
        "amount", "created_at",
    )  # fmt: skip
    job.store.copy("copy_bonuses", ([final[name] for name in names] for final in new))


def list_carried(planned: list[PlannedBonus]) -> Iterator[tuple[int, Bonus]]:
    """The bonuses that shifts have used up, with the shift's number, oldest first."""
    carried = (one.bonus for one in planned if one.is_carried)
    for bonus in sorted(carried, key=lambda one: (one.created_at, one.bonus_id or 0)):
        yield bonus.shift_id or 0, bonus


def _find_fault(job: Job, row: BonusRow, shifts: Mapping[int, ShiftRow]) -> tuple[str, str] | None:
    """The column that does not fit, and why."""
    stored = job.books.bonuses.get(row.bonus_id)
    if stored is not None and (stored.employee_id, stored.offer) != (row.employee_id, row.offer):
        return "ID", "is another bonus in the database"
    acts_on_shift = RULES[row.offer.bonus_type].fix is not None
    if row.shift_id is None:
        return ("Shift ID", "is empty, but the bonus is applied") if row.is_applied and acts_on_shift else None
    owner = _find_owner(job, row.shift_id, shifts)
    if owner is None:
        return "Shift ID", "is no shift that is there or taken over"
    if owner != row.employee_id:
        return "Shift ID", f"is a shift of {owner}, not of {row.employee_id}"
    is_stored_so = stored is not None and stored.shift_id == row.shift_id
    if row.is_applied and acts_on_shift and row.shift_id not in shifts and not is_stored_so:
        return "Shift ID", "is a shift that is not migrated along with it"
    return None


def _find_owner(job: Job, shift_id: int, shifts: Mapping[int, ShiftRow]) -> int | None:
    if shift_id in shifts:
        return shifts[shift_id].employee_id
    known = job.books.imported.get(shift_id) or job.books.own.get(shift_id)
    return known.employee_id if known else None


def _plan(job: Job, row: BonusRow, shift: ShiftRow | None) -> PlannedBonus:
    stored = job.books.bonuses.get(row.bonus_id)
    rule = RULES[row.offer.bonus_type]
    is_carried = row.is_applied and rule.fix is not None
    amount = row.offer.value if row.offer.bonus_type is BonusType.FLAT else ZERO if rule.takes_from_others else None
    bonus = Bonus(
        bonus_id=row.bonus_id,
        bonus_type=row.offer.bonus_type,
        value=row.offer.value,
        state=BonusState.APPLIED if row.is_applied else BonusState.PENDING,
        # One for every later choice, as a bonus gets when it is made (PAYROLL D26).
        draw=stored.draw if stored else job.rules.draw(DRAW_LIMIT),
        created_at=row.created_at or _find_moment(job, stored, shift),
        shift_id=row.shift_id if is_carried else None,
        basis_net=ZERO if is_carried and rule.takes_from_others else None,
        amount=amount if is_carried else None,
    )
    return PlannedBonus(row, bonus, None if is_carried else row.shift_id, stored)


def _find_moment(job: Job, stored: StoredBonus | None, shift: ShiftRow | None) -> datetime:
    if stored is not None:
        return stored.created_at
    return shift.recorded_at if shift is not None else job.rules.now


def _is_same(one: PlannedBonus) -> bool:
    stored = one.stored
    return stored is not None and (stored.state, stored.shift_id) == (str(one.bonus.state), one.bonus.shift_id)


def _write(one: PlannedBonus, bonus: Bonus) -> dict[str, Any]:
    return {
        "bonus_id": bonus.bonus_id,
        "employee_id": one.row.employee_id,
        "bonus_type": str(bonus.bonus_type),
        "value": bonus.value,
        "state": str(bonus.state),
        "draw": bonus.draw,
        "earned_shift_id": one.earned_shift_id,
        "shift_id": bonus.shift_id,
        "basis_net": bonus.basis_net,
        "amount": bonus.amount,
        "created_at": bonus.created_at,
    }
