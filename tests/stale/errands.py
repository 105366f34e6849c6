"""What each errand that ends in a Yes needs to be at it: whom it is about, what was said, and what changes it.

An errand of which nothing is said here, and which does not end in words, is an error that names it.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.errands import AdminErrand, Errand, ErrandKind, OwnErrand, PeriodSubject
from bot.use_cases.errands import RULES
from payroll.people import Person
from payroll.shifts import NewShift
from postgres_service import PostgresService
from tests.rights.world import FILLED_PERIOD, SHIFT_LENGTH, Whom, World

Answers = Mapping[str, str]
IN_WORDS: frozenset[ErrandKind] = frozenset(
    {
        AdminErrand.DATES, AdminErrand.REFUSE_CORRECTION, AdminErrand.REFUSE_DAY_OFF,
        OwnErrand.MISSING, OwnErrand.QUESTION, OwnErrand.REPLY, OwnErrand.RESOLVE,
    }
)  # fmt: skip
"""What ends in a typed text, and decides about no figure."""
REPEATED: frozenset[ErrandKind] = frozenset({AdminErrand.REMIND})
"""What may well be done twice: whoever is reminded once more is asked the same again."""


@dataclass(slots=True)
class Team:
    """Where things are made, each about somebody who is new: no case depends on the one before."""

    world: World
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    @property
    def service(self) -> PostgresService:
        """The records."""
        return self.world.service

    @property
    def olga(self) -> Person:
        """Who taps."""
        return self.world.people[Whom.OWNER]

    @property
    def max(self) -> Person:
        """The other admin."""
        return replace(self.world.people[Whom.MANAGER], role=self.olga.role)

    def count(self) -> int:
        """A number that nothing has had yet."""
        return next(self._numbers)

    def hire(self) -> Person:
        """Somebody new."""
        number = self.count()
        return self.service.people.join(50_000 + number, f"Somebody {number}", "en")

    def work(self, person: Person, day: date | None = None) -> int:
        """A shift of four hours, 500.00 on the first model, in the period that can be closed."""
        on = day or FILLED_PERIOD + timedelta(days=2)
        begin = self.service.rules.zone.localize(datetime(on.year, on.month, on.day, 9))  # noqa: DTZ001
        new = NewShift(person.employee_id, begin, begin + SHIFT_LENGTH, {1: Decimal(500)})
        return self.service.shifts.record(new).shift_id

    def do(self, kind: ErrandKind, subject: str, answers: Answers, by: Person | None = None) -> None:
        """Somebody else does it, all at once."""
        with self.service.transaction():
            errand = Errand(kind, subject=subject, answers={**answers, "sure": "yes"})
            RULES[kind].do(self.service, by or self.max, errand)


@dataclass(frozen=True, slots=True)
class Ready:
    """An errand at its Yes: what it is about, what was said, and what somebody else does that changes what is shown.

    `by` taps; None is an admin.
    """

    subject: str
    answers: Answers
    change: Callable[[], object]
    by: Person | None = None


def _about_person(team: Team, kind: AdminErrand, answers: Answers, others: Answers) -> Ready:
    person = team.hire()
    team.work(person)
    subject = str(person.employee_id)
    return Ready(subject, answers, lambda: team.do(kind, subject, others))


def _about_wage(team: Team, kind: AdminErrand) -> Ready:
    since = {"since": "2026-11-16"}
    return _about_person(team, kind, {"amount": "16", **since}, {"amount": "17", **since})


def _about_plan(team: Team, _kind: AdminErrand) -> Ready:
    person = team.hire()
    day = date(2027, 1, 1)
    plan = team.service.set_employee_settings
    plan(person.employee_id, hourly_wage=Decimal(16), valid_from=day)
    change = lambda: plan(person.employee_id, hourly_wage=Decimal(18), valid_from=day)  # noqa: E731
    return Ready(str(person.employee_id), {"since": day.isoformat()}, change)


def _about_period(team: Team, kind: AdminErrand) -> Ready:
    person = team.hire()
    team.work(person)
    subject = PeriodSubject(FILLED_PERIOD, person.employee_id).dump()
    if kind is not AdminErrand.CLOSE:
        team.do(AdminErrand.CLOSE, subject, {})
    adjust = {"kind": "deduction", "amount": "60", "reason": "a broken headset"}
    change = lambda: team.do(AdminErrand.ADJUST, str(person.employee_id), adjust)  # noqa: E731
    if kind is AdminErrand.CLOSE:
        change = lambda: team.work(person, FILLED_PERIOD + timedelta(days=3))  # type: ignore[assignment]  # noqa: E731
    if kind is AdminErrand.REOPEN:
        change = lambda: team.service.payouts.pay(actor=team.max, employee_id=person.employee_id)  # type: ignore[assignment]  # noqa: E731
    return Ready(subject, {"reason": "wrong"} if kind is AdminErrand.REOPEN else {}, change)


def _about_everybody(team: Team, _kind: AdminErrand) -> Ready:
    person = team.hire()
    team.work(person)
    start = FILLED_PERIOD
    change = lambda: team.service.periods.confirm(person.employee_id, start, actor=person)  # noqa: E731
    return Ready(PeriodSubject(start).dump(), {}, change)


def _about_leaver(team: Team, kind: AdminErrand) -> Ready:
    person = team.hire()
    team.do(AdminErrand.LEAVE, str(person.employee_id), {"day": "2026-11-16"})
    return Ready(str(person.employee_id), {}, lambda: team.do(kind, str(person.employee_id), {}))


def _about_account(team: Team, kind: AdminErrand) -> Ready:
    account = str(60_000 + team.count())
    return _about_person(team, kind, {"account": account}, {"account": account})


def _about_moving(team: Team, _kind: AdminErrand) -> Ready:
    giver, taker = team.hire(), team.hire()
    team.work(giver)
    change = lambda: team.work(giver, FILLED_PERIOD + timedelta(days=3))  # noqa: E731
    return Ready(str(taker.employee_id), {"from": str(giver.employee_id)}, change)


def _about_shift(team: Team, kind: AdminErrand) -> Ready:
    shift_id = team.work(team.hire())
    said = {"product": "1", "amount": "100", "reason": "chargeback"}
    if kind is AdminErrand.REFUND:
        return Ready(str(shift_id), said, lambda: team.do(kind, str(shift_id), {**said, "amount": "50"}))
    refund = team.service.refunds.book(shift_id, 1, Decimal(100), "chargeback", actor=team.max)
    answers = {"refund": str(refund.refund_id), "reason": "it came back"}
    return Ready(str(shift_id), answers, lambda: team.do(kind, str(shift_id), answers))


def _about_used_bonus(team: Team, _kind: AdminErrand) -> Ready:
    person = team.hire()
    bonus_id = team.service.create_bonus(person.employee_id, "flat", 25)
    shift_id = team.work(person)
    answers = {"bonus": str(bonus_id), "amount": "25", "reason": "a mistake"}
    return Ready(str(person.employee_id), answers, lambda: team.service.shifts.delete(shift_id, actor_id=9001))


def _about_product(team: Team, kind: AdminErrand) -> Ready:
    name = f"Model {team.count()}"
    if kind is AdminErrand.PRODUCT_ADD:
        return Ready("", {"name": name}, lambda: team.do(kind, "", {"name": name}))
    product = team.service.products.add(name, actor=team.max)
    if kind is AdminErrand.PRODUCT_ON:
        team.service.products.set_active(product.product_id, is_active=False, actor=team.max)
    subject = str(product.product_id)
    answers = {"name": f"{name} new"} if kind is AdminErrand.PRODUCT_NAME else {}
    rename = {"name": f"{name} other"}
    return Ready(subject, answers, lambda: team.do(AdminErrand.PRODUCT_NAME, subject, rename))


def _about_rate(team: Team, kind: AdminErrand) -> Ready:
    since, start, other = {"since": "2026-11-20"}, str(3000 + team.count()), str(7000 + team.count())
    change = lambda: team.do(AdminErrand.RATE_ADD, "", {**since, "from": other, "pct": "7"})  # noqa: E731
    if kind is AdminErrand.RATE_ADD:
        return Ready("", {**since, "from": start, "pct": "6.5"}, change)
    team.do(AdminErrand.RATE_ADD, "", {**since, "from": start, "pct": "6.5"})
    said = {
        AdminErrand.RATE_FROM: {"from": f"{start}.50"},
        AdminErrand.RATE_PCT: {"pct": "6.75"},
    }
    return Ready(f"{start}.00", {**since, **said.get(kind, {})}, change)


def _about_pay_terms(team: Team, _kind: AdminErrand) -> Ready:
    person = team.hire()
    team.work(person, date(2026, 11, 16))
    team.world.connection.execute(
        "INSERT INTO pay_terms (valid_from, platform_cut_pct, dynamic_basis) VALUES ('2026-11-16', %s, 'day')"
        " ON CONFLICT (valid_from) DO UPDATE SET platform_cut_pct = EXCLUDED.platform_cut_pct",
        [1 + team.count() % 99],
    )
    raise_wage = {"since": "2026-11-16", "amount": "25"}
    change = lambda: team.do(AdminErrand.WAGE, str(person.employee_id), raise_wage)  # noqa: E731
    return Ready("", {"since": "2026-11-15"}, change)


def _about_rank(team: Team, kind: AdminErrand) -> Ready:
    number = team.count()
    new = {"name": f"Rank {number}", "emoji": "🦩", "text": "Well done", "from": str(20_000 + number)}
    other = {**new, "name": f"Other {number}", "from": str(30_000 + number)}
    change = lambda: team.do(AdminErrand.RANK_ADD, "", other)  # noqa: E731
    if kind is AdminErrand.RANK_ADD:
        return Ready("", new, change)
    team.do(AdminErrand.RANK_ADD, "", new)
    rank = next(one for one in team.service.ranks.list_rows() if one.name == new["name"])
    subject = str(rank.rank_id)
    if kind is AdminErrand.GIFT_REMOVE:
        team.do(AdminErrand.GIFT_ADD, subject, {"type": "flat", "value": "20"})
    said = {
        AdminErrand.RANK_NAME: {"name": f"Renamed {number}"},
        AdminErrand.RANK_EMOJI: {"emoji": "🐙"},
        AdminErrand.RANK_TEXT: {"text": "Very well done"},
        AdminErrand.RANK_FROM: {"from": f"{20_000 + number}.50"},
        AdminErrand.GIFT_ADD: {"type": "flat", "value": "25"},
        AdminErrand.GIFT_REMOVE: {"gift": "0"},
    }
    return Ready(subject, said.get(kind, {}), change)


def _about_pending(team: Team, kind: AdminErrand) -> Ready:
    person = team.hire()
    bonus_id = str(team.service.create_bonus(person.employee_id, "flat", 25))
    return Ready(bonus_id, {"reason": "a mistake"}, lambda: team.do(kind, bonus_id, {"reason": "another"}))


def _about_setting(team: Team, kind: AdminErrand) -> Ready:
    value = str(2 + team.count() % 6 * 2)
    other = str(int(value) + 1)
    return Ready("reminder_days", {"value": value}, lambda: team.do(kind, "reminder_days", {"value": other}))


def _about_day_off(team: Team, _kind: OwnErrand) -> Ready:
    person = team.hire()
    bonus_id = team.service.create_bonus(person.employee_id, "paid_day_off")
    raise_wage = {"amount": "25", "since": "2026-11-16"}
    del bonus_id
    change = lambda: team.do(AdminErrand.WAGE, str(person.employee_id), raise_wage)  # noqa: E731
    return Ready("", {"day": "2026-11-20"}, change, by=person)


def _said(answers: Answers, others: Answers) -> Callable[[Team, AdminErrand], Ready]:
    return lambda team, kind: _about_person(team, kind, answers, others)


_ADJUST = {"kind": "bonus", "amount": "10", "reason": "well done"}
_GRANT = {"type": "flat", "value": "10", "reason": "a long night"}
READY: Mapping[ErrandKind, Callable[..., Ready]] = {
    AdminErrand.WAGE: _about_wage,
    AdminErrand.BASE_RATE: _about_wage,
    AdminErrand.UNPLAN: _about_plan,
    AdminErrand.CLOSE: _about_period,
    AdminErrand.REOPEN: _about_period,
    AdminErrand.PAY: _about_period,
    AdminErrand.REMIND: _about_everybody,
    AdminErrand.ROLE: _said({"role": "manager"}, {"role": "owner"}),
    AdminErrand.RENAME: _said({"name": "Anna"}, {"name": "Anne"}),
    AdminErrand.LEAVE: _said({"day": "2026-11-16"}, {"day": "2026-11-15"}),
    AdminErrand.REHIRE: _about_leaver,
    AdminErrand.LINK: _about_account,
    AdminErrand.MOVE: _about_moving,
    AdminErrand.ADJUST: _said(_ADJUST, {**_ADJUST, "amount": "20"}),
    AdminErrand.REFUND: _about_shift,
    AdminErrand.WITHDRAW_REFUND: _about_shift,
    AdminErrand.CUT_BONUS: _about_used_bonus,
    **dict.fromkeys([one for one in AdminErrand if one.startswith("model-")], _about_product),
    **dict.fromkeys([one for one in AdminErrand if one.startswith("rate-")], _about_rate),
    AdminErrand.PAY_TERMS: _about_pay_terms,
    **dict.fromkeys([one for one in AdminErrand if one.startswith(("rank-", "gift-"))], _about_rank),
    AdminErrand.GRANT: _said(_GRANT, {**_GRANT, "value": "20"}),
    AdminErrand.VOID: _about_pending,
    AdminErrand.SETTING: _about_setting,
    OwnErrand.DAY_OFF: _about_day_off,
}
DECIDING: tuple[ErrandKind, ...] = tuple(kind for kind in RULES if kind not in IN_WORDS)
"""Every errand that ends in a Yes."""
