"""The platform's cut and the basis of the day rate, which the settings give, from an earlier date on (PAYROLL D6).

A start takes changed ones over from its own day on, and what is recorded keeps its own: here it is priced again.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.errands import YES, AdminErrand, Choice, Errand, ErrandKind, Question
from bot.use_cases.errand_rules import ErrandRules, ask_sure, offer_dates, read_date
from bot.use_cases.wages import KEEP, REPRICE, list_differences
from payroll.people import Person
from payroll.repricing import PayTermsChange
from payroll.starting_values import SINCE_EVER
from postgres_service import PostgresService


def ask(service: PostgresService, admin: Person, errand: Errand) -> Question | None:
    """From when on, and whether it is right: with the recorded shifts that it touches."""
    if "since" not in errand.answers:
        read = read_date("date", service.rules.today())
        return Question("since", _offer_days(service), read=read, shown=service.terms.get_pay_terms())
    question = ask_sure(service, admin, errand, do)
    if question is None:
        return None
    change: PayTermsChange = question.shown
    choices = (REPRICE, KEEP) if any(not one.is_refunded for one in change.touched) else (YES,)
    # Of two admins who do it the second looks again.
    return replace(question, choices=choices, stands_on=(change.held_since, list_differences(change.touched)))


def do(service: PostgresService, admin: Person, errand: Errand) -> PayTermsChange:
    """Have them hold. Where that was said, the shifts that it touches are priced again and people are told."""
    said = errand.answers.get("sure")
    change = service.terms.hold_pay_terms(date.fromisoformat(errand.answers["since"]), actor=admin)
    if said:
        repriced = service.terms.reprice(change.since, actor=admin) if said == REPRICE.value else []
        change = replace(change, touched=tuple(one for one in repriced if not one.is_refunded))
        _tell(service, change)
    return replace(change, is_pay_shown=service.staff.may_see_wages(admin, employee_id=0))


def _tell(service: PostgresService, change: PayTermsChange) -> None:
    counts = Counter(one.employee_id for one in change.touched)
    for employee_id, count in sorted(counts.items()):
        difference = sum((one.difference for one in change.touched if one.employee_id == employee_id), Decimal(0))
        facts = {"since": change.since.isoformat(), "repriced": count, "difference": str(difference)}
        service.outbox.add(employee_id, "pay_terms_changed", facts)


def _offer_days(service: PostgresService) -> tuple[Choice, ...]:
    """The date from which they hold so far, the first day of this pay period, and today."""
    today = service.rules.today()
    since = service.terms.get_pay_terms().since
    days = {service.pay_days.find_period(today).start_date, today, *([since] if since > SINCE_EVER else [])}
    return offer_dates(*sorted(days))


ERRANDS: Mapping[ErrandKind, ErrandRules] = {AdminErrand.PAY_TERMS: ErrandRules(Person.require_admin, ask, do)}
