"""What the admins hear of after a shift is recorded or corrected: what waits for them now, and what looks odd."""

from dataclasses import asdict
from typing import Any

from payroll.offers import BonusType
from payroll.people import Person
from payroll.records import BonusState
from payroll.shifts import KeptShift, MovedShift, ShiftChange
from postgres_service import PostgresService


def tell_admins(service: PostgresService, change: ShiftChange) -> None:
    """Of Telegram Premium that somebody has reached, and of a shift on somebody's day off (PAYROLL D23, D29)."""
    if change.after is None or change.is_repeat:
        return
    facts = {"employee_name": change.after.employee_name, "shift_id": change.shift_id}
    gained = [offer for notice in change.notices for offer in (notice.drawn, *notice.returned) if offer is not None]
    if any(offer.bonus_type is BonusType.TELEGRAM_PREMIUM for offer in gained):
        service.outbox.add_for_admins("premium_due", facts)
    shift, before = change.after.shift, change.before
    if before is not None and before.shift.work.shift_date == shift.work.shift_date:
        return
    day_off = service.bonuses.find_day_off(shift.employee_id, shift.work.shift_date)
    if day_off is not None and day_off.bonus.state is BonusState.APPLIED:
        told = {**facts, "day": shift.work.shift_date.isoformat()}
        service.outbox.add_for_admins("shift_on_day_off", told)


def tell_person(service: PostgresService, actor: Person, change: ShiftChange) -> None:
    """The person of a shift hears of it where an admin entered, corrected or deleted it."""
    stored = change.after or change.before
    if stored is None or change.is_repeat or stored.shift.employee_id == actor.employee_id:
        return
    before, after = (one.shift.pay.total_made if one is not None else None for one in (change.before, change.after))
    facts = {
        "admin": actor.name,
        "shift_id": change.shift_id,
        "date": stored.shift.work.shift_date.isoformat(),
        "before": str(before) if before is not None else None,
        "after": str(after) if after is not None else None,
        "moved": [dump_other(one) for one in change.moved],
        "kept": [dump_other(one) for one in change.kept],
    }
    service.outbox.add(stored.shift.employee_id, "shift_by_admin", facts)


def dump_other(other: MovedShift | KeptShift) -> dict[str, Any]:
    """Another shift whose pay was moved, or was not for a refund, as a notice carries it."""
    return {name: value if isinstance(value, int) else str(value) for name, value in asdict(other).items()}
