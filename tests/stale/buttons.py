"""The buttons that decide beside errands: where each is shown, and what decides or changes it meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from aiogram.filters.callback_data import CallbackData

from bot.keyboards.deciding import Deciding
from bot.keyboards.inbox import DecideDead, ShowDead
from bot.keyboards.join import DecideJoin
from bot.keyboards.menu import MenuButton, Place
from bot.keyboards.pay import ConfirmPeriod, ShowMyPeriod
from bot.keyboards.questions import RateQuestion, ShowQuestion, TakeQuestion
from bot.keyboards.requests import (
    ApproveCorrection,
    ApproveDayOff,
    GivePremium,
    Matter,
    SeePremium,
    ShowMatter,
)
from bot.seals import seal
from payroll.people import Person
from payroll.shifts import Correction
from tests.rights.world import FILLED_PERIOD
from tests.stale.errands import Team

Do = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Shown:
    """A button on a screen: `at` shows that screen, `data` is the button's where only a notice has it.

    `decide` is what another one does with it meanwhile; `change` what makes it another matter; both None where nothing
    else can be.
    """

    by: Person
    at: CallbackData | None
    decide: Do
    change: Do | None = None
    data: str | None = None


def _show_correction(team: Team) -> Shown:
    person = team.hire()
    shift_id = team.work(person)
    ask = team.service.corrections.ask_edit
    wishes = [Correction(products={1: Decimal(amount)}) for amount in (700, 400)]
    first, second = (ask(shift_id, wish, "mistyped", actor=person).correction_id for wish in wishes)
    approve = team.service.corrections.approve
    return Shown(
        team.olga,
        ShowMatter(matter=Matter.CORRECTION, number=first),
        decide=lambda: approve(first, actor=team.max),
        change=lambda: approve(second, actor=team.max),
    )


def _show_day_off(team: Team) -> Shown:
    person = team.hire()
    day = team.service.rules.today() + timedelta(days=7)
    bonus_id = team.service.create_bonus(person.employee_id, "paid_day_off")
    ask = team.service.bonuses.request_day_off
    ask(bonus_id, day, actor=person)
    return Shown(
        team.olga,
        ShowMatter(matter=Matter.DAY_OFF, number=bonus_id),
        decide=lambda: team.service.bonuses.approve_day_off(bonus_id, actor=team.max),
        change=lambda: ask(bonus_id, day + timedelta(days=1), actor=person),
    )


def _show_premium(team: Team) -> Shown:
    bonus_id = team.service.create_bonus(team.hire().employee_id, "telegram_premium")
    give = team.service.bonuses.mark_premium_given
    to = ShowMatter(matter=Matter.PREMIUM, number=bonus_id)
    return Shown(team.olga, to, decide=lambda: give(bonus_id, actor=team.max))


def _show_gift(team: Team) -> Shown:
    person = team.hire()
    bonus_id = team.service.create_bonus(person.employee_id, "telegram_premium")
    team.service.bonuses.mark_premium_given(bonus_id, actor=team.max)
    data = SeePremium(seen=seal(), bonus_id=bonus_id).pack()
    return Shown(person, None, lambda: team.service.bonuses.mark_premium_seen(bonus_id, actor=person), data=data)


def _show_joining(team: Team) -> Shown:
    request_id = team.world.ask_to_join()
    decide = team.service.people.decide
    return Shown(team.olga, MenuButton(to=Place.ADMIN), lambda: decide(request_id, is_approved=False, admin=team.max))


def _show_period(team: Team) -> Shown:
    person = team.hire()
    team.work(person)
    return Shown(
        person,
        ShowMyPeriod(start=FILLED_PERIOD.toordinal()),
        decide=lambda: team.service.periods.close(FILLED_PERIOD, actor=team.max, employee_id=person.employee_id),
        change=lambda: team.work(person, FILLED_PERIOD + timedelta(days=4)),
    )


def _ask(team: Team) -> tuple[Person, int]:
    person = team.hire()
    return person, team.service.questions.ask("Why?", actor=person).question_id


def _show_question(team: Team) -> Shown:
    _, question_id = _ask(team)
    to = ShowMatter(matter=Matter.QUESTION, number=question_id)
    return Shown(team.olga, to, lambda: team.service.questions.take(question_id, actor=team.max))


def _show_answer(team: Team) -> Shown:
    person, question_id = _ask(team)
    team.service.questions.take(question_id, actor=team.max)
    team.service.questions.resolve(question_id, actor=team.max)
    rate = team.service.questions.rate
    return Shown(person, ShowQuestion(question_id=question_id), lambda: rate(question_id, 3, actor=person))


def _show_dead(team: Team) -> Shown:
    update_id = team.world.set_aside()
    return Shown(team.olga, ShowDead(), lambda: team.service.inbox.drop_dead(update_id))


SHOWN: Mapping[type[Deciding], Callable[[Team], Shown]] = {
    ApproveCorrection: _show_correction,
    ApproveDayOff: _show_day_off,
    GivePremium: _show_premium,
    SeePremium: _show_gift,
    DecideJoin: _show_joining,
    ConfirmPeriod: _show_period,
    TakeQuestion: _show_question,
    RateQuestion: _show_answer,
    DecideDead: _show_dead,
}
