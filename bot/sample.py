"""Writes the playground's sample data through the service, as if people had logged it day by day."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from payroll.money import CENT
from payroll.pay_periods import PayPeriod
from payroll.people import Person
from payroll.products import Catalogue
from payroll.shifts import NewShift
from playground.sample_data import (
    ADMIN_ID,
    ADMIN_NAME,
    ALICE,
    BORIS,
    CHEN,
    DAYS,
    EMPLOYEES,
    SampleShift,
    make_sample_shifts,
)
from postgres_service import PostgresService
from repository.rules import Rules

_SEED = 7
_NOON = time(12)


class _Clock:
    """The time at which the shift being written was recorded."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def write_sample_data(rules: Rules, **params: Any) -> bool:
    """Fill the playground's database, whole or not at all; whether there was anything to do.

    Nothing is, once one of the sample employees has a shift. `params` as for `PostgresService`.
    """
    present = rules.clock()
    today = rules.zone.date_of(present)
    clock = _Clock(_find_noon(rules, today - timedelta(days=DAYS + 1)))
    drawn = random.Random(_SEED)  # noqa: S311 - play, not secrets
    as_then = replace(rules, clock=clock, draw=drawn.randrange)
    with PostgresService(settle_ranks=True, rules=as_then, **params) as service:
        with service.transaction():
            if any(service.statistics.count_shifts(employee.person_id) for employee in EMPLOYEES):
                return False
            owner = _take_in_everybody(service, today - timedelta(days=DAYS))
            _write_history(service, owner, clock, today)
            clock.now = present
            _give_bonuses(service)
            _forget_notices(service)
        # The check sees only what is there for everybody.
        service.reconciliation.run()
    return True


def _take_in_everybody(service: PostgresService, first_day: date) -> Person:
    owner = service.people.ensure_owner(ADMIN_ID, ADMIN_NAME)
    for employee in EMPLOYEES:
        service.people.join(employee.person_id, employee.name, "en")
    service.set_employee_settings(BORIS.person_id, hourly_wage=Decimal("16.50"), valid_from=first_day)
    service.set_employee_settings(CHEN.person_id, base_pct=Decimal("9.00"), valid_from=first_day)
    return owner


def _write_history(service: PostgresService, owner: Person, clock: _Clock, today: date) -> None:
    """In the order of time: the shifts of a pay period, its close and payout on the pay day, the next period."""
    rules, catalogue = service.rules, service.get_catalogue()
    pay_days = [_find_noon(rules, period.pay_day) for period in _list_old_periods(service, today)]
    for shift in make_sample_shifts(today, [product.name for product in catalogue.active]):
        new = _read_shift(rules, catalogue, shift)
        recorded_at = new.time_out + timedelta(minutes=shift.recorded_after)
        while pay_days and pay_days[0] <= recorded_at:
            _pay_last_period(service, owner, clock, pay_days.pop(0))
        clock.now = recorded_at
        service.shifts.record(new)
    for pay_day in pay_days:
        _pay_last_period(service, owner, clock, pay_day)


def _list_old_periods(service: PostgresService, today: date) -> list[PayPeriod]:
    """All that are over but the newest of them, which waits to be closed; oldest first."""
    present = service.pay_days.find_period(today)
    waiting = service.pay_days.find_period(present.start_date - timedelta(days=1))
    period, old = service.pay_days.find_period(today - timedelta(days=DAYS)), []
    while period.end_date < waiting.start_date:
        old.append(period)
        period = service.pay_days.find_period(period.pay_day)
    return old


def _pay_last_period(service: PostgresService, owner: Person, clock: _Clock, pay_day: datetime) -> None:
    clock.now = pay_day
    service.periods.close(service.rules.today() - timedelta(days=1), actor=owner)
    service.payouts.pay(actor=owner)


def _find_noon(rules: Rules, day: date) -> datetime:
    return rules.zone.localize(datetime.combine(day, _NOON))


def _read_shift(rules: Rules, catalogue: Catalogue, shift: SampleShift) -> NewShift:
    start = datetime.combine(shift.day, time(shift.start_minute // 60, shift.start_minute % 60))
    time_in = rules.zone.localize(start)
    return NewShift(
        employee_id=shift.person_id,
        time_in=time_in,
        time_out=time_in.astimezone(UTC) + timedelta(minutes=shift.minutes),
        products={catalogue.find(name).product_id: cents * CENT for name, cents in shift.sales.items()},
        note=shift.note,
    )


def _give_bonuses(service: PostgresService) -> None:
    """One for each that waits. Alice's does not act on shifts: her next one pays what the rules say, no more."""
    service.create_bonus(ALICE.person_id, "telegram_premium")
    service.create_bonus(BORIS.person_id, "percent_next", Decimal(1))
    service.create_bonus(CHEN.person_id, "paid_day_off")


def _forget_notices(service: PostgresService) -> None:
    """Two months of messages are not news."""
    while waiting := service.outbox.list_unsent():
        for notice in waiting:
            service.outbox.mark_sent(notice.notice_id)
