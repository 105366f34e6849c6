"""Days off and Telegram Premium as screens and notices (SPEC 3, PAYROLL D23, D29)."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.errands import AdminErrand, Errand, ErrandDone, ErrandKind, OwnErrand, Question
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import begin_button, build_back
from bot.keyboards.menu import MenuButton, Place, build_main_menu_only, main_menu_button
from bot.keyboards.requests import Matter, ShowMatter, build_day_off, build_premium, build_thanks, button
from bot.screen import Screen
from bot.views.errand_view import ErrandView
from bot.views.months import spell_month
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone, format_date
from payroll.held_bonuses import DayOffDecision, DayOffPlan, HeldBonus
from payroll.money import ZERO
from payroll.records import BonusState

Payload = Mapping[str, Any]


def render_decision(words: Words, decision: DayOffDecision) -> Screen:
    """A day off that is asked for, or what was decided about it."""
    facts = {"name": clean_name(decision.held.name), "day": _day(decision.day)}
    worth = words("day-off-worth", amount=format_amount(decision.amount)) if decision.amount is not None else None
    if decision.is_approved is None:
        text = words.lines([words("day-off-request", **facts), worth])
        held, day, amount = decision.held, decision.day, decision.amount
        return Screen(text, build_day_off(words, held.bonus.bonus_id or 0, held.name, day, amount, is_listed=True))
    state = "approved" if decision.is_approved else "refused"
    admin = decision.admin
    head = words(f"day-off-{state}-by", admin=clean_name(admin)) if admin else words(f"day-off-{state}")
    said = words("correction-reason", reason=decision.reason) if decision.reason else None
    text = words.lines([head, "", words("day-off-request", **facts), worth, said])
    return Screen(text, build_back(words, DeskButton(to=Desk.REQUESTS)), lasts=True)


def render_premium(words: Words, held: HeldBonus) -> Screen:
    """Telegram Premium that is to be given, or was."""
    facts = {"name": clean_name(held.name)}
    if held.bonus.state is BonusState.PENDING:
        return Screen(words("premium-to-do", **facts), build_premium(words, held.bonus.bonus_id or 0, held.name))
    return Screen(words("premium-is-given", **facts), build_back(words, DeskButton(to=Desk.REQUESTS)), lasts=True)


def render_premium_gift(words: Words, held: HeldBonus) -> Screen:
    """It was given; once who got it has seen that, there is nothing more to say."""
    if held.seen_at is not None:
        return render_premium_seen(words)
    return Screen(words("notice-premium-given"), build_thanks(words, held.bonus.bonus_id or 0), lasts=True)


def render_premium_seen(words: Words) -> Screen:
    """Enjoy it."""
    return Screen(words("premium-enjoy"), build_main_menu_only(words), lasts=True)


def _ask_day(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    plan: DayOffPlan = question.shown
    if plan.day is not None:
        return words("ask-day-off-sure", day=_day(plan.day), amount=format_amount(plan.amount or ZERO))
    before = plan.held.day_off_date
    lines = [words("day-off-title", month=spell_month(words, plan.month)), ""]
    if before is not None:
        lines.append(words("day-off-asked-before", day=_day(before)))
    return words.lines([*lines, words("ask-day-off-day")])


def _render_requested(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    plan: DayOffPlan = done.outcome
    return Screen(words("day-off-asked", day=_day(plan.day or plan.month)), build_main_menu_only(words), lasts=True)


def _ask_refusal(words: Words, _zone: BusinessZone, _errand: Errand, question: Question) -> Html:
    decision: DayOffDecision = question.shown
    name = clean_name(decision.held.name)
    asked = words("day-off-request", name=name, day=_day(decision.day))
    return words.lines([asked, "", words("ask-day-no-reason", name=name)])


def _render_refused(words: Words, _zone: BusinessZone, done: ErrandDone) -> Screen:
    return render_decision(words, done.outcome)


def _go_to_ranks(_errand: Errand) -> CallbackData:
    return MenuButton(to=Place.RANKS)


def _go_to_request(errand: Errand) -> CallbackData:
    return ShowMatter(matter=Matter.DAY_OFF, number=int(errand.subject))


def _render_day_off_requested(words: Words, payload: Payload) -> Html:
    asked = words("day-off-request", name=clean_name(payload["name"]), day=_read_day(payload))
    worth = words("day-off-worth", amount=_read_amount(payload)) if payload["amount"] is not None else None
    return words.lines([asked, worth])


def _render_day_off_approved(words: Words, payload: Payload) -> Html:
    return words("notice-day-off-approved", day=_read_day(payload), amount=_read_amount(payload))


def _render_day_off_refused(words: Words, payload: Payload) -> Html:
    told = words("notice-day-off-refused", day=_read_day(payload))
    return words.lines([told, words("correction-reason", reason=payload["reason"]), "", words("notice-day-off-again")])


def _render_premium_given(words: Words, _payload: Payload) -> Html:
    return words("notice-premium-given")


def _render_premium_due(words: Words, payload: Payload) -> Html:
    return words("notice-premium-due", employee=clean_name(payload["employee_name"]))


def _render_shift_on_day_off(words: Words, payload: Payload) -> Html:
    facts = {"employee": clean_name(payload["employee_name"]), "id": str(payload["shift_id"])}
    return words("notice-shift-on-day-off", **facts, day=_read_day(payload))


def _build_again(words: Words, _payload: Payload) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(inline_keyboard=[[begin_button(words, OwnErrand.DAY_OFF)], [main_menu_button(words)]])


def _build_desk(words: Words, _payload: Payload) -> InlineKeyboardMarkup:
    row = [button(words, "desk-requests", DeskButton(to=Desk.REQUESTS)), main_menu_button(words)]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def _read_day(payload: Payload) -> str:
    return _day(date.fromisoformat(payload["day"]))


def _read_amount(payload: Payload) -> str:
    return format_amount(Decimal(payload["amount"]))


def _day(day: date) -> str:
    return format_date(day)


ERRAND_VIEWS: Mapping[ErrandKind, ErrandView] = {
    OwnErrand.DAY_OFF: ErrandView(home=_go_to_ranks, done=_render_requested, ask=_ask_day),
    AdminErrand.REFUSE_DAY_OFF: ErrandView(home=_go_to_request, done=_render_refused, ask=_ask_refusal),
}
NOTICES: Mapping[str, Callable[[Words, Payload], Html]] = {
    "day_off_requested": _render_day_off_requested,
    "day_off_approved": _render_day_off_approved,
    "day_off_refused": _render_day_off_refused,
    "premium_due": _render_premium_due,
    "premium_given": _render_premium_given,
    "shift_on_day_off": _render_shift_on_day_off,
}
NOTICE_KEYBOARDS: Mapping[str, Callable[[Words, Payload], InlineKeyboardMarkup]] = {
    "day_off_requested": lambda words, payload: build_day_off(
        words,
        payload["bonus_id"],
        payload["name"],
        date.fromisoformat(payload["day"]),
        Decimal(payload["amount"]) if payload["amount"] is not None else None,
    ),
    "day_off_approved": lambda words, _payload: build_main_menu_only(words),
    "day_off_refused": _build_again,
    "premium_due": _build_desk,
    "premium_given": lambda words, payload: build_thanks(words, payload["bonus_id"]),
    "shift_on_day_off": lambda words, _payload: build_main_menu_only(words),
}
