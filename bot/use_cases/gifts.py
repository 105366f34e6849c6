"""Bonuses as admins pick them: a type, and its number where it has one (SPEC 3 "Ranks and bonuses")."""

from decimal import Decimal

from bot.errands import Choice, Errand, Question
from bot.use_cases.errand_rules import read_amount, read_pct
from payroll.amounts import format_amount
from payroll.bonuses import RULES, check_offer
from payroll.offers import BonusOffer, BonusType

FIELD = "the bonus"
"""What its number is called in a sentence that refuses it."""


def ask_offer(errand: Errand) -> Question | None:
    """Which type, and how much of it; None once both are known. Raises InvalidInputError for a number out of range."""
    if "type" not in errand.answers:
        types = [Choice(str(one), key=f"gift-type-{one.replace('_', '-')}") for one in BonusType]
        return Question("type", types, columns=1)
    bonus_type = BonusType(errand.answers["type"])
    rule = RULES[bonus_type]
    if rule.has_value and "value" not in errand.answers:
        is_flat = bonus_type is BonusType.FLAT
        return Question("value", read=read_amount if is_flat else read_pct(FIELD, rule.allowed))
    read_offer(errand)
    return None


def read_offer(errand: Errand) -> BonusOffer:
    """The bonus that was picked."""
    value = errand.answers.get("value")
    return check_offer(errand.answers["type"], Decimal(value) if value is not None else None, field=FIELD)


def name_offer(value: str, offer: BonusOffer) -> Choice:
    """A button for a bonus."""
    facts = {"value": ""}
    if offer.value is not None:
        is_flat = offer.bonus_type is BonusType.FLAT
        facts["value"] = format_amount(offer.value) if is_flat else f"{offer.value.normalize():f}"
    return Choice(value, key=f"gift-{offer.bonus_type.replace('_', '-')}", facts=facts)
