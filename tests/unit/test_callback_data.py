"""What buttons carry fits: Telegram takes 64 bytes, and refuses the whole screen for one button above that."""

from datetime import date

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.errands import OwnErrand, PeriodSubject
from bot.keyboards.audit import LONGEST_SUBJECT, ShowHistory
from bot.keyboards.errand import BeginOwnErrand
from bot.keyboards.receipt import Listing, ShowListedShift

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
