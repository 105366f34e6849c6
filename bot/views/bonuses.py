"""Bonuses in words, in one place."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from bot.spoken import spell_day
from bot.words import Html, Words
from payroll.amounts import format_amount
from payroll.offers import BonusOffer, BonusType


def describe_bonus(words: Words, bonus: BonusOffer | str) -> Html:
    """A bonus, also by its code: `flat_10` is "$10.00 on the spot", `percent_next_1` "+1% on your next shift"."""
    offer = read_code(bonus) if isinstance(bonus, str) else bonus
    key = f"bonus-{offer.bonus_type.replace('_', '-')}"
    if offer.value is None:
        return words(key)
    if offer.bonus_type is BonusType.FLAT:
        return words(key, amount=format_amount(offer.value))
    return words(key, percent=f"{offer.value.normalize():f}")


def list_bonuses(words: Words, bonuses: Iterable[BonusOffer | str]) -> Html:
    """Several bonuses after each other."""
    return Html(" · ".join(describe_bonus(words, bonus) for bonus in bonuses))


def describe_got(words: Words, bonus: BonusOffer | str, booked_on: date | None = None) -> Html:
    """A bonus that somebody has got, by its state: a flat is booked on a shift, or waits as all others do."""
    offer = read_code(bonus) if isinstance(bonus, str) else bonus
    if offer.bonus_type is not BonusType.FLAT or offer.value is None:
        return describe_bonus(words, offer)
    amount = format_amount(offer.value)
    if booked_on is None:
        return words("bonus-flat-waits", amount=amount)
    return words("bonus-flat-booked", amount=amount, day=spell_day(words, booked_on))


def list_got(words: Words, bonuses: Iterable[BonusOffer | str], booked_on: date | None = None) -> Html:
    """Several of them after each other."""
    return Html(" · ".join(describe_got(words, bonus, booked_on) for bonus in bonuses))


def read_code(code: str) -> BonusOffer:
    """A bonus as notices keep it, `flat_10` or `double_commission`."""
    if code in list(BonusType):
        return BonusOffer(BonusType(code), None)
    bonus_type, _, value = code.rpartition("_")
    return BonusOffer(BonusType(bonus_type), Decimal(value))
