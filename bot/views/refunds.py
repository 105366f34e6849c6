"""Refunds, and deductions for used bonuses: their questions, what came of them, and how the person reads of it."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, Question
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import begin_button, build_back
from bot.keyboards.menu import build_main_menu_only
from bot.keyboards.receipt import ShowShift
from bot.screen import Screen
from bot.views.errand_view import ErrandView
from bot.views.gifts import name_gift
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone
from payroll.held_bonuses import BonusCut, HeldBonus
from payroll.money import ZERO
from payroll.offers import BonusType
from payroll.records import Bonus
from payroll.refunds import RefundPlan, RefundToWithdraw

Payload = Mapping[str, Any]


def ask_refund(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """What is asked, under what is known; at the end all that the refund takes."""
    plan: RefundPlan = question.shown
    lines = [words("refund-title", id=str(plan.shift_id), name=clean_name(plan.name)), ""]
    if plan.line is None:
        lines += [
            words("refund-line", product=one.product, sold=format_amount(one.sold), left=format_amount(one.left))
            for one in plan.lines
        ]
        return words.lines([*lines, "", words("ask-refund-product")])
    if plan.amount is None:
        left = format_amount(plan.line.left)
        return words.lines([*lines, words("ask-refund-amount", product=plan.line.product, left=left)])
    lines += _describe_plan(words, plan)
    return words.lines([*lines, "", words(f"ask-refund-{question.name}", name=clean_name(plan.name))])


def render_refunded(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """What was taken; where that month's rank gave bonuses, a deduction is offered."""
    plan: RefundPlan = done.outcome
    lines = [words("refund-done", id=str(plan.shift_id), name=clean_name(plan.name)), "", *_describe_plan(words, plan)]
    rows = []
    if plan.preview is not None and plan.preview.rank_bonuses:
        rows.append([begin_button(words, AdminErrand.CUT_BONUS, plan.employee_id)])
    return Screen(words.lines(lines), build_back(words, ShowShift(shift_id=plan.shift_id), *rows))


def ask_withdrawal(words: Words, _zone: BusinessZone, errand: Errand, question: Question) -> Html:
    """What is asked about a refund that was booked by mistake."""
    chosen: RefundToWithdraw | None = question.shown
    asked = words(f"ask-unrefund-{question.name}")
    if chosen is None:
        return asked
    described = _describe_refund(words, chosen, errand.answers.get("reason"))
    return words.lines([*described, *_describe_released(words, chosen, "would-release"), "", asked])


