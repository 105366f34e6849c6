"""What a new database starts with; an admin can change all of it (SPEC 3, "Starting values").

Money is USD, percentages are percent points. Products come from the settings.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from payroll.offers import BonusOffer, BonusType
from payroll.tables import RateStep

SINCE_EVER = date(1, 1, 1)
"""The date from which starting values hold; also the first of a month, as rank tables need it."""


@dataclass(frozen=True, slots=True)
class StartingSettings:
    """What a new employee gets: a wage in USD an hour and a base rate."""

    hourly_wage: Decimal
    base_pct: Decimal


@dataclass(frozen=True, slots=True)
class StartingRank:
    """A rank by the month's sales `[min_sales, max_sales)`, the sentence that goes with it, and its bonuses."""

    rank_name: str
    emoji: str
    rank_text: str
    min_sales: Decimal
    max_sales: Decimal | None
    offers: tuple[BonusOffer, ...]


NEW_EMPLOYEE = StartingSettings(hourly_wage=Decimal("15.00"), base_pct=Decimal("8.00"))

DYNAMIC_RATES = (
    RateStep(Decimal("0.00"), Decimal("500.00"), Decimal("0.00")),
    RateStep(Decimal("500.00"), Decimal("1000.00"), Decimal("2.00")),
    RateStep(Decimal("1000.00"), Decimal("2000.00"), Decimal("4.00")),
    RateStep(Decimal("2000.00"), None, Decimal("6.00")),
)


def _offer(bonus_type: BonusType, value: str | None = None) -> BonusOffer:
    return BonusOffer(bonus_type, None if value is None else Decimal(value))


RANKS = (
    StartingRank(
        rank_name="Rookie",
        emoji="🧑‍🚀",
        rank_text="Welcome aboard: every month starts here, and every sale takes you closer to the next rank.",
        min_sales=Decimal("0.00"),
        max_sales=Decimal("2000.00"),
        offers=(),
    ),
    StartingRank(
        rank_name="Hustler",
        emoji="💪",
        rank_text="You have found your rhythm, keep it going.",
        min_sales=Decimal("2000.00"),
        max_sales=Decimal("4000.00"),
        offers=(
            _offer(BonusType.FLAT, "10.00"),
            _offer(BonusType.PERCENT_NEXT, "1.00"),
            _offer(BonusType.PERCENT_PREV, "1.00"),
        ),
    ),
    StartingRank(
        rank_name="Closer",
        emoji="💼",
        rank_text="You know how a good conversation ends, and it shows.",
        min_sales=Decimal("4000.00"),
        max_sales=Decimal("7000.00"),
        offers=(
            _offer(BonusType.FLAT, "25.00"),
            _offer(BonusType.PERCENT_NEXT, "2.00"),
            _offer(BonusType.FLAT, "15.00"),
        ),
    ),
    StartingRank(
        rank_name="Shark",
        emoji="🦈",
        rank_text="The whole team can see your fin from here.",
        min_sales=Decimal("7000.00"),
        max_sales=Decimal("10000.00"),
        offers=(
            _offer(BonusType.FLAT, "50.00"),
            _offer(BonusType.PAID_DAY_OFF),
            _offer(BonusType.PERCENT_NEXT, "3.00"),
        ),
    ),
    StartingRank(
        rank_name="King of Greed",
        emoji="💀",
        rank_text="Five figures in one month: take a bow, Your Majesty.",
        min_sales=Decimal("10000.00"),
        max_sales=Decimal("15000.00"),
        offers=(
            _offer(BonusType.FLAT, "100.00"),
            _offer(BonusType.PERCENT_ALL, "2.00"),
            _offer(BonusType.TELEGRAM_PREMIUM),
        ),
    ),
    StartingRank(
        rank_name="Chatting God",
        emoji="🔥",
        rank_text="There is no rank above this one, so enjoy the view.",
        min_sales=Decimal("15000.00"),
        max_sales=None,
        offers=(
            _offer(BonusType.FLAT, "200.00"),
            _offer(BonusType.DOUBLE_COMMISSION),
            _offer(BonusType.FLAT, "125.00"),
        ),
    ),
)
