"""What a shift made (SPEC 3.5 to 3.9). The one home of this sum; everything that shows it calls it or reads it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from payroll.money import CENT, HUNDRED, ZERO, compute_percent_of, round_cents
from payroll.offers import BonusType
from payroll.records import Bonus, ImportedInputs, OrderKey, Pay, Shift, Terms, Work

SECONDS_PER_HOUR = 3600


def compute_worked_seconds(work: Work) -> int:
    """Elapsed real time of a shift in seconds (SPEC 3.3). 22:00 to 06:00 over the autumn change is 32,400."""
    return int((work.time_out - work.time_in).total_seconds())


def compute_worked_hours(worked_seconds: int) -> Decimal:
    """Hours as shown, two decimals (SPEC 3.5). 8 h 20 min is 8.33; pay goes by the exact seconds."""
    return (Decimal(worked_seconds) / SECONDS_PER_HOUR).quantize(CENT, ROUND_HALF_UP)


def compute_exact_hours(worked_seconds: int) -> Decimal:
    """Hours that are summed up before they are shown, not rounded: three times 20 minutes are 1.00."""
    return Decimal(worked_seconds) / SECONDS_PER_HOUR


def compute_hourly_pay(worked_seconds: int, hourly_wage: Decimal) -> Decimal:
    """Hourly pay in USD from the exact time (SPEC 3.5). 8 h 20 min at 15.00 is 125.00."""
    return round_cents(Decimal(worked_seconds) * hourly_wage / SECONDS_PER_HOUR)


def compute_net_sales(total_sales: Decimal, platform_cut_pct: Decimal) -> Decimal:
    """Sales less the platform's cut in USD (SPEC 3.5). 500.00 less 20 % is 400.00."""
    return round_cents(total_sales * (HUNDRED - platform_cut_pct) / HUNDRED)


def compute_commission_pct(base_pct: Decimal, dynamic_pct: Decimal, bonuses: Iterable[Bonus]) -> Decimal:
    """Base plus dynamic, doubled once by a doubling, plus every percentage that applies (SPEC 3.7, PAYROLL D25).

    Example: 8 base and 2 dynamic with a doubling and a `percent_next_1` are 21 percent points.
    """
    used = list(bonuses)
    doubled = any(bonus.bonus_type is BonusType.DOUBLE_COMMISSION for bonus in used)
    extra = sum((bonus.value or ZERO for bonus in used if bonus.bonus_type is BonusType.PERCENT_NEXT), ZERO)
    return (base_pct + dynamic_pct) * (2 if doubled else 1) + extra


def compute_pay(work: Work, terms: Terms, dynamic_pct: Decimal, bonuses: Sequence[Bonus]) -> Pay:
    """The pay of a shift at its terms, its dynamic rate and the bonuses applied to it.

    Each amount follows from the stored amounts above it and is rounded once (PAYROLL D7).

    Example: 09:00 to 17:00 with 500.00 at wage 15, base 8, dynamic 2 and a cut of 20 %: net 400.00, 10.00 %,
    hourly 120.00, commissions 40.00, made 160.00.
    """
    seconds = compute_worked_seconds(work)
    net_sales = compute_net_sales(work.total_sales, terms.platform_cut_pct)
    commission_pct = compute_commission_pct(terms.base_pct, dynamic_pct, bonuses)
    hourly_pay = compute_hourly_pay(seconds, terms.hourly_wage)
    commissions = compute_percent_of(net_sales, commission_pct)
    bonus_pay = sum((bonus.amount or ZERO for bonus in bonuses), ZERO)
    pay = Pay(
        worked_seconds=seconds,
        worked_hours=compute_worked_hours(seconds),
        total_sales=work.total_sales,
        net_sales=net_sales,
        dynamic_pct=dynamic_pct,
        commission_pct=commission_pct,
        total_per_hour=hourly_pay,
        commissions=commissions,
        bonus_pay=bonus_pay,
        total_made=commissions + hourly_pay + bonus_pay,
    )
    return pay if terms.imported is None else keep_imported(pay, terms.imported)


def keep_imported(pay: Pay, imported: ImportedInputs) -> Pay:
    """The pay that the rules make of a shift, with what its history says in place of it (PAYROLL D42).

    An edit of the clocks changes hourly pay only, an edit of the sales commissions only; edited back, all is as it was.

    Example: 124.95 recorded for 8 h 20 min stays 124.95, and becomes 119.95 for 8 h.
    """
    is_same_sales = pay.total_sales == imported.total_sales
    net_sales = imported.net_sales if is_same_sales else pay.net_sales
    commission_pct = imported.commission_pct if imported.is_pct_fixed else pay.commission_pct
    if is_same_sales and commission_pct == imported.commission_pct:
        commissions = imported.commissions
    else:
        commissions = compute_percent_of(net_sales, commission_pct)
    hourly_pay = round_cents(imported.total_per_hour * pay.worked_seconds / imported.worked_seconds)
    return replace(
        pay,
        net_sales=net_sales,
        commission_pct=commission_pct,
        total_per_hour=hourly_pay,
        commissions=commissions,
        total_made=commissions + hourly_pay + pay.bonus_pay + imported.difference,
    )


def reprice(shift: Shift, *, bonuses: tuple[Bonus, ...]) -> Shift:
    """The same shift with other bonuses applied, at the terms and the dynamic rate it has."""
    return replace(shift, bonuses=bonuses, pay=compute_pay(shift.work, shift.terms, shift.pay.dynamic_pct, bonuses))


def reprice_day(shifts: Iterable[Shift], since: OrderKey) -> list[Shift]:
    """All shifts of one person and date in order, those from `since` on priced again at their own terms (SPEC 3.6, D8).

    Earlier ones keep their rate, and so do refunded ones (PAYROLL D35). Example: 500.00 and then 700.00 on one date:
    the second is at the rate of 1,200.00.
    """
    priced = []
    for shift, due_pct in list_due_rates(shifts):
        if shift.order_key < since:
            priced.append(shift)
            continue
        dynamic_pct = shift.pay.dynamic_pct if shift.is_refunded else due_pct
        priced.append(replace(shift, pay=compute_pay(shift.work, shift.terms, dynamic_pct, shift.bonuses)))
    return priced


def list_due_rates(shifts: Iterable[Shift]) -> list[tuple[Shift, Decimal]]:
    """All shifts of one person and date in order, each with the dynamic rate of the sales up to it (SPEC 3.6)."""
    day_sales = ZERO
    due = []
    for shift in sorted(shifts, key=lambda one: one.order_key):
        own_sales = shift.work.total_sales
        day_sales += own_sales
        due.append((shift, shift.terms.find_dynamic_pct(day_sales=day_sales, shift_sales=own_sales)))
    return due
