"""A shift as a receipt, and why it is what it is (SPEC 4 "The receipt", SPEC 3.9)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from aiogram.filters.callback_data import CallbackData

from bot.errands import AdminErrand
from bot.keyboards.balance import BalancePage
from bot.keyboards.history import HistoryPage
from bot.keyboards.receipt import Listing, ReceiptView, ShowListedShift, ShowShift, build_receipt_keyboard
from bot.keyboards.team import ShowShifts
from bot.screen import Screen
from bot.views.amounts import format_pct
from bot.views.bonuses import describe_used
from bot.views.gifts import name_gift
from bot.views.rate_parts import spell_rate
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.business_time import BusinessZone, format_date
from payroll.explain import (
    compute_commission_parts,
    get_imported_difference,
    get_rate_parts,
    list_paying_bonuses,
)
from payroll.held_bonuses import BonusOrigins
from payroll.money import ZERO
from payroll.offers import UsedBonus
from payroll.records import Bonus, Shift
from payroll.refunds import Refund
from payroll.shifts import StoredShift

Names = Mapping[int, str]
UNKNOWN = BonusOrigins()
"""Where nothing is known of where bonuses come from."""


def render_receipt(
    words: Words,
    zone: BusinessZone,
    stored: StoredShift,
    names: Names,
    origins: BonusOrigins = UNKNOWN,
    *,
    headline: Html | None = None,
    moved: Sequence[Html | str] = (),
    refunds: Sequence[Refund] = (),
    may_refund: bool = False,
    is_own: bool = True,
    is_pay_shown: bool = True,
    shown: ShowShift | None = None,
) -> Screen:
    """The receipt of a recorded shift; `names` are the products' by id. An admin can book refunds.

    `moved` says which other shifts its recording moved. `is_own`: who reads is who worked. `is_pay_shown`: they may
    see what it made, and why. `shown` is the button that led here, which knows the way back.
    """
    head = headline or words("receipt-title", id=str(stored.shift_id))
    pay = _list_pay(words, stored, None, names, origins, is_own=is_own, is_pay_shown=is_pay_shown)
    refunded = list_refunds(words, refunds, names, is_pay_shown=is_pay_shown)
    text = words.lines([head, "", *_list_facts(words, zone, stored, None), "", *pay, *refunded, *moved])
    keyboard = build_receipt_keyboard(
        words,
        shown or ShowShift(shift_id=stored.shift_id),
        errands=list_shift_errands(stored, refunds) if may_refund else None,
        whose=_name_other(stored, is_own=is_own),
        back=_find_list(stored, shown),
        is_explained=is_pay_shown,
    )
    return Screen(text, keyboard, lasts=True, again=(shown or ShowShift(shift_id=stored.shift_id)).pack())


def render_change(
    words: Words,
    zone: BusinessZone,
    old: StoredShift,
    new: StoredShift,
    names: Names,
    origins: BonusOrigins = UNKNOWN,
    *,
    headline: Html,
    moved: Sequence[Html | str] = (),
    is_own: bool = True,
    is_pay_shown: bool = True,
) -> Screen:
    """The receipt of a corrected shift, old → new wherever they differ; `is_own`: who reads is who worked.

    `moved` says which other shifts the correction moved.
    `is_pay_shown`: they may see what it made, and why.
    """
    pay = _list_pay(words, new, old, names, origins, is_own=is_own, is_pay_shown=is_pay_shown)
    keyboard = build_receipt_keyboard(
        words,
        ShowShift(shift_id=new.shift_id),
        errands=None if is_own else list_shift_errands(new, ()),
        whose=_name_other(new, is_own=is_own),
        is_explained=is_pay_shown,
    )
    text = words.lines([headline, "", *_list_facts(words, zone, new, old), "", *pay, *moved])
    return Screen(text, keyboard, lasts=True, again=ShowShift(shift_id=new.shift_id).pack())


def render_why(
    words: Words,
    stored: StoredShift,
    day_sales: Decimal,
    names: Names,
    origins: BonusOrigins = UNKNOWN,
    *,
    refunds: Sequence[Refund] = (),
    may_refund: bool = False,
    is_own: bool = True,
    shown: ShowShift | None = None,
) -> Screen:
    """The sum step by step, from what the shift was priced with; `day_sales` in USD, up to this shift.

    `shown` is the button that led here, which knows the way back.
    """
    shift = stored.shift
    lines = [
        words("why-title", id=str(stored.shift_id)),
        "",
        words("why-time"),
        words("why-hours", worked=_spell_worked(words, shift), wage=format_amount(shift.terms.hourly_wage),
              amount=format_amount(shift.pay.total_per_hour)),
        "",
        *_list_sales(words, shift, names),
        "",
        *_list_rate(words, shift, day_sales),
        "",
        *_list_commissions(words, shift),
        *_list_gap_and_bonuses(words, shift, names, origins),
        "",
        words("why-sum", sum=_spell_sum(shift), amount=format_amount(shift.pay.total_made)),
    ]  # fmt: skip
    keyboard = build_receipt_keyboard(
        words,
        shown or ShowShift(shift_id=stored.shift_id, view=ReceiptView.WHY),
        errands=list_shift_errands(stored, refunds) if may_refund else None,
        whose=_name_other(stored, is_own=is_own),
        back=_find_list(stored, shown),
    )
    again = (shown or ShowShift(shift_id=stored.shift_id, view=ReceiptView.WHY)).pack()
    return Screen(words.lines(lines), keyboard, lasts=True, again=again)


def _name_other(stored: StoredShift, *, is_own: bool) -> tuple[str, int] | None:
    """Whose shift it is, where an admin reads of somebody else's."""
    return None if is_own else (stored.employee_name, stored.shift.employee_id)


