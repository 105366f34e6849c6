"""The people and things of the cases: each has something of their own that nobody else may see or change."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from bot.errands import AdminErrand, Errand
from bot.forms import Act, EditField, Form, Kind, Step
from payroll.people import Person, Role
from payroll.shifts import NewShift
from postgres_service import PostgresService
from repository.inbox import RawUpdate
from tests.clock import SteppingClock

MADE_UP_SHIFT = 987654
MADE_UP_UPDATE = 987_654_321_000
MADE_UP_ID = "made-up-id"
MADE_UP_PERIOD = date(2001, 1, 1)
QUIET_MONTH = date(2026, 12, 1)
"""One in which nobody has sold anything."""
FILLED_PERIOD = date(2026, 10, 15)
"""The first day of a pay period in which everybody has something."""
SHIFT_LENGTH = timedelta(hours=4)
_SHIFTS_A_DAY = 4
"""So that all that are made lie within the year in which a shift may be entered."""
_FIRST_DAY = datetime(2026, 10, 20, 13, 0, tzinfo=UTC)
_PRODUCT = 1

_OUTSIDE_BUSINESS = {"inbox", "outbox", "chat_screens", "sync_log", "due_work", "reconciliations", "schema_metadata"}
_DIGEST = sql.SQL("SELECT {name}, count(*) || ' ' || coalesce(sum(hashtextextended({row}, 0)), 0) FROM {table} t")
_ROW = sql.SQL("t::text")
# Whether somebody could be reached is no business of theirs: it comes out when something is sent, at any time.
_EMPLOYEE = sql.SQL("(to_jsonb(t) - '{unreachable_since,unreachable_reason}'::text[])::text")
# Any screen that is no question of its own leaves a dialogue, and that is all it does to it.
_DRAFT = sql.SQL("(to_jsonb(t) #- '{data,is_left}')::text")
_ROWS = {"employees": _EMPLOYEE, "drafts": _DRAFT}
_OF_NOTICES = sql.SQL("""
SELECT 'outbox', count(*) || ' ' || coalesce(sum(hashtextextended(o.kind || o.payload::text || o.employee_id, 0)), 0)
  FROM outbox o WHERE o.kind NOT IN ('screen', 'unreachable')
""")
_OF_DEAD = sql.SQL("""
SELECT 'inbox', coalesce(string_agg(update_id::text, ' ' ORDER BY update_id), '') FROM inbox WHERE state = 'dead'
""")
_LIST_TABLES: LiteralString = """
SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'
"""


class Whom(StrEnum):
    """Who writes or taps."""

    STRANGER = "stranger"
    WAITING = "waiting stranger"
    LEFT = "left"
    EMPLOYEE = "employee"
    ANOTHER = "another employee"
    MANAGER = "manager"
    OWNER = "owner"


class Whose(StrEnum):
    """Whose thing an action is about."""

    OWN = "own"
    OTHERS = "somebody else's"
    MADE_UP = "made-up id"


TIMELINE = "1"
"""The database's, as it is new: the sender puts it behind buttons that decide."""
STRANGERS = (Whom.STRANGER, Whom.WAITING)
ADMINS = (Whom.MANAGER, Whom.OWNER)
_ACCOUNTS = {Whom.LEFT: 1004, Whom.EMPLOYEE: 1001, Whom.ANOTHER: 1002, Whom.MANAGER: 9002, Whom.OWNER: 9001}
TELLTALES = {
    Whom.LEFT: Decimal("3333.33"),
    Whom.EMPLOYEE: Decimal("1111.11"),
    Whom.ANOTHER: Decimal("2222.22"),
    Whom.MANAGER: Decimal("4444.44"),
    Whom.OWNER: Decimal("5555.55"),
}
"""What each sold, to the cent: where it is read, that person's shift was shown."""


