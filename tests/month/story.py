"""What happens in the month, in the order in which it happens."""

from datetime import date, time, timedelta

from tests.month import owners_side as desk
from tests.month.by_hand import HandShift
from tests.month.play import Month

SECOND_HALF = date(2026, 11, 15)
GIFTS = (
    ("Ann", "flat", "20"),
    ("Boris", "percent_next", "2"),
    ("Cem", "double_commission", ""),
    ("Dana", "percent_prev", "1.5"),
    ("Elif", "percent_all", "2"),
    ("Farid", "paid_day_off", ""),
    ("Greta", "telegram_premium", ""),
)


async def tell(month: Month) -> None:
    """All of November, and the pay day after it."""
    await month.gather()
    await _tell_first_half(month)
    await _tell_pay_day(month)
    await _tell_second_half(month)
    await desk.close_and_pay(month, SECOND_HALF)


async def _tell_first_half(month: Month) -> None:
    await month.live_through(1, 3)
    for name, code, value in GIFTS:
        await desk.give(month, name, code, value)
    await month.live_through(4, 9)
    month.go_to(date(2026, 11, 10), time(7))
    await desk.set_wage(month, "Ines", "17.35", date(2026, 11, 10))
    await desk.take_day_off(month, "Farid", date(2026, 11, 13))
    month.off.add(("Farid", date(2026, 11, 13)))
    await month.race("Hugo", date(2026, 11, 10))
    await month.live_through(10, 11)
    shift = _find_sold(month, date(2026, 11, 11))
    await desk.refund(month, shift, next(iter(shift.sales)), "7.77", date(2026, 11, 11))
    await month.live_through(12, 14)
    await desk.confirm(month, ("Ann", "Boris"), date(2026, 11, 1))


async def _tell_pay_day(month: Month) -> None:
    await desk.close_and_pay(month, date(2026, 11, 1))
    shift = _find_sold(month, date(2026, 11, 14))
    model = next(iter(shift.sales))
    await desk.ask_for_correction(month, shift, model, str(shift.sales[model] + 33))
    await desk.ask_for_missing(month, "Dana", "0:30", "4:45")


async def _tell_second_half(month: Month) -> None:
    await month.live_through(15, 18)
    await desk.give_premium(month, "Greta")
    await month.live_through(19, 20)
    closed = _find_sold(month, date(2026, 11, 12))
    await desk.refund(month, closed, next(iter(closed.sales)), "11.11", date(2026, 11, 20))
    await desk.give(month, "Jan", "flat", "30")
    await desk.leave(month, "Jan", date(2026, 11, 20))
    await month.live_through(21, 22)
    await desk.adjust(month, "Hugo", "15.00", "the lost headset", date(2026, 11, 22), is_bonus=False)
    await desk.adjust(month, "Ann", "12.34", "for the new one she trained", date(2026, 11, 22), is_bonus=True)
    await month.live_through(23, 30)


def _find_sold(month: Month, until: date) -> HandShift:
    """The newest shift with sales up to a day that is the only one of its person and date, and not refunded yet."""
    for shift in reversed(month.book.shifts):
        same = [one for one in month.book.shifts if (one.who, one.day) == (shift.who, shift.day)]
        is_recent = shift.day <= until and until - shift.day < timedelta(days=10)
        if is_recent and shift.sales and len(same) == 1 and not shift.refunded:
            return shift
    raise LookupError(f"nobody has sold anything by {until}")
