"""Questions to the admins: asked, taken by one, answered back and forth, resolved, rated (SPEC 4.23)."""

from collections.abc import Mapping
from typing import Any

from bot.errands import SKIP, Errand, ErrandKind, OwnErrand, PeriodSubject
from bot.errands import Question as Asking
from bot.use_cases.deciders import tell_deciders
from bot.use_cases.errand_rules import ErrandRules, read_subject, read_text
from payroll.errors import ConflictError, ErrorKey, ForbiddenError, NotFoundError
from payroll.people import Person
from payroll.questions import Question, QuestionState, Thread
from postgres_service import PostgresService

LONGEST_MESSAGE = 2000
_OF_SHIFT, _OF_PERIOD, _OF_REFUND = "s", "p", "w"


def get_thread(service: PostgresService, person: Person, question_id: int) -> Thread:
    """A question of one's own, of anybody's for an admin, with all that was written. Raises NotFoundError."""
    person.require_member()
    question = service.questions.get(question_id)
    is_own = question.employee_id == person.employee_id
    if not is_own:
        person.require_admin()
    admin = service.people.get(question.taken_by).name if question.taken_by is not None else None
    messages, events = service.questions.list_messages(question_id), service.questions.list_events(question_id)
    return Thread(question, tuple(messages), tuple(events), admin, is_own)


def take(service: PostgresService, person: Person, question_id: int) -> Thread:
    """Make it one's own to answer; who asked is told. Raises ForbiddenError, ConflictError for who comes second."""
    person.require_admin()
    with service.transaction():
        question = service.questions.take(question_id, actor=person)
        service.outbox.add(question.employee_id, "question_taken", _write_facts(question, person))
        return get_thread(service, person, question_id)


def rate(service: PostgresService, person: Person, question_id: int, rating: int) -> Thread:
    """Say how well it was answered; who took it is told. Raises ForbiddenError, ConflictError before it is resolved."""
    person.require_member()
    with service.transaction():
        question = service.questions.rate(question_id, rating, actor=person)
        if question.taken_by is not None:
            facts = {**_write_facts(question, person), "rating": rating}
            service.outbox.add(question.taken_by, "question_rated", facts)
        return get_thread(service, person, question_id)


# --- asking ----------------------------------------------------------------------------------------------------------


def ask_text(service: PostgresService, person: Person, errand: Errand) -> Asking | None:
    """What one wants to know, or why a refund should be withdrawn.

    Raises ForbiddenError for somebody else's shift or statement, NotFoundError, ConflictError for a shift without a
    refund.
    """
    about = _read_about(person, errand)
    if "shift_id" in about:
        shift = service.shifts.get(about["shift_id"]).shift
        if shift.employee_id != person.employee_id:
            raise ForbiddenError(
                ErrorKey.SHIFT_NOT_YOURS, field="shift_id", value=shift.shift_id, allowed="a shift of one's own"
            )
        if _is_about_refund(errand) and not shift.is_refunded:
            raise ConflictError(
                ErrorKey.REFUND_WITHDRAWN, field="shift_id", value=shift.shift_id, allowed="a shift with a refund"
            )
    return None if "text" in errand.answers else Asking("text", read=_READ_MESSAGE, shown=about)


def ask(service: PostgresService, person: Person, errand: Errand) -> Thread:
    """Leave the question for the admins."""
    text, about = errand.answers["text"], _read_about(person, errand)
    question = service.questions.ask(text, actor=person, **about)
    facts = {**_write_facts(question, person), "text": text, "is_withdrawal": _is_about_refund(errand)}
    tell_deciders(service, person.employee_id, "question_asked", facts)
    return get_thread(service, person, question.question_id)