def _find_list(stored: StoredShift, shown: ShowShift | None) -> CallbackData | None:
    """The page of the list that the shift was picked from, None where it was not."""
    if not isinstance(shown, ShowListedShift):
        return None
    if shown.listing is Listing.OWN:
        return HistoryPage(page=shown.page)
    if shown.listing is Listing.BALANCE:
        return BalancePage(page=shown.page)
    return ShowShifts(employee_id=stored.shift.employee_id, page=shown.page)


def list_shift_errands(stored: StoredShift, refunds: Sequence[Refund]) -> list[AdminErrand]:
    """What an admin can do about a shift that is recorded."""
    can_refund = [AdminErrand.REFUND] if stored.shift.work.products else []
    is_refunded = any(one.withdrawn_at is None for one in refunds)
    return [*can_refund, *([AdminErrand.WITHDRAW_REFUND] if is_refunded else [])]


def list_refunds(words: Words, refunds: Sequence[Refund], names: Names, *, is_pay_shown: bool = True) -> list[Html]:
    """The refunds of a shift, withdrawn ones struck out; what they took of the pay for who may see that."""
    lines = []
    for one in refunds:
        facts = {"product": names[one.product_id], "amount": format_amount(one.amount)}
        units = {"units": format_amount(one.units)} if is_pay_shown else {}
        line = words("receipt-refund" if is_pay_shown else "receipt-refund-unpriced", **facts, **units)
        lines.append(line if one.withdrawn_at is None else words("receipt-bonus-gone", bonus=line))
    return lines


def _list_facts(words: Words, zone: BusinessZone, new: StoredShift, old: StoredShift | None) -> list[Html]:
    def change(now: str, before: str | None) -> Html:
        return words("changed", old=before, new=now) if before is not None and before != now else words.lines([now])

    work, before = new.shift.work, old.shift.work if old else None
    day = change(format_date(work.shift_date), format_date(before.shift_date) if before else None)
    hours = change(str(new.shift.pay.worked_hours), str(old.shift.pay.worked_hours) if old else None)
    return [
        words("receipt-who", date=day, name=clean_name(new.employee_name)),
        words("receipt-start", at=change(zone.format(work.time_in), zone.format(before.time_in) if before else None)),
        words("receipt-end", at=change(zone.format(work.time_out), zone.format(before.time_out) if before else None)),
        words("receipt-hours", hours=hours),
        *([words("receipt-note", note=new.note)] if new.note else []),
    ]


