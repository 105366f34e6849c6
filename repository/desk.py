"""What every admin's change needs: who may do it, whose books it locks, its lines in the ledger and the audit log."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from payroll.decisions import Council, Effect
from payroll.errors import ConflictError, ErrorKey, InvalidInputError, NotFoundError
from payroll.ledger import LedgerEntry
from payroll.pay_periods import PayPeriod
from payroll.people import Person
from repository import rows
from repository.audit import AuditLog
from repository.database import Database
from repository.deciders import Deciders
from repository.outcome import SOURCE_SERVICE, LockedPerson
from repository.pay_days import PayDayBook
from repository.people import People
from repository.rules import Rules

LONGEST_REASON = 1000


class Desk:
    """The tools of the doors to the owner's side; each use is part of the caller's unit of work."""

    def __init__(self, database: Database, people: People, audit: AuditLog, rules: Rules, pay_days: PayDayBook) -> None:
        self.database = database
        self.people = people
        self.rules = rules
        self.pay_days = pay_days
        self._audit = audit
        self._deciders = Deciders(database)

    def require_admin(self, actor: Person) -> None:
        """Raise ForbiddenError for who is no admin by now: roles change while an update is on its way."""
        self.people.get(actor.employee_id).require_admin()

    def require_owner(self, actor: Person) -> None:
        """Raise ForbiddenError for who is not an owner by now."""
        self.people.get(actor.employee_id).require_owner()

    def require_self_or_admin(self, actor: Person, employee_id: int) -> None:
        """Raise ForbiddenError for who is neither this person nor an admin."""
        if actor.employee_id != employee_id:
            self.require_admin(actor)

    def get_council(self, actor: Person) -> Council:
        """An admin who decides, and who else could. Raises ForbiddenError for who is no admin by now."""
        return self._deciders.get_council(actor)

    def list_deciders(self, effect: Effect) -> list[int]:
        """The numbers of the admins who may take a decision (PAYROLL D38)."""
        return self._deciders.list_deciders(effect)

    def decide(self, actor: Person, effect: Effect) -> bool:
        """Let an admin take a decision that does this; whether it is about themselves (PAYROLL D38).

        Raises ForbiddenError for who is no admin, who may not decide that, or where it is another's to decide.
        """
        return self.get_council(actor).judge(effect)

    def refuse_overtaken(self, over: int | None, version_id: int) -> None:
        """Raise ConflictError where a table is no longer the version that an admin saw; None: whichever it is."""
        if over is not None and over != version_id:
            raise ConflictError(ErrorKey.TABLE_CHANGED, field="version", value=over, allowed=str(version_id))

    def lock(self, employee_id: int) -> LockedPerson:
        """A person whom nobody else changes before the transaction ends (PAYROLL D39). Raises NotFoundError."""
        row = self.database.fetch_one("lock_employee", {"employee_id": employee_id})
        if row is None:
            raise NotFoundError(
                ErrorKey.EMPLOYEE_UNKNOWN, field="employee_id", value=employee_id, allowed="an employee's number"
            )
        *person, xid, _ = row
        self.database.note_xid(xid)
        return LockedPerson(*person)

    def get_open_period(self, person: LockedPerson) -> PayPeriod:
        """The period that what is booked for a person now belongs to (PAYROLL D30)."""
        return self.pay_days.find_open_period(person.closed_until)

    def find_booking_period(self, person: LockedPerson, day: date) -> PayPeriod:
        """The period of a date, or the open one where that is closed (PAYROLL D29)."""
        if person.is_closed(day):
            return self.get_open_period(person)
        return self.pay_days.find_period(day)

    def book(self, person: LockedPerson, entries: Iterable[LedgerEntry]) -> None:
        """Append lines to the ledger of a person who is locked."""
        written = [rows.write_entry(entry, number) for number, entry in enumerate(entries, 1)]
        if written:
            params = {"sub": person.sub, "source_service": SOURCE_SERVICE, "entries": rows.dump_json(written)}
            self.database.execute("book_ledger", params)

    def audit(
        self,
        actor: Person | None,
        action: str,
        subject: str,
        *,
        is_own: bool = False,
        old: Mapping[str, Any] | None = None,
        new: Mapping[str, Any] | None = None,
        reason: str | None = None,
        witness: Mapping[str, Any] | None = None,
    ) -> None:
        """Note a change; one that an admin makes about themselves says so (PAYROLL D38)."""
        self._audit.add(actor, action, subject, is_own=is_own, old=old, new=new, reason=reason, witness=witness)


def read_reason(text: str) -> str:
    """Why something is done, as it is kept. Raises InvalidInputError where nothing is said, or too much."""
    reason = text.replace("\0", "").strip()
    if not reason or len(reason) > LONGEST_REASON:
        raise InvalidInputError(
            ErrorKey.REASON_MISSING, field="reason", value=f"{len(reason)} characters", allowed=str(LONGEST_REASON)
        )
    return reason
