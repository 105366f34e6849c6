"""What people ask about themselves: statistics, ranks, their shifts, what they are owed."""

from dataclasses import dataclass

from bot.use_cases.reports import is_leaderboard_shown
from payroll.offers import BonusOffer, BonusOrigin
from payroll.people import Person
from payroll.records import get_month
from payroll.shifts import StoredShift
from payroll.standing import Standing, Summary
from payroll.statements import Balance
from postgres_service import PostgresService

PAGE_SIZE = 5
BOOKINGS_A_PAGE = 6


@dataclass(frozen=True, slots=True)
class Race:
    """Where a person stands this month, and the bonuses that wait for them, oldest first, with where they come from.

    `has_leaderboard`: they may see how the others stand.
    """

    standing: Standing
    waiting: tuple[tuple[BonusOffer, BonusOrigin], ...]
    has_leaderboard: bool


@dataclass(frozen=True, slots=True)
class History:
    """A page of somebody's shifts, newest first; pages count from 0, and there is at least one."""

    shifts: list[StoredShift]
    page: int
    page_count: int


def get_summary(service: PostgresService, person: Person) -> Summary:
    """The person's statistics as of now."""
    person.require_member()
    return service.statistics.get_summary(person.employee_id)


def get_race(service: PostgresService, person: Person) -> Race:
    """The ranks of this month with the person's place among them."""
    person.require_member()
    standing = service.statistics.get_standing(person.employee_id, get_month(service.rules.today()))
    waiting = service.bonuses.list_waiting(person.employee_id)
    shown = tuple((one.bonus.offer, one.origin) for one in waiting)
    return Race(standing, shown, is_leaderboard_shown(service, person))


def list_history(service: PostgresService, person: Person, page: int) -> History:
    """A page of the person's own shifts; one that does not exist is the nearest that does."""
    person.require_member()
    count = service.statistics.count_shifts(person.employee_id)
    page_count = max(1, -(-count // PAGE_SIZE))
    shown = min(max(page, 0), page_count - 1)
    shifts = service.shifts.list_last(person.employee_id, PAGE_SIZE, skip=shown * PAGE_SIZE)
    return History(shifts, shown, page_count)


def get_balance(service: PostgresService, person: Person, page: int) -> Balance:
    """What the person's own ledger says, a page of it; one that does not exist is the nearest that does."""
    person.require_member()
    count, amount = service.statistics.get_ledger_end(person.employee_id)
    page_count = max(1, -(-count // BOOKINGS_A_PAGE))
    shown = min(max(page, 0), page_count - 1)
    skip = shown * BOOKINGS_A_PAGE
    bookings = service.statements.list_bookings(person.employee_id, BOOKINGS_A_PAGE, skip=skip) if count else []
    return Balance(amount, bookings, shown, page_count)