def _list_pay(
    words: Words,
    new: StoredShift,
    old: StoredShift | None,
    names: Names,
    origins: BonusOrigins,
    *,
    is_own: bool,
    is_pay_shown: bool,
) -> list[Html | str]:
    sales = _list_sold(words, new, old, names)
    if not is_pay_shown:
        gifts = [words("receipt-bonus-name", bonus=name_gift(words, one.offer)) for one in new.shift.bonuses]
        return [*sales, *gifts, "", words("receipt-pay-hidden")]
    pay, before = new.shift.pay, old.shift.pay if old else None
    return [
        *sales,
        _write_rate(words, new, old),
        "",
        _write_amount(words, "receipt-hourly", pay.total_per_hour, before.total_per_hour if before else None),
        _write_amount(words, "receipt-commissions", pay.commissions, before.commissions if before else None),
        *(_describe_bonus(words, one, names, origins) for one in new.shift.bonuses),
        *_list_gone_bonuses(words, new.shift, old.shift if old else None, names, origins),
        *_list_imported_difference(words, new.shift),
        "",
        words(
            "receipt-made" if is_own else "receipt-made-theirs",
            amount=_change_amount(words, pay.total_made, before.total_made if before else None, unit="$"),
        ),
    ]


def _list_sold(words: Words, new: StoredShift, old: StoredShift | None, names: Names) -> list[Html]:
    pay, before = new.shift.pay, old.shift.pay if old else None
    old_sold = old.shift.work.products if old else {}
    sold = new.shift.work.products
    products = [
        _write_amount(words, "receipt-product", sold.get(one, ZERO), old_sold.get(one, ZERO) if old else None,
                      product=names[one])
        for one in sorted(sold.keys() | old_sold.keys())
    ]  # fmt: skip
    return [
        *(products or [words("receipt-no-sales")]),
        _write_amount(words, "receipt-total", pay.total_sales, before.total_sales if before else None),
        _write_amount(words, "receipt-net", pay.net_sales, before.net_sales if before else None),
    ]


def _write_amount(words: Words, key: str, now: Decimal, then: Decimal | None, **facts: str) -> Html:
    return words(key, amount=_change_amount(words, now, then), **facts)


def _write_rate(words: Words, new: StoredShift, old: StoredShift | None) -> Html:
    now = f"{new.shift.pay.commission_pct:,.2f}%"
    then = f"{old.shift.pay.commission_pct:,.2f}%" if old else now
    pct = words("changed", old=then, new=now) if then != now else Html(now)
    return words("receipt-rate", pct=pct, parts=spell_rate(words, get_rate_parts(new.shift)))


def _change_amount(words: Words, now: Decimal, then: Decimal | None, *, unit: str = "") -> Html:
    if then is None or then == now:
        return Html(unit + format_amount(now))
    return words("changed", old=unit + format_amount(then), new=unit + format_amount(now))


def _list_gone_bonuses(words: Words, new: Shift, old: Shift | None, names: Names, origins: BonusOrigins) -> list[Html]:
    kept = {bonus.bonus_id for bonus in new.bonuses}
    gone = [bonus for bonus in old.bonuses if bonus.bonus_id not in kept] if old else []
    return [words("receipt-bonus-gone", bonus=_describe_bonus(words, bonus, names, origins)) for bonus in gone]


def _list_imported_difference(words: Words, shift: Shift) -> list[Html]:
    difference = get_imported_difference(shift)
    return [words("receipt-imported-difference", amount=format_amount(difference))] if difference else []


