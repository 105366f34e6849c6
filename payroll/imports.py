"""What the old sheet says that a shift made, and what the rules make of that (PAYROLL D42, TECH T24)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from payroll.bonuses import RULES
from payroll.money import HUNDRED, ZERO, round_cents
from payroll.pricing import SECONDS_PER_HOUR, compute_hourly_pay, compute_pay
from payroll.records import Bonus, ImportedInputs, OrderKey, Pay, Shift, Terms, Work
from payroll.tables import MAX_WAGE


@dataclass(frozen=True, slots=True)
class RecordedPay:
    """The amounts that the sheet has for a shift, in USD and percent points; None where its cell is empty."""

    worked_hours: Decimal | None = None
    total_sales: Decimal | None = None
    net_sales: Decimal | None = None
    commission_pct: Decimal | None = None
    total_per_hour: Decimal | None = None
    commissions: Decimal | None = None
    total_made: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PayDifference:
    """An amount of the sheet that today's rules would make otherwise; `name` is the field of `RecordedPay`."""

    name: str
    recorded: Decimal
    by_rules: Decimal


@dataclass(frozen=True, slots=True)
class HistoricShift:
    """A shift as it was worked, before its pay is taken over. `dynamic_pct` is what the rate table gives it."""

    shift_id: int
    employee_id: int
    order_key: OrderKey
    work: Work
    terms: Terms
    dynamic_pct: Decimal
    bonuses: tuple[Bonus, ...]


def import_shift(
    history: HistoricShift, recorded: RecordedPay, *, breaks_rules: bool = False, is_repriced: bool = False
) -> tuple[Shift, tuple[PayDifference, ...]]:
    """A shift with the pay that it was recorded with, and where that differs from the rules (PAYROLL D42).

    Where today's rules, or another wage, give what was recorded, it becomes a shift like any other. Where nothing does,
    or `breaks_rules` says that its times alone need an exemption, its terms carry what was recorded. `is_repriced`:
    the rules' pay in place of the recorded one.

    Example: 500.00 at base 8 and dynamic 2 with 9.00 % recorded keeps 9.00 %, whatever the table says later.
    """
    bonuses = _take_over_amounts(history, recorded)
    by_rules = compute_pay(history.work, history.terms, history.dynamic_pct, bonuses)
    differences = tuple(_list_differences(recorded, by_rules))
    if is_repriced or not differences:
        terms, pay = history.terms, by_rules
    else:
        terms, pay = _keep(history, recorded, by_rules, bonuses)
    if breaks_rules and terms.imported is None:
        terms = replace(terms, imported=_describe(pay, is_pct_fixed=False))
    recorded_at, shift_id = history.order_key
    return Shift(shift_id, history.employee_id, recorded_at, history.work, terms, bonuses, pay), differences


def _list_differences(recorded: RecordedPay, pay: Pay) -> Iterator[PayDifference]:
    pairs = (
        ("worked_hours", recorded.worked_hours, pay.worked_hours),
        ("total_sales", recorded.total_sales, pay.total_sales),
        ("net_sales", recorded.net_sales, pay.net_sales),
        ("commission_pct", recorded.commission_pct, pay.commission_pct),
        ("total_per_hour", recorded.total_per_hour, pay.total_per_hour),
        ("commissions", recorded.commissions, pay.commissions),
        ("total_made", recorded.total_made, pay.total_made),
    )
    for name, was, due in pairs:
        if was is not None and was != due:
            yield PayDifference(name, was, due)


def _take_over_amounts(history: HistoricShift, recorded: RecordedPay) -> tuple[Bonus, ...]:
    """The bonuses with what they paid.

    The sheet has no amount for one that takes from others' sales; where a shift has one such bonus, it is what is left
    of the recorded total (SPEC 3.8). Several share it in a way that nobody wrote down: they get 0.00, the rest is the
    difference.
    """
    takers = [bonus for bonus in history.bonuses if RULES[bonus.bonus_type].takes_from_others]
    if len(takers) != 1 or recorded.total_made is None:
        return history.bonuses
    alone = compute_pay(history.work, history.terms, history.dynamic_pct, history.bonuses)
    parts = (
        _either(recorded.total_per_hour, alone.total_per_hour),
        _either(recorded.commissions, alone.commissions),
        alone.bonus_pay,
    )
    left = recorded.total_made - sum(parts, ZERO)
    if left <= 0 or not takers[0].value:
        return history.bonuses
    basis = round_cents(left * HUNDRED / takers[0].value)
    return tuple(
        replace(bonus, amount=left, basis_net=basis) if bonus is takers[0] else bonus for bonus in history.bonuses
    )


def _keep(history: HistoricShift, recorded: RecordedPay, by_rules: Pay, bonuses: Sequence[Bonus]) -> tuple[Terms, Pay]:
    """Terms that give the recorded pay, and that pay: another wage where that is all, else what was recorded."""
    hourly_pay = _either(recorded.total_per_hour, by_rules.total_per_hour)
    is_pct_fixed = recorded.commission_pct is not None and recorded.commission_pct != by_rules.commission_pct
    wage = history.terms.hourly_wage
    if hourly_pay != by_rules.total_per_hour:
        wage = min(round_cents(hourly_pay * SECONDS_PER_HOUR / by_rules.worked_seconds), MAX_WAGE)
    terms = replace(history.terms, hourly_wage=wage)
    if compute_hourly_pay(by_rules.worked_seconds, wage) == hourly_pay:
        pay = compute_pay(history.work, terms, history.dynamic_pct, bonuses)
        if all(one.name in ("worked_hours", "total_sales") for one in _list_differences(recorded, pay)):
            return terms, pay
    net_sales = _either(recorded.net_sales, by_rules.net_sales)
    kept = replace(
        by_rules,
        total_per_hour=hourly_pay,
        net_sales=net_sales if 0 <= net_sales <= by_rules.total_sales else by_rules.net_sales,
        commission_pct=_either(recorded.commission_pct, by_rules.commission_pct),
        dynamic_pct=ZERO if is_pct_fixed else by_rules.dynamic_pct,
    )
    kept = replace(kept, commissions=_either(recorded.commissions, _compute_commissions(kept)))
    parts = kept.total_per_hour + kept.commissions + kept.bonus_pay
    kept = replace(kept, total_made=_either(recorded.total_made, parts))
    terms = replace(
        terms,
        base_pct=kept.commission_pct if is_pct_fixed else terms.base_pct,
        imported=_describe(kept, is_pct_fixed=is_pct_fixed),
    )
    return terms, kept


def _compute_commissions(pay: Pay) -> Decimal:
    return round_cents(pay.net_sales * pay.commission_pct / HUNDRED)


def _describe(pay: Pay, *, is_pct_fixed: bool) -> ImportedInputs:
    return ImportedInputs(
        worked_seconds=pay.worked_seconds,
        total_per_hour=pay.total_per_hour,
        total_sales=pay.total_sales,
        net_sales=pay.net_sales,
        commission_pct=pay.commission_pct,
        is_pct_fixed=is_pct_fixed,
        commissions=pay.commissions,
        difference=pay.total_made - (pay.total_per_hour + pay.commissions + pay.bonus_pay),
    )


def _either(recorded: Decimal | None, by_rules: Decimal) -> Decimal:
    return by_rules if recorded is None else recorded
