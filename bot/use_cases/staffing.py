"""Who is in the team and as what: roles, names, leaving and coming back (SPEC 4 "Admin", PAYROLL D36)."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.errands import AdminErrand, Choice, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import ErrandRules, ask_sure, offer_dates, read_date, read_text
from bot.use_cases.team import find_balance, read_employee_id
from payroll.decisions import change_place
from payroll.errors import ErrorKey, InvalidInputError
from payroll.names import NAMELESS, tidy_name
from payroll.people import Person, Role
from payroll.staff import Departure, PersonChange
from payroll.typed_dates import Looking
from postgres_service import PostgresService

LONGEST_NAME = 64
_ONE_DAY = timedelta(days=1)


# --- roles ------------------------------------------------------------------------------------------------------------


def ask_role(service: PostgresService, owner: Person, errand: Errand) -> Question | None:
    """Which role, and whether that is right."""
    person = _get(service, errand)
    person.require_member()
    service.staff.require_decider(owner, change_place(person.employee_id, Role.OWNER))
    if "role" not in errand.answers:
        others = [role for role in Role if role is not person.role]
        choices = [Choice(role, key=f"button-role-{role}") for role in others]
        return Question("role", choices, shown=PersonChange(person, person))
    return ask_sure(service, owner, errand, do_role)


def do_role(service: PostgresService, owner: Person, errand: Errand) -> PersonChange:
    """Give it and tell the person."""
    old = _get(service, errand)
    new = service.staff.set_role(old.employee_id, Role(errand.answers["role"]), actor=owner)
    service.outbox.add(new.employee_id, "role_changed", {"role": new.role})
    return PersonChange(old, new)


# --- names ------------------------------------------------------------------------------------------------------------


def ask_name(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """The new name, and whether it is right."""
    person = _get(service, errand)
    if "name" not in errand.answers:
        return Question("name", read=_read_name, shown=PersonChange(person, person))
    return ask_sure(service, admin, errand, do_rename)


def do_rename(service: PostgresService, admin: Person, errand: Errand) -> PersonChange:
    """Call the person so from now on."""
    old = _get(service, errand)
    return PersonChange(old, service.staff.rename(old.employee_id, errand.answers["name"], actor=admin))


def _read_name(text: str) -> str:
    name = tidy_name(read_text("name", LONGEST_NAME)(text))
    if name == NAMELESS:
        raise InvalidInputError(ErrorKey.FIELD_MISSING, field="name", value=text, allowed="a name that can be read")
    return name


# --- leaving and coming back ------------------------------------------------------------------------------------------


def ask_leaving(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """The last day, and whether that is right: with what becomes of the bonuses that wait."""
    today = service.rules.today()
    if "day" not in errand.answers:
        # Who may not do it at all hears so before they answer anything.
        with service.rehearsal():
            departure = do_leave(service, admin, errand.answer("day", today.isoformat()))
        return Question(
            "day", offer_dates(today - _ONE_DAY, today), read=read_date("date", today, Looking.BACK), shown=departure
        )
    return ask_sure(service, admin, errand, do_leave)


def do_leave(service: PostgresService, admin: Person, errand: Errand) -> Departure:
    """Note it and tell the person."""
    employee_id, left_date = read_employee_id(errand), date.fromisoformat(errand.answers["day"])
    leaving = service.staff.leave(employee_id, left_date, actor=admin)
    service.outbox.add(employee_id, "left_team", {"left_date": left_date.isoformat()})
    balance = find_balance(service, admin, employee_id)
    return Departure(leaving, balance, is_working=service.shifts.find_running(employee_id) is not None)


def ask_rehire(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """Only whether that is right."""
    return ask_sure(service, admin, errand, do_rehire)


def do_rehire(service: PostgresService, admin: Person, errand: Errand) -> PersonChange:
    """Take them back and tell them."""
    old = _get(service, errand)
    new = service.staff.rehire(old.employee_id, actor=admin)
    service.outbox.add(new.employee_id, "rehired", {})
    return PersonChange(old, new)


def _get(service: PostgresService, errand: Errand) -> Person:
    return service.people.get(read_employee_id(errand))


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.ROLE: ErrandRules(Person.require_owner, ask_role, do_role),
    AdminErrand.RENAME: ErrandRules(Person.require_admin, ask_name, do_rename),
    AdminErrand.LEAVE: ErrandRules(Person.require_admin, ask_leaving, do_leave),
    AdminErrand.REHIRE: ErrandRules(Person.require_admin, ask_rehire, do_rehire),
}
