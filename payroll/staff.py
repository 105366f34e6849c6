"""The team as admins see it (SPEC 4 "Admin", PAYROLL D36)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from payroll.held_bonuses import HeldBonus
from payroll.money import ZERO
from payroll.pay_periods import PayPeriod
from payroll.people import Person
from payroll.reports import PersonTotals
from payroll.repricing import TouchedShift
from payroll.shifts import OnShift, StoredShift


@dataclass(frozen=True, slots=True)
class Member:
    """A person with their wage (USD an hour) and base rate (percent points) of today.

    Both are None where the one who asks may not see them. `working_since` has the number of a running shift.
    """

    person: Person
    hourly_wage: Decimal | None
    base_pct: Decimal | None
    running_shift_id: int | None


@dataclass(frozen=True, slots=True)
class PlannedTerms:
    """A wage (USD an hour) and a base rate (percent points) that hold from a business date to come on.

    `is_told`: an admin set them, so that the person was told of them.
    """

    since: date
    hourly_wage: Decimal
    base_pct: Decimal
    is_told: bool


@dataclass(frozen=True, slots=True)
class PlanWithdrawn:
    """What was planned for a person and does not come, and what holds from that date on without it."""

    person: Person
    plan: PlannedTerms
    hourly_wage: Decimal
    base_pct: Decimal


@dataclass(frozen=True, slots=True)
class Leaving:
    """What leaving did: up to when something can be entered, and what became of the bonuses that waited."""

    person: Person
    left_date: date
    bonuses: tuple[HeldBonus, ...]


@dataclass(frozen=True, slots=True)
class MemberList:
    """A page of the team, counted from 0; `with_left` where who has left is shown too."""

    members: tuple[Member, ...]
    page: int
    page_count: int
    with_left: bool


@dataclass(frozen=True, slots=True)
class MemberCard:
    """A person's page: what they are owed in USD, since when they work (None: not now), and their period so far.

    `balance` is None where who looks may not see it, and `planned`, the wages and base rates to come, the next one
    first, is empty then.
    `totals` is None where nothing was recorded in `period` yet. `may_give_roles` says whether who looks is an owner,
    `may_decide` whether what this person gets is theirs to decide, `may_place` whether this person's account and place
    in the team are: an admin's own are another's, those of a manager or an owner are an owner's (PAYROLL D38).
    """

    member: Member
    working_since: datetime | None
    balance: Decimal | None
    period: PayPeriod
    totals: PersonTotals | None
    may_give_roles: bool
    may_decide: bool
    may_place: bool
    planned: tuple[PlannedTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class MemberShifts:
    """A page of a person's shifts, newest first; pages count from 0, and there is at least one.

    `is_pay_shown`: who looks may see what they made.
    """

    person: Person
    shifts: tuple[StoredShift, ...]
    page: int
    page_count: int
    is_pay_shown: bool


@dataclass(frozen=True, slots=True)
class TermsChange:
    """Another wage (USD an hour) or base rate (percent points) of a person from a date on, and what it touches.

    `old` is today's. `is_overtaken`: a later change that was made before stays in force, so today's stays what it is.
    `planned` are those to come after it, which stay as they are too. `is_to_come`: it begins after today.
    """

    person: Person
    old: Decimal
    new: Decimal
    since: date
    touched: tuple[TouchedShift, ...] = ()
    is_overtaken: bool = False
    planned: tuple[PlannedTerms, ...] = ()
    is_to_come: bool = False


@dataclass(frozen=True, slots=True)
class PersonChange:
    """A person before a change and after it."""

    old: Person
    new: Person


@dataclass(frozen=True, slots=True)
class Departure:
    """What leaving does, the balance then in USD, and whether a shift runs that can still be finished.

    `balance` is None where who says so may not see it.
    """

    leaving: Leaving
    balance: Decimal | None
    is_working: bool


@dataclass(frozen=True, slots=True)
class AccountLink:
    """A Telegram account for a person. `holder` is who has it now, without records of their own, None for nobody."""

    person: Person
    telegram_id: int | None
    holder: Person | None


@dataclass(frozen=True, slots=True)
class MovedShifts:
    """Shifts of one person that are another's from now on, and what both are owed then, in USD.

    A balance is None where who moves them may not see it.
    """

    giver: Person
    taker: Person
    count: int = 0
    giver_balance: Decimal | None = ZERO
    balance: Decimal | None = ZERO


@dataclass(frozen=True, slots=True)
class Working:
    """Somebody on shift, for how long by now, and whether that is unusually long for them (PAYROLL D12)."""

    shift: OnShift
    worked: timedelta
    is_long: bool
