"""Changing a wage or a base rate, as screens, and how the person reads of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.errand import build_back
from bot.keyboards.member import go_to_member
from bot.screen import Screen
from bot.views.amounts import format_pct
from bot.views.errand_view import ErrandView
from bot.views.touched import list_repriced, list_touched, tell_repriced
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone, format_date
from payroll.staff import PlannedTerms, PlanWithdrawn, TermsChange


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
            *_list_planned(words, change),
            "",
            words("terms-sure"),
        ]
    )


def render_done(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """What it is now, and which shifts were priced again."""
    change: TermsChange = done.outcome
    kind = done.errand.kind
    name, since = clean_name(change.person.name), format_date(change.since)
    done_key = f"terms-done-{kind}"
    lines = [
        words(f"{done_key}-later", name=name, since=since) if change.is_to_come else words(done_key, name=name),
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
    told = words(f"notice-terms-{kind}", new=new, since=format_date(since))
    if not payload["repriced"]:
        return told
    return words.lines([told, tell_repriced(words, payload["repriced"], Decimal(payload["difference"]))])


def describe_plan(words: Words, plan: PlannedTerms) -> Html:
    """A wage and a base rate that are to come."""
    return words("member-planned", **_spell_plan(plan))


def ask_withdrawing(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """Which of those to come; the last question shows what holds without it."""
    if question.name == "sure":
        withdrawn: PlanWithdrawn = question.shown
        asked = words("ask-unplan-sure", name=clean_name(withdrawn.person.name))
        return words.lines([asked, *_list_withdrawn(words, withdrawn), "", words("terms-sure")])
    person, planned = question.shown
    asked = words("ask-unplan-since", name=clean_name(person.name))
    return words.lines([asked, *(describe_plan(words, one) for one in planned)])


def render_withdrawn(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """What does not come, and what holds without it."""
    withdrawn: PlanWithdrawn = done.outcome
    title = words("done-unplan", name=clean_name(withdrawn.person.name))
    lines = [title, *_list_withdrawn(words, withdrawn)]
    return Screen(words.lines(lines), build_back(words, go_to_member(done.errand)))


def render_terms_withdrawn(words: Words, payload: Mapping[str, Any]) -> Html:
    """What the person reads who was told of it: that it does not come, and what they are paid."""
    wage, base = Decimal(payload["wage"]), Decimal(payload["base"])
    since = date.fromisoformat(payload["since"])
    return words("notice-unplanned", since=format_date(since), wage=format_amount(wage), base=format_pct(base))


def _list_planned(words: Words, change: TermsChange) -> list[str | None]:
    if not change.planned:
        return []
    return ["", words("terms-planned"), *(describe_plan(words, one) for one in change.planned)]


def _list_withdrawn(words: Words, withdrawn: PlanWithdrawn) -> list[Html]:
    then = replace(withdrawn.plan, hourly_wage=withdrawn.hourly_wage, base_pct=withdrawn.base_pct)
    gone = words("unplan-gone", plan=describe_plan(words, withdrawn.plan))
    return [gone, words("unplan-then", **_spell_plan(then))]


def _spell_plan(plan: PlannedTerms) -> dict[str, str]:
    return {
        "since": format_date(plan.since),
        "wage": format_amount(plan.hourly_wage),
        "base": format_pct(plan.base_pct),
    }


def _spell(words: Words, kind: ErrandKind | str, value: Decimal) -> Html:
    if kind == AdminErrand.WAGE:
        return words("terms-wage", amount=format_amount(value))
    return words("terms-base", pct=format_pct(value))


def _spell_change(words: Words, kind: ErrandKind, change: TermsChange) -> Html:
    old, new = _spell(words, kind, change.old), _spell(words, kind, change.new)
    return words("terms-change", old=old, new=new, since=format_date(change.since))


_VIEW = ErrandView(go_to_member, render_done, ask_terms)
ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.WAGE: _VIEW,
    AdminErrand.BASE_RATE: _VIEW,
    AdminErrand.UNPLAN: ErrandView(go_to_member, render_withdrawn, ask_withdrawing),
}
NOTICES = {"terms_changed": render_terms_changed, "terms_withdrawn": render_terms_withdrawn}
