"""Changing a wage or a base rate, as screens, and how the person reads of it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.errand import build_back
from bot.keyboards.member import go_to_member
from bot.screen import Screen
from bot.views.errand_view import ErrandView
from bot.views.receipt import format_pct
from bot.views.touched import list_repriced, list_touched, tell_repriced
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone
from payroll.staff import TermsChange


def ask_terms(words: Words, _zone: BusinessZone, errand: Errand, question: Question) -> Html:
    """The question, under what is known of the change; the last one shows the shifts that it touches."""
    change: TermsChange = question.shown
    name = clean_name(change.person.name)
    title = words(f"terms-title-{errand.kind}", name=name)
    if question.name != "sure":
        now = _spell(words, errand.kind, change.old)
        asked = words(f"ask-{errand.kind}-{question.name}", now=now, new=_spell(words, errand.kind, change.new))
        return words.lines([title, "", asked])
    return words.lines(
        [
            title,
            "",
            _spell_change(words, errand.kind, change),
            *([words("terms-overtaken", now=_spell(words, errand.kind, change.old))] if change.is_overtaken else []),
            *list_touched(words, change.touched),
            "",
            words("terms-sure"),
        ]
    )


def render_done(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """What it is now, and which shifts were priced again."""
    change: TermsChange = done.outcome
    kind = done.errand.kind
    lines = [
        words(f"terms-done-{kind}", name=clean_name(change.person.name)),
        "",
        _spell_change(words, kind, change),
        *list_repriced(words, change.touched),
    ]
    return Screen(words.lines(lines), build_back(words, go_to_member(done.errand)))


def render_terms_changed(words: Words, payload: Mapping[str, Any]) -> Html:
    """What the person reads: what they are paid from when on, and what that changed on their shifts."""
    kind = payload["what"]
    new = _spell(words, kind, Decimal(payload["new"]))
    since = date.fromisoformat(payload["since"])
    told = words(f"notice-terms-{kind}", new=new, since=f"{since:%Y/%m/%d}")
    if not payload["repriced"]:
        return told
    return words.lines([told, tell_repriced(words, payload["repriced"], Decimal(payload["difference"]))])


def _spell(words: Words, kind: ErrandKind | str, value: Decimal) -> Html:
    if kind == AdminErrand.WAGE:
        return words("terms-wage", amount=format_amount(value))
    return words("terms-base", pct=format_pct(value))


def _spell_change(words: Words, kind: ErrandKind, change: TermsChange) -> Html:
    old, new = _spell(words, kind, change.old), _spell(words, kind, change.new)
    return words("terms-change", old=old, new=new, since=f"{change.since:%Y/%m/%d}")


_VIEW = ErrandView(go_to_member, render_done, ask_terms)
ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {AdminErrand.WAGE: _VIEW, AdminErrand.BASE_RATE: _VIEW}
NOTICES = {"terms_changed": render_terms_changed}
