"""Bonuses in words, in one place."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from bot.spoken import spell_day
from bot.views.amounts import format_pct
from bot.views.months import spell_month
from bot.words import Html, Words, clean_name
from payroll.amounts import format_amount
from payroll.money import ZERO
from payroll.offers import BonusOffer, BonusOrigin, BonusType, UsedBonus


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


def describe_used(words: Words, used: UsedBonus) -> str:
    """A bonus that a shift has used up, and where it comes from; its amount, where it has one, stands beside it.

    As plain text: receipts, statements as messages, PDF and XLSX say the same.
    """
    return name_origin(words, _spell_used(words, used), used.origin)


def name_origin(words: Words, bonus: str, origin: BonusOrigin) -> str:
    """What a bonus is, with the rank and the month that gave it, or the admin and why; as plain text."""
    if origin.rank is not None and origin.month is not None:
        return words.plain("bonus-of-rank", bonus=bonus, rank=origin.rank, month=spell_month(words, origin.month))
    if origin.giver is None:
        return bonus
    facts = {"bonus": bonus, "giver": clean_name(origin.giver)}
    if origin.reason is None:
        return words.plain("bonus-of-giver", **facts)
    return words.plain("bonus-of-giver-why", **facts, why=" ".join(clean_name(origin.reason).split()))


def _spell_used(words: Words, used: UsedBonus) -> str:
    key = f"used-{used.offer.bonus_type.replace('_', '-')}"
    pct = format_pct(used.offer.value or ZERO)
    if used.offer.bonus_type not in (BonusType.PERCENT_PREV, BonusType.PERCENT_ALL):
        return words.plain(key, pct=pct)
    if used.net is not None and not used.net:
        return words.plain(f"{key}-none", pct=pct)
    if used.net is None or used.product is None:
        return words.plain(f"{key}-imported", pct=pct)
    return words.plain(key, pct=pct, net=format_amount(used.net), product=clean_name(used.product))


def read_code(code: str) -> BonusOffer:
    """A bonus as notices keep it, `flat_10` or `double_commission`."""
    if code in list(BonusType):
        return BonusOffer(BonusType(code), None)
    bonus_type, _, value = code.rpartition("_")
    return BonusOffer(BonusType(bonus_type), Decimal(value))
