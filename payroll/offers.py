"""The types of bonuses and the numbers they come with."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class BonusType(StrEnum):
    """The codes of SPEC 3, "Ranks and bonuses", without their number (TECH T14)."""

    FLAT = "flat"
    PERCENT_NEXT = "percent_next"
    DOUBLE_COMMISSION = "double_commission"
    PERCENT_PREV = "percent_prev"
    PERCENT_ALL = "percent_all"
    PAID_DAY_OFF = "paid_day_off"
    TELEGRAM_PREMIUM = "telegram_premium"


@dataclass(frozen=True, slots=True)
class BonusOffer:
    """One entry of a rank's list: a type and its number (USD or percent points; None where the type has none)."""

    bonus_type: BonusType
    value: Decimal | None

    @property
    def code(self) -> str:
        """The way SPEC writes it, `flat_10`, `percent_next_1`, `double_commission`."""
        if self.value is None:
            return str(self.bonus_type)
        return f"{self.bonus_type}_{self.value.normalize():f}"


@dataclass(frozen=True, slots=True)
class BonusOrigin:
    """Where a bonus comes from: the rank that gave it and its month (by the first day), or the admin and why.

    History may know neither.
    """

    rank: str | None = None
    month: date | None = None
    giver: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class UsedBonus:
    """A bonus that a shift has used up, as people read of it.

    `amount` is what it added in USD, None where it is in the %. `net` are the net sales in USD that it was taken from,
    0.00 where there were none, and `product` the model that they were made on, None for history.
    """

    offer: BonusOffer
    amount: Decimal | None
    net: Decimal | None = None
    product: str | None = None
    origin: BonusOrigin = BonusOrigin()