def render_withdrawn(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """The pay is given back."""
    chosen: RefundToWithdraw = done.outcome
    described = _describe_refund(words, chosen, chosen.refund.withdrawn_reason)
    text = words.lines([words("unrefund-done"), "", *described, *_describe_released(words, chosen, "released")])
    return Screen(text, build_back(words, ShowShift(shift_id=chosen.refund.shift_id)))


def ask_cut(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    """For which bonus, how much, why; at the end the whole of it."""
    cut: BonusCut = question.shown
    lines = [words("cut-title", name=clean_name(cut.name)), ""]
    if cut.held is None:
        listed = [
            words("cut-bonus", number=str(number), bonus=_describe_used(words, cut, one))
            for number, one in enumerate(cut.bonuses, 1)
        ]
        asked = words("ask-cut-bonus-bonus") if listed else words("cut-none")
        return words.lines([*lines, *listed, "" if listed else None, asked])
    known = [_describe_used(words, cut, cut.held)]
    known += [words("cut-amount", amount=format_amount(cut.amount))] if cut.amount is not None else []
    known += [words("correction-why", reason=cut.reason)] if cut.reason else []
    return words.lines([*lines, *known, "", words(f"ask-cut-bonus-{question.name}")])


def render_cut(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """The deduction is booked."""
    cut: BonusCut = done.outcome
    amount = format_amount(cut.amount or ZERO)
    told = words("cut-done", name=clean_name(cut.name), amount=amount)
    text = words.lines([told, words("correction-why", reason=cut.reason)])
    return Screen(text, build_back(words, DeskButton(to=Desk.REQUESTS)))


def render_refund_booked(words: Words, payload: Payload) -> Html:
    """What the seller reads of a refund."""
    return _render_told(words, "notice-refund", payload)


def render_refund_withdrawn(words: Words, payload: Payload) -> Html:
    """What the seller reads when it was withdrawn, and what its shift makes at its own rate again."""
    told = _render_told(words, "notice-refund-withdrawn", payload)
    released = payload.get("released")
    if released is None:
        return told
    pcts, made = ([Decimal(one) for one in released[name]] for name in ("pct", "made"))
    return words.lines([told, _spell_released(words, "released", pcts, made)])


def render_bonus_cut(words: Words, payload: Payload) -> Html:
    """What the person reads of a deduction for a bonus."""
    amount, bonus = format_amount(Decimal(payload["amount"])), name_gift(words, payload["bonus"])
    told = words("notice-bonus-cut", amount=amount, bonus=bonus)
    return words.lines([told, words("correction-why", reason=payload["reason"])])


def offer_cut(words: Words, payload: Payload) -> InlineKeyboardMarkup:
    """Below the notice of a bonus that stays used: a deduction (PAYROLL D15)."""
    return InlineKeyboardMarkup(inline_keyboard=[[begin_button(words, AdminErrand.CUT_BONUS, payload["employee_id"])]])


def _render_told(words: Words, key: str, payload: Payload) -> Html:
    facts = {name: format_amount(Decimal(payload[name])) for name in ("amount", "units")}
    told = words(key, id=str(payload["shift_id"]), product=payload["product"], **facts)
    return words.lines([told, words("correction-why", reason=payload["reason"])])


def _describe_plan(words: Words, plan: RefundPlan) -> list[Html | str]:
    if plan.line is None or plan.amount is None or plan.preview is None:
        return []
    facts = {"product": plan.line.product, "amount": format_amount(plan.amount)}
    lines: list[Html | str] = [
        words("refund-amount", **facts),
        *([words("refund-takes", units=format_amount(plan.preview.units))] if plan.is_pay_shown else []),
        words("refund-left", left=format_amount(plan.preview.left_on_line - plan.amount)),
    ]
    if plan.reason:
        lines.append(words("correction-why", reason=plan.reason))
    if plan.preview.rank_bonuses:
        lines += ["", words("refund-rank-bonuses")]
        lines += [
            words("refund-rank-bonus", bonus=_describe_bonus(words, one, is_pay_shown=plan.is_pay_shown))
            for one in plan.preview.rank_bonuses
        ]
    return lines


def _describe_refund(words: Words, chosen: RefundToWithdraw, withdrawn_why: str | None) -> list[Html]:
    one = chosen.refund
    facts = {"product": chosen.product, "amount": format_amount(one.amount)}
    units = {"units": format_amount(one.units)} if chosen.is_pay_shown else {}
    key = "unrefund-refund" if chosen.is_pay_shown else "unrefund-refund-unpriced"
    lines = [
        words(key, id=str(one.shift_id), name=clean_name(chosen.name), **facts, **units),
        words("unrefund-refunded-why", reason=one.reason),
    ]
    if withdrawn_why:
        lines.append(words("unrefund-withdrawn-why", reason=withdrawn_why))
    return lines


def _describe_released(words: Words, chosen: RefundToWithdraw, how: str) -> list[Html]:
    """What the shift makes as soon as the day's sales make its rate again."""
    if chosen.released is None:
        return []
    if not chosen.is_pay_shown:
        return [words(f"refund-{how}-unpriced")]
    pays = [one.pay for one in chosen.released]
    return [_spell_released(words, how, [one.commission_pct for one in pays], [one.total_made for one in pays])]


def _spell_released(words: Words, how: str, pcts: Sequence[Decimal], made: Sequence[Decimal]) -> Html:
    return words(
        f"refund-{how}",
        pct=_change(words, *(f"{one:,.2f}%" for one in pcts)),
        made=_change(words, *(f"${format_amount(one)}" for one in made)),
    )


def _change(words: Words, old: str, new: str) -> Html:
    return words("changed", old=old, new=new)


def _describe_used(words: Words, cut: BonusCut, held: HeldBonus) -> Html:
    return _describe_bonus(words, held.bonus, is_pay_shown=cut.is_pay_shown)


def _describe_bonus(words: Words, bonus: Bonus, *, is_pay_shown: bool) -> Html:
    described = name_gift(words, bonus.offer)
    used = words("bonus-used-on", bonus=described, id=str(bonus.shift_id)) if bonus.shift_id else described
    if not bonus.amount or not is_pay_shown or bonus.bonus_type is BonusType.FLAT:
        return used
    return words("bonus-worth", bonus=used, amount=format_amount(bonus.amount))


def _go_to_shift(errand: Errand) -> CallbackData:
    return ShowShift(shift_id=int(errand.subject))


def _go_to_desk(_errand: Errand) -> CallbackData:
    return DeskButton(to=Desk.REQUESTS)


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.REFUND: ErrandView(home=_go_to_shift, done=render_refunded, ask=ask_refund),
    AdminErrand.WITHDRAW_REFUND: ErrandView(home=_go_to_shift, done=render_withdrawn, ask=ask_withdrawal),
    AdminErrand.CUT_BONUS: ErrandView(home=_go_to_desk, done=render_cut, ask=ask_cut),
}
NOTICES: Mapping[str, Callable[[Words, Payload], Html]] = {
    "refund_booked": render_refund_booked,
    "refund_withdrawn": render_refund_withdrawn,
    "bonus_cut": render_bonus_cut,
}
NOTICE_KEYBOARDS: Mapping[str, Callable[[Words, Payload], InlineKeyboardMarkup]] = {
    "bonus_kept": offer_cut,
    **{kind: lambda words, _payload: build_main_menu_only(words) for kind in NOTICES},
}
