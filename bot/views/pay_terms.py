"""The platform's cut and the basis of the day rate as screens, and what people read whose shifts are priced again."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import build_back
from bot.screen import Screen
from bot.views.amounts import format_pct
from bot.views.errand_view import ErrandView
from bot.views.settings import spell_value
from bot.views.touched import list_repriced, list_touched, tell_repriced
from bot.words import Html, Words
from payroll.business_time import BusinessZone, format_date
from payroll.repricing import PayTermsChange


def ask_pay_terms(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """The question, under what is in force; the last one shows which shifts are touched."""
    change: PayTermsChange = question.shown
    lines: list[str | None] = [words("pay-terms-title"), "", _describe(words, change)]
    if question.name == "since":
        return words.lines([*lines, "", words("ask-pay-terms-since")])
    touched = list_touched(words, change.touched, is_named=True, is_pay_shown=change.is_pay_shown)
    return words.lines([*lines, _say_since(words, change), *touched, "", words("terms-sure")])


def render_done(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """From when on they hold, and how many shifts were priced again."""
    change: PayTermsChange = done.outcome
    lines = [words("pay-terms-done"), "", _describe(words, change), _say_since(words, change)]
    lines += list_repriced(words, change.touched)
    return Screen(words.lines(lines), build_back(words, DeskButton(to=Desk.RATES)))


def render_pay_terms_changed(words: Words, payload: Mapping[str, Any]) -> Html:
    """What a person reads whose shifts were priced again."""
    told = words("notice-pay-terms-changed", since=format_date(date.fromisoformat(payload["since"])))
    return words.lines([told, tell_repriced(words, payload["repriced"], Decimal(payload["difference"]))])


def _describe(words: Words, change: PayTermsChange) -> Html:
    return words("pay-terms", cut=format_pct(change.cut_pct), basis=spell_value(words, change.basis))


def _say_since(words: Words, change: PayTermsChange) -> Html:
    return words("pay-terms-since", since=format_date(change.since))


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.PAY_TERMS: ErrandView(lambda _errand: DeskButton(to=Desk.RATES), render_done, ask_pay_terms)
}
NOTICES = {"pay_terms_changed": render_pay_terms_changed}
