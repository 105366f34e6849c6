"""The bonuses: one rule a type, in one registry (SPEC 3 "Ranks and bonuses", PAYROLL D22 to D27).

A new type is one function, one line in `RULES`, one label a language, and rows in the tests.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TypeAlias

from payroll.errors import ErrorKey, InvalidInputError
from payroll.money import ZERO, compute_percent_of
from payroll.offers import BonusOffer, BonusType
from payroll.records import Bonus, BonusState, Shift, Sources

DRAW_LIMIT = 2**32
MAX_FLAT = Decimal("99999.99")

Draw: TypeAlias = Callable[[int], int]
"""The source of randomness: gives a whole number from 0 up to, not including, its argument."""


def choose(bonus: Bonus, candidates: Sequence[int]) -> int:
    """The candidate that the bonus's own number falls on; candidates in product-id order (PAYROLL D26)."""
    return candidates[bonus.draw * len(candidates) // DRAW_LIMIT]


def list_taking_models(products: Mapping[int, Decimal]) -> list[int]:
    """Models that take part in `percent_prev` and `percent_all`: at least 1 % of the shift's sales (PAYROLL D26)."""
    total = sum(products.values(), ZERO)
    return sorted(product_id for product_id, amount in products.items() if amount > 0 and amount * 100 >= total)


def _fix_flat(bonus: Bonus, _shift: Shift, _sources: Sources) -> Bonus:
    return replace(bonus, amount=bonus.value)


def _fix_percentage(bonus: Bonus, _shift: Shift, _sources: Sources) -> Bonus:
    return bonus


def _fix_percent_prev(bonus: Bonus, shift: Shift, sources: Sources) -> Bonus:
    source = sources.previous
    if source is None or bonus.value is None:
        return replace(bonus, basis_net=ZERO, amount=ZERO)
    both_sold = [model for model in list_taking_models(shift.work.products) if source.products.get(model, ZERO) > 0]
    if not both_sold:
        return replace(bonus, basis_net=ZERO, amount=ZERO)
    model = choose(bonus, both_sold)
    net = source.compute_net_on(model)
    amount = compute_percent_of(net, bonus.value)
    return replace(bonus, product_id=model, source_shift_id=source.shift_id, basis_net=net, amount=amount)


def _fix_percent_all(bonus: Bonus, shift: Shift, sources: Sources) -> Bonus:
    models = list_taking_models(shift.work.products)
    if not models or bonus.value is None:
        return replace(bonus, basis_net=ZERO, amount=ZERO)
    model = choose(bonus, models)
    net = sum((source.compute_net_on(model) for source in sources.same_day), ZERO)
    return replace(bonus, product_id=model, basis_net=net, amount=compute_percent_of(net, bonus.value))


@dataclass(frozen=True, slots=True)
class BonusRule:
    """How one type behaves: what it needs, and how it is fixed on the shift that uses it up."""

    has_value: bool
    fix: Callable[[Bonus, Shift, Sources], Bonus] | None
    """None where it does not act on a shift: it waits for an admin (PAYROLL D23)."""
    needs_sales: bool = False
    once_a_shift: bool = False
    takes_from_others: bool = False
    max_value: Decimal = Decimal(100)

    @property
    def allowed(self) -> str:
        """Which numbers can be its value, where it has one."""
        return f"above 0, at most {self.max_value:,}, with at most two decimals"


RULES: Mapping[BonusType, BonusRule] = {
    BonusType.FLAT: BonusRule(has_value=True, fix=_fix_flat, max_value=MAX_FLAT),
    BonusType.PERCENT_NEXT: BonusRule(has_value=True, fix=_fix_percentage, needs_sales=True),
    BonusType.DOUBLE_COMMISSION: BonusRule(has_value=False, fix=_fix_percentage, needs_sales=True, once_a_shift=True),
    BonusType.PERCENT_PREV: BonusRule(has_value=True, fix=_fix_percent_prev, needs_sales=True, takes_from_others=True),
    BonusType.PERCENT_ALL: BonusRule(has_value=True, fix=_fix_percent_all, needs_sales=True, takes_from_others=True),
    BonusType.PAID_DAY_OFF: BonusRule(has_value=False, fix=None),
    BonusType.TELEGRAM_PREMIUM: BonusRule(has_value=False, fix=None),
}


def check_offer(bonus_type: str, value: Decimal | None, *, field: str = "value") -> BonusOffer:
    """A type and its number as an offer, or an error that says which types and numbers there are (TECH T14).

    `field` is what the number is called where it was given.
    """
    if bonus_type not in RULES:
        allowed = ", ".join(RULES)
        raise InvalidInputError(
            ErrorKey.BONUS_TYPE_UNKNOWN, field="bonus_type", value=bonus_type, allowed=f"one of {allowed}"
        )
    known = BonusType(bonus_type)
    rule = RULES[known]
    if not rule.has_value:
        if value is not None:
            raise InvalidInputError(ErrorKey.VALUE_INVALID, field=field, value=value, allowed=f"none for {bonus_type}")
        return BonusOffer(known, None)
    if (
        value is None
        or not value.is_finite()
        or not 0 < value <= rule.max_value
        or value != value.quantize(Decimal("0.01"))
    ):
        raise InvalidInputError(ErrorKey.VALUE_INVALID, field=field, value=value, allowed=rule.allowed)
    return BonusOffer(known, value)


def acts_on(bonus: Bonus, shift: Shift) -> bool:
    """Whether a pending bonus is used up by this new shift (PAYROLL D22 to D24).

    A bonus earned by a shift waits for one that is recorded later and starts no earlier.
    """
    rule = RULES[bonus.bonus_type]
    if rule.fix is None or (rule.needs_sales and shift.work.total_sales == 0):
        return False
    earned_by = bonus.earned_by
    if earned_by is None:
        return True
    return shift.order_key > earned_by.order_key and shift.work.time_in >= earned_by.time_in


def apply_to(bonus: Bonus, shift: Shift, sources: Sources) -> Bonus:
    """The bonus used up by the shift, its model, source and amount fixed for good (PAYROLL D27)."""
    fix = RULES[bonus.bonus_type].fix
    if fix is None:
        raise ValueError(f"{bonus.bonus_type} does not act on a shift")
    fixed = fix(bonus, shift, sources)
    return replace(fixed, state=BonusState.APPLIED, shift_id=shift.shift_id)


def use_up(pending: Sequence[Bonus], shift: Shift, sources: Sources) -> tuple[Bonus, ...]:
    """The pending bonuses that this new shift uses up, applied, oldest first; one doubling at most (PAYROLL D25)."""
    used: list[Bonus] = []
    for bonus in sorted(pending, key=lambda one: (one.created_at, one.bonus_id or 0)):
        once = RULES[bonus.bonus_type].once_a_shift
        if once and any(other.bonus_type is bonus.bonus_type for other in used):
            continue
        if acts_on(bonus, shift):
            used.append(apply_to(bonus, shift, sources))
    return tuple(used)


def release(bonus: Bonus) -> Bonus:
    """The bonus as it was before a shift used it (PAYROLL D13, D27)."""
    return replace(
        bonus,
        state=BonusState.PENDING,
        shift_id=None,
        product_id=None,
        source_shift_id=None,
        basis_net=None,
        amount=None,
    )
