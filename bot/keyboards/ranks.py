"""The desk of ranks."""

from collections.abc import Sequence
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from pydantic import Field

from bot.errands import AdminErrand
from bot.keyboards.admin import Desk, DeskButton
from bot.keyboards.errand import begin_button, build_back, turn_buttons
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.team import PageNumber
from bot.words import Words
from payroll.rank_tables import RankRow

RANKS_ON_A_PAGE = 8


class RanksPage(CallbackData, prefix="kl"):
    """A page of the rank table."""

    page: PageNumber


class ShowRank(CallbackData, prefix="ks"):
    """A rank of it."""

    rank_id: Annotated[int, Field(ge=0, lt=2**31)]


class RecalculateRanks(CallbackData, prefix="kr"):
    """An admin has everybody's rank of this month worked out again."""


def build_ranks(words: Words, rows: Sequence[RankRow], page: int, page_count: int) -> InlineKeyboardMarkup:
    """A button a rank, the pages, a new rank, and working everything out again."""
    buttons = [
        InlineKeyboardButton(
            text=words.plain("button-rank", emoji=row.emoji, name=row.name),
            callback_data=ShowRank(rank_id=row.rank_id or 0).pack(),
        )
        for row in rows[page * RANKS_ON_A_PAGE : (page + 1) * RANKS_ON_A_PAGE]
    ]
    two_by_two = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    turns = turn_buttons(words, page, page_count, lambda to: RanksPage(page=to))
    recalculating = InlineKeyboardButton(
        text=words.plain("button-recalculate"), callback_data=RecalculateRanks().pack()
    )
    doing = [begin_button(words, AdminErrand.RANK_ADD), recalculating]
    return build_back(words, MenuButton(to=Place.ADMIN), *two_by_two, *([turns] if turns else []), doing)


def build_rank(words: Words, row: RankRow) -> InlineKeyboardMarkup:
    """What can be changed of a rank; the lowest always begins at 0."""
    starts = [AdminErrand.RANK_FROM] if row.min_sales else []
    gifts = [AdminErrand.GIFT_ADD, *([AdminErrand.GIFT_REMOVE] if row.offers else [])]
    kinds = [
        [AdminErrand.RANK_NAME, AdminErrand.RANK_EMOJI],
        [AdminErrand.RANK_TEXT, *starts],
        gifts,
        [AdminErrand.RANK_REMOVE],
    ]
    rows = [[begin_button(words, kind, row.rank_id or 0) for kind in line] for line in kinds]
    return build_back(words, DeskButton(to=Desk.RANKS), *rows)
