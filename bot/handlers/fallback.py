"""What nothing else answers: unexpected texts, old and made-up buttons, pictures, forwarded and edited messages."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot import commands
from bot.caller import Caller
from bot.filters import IsOwnText, Typed
from bot.handlers.shift import show
from bot.keyboards.menu import build_main_menu_only
from bot.screen import Screen, Toast
from bot.use_cases import answering
from bot.words import Html, Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_odd_router() -> Router:
    """Messages that are not text typed here: asked before all that acts on texts."""
    router = Router(name="odd")
    router.message.register(answer_odd_message, ~IsOwnText())
    router.edited_message.register(answer_edited_message)
    return router


def build_router() -> Router:
    """The last router."""
    router = Router(name="fallback")
    router.message.register(refuse, Typed(commands.ADMIN))
    router.message.register(answer_text)
    router.callback_query.register(answer_button)
    return router


async def answer_odd_message(
    message: Message, call: Caller, person: Person | None, words: Words, zone: BusinessZone
) -> Screen:
    """A picture, a sticker, a forwarded message: nothing of it is read, captions included."""
    key = "fallback-forwarded" if message.forward_origin is not None else "fallback-no-text"
    return await _remark(words(key), call, person, words, zone)


async def answer_edited_message(
    _message: Message, call: Caller, person: Person | None, words: Words, zone: BusinessZone
) -> Screen:
    """A message that was changed after it was sent."""
    return await _remark(words("fallback-edited"), call, person, words, zone)


async def _remark(said: Html, call: Caller, person: Person | None, words: Words, zone: BusinessZone) -> Screen:
    """A remark, above the question that is open where there is one: nobody is thrown out of what they were doing."""
    asked = await call(answering.show_open, person) if person is not None and person.left_date is None else None
    return Screen(said, build_main_menu_only(words)) if asked is None else show(words, zone, asked, problem=said)


async def refuse(_message: Message, words: Words) -> Screen:
    """A command of the admins, typed by who is none."""
    return Screen(words("error-not-allowed"), build_main_menu_only(words))


async def answer_text(_message: Message, words: Words) -> Screen:
    """A text that nothing asked for."""
    return Screen(words("fallback-text"), build_main_menu_only(words))


async def answer_button(_query: CallbackQuery, words: Words) -> Toast:
    """A button of an older version, or callback data that somebody made up."""
    return Toast(words.plain("fallback-button"))
