"""A shift's receipt, for who may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.use_cases.deciders import may_decide
from bot.use_cases.dialogs import get_own
from payroll.errors import ErrorKey, ForbiddenError
from payroll.held_bonuses import BonusOrigins
from payroll.people import Person
from payroll.refunds import Refund
from payroll.shifts import StoredShift
from postgres_service import PostgresService


@dataclass(frozen=True, slots=True)
class Receipt:
    """A shift, the products' names by id, and the person's sales of its date up to and including it, in USD.

    `origins` says where its bonuses come from.

    `refunds` are those of the shift, oldest first; `may_refund`: who looks may book one; `is_own`: they
    worked it; `is_pay_shown`: they may see what it made.
    """

    stored: StoredShift
    names: Mapping[int, str]
    origins: BonusOrigins
    day_sales: Decimal
    refunds: list[Refund]
    may_refund: bool
    is_own: bool
    is_pay_shown: bool


def get_receipt(service: PostgresService, person: Person, shift_id: int) -> Receipt:
    """The receipt of one's own shift, of anybody's for an admin. Raises NotFoundError, ForbiddenError."""
    person.require_open_matters()
    stored = get_own(service, person, shift_id)
    day_sales = service.statistics.get_day_sales_until(stored.shift)
    refunds = service.refunds.list_of_shift(shift_id)
    employee_id = stored.shift.employee_id
    is_own, is_pay_shown = employee_id == person.employee_id, service.staff.may_see_wages(person, employee_id)
    may_refund = may_decide(service, person, employee_id)
    names, origins = service.get_catalogue().names, service.bonuses.find_origins(stored.shift.bonuses)
    return Receipt(stored, names, origins, day_sales, refunds, may_refund, is_own, is_pay_shown)


def get_explained(service: PostgresService, person: Person, shift_id: int) -> Receipt:
    """As `get_receipt`, for who may see how the pay came about, which tells the wage. Raises ForbiddenError too."""
    receipt = get_receipt(service, person, shift_id)
    if not receipt.is_pay_shown:
        raise ForbiddenError(ErrorKey.OWNER_ONLY, field="role", value=person.role, allowed="owner")
    return receipt
