"""Bonuses as admins name them, shorter than what people read of their own."""

from collections.abc import Iterable, Sequence

from bot.views.bonuses import read_code
from bot.words import Html, Words
from payroll.amounts import format_amount
from payroll.offers import BonusOffer, BonusType


def name_gift(words: Words, bonus: BonusOffer | str) -> Html:
    """A bonus, also by its code: `percent_next_1` is "+1% on the next shift"."""
    offer = read_code(bonus) if isinstance(bonus, str) else bonus
    key = f"gift-{offer.bonus_type.replace('_', '-')}"
    if offer.value is None:
        return words(key)
    is_flat = offer.bonus_type is BonusType.FLAT
    return words(key, value=format_amount(offer.value) if is_flat else f"{offer.value.normalize():f}")


def list_gifts(words: Words, bonuses: Iterable[BonusOffer | str]) -> Html:
    """Several after each other, or that there is none."""
    names = [name_gift(words, bonus) for bonus in bonuses]
    return Html(" · ".join(names)) if names else words("ranks-no-bonus")


def compare_gifts(words: Words, old: Sequence[str], new: Sequence[str]) -> list[Html]:
    """What came to a list of codes and what went, one line each."""
    gone, come = list(old), []
    for code in new:
        if code in gone:
            gone.remove(code)
        else:
            come.append(code)
    return [
        *(words("gift-gone", bonus=name_gift(words, code)) for code in gone),
        *(words("gift-come", bonus=name_gift(words, code)) for code in come),
    ]
