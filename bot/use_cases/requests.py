"""Everything that waits for an admin (SPEC 4.19, 4.23, PAYROLL D29)."""

from dataclasses import dataclass

from bot.use_cases import days_off
from payroll.correction_requests import CorrectionRequest
from payroll.held_bonuses import DayOffDecision, HeldBonus
from payroll.offers import BonusType
from payroll.people import Person
from payroll.questions import Question
from payroll.records import BonusState
from postgres_service import PostgresService

MOST_LISTED = 100
"""Of one kind; what comes after them is listed once some are decided."""
MOST_OWN = 5
"""Of one's own, of one kind."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is not decided, given or answered yet, of each kind in the order in which it should be."""

    corrections: list[CorrectionRequest]
    questions: list[Question]
    days_off: list[HeldBonus]
    premium: list[HeldBonus]


@dataclass(frozen=True, slots=True)
class OwnRequests:
    """What one has asked the admins for or waits for, and what became of it; of each kind the newest first."""

    corrections: list[CorrectionRequest]
    questions: list[Question]
    days_off: list[DayOffDecision]
    premium: list[HeldBonus]


def list_own(service: PostgresService, person: Person) -> OwnRequests:
    """What one has asked for and asked last. Raises ForbiddenError."""
    person.require_member()
    held = service.bonuses.list_of(person.employee_id, MOST_LISTED)
    premium = [one for one in held if one.bonus.bonus_type is BonusType.TELEGRAM_PREMIUM]
    return OwnRequests(
        service.corrections.list_of(person.employee_id, MOST_OWN),
        service.questions.list_of(person.employee_id, MOST_OWN),
        days_off.list_decisions(service, held)[:MOST_OWN],
        [one for one in premium if one.bonus.state is not BonusState.VOID][:MOST_OWN],
    )


def list_waiting(service: PostgresService, person: Person) -> Waiting:
    """What waits. Raises ForbiddenError."""
    person.require_admin()
    return Waiting(
        service.corrections.list_open(MOST_LISTED),
        service.questions.list_open(MOST_LISTED),
        service.bonuses.list_day_off_requests(),
        service.bonuses.list_premium(),
    )


def count_waiting(service: PostgresService, person: Person) -> int:
    """How much waits. Raises ForbiddenError."""
    waiting = list_waiting(service, person)
    return len(waiting.corrections) + len(waiting.questions) + len(waiting.days_off) + len(waiting.premium)