def _read_about(person: Person, errand: Errand) -> dict[str, Any]:
    """What a question is about: `s12` is shift 12, `w12` its refund, `p739921.1001` 1001's statement of a period."""
    kind, value = errand.subject[:1], errand.subject[1:]
    if not errand.subject:
        return {}
    if kind in (_OF_SHIFT, _OF_REFUND) and value.isascii() and value.isdigit() and int(value) < 2**63:
        return {"shift_id": int(value)}
    try:
        period = PeriodSubject.load(value if kind == _OF_PERIOD else "")
    except ValueError:
        raise NotFoundError(
            ErrorKey.REQUEST_UNKNOWN, field="subject", value=errand.subject, allowed="a shift or a period"
        ) from None
    if period.employee_id != person.employee_id:
        raise ForbiddenError(
            ErrorKey.NOT_ALLOWED, field="employee_id", value=period.employee_id, allowed="one's own pay period"
        )
    return {"period_start": period.start}


def _is_about_refund(errand: Errand) -> bool:
    """Whether one asks for the withdrawal of a refund (PAYROLL D35)."""
    return errand.subject.startswith(_OF_REFUND)


# --- back and forth --------------------------------------------------------------------------------------------------


def ask_reply(service: PostgresService, person: Person, errand: Errand) -> Asking | None:
    """What one writes. Raises ConflictError once it is resolved."""
    thread = _get_open(service, person, errand)
    return None if "text" in errand.answers else Asking("text", read=_READ_MESSAGE, shown=thread)


def reply(service: PostgresService, person: Person, errand: Errand) -> Thread:
    """Pass a message on: to who asked, or to the admin who has it. An admin who answers what nobody has takes it."""
    thread = _get_open(service, person, errand)
    question = thread.question
    if not thread.is_own and question.state is QuestionState.REQUESTED:
        question = service.questions.take(question.question_id, actor=person)
    text = errand.answers["text"]
    service.questions.add_message(question.question_id, text, actor=person)
    facts = {**_write_facts(question, person), "text": text}
    if not thread.is_own:
        service.outbox.add(question.employee_id, "question_message", facts)
    elif question.taken_by is not None:
        service.outbox.add(question.taken_by, "question_message", facts)
    else:
        tell_deciders(service, person.employee_id, "question_message", facts)
    return get_thread(service, person, question.question_id)


def ask_resolution(service: PostgresService, person: Person, errand: Errand) -> Asking | None:
    """What came of it, if anybody wants to say. Raises ConflictError once it is resolved."""
    thread = _get_open(service, person, errand)
    return None if "reason" in errand.answers else Asking("reason", (SKIP,), read=read_text("reason"), shown=thread)


def resolve(service: PostgresService, person: Person, errand: Errand) -> Thread:
    """Note that it is answered, and tell the other side; who asked is asked how well."""
    thread = _get_open(service, person, errand)
    said = errand.answers["reason"]
    reason = None if said == SKIP.value else said
    question = service.questions.resolve(thread.question.question_id, actor=person, reason=reason)
    facts = {**_write_facts(question, person), "reason": reason}
    if not thread.is_own:
        service.outbox.add(question.employee_id, "question_resolved", facts)
    elif question.taken_by is not None:
        service.outbox.add(question.taken_by, "question_closed", facts)
    return get_thread(service, person, question.question_id)


def _get_open(service: PostgresService, person: Person, errand: Errand) -> Thread:
    thread = get_thread(service, person, read_subject(errand))
    if thread.question.state is QuestionState.RESOLVED:
        raise ConflictError(
            ErrorKey.QUESTION_STATE, field="question", value=thread.question.state, allowed="one that is open"
        )
    return thread


def _write_facts(question: Question, by: Person) -> dict[str, Any]:
    return {
        "question_id": question.question_id,
        "by": by.name,
        "shift_id": question.shift_id,
        "period_start": question.period_start.isoformat() if question.period_start is not None else None,
    }


_READ_MESSAGE = read_text("message", LONGEST_MESSAGE)
ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    OwnErrand.QUESTION: ErrandRules(Person.require_member, ask_text, ask),
    OwnErrand.REPLY: ErrandRules(Person.require_member, ask_reply, reply),
    OwnErrand.RESOLVE: ErrandRules(Person.require_member, ask_resolution, resolve),
}
