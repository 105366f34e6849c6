"""Shifts priced anew at other terms, where a wage or a rate is changed back in time (SPEC 4 "Admin", PAYROLL D6)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from payroll.pricing import reprice_day
from payroll.records import DynamicBasis, Shift, Terms
from payroll.tables import RateStep


@dataclass(frozen=True, slots=True)
class TouchedShift:
    """A shift that would be paid otherwise at the terms in force on its date, in USD.

    `is_refunded`: it stays as it is, because a refund was booked at its rates (PAYROLL D35); its wage would change.
    """

    shift_id: int
    employee_id: int
    name: str
    shift_date: date
    old_made: Decimal
    new_made: Decimal
    is_refunded: bool

    @property
    def difference(self) -> Decimal:
        """What would be booked for it, negative where it made too much."""
        return self.new_made - self.old_made


@dataclass(frozen=True, slots=True)
class RatesFrom:
    """A table of dynamic rates with the business date from which it holds."""

    version_id: int
    since: date
    steps: tuple[RateStep, ...]


@dataclass(frozen=True, slots=True)
class RatesChange:
    """Another table of dynamic rates from a date on, and what it touches.

    `overtaken_on` is the date from which a later change that was made before stays in force, None where there is none.
    `is_pay_shown`: who changes it may see what the shifts that it touches made.
    """

    old: tuple[RateStep, ...]
    new: tuple[RateStep, ...]
    since: date
    touched: tuple[TouchedShift, ...] = ()
    overtaken_on: date | None = None
    is_pay_shown: bool = True


@dataclass(frozen=True, slots=True)
class PayTermsChange:
    """The platform's cut in percent and the basis of the day rate, from a date on, and what that touches.

    `held_since` is the date from which they held before. `is_pay_shown`: who has them hold may see what
    the shifts that it touches made.
    """

    cut_pct: Decimal
    basis: DynamicBasis
    since: date
    held_since: date
    touched: tuple[TouchedShift, ...] = ()
    is_pay_shown: bool = True


def price_at(shifts: Iterable[Shift], find_terms: Callable[[date], Terms]) -> dict[int, Shift]:
    """One person's shifts of whole dates at the terms of these dates, by id; those that change nothing are left out.

    Migrated history keeps its terms. Refunded shifts keep their rates, not their wage (PAYROLL D35). Example: 8 hours
    and 400.00 net at 15.00 and 10 % make 160.00; with the wage at 16.00 since that date they make 168.00.
    """
    ordered = sorted(shifts, key=lambda one: (one.work.shift_date, one.order_key))
    changed: dict[int, Shift] = {}
    for day, of_day in groupby(ordered, key=lambda one: one.work.shift_date):
        before = list(of_day)
        terms = find_terms(day)
        after = reprice_day([_put_at(one, terms) for one in before], before[0].order_key)
        changed.update(
            (new.shift_id, new)
            for old, new in zip(before, after, strict=True)
            if new != old and old.terms.imported is None
        )
    return changed


def _put_at(shift: Shift, terms: Terms) -> Shift:
    """The shift with as much of the terms as concerns it."""
    if shift.terms.imported is not None:
        return shift
    if shift.is_refunded:
        return replace(shift, terms=replace(shift.terms, hourly_wage=terms.hourly_wage))
    return replace(shift, terms=terms)