def _describe_bonus(words: Words, bonus: Bonus, names: Names, origins: BonusOrigins) -> Html:
    """A bonus that a shift has used up: what it added, or that it is in the rate; and where it comes from."""
    product = names.get(bonus.product_id) if bonus.product_id is not None else None
    used = UsedBonus(bonus.offer, bonus.amount, bonus.basis_net, product, origins.find(bonus))
    told = describe_used(words, used)
    if bonus.amount is None:
        return words("receipt-bonus-name", bonus=told)
    return words("receipt-bonus", bonus=told, amount=format_amount(bonus.amount))


def _spell_worked(words: Words, shift: Shift) -> Html:
    """Exact, seconds included: an API may have told them (PAYROLL D4)."""
    minutes, seconds = divmod(shift.pay.worked_seconds, 60)
    spelled = words("why-worked", hours=str(minutes // 60), minutes=f"{minutes % 60:02}")
    return words("why-worked-seconds", worked=spelled, seconds=f"{seconds:02}") if seconds else spelled


def _list_sales(words: Words, shift: Shift, names: Names) -> list[Html]:
    pay, sold = shift.pay, shift.work.products
    return [
        words("why-sales"),
        *(words("receipt-product", product=names[one], amount=format_amount(sold[one])) for one in sold),
        *([words("why-total", amount=format_amount(pay.total_sales))] if len(sold) > 1 else []),
        *([] if sold else [words("receipt-no-sales")]),
        words("why-net", cut=format_pct(shift.terms.platform_cut_pct), amount=format_amount(pay.net_sales)),
    ]


def _list_rate(words: Words, shift: Shift, day_sales: Decimal) -> list[Html]:
    parts = get_rate_parts(shift)
    dynamic = {"pct": format_pct(parts.dynamic_pct), "sales": format_amount(day_sales)}
    due_pct = shift.terms.find_dynamic_pct(day_sales=day_sales, shift_sales=shift.pay.total_sales)
    is_kept = shift.is_refunded and due_pct != shift.pay.dynamic_pct
    return [
        words("why-rate"),
        words("why-base", pct=format_pct(parts.base_pct)),
        words("why-dynamic-kept" if is_kept else f"why-dynamic-{shift.terms.dynamic_basis}", **dynamic),
        *([words("why-doubled")] if parts.is_doubled else []),
        *([words("why-extra", pct=format_pct(parts.extra_pct))] if parts.extra_pct else []),
        words("why-pct", pct=f"{shift.pay.commission_pct:,.2f}%"),
    ]


def _list_commissions(words: Words, shift: Shift) -> list[Html]:
    pay = shift.pay
    parts = compute_commission_parts(shift)
    shares = [("base", parts.base), ("dynamic", parts.dynamic), ("doubling", parts.doubling), ("extra", parts.extra)]
    facts = {"net": format_amount(pay.net_sales), "pct": f"{pay.commission_pct:,.2f}%"}
    lines = [words("why-commissions"), words("why-product", **facts, amount=format_amount(pay.commissions))]
    if sum(1 for _, share in shares if share) > 1:
        lines += [words(f"why-share-{name}", amount=format_amount(share)) for name, share in shares if share]
    return lines


def _list_gap_and_bonuses(words: Words, shift: Shift, names: Names, origins: BonusOrigins) -> list[Html | str]:
    paying = [_describe_bonus(words, bonus, names, origins) for bonus in list_paying_bonuses(shift)]
    bonuses = ["", words("why-bonuses"), *paying] if paying else []
    difference = _list_imported_difference(words, shift)
    return [*bonuses, "", *difference] if difference else bonuses


def _spell_sum(shift: Shift) -> str:
    amounts = [shift.pay.total_per_hour, shift.pay.commissions]
    amounts += [bonus.amount for bonus in list_paying_bonuses(shift) if bonus.amount]
    amounts += [difference] if (difference := get_imported_difference(shift)) else []
    return " + ".join(format_amount(amount) for amount in amounts)
