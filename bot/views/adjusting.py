"""A bonus or a deduction by hand, as screens, and how the person reads of it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.errand import build_back
from bot.keyboards.member import go_to_member
from bot.screen import Screen
from bot.views.amounts import spell_balance
from bot.views.errand_view import ErrandView
from bot.words import Html, Words, clean_name
from payroll.adjustments import BookedAdjustment
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone


def ask_adjustment(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """Given or taken, how much, why; and all of it before it is booked."""
    known: BookedAdjustment = question.shown
    if question.name == "kind":
        return words("ask-adjust-kind", name=clean_name(known.person.name))
    if question.name == "sure":
        return words.lines([*_describe(words, known), "", words("terms-sure")])
    title = words(f"adjust-title-{known.kind}", name=clean_name(known.person.name))
    asked = words(f"ask-adjust-{question.name}", amount=format_amount(known.amount))
    return words.lines([title, "", asked])


def render_adjusted(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """What was booked."""
    lines = [words("done-adjust"), "", *_describe(words, done.outcome)]
    return Screen(words.lines(lines), build_back(words, go_to_member(done.errand)))


def render_notice(words: Words, payload: Mapping[str, Any]) -> Html:
    """What the person reads of it."""
    amount, balance = format_amount(Decimal(payload["amount"])), spell_balance(Decimal(payload["balance"]))
    return words.lines(
        [
            words(f"notice-adjust-{payload['kind']}", amount=amount),
            words("adjust-reason", reason=payload["reason"]),
            words("notice-adjust-balance", balance=balance),
        ]
    )


def _describe(words: Words, known: BookedAdjustment) -> list[Html]:
    lines = [
        words(f"adjust-{known.kind}", name=clean_name(known.person.name), amount=format_amount(known.amount)),
        words("adjust-reason", reason=known.reason),
    ]
    if known.balance is None or known.balance_after is None:
        return lines
    change = words("changed", old=spell_balance(known.balance), new=spell_balance(known.balance_after))
    return [*lines, words("adjust-balance", balance=change)]


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.ADJUST: ErrandView(go_to_member, render_adjusted, ask_adjustment)
}
NOTICES = {"adjusted": render_notice}
