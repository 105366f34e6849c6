"""Bonuses that admins give and take, as screens, and how the person reads of it."""

from collections.abc import Mapping
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, OwnErrand, Question
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import begin_button, build_back
from bot.keyboards.held_bonuses import ShowHeld, build_held, build_holders
from bot.keyboards.menu import main_menu_button
from bot.screen import Screen
from bot.views.bonuses import describe_got, name_origin
from bot.views.errand_view import ErrandView
from bot.views.gifts import name_gift
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone, format_date
from payroll.held_bonuses import HeldBonus, HeldPage
from payroll.offers import BonusType
from payroll.records import BonusState
from payroll.staff import MemberList


def render_holders(words: Words, team: MemberList) -> Screen:
    """Everybody whose bonuses can be looked at."""
    return Screen(words.lines([words("held-title"), "", words("held-whose")]), build_holders(words, team))


def render_held(words: Words, zone: BusinessZone, held: HeldPage) -> Screen:
    """A page of a person's bonuses."""
    lines: list[str | None] = [words("held-title-of", name=clean_name(held.name)), ""]
    if not held.bonuses:
        lines.append(words("held-none"))
    lines += [_describe(words, zone, one, is_pay_shown=held.is_pay_shown) for one in held.bonuses]
    return Screen(words.lines(lines), build_held(words, held))


def ask_grant(words: Words, _zone: BusinessZone, errand: Errand, question: Question) -> Html:
    """Which bonus, or what would be given."""
    name = clean_name(question.shown.name)
    if question.name == "sure":
        facts = {"bonus": _spell(words, question.shown), "reason": errand.answers["reason"]}
        return words("ask-grant-sure", name=name, **facts)
    if question.name == "reason":
        return words.lines([words("held-title-of", name=name), "", words("ask-grant-reason")])
    is_flat = errand.answers.get("type") == "flat"
    key = "ask-gift-value-flat" if question.name == "value" and is_flat else f"ask-rank-{question.name}"
    return words.lines([words("held-title-of", name=name), "", words(key)])


def ask_void(words: Words, _zone: BusinessZone, errand: Errand, question: Question) -> Html:
    """Why, or what would be withdrawn."""
    held: HeldBonus = question.shown
    facts = {"name": clean_name(held.name), "bonus": _spell(words, held)}
    if question.name == "sure":
        return words("ask-void-sure", **facts, reason=errand.answers["reason"])
    return words("ask-void-reason", **facts)


def render_granted(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """What was given."""
    return _render_done(words, "held-granted", done.outcome)


def render_voided(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    """What was withdrawn."""
    return _render_done(words, "held-voided", done.outcome)


def render_notice_granted(words: Words, payload: Mapping[str, Any]) -> Html:
    """What the person reads who was given one."""
    facts = {"admin": clean_name(payload["admin"]), "reason": payload["reason"]}
    return words("notice-bonus-granted", bonus=describe_got(words, payload["bonus"]), **facts)


def render_notice_voided(words: Words, payload: Mapping[str, Any]) -> Html:
    """What the person reads whose bonus was withdrawn."""
    return words("notice-bonus-voided", bonus=name_gift(words, payload["bonus"]), reason=payload["reason"])


def build_granted(words: Words, payload: Mapping[str, Any]) -> InlineKeyboardMarkup:
    """The main menu, and for a day off the way to ask for its date."""
    is_day_off = payload["bonus"] == BonusType.PAID_DAY_OFF
    asking = [[begin_button(words, OwnErrand.DAY_OFF)]] if is_day_off else []
    return InlineKeyboardMarkup(inline_keyboard=[*asking, [main_menu_button(words)]])


def _render_done(words: Words, key: str, held: HeldBonus) -> Screen:
    text = words(key, name=clean_name(held.name), bonus=_spell(words, held))
    return Screen(text, build_back(words, ShowHeld(employee_id=held.employee_id)))


def _describe(words: Words, zone: BusinessZone, held: HeldBonus, *, is_pay_shown: bool) -> Html:
    bonus = held.bonus
    named = name_origin(words, name_gift(words, bonus.offer), held.origin)
    facts = {"number": str(bonus.bonus_id), "bonus": named, "at": zone.format(bonus.created_at)[:10]}
    if bonus.state is BonusState.VOID:
        return words("held-line", **facts, state=words("held-void"))
    if bonus.state is BonusState.PENDING:
        day = held.day_off_date
        state = words("held-asked", day=format_date(day)) if day is not None else words("held-pending")
        return words("held-line", **facts, state=state)
    if bonus.shift_id is None:
        return words("held-line", **facts, state=words("held-given"))
    amount = format_amount(bonus.amount) if bonus.amount is not None and is_pay_shown else ""
    state = words("held-used", shift=str(bonus.shift_id))
    if amount:
        state = words("held-used-amount", shift=str(bonus.shift_id), amount=amount)
    return words("held-line", **facts, state=state)


def _spell(words: Words, held: HeldBonus) -> Html:
    return name_gift(words, held.bonus.offer)


def _go_to_holder(errand: Errand) -> CallbackData:
    return ShowHeld(employee_id=int(errand.subject))


def _go_home(_errand: Errand) -> CallbackData:
    return DeskButton(to=Desk.BONUSES)


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    AdminErrand.GRANT: ErrandView(_go_to_holder, render_granted, ask_grant),
    AdminErrand.VOID: ErrandView(_go_home, render_voided, ask_void),
}
NOTICE_KEYBOARDS = {"bonus_granted": build_granted}
NOTICES = {"bonus_granted": render_notice_granted, "bonus_voided": render_notice_voided}
