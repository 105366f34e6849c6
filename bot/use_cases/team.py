"""The team as admins see it: who is in it, a person's page, who works now (SPEC 4 "Admin")."""

import re
from decimal import Decimal

from bot.errands import Errand
from payroll.checks import is_long_shift
from payroll.decisions import change_pay, change_place
from payroll.errors import ErrorKey, NotFoundError
from payroll.people import Person, Role
from payroll.staff import MemberCard, MemberList, MemberShifts, Working
from postgres_service import PostgresService

PAGE_SIZE = 8
SHIFTS_SHOWN = 5
_NUMBER = re.compile(r"-?[0-9]{1,18}")


def read_employee_id(errand: Errand) -> int:
    """The number of the person that an errand is about. Raises NotFoundError for a made-up one."""
    if _NUMBER.fullmatch(errand.subject) is None:
        raise NotFoundError(
            ErrorKey.EMPLOYEE_UNKNOWN, field="employee_id", value=errand.subject, allowed="an employee's number"
        )
    return int(errand.subject)


def find_balance(service: PostgresService, admin: Person, employee_id: int) -> Decimal | None:
    """What a person is owed in USD, None for who may not see what they earn: beside the hours it tells the wage."""
    if not service.staff.may_see_wages(admin, employee_id):
        return None
    return service.statistics.get_balance(employee_id)


def list_team(service: PostgresService, admin: Person, page: int, *, with_left: bool) -> MemberList:
    """A page of the team by name, who has left at the end where they are asked for. Raises ForbiddenError."""
    admin.require_admin()
    found = service.staff.list_members(PAGE_SIZE + 1, actor=admin, skip=page * PAGE_SIZE, with_left=with_left)
    page_count = page + 1 + (len(found) > PAGE_SIZE)
    return MemberList(tuple(found[:PAGE_SIZE]), page, page_count, with_left)


def get_card(service: PostgresService, admin: Person, employee_id: int) -> MemberCard:
    """A person's page. Raises ForbiddenError, NotFoundError."""
    admin.require_admin()
    member = service.staff.get_member(employee_id, actor=admin)
    council = service.staff.get_council(admin)
    running = service.shifts.find_running(employee_id)
    period = service.periods.find(employee_id).period
    totals = service.reports.list_people(period.start_date, period.end_date)
    return MemberCard(
        member,
        running.time_in if running else None,
        find_balance(service, admin, employee_id),
        period,
        next((one for one in totals if one.employee_id == employee_id), None),
        may_give_roles=admin.role is Role.OWNER,
        may_decide=council.may_decide(change_pay(employee_id)),
        may_place=council.may_decide(change_place(employee_id, member.person.role)),
        planned=tuple(service.terms.list_planned(employee_id)) if member.hourly_wage is not None else (),
    )


def list_working(service: PostgresService, admin: Person) -> list[Working]:
    """Who is on shift, the longest first. Raises ForbiddenError."""
    admin.require_admin()
    now = service.rules.clock()
    return [
        Working(one, now - one.time_in, is_long=is_long_shift(now - one.time_in, one.last_hours))
        for one in service.running.list_all()
    ]


def list_shifts(service: PostgresService, admin: Person, employee_id: int, page: int) -> MemberShifts:
    """A page of a person's shifts, newest first; one that is not there is the nearest that is.

    Raises ForbiddenError, NotFoundError.
    """
    admin.require_admin()
    person = service.people.get(employee_id)
    page_count = max(1, -(-service.statistics.count_shifts(employee_id) // SHIFTS_SHOWN))
    shown = min(page, page_count - 1)
    shifts = service.shifts.list_last(employee_id, SHIFTS_SHOWN, skip=shown * SHIFTS_SHOWN)
    is_pay_shown = service.staff.may_see_wages(admin, employee_id)
    return MemberShifts(person, tuple(shifts), shown, page_count, is_pay_shown)
