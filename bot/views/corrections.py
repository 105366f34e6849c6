"""Requests to correct what is closed: as they are asked for, decided, and told (SPEC 4.19, PAYROLL D32, D33)."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aiogram.types import InlineKeyboardMarkup

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import build_back
from bot.keyboards.menu import MenuButton, Place, build_main_menu_only
from bot.keyboards.requests import Matter, ShowMatter, ShowOwnCorrection, build_correction
from bot.screen import Screen
from bot.views.errand_view import ErrandView
from bot.views.errors import render_sentence
from bot.views.gifts import list_gifts
from bot.views.months import spell_month
from bot.views.moved import list_moved, load_kept
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone
from payroll.correction_requests import CorrectionRequest, CorrectionState
from payroll.errors import DomainError
from payroll.standing import LedgerLine

Facts = Mapping[str, Any]


def render_requested(words: Words, facts: Facts, *, may_decide: bool) -> Screen:
    """What the person reads who has asked; an admin who may decide it themselves has it before them at once."""
    if may_decide:
        text = words.lines([render_request(words, facts), "", words("correction-yours")])
        return Screen(text, build_correction(words, facts, is_listed=True))
    text = words.lines([words("correction-asked"), "", *list_facts(words, facts)])
    return Screen(text, build_main_menu_only(words), lasts=True)


def render_correction(
    words: Words, request: CorrectionRequest, facts: Facts, admin: str | None, trouble: DomainError | None
) -> Screen:
    """A request in the list of what waits, with why it can no longer be; by whom it was decided, where it is."""
    if request.state is not CorrectionState.OPEN:
        return render_decision(words, request, facts, admin)
    problem = [] if trouble is None else ["", words("correction-trouble", why=render_sentence(words, trouble))]
    text = words.lines([render_request(words, facts), *problem])
    again = ShowMatter(matter=Matter.CORRECTION, number=request.correction_id).pack()
    return Screen(text, build_correction(words, facts, is_listed=True), again=again)


def render_own_correction(
    words: Words, zone: BusinessZone, request: CorrectionRequest, facts: Facts, admin: str | None
) -> Screen:
    """A request of one's own: where it stands, since when, and all that was asked for."""
    head = words("correction-waits")
    if request.state is not CorrectionState.OPEN:
        head = words(f"correction-by-{request.state}", admin=clean_name(admin or ""))
    decision = words("correction-reason", reason=request.decision) if request.decision else None
    asked = words("correction-asked-at", who=clean_name(request.asked_by), at=zone.format(request.requested_at))
    text = words.lines([head, decision, asked, "", *list_facts(words, facts)])
    again = ShowOwnCorrection(correction_id=request.correction_id).pack()
    return Screen(text, build_back(words, MenuButton(to=Place.REQUESTS)), again=again)


def render_decision(
    words: Words, request: CorrectionRequest, facts: Facts, admin: str | None, lines: tuple[LedgerLine, ...] = ()
) -> Screen:
    """A request that is decided, by whom, and what was booked for it."""
    head = words(f"correction-by-{request.state}", admin=clean_name(admin or ""))
    decision = words("correction-reason", reason=request.decision) if request.decision else None
    booked = [(line.ref.rpartition(":")[2], line.units if line.direction == "credit" else -line.units)
              for line in lines]  # fmt: skip
    text = words.lines([head, decision, "", render_request(words, facts), *_list_booked(words, booked)])
    return Screen(text, build_back(words, DeskButton(to=Desk.REQUESTS)), lasts=True)


def render_request(words: Words, facts: Facts) -> Html:
    """Who wants what to be corrected, old → new, why, and what it would cost: what an admin decides by."""
    outlook = [*_list_booking(words, facts), *_list_ranks(words, facts), *_list_kept(words, facts)]
    return words.lines([_title(words, facts), "", *list_facts(words, facts), *outlook])


def render_decided(words: Words, facts: Facts) -> Html:
    """What is told about a request: to the person whose shift it is, or to the admin who asked for them."""
    head = _say_decided(words, facts)
    decision = words("correction-reason", reason=facts["decision"]) if facts.get("decision") else None
    booked = [(shift_id, Decimal(amount)) for shift_id, amount in facts.get("booked", [])]
    rest = [*_list_ranks(words, facts), *_list_kept(words, facts)]
    return words.lines([head, decision, "", *list_facts(words, facts), *_list_booked(words, booked), *rest])


