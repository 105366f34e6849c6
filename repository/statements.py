"""Statements: the ledger of a period, and its shifts as they were when it was closed (SPEC 4.21, PAYROLL D3, D33)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from payroll.ledger import CORRECTION
from payroll.money import ZERO
from payroll.offers import BonusOffer, BonusOrigin, BonusType, UsedBonus
from payroll.pay_periods import PayPeriod
from payroll.periods import Due, PeriodState, PersonPeriod
from payroll.statements import Booking, LineKind, Statement, StatementLine, StatementShift, sort_lines
from repository.database import Database, Row, unit_of_work
from repository.pay_periods import PayPeriods
from repository.payouts import read_due

_SHIFT, _PERIOD = "shift:", "period:"


class Statements:
    """The door to statements."""

    def __init__(self, database: Database, periods: PayPeriods) -> None:
        self._database = database
        self._periods = periods

    @unit_of_work
    def get(self, employee_id: int, day: date) -> Statement:
        """The statement of the person's period that holds a day; an open one as it stands. Raises NotFoundError."""
        of = self._periods.find(employee_id, day)
        period = of.period
        params = {"employee_id": employee_id, "start_date": period.start_date, "end_date": period.end_date}
        contents = [row[0] for row in self._database.fetch_all("select_statement_shifts", params)]
        entries = self._database.fetch_all("select_period_entries", params)
        booked: dict[int, Decimal] = defaultdict(lambda: ZERO)
        lines = []
        for row in entries:
            if _is_of_shift(row):
                booked[int(row[1].removeprefix(_SHIFT))] += row[3]
            else:
                lines.append(_read_line(row))
        shifts = [_read_shift(content, booked[content["shift_id"]]) for content in contents]
        shifts.sort(key=lambda one: (one.time_in, one.shift_id), reverse=True)
        return Statement(of, tuple(shifts), sort_lines(lines), self._find_due(of))

    def list_bookings(self, employee_id: int, limit: int, *, skip: int = 0) -> list[Booking]:
        """The newest lines of the person's ledger after the first `skip`, newest first, with what each is about."""
        params = {"employee_id": employee_id, "limit": limit, "skip": skip}
        return [_read_booking(row) for row in self._database.fetch_all("select_bookings", params)]

    def _find_due(self, of: PersonPeriod) -> Due | None:
        if of.state is not PeriodState.CLOSED:
            return None
        row = self._database.fetch_one("select_due", {"employee_id": of.employee_id})
        due = read_due(row) if row else None
        return due if due is not None and due.period == of.period else None


def _is_of_shift(row: Row) -> bool:
    """Whether a line is a part of what a shift made, and no correction of a closed one."""
    ref, reason = row[1], row[2]
    return bool(ref.startswith(_SHIFT)) and reason != CORRECTION


def _read_booking(row: Row) -> Booking:
    start, end, is_there, products, mover_date, *line = row
    at, _, reason, amount, _, shift_id, shift_date, *_ = line
    return Booking(
        at=at,
        amount=amount,
        reason=reason,
        period=PayPeriod(start, end),
        shift_id=shift_id,
        shift_date=shift_date,
        is_there=bool(is_there),
        products=tuple(products or ()),
        mover_date=mover_date,
        line=None if _is_of_shift(tuple(line)) else _read_line(tuple(line)),
    )


def _read_line(row: Row) -> StatementLine:
    at, ref, reason, amount, note, shift_id, shift_date, product, sale, day, before, after = row
    if ref.startswith(_PERIOD):
        day = date.fromisoformat(ref.removeprefix(_PERIOD))
    had, has = _read_flats(before), _read_flats(after)
    gone, come = _leave_out(had, has), _leave_out(has, had)
    return StatementLine(LineKind(reason), ref, amount, at, note, shift_id, shift_date, product, sale, day, gone, come)


def _read_flats(content: Mapping[str, Any] | None) -> list[UsedBonus]:
    bonuses = map(_read_bonus, (content or {}).get("bonuses") or ())
    return [bonus for bonus in bonuses if bonus.offer.bonus_type is BonusType.FLAT]


def _leave_out(bonuses: Iterable[UsedBonus], others: Iterable[UsedBonus]) -> tuple[UsedBonus, ...]:
    """Those of some bonuses that are not among others, each counted once; what an older version kept has no origin."""
    left = [(one.offer, one.amount) for one in others]
    found = []
    for one in bonuses:
        if (one.offer, one.amount) in left:
            left.remove((one.offer, one.amount))
        else:
            found.append(one)
    return tuple(found)


def _read_shift(content: Mapping[str, Any], booked: Decimal) -> StatementShift:
    return StatementShift(
        shift_id=content["shift_id"],
        shift_date=date.fromisoformat(content["shift_date"]),
        time_in=datetime.fromisoformat(content["time_in"]),
        time_out=datetime.fromisoformat(content["time_out"]),
        note=content["note"],
        products=tuple((name, Decimal(amount)) for name, amount in content["products"] or ()),
        bonuses=tuple(map(_read_bonus, content["bonuses"] or ())),
        booked=booked,
        paid_before=content["paid_before"] or ZERO,
        **{name: content[name] for name in _AMOUNTS},
    )


def _read_bonus(row: Sequence[Any]) -> UsedBonus:
    """What is kept of a shift that was closed by an older version knows nothing behind the amount."""
    code, value, amount, *more = row
    net, product, rank, month, giver, reason = more or (None,) * 6
    origin = BonusOrigin(rank, date.fromisoformat(month) if month else None, giver, reason)
    return UsedBonus(BonusOffer(BonusType(code), value), amount, net, product, origin)


_AMOUNTS = (
    "hourly_wage", "platform_cut_pct", "worked_hours", "total_sales", "net_sales", "base_pct", "dynamic_pct",
    "commission_pct", "total_per_hour", "commissions", "bonus_pay", "imported_difference", "total_made",
)  # fmt: skip
