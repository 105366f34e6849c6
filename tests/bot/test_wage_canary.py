"""A wage that stands out is in nothing that a manager who may not see wages opens, downloads or is sent."""

import asyncio
import itertools
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from bot import commands
from bot.errands import AdminErrand, Errand, ErrandAct, OwnErrand, PeriodSubject
from bot.forms import Act, EditField, Kind, Step
from bot.keyboards.errand import BeginAdminErrand, ErrandButton
from bot.keyboards.form import FormButton
from bot.keyboards.pay import FileForm, ShowStatement, StatementFile
from bot.keyboards.receipt import ReceiptView, ShowShift
from bot.keyboards.reports import ReportFile, ShowReport, TableForm
from bot.screen import Screen
from bot.use_cases import corrections, days_off, dialogs
from bot.use_cases.day_end import tell_day
from payroll.adjustments import AdjustmentKind
from payroll.offers import BonusOffer, BonusType
from payroll.people import Role
from payroll.reports import ReportKind
from payroll.settings import SettingKey
from payroll.shifts import Correction, NewShift
from playground.client import Emulator
from postgres_service import PostgresService
from tests.clock import SteppingClock
from tests.databases import connect, fetch_all
from tests.documents.reading import read_pages
from tests.rights.cases import THE_BOT
from tests.watched import Seen, WatchedBot, run_watched_bot

CANARY = Decimal("37.41")
"""USD an hour of Boris and of Carl, who has left; 8 hours of it are 299.28."""
OLGA, MAX, BORIS, CARL = 9001, 9003, 1001, 1002
BEFORE, OVER = date(2026, 10, 15), date(2026, 11, 1)
TODAY = date(2026, 11, 16)
ANSWERS = ("5", "2026/11/20", "9:00", "a few words", "🦈")
"""What is typed where no button answers: one of these does."""
MOST_QUESTIONS = 8
MOST_OF_A_KIND = 4
"""So often each kind of button is pressed: what it is about, a person or a shift, is one of many."""
MOST_BEGUN = 2
FOR_OWNERS = {AdminErrand.ROLE, AdminErrand.SETTING}
_OF_DIALOGUES, _BEGINS, _LOG = ("q", "f"), ("ab", "e", "ta"), ("al",)
_numbers = itertools.count(1)


@dataclass(slots=True)
class Office:
    """What there is to be seen of two people who earn the canary wage."""

    service: PostgresService
    clock: SteppingClock

    def fill(self) -> None:
        """Something of every kind that has an amount."""
        service = self.service
        olga = service.people.ensure_owner(OLGA, "Olga")
        for number, name in ((MAX, "Max"), (BORIS, "Boris"), (CARL, "Carl")):
            service.people.join(number, name, "en")
        for number in (BORIS, CARL):
            service.set_employee_settings(number, hourly_wage=CANARY, valid_from=date(2000, 1, 1))
        service.staff.set_role(MAX, Role.MANAGER, actor=olga)
        service.settings.change(SettingKey.MANAGERS_SEE_WAGES, "false", actor=olga)
        for number, day in itertools.product((BORIS, CARL), (date(2026, 10, 20), date(2026, 11, 5))):
            self.work(number, day)
        self.work(MAX, date(2026, 11, 5), 250)
        service.periods.close(BEFORE, actor=olga)
        service.staff.leave(CARL, date(2026, 11, 6), actor=olga)
        sold, boris = self.work(BORIS, date(2026, 11, 10), 500), service.people.get(BORIS)
        service.refunds.book(sold, 1, Decimal(100), "a complaint", actor=olga)
        for kind in (BonusType.FLAT, BonusType.PERCENT_PREV, BonusType.PAID_DAY_OFF, BonusType.PAID_DAY_OFF):
            value = Decimal(10) if kind in (BonusType.FLAT, BonusType.PERCENT_PREV) else None
            service.bonuses.grant(BORIS, BonusOffer(kind, value), actor=olga)
        self.work(BORIS, date(2026, 11, 11), 500)
        bonus_ids = [one.bonus.bonus_id or 0 for one in service.bonuses.list_of(BORIS, 2)][::-1]
        for bonus_id, day in zip(bonus_ids, (TODAY, TODAY + timedelta(days=1)), strict=True):
            asked = Errand(OwnErrand.DAY_OFF, answers={"day": day.isoformat()})
            days_off.request(service, boris, asked)
            if day == TODAY:
                service.bonuses.approve_day_off(bonus_id, actor=olga)
        service.terms.set_wage(BORIS, hourly_wage=Decimal("38.41"), since=date(2026, 12, 1), actor=olga)
        service.adjustments.book(BORIS, AdjustmentKind.BONUS, Decimal(7), "for the night", actor=olga)
        first = service.shifts.list_last(BORIS, 9)[-1]
        work = first.shift.work
        known = {"shift_id": first.shift_id, "start": work.time_in, "end": work.time_out - timedelta(hours=4)}
        shorter = dialogs.start_form(Kind.EDIT, Step.DONE, edited=EditField.CLOCK_OUT, reason="I left early", **known)
        corrections.request(service, boris, shorter)
        done = service.corrections.ask_new(self.write(BORIS, date(2026, 10, 21), 0), "forgotten", actor=boris)
        service.corrections.approve(done.correction_id, actor=olga)
        edited = self.work(BORIS, date(2026, 11, 12), 300)
        service.shifts.edit(edited, Correction(products={1: Decimal(400)}), actor_id=OLGA)
        service.shifts.delete(self.work(BORIS, date(2026, 11, 13), 0), actor_id=OLGA)
        service.questions.ask("Is that right?", actor=boris, shift_id=sold)
        tell_day(service, date(2026, 11, 10))

    def work(self, number: int, day: date, sales: int = 0) -> int:
        """A shift of eight hours; its number."""
        return self.service.shifts.record(self.write(number, day, sales)).shift_id

    def write(self, number: int, day: date, sales: int) -> NewShift:
        """The same, not recorded yet."""
        begin = self.service.rules.zone.localize(self.clock.now.replace(tzinfo=None).replace(
            year=day.year, month=day.month, day=day.day, hour=9, minute=0), field="start")  # fmt: skip
        return NewShift(number, begin, begin + timedelta(hours=8), {1: Decimal(sales)})

    def list_forged(self) -> Iterator[str]:
        """Buttons that the manager is not shown, or not at that time, pressed all the same."""
        start = OVER.toordinal()
        yield ShowStatement(start=start, employee_id=BORIS, page=0).pack()
        yield from (StatementFile(start=start, employee_id=BORIS, form=form).pack() for form in FileForm)
        dates = {"since": BEFORE.toordinal(), "until": TODAY.toordinal()}
        yield ShowReport(kind=ReportKind.PEOPLE, page=0, **dates).pack()
        yield from (ReportFile(kind=ReportKind.PEOPLE, form=form, **dates).pack() for form in TableForm)
        yield ShowShift(shift_id=self.service.shifts.list_last(BORIS, 1)[0].shift_id, view=ReceiptView.WHY).pack()
        about = {
            **dict.fromkeys(("wage", "base", "unplan", "cut-bonus"), str(BORIS)),
            "reopen": PeriodSubject(BEFORE, BORIS).dump(),
            "model-on": "1",
        }
        for kind, subject in about.items():
            yield BeginAdminErrand(kind=AdminErrand(kind), subject=subject).pack()


