"""The buttons with which a stranger asks to join, and an admin decides."""

from collections.abc import Sequence
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.keyboards.admin import build_desks
from bot.keyboards.deciding import Deciding
from bot.keyboards.inbox import show_dead_button
from bot.keyboards.menu import main_menu_button
from bot.seals import seal
from bot.words import Words, clean_name
from payroll.people import JoinRequest


class AskToJoin(CallbackData, prefix="ask"):
    """A stranger asks to be let in."""


class DecideJoin(Deciding, prefix="j"):
    """An admin lets somebody in or not. `is_listed`: tapped in the list of who waits, which is then shown again."""

    request_id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,16}$")]
    is_approved: bool
    is_listed: bool = False


class CreateInvite(CallbackData, prefix="inv"):
    """An admin wants an invite link."""


def build_ask_to_join(words: Words) -> InlineKeyboardMarkup:
    """All that a stranger can do."""
    button = InlineKeyboardButton(text=words.plain("button-ask-to-join"), callback_data=AskToJoin().pack())
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


def build_decision(words: Words, request_id: str, telegram_id: int, name: str) -> InlineKeyboardMarkup:
    """Approve or reject, below the notice of a request."""
    seen = seal(telegram_id, name)
    row = [
        InlineKeyboardButton(
            text=words.plain("button-approve" if is_approved else "button-reject"),
            callback_data=DecideJoin(seen=seen, request_id=request_id, is_approved=is_approved).pack(),
        )
        for is_approved in (True, False)
    ]
    return InlineKeyboardMarkup(inline_keyboard=[row])


def build_admin_menu(words: Words, waiting: Sequence[JoinRequest], *, dead: int = 0) -> InlineKeyboardMarkup:
    """Approve or reject for everybody who waits, the desks, the invite link, and what could not be handled."""
    rows = [
        [
            InlineKeyboardButton(
                text=words.plain(key, name=clean_name(request.name)),
                callback_data=_decide(request, is_approved=is_approved).pack(),
            )
            for key, is_approved in (("button-approve-name", True), ("button-reject-name", False))
        ]
        for request in waiting
    ]
    invite = InlineKeyboardButton(text=words.plain("button-invite"), callback_data=CreateInvite().pack())
    set_aside = [[show_dead_button(words, dead)]] if dead else []
    return InlineKeyboardMarkup(
        inline_keyboard=[*rows, *build_desks(words), [invite], *set_aside, [main_menu_button(words)]]
    )


def _decide(request: JoinRequest, *, is_approved: bool) -> DecideJoin:
    seen = seal(request.telegram_id, request.name)
    return DecideJoin(seen=seen, request_id=request.request_id, is_approved=is_approved, is_listed=True)
