"""Correction requests: asked for by anybody, decided once by an admin (SPEC 4.19, PAYROLL D32, D33, D38)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from payroll.correction_requests import CorrectionKind, CorrectionRequest, CorrectionResult, CorrectionState
from payroll.decisions import change_pay
from payroll.errors import ConflictError, ErrorKey, ForbiddenError, InvalidInputError, NotFoundError
from payroll.people import Person
from payroll.refunds import refuse_refunded
from payroll.shifts import ChangePreview, Correction, NewShift, ShiftChange, StoredShift
from repository.database import Row, unit_of_work
from repository.desk import Desk, read_reason
from repository.rows import dump_json
from repository.shifts import ShiftBook
from repository.statistics import Statistics


class Corrections:
    """The door to correction requests."""

    def __init__(self, desk: Desk, shifts: ShiftBook, statistics: Statistics) -> None:
        self._desk = desk
        self._database = desk.database
        self._shifts = shifts
        self._statistics = statistics

    @unit_of_work
    def ask_new(self, new: NewShift, reason: str, *, actor: Person) -> CorrectionRequest:
        """Ask for a shift that is missing. What is typed is checked now as a shift's is: times, overlap."""
        self._desk.require_self_or_admin(actor, new.employee_id)
        self._shifts.refuse_times(new.time_in, new.time_out)
        self._shifts.refuse_date(self._desk.rules.zone.date_of(new.time_in))
        self._shifts.refuse_taken(new.employee_id, new.time_in, new.time_out)
        return self._ask(new.employee_id, CorrectionKind.NEW, None, reason, actor, new)

    @unit_of_work
    def ask_edit(self, shift_id: int, wish: Correction, reason: str, *, actor: Person) -> CorrectionRequest:
        """Ask for other times or sales of a shift, both in full where they are given."""
        stored = self._get_own(shift_id, actor)
        work = stored.shift.work
        refuse_refunded(stored.shift, self._shifts.read_corrected(work, wish))
        if wish.time_in is None and wish.time_out is None and wish.products is None:
            raise InvalidInputError(
                ErrorKey.FIELD_MISSING, field="correction", value="nothing", allowed="other times or sales"
            )
        times = wish.time_in or work.time_in, wish.time_out or work.time_out
        if times != (work.time_in, work.time_out):
            self._shifts.refuse_times(*times)
            if (day := self._desk.rules.zone.date_of(times[0])) != work.shift_date:
                self._shifts.refuse_date(day)
            self._shifts.refuse_taken(stored.shift.employee_id, *times, except_for=shift_id)
        return self._ask(stored.shift.employee_id, CorrectionKind.EDIT, shift_id, reason, actor, wish)

    @unit_of_work
    def ask_delete(self, shift_id: int, reason: str, *, actor: Person) -> CorrectionRequest:
        """Ask for a shift to be taken out."""
        stored = self._get_own(shift_id, actor)
        refuse_refunded(stored.shift, None)
        return self._ask(stored.shift.employee_id, CorrectionKind.DELETE, shift_id, reason, actor, None)

    def get(self, correction_id: int) -> CorrectionRequest:
        """A request by its number. Raises NotFoundError."""
        row = self._database.fetch_one("select_correction", {"correction_id": correction_id})
        if row is None:
            raise NotFoundError(
                ErrorKey.REQUEST_UNKNOWN, field="correction_id", value=correction_id, allowed="a request's number"
            )
        return _read_request(row)

    def list_open(self, limit: int, *, skip: int = 0) -> list[CorrectionRequest]:
        """What waits for an admin, oldest first."""
        params = {"limit": limit, "skip": skip}
        return [_read_request(row) for row in self._database.fetch_all("select_open_corrections", params)]

    def list_of(self, employee_id: int, limit: int, *, skip: int = 0) -> list[CorrectionRequest]:
        """A person's requests, newest first."""
        params = {"employee_id": employee_id, "limit": limit, "skip": skip}
        return [_read_request(row) for row in self._database.fetch_all("select_corrections_of", params)]

    @unit_of_work
    def preview(self, correction_id: int) -> ChangePreview:
        """What an approval would book now and do to ranks; nothing is written, drawn or used up.

        Raises NotFoundError, and whatever the change of the shift would be refused with.
        """
        request = self.get(correction_id)
        if request.kind is CorrectionKind.NEW:
            return self._shifts.preview_record(_read_new(request))
        if request.kind is CorrectionKind.DELETE:
            return self._shifts.preview_delete(request.shift_id or 0)
        return self._shifts.preview_edit(request.shift_id or 0, _read_wish(request))

    @unit_of_work
    def approve(self, correction_id: int, *, actor: Person, note: str | None = None) -> CorrectionResult:
        """Carry a request out: the shift itself is made or corrected, each difference in pay booked (PAYROLL D33).

        Raises ForbiddenError, ConflictError with REQUEST_DECIDED for who comes second, and whatever the change of the
        shift raises; the request is open as before then.
        """
        request = self._decide(correction_id, CorrectionState.APPROVED, actor, read_reason(note) if note else None)
        last_entry_no = self._get_last_entry_no(request.employee_id)
        change = self._carry_out(request, actor)
        params = {"correction_id": correction_id, "shift_id": change.shift_id}
        self._database.execute("note_correction_result", params)
        booked = self._get_last_entry_no(request.employee_id) - last_entry_no
        lines = self._statistics.list_entries(request.employee_id, booked) if booked else []
        return CorrectionResult(self.get(correction_id), change, tuple(lines))

    @unit_of_work
    def refuse(self, correction_id: int, *, actor: Person, reason: str) -> CorrectionRequest:
        """Decline a request and say why. Raises ForbiddenError, ConflictError with REQUEST_DECIDED."""
        return self._decide(correction_id, CorrectionState.REFUSED, actor, read_reason(reason))

    def _ask(
        self,
        employee_id: int,
        kind: CorrectionKind,
        shift_id: int | None,
        reason: str,
        actor: Person,
        wish: NewShift | Correction | None,
    ) -> CorrectionRequest:
        products = wish.products if wish is not None else None
        params = {
            "employee_id": employee_id,
            "kind": kind,
            "shift_id": shift_id,
            "time_in": wish.time_in if wish is not None else None,
            "time_out": wish.time_out if wish is not None else None,
            "products": dump_json(dict(products)) if products is not None else None,
            "reason": read_reason(reason),
            "requested_by": actor.employee_id,
            "requested_at": self._desk.rules.clock(),
        }
        row = self._database.fetch_one("insert_correction", params)
        if row is None:
            raise LookupError("a request that has just been inserted is there")
        self._desk.audit(actor, "correction requested", f"correction:{row[0]}", reason=reason)
        return self.get(row[0])

    def _decide(
        self, correction_id: int, state: CorrectionState, actor: Person, decision: str | None
    ) -> CorrectionRequest:
        before = self.get(correction_id)
        is_own = self._desk.decide(actor, change_pay(before.employee_id))
        self._desk.lock(before.employee_id)
        params = {
            "correction_id": correction_id,
            "state": state,
            "decided_by": actor.employee_id,
            "decided_at": self._desk.rules.clock(),
            "decision": decision,
        }
        if self._database.execute("decide_correction", params) != 1:
            raise ConflictError(
                ErrorKey.REQUEST_DECIDED, field="request", value=correction_id, allowed="a request that is still open"
            )
        subject = f"correction:{correction_id}"
        self._desk.audit(actor, f"correction {state}", subject, is_own=is_own, reason=decision)
        return self.get(correction_id)

    def _carry_out(self, request: CorrectionRequest, actor: Person) -> ShiftChange:
        number, actor_id = request.correction_id, actor.employee_id
        if request.kind is CorrectionKind.NEW:
            new = _read_new(request)
            return self._shifts.record_read(request.employee_id, lambda _: new, correction_id=number)
        shift_id = request.shift_id or 0
        if request.kind is CorrectionKind.DELETE:
            return self._shifts.delete(shift_id, actor_id=actor_id, correction_id=number)
        return self._shifts.edit(shift_id, _read_wish(request), actor_id=actor_id, correction_id=number)

    def _get_own(self, shift_id: int, actor: Person) -> StoredShift:
        stored = self._shifts.get(shift_id)
        if stored.shift.employee_id != actor.employee_id and not self._desk.people.get(actor.employee_id).is_admin:
            raise ForbiddenError(
                ErrorKey.SHIFT_NOT_YOURS, field="shift_id", value=shift_id, allowed="a shift of one's own"
            )
        return stored

    def _get_last_entry_no(self, employee_id: int) -> int:
        row = self._database.fetch_one("select_last_entry_no", {"employee_id": employee_id})
        return int(row[0]) if row else 0


def _read_new(request: CorrectionRequest) -> NewShift:
    if request.time_in is None or request.time_out is None or request.products is None:
        raise LookupError("a request for a new shift says all of it")
    return NewShift(request.employee_id, request.time_in, request.time_out, request.products)


def _read_wish(request: CorrectionRequest) -> Correction:
    return Correction(request.time_in, request.time_out, request.products)


def _read_request(row: Row) -> CorrectionRequest:
    correction_id, employee_id, name, kind, shift_id, time_in, time_out, products, reason, state, *rest = row
    return CorrectionRequest(
        correction_id,
        employee_id,
        name,
        CorrectionKind(kind),
        shift_id,
        time_in,
        time_out,
        _read_products(products),
        reason,
        CorrectionState(state),
        *rest,
    )


def _read_products(products: Mapping[str, Any] | None) -> dict[int, Decimal] | None:
    if products is None:
        return None
    return {int(product_id): Decimal(amount) for product_id, amount in products.items()}
