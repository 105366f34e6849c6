"""What each errand shows, said by its topic; `bot.views.errands` renders it."""

from collections.abc import Callable
from dataclasses import dataclass

from aiogram.filters.callback_data import CallbackData

from bot.errands import Errand, ErrandDone, Question
from bot.screen import Screen
from bot.words import Html, Words
from payroll.business_time import BusinessZone


def ask_plainly(words: Words, _zone: BusinessZone, errand: Errand, question: Question) -> Html:
    """A question whose words are all in `ask-<kind>-<name>`."""
    return words(f"ask-{errand.kind}-{question.name}")


@dataclass(frozen=True, slots=True)
class ErrandView:
    """How an errand looks. `home` is the screen it was begun from, `done` shows what came of it."""

    home: Callable[[Errand], CallbackData]
    done: Callable[[Words, BusinessZone, ErrandDone], Screen]
    ask: Callable[[Words, BusinessZone, Errand, Question], Html] = ask_plainly
