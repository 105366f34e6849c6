"""Pay periods as admins see them: the list, one with everybody in it, one person's (SPEC 4.17, 4.18)."""

from dataclasses import replace
from datetime import date

from payroll.pay_periods import PayPeriod
from payroll.people import Person
from payroll.periods import EverybodysPeriod, PeriodList, PeriodState
from payroll.statements import Statement
from postgres_service import PostgresService

PAGE_SIZE = 6


def list_periods(service: PostgresService, admin: Person, page: int) -> PeriodList:
    """A page of the pay periods that anything is in; on the first one the present one too. Raises ForbiddenError."""
    admin.require_admin()
    found = service.periods.list_periods(PAGE_SIZE + 1, skip=page * PAGE_SIZE)
    shown = found[:PAGE_SIZE]
    present = service.pay_days.find_period(service.rules.today())
    if page == 0 and present not in shown:
        shown = sorted([present, *shown], key=lambda one: one.start_date, reverse=True)
    everybodys = tuple(_read(service, admin, one) for one in shown)
    return PeriodList(everybodys, page, page + 1 + (len(found) > PAGE_SIZE))


def list_overdue(service: PostgresService, admin: Person) -> list[PayPeriod]:
    """The pay periods whose pay day has come and that wait to be closed, oldest first. Raises ForbiddenError."""
    admin.require_admin()
    return service.periods.list_overdue()


def get_period(service: PostgresService, admin: Person, day: date) -> EverybodysPeriod:
    """The pay period that holds a day, with everybody who takes part. Raises ForbiddenError."""
    admin.require_admin()
    period = service.pay_days.find_period(day)
    due = {one.employee_id: one for one in service.payouts.list_due() if one.period == period}
    return replace(_read(service, admin, period), due=due)


def get_person_period(service: PostgresService, admin: Person, employee_id: int, day: date) -> tuple[Statement, bool]:
    """One person's pay period that holds a day, and whether who looks may see its amounts, which tell the wage.

    Raises ForbiddenError, NotFoundError.
    """
    admin.require_admin()
    return service.statements.get(employee_id, day), service.staff.may_see_wages(admin, employee_id)


def _read(service: PostgresService, admin: Person, period: PayPeriod) -> EverybodysPeriod:
    people = tuple(service.periods.list_everybody(period.start_date))
    hidden = service.staff.list_hidden(admin, (one.employee_id for one in people))
    is_open = any(one.state is PeriodState.OPEN for one in people)
    return EverybodysPeriod(period, people, hidden, is_overdue=is_open and service.rules.today() >= period.pay_day)
