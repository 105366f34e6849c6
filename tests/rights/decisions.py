"""Every decision of admins × about whom: what is decided, by which answers, and who may (PAYROLL D38).

The rows are worked out from what the bot offers: a new errand, a new button of admins that changes something, a new
field of a shift that can be corrected is an error that names it until it is said here what may come of it.
"""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from aiogram import Router

from bot.errands import AdminErrand, ErrandAct, ErrandAsked, PeriodSubject
from bot.forms import EditField, Kind, Step
from bot.policies import Who, get_policy, list_handlers, name_handler
from bot.use_cases import corrections, days_off, dialogs, edit_shift, errands, new_shift, people, premium, rank_table
from bot.use_cases import inbox as dead_letters
from bot.use_cases import questions as question_desk
from bot.use_cases.dialogs import Asked
from payroll.errors import DomainError, ErrorKey
from payroll.people import Person, Role
from payroll.shifts import NewShift
from postgres_service import PostgresService
from repository.inbox import RawUpdate

TODAY = date(2026, 11, 16)
OVER = date(2026, 11, 1)
"""The first day of a pay period that is over and open."""
_PRODUCT = 1
_NEW_ACCOUNT = 555_001


class About(StrEnum):
    """Whose a decision is about."""

    ONESELF = "oneself"
    OWNER = "another owner"
    MANAGER = "another manager"
    FORMER = "what one was before, under another account"
    EMPLOYEE = "an employee"


class By(StrEnum):
    """Who decides."""

    MANAGER = "a manager"
    OWNER = "an owner"
    ALONE = "an owner who is the only admin"


class Outcome(StrEnum):
    """What comes of it."""

    ALLOWED = "allowed"
    OWN = "allowed, logged as own"
    ANOTHERS = ErrorKey.OWN_MATTER
    OWNERS = ErrorKey.OWNER_ONLY
    LAST_OWNER = ErrorKey.LAST_OWNER
    NOT_THERE = "there is no such"


Rule = Mapping[By, Mapping[About, Outcome]]


def _spell(oneself: Outcome, owner: Outcome, manager: Outcome, former: Outcome) -> Mapping[About, Outcome]:
    outcomes = (oneself, owner, manager, former, Outcome.ALLOWED)
    return dict(zip(About, outcomes, strict=True))


_NONE, _OK, _OWN = Outcome.NOT_THERE, Outcome.ALLOWED, Outcome.OWN
_ANOTHERS, _OWNERS = Outcome.ANOTHERS, Outcome.OWNERS

PAY: Rule = {
    By.MANAGER: _spell(_ANOTHERS, _OK, _OK, _ANOTHERS),
    By.OWNER: _spell(_ANOTHERS, _OK, _OK, _ANOTHERS),
    By.ALONE: _spell(_OWN, _NONE, _NONE, _OWN),
}
"""What somebody gains or loses money by."""
SHIFT: Rule = {
    By.MANAGER: _spell(_OK, _OK, _OK, _ANOTHERS),
    By.OWNER: _spell(_OK, _OK, _OK, _ANOTHERS),
    By.ALONE: _spell(_OK, _NONE, _NONE, _OK),
}
"""A shift of an open period: everybody enters and corrects their own, and the audit log says who did."""
PLACE: Rule = {
    By.MANAGER: _spell(_OWNERS, _OWNERS, _OWNERS, _ANOTHERS),
    By.OWNER: _spell(_ANOTHERS, _OK, _OK, _ANOTHERS),
    By.ALONE: _spell(_OWN, _NONE, _NONE, _OWN),
}
"""What changes somebody's account or place in the team."""
LEAVING: Rule = {**PLACE, By.ALONE: _spell(Outcome.LAST_OWNER, _NONE, _NONE, _OWN)}
ROLE: Rule = {
    **LEAVING,
    By.MANAGER: dict.fromkeys(About, _OWNERS),
}
COMING: Rule = {
    by: {**rule, About.ONESELF: _NONE, About.OWNER: _NONE, About.MANAGER: _NONE} for by, rule in PLACE.items()
}
"""Who comes back, or in, is no admin yet."""
FREE: Rule = {
    By.MANAGER: _spell(_OK, _OK, _OK, _OK),
    By.OWNER: _spell(_OK, _OK, _OK, _OK),
    By.ALONE: _spell(_OK, _NONE, _NONE, _OK),
}
"""Nobody gains or loses by it: amounts are fixed as they are, or somebody is only asked, or called otherwise."""
NOTED: Rule = {by: {**rule, About.ONESELF: _OWN} for by, rule in FREE.items()}
"""The same, noted as own where it is."""
_ONCE = dict.fromkeys((About.ONESELF, About.OWNER, About.MANAGER, About.FORMER), _NONE)
EVERYBODY: Rule = {by: {**_ONCE, About.EMPLOYEE: _OK} for by in By}
"""What holds for everybody alike, so that no admin is less concerned than another."""
SETTINGS: Rule = {**EVERYBODY, By.MANAGER: {**_ONCE, About.EMPLOYEE: _OWNERS}}


