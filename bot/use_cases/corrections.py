"""Corrections of what is closed: what a form holds becomes a request, which one admin decides (PAYROLL D32, D33)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.errands import AdminErrand, Errand, ErrandKind, Question
from bot.forms import EditField, Form, Kind
from bot.use_cases import after_shift
from bot.use_cases.dialogs import get_own
from bot.use_cases.edit_shift import write_correction
from bot.use_cases.errand_rules import ErrandRules, read_subject, read_text
from bot.use_cases.new_shift import get_whose
from payroll.correction_requests import CorrectionKind, CorrectionRequest, CorrectionState
from payroll.errors import ConflictError, ErrorKey
from payroll.people import Person
from payroll.shifts import NewShift, StoredShift
from payroll.standing import LedgerLine
from postgres_service import PostgresService

REQUESTED = "correction_requested"
DECIDED = "correction_decided"

Facts = Mapping[str, Any]
"""A request in finished texts: `kind`, `name`, `reason`, `old` and `new` with times and sales."""


@dataclass(frozen=True, slots=True)
class Requested:
    """A form that became a request to the admins."""

    form: Form
    facts: Facts


@dataclass(frozen=True, slots=True)
class Decision:
    """A request, by whom it was decided (None: it is open), and what an approval has booked just now."""

    request: CorrectionRequest
    facts: Facts
    admin: str | None
    lines: tuple[LedgerLine, ...] = ()


def request(service: PostgresService, person: Person, form: Form) -> Requested:
    """Ask the admins for what a form holds. Raises what no shift may be: times, overlap."""
    reason = form.reason or ""
    if form.kind is Kind.NEW:
        asked = service.corrections.ask_new(_write_new(person, form), reason, actor=person)
    else:
        stored = get_own(service, person, form.shift_id or 0)
        if form.edited is EditField.DELETE:
            asked = service.corrections.ask_delete(stored.shift_id, reason, actor=person)
        else:
            wish = write_correction(form, stored)
            asked = service.corrections.ask_edit(stored.shift_id, wish, reason, actor=person)
    facts = describe(service, asked)
    service.outbox.add_for_deciders(asked.employee_id, REQUESTED, facts)
    return Requested(form, facts)


def find(service: PostgresService, person: Person, correction_id: int) -> Decision:
    """A request as it stands. Raises ForbiddenError, NotFoundError."""
    person.require_admin()
    asked = service.corrections.get(correction_id)
    admin = service.people.get(asked.decided_by).name if asked.decided_by is not None else None
    return Decision(asked, describe(service, asked), admin)


def approve(service: PostgresService, person: Person, correction_id: int) -> Decision:
    """Carry a request out and tell who it is about, with what was booked.

    Raises ForbiddenError, ConflictError with REQUEST_DECIDED for who comes second, and whatever the shift is refused
    with; the request waits as before then.
    """
    person.require_admin()
    with service.transaction():
        facts = describe(service, service.corrections.get(correction_id))
        result = service.corrections.approve(correction_id, actor=person)
        booked = [[line.ref.rpartition(":")[2], str(sign(line))] for line in result.lines]
        told = {**facts, "state": CorrectionState.APPROVED, "booked": booked}
        service.outbox.add(result.request.employee_id, DECIDED, told)
        after_shift.tell_admins(service, result.change)
        return Decision(result.request, facts, person.name, result.lines)


def sign(line: LedgerLine) -> Decimal:
    """What a line adds to the balance, in USD."""
    return line.units if line.direction == "credit" else -line.units


def describe(service: PostgresService, asked: CorrectionRequest) -> Facts:
    """A request in finished texts. The shift is as it is now, which after an approval is as it was asked for."""
    stored = service.shifts.find(asked.shift_id) if asked.shift_id is not None else None
    return {
        "correction_id": asked.correction_id,
        "kind": asked.kind,
        "name": asked.name,
        "shift_id": asked.shift_id,
        "reason": asked.reason,
        "old": _describe_old(service, stored) if stored is not None else None,
        "new": _describe_new(service, asked, stored) if asked.kind is not CorrectionKind.DELETE else None,
        "made": str(stored.shift.pay.total_made) if stored is not None else None,
    }


def _write_new(person: Person, form: Form) -> NewShift:
    if form.start is None or form.end is None:
        raise LookupError("a shift is asked for only with both clocks")
    return NewShift(get_whose(person, form), form.start, form.end, form.products)


def _describe_old(service: PostgresService, stored: StoredShift) -> Facts:
    work = stored.shift.work
    return _describe(service, work.time_in, work.time_out, work.products)


def _describe_new(service: PostgresService, asked: CorrectionRequest, stored: StoredShift | None) -> Facts | None:
    time_in, time_out, products = asked.time_in, asked.time_out, asked.products
    if stored is not None:
        work = stored.shift.work
        time_in, time_out = time_in or work.time_in, time_out or work.time_out
        products = work.products if products is None else products
    if time_in is None or time_out is None:
        return None
    return _describe(service, time_in, time_out, products or {})


def _describe(
    service: PostgresService, time_in: datetime, time_out: datetime, products: Mapping[int, Decimal]
) -> Facts:
    names, zone = service.get_catalogue().names, service.rules.zone
    sold = {names[product_id]: str(amount) for product_id, amount in sorted(products.items()) if amount}
    return {"start": zone.format(time_in), "end": zone.format(time_out), "products": sold}


# --- refusing, with a reason -----------------------------------------------------------------------------------------


def ask_refusal(service: PostgresService, person: Person, errand: Errand) -> Question | None:
    """Why the request is refused. Raises ConflictError once it is decided."""
    decision = find(service, person, read_subject(errand))
    if decision.request.state is not CorrectionState.OPEN:
        raise ConflictError(
            ErrorKey.REQUEST_DECIDED, field="request", value=errand.subject, allowed="a request that is still open"
        )
    if "reason" in errand.answers:
        return None
    return Question("reason", read=read_text("reason"), shown=decision.facts)


def refuse(service: PostgresService, person: Person, errand: Errand) -> Decision:
    """Refuse it and tell who it is about."""
    reason = errand.answers["reason"]
    refused = service.corrections.refuse(read_subject(errand), actor=person, reason=reason)
    facts = describe(service, refused)
    told = {**facts, "state": CorrectionState.REFUSED, "decision": reason}
    service.outbox.add(refused.employee_id, DECIDED, told)
    return Decision(refused, facts, person.name)


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.REFUSE_CORRECTION: ErrandRules(Person.require_admin, ask_refusal, refuse),
}
