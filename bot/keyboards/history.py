"""One's own shifts, page by page."""

from collections.abc import Sequence

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.keyboards.menu import main_menu_button
from bot.keyboards.receipt import Listing, ShowListedShift
from bot.words import Words
from payroll.amounts import format_amount
from payroll.business_time import format_date
from payroll.shifts import StoredShift


class HistoryPage(CallbackData, prefix="h"):
    """A page of the list, the newest shifts on page 0."""

    page: int


def build_history(words: Words, shifts: Sequence[StoredShift], page: int, page_count: int) -> InlineKeyboardMarkup:
    """A button a shift, to its receipt, and the pages before and after."""
    rows = [[history_button(words, one, Listing.OWN, page)] for one in shifts]
    turns = [
        InlineKeyboardButton(text=words.plain(key), callback_data=HistoryPage(page=to).pack())
        for key, to in (("button-newer", page - 1), ("button-older", page + 1))
        if 0 <= to < page_count
    ]
    return InlineKeyboardMarkup(inline_keyboard=[*rows, *([turns] if turns else []), [main_menu_button(words)]])


def history_button(
    words: Words, stored: StoredShift, listing: Listing, page: int, *, is_pay_shown: bool = True
) -> InlineKeyboardButton:
    """The button to a shift's receipt, by its date and what it made, or sold where who looks may not see that."""
    pay = stored.shift.pay
    day, amount = format_date(stored.shift.work.shift_date), pay.total_made if is_pay_shown else pay.total_sales
    text = words.plain("button-history-shift", date=day, amount=format_amount(amount))
    data = ShowListedShift(shift_id=stored.shift_id, listing=listing, page=page)
    return InlineKeyboardButton(text=text, callback_data=data.pack())