# --- the office -------------------------------------------------------------------------------------------------------


OLGA, OMAR, MAX, NINA, ANN, BORIS, CLEO = 800, 802, 801, 803, 100, 101, 102
FORMER = {OLGA: 700, MAX: 701}
"""What two of them were before. That is their account too, since it was linked; before it was their own number."""


@dataclass(slots=True)
class Office:
    """Two owners, two managers, employees; two of the admins were somebody else's record before."""

    service: PostgresService
    by: Mapping[By, int] = field(default_factory=lambda: {By.MANAGER: MAX, By.OWNER: OLGA, By.ALONE: OLGA})
    shifts: dict[int, int] = field(default_factory=dict)
    _updates: Iterator[int] = field(default_factory=lambda: itertools.count(900_001))

    def fill(self) -> None:
        """Take everybody in, each with a shift of 2026/11/10."""
        service = self.service
        for number, name in ((OLGA, "Olga"), (OMAR, "Omar")):
            service.people.ensure_owner(number, name)
        omar = service.people.get(OMAR)
        for number, name in {
            MAX: "Max",
            NINA: "Nina",
            ANN: "Ann",
            BORIS: "Boris",
            CLEO: "Cleo",
            700: "Olya",
            701: "Maxim",
        }.items():
            service.people.join(number, name, "en")
        for number in (MAX, NINA):
            service.staff.set_role(number, Role.MANAGER, actor=omar)
        for number, former in FORMER.items():
            service.staff.link_account(number, former, actor=omar)
            service.staff.rehire(former, actor=omar)
        for number in (OLGA, OMAR, MAX, NINA, ANN, *FORMER.values()):
            self.shifts[number] = self.work(number, 10)
        self.shifts[BORIS] = self.work(BORIS, 9)

    def find(self, by: By, about: About) -> int:
        """Whose number it is."""
        actor = self.by[by]
        return {
            About.ONESELF: actor, About.OWNER: OMAR, About.MANAGER: NINA,
            About.FORMER: FORMER[actor], About.EMPLOYEE: ANN,
        }[about]  # fmt: skip

    def work(self, number: int, day: int) -> int:
        """A shift of 09:00 to 17:00 of a day of November 2026; its number."""
        return self.service.shifts.record(self.write_shift(number, day)).shift_id

    def write_shift(self, number: int, day: int) -> NewShift:
        """The same, not recorded yet."""
        begin = self.service.rules.zone.localize(datetime(2026, 11, day, 9), field="start")  # noqa: DTZ001 - made aware
        return NewShift(number, begin, begin + timedelta(hours=8), {_PRODUCT: Decimal(500)})

    @property
    def omar(self) -> Person:
        """An owner who makes ready what others decide about."""
        return self.service.people.get(OMAR)

    def dismiss_others(self) -> None:
        """Olga is the only admin from now on."""
        olga = self.service.people.get(OLGA)
        for number in (OMAR, MAX, NINA):
            self.service.staff.set_role(number, Role.EMPLOYEE, actor=olga)

    # --- what is decided about ---------------------------------------------------------------------------------------

    def plan_wage(self, number: int) -> str:
        """Another wage of somebody's is to come."""
        self.service.set_employee_settings(number, hourly_wage=Decimal(16), valid_from=date(2027, 1, 1))
        return str(number)

    def close(self, number: int) -> str:
        """A closed pay period of somebody's."""
        self.service.periods.close(OVER, actor=self.omar, employee_id=number)
        return self.name_period(number)

    def name_period(self, number: int) -> str:
        """A pay period of somebody's."""
        return PeriodSubject(OVER, number).dump()

    def refund(self, number: int) -> str:
        """A shift of somebody's with a refund."""
        self.service.refunds.book(
            self.shifts[number], _PRODUCT, Decimal(100), "a complaint", actor=self._find_other(number)
        )
        return str(self.shifts[number])

    def give_bonus(self, number: int, kind: str = "flat", value: int | None = 10) -> int:
        """A bonus of somebody's that waits."""
        return self.service.create_bonus(number, kind, value)

    def use_bonus(self, number: int) -> str:
        """Somebody with a bonus that a shift has used."""
        self.give_bonus(number)
        self.work(number, 11)
        return str(number)

    def ask_day_off(self, number: int) -> int:
        """A day off that somebody asks for."""
        bonus_id = self.give_bonus(number, "paid_day_off", None)
        self.service.bonuses.request_day_off(bonus_id, TODAY, actor=self.service.people.get(number))
        return bonus_id

    def ask_correction(self, number: int, asker: int | None = None) -> int:
        """A request for a shift of somebody's that is missing, by themselves or by another admin."""
        asked_by = self.service.people.get(number if asker is None else asker)
        missing = self.write_shift(number, 12)
        return self.service.corrections.ask_new(missing, "forgotten", actor=asked_by).correction_id

    def empty(self, number: int) -> str:
        """Somebody's account, of whom nothing is recorded: they can lose their place by it."""
        self.service.shifts.delete(self.shifts[number])
        person = self.service.people.get(number)
        return str(person.telegram_id)

    def leave(self, number: int) -> str:
        """Somebody who has left."""
        self.service.staff.leave(number, TODAY, actor=self.omar)
        return str(number)

    def set_aside(self) -> int:
        """An update that could not be handled."""
        update_id = next(self._updates)
        self.service.inbox.store([RawUpdate(update_id, None, f'{{"update_id": {update_id}, "something_new": {{}}}}')])
        self.service.inbox.bury(update_id, "cannot be read")
        return update_id

    def _find_other(self, number: int) -> Person:
        return self.service.people.get(NINA if number == OMAR else OMAR)


