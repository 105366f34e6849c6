"""The steps of recording and correcting a shift, as screens."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from aiogram.types import InlineKeyboardButton

from bot.errands import AdminErrand
from bot.forms import END_OF_BEFORE, Act, EditField, Form, Kind, Step
from bot.keyboards.errand import begin_button
from bot.keyboards.form import Offer, build_discard_keyboard, build_form_keyboard
from bot.keyboards.menu import build_main_menu_only
from bot.keyboards.questions import ask_withdrawal_button
from bot.keyboards.receipt import build_edit_list
from bot.screen import Screen
from bot.spoken import spell_day, spell_weekday
from bot.views.clock import render_clock
from bot.views.months import spell_month
from bot.views.moved import list_moved
from bot.views.receipt import UNKNOWN, render_change, render_receipt
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone, format_clock, format_date
from payroll.held_bonuses import BonusOrigins
from payroll.money import ZERO
from payroll.products import Catalogue
from payroll.records import get_month
from payroll.shifts import RunningShift, ShiftChange, StoredShift

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a form's text is made of; `stored` is the shift that it corrects, whose pay may be shown."""

    words: Words
    zone: BusinessZone
    form: Form
    catalogue: Catalogue
    stored: StoredShift | None
    is_pay_shown: bool
    now: datetime
    may_end_now: bool
    may_withdraw: bool

    @property
    def is_refunded(self) -> bool:
        """Whether it corrects a shift that has a refund (PAYROLL D35)."""
        return self.stored is not None and self.stored.shift.is_refunded


def render_form(
    words: Words,
    zone: BusinessZone,
    form: Form,
    catalogue: Catalogue,
    stored: StoredShift | None,
    *,
    problem: Html | None = None,
    is_pay_shown: bool = True,
    now: datetime,
    may_end_now: bool = False,
    may_withdraw: bool = False,
) -> Screen:
    """What a form asks for now, under what it knows; `problem` says why the last answer was not taken.

    `now` is this minute; `may_end_now`: the shift may have ended then; `may_withdraw`: who is asked may withdraw the
    refund of the shift.
    """
    shown = _Shown(words, zone, form, catalogue, stored, is_pay_shown, now, may_end_now, may_withdraw)
    known = _list_known(shown)
    asked = _QUESTIONS[form.step](shown)
    lines: list[str | None] = [*known, "" if known else None, problem, "" if problem else None, asked]
    keyboard = build_form_keyboard(words, form, catalogue, stored, _list_offers(shown), _list_ways_on(shown))
    return Screen(words.lines(lines), keyboard)


def render_saved(
    words: Words,
    zone: BusinessZone,
    form: Form,
    change: ShiftChange,
    catalogue: Catalogue,
    origins: BonusOrigins = UNKNOWN,
    *,
    is_pay_shown: bool,
) -> Screen:
    """The receipt of what was recorded or corrected, or that a shift is deleted."""
    shift_id = str(change.shift_id)
    before, after = change.before, change.after
    moved = list_moved(words, change.moved, change.kept, is_pay_shown=is_pay_shown)
    if after is None:
        made = format_amount(before.shift.pay.total_made if before else ZERO)
        told = words("edit-deleted", id=shift_id, amount=made)
        if not is_pay_shown:
            told = words("edit-deleted-unpriced", id=shift_id)
        return Screen(words.lines([told, *moved]), build_main_menu_only(words))
    is_own = form.for_id is None
    if form.kind is Kind.NEW or before is None:
        headline = words("receipt-saved", id=shift_id)
        return render_receipt(
            words,
            zone,
            after,
            catalogue.names,
            origins,
            headline=headline,
            moved=moved,
            may_refund=not is_own,
            is_own=is_own,
            is_pay_shown=is_pay_shown,
        )
    headline = words("receipt-corrected", id=shift_id)
    return render_change(
        words,
        zone,
        before,
        after,
        catalogue.names,
        origins,
        headline=headline,
        moved=moved,
        is_own=is_own,
        is_pay_shown=is_pay_shown,
    )


def render_edit_list(words: Words, zone: BusinessZone, shifts: list[StoredShift]) -> Screen:
    """The last shifts, to pick one to correct."""
    if not shifts:
        return Screen(words("edit-nothing"), build_main_menu_only(words))
    return Screen(words("edit-which"), build_edit_list(words, zone, shifts))


def render_discard(words: Words, zone: BusinessZone, running: RunningShift, form: Form | None) -> Screen:
    """Asks before a running shift is dropped; `form` is the open one that ends it."""
    text = words("discard-sure", since=zone.format(running.time_in))
    return Screen(text, build_discard_keyboard(words, running, form))