@dataclass(slots=True)
class World:
    """The records behind the cases. Things are made for each case, so that no case depends on the one before."""

    service: PostgresService
    connection: "psycopg.Connection[tuple[Any, ...]]"
    clock: SteppingClock
    people: dict[Whom, Person] = field(default_factory=dict)
    shifts: dict[Whom, int] = field(default_factory=dict)
    _accounts: Iterator[int] = field(default_factory=lambda: itertools.count(70_001))
    _days: Iterator[int] = field(default_factory=itertools.count)
    _digest: sql.Composed = field(default_factory=lambda: sql.Composed([]))

    def fill(self) -> None:
        """People of every role, each with a shift of their own."""
        for whom, account in _ACCOUNTS.items():
            person = self.service.people.join(account, f"Name of {whom}", "en")
            self.people[whom] = person
            self.shifts[whom] = self.record(whom, TELLTALES[whom])
        for whom, role in ((Whom.MANAGER, Role.MANAGER), (Whom.OWNER, Role.OWNER)):
            self.connection.execute("UPDATE employees SET role = %s WHERE employee_id = %s", [role, _ACCOUNTS[whom]])
        self._leave()
        tables = sorted(row[0] for row in self.connection.execute(_LIST_TABLES) if row[0] not in _OUTSIDE_BUSINESS)
        self._digest = sql.SQL(" UNION ALL ").join(
            [
                *(
                    _DIGEST.format(
                        name=sql.Literal(name),
                        table=sql.Identifier(name),
                        row=_ROWS.get(name, _ROW),
                    )
                    for name in tables
                ),
                _OF_NOTICES,
                _OF_DEAD,
            ]
        )
        self.people = {whom: self.service.people.get(account) for whom, account in _ACCOUNTS.items()}

    def digest(self) -> dict[str, str]:
        """All that the business knows, by table, what waits to be told to people included."""
        return dict(self.connection.execute(self._digest).fetchall())

    def come(self, whom: Whom) -> int:
        """The account of somebody who writes now, at no dialogue; strangers are new ones each time."""
        if whom not in STRANGERS:
            self.service.drafts.cancel(self.service.drafts.list_open(_ACCOUNTS[whom]))
            return _ACCOUNTS[whom]
        account = next(self._accounts)
        if whom is Whom.WAITING:
            self.service.people.request_to_join(account, "Waiting", "en")
        return account

    def record(self, whom: Whom, amount: Decimal) -> int:
        """A shift of somebody's, on a day of its own."""
        begin = self._next_day()
        work = NewShift(
            employee_id=_ACCOUNTS[whom],
            time_in=begin,
            time_out=begin + SHIFT_LENGTH,
            products={_PRODUCT: amount},
            employee_name=f"Name of {whom}",
        )
        return self.service.shifts.record(work).shift_id

    def open_form(self, whom: Whom, act: Act | None) -> tuple[str, int]:
        """A dialogue of somebody's that waits for this tap, for an amount without one: its id and its revision."""
        form = self._make_form(whom, act)
        draft = self.service.drafts.open(_ACCOUNTS[whom], form.kind, form.step, form.dump(), form.shift_id)
        return draft.draft_id, draft.revision

    def open_errand(self, whom: Whom) -> tuple[str, int]:
        """A dialogue of somebody's about their wage, whatever their role is: its id and its revision."""
        errand = Errand(AdminErrand.WAGE, subject=str(_ACCOUNTS[whom]))
        draft = self.service.drafts.open(_ACCOUNTS[whom], errand.kind, "asked", errand.dump())
        return draft.draft_id, draft.revision

    def ask_correction(self, whom: Whom) -> int:
        """The request of somebody for a shift that is missing."""
        begin = self._next_day()
        missing = NewShift(_ACCOUNTS[whom], begin, begin + SHIFT_LENGTH, {_PRODUCT: TELLTALES[whom]})
        return self.service.corrections.ask_new(missing, "forgotten", actor=self.people[whom]).correction_id

    def ask_question(self, whom: Whom, *, is_resolved: bool = False) -> int:
        """A question of somebody's about their shift; a resolved one was answered by an admin."""
        person = self.people[whom]
        asked = self.service.questions.ask("Why?", actor=person, shift_id=self.shifts[whom]).question_id
        if is_resolved:
            answering = self.people[Whom.MANAGER if whom is Whom.OWNER else Whom.OWNER]
            self.service.questions.take(asked, actor=answering)
            self.service.questions.resolve(asked, actor=person)
        return asked

    def ask_day_off(self, whom: Whom) -> tuple[int, date]:
        """The bonus and the date of a day off that somebody asks for."""
        bonus_id = self.give_bonus(whom, "paid_day_off")
        day = date(2026, 11, 17) + timedelta(days=next(self._days))
        params = {"bonus_id": bonus_id, "day": day}
        self.connection.execute(
            "UPDATE active_bonuses SET day_off_date = %(day)s WHERE bonus_id = %(bonus_id)s", params
        )
        return bonus_id, day

    def earn_premium(self, whom: Whom, *, is_given: bool = False) -> int:
        """Telegram Premium that somebody has earned."""
        bonus_id = self.give_bonus(whom, "telegram_premium")
        if is_given:
            giver = Whom.MANAGER if whom is Whom.OWNER else Whom.OWNER
            self.service.bonuses.mark_premium_given(bonus_id, actor=self.people[giver])
        return bonus_id

    def plan_wage(self, whom: Whom) -> int:
        """Somebody who has another wage to come."""
        account = _ACCOUNTS[whom]
        self.service.set_employee_settings(account, hourly_wage=Decimal(16), valid_from=date(2027, 1, 1))
        return account

    def run_shift(self, whom: Whom, *, since: timedelta = timedelta(hours=1)) -> int:
        """A shift of somebody's that runs."""
        running = self.service.shifts.find_running(_ACCOUNTS[whom])
        running = running or self.service.shifts.start_running(_ACCOUNTS[whom], self.clock() - since)
        return running.shift_id

    def end_running_shift(self, whom: Whom) -> None:
        """No shift of somebody's runs."""
        if self.service.shifts.find_running(_ACCOUNTS[whom]) is not None:
            self.service.shifts.discard_running(_ACCOUNTS[whom])

    def ask_to_join(self) -> str:
        """The request of somebody who waits to be let in."""
        return self.service.people.request_to_join(next(self._accounts), "Asking", "en")[0].request_id

    def let_nobody_wait(self) -> None:
        """Nobody waits to be let in, nothing is set aside: what is made then is on the first page."""
        for asked in self.service.people.list_open_requests():
            self.service.people.decide(asked.request_id, is_approved=False, admin=self.people[Whom.OWNER])
        for letter in self.service.inbox.list_dead():
            self.service.inbox.drop_dead(letter.update_id)

    def find_request(self, account: int) -> str:
        """The request that is open of an account."""
        return self.service.people.request_to_join(account, "Waiting", "en")[0].request_id

    def set_aside(self) -> int:
        """An update that could not be handled. Tried again, it is one that the bot has not asked for."""
        update_id = MADE_UP_UPDATE + next(self._accounts)
        payload = f'{{"update_id": {update_id}, "something_new": {{}}}}'
        self.service.inbox.store([RawUpdate(update_id, None, payload)])
        self.service.inbox.bury(update_id, "cannot be read")
        return update_id

    def invite(self) -> str:
        """The code of an invite that nobody has used."""
        return self.service.people.create_invite(self.people[Whom.OWNER]).code

    def _leave(self) -> None:
        """Who has left does so."""
        leaving = "UPDATE employees SET status = 'left', left_date = %s WHERE employee_id = %s"
        self.connection.execute(leaving, [date(2026, 11, 16), _ACCOUNTS[Whom.LEFT]])

    def give_bonus(self, whom: Whom, code: str, value: int | None = None) -> int:
        """A bonus of somebody's; who has left got theirs before: nobody gives them one afterwards (PAYROLL D36)."""
        if whom is not Whom.LEFT:
            return self.service.create_bonus(_ACCOUNTS[whom], code, value)
        staying = "UPDATE employees SET status = 'active', left_date = NULL WHERE employee_id = %s"
        self.connection.execute(staying, [_ACCOUNTS[whom]])
        bonus_id = self.service.create_bonus(_ACCOUNTS[whom], code, value)
        self._leave()
        return bonus_id

    def _make_form(self, whom: Whom, act: Act | None) -> Form:
        begin = self._next_day()
        day, times = begin.date(), {"start": begin, "end": begin + SHIFT_LENGTH}
        sold = {_PRODUCT: TELLTALES[whom]}
        if act in (Act.SURE, Act.FIELD):
            deleting = {"edited": EditField.DELETE, "trail": (Step.FIELD,)} if act is Act.SURE else {}
            step = Step.DELETE if act is Act.SURE else Step.FIELD
            shift_id = (
                self.shifts[whom] if act is Act.FIELD or whom is Whom.LEFT else self.record(whom, TELLTALES[whom])
            )
            return Form(kind=Kind.EDIT, draft_id="", revision=0, step=step, shift_id=shift_id, **times, **deleting)  # type: ignore[arg-type]
        steps: dict[Act | None, tuple[Step, dict[str, Any]]] = {
            None: (Step.AMOUNT, {"day": day, "product_id": _PRODUCT, **times}),
            Act.DAY: (Step.DAY, {}),
            Act.READ: (Step.DAY, {}),
            Act.SHOW: (Step.DAY, {}),
            Act.END: (Step.WHICH_END, {"day": day, "products": sold, "trail": (Step.PRODUCT,), **times}),
            Act.HALF: (Step.START, {"day": day}),
            Act.HOUR: (Step.START, {"day": day}),
            Act.BACK: (Step.START, {"day": day, "trail": (Step.DAY,)}),
            Act.TWICE: (Step.TWICE, {"day": date(2026, 11, 1), "clock": datetime(2026, 11, 1, 1, 30).time(),  # noqa: DTZ001
                                     "trail": (Step.DAY, Step.START)}),
            Act.PRODUCT: (Step.PRODUCT, {"day": day, **times}),
            Act.NO_SALES: (Step.PRODUCT, {"day": day, **times}),
            Act.FINISH: (Step.PRODUCT, {"day": day, "products": sold, **times}),
            Act.ASK: (Step.CLOSED, {"day": day, "products": sold, "trail": (Step.DAY,), **times}),
        }  # fmt: skip
        step, known = steps[act]
        return Form(kind=Kind.NEW, draft_id="", revision=0, step=step, **known)

    def _next_day(self) -> datetime:
        days, place = divmod(next(self._days), _SHIFTS_A_DAY)
        return _FIRST_DAY - timedelta(days=days) + place * (SHIFT_LENGTH + timedelta(hours=1))
