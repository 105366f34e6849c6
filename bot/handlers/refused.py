"""What people read whom a policy refuses something. Nothing of what they sent is acted on."""

from typing import Any

from aiogram.types import CallbackQuery, Message, TelegramObject

from bot.handlers import fallback, join
from bot.policies import Refusal
from bot.screen import Answer, Screen, Toast
from bot.views.errors import render_error
from bot.views.join import render_left
from bot.words import Words
from payroll.errors import ErrorKey, ForbiddenError
from payroll.people import Person

_ROLES = {Refusal.NOT_ADMIN: ErrorKey.NOT_ALLOWED, Refusal.NOT_OWNER: ErrorKey.OWNER_ONLY}


async def refuse(refusal: Refusal, event: TelegramObject, data: dict[str, Any]) -> Answer | None:
    """The answer to a refused text or tap; None where it is best to keep quiet, as in a group."""
    words: Words = data["words"]
    if refusal is Refusal.NOT_PRIVATE:
        return Toast(words.plain("fallback-not-private"), is_alert=True) if isinstance(event, CallbackQuery) else None
    if refusal is Refusal.LEFT:
        return render_left(words)
    if refusal in _ROLES:
        return render_error(words, ForbiddenError(_ROLES[refusal], field="role", value="", allowed=refusal), event)
    if isinstance(event, CallbackQuery):
        return await _refuse_tap(event, words, data)
    return await _refuse_message(event, words, data) if isinstance(event, Message) else None


async def _refuse_tap(query: CallbackQuery, words: Words, data: dict[str, Any]) -> Answer:
    if data["person"] is None:
        return await _greet(query, data)
    return await fallback.answer_button(query, words)


async def _refuse_message(message: Message, words: Words, data: dict[str, Any]) -> Screen:
    person: Person | None = data["person"]
    if person is None:
        return await _greet(message, data)
    return await fallback.remark_on_odd_message(message, data["call"], person, words, data["zone"])


async def _greet(event: Message | CallbackQuery, data: dict[str, Any]) -> Screen:
    return await join.greet(event, data["call"], data["words"], data["zone"], data["is_open"])