def _list_known(shown: _Shown) -> list[str]:
    if shown.stored is None:
        name = shown.form.for_name
        whose = _tell_request(shown)
        whose += [shown.words("form-for", name=clean_name(name))] if name is not None else []
        return [*whose, *_list_clocks(shown), *_list_products(shown, shown.form.products)]
    words, stored = shown.words, shown.stored
    work = stored.shift.work
    start, end = shown.zone.format(work.time_in), shown.zone.format(work.time_out)
    lines = [
        words("edit-title", id=str(stored.shift_id), name=clean_name(stored.employee_name)),
        words("edit-times", start=start, end=end),
        *_tell_request(shown),
    ]
    is_about_clocks = shown.form.edited in (EditField.CLOCK_IN, EditField.CLOCK_OUT) and shown.form.trail
    return lines + (_list_clocks(shown) if is_about_clocks else _list_products(shown, work.products))


def _tell_request(shown: _Shown) -> list[str]:
    """That what is entered goes to the admins, as soon as that is known, and as long as it is not asked for yet."""
    form = shown.form
    if form.step in (Step.CLOSED, Step.REASON) or form.running_id is not None:
        return []
    if form.has_left:
        return [shown.words("form-left-ahead")]
    is_asked_anew = form.kind is Kind.NEW and form.step is Step.DAY
    return [shown.words("form-closed-ahead")] if form.is_closed and not is_asked_anew else []


def _list_clocks(shown: _Shown) -> list[str]:
    """The date and the clocks that have been told, down to the step that asks for more."""
    words, zone, form = shown.words, shown.zone, shown.form
    step = form.trail[-1] if form.step in (Step.TWICE, Step.DAY_SURE) else form.step
    lines: list[str] = []
    if step is Step.START and form.day is not None:
        lines.append(words("form-day", date=format_date(form.day)))
    if step not in (Step.DAY, Step.START) and form.start is not None:
        lines.append(words("form-start", at=zone.format(form.start)))
    if step not in (Step.DAY, Step.START, Step.END, Step.WHICH_END) and form.end is not None:
        lines.append(words("form-end", at=zone.format(form.end)))
    return lines


def _list_products(shown: _Shown, products: Mapping[int, Decimal]) -> list[str]:
    words, names = shown.words, shown.catalogue.names
    lines: list[str] = [
        words("receipt-product", product=names[one], amount=format_amount(sold)) for one, sold in products.items()
    ]
    if len(lines) > 1:
        lines.append(words("receipt-total", amount=format_amount(sum(products.values(), ZERO))))
    return lines


Question = Callable[[_Shown], Html]


def _ask(key: str) -> Question:
    return lambda shown: shown.words(key)


def _ask_day(shown: _Shown) -> Html:
    if shown.stored is None:
        asked = shown.words("form-which-day" if shown.form.for_id is None else "form-which-day-for")
    else:
        asked = shown.words("form-which-day-edit")
    return shown.words.lines([render_clock(shown.words, shown.zone, shown.now), "", asked])


def _ask_day_sure(shown: _Shown) -> Html:
    day = shown.form.day
    return shown.words("form-day-sure", date=format_date(day) if day else "")


def _ask_move_sure(shown: _Shown) -> Html:
    """From which date to which, and where the shift counts from then on."""
    words, form, stored = shown.words, shown.form, shown.stored
    if stored is None or form.start is None:
        raise LookupError("a move is asked about only with the shift and its new start")
    old, new = stored.shift.work.shift_date, shown.zone.date_of(form.start)
    lines = [words("form-moves", old=spell_day(words, old), new=spell_day(words, new))]
    if get_month(old) != get_month(new):
        lines.append(words("form-moves-month", month=spell_month(words, get_month(new))))
    if form.moved_to is not None:
        start, end = form.moved_to
        lines.append(words("form-moves-period", start=format_date(start), end=format_date(end)))
    return words.lines([*lines, "", words("form-moves-sure")])


def _ask_start(shown: _Shown) -> Html:
    clock = render_clock(shown.words, shown.zone, shown.now)
    return shown.words.lines([clock, "", shown.words("form-which-start")])


def _ask_end(shown: _Shown) -> Html:
    is_own_running = shown.form.running_id is not None and shown.form.for_id is None
    return shown.words("form-which-end-running" if is_own_running else "form-which-end")


def _ask_which_end(shown: _Shown) -> Html:
    if shown.form.end is None:
        raise LookupError("which end holds is asked only where there is one")
    return shown.words("form-which-of-ends", clock=_format_clock(shown, shown.form.end))


def _ask_field(shown: _Shown) -> Html:
    asked = shown.words("form-which-field")
    return shown.words.lines([shown.words("form-refunded"), "", asked]) if shown.is_refunded else asked


def _list_ways_on(shown: _Shown) -> list[InlineKeyboardButton]:
    """Where a refund is in the way: its withdrawal, or the button that asks the admins for it (PAYROLL D35)."""
    form, stored = shown.form, shown.stored
    if form.step is not Step.FIELD or stored is None or not shown.is_refunded:
        return []
    if shown.may_withdraw:
        return [begin_button(shown.words, AdminErrand.WITHDRAW_REFUND, stored.shift_id)]
    return [] if form.has_left else [ask_withdrawal_button(shown.words, stored.shift_id)]


