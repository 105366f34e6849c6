"""A tap on an errand, or a text typed to it: one answer, in one transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.errands import Errand, ErrandAct, ErrandAsked, ErrandDone, ErrandKind, Question, is_errand
from bot.left import Begun
from bot.use_cases import (
    accounts,
    adjusting,
    corrections,
    days_off,
    held_bonuses,
    left,
    pay,
    pay_terms,
    payday,
    products,
    questions,
    rank_table,
    rates,
    refunds,
    reports,
    settings,
    staffing,
    wages,
)
from bot.use_cases.deciders import hold_books
from bot.use_cases.errand_rules import SURE, ErrandRules
from payroll.people import Person
from postgres_service import PostgresService
from repository.drafts import Draft, refuse_closed

RULES: Mapping[ErrandKind, ErrandRules] = {
    **corrections.ERRANDS,
    **days_off.ERRANDS,
    **questions.ERRANDS,
    **refunds.ERRANDS,
    **accounts.ERRANDS,
    **adjusting.ERRANDS,
    **staffing.ERRANDS,
    **wages.ERRANDS,
    **pay.ERRANDS,
    **payday.ERRANDS,
    **reports.ERRANDS,
    **products.ERRANDS,
    **rates.ERRANDS,
    **pay_terms.ERRANDS,
    **rank_table.ERRANDS,
    **held_bonuses.ERRANDS,
    **settings.ERRANDS,
}
"""Every errand, from its topic's use case."""

BEGINNING = "asked"
"""The step of an errand before its first question is known; from then on it is the question's name."""
Answered = ErrandAsked | ErrandDone


@dataclass(frozen=True, slots=True)
class TakenUp:
    """An errand whose button was tapped, with its question as it is now."""

    draft: Draft
    asked: ErrandAsked


def begin(
    service: PostgresService, person: Person, kind: ErrandKind, subject: str, instead_of: str | None = None
) -> Answered | Begun:
    """Ask the first question.

    An errand of that kind in which something was answered is asked about first, but where it is `instead_of`. Raises
    ForbiddenError, and whatever else the errand is refused with.
    """
    person.require_member()
    RULES[kind].require(person)
    with service.transaction():
        errand = Errand(kind, subject=subject)
        begun = left.find_begun(service, person, errand, instead_of=instead_of)
        if begun is not None:
            return Begun(begun)
        draft = service.drafts.open(person.employee_id, kind, BEGINNING, errand.dump())
        return _go_on(service, person, draft, left.load_errand(draft))


def take_up(service: PostgresService, person: Person, draft_id: str, revision: int) -> TakenUp:
    """The errand of a button, with its question as it is now; stale where the button is of an older one.

    At the last question the books are held: what is shown is what a yes does. Raises ConflictError for an errand that
    is over, and what its question is refused with.
    """
    person.require_member()
    draft = service.drafts.find(draft_id, person.employee_id)
    if draft is None or not draft.is_open or not is_errand(draft.kind):
        raise refuse_closed(draft_id, draft)
    if draft.step == SURE:
        hold_books(service, person)
    return TakenUp(draft, replace(show(service, person, left.load_errand(draft)), is_stale=draft.revision != revision))


def press(service: PostgresService, person: Person, taken: TakenUp, act: ErrandAct, value: str) -> Answered:
    """Answer an errand that was taken up in this transaction by a button.

    An answer that is not offered changes nothing and shows where one is. Raises whatever the answer is refused with;
    the errand then stays as it is.
    """
    person.require_member()
    with service.transaction():
        step = _STEPS[act](taken.asked.errand, taken.asked.question, value)
        if step is None:
            return replace(taken.asked, is_stale=True)
        return _go_on(service, person, taken.draft, step)


def type_text(service: PostgresService, person: Person, draft: Draft, message_id: int, text: str) -> Answered:
    """Answer an open errand by a text.

    A text where only buttons answer, or one that was taken before and is delivered again (TECH T20), changes nothing
    and shows where one is.
    """
    errand = left.load_errand(draft)
    asked = show(service, person, errand)
    if message_id in errand.texts:
        return asked
    if asked.question.read is None:
        return replace(asked, needs_tap=True)
    kept = asked.question.read(text)
    answered = errand.answer(asked.question.name, kept)
    return _go_on(service, person, draft, replace(answered, texts=(*errand.texts, message_id)))


def show(service: PostgresService, person: Person, errand: Errand) -> ErrandAsked:
    """An open errand's question as it is now. Raises ForbiddenError for who may not have it done any more."""
    RULES[errand.kind].require(person)
    question = RULES[errand.kind].ask(service, person, errand)
    if question is None:
        raise LookupError(f"{errand.kind}: everything is answered, yet it was not done")
    return ErrandAsked(errand, question)


def _go_on(service: PostgresService, person: Person, draft: Draft, errand: Errand) -> Answered:
    rules = RULES[errand.kind]
    rules.require(person)
    question = rules.ask(service, person, errand)
    if question is not None:
        moved = service.drafts.move(draft, question.name, errand.dump())
        return ErrandAsked(replace(errand, revision=moved.revision), question)
    # First the one conditional update: of any number of taps at once one gets past it.
    service.drafts.close(draft)
    return ErrandDone(errand, rules.do(service, person, errand))


def _answer(errand: Errand, question: Question, value: str) -> Errand | None:
    is_offered = bool(value) and value in [choice.value for choice in question.choices]
    return errand.answer(question.name, value) if is_offered else None


def _read_as(errand: Errand, question: Question, value: str) -> Errand | None:
    """One of two readings of what was typed, as it is typed so that it is plain."""
    return errand.answer(question.name, question.read(value)) if question.read is not None else None


def _go_back(errand: Errand, _question: Question, _value: str) -> Errand | None:
    return errand.go_back()


def _turn(errand: Errand, question: Question, value: str) -> Errand | None:
    is_page = value.isascii() and value.isdigit() and int(value) < question.page_count
    return replace(errand, page=int(value)) if is_page else None


_STEPS: Mapping[ErrandAct, Callable[[Errand, Question, str], Errand | None]] = {
    ErrandAct.ANSWER: _answer,
    ErrandAct.READ: _read_as,
    ErrandAct.BACK: _go_back,
    ErrandAct.TURN: _turn,
}
