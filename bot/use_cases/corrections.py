"""Corrections of what is closed: what a form holds becomes a request, which one admin decides (PAYROLL D32, D33)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.errands import AdminErrand, Errand, ErrandKind, Question
from bot.forms import EditField, Form, Kind
from bot.use_cases import after_shift
from bot.use_cases.deciders import may_decide, show_to, tell_deciders
from bot.use_cases.dialogs import get_own
from bot.use_cases.edit_shift import write_correction
from bot.use_cases.errand_rules import ErrandRules, read_subject, read_text
from bot.use_cases.new_shift import get_whose
from payroll.correction_requests import CorrectionKind, CorrectionRequest, CorrectionState
from payroll.decisions import change_pay
from payroll.errors import ConflictError, DomainError, ErrorKey, ForbiddenError
from payroll.ledger import Direction, LedgerEntry
from payroll.people import Person
from payroll.ranks import NoticeKind, RankNotice, RankSettlement
from payroll.shifts import NewShift, StoredShift
from payroll.standing import LedgerLine
from postgres_service import PostgresService

REQUESTED = "correction_requested"
DECIDED = "correction_decided"

_WITHOUT_PAY: Mapping[str, Any] = {"made": None, "booking": None, "booked": [], "kept": []}

Facts = Mapping[str, Any]
"""A request in finished texts: `kind`, `name`, `reason`, `old` and `new` with times and sales.

`by` is the admin who asked for somebody else, None where one asked for oneself. `booking` is what an approval would
book, as pairs of a shift's number and an amount in USD; None where it is decided, or not for who reads. `ranks` are
the months whose rank or rank's bonuses that changes, with the codes of the bonuses that go and come. `kept` are the
shifts that keep their rate because of a refund.
"""


@dataclass(frozen=True, slots=True)
class Requested:
    """A form that became a request to the admins; `may_decide`: who asked may decide it, and so need not wait."""

    form: Form
    facts: Facts
    may_decide: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """A request, by whom it was decided (None: it is open), and what an approval has booked just now.

    `trouble` is why an open one can no longer be carried out.
    """

    request: CorrectionRequest
    facts: Facts
    admin: str | None
    lines: tuple[LedgerLine, ...] = ()
    trouble: DomainError | None = None


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
    facts = {**describe(service, asked), **_look(service, asked)[0]}
    about = asked.employee_id
    tell_deciders(service, about, REQUESTED, facts, without_pay=_WITHOUT_PAY, but=person.employee_id)
    return Requested(form, _show_to(service, person, asked, facts), may_decide(service, person, about))


def find(service: PostgresService, person: Person, correction_id: int) -> Decision:
    """A request as it stands, with what an approval would do. Raises ForbiddenError, NotFoundError."""
    person.require_admin()
    asked = service.corrections.get(correction_id)
    found = _describe_decision(service, asked)
    if asked.state is not CorrectionState.OPEN:
        return replace(found, facts=_show_to(service, person, asked, found.facts))
    outlook, trouble = _look(service, asked)
    facts = {**found.facts, **outlook}
    return replace(found, facts=_show_to(service, person, asked, facts), trouble=trouble)


def find_own(service: PostgresService, person: Person, correction_id: int) -> Decision:
    """A request about oneself, whole. Raises ForbiddenError for somebody else's, NotFoundError."""
    person.require_member()
    asked = service.corrections.get(correction_id)
    if asked.employee_id != person.employee_id:
        raise ForbiddenError(
            ErrorKey.REQUEST_NOT_YOURS, field="request", value=correction_id, allowed="a request of one's own"
        )
    return _describe_decision(service, asked)


def _describe_decision(service: PostgresService, asked: CorrectionRequest) -> Decision:
    admin = service.people.get(asked.decided_by).name if asked.decided_by is not None else None
    return Decision(asked, describe(service, asked), admin)


def approve(service: PostgresService, person: Person, correction_id: int) -> Decision:
    """Carry a request out and tell who it is about, with what was booked.

    Raises ForbiddenError, ConflictError with REQUEST_DECIDED for who comes second, and whatever the shift is refused
    with; the request waits as before then.
    """
    person.require_admin()
    with service.transaction():
        asked = service.corrections.get(correction_id)
        facts = describe(service, asked)
        result = service.corrections.approve(correction_id, actor=person)
        # The shift that was asked about comes first, as it does beforehand.
        lines = result.lines[::-1]
        kept = [after_shift.dump_other(one) for one in result.change.kept]
        facts = {**facts, "ranks": _name_ranks(service, result.change.notices), "kept": kept}
        told = {**facts, "state": CorrectionState.APPROVED, "admin": person.name, "booked": _spell(lines)}
        service.outbox.add(asked.employee_id, DECIDED, told)
        _tell_asker(service, person, asked, told)
        after_shift.tell_admins(service, result.change)
        shown = _show_to(service, person, asked, facts)
        is_pay_shown = service.staff.may_see_wages(person, asked.employee_id)
        return Decision(result.request, shown, person.name, lines if is_pay_shown else ())


