"""Questions to the admins: asking about something, taking, answering, rating."""

from collections.abc import Sequence
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.errands import AdminErrand, OwnErrand, PeriodSubject
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.deciding import Deciding
from bot.keyboards.errand import BeginOwnErrand, begin_button, build_back
from bot.keyboards.menu import MenuButton, Place, main_menu_button
from bot.seals import seal
from bot.words import Words
from payroll.questions import Question, QuestionState, Thread

QuestionId = Annotated[int, Field(gt=0, lt=2**63)]
"""What the database can hold; a made-up button may say anything."""
HIGHEST_RATING = 5


class ShowQuestion(CallbackData, prefix="qs"):
    """Show a question with all that was written."""

    question_id: QuestionId


class TakeQuestion(Deciding, prefix="qt"):
    """An admin makes it their own to answer."""

    question_id: QuestionId


class RateQuestion(Deciding, prefix="qr"):
    """Who asked says how well it was answered."""

    question_id: QuestionId
    rating: Annotated[int, Field(ge=1, le=HIGHEST_RATING)]


def ask_button(
    words: Words, *, shift_id: int | None = None, period: PeriodSubject | None = None
) -> InlineKeyboardButton:
    """The button that asks the admins: about a shift, the statement of one's period, or anything."""
    subject = f"s{shift_id}" if shift_id is not None else f"p{period.dump()}" if period is not None else ""
    data = BeginOwnErrand(kind=OwnErrand.QUESTION, subject=subject).pack()
    return InlineKeyboardButton(text=words.plain("button-question"), callback_data=data)


def ask_withdrawal_button(words: Words, shift_id: int) -> InlineKeyboardButton:
    """The button that asks the admins to withdraw the refund of a shift."""
    data = BeginOwnErrand(kind=OwnErrand.QUESTION, subject=f"w{shift_id}").pack()
    return InlineKeyboardButton(text=words.plain("button-ask-withdrawal"), callback_data=data)


def build_thread(words: Words, thread: Thread) -> InlineKeyboardMarkup:
    """What who looks can do about a question."""
    question = thread.question
    rows = _list_rows(words, thread)
    if thread.is_own:
        return build_back(words, MenuButton(to=Place.REQUESTS), *rows)
    if question.state is QuestionState.REQUESTED:
        rows = [[_take_button(words, question.question_id, question.name)], *rows]
    return build_back(words, DeskButton(to=Desk.REQUESTS), *rows)


def build_own(
    words: Words, corrections: Sequence[list[InlineKeyboardButton]], questions: Sequence[Question]
) -> InlineKeyboardMarkup:
    """One's own corrections, one's own questions, and a new one."""
    rows = [
        [
            InlineKeyboardButton(
                text=words.plain(f"button-own-question-{one.state}", number=str(one.question_id)),
                callback_data=ShowQuestion(question_id=one.question_id).pack(),
            )
        ]
        for one in questions
    ]
    return build_back(words, MenuButton(to=Place.BALANCE), *corrections, *rows, [ask_button(words)])


def build_take(words: Words, question_id: int, name: str, *, refunded_shift: int | None = None) -> InlineKeyboardMarkup:
    """Below the notice of somebody's question; `refunded_shift` is that whose refund they want withdrawn."""
    rows = [[_take_button(words, question_id, name)]]
    if refunded_shift is not None:
        rows = [[begin_button(words, AdminErrand.WITHDRAW_REFUND, refunded_shift)], *rows]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def build_answering(words: Words, question_id: int) -> InlineKeyboardMarkup:
    """Below a message that was passed on."""
    show = InlineKeyboardButton(
        text=words.plain("button-show-question"), callback_data=ShowQuestion(question_id=question_id).pack()
    )
    return InlineKeyboardMarkup(
        inline_keyboard=[[begin_button(words, OwnErrand.REPLY, question_id), show], [main_menu_button(words)]]
    )


def build_rating(words: Words, question_id: int) -> InlineKeyboardMarkup:
    """One to five stars."""
    return InlineKeyboardMarkup(inline_keyboard=[_rating_row(question_id), [main_menu_button(words)]])


def _list_rows(words: Words, thread: Thread) -> list[list[InlineKeyboardButton]]:
    question = thread.question
    if question.state is not QuestionState.RESOLVED:
        return [[begin_button(words, kind, question.question_id) for kind in (OwnErrand.REPLY, OwnErrand.RESOLVE)]]
    is_rated_here = thread.is_own and thread.is_answered and question.rating is None
    return [_rating_row(question.question_id)] if is_rated_here else []


def _take_button(words: Words, question_id: int, name: str) -> InlineKeyboardButton:
    data = TakeQuestion(seen=seal(name), question_id=question_id).pack()
    return InlineKeyboardButton(text=words.plain("button-take"), callback_data=data)


def _rating_row(question_id: int) -> list[InlineKeyboardButton]:
    ratings = [
        RateQuestion(seen=seal(), question_id=question_id, rating=stars) for stars in range(1, HIGHEST_RATING + 1)
    ]
    return [InlineKeyboardButton(text=f"{one.rating} ⭐", callback_data=one.pack()) for one in ratings]
