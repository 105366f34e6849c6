"""What buttons carry fits: Telegram takes 64 bytes, and refuses the whole screen for one button above that."""

from datetime import date

import pytest
from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.errands import ErrandAct, OwnErrand, PeriodSubject
from bot.keyboards.audit import LONGEST_SUBJECT, ShowHistory
from bot.keyboards.deciding import list_prefixes
from bot.keyboards.errand import BeginOwnErrand, ErrandButton
from bot.keyboards.join import DecideJoin
from bot.keyboards.receipt import Listing, ShowListedShift
from bot.keyboards.requests import ApproveDayOff
from bot.seals import OF_ANOTHER_TIMELINE, stamp, unstamp

LAST_PAGE, HIGHEST_ID, HIGHEST_TELEGRAM_ID = 2**31 - 1, 2**63 - 1, 2**52 - 1


@pytest.mark.parametrize(
    "widest",
    [
        ShowHistory(page=LAST_PAGE, subject="x" * LONGEST_SUBJECT, origin=LAST_PAGE),
        ShowListedShift(shift_id=HIGHEST_ID, listing=Listing.MEMBER, page=LAST_PAGE),
        BeginOwnErrand(
            kind=OwnErrand.QUESTION, subject=f"p{PeriodSubject(date(2100, 12, 31), HIGHEST_TELEGRAM_ID).dump()}"
        ),
    ],
    ids=lambda one: type(one).__name__,
)
def test_the_widest_of_the_buttons_that_know_the_way_back_fit(widest: CallbackData) -> None:
    packed = widest.pack()
    assert len(packed.encode()) <= 64
    assert type(widest).unpack(packed) == widest


@pytest.mark.parametrize(
    "widest",
    [
        ErrandButton(seen="x" * 6, draft_id="x" * 8, revision=9999, act=ErrandAct.ANSWER, value="x" * 30),
        ApproveDayOff(seen="x" * 6, bonus_id=HIGHEST_ID, day=date(2100, 12, 31).toordinal()),
        DecideJoin(seen="x" * 6, request_id="x" * 16, is_approved=True, is_listed=True),
    ],
    ids=lambda one: type(one).__name__,
)
def test_the_widest_of_the_buttons_that_decide_fit_with_their_timeline(widest: CallbackData) -> None:
    keyboard = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data=widest.pack())]])
    stamped = stamp(keyboard, list_prefixes(), "999999").inline_keyboard[0][0].callback_data or ""
    assert len(stamped.encode()) <= 64
    assert unstamp(stamped, list_prefixes(), "999999") == widest.pack()
    assert f":{OF_ANOTHER_TIMELINE}:" in unstamp(stamped, list_prefixes(), "1")