def _tell_asker(service: PostgresService, person: Person, asked: CorrectionRequest, told: Facts) -> None:
    """Who asked for somebody else hears what another admin decided."""
    if asked.is_for_another and asked.requested_by != person.employee_id:
        asker = service.people.get(asked.requested_by)
        shown = _show_to(service, asker, asked, {**told, "is_to_asker": True})
        service.outbox.add(asker.employee_id, DECIDED, shown)


def _look(service: PostgresService, asked: CorrectionRequest) -> tuple[Facts, DomainError | None]:
    """What an approval would book and do to ranks now, as facts; or why it cannot be approved."""
    try:
        preview = service.corrections.preview(asked.correction_id)
    except DomainError as trouble:
        return {"booking": None, "ranks": [], "kept": []}, trouble
    notices = [notice for rank in preview.ranks for notice in _leave_out_drawn(rank)]
    kept = [after_shift.dump_other(one) for one in preview.kept]
    return {"booking": _spell(preview.entries), "ranks": _name_ranks(service, notices), "kept": kept}, None


def _leave_out_drawn(rank: RankSettlement) -> list[RankNotice]:
    """What would be told of a rank, or of bonuses that come and go with it; what it would draw is not known yet."""
    if not (rank.is_changed or rank.withdrawn or rank.returned):
        return []
    gone, come = (tuple(one.offer for one in bonuses) for bonuses in (rank.withdrawn, rank.returned))
    kind = NoticeKind.RANK_BONUS
    return [RankNotice(kind, rank.month, rank.rank_id, rank.previous_rank_id, returned=come, withdrawn=gone)]


def _name_ranks(service: PostgresService, notices: Iterable[RankNotice]) -> list[dict[str, Any]]:
    told = [one for one in notices if not one.is_for_admins]
    names = service.statistics.get_rank_names() if told else {}
    return [
        {
            "month": one.month.isoformat(),
            "previous": names[one.previous_rank_id][0],
            "rank": names[one.rank_id][0],
            "withdrawn": [offer.code for offer in one.withdrawn],
            "returned": [offer.code for offer in (*one.returned, *([one.drawn] if one.drawn else []))],
        }
        for one in told
    ]


def _spell(lines: Iterable[LedgerLine | LedgerEntry]) -> list[list[str]]:
    """Lines of the ledger as pairs of a shift's number and what it adds to the balance, in USD."""
    return [
        [line.ref.rpartition(":")[2], str(line.units if line.direction == Direction.CREDIT else -line.units)]
        for line in lines
    ]


def _show_to(service: PostgresService, person: Person, asked: CorrectionRequest, facts: Facts) -> Facts:
    return show_to(service, person, asked.employee_id, facts, _WITHOUT_PAY)


def describe(service: PostgresService, asked: CorrectionRequest) -> Facts:
    """A request in finished texts. The shift is as it is now, which after an approval is as it was asked for."""
    stored = service.shifts.find(asked.shift_id) if asked.shift_id is not None else None
    return {
        "correction_id": asked.correction_id,
        "kind": asked.kind,
        "name": asked.name,
        "by": asked.asked_by if asked.is_for_another else None,
        "shift_id": asked.shift_id,
        "reason": asked.reason,
        "old": _describe_old(service, stored) if stored is not None else None,
        "new": _describe_new(service, asked, stored) if asked.kind is not CorrectionKind.DELETE else None,
        "made": str(stored.shift.pay.total_made) if stored is not None else None,
        "booking": None,
        "ranks": [],
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
    """Why the request is refused. Raises ForbiddenError for one's own, ConflictError once it is decided."""
    decision = find(service, person, read_subject(errand))
    service.staff.require_decider(person, change_pay(decision.request.employee_id))
    if decision.request.state is not CorrectionState.OPEN:
        raise ConflictError(
            ErrorKey.REQUEST_DECIDED, field="request", value=errand.subject, allowed="a request that is still open"
        )
    if "reason" in errand.answers:
        return None
    asked = decision.request
    reader = None if asked.requested_by == person.employee_id else asked.asked_by
    return Question("reason", read=read_text("reason"), shown={**decision.facts, "reader": reader})


def refuse(service: PostgresService, person: Person, errand: Errand) -> Decision:
    """Refuse it and tell who asked for it."""
    reason = errand.answers["reason"]
    refused = service.corrections.refuse(read_subject(errand), actor=person, reason=reason)
    facts = describe(service, refused)
    told = {**facts, "state": CorrectionState.REFUSED, "admin": person.name, "decision": reason}
    if not refused.is_for_another:
        service.outbox.add(refused.employee_id, DECIDED, told)
    _tell_asker(service, person, refused, told)
    return Decision(refused, _show_to(service, person, refused, facts), person.name)


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.REFUSE_CORRECTION: ErrandRules(Person.require_admin, ask_refusal, refuse),
}
