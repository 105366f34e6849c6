"""Closing, opening again, paying and reminding, as screens, and what people are told of it (SPEC 4.17 to 4.22)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, PeriodSubject, Question
from bot.keyboards.errand import build_back
from bot.keyboards.pay import build_confirming, list_statement_buttons
from bot.keyboards.periods import show_period, show_person_period
from bot.screen import Screen
from bot.spoken import spell_day
from bot.views.amounts import spell_balance
from bot.views.due import spell_difference
from bot.views.errand_view import ErrandView
from bot.views.periods import name_dates, spell_confirmation
from bot.views.statement_lines import clean_text
from bot.views.statements import render_statement
from bot.words import Html, Words, clean_name
from payroll.business_time import BusinessZone, format_date
from payroll.held_bonuses import HeldBonus
from payroll.pay_periods import PayPeriod
from payroll.periods import CloseReport, Due, LeftOut, PayoutReport, PersonPeriod

Payload = Mapping[str, Any]


def find_home(errand: Errand) -> CallbackData:
    """The page that an errand was begun from."""
    subject = PeriodSubject.load(errand.subject)
    if subject.employee_id is None:
        return show_period(subject.start)
    return show_person_period(subject.start, subject.employee_id)


def _end(words: Words, done: ErrandDone, *lines: str | None) -> Screen:
    return Screen(words.lines(lines), build_back(words, find_home(done.errand)))


# --- closing ---------------------------------------------------------------------------------------------------------


def _ask_close(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    report: CloseReport = question.shown
    sure = words("close-sure", count=len(report.closed)) if report.closed else words("close-nothing")
    return words.lines([*_list_close(words, report), "", sure])


def _show_closed(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    report: CloseReport = done.outcome
    end = _spell_told(words, report) if report.closed else words("close-late")
    return _end(words, done, *_list_close(words, report), "", end)


def _spell_told(words: Words, report: CloseReport) -> Html:
    told = len(report.list_told())
    is_all = told == len(report.closed)
    statements = words("close-told-all") if is_all else words("close-told-some", count=told)
    return words("close-done", count=len(report.closed), told=statements)


def _list_close(words: Words, report: CloseReport) -> list[str | None]:
    lines: list[str | None] = [words("close-title", **name_dates(report.period)), ""]
    lines += [_describe_closed(words, one, is_shown=one.employee_id not in report.hidden) for one in report.closed]
    if report.left_out:
        lines += [words("close-left-out"), *(_describe_left_out(words, one) for one in report.left_out)]
    if report.undecided:
        lines += [words("close-undecided"), *(_describe_undecided(words, one) for one in report.undecided)]
    if report.already:
        lines.append(words("close-already", count=len(report.already)))
    return lines


def _describe_closed(words: Words, one: PersonPeriod, *, is_shown: bool) -> Html:
    name = clean_name(one.name)
    amount = spell_balance(one.closing)
    line = words("close-line", name=name, amount=amount) if is_shown else words("close-line-unpriced", name=name)
    if one.is_confirmed and one.missing is None:
        return line
    return words("period-person-line", person=line, rest=spell_confirmation(words, one))


def _describe_undecided(words: Words, one: HeldBonus) -> Html:
    if one.day_off_date is None:
        raise LookupError("a day off that was asked for has a date")
    return words("close-undecided-day-off", name=clean_name(one.name), day=spell_day(words, one.day_off_date))


def _describe_left_out(words: Words, one: LeftOut) -> Html:
    since = {"date": format_date(one.since)} if one.since is not None else {}
    return words(f"close-left-out-{one.reason}", name=clean_name(one.name), **since)


# --- opening again ---------------------------------------------------------------------------------------------------


def _ask_reopen(words: Words, _zone: BusinessZone, errand: Errand, question: Question) -> Html:
    one: PersonPeriod = question.shown
    return words(f"ask-{errand.kind}-{question.name}", name=clean_name(one.name), **name_dates(one.period))


def _show_reopened(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    one: PersonPeriod = done.outcome
    return _end(words, done, words("reopen-done", name=clean_name(one.name), **name_dates(one.period)))


# --- paying ----------------------------------------------------------------------------------------------------------


def _ask_pay(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    report: PayoutReport = question.shown
    sure = words("pay-sure") if report.paid else None if report.left_out else words("pay-nothing")
    return words.lines([*_list_payout(words, report), "" if sure else None, sure])


def _show_paid(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    report: PayoutReport = done.outcome
    end = words("pay-done") if report.paid else words("pay-late")
    return _end(words, done, *_list_payout(words, report), "", end)


def _list_payout(words: Words, report: PayoutReport) -> list[str | None]:
    lines: list[str | None] = [words("pay-title"), ""]
    lines += [_describe_due(words, one, is_shown=one.employee_id not in report.hidden) for one in report.paid]
    if report.paid:
        lines.append(words("pay-total", amount=spell_balance(report.total)))
    return lines + [words("pay-own", amount=spell_balance(one.amount)) for one in report.left_out]


def _describe_due(words: Words, one: Due, *, is_shown: bool) -> Html:
    amount = spell_balance(one.amount)
    line = words("pay-line", name=clean_name(one.name), amount=amount, **name_dates(one.period))
    less = spell_difference(words, one) if is_shown else ""
    return words("pay-line-less", line=line, closing=spell_balance(one.closing), less=less) if less else line


# --- reminding -------------------------------------------------------------------------------------------------------


def _ask_remind(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    silent: Sequence[PersonPeriod] = question.shown
    if not silent:
        return words("remind-nobody")
    head = words("remind-sure", count=len(silent), **name_dates(silent[0].period))
    return words.lines([head, "", *(words("remind-line", name=clean_name(one.name)) for one in silent)])


def _show_reminded(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    silent: Sequence[PersonPeriod] = done.outcome
    return _end(words, done, words("remind-done", count=len(silent)) if silent else words("remind-nobody"))


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.CLOSE: ErrandView(find_home, _show_closed, _ask_close),
    AdminErrand.REOPEN: ErrandView(find_home, _show_reopened, _ask_reopen),
    AdminErrand.PAY: ErrandView(find_home, _show_paid, _ask_pay),
    AdminErrand.REMIND: ErrandView(find_home, _show_reminded, _ask_remind),
}


# --- what people are told --------------------------------------------------------------------------------------------


def _render_closed(words: Words, payload: Payload) -> Html:
    statement = render_statement(words, payload["zone"], payload["statement"])
    return words.lines(
        [words("notice-period-closed", **_read_facts(payload), **_read_amount(payload)), "", statement[0]]
    )


def _render_reopened(words: Words, payload: Payload) -> Html:
    return words("notice-period-reopened", **_read_facts(payload), reason=clean_text(payload["reason"]))


def _render_paid(words: Words, payload: Payload) -> Html:
    told = words("notice-period-paid", **_read_facts(payload), **_read_amount(payload))
    less = spell_difference(words, _read_due(payload)) if "closing" in payload else ""
    closing = spell_balance(Decimal(payload["closing"])) if less else ""
    return words("notice-period-paid-less", told=told, closing=closing, less=less) if less else told


def _read_due(payload: Payload) -> Due:
    start, end = (date.fromisoformat(payload[name]) for name in ("start", "end"))
    figures = (Decimal(payload[name]) for name in ("closing", "paid_since", "balance"))
    return Due(payload["employee_id"], "", PayPeriod(start, end), *figures)


def _render_confirm(words: Words, payload: Payload) -> Html:
    return words("notice-confirm-period", **_read_facts(payload), count=payload["count"])


def _render_missing(words: Words, payload: Payload) -> Html:
    employee, text = clean_name(payload["employee_name"]), clean_text(payload["text"])
    return words("notice-period-missing", employee=employee, text=text, **_read_facts(payload))


def _render_waiting(words: Words, payload: Payload) -> Html:
    silent = words("notice-periods-wait-silent", count=payload["silent"]) if payload["silent"] else None
    return words.lines([words("notice-periods-wait", count=payload["count"], **_read_facts(payload)), silent])


def _read_facts(payload: Payload) -> dict[str, str]:
    return {name: format_date(date.fromisoformat(payload[name])) for name in ("start", "end")}


def _read_amount(payload: Payload) -> dict[str, str]:
    return {"amount": spell_balance(Decimal(payload["amount"]))}


def _build_statement(words: Words, payload: Payload) -> InlineKeyboardMarkup:
    start = date.fromisoformat(payload["start"])
    return InlineKeyboardMarkup(inline_keyboard=[list_statement_buttons(words, payload["employee_id"], start)])


def _build_confirming(words: Words, payload: Payload) -> InlineKeyboardMarkup:
    start = date.fromisoformat(payload["start"])
    employee_id = payload["employee_id"]
    statement = list_statement_buttons(words, employee_id, start)[:1]
    return InlineKeyboardMarkup(
        inline_keyboard=[*build_confirming(words, employee_id, start, payload["digest"]), statement]
    )


def _build_person_period(words: Words, payload: Payload) -> InlineKeyboardMarkup:
    to = show_person_period(date.fromisoformat(payload["start"]), payload["employee_id"])
    return _build_way(words, to)


def _build_period(words: Words, payload: Payload) -> InlineKeyboardMarkup:
    return _build_way(words, show_period(date.fromisoformat(payload["start"])))


def _build_way(words: Words, to: CallbackData) -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(text=words.plain("button-show-period"), callback_data=to.pack())
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


NOTICES: Mapping[str, Callable[[Words, Payload], Html]] = {
    "period_closed": _render_closed,
    "period_reopened": _render_reopened,
    "period_paid": _render_paid,
    "confirm_period": _render_confirm,
    "period_missing": _render_missing,
    "periods_wait": _render_waiting,
}
NOTICE_KEYBOARDS: Mapping[str, Callable[[Words, Payload], InlineKeyboardMarkup]] = {
    "period_closed": _build_statement,
    "period_paid": _build_statement,
    "confirm_period": _build_confirming,
    "period_missing": _build_person_period,
    "periods_wait": _build_period,
}
