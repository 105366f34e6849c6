"""Recording a shift, and the taps and texts of every form."""

from aiogram import F, Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import CallbackQuery, Message, TelegramObject

from bot import commands
from bot.caller import Caller
from bot.filters import Typed
from bot.forms import Kind
from bot.keyboards.form import FormButton
from bot.keyboards.menu import MenuButton, Place
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import answering, new_shift
from bot.use_cases.dialogs import Asked, Saved
from bot.views import errors, shift_form
from bot.words import Html, Words
from payroll.business_time import BusinessZone
from payroll.errors import DomainError, UnavailableError
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="shift")
    router.message.register(begin, Typed(commands.SHIFT))
    router.callback_query.register(begin, MenuButton.filter(F.to == Place.SHIFT))
    router.callback_query.register(press, FormButton.filter())
    return router


def build_typed_router() -> Router:
    """Texts that a form may wait for: asked after every command."""
    router = Router(name="typed")
    router.message.register(type_text)
    return router


@allow(Who.MEMBER)
async def begin(_event: TelegramObject, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """A new shift: asks when it started."""
    return show(words, zone, await call(new_shift.begin, person))


@allow(Who.MEMBER)
async def press(
    _query: CallbackQuery, callback_data: FormButton, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A tap on a form."""
    tapped = callback_data
    answered = await call(answering.press, person, tapped.draft_id, tapped.revision, tapped.act, tapped.value)
    return show(words, zone, answered)


@allow(Who.MEMBER)
async def type_text(message: Message, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """A text for the form that is open; where none waits for one, somebody else answers it.

    What cannot be used is said above the same question: nothing that was entered before is lost.
    """
    try:
        answered = await call(answering.type_text, person, message.message_id, message.text or "")
    except UnavailableError:
        raise
    except DomainError as error:
        asked = await call(answering.show_open, person)
        if asked is None:
            raise
        return show(words, zone, asked, problem=errors.render_sentence(words, error))
    if answered is None:
        raise SkipHandler
    return show(words, zone, answered)


def show(words: Words, zone: BusinessZone, answered: Asked | Saved, *, problem: Html | None = None) -> Screen:
    """A form's next question, or the receipt where it is done."""
    if isinstance(answered, Saved):
        screen = shift_form.render_saved(words, zone, answered.form, answered.change, answered.catalogue)
        return screen.with_toast(_say_saved(words, answered))
    remark = words("form-tap") if answered.needs_tap else problem
    screen = shift_form.render_form(words, zone, answered.form, answered.catalogue, answered.stored, problem=remark)
    return screen.with_toast(words.plain("toast-stale")) if answered.is_stale else screen


def _say_saved(words: Words, saved: Saved) -> str:
    if saved.change.after is None:
        return words.plain("toast-deleted")
    return words.plain("toast-saved" if saved.form.kind is Kind.NEW else "toast-corrected")
