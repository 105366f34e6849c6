"""What nothing else answers: unexpected texts, old and made-up buttons, pictures, forwarded and edited messages."""

from aiogram import Router
from aiogram.types import CallbackQuery, Message

from bot.caller import Caller
from bot.filters import find_command
from bot.handlers.showing import show
from bot.keyboards.menu import build_main_menu_only
from bot.policies import Where, Who, allow
from bot.screen import Screen, Toast
from bot.use_cases import answering, home
from bot.views import menu
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The last router."""
    router = Router(name="fallback")
    router.message.register(answer_text)
    router.edited_message.register(remark_on_odd_message)
    router.callback_query.register(answer_button)
    return router


@allow(Who.MEMBER)
async def answer_text(message: Message, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """A text that nothing asked for, or a command that there is none of: a question in sight stays so."""
    name = find_command(message)
    said = words("fallback-text") if name is None else words("fallback-command", name=name)
    asked = await call(answering.show_current, person)
    if asked is not None:
        return show(words, zone, asked, problem=said)
    return menu.render_menu(words, person, zone, await call(home.look, person), said)


@allow(Who.MEMBER)
async def answer_button(_query: CallbackQuery, words: Words) -> Toast:
    """A button of an older version, or callback data that somebody made up."""
    return Toast(words.plain("fallback-button"))


@allow(Who.MEMBER, Where.ANYTHING)
async def remark_on_odd_message(
    message: Message, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A picture, a sticker, a message that was forwarded or changed later: nothing of it is read, captions included.

    The question in sight, where there is one, is asked again below the remark.
    """
    said = words(_name_remark(message))
    asked = await call(answering.show_current, person)
    return Screen(said, build_main_menu_only(words)) if asked is None else show(words, zone, asked, problem=said)


def _name_remark(message: Message) -> str:
    if message.forward_origin is not None or message.via_bot is not None:
        return "fallback-forwarded"
    if message.edit_date is not None:
        return "fallback-edited"
    return "fallback-no-text" if message.rich_message is None else "fallback-rich"
