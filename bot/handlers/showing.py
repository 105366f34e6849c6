"""Where a dialogue stands, as a screen: shared by all that go on with one."""

from dataclasses import replace

from bot.errands import ErrandAsked, ErrandDone
from bot.forms import Kind
from bot.keyboards.errand import show_errand
from bot.keyboards.form import show_form
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
    if isinstance(answered, ErrandDone | Requested | Saved):
        return replace(_tell(words, zone, answered), must_arrive=True)
    remark = words("form-resumed") if answered.is_resumed else problem
    screen = _ask(words, zone, answered, remark)
    return replace(screen, draft_id=answered.draft_id, again=_show_again(answered))


def _tell(words: Words, zone: BusinessZone, done: ErrandDone | Requested | Saved) -> Screen:
    if isinstance(done, ErrandDone):
        return render_errand(words, zone, done)
    if isinstance(done, Requested):
        return render_requested(words, done.facts, may_decide=done.may_decide)
    screen = shift_form.render_saved(
        words, zone, done.form, done.change, done.catalogue, done.origins, is_pay_shown=done.is_pay_shown
    )
    return screen.with_toast(_say_saved(words, done))


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


def _show_again(asked: Asked | ErrandAsked) -> str:
    if isinstance(asked, ErrandAsked):
        return show_errand(asked.errand)
    return show_form(asked.form)