# --- the rows --------------------------------------------------------------------------------------------------------

Do = Callable[[Person], object]
Make = Callable[[Office, int], Do]
"""Makes ready what is decided about somebody; gives how an admin decides it."""


@dataclass(frozen=True, slots=True)
class Row:
    """A decision: `feature` is what the bot offers, `way` how somebody is concerned by it where there are several."""

    feature: str
    rule: Rule
    make: Make
    way: str = ""

    def __str__(self) -> str:
        return f"{self.feature} {self.way}".rstrip()


_ONLY_SHOWING = ("show_", "turn_", "send_")
"""How the names of handlers begin that change nothing, which the matrix of rights checks."""
_EXPANDED = "errands.begin_for_admin"
"""Begins every errand, each of which is a feature of its own."""


def list_features(routers: Sequence[Router]) -> set[str]:
    """What admins can have done, worked out from what the bot offers."""
    handlers = {
        name_handler(handler).removeprefix("bot.handlers.")
        for _, handler in list_handlers(routers)
        if get_policy(handler).who in (Who.ADMIN, Who.OWNER)
    }
    doing = {one for one in handlers if not one.rpartition(".")[2].startswith(_ONLY_SHOWING)}
    forms = {f"shift.press {Kind.NEW}", *(f"shift.press {Kind.EDIT} {edited}" for edited in EditField)}
    return {*AdminErrand, *(doing - {_EXPANDED}), *forms}


def _errand(
    kind: AdminErrand,
    rule: Rule,
    subject: Callable[[Office, int], object] | None = None,
    /,
    way: str = "",
    **answers: str,
) -> Row:
    """An errand about a person's number where nothing else is said."""

    def make(office: Office, number: int) -> Do:
        about = str(subject(office, number) if subject else number)
        return lambda actor: play(office.service, actor, kind, about, answers)

    return Row(kind, rule, make, way)


def _link_from(office: Office, number: int) -> Do:
    """Ann is to write from somebody's account."""
    is_former = number in FORMER.values()
    held = next(one for one, former in FORMER.items() if former == number) if is_former else None
    account = str(held) if held is not None else office.empty(number)
    return lambda actor: play(office.service, actor, AdminErrand.LINK, str(CLEO), {"account": account})


