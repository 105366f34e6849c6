"""Bonuses as admins see them: whose, and how far those are that no shift uses up (PAYROLL D23, D28, D29)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from payroll.adjustments import Adjustment
from payroll.money import round_cents
from payroll.offers import BonusOrigin
from payroll.records import Bonus


@dataclass(frozen=True, slots=True)
class HeldBonus:
    """A bonus of a person, and where it comes from.

    `day_off_date` is asked for while it is pending, granted when it is applied.

    `seen_at` is when the person saw that Telegram Premium was given.
    """

    employee_id: int
    name: str
    bonus: Bonus
    day_off_date: date | None
    seen_at: datetime | None
    origin: BonusOrigin


@dataclass(frozen=True, slots=True)
class BonusOrigins:
    """Where some bonuses come from: `ranks` names ranks by their ids, `given` has what admins gave by the numbers."""

    ranks: Mapping[int, str] = field(default_factory=dict)
    given: Mapping[int, BonusOrigin] = field(default_factory=dict)

    def find(self, bonus: Bonus) -> BonusOrigin:
        """Where one of them comes from; one that was drawn just now has no number yet."""
        if bonus.rank_id is not None:
            return BonusOrigin(self.ranks.get(bonus.rank_id), bonus.rank_month)
        return self.given.get(bonus.bonus_id or 0, BonusOrigin())


@dataclass(frozen=True, slots=True)
class BonusCut:
    """A deduction for a bonus that somebody has used: what there is to pick from, and what is known.

    `is_pay_shown`: who books it may see what the bonuses came to.
    """

    employee_id: int
    name: str
    bonuses: tuple[HeldBonus, ...]
    is_pay_shown: bool
    held: HeldBonus | None = None
    amount: Decimal | None = None
    reason: str = ""
    booked: Adjustment | None = None


@dataclass(frozen=True, slots=True)
class HeldPage:
    """A page of a person's bonuses, newest first, pages counted from 0.

    `is_pay_shown`: who looks may see what those came to that were used. `may_decide`: they may give and withdraw some,
    which an admin's own are not theirs to (PAYROLL D38).
    """

    employee_id: int
    name: str
    has_left: bool
    bonuses: tuple[HeldBonus, ...]
    page: int
    page_count: int
    is_pay_shown: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class DayOffPlan:
    """A day off as somebody picks it: the month that is shown by its first day, the date, its worth in USD.

    `held.day_off_date` is another date that was asked for before.
    """

    held: HeldBonus
    month: date
    day: date | None = None
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DayOffDecision:
    """A date that was asked for, and whether it is granted; `amount` in USD. None: it is not decided.

    `admin` is by whom it was decided, `reason` why it was refused.
    """

    held: HeldBonus
    day: date
    is_approved: bool | None
    amount: Decimal | None = None
    admin: str | None = None
    reason: str | None = None


def compute_day_off_pay(hours: Decimal, hourly_wage: Decimal) -> Decimal:
    """What a paid day off is worth in USD (SPEC 3 `paid_day_off`). 8 hours at 15.00 are 120.00."""
    return round_cents(hours * hourly_wage)
