"""Reports over everybody for any dates, and the month's leaderboard (SPEC 4.25)."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.errands import AdminErrand, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import ErrandRules, offer_dates, read_date
from payroll.business_time import format_date
from payroll.errors import ErrorKey, ForbiddenError, InvalidInputError
from payroll.people import Person
from payroll.records import get_month
from payroll.reports import (
    DatesReport,
    DaysReport,
    Leaderboard,
    PeopleReport,
    ProductsReport,
    ReportDates,
    ReportKind,
)
from payroll.settings import SettingKey
from payroll.typed_dates import Looking
from postgres_service import PostgresService

_ONE_DAY = timedelta(days=1)


def list_dates(service: PostgresService, admin: Person) -> tuple[ReportDates, date, ReportKind]:
    """The dates that are asked for most, this month's first day, and the report to begin with.

    That is by person for who may see what everybody makes, else by day. Raises ForbiddenError.
    """
    admin.require_admin()
    today = service.rules.today()
    month = get_month(today)
    period = service.pay_days.find_period(today)
    former = service.pay_days.find_period(period.start_date - _ONE_DAY)
    month_before = get_month(month - _ONE_DAY)
    dates = {
        "period": (period.start_date, period.end_date),
        "period-before": (former.start_date, former.end_date),
        "month": (month, get_month(month + timedelta(days=32)) - _ONE_DAY),
        "month-before": (month_before, month - _ONE_DAY),
    }
    return dates, month, ReportKind.PEOPLE if _may_see_pay(service, admin) else ReportKind.DAYS


def _may_see_pay(service: PostgresService, admin: Person) -> bool:
    return service.staff.may_see_wages(admin, employee_id=0)


def get_report(service: PostgresService, admin: Person, kind: ReportKind, since: date, until: date) -> DatesReport:
    """A report of these dates. What a person made tells their wage: for who may see wages. Raises ForbiddenError."""
    admin.require_admin()
    is_pay_shown = _may_see_pay(service, admin)
    match kind:
        case ReportKind.PEOPLE:
            if not is_pay_shown:
                raise ForbiddenError(ErrorKey.OWNER_ONLY, field="role", value=admin.role, allowed="owner")
            return PeopleReport(since, until, service.reports.list_people(since, until))
        case ReportKind.DAYS:
            return DaysReport(since, until, service.reports.list_days(since, until), is_pay_shown)
        case ReportKind.PRODUCTS:
            return ProductsReport(since, until, service.reports.list_products(since, until), is_pay_shown)


def is_leaderboard_shown(service: PostgresService, person: Person) -> bool:
    """Whether this person may see the leaderboard: admins always, the team where the settings say so."""
    return person.is_admin or bool(service.settings.get(SettingKey.LEADERBOARD_SHOWN))


def get_leaderboard(service: PostgresService, person: Person, day: date) -> tuple[Leaderboard, bool]:
    """The month that holds a day, and whether a later one has begun. Raises ForbiddenError."""
    person.require_member()
    if not is_leaderboard_shown(service, person):
        raise ForbiddenError(ErrorKey.NOT_ALLOWED, field="role", value=person.role, allowed="owner or manager")
    month = get_month(day)
    board = Leaderboard(month, service.reports.list_leaderboard(month))
    return board, month < get_month(service.rules.today())


# --- any dates -------------------------------------------------------------------------------------------------------


def _ask_dates(service: PostgresService, _person: Person, errand: Errand) -> Question | None:
    today = service.rules.today()
    month = get_month(today)
    if "since" not in errand.answers:
        offered = offer_dates(month, get_month(month - _ONE_DAY), today.replace(month=1, day=1))
        return Question("since", offered, read=read_date("date", today, Looking.BACK))
    if "until" in errand.answers:
        return None
    since = date.fromisoformat(errand.answers["since"])
    offered = offer_dates(*(day for day in (today, today - _ONE_DAY, month - _ONE_DAY) if day >= since))

    def read(text: str) -> str:
        kept = read_date("date", today, Looking.BACK)(text)
        if date.fromisoformat(kept) < since:
            raise InvalidInputError(
                ErrorKey.VALUE_INVALID, field="the last day", value=text, allowed=f"{format_date(since)} or later"
            )
        return kept

    return Question("until", offered, read=read)


def _report_dates(service: PostgresService, person: Person, errand: Errand) -> DatesReport:
    since, until = (date.fromisoformat(errand.answers[name]) for name in ("since", "until"))
    return get_report(service, person, ReportKind.DAYS, since, until)


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    AdminErrand.DATES: ErrandRules(Person.require_admin, _ask_dates, _report_dates)
}
