"""Payouts: what is due of the last closed period leaves the ledger, exactly and once (SPEC 4.22, PAYROLL D34)."""

from datetime import date

from payroll.decisions import give
from payroll.errors import ConflictError, ErrorKey
from payroll.ledger import book
from payroll.pay_periods import PayPeriod
from payroll.people import Person
from payroll.periods import Due, PayoutReport
from repository.database import Row, unit_of_work
from repository.desk import Desk
from repository.outcome import LockedPerson
from repository.reconciliation import Reconciliation

PAYOUT = "payout"


class Payouts:
    """The door to payouts."""

    def __init__(self, desk: Desk, reconciliation: Reconciliation) -> None:
        self._desk = desk
        self._database = desk.database
        self._rules = desk.rules
        self._reconciliation = reconciliation

    def list_due(self, *, employee_id: int | None = None) -> list[Due]:
        """What is due to each person, or to one, whose last closed period is not paid; by name."""
        return [read_due(row) for row in self._database.fetch_all("select_due", {"employee_id": employee_id})]

    def preview(self, *, actor: Person, employee_id: int | None = None) -> PayoutReport:
        """What a payout by this admin would do now, for everybody or one person. Raises ForbiddenError."""
        council = self._desk.get_council(actor)
        due = self.list_due(employee_id=employee_id)
        own = [one for one in due if council.is_left_to_another(give(one.employee_id))]
        return PayoutReport(tuple(one for one in due if one not in own), tuple(own))

    @unit_of_work
    def pay(self, *, actor: Person, employee_id: int | None = None) -> PayoutReport:
        """Mark everybody, or one person, as paid by exactly what is due, which leaves their ledger (PAYROLL D34).

        Where 0.00 is due the period is marked as paid and nothing is booked. What is due to the admin who pays is left
        to another one where there is one (PAYROLL D38). Raises ForbiddenError, ConflictError with NOTHING_DUE for one
        person without a closed period that is not paid, or BOOKS_DIFFER.
        """
        council = self._desk.get_council(actor)
        if employee_id is not None:
            council.judge(give(employee_id))
        self._reconciliation.refuse_if_last_differed()
        ids = [one.employee_id for one in self.list_due(employee_id=employee_id)]
        people = {one: self._desk.lock(one) for one in sorted(ids)}
        self._reconciliation.refuse_if_different(people)
        paid, left_out = [], []
        for due in (one for who in ids for one in self.list_due(employee_id=who)):
            if council.is_left_to_another(give(due.employee_id)):
                left_out.append(due)
            else:
                self._pay(people[due.employee_id], due, actor, is_own=council.judge(give(due.employee_id)))
                paid.append(due)
        if employee_id is not None and not paid:
            name = self._desk.people.get(employee_id).name
            raise ConflictError(
                ErrorKey.NOTHING_DUE, field="payout", value=name, allowed="a closed period that is not paid"
            )
        return PayoutReport(tuple(paid), tuple(left_out))

    def _pay(self, person: LockedPerson, due: Due, actor: Person, *, is_own: bool) -> None:
        period = self._desk.get_open_period(person)
        self._desk.book(person, book(-due.amount, period, write_ref(due.period.start_date), PAYOUT))
        params = {
            "employee_id": person.employee_id,
            "start_date": due.period.start_date,
            "paid_at": self._rules.clock(),
            "paid_by": actor.employee_id,
            "paid_units": due.amount,
        }
        self._database.execute("mark_periods_paid", params)
        subject = f"period:{person.employee_id}:{due.period.start_date}"
        self._desk.audit(actor, "period paid", subject, is_own=is_own, new={"amount": due.amount})


def write_ref(start_date: date) -> str:
    """What a payout's line in the ledger names: the period it is for."""
    return f"period:{start_date}"


def read_due(row: Row) -> Due:
    """A row of the query `select_due`."""
    employee_id, name, start_date, end_date, closing, paid_since, balance = row
    return Due(employee_id, name, PayPeriod(start_date, end_date), closing, paid_since, balance)
