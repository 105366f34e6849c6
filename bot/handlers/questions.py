"""Questions to the admins: shown, taken, rated; asking and answering are errands."""

from aiogram import F, Router
from aiogram.types import CallbackQuery

from bot.caller import Caller
from bot.handlers.deciding import decide
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.questions import RateQuestion, ShowQuestion, TakeQuestion
from bot.keyboards.requests import Matter, ShowMatter
from bot.policies import Who, allow
from bot.screen import Screen
from bot.use_cases import questions, requests
from bot.views.questions import render_rated, render_taken, render_thread
from bot.views.requests import render_own
from bot.words import Words
from payroll.business_time import BusinessZone
from payroll.people import Person


def build_router() -> Router:
    """The router of this topic, new for each bot."""
    router = Router(name="questions")
    router.callback_query.register(show_own, MenuButton.filter(F.to == Place.REQUESTS))
    router.callback_query.register(show, ShowQuestion.filter())
    router.callback_query.register(show_waiting, ShowMatter.filter(F.matter == Matter.QUESTION))
    router.callback_query.register(take, TakeQuestion.filter())
    router.callback_query.register(rate, RateQuestion.filter())
    return router


@allow(Who.MEMBER)
async def show_own(_query: CallbackQuery, call: Caller, person: Person, words: Words, zone: BusinessZone) -> Screen:
    """What one has asked the admins for."""
    own = await call(requests.list_own, person)
    return render_own(words, zone, own.corrections, own.questions, own.days_off, own.premium)


@allow(Who.MEMBER)
async def show(
    _query: CallbackQuery, callback_data: ShowQuestion, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A question of one's own, or anybody's for an admin."""
    return render_thread(words, zone, await call(questions.get_thread, person, callback_data.question_id))


@allow(Who.ADMIN)
async def show_waiting(
    _query: CallbackQuery, callback_data: ShowMatter, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """A question in the list of what waits."""
    return render_thread(words, zone, await call(questions.get_thread, person, callback_data.number))


@allow(Who.ADMIN)
async def take(
    _query: CallbackQuery, callback_data: TakeQuestion, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """Of several admins the first has it; the others read who."""

    async def look() -> Screen:
        return render_taken(words, zone, await call(questions.get_thread, person, callback_data.question_id))

    async def do() -> Screen:
        return render_taken(words, zone, await call(questions.take, person, callback_data.question_id))

    return await decide(call, person, words, callback_data, look=look, do=do)


@allow(Who.MEMBER)
async def rate(
    _query: CallbackQuery, callback_data: RateQuestion, call: Caller, person: Person, words: Words, zone: BusinessZone
) -> Screen:
    """One to five stars."""
    question_id, rating = callback_data.question_id, callback_data.rating

    async def look() -> Screen:
        return render_thread(words, zone, await call(questions.get_thread, person, question_id))

    async def do() -> Screen:
        return render_rated(words, await call(questions.rate, person, question_id, rating))

    return await decide(call, person, words, callback_data, look=look, do=do)
