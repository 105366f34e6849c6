"""Statistics, ranks, one's own shifts and the balance, as texts (SPEC 4)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby

from bot.keyboards.balance import BalancePage, build_balance
from bot.keyboards.history import build_history
from bot.keyboards.menu import MenuButton, Place, build_main_menu_only, build_places
from bot.keyboards.reports import build_ranks
from bot.screen import Screen
from bot.spoken import spell_day
from bot.views.amounts import spell_balance
from bot.views.bonuses import describe_got, list_bonuses, name_origin
from bot.views.months import spell_month
from bot.views.statement_lines import describe_booking
from bot.words import Html, Words
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone, format_date
from payroll.offers import BonusOffer, BonusOrigin, BonusType
from payroll.shifts import StoredShift
from payroll.standing import Rank, Standing, Summary
from payroll.statements import Balance, Booking


def render_stats(words: Words, summary: Summary, chart: bytes) -> Screen:
    """The month, the rank and the pay, below the month's picture."""
    standing, average = summary.standing, summary.rolling_average
    sales = words("stats-sales", amount=format_amount(standing.sold), count=summary.shift_count)
    text = words.lines(
        [
            words("stats-title", month=spell_month(words, standing.month)),
            "",
            words("stats-rank", emoji=standing.rank.emoji, name=standing.rank.name),
            sales,
            *_list_refunded(words, standing),
            _spell_next_rank(words, standing),
            "",
            words("stats-made", since=_day(summary.last_pay_day), amount=format_amount(summary.made_since_pay_day)),
            words("stats-next-pay-day", date=_day(summary.next_pay_day)),
            None if average is None else words("stats-average", amount=format_amount(average)),
        ]
    )
    keyboard = build_places(words, [[Place.HISTORY, Place.BALANCE], [Place.RANKS], [Place.MAIN]])
    return Screen(text, keyboard, photo=chart)


def render_ranks(
    words: Words,
    standing: Standing,
    waiting: Sequence[tuple[BonusOffer, BonusOrigin]],
    *,
    has_leaderboard: bool = False,
) -> Screen:
    """Every rank with its range and bonuses, where one stands, and the bonuses that wait."""
    lines: list[str | None] = [words("ranks-title", month=spell_month(words, standing.month))]
    for rank in standing.ranks:
        lines += ["", *_describe_rank(words, rank, is_here=rank is standing.rank)]
    lines += ["", words("ranks-standing", amount=format_amount(standing.sold)), *_list_refunded(words, standing)]
    if standing.next_rank is not None:
        missing = format_amount(standing.missing_sales)
        target = standing.next_rank
        lines.append(words("ranks-missing", missing=missing, emoji=target.emoji, name=target.name))
    if waiting:
        named = [name_origin(words, describe_got(words, offer), origin) for offer, origin in waiting]
        lines.append(words("ranks-waiting", bonuses=" · ".join(named)))
    month = standing.month if has_leaderboard else None
    has_day_off = any(offer.bonus_type is BonusType.PAID_DAY_OFF for offer, _ in waiting)
    keyboard = build_ranks(words, month, has_day_off=has_day_off)
    return Screen(words.lines(lines), keyboard, again=MenuButton(to=Place.RANKS).pack())


def render_history(
    words: Words, zone: BusinessZone, shifts: Sequence[StoredShift], page: int, page_count: int
) -> Screen:
    """A page of one's own shifts."""
    if not shifts:
        return Screen(words("history-empty"), build_main_menu_only(words))
    title = words("history-title")
    if page_count > 1:
        title = words("history-title-page", page=str(page + 1), pages=str(page_count))
    lines = [title, "", *(describe_shift(words, zone, one) for one in shifts), "", words("history-hint")]
    return Screen(words.lines(lines), build_history(words, shifts, page, page_count))


def render_balance(words: Words, zone: BusinessZone, employee_id: int, balance: Balance) -> Screen:
    """What is owed, and a page of the ledger by pay period: when how much was booked for what, and the way there."""
    lines: list[str | None] = [spell_owed(words, balance.amount)]
    if balance.page_count > 1:
        lines.append(words("balance-page", page=str(balance.page + 1), pages=str(balance.page_count)))
    for period, booked in groupby(balance.bookings, key=lambda one: one.period):
        lines += ["", words("balance-period", start=_day(period.start_date), end=_day(period.end_date))]
        lines += [_describe_booking(words, zone, one) for one in booked]
    if balance.bookings:
        lines += ["", words("balance-hint")]
    labelled = [(words.plain("button-booking", **_head(words, zone, one)), one) for one in balance.bookings]
    keyboard = build_balance(words, employee_id, labelled, balance.page, balance.page_count)
    return Screen(words.lines(lines), keyboard, again=BalancePage(page=balance.page).pack())


def _spell_next_rank(words: Words, standing: Standing) -> Html:
    target = standing.next_rank
    if target is None:
        return words("stats-top-rank")
    missing = format_amount(standing.missing_sales)
    return words("stats-next-rank", emoji=target.emoji, name=target.name, missing=missing)


def _describe_rank(words: Words, rank: Rank, *, is_here: bool) -> list[Html]:
    if rank.max_sales is None:
        reach = words("ranks-range-top", **{"from": format_amount(rank.min_sales)})
    else:
        reach = words("ranks-range", **{"from": format_amount(rank.min_sales)}, to=format_amount(rank.max_sales))
    bonuses = words("ranks-bonuses", bonuses=list_bonuses(words, rank.offers)) if rank.offers else None
    return [
        words("ranks-rank-here" if is_here else "ranks-rank", emoji=rank.emoji, name=rank.name),
        reach,
        bonuses or words("ranks-no-bonus"),
    ]


def describe_shift(words: Words, zone: BusinessZone, stored: StoredShift, *, is_pay_shown: bool = True) -> Html:
    """A shift in a list: its date and clocks, what was sold and made; without what was made for who may not see it."""
    work, pay = stored.shift.work, stored.shift.pay
    made = {"made": format_amount(pay.total_made)} if is_pay_shown else {}
    return words(
        "history-shift" if is_pay_shown else "history-shift-sold",
        date=_day(work.shift_date),
        start=f"{zone.to_wall(work.time_in):%H:%M}",
        end=f"{zone.to_wall(work.time_out):%H:%M}",
        hours=str(pay.worked_hours),
        sales=format_amount(pay.total_sales),
        **made,
    )


def spell_owed(words: Words, amount: Decimal) -> Html:
    """What a person is owed, or owes, in USD."""
    if amount == 0:
        return words("balance-nothing")
    return words("balance-title" if amount > 0 else "balance-negative", amount=format_amount(abs(amount)))


def _list_refunded(words: Words, standing: Standing) -> list[Html]:
    """What the sales that count are made of, where refunds lower the rank."""
    if not standing.refunded:
        return []
    refunded, counted = format_amount(standing.refunded), spell_balance(standing.sales)
    return [words("stats-refunded", refunded=refunded, counted=counted)]


def _describe_booking(words: Words, zone: BusinessZone, booking: Booking) -> Html:
    return words("balance-line", **_head(words, zone, booking), reason=describe_booking(words, booking))


def _head(words: Words, zone: BusinessZone, booking: Booking) -> dict[str, str]:
    """When a line was booked and over how much, with its sign."""
    amount = format_amount(abs(booking.amount))
    signed = words.plain("balance-credit" if booking.amount > 0 else "balance-debit", amount=amount)
    return {"day": spell_day(words, zone.date_of(booking.at)), "amount": signed}


def _day(day: date) -> str:
    return format_date(day)
