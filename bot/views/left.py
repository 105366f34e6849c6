"""Dialogues that were left, as their buttons name them (SPEC 4)."""

from decimal import Decimal

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton

from bot.errands import Errand
from bot.forms import Form, Kind
from bot.keyboards.left import build_begun, continue_button
from bot.left import Begun, LeftDialogue
from bot.screen import Screen
from bot.spoken import spell_day
from bot.words import Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone
from payroll.money import ZERO


def render_continue(words: Words, zone: BusinessZone, left: LeftDialogue) -> InlineKeyboardButton:
    """The button that goes on with it: `▶ Continue: Sun 29 Nov, Model A 120.50`."""
    text = words.plain("button-continue", what=name_left(words, zone, left))
    return continue_button(text, left.draft_id)


def render_begun(words: Words, zone: BusinessZone, begun: Begun, anew: CallbackData) -> Screen:
    """Asks about what was begun before another one of its kind is."""
    text = words("left-begun", what=name_left(words, zone, begun.left))
    return Screen(text, build_begun(words, render_continue(words, zone, begun.left), anew))


def name_left(words: Words, zone: BusinessZone, left: LeftDialogue) -> str:
    """What it is about, as far as it was said, on one line."""
    said = left.said
    if isinstance(said, Errand):
        what = words.plain(f"left-{said.kind}")
    elif said.kind is Kind.EDIT:
        what = words.plain("left-edit")
    else:
        what = ""
    day = spell_day(words, left.day) if left.day is not None else ""
    name = clean_name(left.name) if left.name is not None else ""
    more = _name_said(words, zone, left, said) if isinstance(said, Form) else ""
    return ", ".join(part for part in (what, name, day, more) if part) or words.plain("left-new")


def _name_said(words: Words, zone: BusinessZone, left: LeftDialogue, form: Form) -> str:
    """What a form says of its shift: the sales, or else the clocks; of a correction, what is corrected."""
    if form.kind is Kind.EDIT:
        return words.plain(f"left-edit-{form.edited}") if form.edited is not None else ""
    if form.products:
        return _name_sales(words, left, list(form.products.items()))
    clocks = [f"{zone.to_wall(at):%H:%M}" for at in (form.start, form.end) if at is not None]
    return "–".join(clocks)


def _name_sales(words: Words, left: LeftDialogue, sold: list[tuple[int, Decimal]]) -> str:
    total = format_amount(sum((amount for _, amount in sold), ZERO))
    if len(sold) == 1:
        return words.plain("left-sold", product=clean_name(left.products[sold[0][0]]), amount=total)
    return words.plain("left-sold-more", count=len(sold), amount=total)
