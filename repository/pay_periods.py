"""Pay periods: confirmed by the people, closed and opened again by an admin (SPEC 4.17, 4.18, PAYROLL D30 to D32)."""

from datetime import date
from typing import Any

from payroll.business_time import format_date
from payroll.decisions import give
from payroll.errors import ConflictError, ErrorKey
from payroll.pay_periods import PayPeriod
from payroll.people import Person
from payroll.periods import CloseReport, LeftOut, PeriodState, PersonPeriod, find_obstacle
from repository.database import Row, unit_of_work
from repository.desk import Desk, read_reason
from repository.reconciliation import Reconciliation

OVERDUE_AMONG = 8
"""How many periods back one is looked for that nobody has closed."""


class PayPeriods:
    """The door to pay periods. Each is named by any of its days."""

    def __init__(self, desk: Desk, reconciliation: Reconciliation) -> None:
        self._desk = desk
        self._database = desk.database
        self._rules = desk.rules
        self._reconciliation = reconciliation

    def find(self, employee_id: int, day: date | None = None) -> PersonPeriod:
        """A person's period that holds a day, today by default. Raises NotFoundError."""
        return self._read(employee_id, self._find_period(day or self._rules.today()))

    def list_everybody(self, day: date) -> list[PersonPeriod]:
        """One period of everybody who takes part in it, by name.

        Who joined after its last day does not, unless something of theirs is in it all the same; nor does who is gone
        and was only paid in it what was left from before.
        """
        params = self._write_params(self._find_period(day))
        return [_read_period(row) for row in self._database.fetch_all("select_everybodys_period", params)]

    def list_overdue(self) -> list[PayPeriod]:
        """The newest periods whose pay day has come and that are open for somebody, the oldest first."""
        today = self._rules.today()
        over = [one for one in reversed(self.list_periods(OVERDUE_AMONG)) if one.pay_day <= today]
        return [one for one in over if self._is_open(one)]

    def _is_open(self, period: PayPeriod) -> bool:
        row = self._database.fetch_one("is_period_open", self._write_params(period))
        return row is not None and bool(row[0])

    def _write_params(self, period: PayPeriod) -> dict[str, Any]:
        ends_at = self._rules.zone.begin(period.pay_day)
        return {"start_date": period.start_date, "end_date": period.end_date, "ends_at": ends_at}

    def list_periods(self, limit: int, *, skip: int = 0, employee_id: int | None = None) -> list[PayPeriod]:
        """The periods that anything is in, newest first; those of one person where one is given."""
        params = {"employee_id": employee_id, "limit": limit, "skip": skip}
        return [PayPeriod(*row) for row in self._database.fetch_all("select_periods_with_anything", params)]

    def list_of(self, employee_id: int, limit: int, *, skip: int = 0) -> list[PersonPeriod]:
        """A person's periods that anything is in, newest first."""
        return [self._read(employee_id, one) for one in self.list_periods(limit, skip=skip, employee_id=employee_id)]

    @unit_of_work
    def confirm(self, employee_id: int, day: date, *, actor: Person) -> PersonPeriod:
        """Say that a period is complete; a later change of its shifts withdraws that by itself (PAYROLL D31).

        By the person or an admin. Raises ForbiddenError, ConflictError with PERIOD_CLOSED.
        """
        return self._say(employee_id, day, actor, is_complete=True)

    @unit_of_work
    def withdraw_confirmation(self, employee_id: int, day: date, *, actor: Person) -> PersonPeriod:
        """Take back that a period is complete, and what was named as missing. Raises as `confirm`."""
        return self._say(employee_id, day, actor)

    @unit_of_work
    def name_missing(self, employee_id: int, day: date, text: str, *, actor: Person) -> PersonPeriod:
        """Say what is missing in a period, in up to 1,000 characters (SPEC 4.18). Raises as `confirm`."""
        return self._say(employee_id, day, actor, missing=read_reason(text))

    def preview_close(self, day: date, *, employee_id: int | None = None) -> CloseReport:
        """What a close of the period would do now, for everybody or one person. Raises ConflictError."""
        period = self._find_period(day)
        return self._sort(period, self._list_concerned(period, employee_id))

    @unit_of_work
    def close(self, day: date, *, actor: Person, employee_id: int | None = None) -> CloseReport:
        """Fix every amount of a period, for everybody or one person (SPEC 4.17, PAYROLL D30, D31).

        Done twice it changes nothing. Who has a running shift that began in it, or an earlier period open, is left out
        and named. Raises ForbiddenError, ConflictError with PERIOD_NOT_OVER before its pay day, or BOOKS_DIFFER.
        """
        self._desk.require_admin(actor)
        period = self._find_period(day)
        concerned = self._list_concerned(period, employee_id)
        self._sort(period, concerned)
        self._reconciliation.refuse_if_last_differed()
        for one in sorted(concerned, key=lambda person: person.employee_id):
            self._desk.lock(one.employee_id)
        self._reconciliation.refuse_if_different(one.employee_id for one in concerned)
        locked = [self._read(one.employee_id, period) for one in concerned]
        report = self._sort(period, locked)
        for one in report.closed:
            self._close(one, actor)
        return CloseReport(
            period,
            closed=tuple(self._read(one.employee_id, period) for one in report.closed),
            already=report.already,
            left_out=report.left_out,
        )

    @unit_of_work
    def reopen(self, employee_id: int, day: date, *, actor: Person, reason: str) -> PersonPeriod:
        """Open a person's last closed period again, as long as it is not paid (SPEC 4.17, PAYROLL D30).

        They can change their shifts in it then, so that an admin's own is another's to open (PAYROLL D38).
        Raises ForbiddenError, ConflictError with PERIOD_PAID, PERIOD_NOT_CLOSED or PERIOD_NOT_LAST.
        """
        is_own = self._desk.decide(actor, give(employee_id))
        why = read_reason(reason)
        person = self._desk.lock(employee_id)
        one = self._read(employee_id, self._find_period(day))
        shown = f"{format_date(one.period.start_date)} to {format_date(one.period.end_date)}"
        if one.state is PeriodState.PAID:
            raise ConflictError(ErrorKey.PERIOD_PAID, field="period", value=shown, allowed="one that is not paid")
        if one.closed_at is None:
            raise ConflictError(ErrorKey.PERIOD_NOT_CLOSED, field="period", value=shown, allowed="a closed one")
        if person.closed_until != one.period.end_date:
            raise ConflictError(
                ErrorKey.PERIOD_NOT_LAST,
                field="period",
                value=shown,
                allowed=f"the one until {format_date(person.closed_until or one.period.end_date)}",
            )
        params = {"employee_id": employee_id, "start_date": one.period.start_date}
        self._database.execute("reopen_period", params)
        old = {"closing_balance": one.closing, "closed_at": one.closed_at}
        self._desk.audit(actor, "period reopened", _name(one), is_own=is_own, old=old, reason=why)
        return self._read(employee_id, one.period)

    def _say(
        self, employee_id: int, day: date, actor: Person, *, is_complete: bool = False, missing: str | None = None
    ) -> PersonPeriod:
        self._desk.require_self_or_admin(actor, employee_id)
        self._desk.lock(employee_id)
        one = self._read(employee_id, self._find_period(day))
        if one.state is not PeriodState.OPEN:
            raise ConflictError(
                ErrorKey.PERIOD_CLOSED, field="period", value=one.period.start_date, allowed="an open period"
            )
        params = {
            "employee_id": employee_id,
            "start_date": one.period.start_date,
            "end_date": one.period.end_date,
            "confirmed_at": self._rules.clock() if is_complete else None,
            "confirmed_digest": one.digest if is_complete else None,
            "missing": missing,
        }
        self._database.execute("confirm_period", params)
        action = "period confirmed" if is_complete else "period not confirmed"
        self._desk.audit(actor, action, _name(one), reason=missing)
        return self._read(employee_id, one.period)

    def _close(self, one: PersonPeriod, actor: Person) -> None:
        params = {
            "employee_id": one.employee_id,
            "start_date": one.period.start_date,
            "end_date": one.period.end_date,
            "opening_balance": one.opening,
            "closing_balance": one.closing,
            "closed_at": self._rules.clock(),
            "closed_by": actor.employee_id,
        }
        self._database.execute("close_period", params)
        new = {"opening_balance": one.opening, "closing_balance": one.closing, "is_confirmed": one.is_confirmed}
        self._desk.audit(actor, "period closed", _name(one), is_own=one.employee_id == actor.employee_id, new=new)

    def _list_concerned(self, period: PayPeriod, employee_id: int | None) -> list[PersonPeriod]:
        if employee_id is not None:
            return [self._read(employee_id, period)]
        return self.list_everybody(period.start_date)

    def _sort(self, period: PayPeriod, concerned: list[PersonPeriod]) -> CloseReport:
        today = self._rules.today()
        ready: list[PersonPeriod] = []
        left_out: list[LeftOut] = []
        is_open = [one for one in concerned if one.state is PeriodState.OPEN]
        over = [one for one in is_open if one.is_over(today)]
        if is_open and not over:
            raise ConflictError(
                ErrorKey.PERIOD_NOT_OVER, field="period", value=period.pay_day, allowed=f"from {period.pay_day} on"
            )
        for one in over:
            obstacle = find_obstacle(one)
            if obstacle is None:
                ready.append(one)
            else:
                left_out.append(obstacle)
        already = tuple(one for one in concerned if one.state is not PeriodState.OPEN)
        return CloseReport(period, tuple(ready), already, tuple(left_out))

    def _find_period(self, day: date) -> PayPeriod:
        return self._desk.pay_days.find_period(day)

    def _read(self, employee_id: int, period: PayPeriod) -> PersonPeriod:
        params = {"employee_id": employee_id, "start_date": period.start_date, "end_date": period.end_date}
        row = self._database.fetch_one("select_person_period", params)
        if row is None:
            self._desk.people.get(employee_id)
            raise LookupError("a person who is there has every period")
        return _read_period(row)


def _name(one: PersonPeriod) -> str:
    return f"period:{one.employee_id}:{one.period.start_date}"


def _read_period(row: Row) -> PersonPeriod:
    employee_id, name, start_date, end_date, state, *rest = row
    return PersonPeriod(employee_id, name, PayPeriod(start_date, end_date), PeriodState(state), *rest)
