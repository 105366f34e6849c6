"""The table of dynamic rates as screens, and how people read that it priced their shifts again."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from aiogram.filters.callback_data import CallbackData

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import build_back
from bot.keyboards.rates import ShowRate, build_rate, build_rates
from bot.screen import Screen
from bot.views.amounts import format_pct
from bot.views.errand_view import ErrandView
from bot.views.touched import list_repriced, list_touched, tell_repriced
from bot.words import Html, Words
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone, format_date
from payroll.repricing import RatesChange, RatesFrom
from payroll.tables import RateStep


def render_rates(words: Words, tables: Sequence[RatesFrom]) -> Screen:
    """The table in force, and those that are to come."""
    lines: list[str | None] = [
        words("rates-title"),
        "",
        words("rates-explained"),
        "",
        *_list_steps(words, tables[0].steps),
    ]
    for later in tables[1:]:
        lines += ["", words("rates-later", since=_day(later.since)), *_list_steps(words, later.steps)]
    text = words.lines([*lines, "", words("rates-hint")])
    return Screen(text, build_rates(words, tables), again=DeskButton(to=Desk.RATES).pack())


def render_rate(words: Words, step: RateStep) -> Screen:
    """A step of it."""
    return Screen(words.lines([words("rates-title"), "", _describe(words, step)]), build_rate(words, step.min_sales))


def ask_rate(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """The question, under what holds on the date that was said; the last one shows what changes and which shifts."""
    shown: RateStep | RatesFrom | RatesChange | None = question.shown
    lines: list[str | None] = [words("rates-title"), ""]
    match shown:
        case RatesChange():
            return words.lines([*lines, *_list_all(words, shown), "", words("terms-sure")])
        case RatesFrom():
            lines += [words("rates-since", since=_day(shown.since)), *_list_steps(words, shown.steps), ""]
        case RateStep():
            lines.append(_describe(words, shown))
    return words.lines([*lines, words(f"ask-rate-{question.name}")])


def render_done(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """The table as it is now, and how many shifts were priced again."""
    change: RatesChange = done.outcome
    lines: list[str | None] = [words("rates-done"), "", words("rates-since", since=_day(change.since))]
    lines += [*_list_steps(words, change.new), *_name_overtaking(words, change)]
    lines += list_repriced(words, change.touched)
    return Screen(words.lines(lines), build_back(words, DeskButton(to=Desk.RATES)))


def render_rates_changed(words: Words, payload: Mapping[str, Any]) -> Html:
    """What a person reads whose shifts were priced again."""
    told = words("notice-rates-changed", since=_day(date.fromisoformat(payload["since"])))
    return words.lines([told, tell_repriced(words, payload["repriced"], Decimal(payload["difference"]))])


def _list_all(words: Words, change: RatesChange) -> list[str | None]:
    return [
        words("rates-since", since=_day(change.since)),
        *_list_changes(words, change),
        *_name_overtaking(words, change),
        *list_touched(words, change.touched, is_named=True, is_pay_shown=change.is_pay_shown),
    ]


def _name_overtaking(words: Words, change: RatesChange) -> list[Html]:
    """The table that takes over later and was set before; what is changed now does not reach into it."""
    return [words("rates-overtaken", since=_day(change.overtaken_on))] if change.overtaken_on is not None else []


def _list_changes(words: Words, change: RatesChange) -> list[Html]:
    """The new table, with what is no more and what is new marked."""
    gone = [(one.min_sales, "rates-gone", one) for one in change.old if one not in change.new]
    held = [(one.min_sales, "rates-kept" if one in change.old else "rates-new", one) for one in change.new]
    shown = sorted([*gone, *held], key=lambda line: line[0])
    return [words(key, step=_describe(words, one)) for _, key, one in shown]


def _list_steps(words: Words, steps: Sequence[RateStep]) -> list[Html]:
    return [words("rates-kept", step=_describe(words, one)) for one in steps]


def _describe(words: Words, step: RateStep) -> Html:
    facts = {"start": format_amount(step.min_sales), "pct": format_pct(step.pct)}
    if step.max_sales is None:
        return words("rates-step-last", **facts)
    return words("rates-step", **facts, end=format_amount(step.max_sales))


def _day(day: date) -> str:
    return format_date(day)


def _go_home(errand: Errand) -> CallbackData:
    is_new = errand.kind is AdminErrand.RATE_ADD
    return DeskButton(to=Desk.RATES) if is_new else ShowRate(start=errand.subject)


_VIEW = ErrandView(_go_home, render_done, ask_rate)
ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.RATE_ADD: _VIEW,
    AdminErrand.RATE_FROM: _VIEW,
    AdminErrand.RATE_PCT: _VIEW,
    AdminErrand.RATE_REMOVE: _VIEW,
}
NOTICES = {"rates_changed": render_rates_changed}
