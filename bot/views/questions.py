"""Questions to the admins as screens and notices (SPEC 4.23)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.errands import Errand, ErrandDone, ErrandKind, OwnErrand, PeriodSubject, Question
from bot.keyboards.menu import MenuButton, Place, build_main_menu_only
from bot.keyboards.pay import ShowStatement
from bot.keyboards.questions import ShowQuestion, build_answering, build_rating, build_take, build_thread
from bot.keyboards.receipt import EditShift, ShowShift
from bot.screen import Screen
from bot.views.errand_view import ErrandView
from bot.words import Html, Words, clean_name, shorten
from payroll.business_time import BusinessZone, format_date
from payroll.questions import Thread

MOST_MESSAGES = 8
_LONGEST_SHOWN = 400

Payload = Mapping[str, Any]


def render_thread(words: Words, zone: BusinessZone, thread: Thread) -> Screen:
    """A question: what it is about, where it stands, and the newest of what was written."""
    again = ShowQuestion(question_id=thread.question.question_id).pack()
    return Screen(words.lines(_list_thread(words, zone, thread)), build_thread(words, thread), again=again)


def render_taken(words: Words, zone: BusinessZone, thread: Thread) -> Screen:
    """The notice of a question once somebody has taken it."""
    return Screen(words.lines(_list_thread(words, zone, thread)), build_thread(words, thread), lasts=True)


def render_rated(words: Words, thread: Thread) -> Screen:
    """Thanks for the stars."""
    stars = "⭐" * (thread.question.rating or 0)
    return Screen(words("question-thanks", stars=stars), build_main_menu_only(words), lasts=True)


def _list_thread(words: Words, zone: BusinessZone, thread: Thread) -> Iterator[Html | str]:
    question = thread.question
    yield words("question-title", name=clean_name(question.name), about=_spell_about(words, _write_about(thread)))
    for event in thread.events:
        facts = {"who": clean_name(event.actor), "at": zone.format(event.at)}
        yield words(f"question-event-{event.state}", **facts)
        if event.reason:
            yield words("question-reason", reason=event.reason)
    if question.rating is not None:
        yield words("question-stars", stars="⭐" * question.rating)
    yield ""
    shown = thread.messages[-MOST_MESSAGES:]
    if len(shown) < len(thread.messages):
        yield words("question-older", count=len(thread.messages) - len(shown))
    for message in shown:
        yield words("question-message", who=clean_name(message.author), text=shorten(message.text, _LONGEST_SHOWN))


def _write_about(thread: Thread) -> Payload:
    start = thread.question.period_start
    return {"shift_id": thread.question.shift_id, "period_start": start.isoformat() if start else None}


def _spell_about(words: Words, payload: Payload) -> Html:
    """What a question is about, after a name: nothing where it is about anything."""
    if payload["shift_id"] is not None:
        return words("question-about-shift", id=str(payload["shift_id"]))
    if payload["period_start"] is not None:
        return words("question-about-period", date=format_date(date.fromisoformat(payload["period_start"])))
    return words("question-about-anything")


def _ask_text(words: Words, _zone: BusinessZone, errand: Errand, question: Question) -> Html:
    if errand.subject.startswith("w"):
        return words("ask-withdrawal-text", id=str(question.shown["shift_id"]))
    about = {"shift_id": None, "period_start": None, **question.shown}
    if about["period_start"] is not None:
        about["period_start"] = about["period_start"].isoformat()
    return words("ask-question-text", about=_spell_about(words, about))


def _ask_in_thread(words: Words, zone: BusinessZone, errand: Errand, question: Question) -> Html:
    asked = words(f"ask-{errand.kind}-{question.name}")
    return words.lines([*_list_thread(words, zone, question.shown), "", asked])


def _render_asked(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    return Screen(words("question-asked"), build_thread(words, done.outcome))


def _render_sent(words: Words, zone: BusinessZone, done: ErrandDone) -> Screen:
    return render_thread(words, zone, done.outcome)


def _render_resolved(words: Words, zone: BusinessZone, done: ErrandDone) -> Screen:
    thread: Thread = done.outcome
    if not thread.is_own:
        return render_thread(words, zone, thread)
    if not thread.is_answered:
        return Screen(words("question-closed"), build_thread(words, thread))
    return Screen(words("question-rate"), build_rating(words, thread.question.question_id))


def _go_home(errand: Errand) -> CallbackData:
    """Where the question was asked: the shift, the statement, or the list of what one has asked."""
    kind, subject = errand.subject[:1], errand.subject[1:]
    if kind == "w":
        return EditShift(shift_id=int(subject))
    if kind == "s":
        return ShowShift(shift_id=int(subject))
    if kind == "p":
        period = PeriodSubject.load(subject)
        return ShowStatement(start=period.start.toordinal(), employee_id=period.employee_id or 0)
    return MenuButton(to=Place.REQUESTS)


def _go_to_thread(errand: Errand) -> CallbackData:
    return ShowQuestion(question_id=int(errand.subject))


def _tell(key: str, *, with_text: bool = False) -> Callable[[Words, Payload], Html]:
    def render(words: Words, payload: Payload) -> Html:
        told = words(key, who=clean_name(payload["by"]), about=_spell_about(words, payload))
        said = payload["text"] if with_text else payload.get("reason")
        return words.lines([told, *(["", words("question-said", text=said)] if said else [])])

    return render


def _tell_asked(words: Words, payload: Payload) -> Html:
    if not payload.get("is_withdrawal"):
        return _tell("notice-question-asked", with_text=True)(words, payload)
    told = words("notice-withdrawal-asked", who=clean_name(payload["by"]), id=str(payload["shift_id"]))
    return words.lines([told, "", words("question-said", text=payload["text"])])


def _offer_taking(words: Words, payload: Payload) -> InlineKeyboardMarkup:
    refunded = payload["shift_id"] if payload.get("is_withdrawal") else None
    return build_take(words, payload["question_id"], payload["by"], refunded_shift=refunded)


def _render_rating(words: Words, payload: Payload) -> Html:
    facts = {"who": clean_name(payload["by"]), "about": _spell_about(words, payload)}
    return words("notice-question-rated", **facts, stars="⭐" * payload["rating"])


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    OwnErrand.QUESTION: ErrandView(home=_go_home, done=_render_asked, ask=_ask_text),
    OwnErrand.REPLY: ErrandView(home=_go_to_thread, done=_render_sent, ask=_ask_in_thread),
    OwnErrand.RESOLVE: ErrandView(home=_go_to_thread, done=_render_resolved, ask=_ask_in_thread),
}
NOTICES: Mapping[str, Callable[[Words, Payload], Html]] = {
    "question_asked": _tell_asked,
    "question_taken": _tell("notice-question-taken"),
    "question_message": _tell("notice-question-message", with_text=True),
    "question_resolved": _tell("notice-question-resolved"),
    "question_closed": _tell("notice-question-closed"),
    "question_rated": _render_rating,
}
NOTICE_KEYBOARDS: Mapping[str, Callable[[Words, Payload], InlineKeyboardMarkup]] = {
    "question_asked": _offer_taking,
    "question_taken": lambda words, payload: build_answering(words, payload["question_id"]),
    "question_message": lambda words, payload: build_answering(words, payload["question_id"]),
    "question_resolved": lambda words, payload: build_rating(words, payload["question_id"]),
    "question_closed": lambda words, _payload: build_main_menu_only(words),
    "question_rated": lambda words, _payload: build_main_menu_only(words),
}