def _list_offers(shown: _Shown) -> list[Offer]:
    """What can be tapped: the days; or the end of before and, where it may be, this minute."""
    if shown.form.step is Step.DAY:
        return [Offer(Act.DAY, text, day.isoformat()) for text, day in _list_days(shown)]
    if shown.form.step is Step.WHICH_END and shown.form.end is not None:
        return _list_ends(shown, shown.form.end)
    return []


def _list_days(shown: _Shown) -> list[tuple[str, date]]:
    """Yesterday and today; of a shift that is corrected its own date first."""
    words = shown.words
    if shown.stored is not None:
        own = shown.stored.shift.work.shift_date
        return [(spell_day(words, day), day) for day in (own, own - _ONE_DAY, own + _ONE_DAY)]
    today = shown.zone.date_of(shown.now)
    days = (("button-yesterday", today - _ONE_DAY), ("button-today", today))
    return [(words.plain(key, date=spell_weekday(words, day)), day) for key, day in days]


def _list_ends(shown: _Shown, end: datetime) -> list[Offer]:
    ends = [Offer(Act.END, _format_clock(shown, end), END_OF_BEFORE)]
    if shown.may_end_now:
        text = shown.words.plain("button-end-now", clock=_format_clock(shown, shown.now))
        ends.append(Offer(Act.END, text, str(int(shown.now.timestamp()) // 60)))
    return ends


def _format_clock(shown: _Shown, at: datetime) -> str:
    return f"{shown.zone.to_wall(at):%H:%M}"


def _ask_twice(shown: _Shown) -> Html:
    return shown.words("form-twice", clock=format_clock(shown.form.clock) if shown.form.clock else "")


def _ask_sure(shown: _Shown) -> Html:
    form = shown.form
    worked = form.end - form.start if form.start and form.end else None
    minutes = int(worked.total_seconds()) // 60 if worked else 0
    return shown.words("form-sure", hours=str(minutes // 60), minutes=f"{minutes % 60:02}")


def _ask_product(shown: _Shown) -> Html:
    return shown.words("form-which-more" if shown.form.products else "form-which-product")


def _ask_amount(shown: _Shown) -> Html:
    product_id = shown.form.product_id or 0
    sold = shown.stored.shift.work.products if shown.stored else shown.form.products
    product = shown.catalogue.names[product_id]
    if product_id not in sold:
        return shown.words("form-amount", product=product)
    key = "form-amount-edit" if shown.stored else "form-amount-again"
    return shown.words(key, product=product, amount=format_amount(sold[product_id]))


def _ask_amount_sure(shown: _Shown) -> Html:
    return shown.words("form-amount-sure", amount=format_amount(shown.form.amount or ZERO))


def _ask_total(shown: _Shown) -> Html:
    total = shown.stored.shift.pay.total_sales if shown.stored else ZERO
    return shown.words("form-total", amount=format_amount(total))


def _ask_delete(shown: _Shown) -> Html:
    if not shown.is_pay_shown:
        return shown.words("form-delete-unpriced")
    made = shown.stored.shift.pay.total_made if shown.stored else ZERO
    return shown.words("form-delete", amount=format_amount(made))


def _ask_closed(shown: _Shown) -> Html:
    said = shown.words("form-closed-left" if shown.form.has_left else "form-closed")
    return shown.words.lines([*_list_wanted(shown), said])


def _ask_reason(shown: _Shown) -> Html:
    return shown.words.lines([*_list_wanted(shown), shown.words("form-reason")])


def _list_wanted(shown: _Shown) -> list[str]:
    """What is to be corrected about the shift, where its other lines do not say it."""
    words, form = shown.words, shown.form
    if form.edited is EditField.DELETE:
        return [words("form-closed-delete"), ""]
    if form.amount is None:
        return []
    amount = format_amount(form.amount)
    if form.edited is EditField.TOTAL:
        return [words("form-closed-total", amount=amount), ""]
    return [words("form-closed-sales", product=shown.catalogue.names[form.product_id or 0], amount=amount), ""]


_QUESTIONS: Mapping[Step, Question] = {
    Step.DAY: _ask_day,
    Step.DAY_SURE: _ask_day_sure,
    Step.START: _ask_start,
    Step.END: _ask_end,
    Step.WHICH_END: _ask_which_end,
    Step.TWICE: _ask_twice,
    Step.MOVE_SURE: _ask_move_sure,
    Step.SURE: _ask_sure,
    Step.PRODUCT: _ask_product,
    Step.AMOUNT: _ask_amount,
    Step.AMOUNT_SURE: _ask_amount_sure,
    Step.FIELD: _ask_field,
    Step.TOTAL: _ask_total,
    Step.DELETE: _ask_delete,
    Step.CLOSED: _ask_closed,
    Step.REASON: _ask_reason,
}