def _move_from(office: Office, number: int) -> Do:
    answers = {"from": str(number)}
    return lambda actor: play(office.service, actor, AdminErrand.MOVE, str(CLEO), answers)


def _decide_join(office: Office, number: int) -> Do:
    """The account that somebody wrote from before asks to join, as an employee of its own; or a stranger's does."""
    held = {former: one for one, former in FORMER.items()}
    request, _ = office.service.people.request_to_join(held.get(number, _NEW_ACCOUNT), "Asking", "en")
    return lambda actor: people.decide_request(office.service, actor, request.request_id, is_approved=True)


def _enter(office: Office, number: int) -> Do:
    """A shift that an admin enters for somebody."""

    def enter(actor: Person) -> None:
        asked = new_shift.begin_for(office.service, actor, number)
        assert isinstance(asked, Asked), "nobody has begun one before"
        shift = office.write_shift(number, 12)
        known: dict[str, Any] = {
            "day": date(2026, 11, 12),
            "start": shift.time_in,
            "end": shift.time_out,
            "products": shift.products,
        }
        new_shift.save(office.service, actor, replace(asked.form, step=Step.DONE, **known))

    return enter


def _end_running(office: Office, number: int) -> Do:
    """A running shift of somebody's that an admin ends."""
    office.service.shifts.start_running(number, office.service.rules.clock() - timedelta(hours=1))
    return lambda actor: new_shift.begin_to_finish_for(office.service, actor, number)


def _correct(edited: EditField) -> Make:
    def make(office: Office, number: int) -> Do:
        shift_id = office.shifts[number]
        begin = office.service.shifts.get(shift_id).shift.work.time_in
        known = {"edited": edited, "shift_id": shift_id, "product_id": _PRODUCT, "amount": Decimal(400),
                 "start": begin + timedelta(hours=1), "end": begin + timedelta(hours=7)}  # fmt: skip

        def correct(actor: Person) -> None:
            edit_shift.begin(office.service, actor, shift_id)
            edit_shift.save(office.service, actor, dialogs.start_form(Kind.EDIT, Step.DONE, **known))

        return correct

    return make


def _approve(office: Office, correction_id: int) -> Do:
    return lambda actor: corrections.approve(office.service, actor, correction_id)


def _approve_day_off(office: Office, bonus_id: int) -> Do:
    return lambda actor: days_off.approve(office.service, actor, bonus_id, TODAY)


def _give_premium(office: Office, number: int) -> Do:
    bonus_id = office.give_bonus(number, "telegram_premium", None)
    return lambda actor: premium.give(office.service, actor, bonus_id)


def _take(office: Office, number: int) -> Do:
    question = office.service.questions.ask("Why?", actor=office.service.people.get(number))
    return lambda actor: question_desk.take(office.service, actor, question.question_id)


def _drop(office: Office, update_id: int) -> Do:
    return lambda actor: dead_letters.decide_dead(office.service, actor, update_id, is_retried=False)


