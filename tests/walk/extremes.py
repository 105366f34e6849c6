"""A database at its extremes: the earliest and latest dates, the longest names, the most of everything.

Filled through the service, as far as it goes; the crowd and what an older version let through by SQL.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any, LiteralString
from unittest.mock import patch

import psycopg

from bot.keyboards.form import BeginShiftAnew, FinishEarlier
from bot.keyboards.held_bonuses import ShowHeld
from bot.keyboards.left import ContinueDialogue
from bot.keyboards.member import ShowMember
from bot.keyboards.menu import UndoStart
from bot.keyboards.pay import ShowStatement
from bot.keyboards.periods import show_period, show_person_period
from bot.keyboards.receipt import ReceiptView, ShowShift
from bot.use_cases import premium
from payroll.adjustments import AdjustmentKind
from payroll.business_time import BusinessZone
from payroll.offers import BonusOffer, BonusType
from payroll.people import Person, Role
from payroll.rank_tables import LONGEST_EMOJI, LONGEST_NAME, LONGEST_TEXT, MOST_OFFERS, RankRow
from payroll.reconciliation import Check
from payroll.settings import SettingKey
from payroll.shifts import Correction, NewShift
from payroll.tables import RateStep
from postgres_service import PostgresService
from repository.inbox import RawUpdate
from tests.databases import DatabaseServer
from tests.integration.schema.rows import connect_as_owner

NEW_YORK = BusinessZone.named("America/New_York")
OWNER, MANAGER, ALICE, LEAVER, STRANGER = 9001, 9002, 1001, 1004, 66_001
NOBODY, PAID, CLOSED, OVERDUE, REFUNDED = 1003, 1005, 1006, 1007, 1008
PEOPLE, PRODUCTS, RANKS, RATES = 300, 120, 12, 40
DAYS = date(2026, 10, 12)
"""A day of the pay period that is paid for some, closed for others, open for the rest."""
LATEST = date(2100, 12, 31)


def spell_long(start: str, length: int) -> str:
    """A text of that many characters which HTML, Fluent and UTF-16 each count their own way."""
    return (f"{start} " + "𝐖<&é{" * length)[:length]


@dataclass(slots=True)
class Extremes:
    """Fills it. `shifts` are the numbers of those that are at an extreme, by whose they are."""

    service: PostgresService
    connection: "psycopg.Connection[tuple[Any, ...]]"
    database: dict[str, Any]
    server: DatabaseServer
    shifts: dict[int, list[int]] = field(default_factory=dict)
    _hours: Iterator[int] = field(default_factory=count)

    def fill(self) -> None:
        """All of it."""
        self._set_up_business()
        self._hire()
        self._record_shifts()
        self._close_periods()
        self._ask_for_things()
        self._let_things_fail()
        self._let_go()

    def list_shown(self, account: int) -> Iterator[str]:
        """Buttons of what is at an extreme, as far as that person may see it; lists show it far down."""
        is_admin = account in (OWNER, MANAGER)
        whose = (ALICE, LEAVER, NOBODY, PAID, CLOSED, OVERDUE, REFUNDED) if is_admin else (account,)
        shifts = [one for whom in whose for one in self.shifts.get(whom, ())]
        yield from (ShowShift(shift_id=one, view=view).pack() for one in shifts for view in ReceiptView)
        if account == LEAVER:
            return
        if account == ALICE:
            running = self.service.shifts.find_running(ALICE)
            shift_id = running.shift_id if running else 0
            yield FinishEarlier(shift_id=shift_id).pack()
            yield UndoStart(shift_id=shift_id).pack()
            yield from (ContinueDialogue(draft_id=one.draft_id).pack() for one in self.service.drafts.list_open(ALICE))
            yield BeginShiftAnew(instead_of="AAAAAAAA").pack()
        for day in (date(226, 11, 29), date(2000, 1, 1), DAYS, date(2026, 11, 16), LATEST):
            period = self.service.pay_days.find_period(day).start_date
            if is_admin:
                yield show_period(period).pack()
                yield from (show_person_period(period, whom).pack() for whom in whose)
        if account != MANAGER:
            period = self.service.pay_days.find_period(DAYS).start_date
            for whom in whose:
                yield ShowStatement(start=period.toordinal(), employee_id=whom).pack()
        if is_admin:
            yield from (ShowMember(employee_id=whom).pack() for whom in whose)
            yield from (ShowHeld(employee_id=whom).pack() for whom in whose)

    # --- the business ------------------------------------------------------------------------------------------------

    def _set_up_business(self) -> None:
        # Other pay days than the 1st: the earliest shift's period begins in 1999.
        self._execute("UPDATE settings SET default_value = '10,25' WHERE key = %(key)s", key=SettingKey.PAY_DAYS)
        self._execute(
            "INSERT INTO products (name) SELECT rpad(n::text, 40, '𝐖<&é{ ') FROM generate_series(5, %(all)s) n",
            all=PRODUCTS,
        )

    def _hire(self) -> None:
        self._execute(
            "WITH hired AS (INSERT INTO employees (employee_id, telegram_id, name, language)"
            " SELECT 20000 + n, 20000 + n, rpad(n::text, 200, '𝐖<&é{ '), 'en' FROM generate_series(1, %(all)s) n"
            " RETURNING employee_id) INSERT INTO employee_settings (employee_id, hourly_wage, base_pct)"
            " SELECT employee_id, 15, 8 FROM hired",
            all=PEOPLE,
        )
        for number in (OWNER, MANAGER, ALICE, LEAVER, NOBODY, PAID, CLOSED, OVERDUE, REFUNDED):
            self.service.people.join(number, spell_long(str(number), 200), "en")
        for number, role in ((OWNER, Role.OWNER), (MANAGER, Role.MANAGER)):
            self._execute("UPDATE employees SET role = %(role)s WHERE employee_id = %(id)s", role=role, id=number)

    @property
    def owner(self) -> Person:
        return self.service.people.get(OWNER)

    @property
    def manager(self) -> Person:
        return self.service.people.get(MANAGER)

    def _change_tables(self) -> None:
        rows = [
            RankRow(
                rank_id=None,
                name=spell_long(f"{number}", LONGEST_NAME),
                emoji="🧑‍🚀" * (LONGEST_EMOJI // 3),
                text=spell_long(f"{number}", LONGEST_TEXT),
                min_sales=Decimal(number * 1000),
                max_sales=Decimal(number * 1000 + 1000) if number < RANKS - 1 else None,
                offers=(BonusOffer(BonusType.PERCENT_PREV, Decimal("99.99")),) * MOST_OFFERS,
            )
            for number in range(RANKS)
        ]
        self.service.ranks.change(rows, actor=self.owner)
        steps = [RateStep(Decimal(n * 100), Decimal(n * 100 + 100) if n < RATES - 1 else None, Decimal(n))
                 for n in range(RATES)]  # fmt: skip
        for since in (None, LATEST - timedelta(days=1), LATEST):
            self.service.terms.set_rates(steps, actor=self.owner, since=since)
        for since in (None, LATEST):
            self.service.terms.set_wage(
                ALICE, actor=self.owner, hourly_wage=Decimal("9999.99"), base_pct=Decimal(100), since=since
            )

    # --- shifts ------------------------------------------------------------------------------------------------------

    def record(self, whom: int, start: datetime, sales: Mapping[int, Decimal] | None = None, *, hours: int = 8) -> int:
        """A shift; its number."""
        new = NewShift(whom, start, start + timedelta(hours=hours), sales or {}, note=spell_long("Note", 1000))
        return self.service.shifts.record(new).shift_id

    def _note(self, whom: int, shift_id: int) -> None:
        self.shifts.setdefault(whom, []).append(shift_id)

    def _record_shifts(self) -> None:
        at = NEW_YORK.parse
        everything = dict.fromkeys(range(1, PRODUCTS + 1), Decimal("12345678.90"))
        self._note(ALICE, self.record(ALICE, at("2000/01/01 00:00:00"), {1: Decimal("99999999.99")}, hours=24))
        self._note(ALICE, self.record(ALICE, at("2026/11/15 00:00:00"), everything, hours=24))
        for day in range(1, 13):
            self.record(ALICE, at(f"2026/11/{day:02} 09:00:00"), {day: Decimal(500)})
        for month in range(1, 10):
            self.record(ALICE, at(f"2026/{month:02}/05 09:00:00"))
        for whom in (LEAVER, PAID, CLOSED, OVERDUE, REFUNDED):
            shift_id = self.record(whom, at(f"{DAYS:%Y/%m/%d} 09:00:00"), {1: Decimal(500), 2: Decimal(1)})
            self._note(whom, shift_id)
            if whom in (REFUNDED, PAID):
                reason = spell_long("Refund", 1000)
                refund = self.service.refunds.book(shift_id, 2, Decimal(1), reason, actor=self.owner)
                self.service.refunds.withdraw(refund.refund_id, reason, actor=self.owner)
                self.service.refunds.book(shift_id, 1, Decimal(500), reason, actor=self.owner)
        self._record_as_an_older_version()
        deleted = self.record(ALICE, at("2026/11/14 09:00:00"))
        self.service.shifts.delete(deleted)
        # Half the crowd is on shift, the other half has sold something this month.
        begin = at("2026/11/16 08:00:00")
        self._execute(
            "INSERT INTO shifts (employee_id, employee_name, status, shift_date, time_in)"
            " SELECT employee_id, name, 'running', '2026-11-16', %(at)s FROM employees"
            " WHERE employee_id > 20000 AND employee_id %% 2 = 0",
            at=begin,
        )
        for number in range(20_001, 20_041, 2):
            self.record(number, at("2026/11/10 09:00:00"), {number % PRODUCTS + 1: Decimal("999999.99")})
        self._change_tables()

    def _record_as_an_older_version(self) -> None:
        """A mistyped year, from before dates were checked."""
        start = NEW_YORK.parse("0226/11/29 09:00:00")
        old = NewShift(OVERDUE, start, start + timedelta(hours=8), {1: Decimal(20)})
        self._as_owner("ALTER TABLE shifts ALTER is_date_kept SET DEFAULT true")
        with patch("repository.shifts.EARLIEST_DATE", date.min):
            kept = self.service.shifts.record_read(OVERDUE, lambda _: old, correction_id=0)
        self._note(OVERDUE, kept.shift_id)
        self._as_owner("ALTER TABLE shifts ALTER is_date_kept SET DEFAULT false")

    def _close_periods(self) -> None:
        for whom in (PAID, CLOSED):
            self.service.periods.close(DAYS, actor=self.owner, employee_id=whom)
        self.service.payouts.pay(actor=self.owner, employee_id=PAID)
        self.service.periods.name_missing(OVERDUE, DAYS, spell_long("Missing", 1000), actor=self.owner)

    # --- what waits --------------------------------------------------------------------------------------------------

    def _ask_for_things(self) -> None:
        long = spell_long("Why", 1000)
        closed = self.service.people.get(CLOSED)
        for whom in (ALICE, CLOSED, REFUNDED):
            self._ask_of(whom, long)
        shift = self.service.get_last_shifts(CLOSED, 1)[0]
        for state in range(3):
            wish = Correction(products=dict.fromkeys(range(1, PRODUCTS + 1), Decimal("99999999.99")))
            asked = self.service.corrections.ask_edit(shift["shift_id"], wish, long, actor=closed)
            if state == 1:
                self.service.corrections.refuse(asked.correction_id, actor=self.owner, reason=long)
        alice = self.service.people.get(ALICE)
        self.service.corrections.ask_delete(self.shifts[ALICE][1], long, actor=alice)
        self.service.shifts.start_running(ALICE, NEW_YORK.parse("2026/11/16 08:00:00"))
        self.service.shifts.start_running(LEAVER, NEW_YORK.parse("2026/11/16 08:00:00"))
        missing = NEW_YORK.parse("2026/10/13 09:00:00")
        new = NewShift(CLOSED, missing, missing + timedelta(hours=8), {1: Decimal(500)})
        fine = self.service.corrections.ask_new(new, long, actor=closed)
        self.service.corrections.approve(fine.correction_id, actor=self.owner, note=long)
        for number in range(15):
            self.service.people.request_to_join(70_000 + number, spell_long(str(number), 200), "en")

    def _ask_of(self, whom: int, long: str) -> None:
        person = self.service.people.get(whom)
        for adjusted in (AdjustmentKind.BONUS, AdjustmentKind.DEDUCTION):
            for _ in range(6):
                self.service.adjustments.book(whom, adjusted, Decimal("99999.99"), long, actor=self.owner)
        for kind in BonusType:
            number = None if kind.value in _WITHOUT_NUMBER else Decimal("99.99")
            for _ in range(4):
                self.service.bonuses.grant(whom, BonusOffer(kind, number), actor=self.owner)
        held = {kind: [one.bonus.bonus_id or 0 for one in self.service.bonuses.list_of(whom, 99)
                       if one.bonus.bonus_type is kind] for kind in BonusType}  # fmt: skip
        soon, later, taken, refused = held[BonusType.PAID_DAY_OFF]
        for bonus_id, day in ((soon, date(2026, 11, 17)), (later, LATEST), (taken, LATEST - timedelta(days=1)),
                              (refused, date(2026, 12, 1))):  # fmt: skip
            self.service.bonuses.request_day_off(bonus_id, day, actor=person)
        self.service.bonuses.approve_day_off(taken, actor=self.owner)
        self.service.bonuses.refuse_day_off(refused, actor=self.owner, reason=long)
        premium.give(self.service, self.owner, held[BonusType.TELEGRAM_PREMIUM][0])
        self.service.bonuses.void(held[BonusType.FLAT][0], actor=self.owner, reason=long)
        shift = self.service.get_last_shifts(whom, 1)[0]
        for step in range(4):
            asked = self.service.questions.ask(spell_long("Question", 4000), actor=person, shift_id=shift["shift_id"])
            if step:
                self.service.questions.take(asked.question_id, actor=self.owner)
                for _ in range(3):
                    text = spell_long("Answer", 4000)
                    self.service.questions.add_message(asked.question_id, text, actor=self.owner)
            if step > 1:
                self.service.questions.resolve(asked.question_id, actor=person, reason=long)

    def _let_things_fail(self) -> None:
        for number in range(30):
            update_id = 800_000_000 + number
            self.service.inbox.store([RawUpdate(update_id, ALICE, f'{{"update_id": {update_id}}}')])
            self.service.inbox.bury(update_id, spell_long("broken", 3000))
        long = spell_long("error", 3000)
        self._execute(
            "INSERT INTO backup_runs (kind, status, error, started_at, finished_at)"
            " SELECT kind, 'failed', %(error)s, '2026-11-16', '2026-11-16'"
            "   FROM unnest(ARRAY['made', 'copied', 'checked']) kind",
            error=long,
        )
        self._execute(
            "INSERT INTO sync_log (sync_type, direction, status, error, started_at, finished_at)"
            " VALUES ('full', 'push', 'failed', %(error)s, '2026-11-16', '2026-11-16')",
            error=long,
        )
        differences = [[check, f"shift:{number}", long, long] for number in range(100) for check in Check]
        self._execute(
            "INSERT INTO reconciliations (started_at, finished_at, checked, differences)"
            " VALUES ('2026-11-16', '2026-11-16', '{\"shifts\": 1}', %(differences)s)",
            differences=json.dumps(differences),
        )
        self._execute(
            "INSERT INTO due_work (kind, period, state, attempts, error, done_at)"
            " SELECT 'day end', n::text, 'failed', 99, %(error)s, now() FROM generate_series(1, 50) n",
            error=long,
        )

    def _let_go(self) -> None:
        self.service.staff.leave(LEAVER, date(2026, 11, 16), actor=self.owner)

    def _as_owner(self, statement: LiteralString) -> None:
        with connect_as_owner(self.database, self.server) as connection:
            connection.execute(statement)

    def _execute(self, query: LiteralString, **params: Any) -> None:
        self.connection.execute(query, params)


_WITHOUT_NUMBER = ("double_commission", "paid_day_off", "telegram_premium")