def list_facts(words: Words, facts: Facts) -> Iterator[Html]:
    """The shift as it is and as it is wanted, and why; one that is taken out by now has nothing to show."""
    old, new = facts["old"], facts["new"]
    if facts["shift_id"] is not None:
        yield words(f"correction-{facts['kind']}", id=str(facts["shift_id"]))
    if facts["made"] is not None and new is None:
        yield words("correction-made", made=format_amount(Decimal(facts["made"])))
    if new is not None or old is not None:
        for key in ("start", "end"):
            yield words(f"receipt-{key}", at=_change(words, old and old[key], (new or old)[key]))
        yield from _list_products(words, old, new)
    yield words("correction-why", reason=facts["reason"])


def _say_decided(words: Words, facts: Facts) -> Html:
    """Nobody reads of a request as theirs that an admin made for them."""
    by, admin = facts.get("by"), clean_name(facts.get("admin", ""))
    if facts.get("is_to_asker"):
        told = words(f"notice-correction-for-{facts['state']}", name=clean_name(facts["name"]))
        return words.lines([told, words(f"correction-by-{facts['state']}", admin=admin)])
    if by is None:
        return words(f"notice-correction-{facts['state']}")
    told = words(f"notice-corrected-{facts['kind']}", by=clean_name(by))
    return words.lines([told, words("correction-by-approved", admin=admin) if facts["admin"] != by else None])


def _title(words: Words, facts: Facts) -> Html:
    if facts.get("by") is not None:
        return words(f"correction-for-{facts['kind']}", by=clean_name(facts["by"]), name=clean_name(facts["name"]))
    return words(f"correction-title-{facts['kind']}", name=clean_name(facts["name"]))


def _list_products(words: Words, old: Facts | None, new: Facts | None) -> Iterator[Html]:
    before, after = (old or {}).get("products", {}), (new or old or {}).get("products", {})
    for product in {**before, **after}:
        then = format_amount(Decimal(before.get(product, "0"))) if old is not None else None
        yield words(
            "receipt-product",
            product=product,
            amount=_change(words, then, format_amount(Decimal(after.get(product, "0")))),
        )
    if not before and not after:
        yield words("receipt-no-sales")


def _change(words: Words, then: str | None, now: str) -> Html:
    return words.lines([now]) if then in (None, now) else words("changed", old=str(then), new=now)


def _list_booking(words: Words, facts: Facts) -> Iterator[Html | str]:
    """What an approval would book; nothing where that is not to be seen."""
    if facts.get("booking") is None:
        return
    yield ""
    yield words("correction-would-book" if facts["booking"] else "correction-would-book-nothing")
    yield from _list_amounts(words, [(shift_id, Decimal(amount)) for shift_id, amount in facts["booking"]])


def _list_ranks(words: Words, facts: Facts) -> Iterator[Html]:
    """The rank that is lost or reached by it, and the bonuses that go and come back with that."""
    for one in facts.get("ranks", []):
        month = spell_month(words, date.fromisoformat(one["month"]))
        if one["previous"] != one["rank"]:
            yield words("correction-rank", month=month, old=one["previous"], new=one["rank"])
        for key in ("withdrawn", "returned"):
            if one[key]:
                yield words(f"correction-rank-{key}", bonuses=list_gifts(words, one[key]))


def _list_kept(words: Words, facts: Facts) -> list[Html | str]:
    """The shifts that keep their rate because of a refund."""
    return list_moved(words, (), load_kept(facts.get("kept", ())))


def _list_booked(words: Words, booked: list[tuple[str, Decimal]]) -> Iterator[Html | str]:
    if booked:
        yield ""
        yield words("correction-booked")
    yield from _list_amounts(words, booked)


def _list_amounts(words: Words, booked: list[tuple[str, Decimal]]) -> Iterator[Html]:
    for shift_id, amount in booked:
        key = "correction-line-less" if amount < 0 else "correction-line-more"
        yield words(key, id=shift_id, amount=format_amount(abs(amount)))


def _ask_refusal(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    reader = question.shown["reader"]
    asked = words("ask-fix-no-reason", name=clean_name(reader)) if reader else words("ask-fix-no-own-reason")
    return words.lines([render_request(words, question.shown), "", asked])


def _go_home(errand: Errand) -> ShowMatter:
    return ShowMatter(matter=Matter.CORRECTION, number=int(errand.subject))


def _render_refused(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    decision = done.outcome
    return render_decision(words, decision.request, decision.facts, decision.admin)


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.REFUSE_CORRECTION: ErrandView(home=_go_home, done=_render_refused, ask=_ask_refusal),
}
NOTICES: Mapping[str, Callable[[Words, Facts], Html]] = {
    "correction_requested": render_request,
    "correction_decided": render_decided,
}
NOTICE_KEYBOARDS: Mapping[str, Callable[[Words, Facts], InlineKeyboardMarkup]] = {
    "correction_requested": build_correction,
    "correction_decided": lambda words, _facts: build_main_menu_only(words),
}
