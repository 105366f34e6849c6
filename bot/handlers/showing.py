"""Where a dialogue stands, as a screen: shared by all that go on with one."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.errands import ErrandAsked, ErrandDone
from bot.forms import Kind
from bot.keyboards.errand import read_errand_button, show_errand
from bot.keyboards.form import read_form_button, show_form
from bot.left import Begun
from bot.screen import Screen
from bot.spoken import spell_day
from bot.use_cases.answering import Answered
from bot.use_cases.corrections import Requested
from bot.use_cases.dialogs import Asked, Saved
from bot.views import shift_form
from bot.views.corrections import render_requested
from bot.views.errands import render_errand
from bot.views.left import render_begun
from bot.words import Html, Words
from payroll.business_time import BusinessZone

Readings: TypeAlias = Sequence[tuple[date | str, str]]
"""What may be meant by what was typed, each with how it is typed so that it is plain."""
Anew: TypeAlias = Callable[..., CallbackData]
"""Makes the button data that begins a dialogue anew, `instead_of` the one whose id is given."""


def show(
    words: Words,
    zone: BusinessZone,
    answered: Answered | Begun,
    *,
    problem: Html | None = None,
    readings: Readings = (),
    anew: Anew | None = None,
) -> Screen:
    """A dialogue's next question, with the two readings of what was typed to it, or what came of it.

    Where one of its kind was begun before, it is asked whether to go on with that or to start `anew`.
    """
    if isinstance(answered, Begun):
        if anew is None:
            raise LookupError("what was begun is asked about only where another one can be")
        return render_begun(words, zone, answered, anew(instead_of=answered.left.draft_id))
    if isinstance(answered, ErrandDone | Requested | Saved):
        return replace(_tell(words, zone, answered), must_arrive=True)
    remark = _say_zone(words, zone, answered) or (words("form-resumed") if answered.is_resumed else problem)
    screen = _offer(words, _ask(words, zone, answered, remark), answered, readings)
    return replace(screen, draft_id=answered.draft_id, again=_show_again(answered))


def _say_zone(words: Words, zone: BusinessZone, asked: Asked | ErrandAsked) -> Html | None:
    """Why the times are asked for once more, where the business zone is another than when they were said."""
    if not isinstance(asked, Asked) or asked.zone_before is None:
        return None
    return words("form-zone-changed", old=asked.zone_before, new=zone.name)


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
        words,
        zone,
        asked.form,
        asked.catalogue,
        asked.stored,
        problem=remark,
        is_pay_shown=asked.is_pay_shown,
        now=asked.now,
        may_end_now=asked.may_end_now,
        may_withdraw=asked.may_withdraw,
    )
    return screen.with_toast(words.plain("toast-stale")) if asked.is_stale else screen


def _offer(words: Words, screen: Screen, asked: Asked | ErrandAsked, readings: Readings) -> Screen:
    """The readings as buttons above the others; any other answer can be given all the same."""
    if not readings or screen.keyboard is None:
        return screen
    labels = [(_spell(words, reading), typed) for reading, typed in readings]
    if isinstance(asked, ErrandAsked):
        row = [read_errand_button(asked.errand, label, typed) for label, typed in labels]
    else:
        row = [read_form_button(asked.form, label, typed) for label, typed in labels]
    return replace(screen, keyboard=InlineKeyboardMarkup(inline_keyboard=[row, *screen.keyboard.inline_keyboard]))


def _spell(words: Words, reading: date | str) -> str:
    return f"{spell_day(words, reading)} {reading.year}" if isinstance(reading, date) else reading


def _say_saved(words: Words, saved: Saved) -> str:
    if saved.change.after is None:
        return words.plain("toast-deleted")
    return words.plain("toast-saved" if saved.form.kind is Kind.NEW else "toast-corrected")


def _show_again(asked: Asked | ErrandAsked) -> str:
    if isinstance(asked, ErrandAsked):
        return show_errand(asked.errand)
    return show_form(asked.form)
