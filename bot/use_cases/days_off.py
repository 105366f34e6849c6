"""Paid days off: a date is picked, an admin approves it, it is booked (SPEC 3 `paid_day_off`, PAYROLL D29, D38)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.errands import YES, AdminErrand, Choice, Errand, ErrandKind, OwnErrand, Question
from bot.use_cases.deciders import tell_deciders
from bot.use_cases.errand_rules import ErrandRules, read_date, read_subject, read_text
from payroll.audit import AuditEntry
from payroll.decisions import take
from payroll.errors import ConflictError, ErrorKey
from payroll.held_bonuses import DayOffDecision, DayOffPlan, HeldBonus
from payroll.offers import BonusType
from payroll.people import Person
from payroll.records import BonusState
from payroll.typed_dates import Looking
from postgres_service import PostgresService

MONTHS = 6
"""How many months the calendar goes on from the first with a free day; a later date can be typed."""
DAYS_IN_WEEK = 7
_BLANK = Choice("", label="·")
_WEEKDAYS = tuple(Choice("", key=f"weekday-{number}") for number in range(1, DAYS_IN_WEEK + 1))


# --- asking ----------------------------------------------------------------------------------------------------------


def ask(service: PostgresService, person: Person, errand: Errand) -> Question | None:
    """Which day, from a calendar, and whether it is right. Raises DAY_TAKEN and DATE_IN_PAST for a date that cannot."""
    plan = _plan(service, person, errand)
    if plan.day is None:
        days = tuple(_list_days(service, person.employee_id, plan.month))
        read = read_date("day", service.rules.today(), Looking.AHEAD)
        return Question("day", (*_WEEKDAYS, *days), DAYS_IN_WEEK, read=read, shown=plan, page_count=MONTHS)
    if "sure" in errand.answers:
        return None
    return Question("sure", (YES,), shown=plan, stands_on=(plan.held.bonus.bonus_id, plan.held.day_off_date))


def request(service: PostgresService, person: Person, errand: Errand) -> DayOffPlan:
    """Ask the admins for it."""
    plan = _plan(service, person, errand)
    if plan.day is None:
        raise LookupError("a day off is asked for once it is picked")
    held = service.bonuses.request_day_off(plan.held.bonus.bonus_id or 0, plan.day, actor=person)
    facts = {
        "bonus_id": held.bonus.bonus_id,
        "name": held.name,
        "day": plan.day.isoformat(),
        "amount": str(plan.amount),
    }
    tell_deciders(service, held.employee_id, "day_off_requested", facts, without_pay={"amount": None})
    return plan


def _plan(service: PostgresService, person: Person, errand: Errand) -> DayOffPlan:
    held = _find_bonus(service, person)
    plan = DayOffPlan(held, _add_months(_find_first_month(service, person), errand.page))
    if "day" not in errand.answers:
        return plan
    day = date.fromisoformat(errand.answers["day"])
    return replace(plan, day=day, amount=service.bonuses.preview_day_off(held.bonus.bonus_id or 0, day))


def _find_bonus(service: PostgresService, person: Person) -> HeldBonus:
    """The oldest that waits, one for which no date is asked first."""
    waiting = [
        one
        for one in service.bonuses.list_of(person.employee_id, 100)
        if one.bonus.bonus_type is BonusType.PAID_DAY_OFF and one.bonus.state is BonusState.PENDING
    ]
    if not waiting:
        raise ConflictError(
            ErrorKey.BONUS_NOT_PENDING, field="bonus", value="“day off”", allowed="a day off that is not taken"
        )
    return min(waiting, key=lambda one: (one.day_off_date is not None, one.bonus.created_at, one.bonus.bonus_id))


def _find_first_month(service: PostgresService, person: Person) -> date:
    """The first month with a day that can be picked; this one where none of the next has any."""
    this = _add_months(service.rules.today(), 0)
    months = (_add_months(this, number) for number in range(MONTHS))
    return next((one for one in months if _has_free_day(service, person, one)), this)


def _has_free_day(service: PostgresService, person: Person, month: date) -> bool:
    days = _list_days(service, person.employee_id, month)
    return any(choice.value for choice in days)


def _list_days(service: PostgresService, employee_id: int, month: date) -> Iterator[Choice]:
    """The days of a month in weeks from Monday; those that are over or taken are blank."""
    following = _add_months(month, 1)
    taken = service.bonuses.list_taken_days(employee_id, month, following)
    today = service.rules.today()
    yield from [_BLANK] * month.weekday()
    for number in range((following - month).days):
        day = month + timedelta(days=number)
        is_free = day >= today and day not in taken
        yield Choice(day.isoformat(), label=str(day.day)) if is_free else _BLANK
    yield from [_BLANK] * (-following.weekday() % DAYS_IN_WEEK)


def _add_months(day: date, months: int) -> date:
    """The first day of the month so many months on."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


# --- deciding --------------------------------------------------------------------------------------------------------


