"""Where a dialogue stands, as a screen: shared by all that go on with one."""

from bot.errands import ErrandAsked, ErrandDone
from bot.forms import Kind
from bot.screen import Screen
from bot.use_cases.answering import Answered
from bot.use_cases.corrections import Requested
from bot.use_cases.dialogs import Saved
from bot.views import shift_form
from bot.views.corrections import render_requested
from bot.views.errands import render_errand
from bot.words import Html, Words
from payroll.business_time import BusinessZone


def show(words: Words, zone: BusinessZone, answered: Answered, *, problem: Html | None = None) -> Screen:
    """A dialogue's next question, or what came of it."""
    if isinstance(answered, ErrandAsked | ErrandDone):
        return render_errand(words, zone, answered, problem=problem)
    if isinstance(answered, Requested):
        return render_requested(words, answered.facts)
    if isinstance(answered, Saved):
        screen = shift_form.render_saved(words, zone, answered.form, answered.change, answered.catalogue)
        return screen.with_toast(_say_saved(words, answered))
    remark = words("form-tap") if answered.needs_tap else problem
    screen = shift_form.render_form(words, zone, answered.form, answered.catalogue, answered.stored, problem=remark)
    return screen.with_toast(words.plain("toast-stale")) if answered.is_stale else screen


def _say_saved(words: Words, saved: Saved) -> str:
    if saved.change.after is None:
        return words.plain("toast-deleted")
    return words.plain("toast-saved" if saved.form.kind is Kind.NEW else "toast-corrected")
