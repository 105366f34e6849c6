"""One's ledger, page by page, and what each of its lines is about."""

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.keyboards.errand import turn_buttons
from bot.keyboards.menu import Place, place_button
from bot.keyboards.pay import ShowStatement
from bot.keyboards.receipt import Listing, ShowListedShift
from bot.words import Words
from payroll.statements import Booking


class BalancePage(CallbackData, prefix="bg"):
    """A page of the ledger, the newest lines on page 0."""

    page: int


def build_balance(
    words: Words, employee_id: int, labelled: Sequence[tuple[str, Booking]], page: int, page_count: int
) -> InlineKeyboardMarkup:
    """A button a line, to the receipt of its shift or the statement that tells of it; the pages; what is near."""
    rows = [
        [InlineKeyboardButton(text=label, callback_data=_find_page_about(one, employee_id, page).pack())]
        for label, one in labelled
    ]
    turns = turn_buttons(words, page, page_count, lambda to: BalancePage(page=to))
    places = [[Place.PAY, Place.REQUESTS], [Place.STATS, Place.HISTORY], [Place.MAIN]]
    near = [[place_button(words, to) for to in row] for row in places]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *([turns] if turns else []), *near])


def _find_page_about(booking: Booking, employee_id: int, page: int) -> CallbackData:
    if booking.shift_id is not None and booking.is_there:
        return ShowListedShift(shift_id=booking.shift_id, listing=Listing.BALANCE, page=page)
    return ShowStatement(start=booking.statement_day.toordinal(), employee_id=employee_id)