def find(service: PostgresService, person: Person, bonus_id: int, day: date | None = None) -> DayOffDecision:
    """A date that was asked for, `day` or the one that is by now, and what became of it. Raises NotFoundError."""
    person.require_admin()
    held = service.bonuses.get(bonus_id)
    wanted = day or held.day_off_date or service.rules.today()
    if held.day_off_date == wanted and held.bonus.state is not BonusState.VOID:
        return _show_to(service, person, _describe_asked(service, held, wanted))
    entry = _find_decision(service, bonus_id)
    return DayOffDecision(held, wanted, is_approved=False, admin=entry.actor_name if entry else None)


def list_decisions(service: PostgresService, bonuses: Iterable[HeldBonus]) -> list[DayOffDecision]:
    """The date asked for last of every paid day off among these bonuses, and what became of it."""
    days_off = [
        one
        for one in bonuses
        if one.bonus.bonus_type is BonusType.PAID_DAY_OFF and one.bonus.state is not BonusState.VOID
    ]
    return [found for one in days_off if (found := _find_last(service, one)) is not None]


def _find_last(service: PostgresService, held: HeldBonus) -> DayOffDecision | None:
    if held.day_off_date is not None:
        return _describe_asked(service, held, held.day_off_date)
    entry = _find_decision(service, held.bonus.bonus_id or 0)
    if entry is None or entry.old is None:
        return None
    day = date.fromisoformat(entry.old["day"])
    return DayOffDecision(held, day, is_approved=False, admin=entry.actor_name, reason=entry.reason)


def _describe_asked(service: PostgresService, held: HeldBonus, day: date) -> DayOffDecision:
    if held.bonus.state is BonusState.PENDING:
        worth = service.bonuses.get_day_off_worth(held.employee_id, day)
        return DayOffDecision(held, day, is_approved=None, amount=worth)
    entry = _find_decision(service, held.bonus.bonus_id or 0)
    admin = entry.actor_name if entry else None
    return DayOffDecision(held, day, is_approved=True, amount=held.bonus.amount, admin=admin)


def approve(service: PostgresService, person: Person, bonus_id: int, day: date) -> DayOffDecision:
    """Grant the date of a notice and tell the person, with the amount.

    Raises ForbiddenError, ConflictError with REQUEST_DECIDED for who comes second or where another date is asked for by
    now, with DAY_TAKEN where something came between.
    """
    person.require_admin()
    with service.transaction():
        held = service.bonuses.approve_day_off(bonus_id, actor=person)
        if held.day_off_date != day:
            raise _refuse_decided(bonus_id)
        facts = {"day": day.isoformat(), "amount": str(held.bonus.amount)}
        service.outbox.add(held.employee_id, "day_off_approved", facts)
        decided = DayOffDecision(held, day, is_approved=True, amount=held.bonus.amount, admin=person.name)
        return _show_to(service, person, decided)


def _show_to(service: PostgresService, person: Person, decision: DayOffDecision) -> DayOffDecision:
    """Without what the day is worth, the pay of an average one, where a manager may not see what this person earns."""
    is_shown = service.staff.may_see_wages(person, decision.held.employee_id)
    return decision if is_shown else replace(decision, amount=None)


def ask_refusal(service: PostgresService, person: Person, errand: Errand) -> Question | None:
    """Why the date is refused. Raises ForbiddenError for one's own, ConflictError once it is decided."""
    decision = find(service, person, read_subject(errand))
    service.staff.require_decider(person, take(decision.held.employee_id))
    if decision.is_approved is not None:
        raise _refuse_decided(read_subject(errand))
    return None if "reason" in errand.answers else Question("reason", read=read_text("reason"), shown=decision)


def refuse(service: PostgresService, person: Person, errand: Errand) -> DayOffDecision:
    """Refuse it and tell the person, who picks another one."""
    decision, reason = find(service, person, read_subject(errand)), errand.answers["reason"]
    held = service.bonuses.refuse_day_off(read_subject(errand), actor=person, reason=reason)
    facts = {"day": decision.day.isoformat(), "reason": reason}
    service.outbox.add(held.employee_id, "day_off_refused", facts)
    return DayOffDecision(held, decision.day, is_approved=False, admin=person.name, reason=reason)


def _find_decision(service: PostgresService, bonus_id: int) -> AuditEntry | None:
    """The newest; a refused date stands nowhere else."""
    entries = service.audit.list_entries(10, subject=f"bonus:{bonus_id}")
    decided = (one for one in entries if one.action.startswith(("day off approved", "day off refused")))
    return next(decided, None)


def _refuse_decided(bonus_id: int) -> ConflictError:
    return ConflictError(
        ErrorKey.REQUEST_DECIDED, field="request", value=bonus_id, allowed="a request that is still open"
    )


ERRANDS: Mapping[ErrandKind, ErrandRules] = {
    OwnErrand.DAY_OFF: ErrandRules(Person.require_member, ask, request),
    AdminErrand.REFUSE_DAY_OFF: ErrandRules(Person.require_admin, ask_refusal, refuse),
}
