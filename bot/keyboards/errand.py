"""The buttons of errands: what begins one, and each question's, which carry the draft's id and revision."""

from collections.abc import Callable
from functools import partial
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.errands import AdminErrand, Choice, Errand, ErrandAct, OwnErrand, Question
from bot.keyboards.deciding import Deciding
from bot.keyboards.left import DraftId
from bot.keyboards.menu import main_menu_button
from bot.seals import OF_ANOTHER_TIMELINE, seal
from bot.words import Html, Words, clean_name

Subject = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{0,24}$")]


class BeginAdminErrand(CallbackData, prefix="ab"):
    """An admin wants something done; `subject` is what it is about."""

    kind: AdminErrand
    subject: Subject = ""


class BeginAdminErrandAnew(BeginAdminErrand, prefix="aba"):
    """The same, instead of the one that was begun before."""

    instead_of: DraftId


class BeginOwnErrand(CallbackData, prefix="ob"):
    """Somebody wants something done; `subject` is what it is about."""

    kind: OwnErrand
    subject: Subject = ""


class BeginOwnErrandAnew(BeginOwnErrand, prefix="oba"):
    """The same, instead of the one that was begun before."""

    instead_of: DraftId


class ErrandButton(Deciding, prefix="q"):
    """A tap on an errand's question; `value` belongs to the act."""

    draft_id: DraftId
    revision: Annotated[int, Field(ge=0, lt=2**31)]
    act: ErrandAct
    value: Annotated[str, Field(max_length=30)] = ""


Rows = list[list[InlineKeyboardButton]]
PageMaker = Callable[[int], CallbackData]


def begin_button(words: Words, kind: AdminErrand | OwnErrand, subject: str | int = "") -> InlineKeyboardButton:
    """The button that begins an errand; its text is the message `button-<kind>`."""
    text = words.plain(f"button-{kind}")
    if isinstance(kind, AdminErrand):
        return InlineKeyboardButton(text=text, callback_data=BeginAdminErrand(kind=kind, subject=str(subject)).pack())
    return InlineKeyboardButton(text=text, callback_data=BeginOwnErrand(kind=kind, subject=str(subject)).pack())


def turn_buttons(words: Words, page: int, page_count: int, make: PageMaker) -> list[InlineKeyboardButton]:
    """The buttons to the page before and the one after, of those that there are; pages count from 0."""
    turns = (("button-page-before", page - 1), ("button-page-after", page + 1))
    return [
        InlineKeyboardButton(text=words.plain(key), callback_data=make(to).pack())
        for key, to in turns
        if 0 <= to < page_count
    ]


def build_back(words: Words, to: CallbackData, *rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """Below what is done or only shown: rows of its own, then Back and the main menu."""
    return InlineKeyboardMarkup(
        inline_keyboard=[*rows, [_button(words.plain("button-back"), to), main_menu_button(words)]]
    )


def build_question(
    words: Words, errand: Errand, question: Question, home: CallbackData, text: Html
) -> InlineKeyboardMarkup:
    """The keyboard of a question whose words are `text`, with Back and Main menu.

    At the first question Back is `home`, where it was begun.
    """
    seen = seal(question.name, text, question.stands_on, [(one.value, one.label) for one in question.choices])
    make = partial(ErrandButton, seen=seen, draft_id=errand.draft_id, revision=errand.revision)
    buttons = [_choice_button(words, make, choice) for choice in question.choices]
    columns = question.columns
    rows: Rows = [buttons[at : at + columns] for at in range(0, len(buttons), columns)]
    turns = turn_buttons(words, errand.page, question.page_count, lambda to: make(act=ErrandAct.TURN, value=str(to)))
    back = _button(words.plain("button-back"), home if errand.is_at_start else make(act=ErrandAct.BACK))
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *([turns] if turns else []), [back, main_menu_button(words)]])


def show_errand(errand: Errand) -> str:
    """The data of the button that shows an errand's question as it is."""
    return _tap(errand, ErrandAct.SHOW).pack()


def read_errand_button(errand: Errand, text: str, typed: str) -> InlineKeyboardButton:
    """The button of one of two readings: `typed` is how it is typed so that it is plain."""
    return _button(text, _tap(errand, ErrandAct.READ, typed))


def _tap(errand: Errand, act: ErrandAct, value: str = "") -> ErrandButton:
    """A tap that decides nothing, and so stands for nothing that was shown."""
    return ErrandButton(
        seen=OF_ANOTHER_TIMELINE, draft_id=errand.draft_id, revision=errand.revision, act=act, value=value
    )


def _choice_button(words: Words, make: Callable[..., ErrandButton], choice: Choice) -> InlineKeyboardButton:
    text = words.plain(choice.key, **choice.facts) if choice.key else clean_name(choice.label)
    act = ErrandAct.ANSWER if choice.value else ErrandAct.SHOW
    return _button(text, make(act=act, value=choice.value))


def _button(text: str, data: CallbackData) -> InlineKeyboardButton:
    return InlineKeyboardButton(text=text, callback_data=data.pack())