ROWS: Sequence[Row] = (
    _errand(AdminErrand.WAGE, PAY, amount="16"),
    _errand(AdminErrand.BASE_RATE, PAY, amount="9"),
    _errand(AdminErrand.UNPLAN, PAY, Office.plan_wage),
    _errand(AdminErrand.CLOSE, NOTED, Office.name_period),
    _errand(AdminErrand.REOPEN, PAY, Office.close),
    _errand(AdminErrand.PAY, PAY, Office.close),
    _errand(AdminErrand.REMIND, FREE, lambda _office, _number: PeriodSubject(OVER).dump()),
    _errand(AdminErrand.DATES, EVERYBODY, lambda *_: ""),
    _errand(AdminErrand.ROLE, ROLE),
    _errand(AdminErrand.RENAME, NOTED, name="Somebody"),
    _errand(AdminErrand.LEAVE, LEAVING, day=TODAY.isoformat()),
    _errand(AdminErrand.REHIRE, COMING, Office.leave),
    _errand(AdminErrand.LINK, PLACE, way="to a new account", account=str(_NEW_ACCOUNT)),
    Row(AdminErrand.LINK, LEAVING, _link_from, "of an employee to their account, by which they lose their place"),
    _errand(AdminErrand.MOVE, PAY, way="to them", **{"from": "101"}),
    Row(AdminErrand.MOVE, PAY, _move_from, "from them"),
    _errand(AdminErrand.ADJUST, PAY, way="given", kind="bonus", amount="5"),
    _errand(AdminErrand.ADJUST, PAY, way="taken", kind="deduction", amount="5"),
    _errand(AdminErrand.REFUSE_CORRECTION, PAY, Office.ask_correction),
    _errand(AdminErrand.REFUND, PAY, lambda office, number: office.shifts[number], product="1", amount="50"),
    _errand(AdminErrand.WITHDRAW_REFUND, PAY, Office.refund),
    _errand(AdminErrand.CUT_BONUS, PAY, Office.use_bonus, amount="5"),
    _errand(AdminErrand.REFUSE_DAY_OFF, PAY, Office.ask_day_off),
    _errand(AdminErrand.PRODUCT_ADD, EVERYBODY, lambda *_: "", name="Model Z"),
    _errand(AdminErrand.PRODUCT_NAME, EVERYBODY, lambda *_: 1, name="Model Z"),
    _errand(AdminErrand.PRODUCT_OFF, EVERYBODY, lambda *_: 1),
    _errand(AdminErrand.PRODUCT_ON, EVERYBODY, lambda *_: 1),
    _errand(AdminErrand.RATE_ADD, EVERYBODY, lambda *_: "", **{"from": "700", "pct": "3"}),
    _errand(AdminErrand.RATE_FROM, EVERYBODY, lambda *_: "500.00", **{"from": "600"}),
    _errand(AdminErrand.RATE_PCT, EVERYBODY, lambda *_: "500.00", pct="3"),
    _errand(AdminErrand.RATE_REMOVE, EVERYBODY, lambda *_: "500.00"),
    _errand(AdminErrand.PAY_TERMS, EVERYBODY, lambda *_: ""),
    _errand(AdminErrand.RANK_ADD, EVERYBODY, lambda *_: "", emoji="🧪", **{"from": "3000"}),
    _errand(AdminErrand.RANK_NAME, EVERYBODY, lambda *_: 2, name="Mover"),
    _errand(AdminErrand.RANK_EMOJI, EVERYBODY, lambda *_: 2, emoji="🧪"),
    _errand(AdminErrand.RANK_TEXT, EVERYBODY, lambda *_: 2),
    _errand(AdminErrand.RANK_FROM, EVERYBODY, lambda *_: 2, **{"from": "2500"}),
    _errand(AdminErrand.RANK_REMOVE, EVERYBODY, lambda *_: 2),
    _errand(AdminErrand.GIFT_ADD, EVERYBODY, lambda *_: 2, type="flat", value="5"),
    _errand(AdminErrand.GIFT_REMOVE, EVERYBODY, lambda *_: 2),
    _errand(AdminErrand.GRANT, PAY, type="flat", value="5"),
    _errand(AdminErrand.VOID, PAY, Office.give_bonus),
    _errand(AdminErrand.SETTING, SETTINGS, lambda *_: "reminder_days", value="3"),
    Row("requests.approve_correction", PAY, lambda office, number: _approve(office, office.ask_correction(number))),
    Row(
        "requests.approve_correction", PAY,
        lambda office, number: _approve(office, office.ask_correction(number, NINA)), "that another admin asked",
    ),
    Row("requests.approve_day_off", PAY, lambda office, number: _approve_day_off(office, office.ask_day_off(number))),
    Row("requests.give_premium", PAY, _give_premium),
    Row("admin.decide", COMING, _decide_join),
    Row("admin.decide_in_list", COMING, _decide_join),
    Row("admin.create_invite", EVERYBODY, lambda office, _: lambda actor: people.create_invite(office.service, actor)),
    Row("admin_inbox.decide", EVERYBODY, lambda office, _: _drop(office, office.set_aside())),
    Row("questions.take", FREE, _take),
    Row("rank_table.recalculate", EVERYBODY, lambda office, _: lambda by: rank_table.recalculate(office.service, by)),
    Row("team.add_shift", SHIFT, _end_running, "that runs, to end it"),
    Row(f"shift.press {Kind.NEW}", SHIFT, _enter),
    *(Row(f"shift.press {Kind.EDIT} {edited}", SHIFT, _correct(edited)) for edited in EditField),
)  # fmt: skip


