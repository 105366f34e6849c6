"""Where a dialogue stands, as a screen: shared by all that go on with one."""

from dataclasses import replace

from bot.errands import ErrandAsked, ErrandDone
from bot.forms import Kind
from bot.screen import Screen
from bot.use_cases.answering import Answered
from bot.use_cases.corrections import Requested
from bot.use_cases.dialogs import Asked, Saved
from bot.views import shift_form
from bot.views.corrections import render_requested
from bot.views.errands import render_errand
from bot.words import Html, Words
from payroll.business_time import BusinessZone


def show(words: Words, zone: BusinessZone, answered: Answered, *, problem: Html | None = None) -> Screen:
    """A dialogue's next question, or what came of it."""
    if isinstance(answered, ErrandDone):
        return render_errand(words, zone, answered)
    if isinstance(answered, Requested):
        return render_requested(words, answered.facts, may_decide=answered.may_decide)
    if isinstance(answered, Saved):
        screen = shift_form.render_saved(
            words, zone, answered.form, answered.change, answered.catalogue, is_pay_shown=answered.is_pay_shown
        )
        return screen.with_toast(_say_saved(words, answered))
    remark = words("form-resumed") if answered.is_resumed else problem
    return replace(_ask(words, zone, answered, remark), draft_id=answered.draft_id)


def _ask(words: Words, zone: BusinessZone, asked: Asked | ErrandAsked, problem: Html | None) -> Screen:
    if isinstance(asked, ErrandAsked):
        return render_errand(words, zone, asked, problem=problem)
    remark = words("form-tap") if asked.needs_tap else problem
    screen = shift_form.render_form(
        words, zone, asked.form, asked.catalogue, asked.stored, problem=remark, is_pay_shown=asked.is_pay_shown
    )
    return screen.with_toast(words.plain("toast-stale")) if asked.is_stale else screen


def _say_saved(words: Words, saved: Saved) -> str:
    if saved.change.after is None:
        return words.plain("toast-deleted")
    return words.plain("toast-saved" if saved.form.kind is Kind.NEW else "toast-corrected")
