"""Going on with a dialogue that was left."""

from aiogram import Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.handlers.showing import show
from bot.keyboards.left import ContinueDialogue
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import answering, home
from bot.views import errors, menu
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.errors import ForbiddenError, NotFoundError
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="left")
    router.callback_query.register(go_on, ContinueDialogue.filter())
    return router


@allow(Who.LEAVER)
async def go_on(
    _query: CallbackQuery,
    callback_data: ContinueDialogue,
    call: Caller,
    person: Person,
    words: Words,
    zone: BusinessZone,
) -> Screen:
    """The question where it was left; one about what is gone meanwhile is over, and the menu says why."""
    try:
        return show(words, zone, await call(answering.resume, person, callback_data.draft_id))
    except (NotFoundError, ForbiddenError) as error:
        await call(answering.give_up, person, callback_data.draft_id)
        said = errors.render_sentence(words, error)
        return menu.render_menu(words, person, zone, await call(home.look, person), said)
