"""What the bot tells by itself around a pay day and a month's end (SPEC 4.17, 4.18, 4.25); it closes nothing (D31)."""

from dataclasses import replace
from datetime import date, timedelta

from bot.use_cases.payday import ask_to_confirm
from payroll.periods import EverybodysPeriod, PeriodState
from payroll.schedule import When
from payroll.settings import SettingKey
from postgres_service import PostgresService

IN_THE_MORNING = When(from_hour=9)
"""When people are written to on the day that it is about."""
PLACES_TOLD = 10


def find_reminding_time(service: PostgresService) -> When:
    """So many days before the pay day as the settings say, in the morning."""
    return replace(IN_THE_MORNING, days_ahead=service.settings.get(SettingKey.REMINDER_DAYS))


def remind_to_confirm(service: PostgresService, pay_day: date) -> None:
    """Ask everybody who has not said so whether the period that this day pays is complete."""
    ask_to_confirm(service, _read_period(service, pay_day).list_silent())


def remind_to_close(service: PostgresService, pay_day: date) -> None:
    """Tell the admins for how many people the period that this day pays waits to be closed."""
    everybody = _read_period(service, pay_day)
    waiting = everybody.list_in(PeriodState.OPEN)
    if waiting:
        facts = {
            "start": f"{everybody.period.start_date}",
            "end": f"{everybody.period.end_date}",
            "count": len(waiting),
            "silent": len(everybody.list_silent()),
        }
        service.outbox.add_for_admins("periods_wait", facts)


def tell_leaderboard(service: PostgresService, month: date) -> None:
    """Tell the team who sold most in a month, given by its first day, where the settings say so."""
    places = service.reports.list_leaderboard(month)
    if not places or not service.settings.get(SettingKey.LEADERBOARD_SHOWN):
        return
    told = [[one.place, one.name, f"{one.sales}"] for one in places[:PLACES_TOLD]]
    own = {one.employee_id: [one.place, f"{one.sales}"] for one in places}
    for person in service.people.list_active():
        facts = {"month": f"{month}", "places": told, "own": own.get(person.employee_id)}
        service.outbox.add(person.employee_id, "leaderboard", facts)


def _read_period(service: PostgresService, pay_day: date) -> EverybodysPeriod:
    period = service.pay_days.find_period(pay_day - timedelta(days=1))
    return EverybodysPeriod(period, tuple(service.periods.list_everybody(period.start_date)))
