"""Texts that the dialogue in sight may wait for: asked after every command."""

from aiogram import Router
from aiogram.dispatcher.event.bases import SkipHandler
from aiogram.types import Message

from bot.caller import Caller
from bot.filters import find_command
from bot.handlers.showing import show
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import answering
from bot.views import errors
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.errors import DomainError, UnavailableError
from payroll.people import Person
from payroll.typed_dates import list_readings


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="typed")
    router.message.register(type_text)
    return router


@allow(Who.LEAVER)
async def type_text(message: Message, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """A text for the dialogue in sight; where none waits for one, somebody else answers it.

    What cannot be used is said above the same question: nothing that was entered before is lost. A command that there
    is none of is no answer.
    """
    if find_command(message) is not None:
        raise SkipHandler
    try:
        answered = await call(answering.type_text, person, message.message_id, message.text or "")
    except UnavailableError:
        raise
    except DomainError as error:
        asked = await call(answering.show_current, person)
        if asked is None:
            raise
        problem = errors.render_sentence(words, error)
        return show(words, zone, asked, problem=problem, readings=list_readings(error))
    if answered is None:
        raise SkipHandler
    return show(words, zone, answered)
