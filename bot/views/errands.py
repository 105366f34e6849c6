"""Errands as screens: the next question, or what came of it."""

from collections.abc import Mapping

from bot.errands import ErrandAsked, ErrandDone, ErrandKind
from bot.keyboards.errand import build_question
from bot.screen import Screen
from bot.views import (
    accounts,
    adjusting,
    corrections,
    days_off,
    held_bonuses,
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
from bot.views.errand_view import ErrandView
from bot.words import Html, Words
from payroll.business_time import BusinessZone

VIEWS: Mapping[ErrandKind, ErrandView] = {
    **corrections.ERRAND_VIEWS,
    **days_off.ERRAND_VIEWS,
    **questions.ERRAND_VIEWS,
    **refunds.ERRAND_VIEWS,
    **accounts.ERRAND_VIEWS,
    **adjusting.ERRAND_VIEWS,
    **staffing.ERRAND_VIEWS,
    **wages.ERRAND_VIEWS,
    **pay.ERRAND_VIEWS,
    **payday.ERRAND_VIEWS,
    **reports.ERRAND_VIEWS,
    **products.ERRAND_VIEWS,
    **rates.ERRAND_VIEWS,
    **pay_terms.ERRAND_VIEWS,
    **rank_table.ERRAND_VIEWS,
    **held_bonuses.ERRAND_VIEWS,
    **settings.ERRAND_VIEWS,
}
"""Every errand's, from its topic's view."""


def render_errand(
    words: Words, zone: BusinessZone, answered: ErrandAsked | ErrandDone, *, problem: Html | None = None
) -> Screen:
    """A question, or what came of the errand; `problem` says why the last answer was not taken."""
    view = VIEWS[answered.errand.kind]
    if isinstance(answered, ErrandDone):
        return view.done(words, zone, answered)
    errand, question = answered.errand, answered.question
    remark = words("form-tap") if answered.needs_tap else problem
    asked = view.ask(words, zone, errand, question)
    text = words.lines([remark, "" if remark else None, asked])
    screen = Screen(text, build_question(words, errand, question, view.home(errand), asked))
    return screen.with_toast(words.plain("toast-stale")) if answered.is_stale else screen
