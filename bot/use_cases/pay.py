"""A person's own pay: what they are owed, their pay periods, whether one is complete, statements (SPEC 4.18, 4.21)."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.errands import Errand, ErrandKind, OwnErrand, Question
from bot.use_cases.errand_rules import ErrandRules, read_text
from bot.use_cases.payday import read_subject, write_facts
from payroll.business_time import format_date
from payroll.errors import ErrorKey, ForbiddenError, NotFoundError
from payroll.people import Person
from payroll.periods import MyPay, PersonPeriod
from payroll.statements import Statement
from postgres_service import PostgresService

PERIODS_SHOWN = 6
LOOKED_BACK = timedelta(days=62)
_TEXT = "text"


def get_my_pay(service: PostgresService, person: Person) -> MyPay:
    """What the person is owed, and their newest periods, the present one first; also for who has left (D36)."""
    present = service.statements.get(person.employee_id, service.rules.today())
    former = service.periods.list_of(person.employee_id, PERIODS_SHOWN)
    rest = [one for one in former if one.period.start_date < present.of.period.start_date]
    balance = service.statistics.get_balance(person.employee_id)
    due = next(iter(service.payouts.list_due(employee_id=person.employee_id)), None)
    periods = (present.of, *rest[: PERIODS_SHOWN - 1])
    return MyPay(balance, present.earned, periods, service.rules.today(), due)


def get_my_period(service: PostgresService, person: Person, day: date) -> Statement:
    """The person's period that holds a day; also for who has left.

    Raises NotFoundError for one they have nothing to do with.
    """
    one = _find_own(service, person, day)
    return service.statements.get(person.employee_id, one.period.start_date)


def _find_own(service: PostgresService, person: Person, day: date) -> PersonPeriod:
    one = service.periods.find(person.employee_id, day)
    today = service.rules.today()
    is_near = today - LOOKED_BACK <= one.period.end_date and one.period.start_date <= today
    if not is_near and not (one.has_anything or one.closed_at):
        shown = format_date(one.period.start_date)
        raise NotFoundError(ErrorKey.VALUE_INVALID, field="pay period", value=shown, allowed="one of your pay periods")
    return one


def confirm(service: PostgresService, person: Person, day: date, *, is_complete: bool) -> Statement:
    """Say that one's period is complete, or take that back. Raises ConflictError once it is closed."""
    person.require_member()
    with service.transaction():
        one = _find_own(service, person, day)
        say = service.periods.confirm if is_complete else service.periods.withdraw_confirmation
        say(person.employee_id, one.period.start_date, actor=person)
        return service.statements.get(person.employee_id, one.period.start_date)


def get_statement(service: PostgresService, person: Person, employee_id: int, day: date) -> Statement:
    """The statement of one's own period that holds a day, of anybody's for an admin.

    It has the person's wage: a manager who may not see wages sees their own only. One's own stay open to who has left.
    Raises ForbiddenError, NotFoundError.
    """
    if employee_id == person.employee_id:
        _find_own(service, person, day)
    else:
        person.require_admin()
        if not service.staff.may_see_wages(person, employee_id):
            raise ForbiddenError(ErrorKey.OWNER_ONLY, field="role", value=person.role, allowed="owner")
    return service.statements.get(employee_id, day)


def _ask_missing(service: PostgresService, person: Person, errand: Errand) -> Question | None:
    one = _get_own(service, person, errand)
    return None if _TEXT in errand.answers else Question(_TEXT, read=read_text("what is missing"), shown=one)


def _name_missing(service: PostgresService, person: Person, errand: Errand) -> PersonPeriod:
    one = _get_own(service, person, errand)
    text = errand.answers[_TEXT]
    told = service.periods.name_missing(person.employee_id, one.period.start_date, text, actor=person)
    service.outbox.add_for_admins("period_missing", {**write_facts(told), "text": text})
    return told


def _get_own(service: PostgresService, person: Person, errand: Errand) -> PersonPeriod:
    person.require_member()
    subject = read_subject(errand)
    if subject.employee_id != person.employee_id:
        raise ForbiddenError(
            ErrorKey.NOT_ALLOWED, field="employee_id", value=subject.employee_id, allowed="one's own pay period"
        )
    return _find_own(service, person, subject.start)


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    OwnErrand.MISSING: ErrandRules(Person.require_member, _ask_missing, _name_missing)
}