def play(service: PostgresService, actor: Person, kind: AdminErrand, subject: str, answers: Mapping[str, str]) -> None:
    """An errand from its first question to its end: what is not said is the first button, or a few words."""
    asked = errands.begin(service, actor, kind, subject)
    message_id = 0
    while isinstance(asked, ErrandAsked):
        question, errand = asked.question, asked.errand
        offered = [choice.value for choice in question.choices if choice.value]
        said = answers.get(question.name) or (offered[0] if offered else "for a reason")
        if said in offered:
            with service.transaction():
                taken = errands.take_up(service, actor, errand.draft_id, errand.revision)
                asked = errands.press(service, actor, taken, ErrandAct.ANSWER, said)
            continue
        if question.read is None:
            # It is not offered: whoever forges an answer is refused by the last step.
            forged = answers.get(question.name, "yes")
            errands.RULES[kind].do(service, actor, errand.answer(question.name, forged))
            return
        message_id += 1
        draft = service.drafts.find_current(actor.employee_id)
        assert draft is not None
        asked = errands.type_text(service, actor, draft, message_id, said)


# --- what comes of it ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cell:
    """One decision, by whom, about whom."""

    row: Row
    by: By
    about: About

    def __str__(self) -> str:
        return f"{self.row}: {self.by}, about {self.about}"

    @property
    def expected(self) -> Outcome:
        """What has to come of it."""
        return self.row.rule[self.by][self.about]


@dataclass(frozen=True, slots=True)
class Played:
    """What came of it, and who lost by it without being told."""

    outcome: str
    untold: tuple[str, ...] = ()


def list_cells(by: By) -> list[Cell]:
    """The whole table of one who decides, but what cannot be."""
    cells = (Cell(*one) for one in itertools.product(ROWS, [by], About))
    return [cell for cell in cells if cell.expected is not Outcome.NOT_THERE]


def play_cell(office: Office, cell: Cell) -> Played:
    """Make ready what is decided about, decide it, look at what came of it, and undo it all."""
    service = office.service
    played: list[Played] = []
    with service.rehearsal():
        do = cell.row.make(office, office.find(cell.by, cell.about))
        if cell.by is By.ALONE:
            office.dismiss_others()
        actor = service.people.get(office.by[cell.by])
        before, noted = _look(service), len(service.audit.list_entries(1000))
        for notice in service.outbox.list_unsent(1000):
            service.outbox.mark_sent(notice.notice_id)
        try:
            with service.savepoint():
                do(actor)
        except DomainError as error:
            played.append(Played(error.key))
        else:
            entries = service.audit.list_entries(1000)[: -noted or None]
            is_own = any(one.action.endswith("(own)") for one in entries)
            lost = _find_losers(before, _look(service), actor)
            untold = [name for name, known_as in lost.items() if not known_as & _list_told(service)]
            played.append(Played(Outcome.OWN if is_own else Outcome.ALLOWED, tuple(untold)))
    return played[0]


Standing = tuple[Decimal, Role, bool, int | None]


def _look(service: PostgresService) -> dict[int, tuple[Person, Standing]]:
    """What everybody has: their balance, role, place and account."""
    return {
        one.employee_id: (
            one,
            (service.statistics.get_balance(one.employee_id), one.role, one.has_left, one.telegram_id),
        )
        for one in service.people.list_active()
    }


def _find_losers(
    before: Mapping[int, tuple[Person, Standing]], after: Mapping[int, tuple[Person, Standing]], actor: Person
) -> dict[str, set[str]]:
    """Who has less than before or another place, by name, with what a notice to them names: number or chat."""
    lost = {}
    for number, (person, had) in before.items():
        has = after[number][1] if number in after else None
        if number != actor.employee_id and (has is None or has[0] < had[0] or has[1:] != had[1:]):
            lost[person.name] = {f"person {number}", *([f"chat {person.telegram_id}"] if person.telegram_id else [])}
    return lost


def _list_told(service: PostgresService) -> set[str]:
    parcels, _ = service.outbox.list_next(shut=(), paced=(), limit=1000)
    chats = {f"chat {one.chat_id}" for one in parcels if one.chat_id is not None}
    return chats | {f"person {one.employee_id}" for one in service.outbox.list_unsent(1000)}