@dataclass(slots=True)
class Manager:
    """Opens all that there is, answers all that is asked, and keeps what was read, with the way there."""

    bot: WatchedBot
    read: list[tuple[str, str]] = field(default_factory=list)
    begun: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)
    _pressed: Counter[str] = field(default_factory=Counter)

    async def look(self, more: Sequence[str] = ()) -> None:
        """Every screen from the commands on; what begins a dialogue is begun and answered to its end."""
        self._seen.clear()
        self._pressed = Counter({kind: count for kind, count in self._pressed.items() if kind.split()[0] in _BEGINS})
        waiting = deque((data, "forged") for data in more)
        for command in commands.LISTED:
            for screen in await self._say(f"/{command.name}", ""):
                waiting.extend((data, f"/{command.name}") for data in _list_data(screen))
        while waiting:
            data, way = waiting.popleft()
            prefix = data.partition(":")[0]
            if data in self._seen or prefix in _OF_DIALOGUES or not self._is_to_press(data):
                continue
            self._seen.add(data)
            screens = await self._press(data, way)
            if prefix in _BEGINS:
                self.begun.add(data)
                await self._answer(screens, f"{way} > {data}")
            else:
                waiting.extend((one, f"{way} > {data}") for screen in screens for one in _list_data(screen))

    def _is_to_press(self, data: str) -> bool:
        prefix, *values = data.split(":")
        kind = " ".join([prefix, *("#" if re.search(r"\d", one) else one for one in values)])
        self._pressed[kind] += 1
        return prefix in _LOG or self._pressed[kind] <= (MOST_BEGUN if prefix in _BEGINS else MOST_OF_A_KIND)

    async def _answer(self, screens: Sequence[Screen], way: str) -> None:
        for _ in range(MOST_QUESTIONS):
            question = next((one for one in screens if one.draft_id is not None), None)
            if question is None:
                return
            answer = next(filter(_is_answer, _list_data(question)), None)
            if answer is not None:
                screens = await self._press(answer, way)
                continue
            for text in ANSWERS:
                screens = await self._say(text, way)
                if not any(_list_data(one) == _list_data(question) for one in screens):
                    break

    async def _say(self, text: str, way: str) -> list[Screen]:
        message = {"message_id": next(_numbers), "date": 1, "chat": self._chat, "from": self._user, "text": text}
        return self._note(await self.bot.deliver({"message": message}), f"{way} > {text}")

    async def _press(self, data: str, way: str) -> list[Screen]:
        message = {"chat": self._chat, "message_id": next(_numbers), "date": 1, "from": THE_BOT, "text": "…"}
        query = {"id": str(next(_numbers)), "from": self._user, "chat_instance": "1", "data": data, "message": message}
        return self._note(await self.bot.deliver({"callback_query": query}), f"{way} > {data}")

    def _note(self, seen: Seen, way: str) -> list[Screen]:
        self.read.extend((way, answer.text) for answer in seen.answers)
        screens = [one for one in seen.answers if isinstance(one, Screen)]
        for screen in screens:
            rows = screen.keyboard.inline_keyboard if screen.keyboard else []
            self.read.extend((way, f"{one.text} {one.callback_data}") for row in rows for one in row)
            if screen.file is not None:
                self.read.append((way, _read_file(screen.file.name, screen.file.content)))
        return screens

    @property
    def _chat(self) -> dict[str, Any]:
        return {"id": MAX, "type": "private", "first_name": "Max"}

    @property
    def _user(self) -> dict[str, Any]:
        return {"id": MAX, "is_bot": False, "first_name": "Max", "language_code": "en"}


