"""What a change leaves behind, as the parameters of `write_outcome` and `write_new_shift`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from payroll.ranks import RankNotice
from payroll.records import Shift
from payroll.settlement import Outcome
from payroll.shifts import StoredShift
from repository import rows

SOURCE_SERVICE = "shift-bot"
_NOTHING = "[]"
# What `write_outcome` writes and `write_new_shift` does not: half the work saved where there is nothing of it.
_BEYOND_NEW_SHIFT = (
    "changed_shifts", "gone_products", "drawn_bonuses", "awards", "ranks", "notices", "admin_notices", "audit",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LockedPerson:
    """Who a change is about, as read under their lock."""

    employee_id: int
    sub: UUID
    name: str
    status: str
    left_date: date | None
    closed_until: date | None

    @property
    def has_left(self) -> bool:
        """Whether they are no longer in the team (PAYROLL D36)."""
        return self.status == "left"

    def is_closed(self, day: date) -> bool:
        """Whether a date is one of a closed pay period of theirs (PAYROLL D30)."""
        return self.closed_until is not None and day <= self.closed_until


@dataclass(frozen=True, slots=True)
class OutcomeRows:
    """An outcome as the parameters of `write_outcome` and `write_new_shift`."""

    person: LockedPerson
    outcome: Outcome
    now: datetime
    words: Mapping[str, Any]
    is_new: bool
    audit: Mapping[str, Any] | None

    def as_params(self) -> dict[str, Any]:
        """Every list of rows as JSON, by the parameter's name."""
        outcome = self.outcome
        recorded = [self._write_words(after) for before, after in outcome.changed if before is None and after]
        changed = [rows.write_shift(after) for before, after in outcome.changed if before and after]
        gone = [rows.write_shift(before) for before, after in outcome.changed if before and not after]
        deleted = [{**row, "status": "deleted"} for row in gone]
        awards = [settled for settled in outcome.ranks if settled.award]
        lists: dict[str, list[Any]] = {
            "new_shifts": recorded if self.is_new else [],
            "changed_shifts": changed + deleted + ([] if self.is_new else recorded),
            "products": [row for before, after in outcome.changed for row in _list_sold(before, after)],
            "gone_products": [row for before, after in outcome.changed for row in _list_gone(before, after)],
            "bonuses": [rows.write_bonus(bonus) for bonus in outcome.bonuses],
            "drawn_bonuses": [rows.write_bonus(settled.drawn) for settled in outcome.ranks if settled.drawn],
            "awards": [rows.write_award(settled) for settled in awards],
            "ranks": [
                rows.write_rank(settled, self.now)
                for settled in outcome.ranks
                if settled.is_changed or settled.is_first
            ],
            "notices": [self._write_notice(notice) for notice in outcome.notices if not notice.is_for_admins],
            "admin_notices": [self._write_notice(notice) for notice in outcome.notices if notice.is_for_admins],
            "entries": [rows.write_entry(entry, number) for number, entry in enumerate(outcome.entries, 1)],
            "audit": [self.audit] if self.audit else [],
        }
        return {
            "employee_id": self.person.employee_id,
            "sub": self.person.sub,
            "source_service": SOURCE_SERVICE,
            "shift_ids": rows.write_array(row["shift_id"] for row in lists["changed_shifts"]),
            "bonus_ids": rows.write_array(row["bonus_id"] for row in lists["bonuses"]),
            **{name: rows.dump_json(values) if values else _NOTHING for name, values in lists.items()},
        }

    def _write_notice(self, notice: RankNotice) -> dict[str, Any]:
        return rows.write_notice(notice, self.person.employee_id)

    def _write_words(self, shift: Shift) -> dict[str, Any]:
        return {**rows.write_shift(shift), **self.words}


def _list_sold(before: Shift | None, after: Shift | None) -> list[dict[str, Any]]:
    if after is None:
        return []
    old = before.work.products if before else {}
    return [
        {"shift_id": after.shift_id, "product_id": product_id, "amount": amount}
        for product_id, amount in after.work.products.items()
        if old.get(product_id) != amount
    ]


def _list_gone(before: Shift | None, after: Shift | None) -> list[dict[str, Any]]:
    """Products that an edit took away; a deleted shift keeps what it had (TECH T16)."""
    if before is None or after is None:
        return []
    gone = before.work.products.keys() - after.work.products.keys()
    return [{"shift_id": after.shift_id, "product_id": product_id} for product_id in sorted(gone)]


def has_more_than_new_shifts(params: Mapping[str, Any]) -> bool:
    """Whether there is something to write that `write_new_shift` does not."""
    return any(params[name] != _NOTHING for name in _BEYOND_NEW_SHIFT)


def describe_change(action: str, actor_id: int | None, old: StoredShift, new: StoredShift | None) -> dict[str, Any]:
    """A change as a row of `audit_log`; `new` is None for a deletion."""
    return {
        "actor_id": actor_id,
        "action": action,
        "subject": f"shift:{old.shift_id}",
        "old": _describe(old),
        "new": _describe(new) if new else None,
        "reason": None,
    }


def _describe(stored: StoredShift) -> dict[str, Any]:
    work = stored.shift.work
    return {
        "time_in": work.time_in,
        "time_out": work.time_out,
        "products": {str(product_id): str(amount) for product_id, amount in work.products.items()},
        "total_made": stored.shift.pay.total_made,
        "employee_name": stored.employee_name,
        "note": stored.note,
    }