def _list_data(screen: Screen) -> list[str]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    return [one.callback_data for row in rows for one in row if one.callback_data]


def _is_answer(data: str) -> bool:
    """Whether a button answers a question, rather than leading to another page or back."""
    prefix = data.partition(":")[0]
    if prefix == ErrandButton.__prefix__:
        return ErrandButton.unpack(data).act is ErrandAct.ANSWER
    return prefix == FormButton.__prefix__ and FormButton.unpack(data).act not in (Act.BACK, Act.SHOW, Act.HALF)


def _read_file(name: str, content: bytes) -> str:
    if name.endswith(".pdf"):
        return "\n".join(read_pages(content))
    if name.endswith(".xlsx"):
        sheets = openpyxl.load_workbook(BytesIO(content)).worksheets
        return "\n".join(str(value) for sheet in sheets for row in sheet.values for value in row if value is not None)
    return content.decode("utf-8-sig")


_AMOUNTS = """
WITH who AS (SELECT employee_id, sub FROM employees WHERE employee_id IN (1001, 1002))
SELECT unnest(ARRAY[hourly_wage, total_per_hour, total_made]) FROM shifts JOIN who USING (employee_id)
 WHERE status = 'recorded'
 UNION
SELECT balance_after FROM balance_transactions JOIN who USING (sub) WHERE reason <> 'payout'
 UNION
SELECT unnest(ARRAY[opening_balance, closing_balance]) FROM pay_periods JOIN who USING (employee_id)
 UNION
SELECT hourly_wage FROM employee_settings JOIN who USING (employee_id)
"""


def list_canaries(database: dict[str, Any]) -> set[str]:
    """The wages, what they come to a shift, and every balance that has them in it: by their cents they stand out."""
    return {f"{abs(row[0]):.2f}" for row in fetch_all(database, _AMOUNTS) if row[0] and row[0] % 1}


def find_canaries(text: str, canaries: set[str]) -> list[str]:
    """Which of them a text tells, however it is written."""
    plain = re.sub(r"(?<=\d)[, \u00a0](?=\d{3}\b)", "", text)
    told = {f"{Decimal(one):.2f}" for one in re.findall(r"\d+(?:\.\d+)?", plain)}
    return sorted(told & canaries)


async def test_a_wage_that_is_hidden_is_told_to_a_manager_nowhere_but_by_what_they_pay(
    emulator: Emulator,
    service: PostgresService,
    database: dict[str, Any],
    clock: SteppingClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office = Office(service, clock)
    await asyncio.to_thread(office.fill)
    with connect(database) as connection:
        async with run_watched_bot(emulator, service, connection, monkeypatch) as bot:
            for number, name in ((OLGA, "Olga"), (MAX, "Max"), (BORIS, "Boris"), (CARL, "Carl")):
                await (await emulator.add_person(number, name)).send("/start", wait=False)
            manager = Manager(bot)
            await manager.look(list(office.list_forged()))
            await manager.look()
        sent = connection.execute(
            "SELECT kind, payload::text FROM outbox WHERE employee_id = %s AND kind <> 'screen'", [MAX]
        ).fetchall()
    canaries = list_canaries(database)
    assert {"37.41", "38.41", "299.28"} <= canaries
    told = [(way, text, found) for way, text in manager.read if (found := find_canaries(text, canaries))]
    assert [one for one in told if f" > ab:{AdminErrand.PAY}:" not in one[0]] == []
    assert told, "what a manager pays is shown when they pay it"
    assert [one for one in sent if find_canaries(one[1], canaries)] == []
    # It is not for want of looking.
    begun = {data.split(":")[1] for data in manager.begun if data.startswith("ab:")}
    assert set(AdminErrand) - begun == FOR_OWNERS
    assert {"day_off_requested", "correction_requested", "day_summary"} <= {kind for kind, _ in sent}
    print(f"{len(manager.read)} texts, {len(sent)} notices, {len(canaries)} amounts, {len(begun)} errands")
