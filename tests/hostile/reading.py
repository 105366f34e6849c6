"""Every place where the bot reads a text that somebody wrote, and what must hold of its answer, whatever it is."""

import asyncio
import itertools
import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bot.forms import EditField, Form, Kind, Step
from bot.screen import Answer, Screen
from bot.seals import seal
from payroll.names import tidy_name
from payroll.people import JoinRequest, Person
from payroll.shifts import NewShift
from playground.entities import parse_html
from playground.errors import ApiError
from postgres_service import PostgresService
from tests.hostile.corpus import ALICE, OLGA, Json, write_message, write_tap, write_user
from tests.hostile.texts import NOT_OURS
from tests.watched import Seen, WatchedBot

LONGEST_TEXT = 4096
_BEGIN = datetime(2026, 11, 15, 14, 0, tzinfo=UTC)
_PRODUCT = 1


@dataclass(slots=True)
class Reader:
    """Somebody who writes hostile texts wherever they can. `faults` are answers that are not as they must be."""

    bot: WatchedBot
    service: PostgresService
    read: int = 0
    faults: list[str] = field(default_factory=list)
    olga: Person = field(init=False)
    _shift_id: int = 0
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(100))
    _strangers: Iterator[int] = field(default_factory=lambda: itertools.count(60_001))

    def prepare(self) -> None:
        """An employee with a shift, and an owner."""
        self.service.people.join(ALICE, "Alice", "en")
        self.olga = self.service.people.ensure_owner(OLGA, "Olga")
        begin = _BEGIN - timedelta(days=3)
        sold = {_PRODUCT: Decimal("500.00")}
        new = NewShift(employee_id=ALICE, time_in=begin, time_out=begin + timedelta(hours=8), products=sold)
        self._shift_id = self.service.shifts.record(new).shift_id

    async def read_everywhere(self, text: str, *, is_thorough: bool = True) -> None:
        """The text at every place; thoroughly also where it is read in no other way than at one of these."""
        for place, write in {**PLACES, **(MORE_PLACES if is_thorough else {})}.items():
            self._judge(place, text, await write(self, text))

    def _judge(self, place: str, text: str, seen: Seen) -> None:
        self.read += 1
        shown = text if len(text) < 100 else f"{text[:100]}…"
        if not seen.answers:
            self.faults.append(f"{place}: {shown!a} was not answered")
        self.faults += [
            f"{place}: {shown!a}: {fault}" for answer in seen.answers if (fault := find_fault(answer)) is not None
        ]

    # --- the places --------------------------------------------------------------------------------------------------

    async def answer_form(self, form: Form, text: str) -> Seen:
        """As the answer to a form's question."""
        dumped = form.dump()
        await asyncio.to_thread(self.service.drafts.open, ALICE, form.kind, form.step, dumped, form.shift_id)
        return await self.send(ALICE, text)

    async def send(self, account: int, text: str) -> Seen:
        """As a message."""
        return await self.bot.deliver({"message": write_message(account, text=text, message_id=next(self._numbers))})

    async def write_name(self, text: str) -> Seen:
        """As the name of a stranger who asks to join; it is kept as it should be."""
        user = self._call_stranger(text)
        asked = await self.bot.deliver(_rename(write_tap(user["id"], "ask"), user))
        request = await self._find_request(user["id"])
        if request.name != tidy_name(json.loads(json.dumps(f"{text} {text[::-1]}"))):
            self.faults.append(f"a name: {text!a} became {request.name!a}")
        await asyncio.to_thread(self.service.people.decide, request.request_id, is_approved=False, admin=self.olga)
        return asked

    async def show_name(self, text: str) -> Seen:
        """As the name of a stranger who asks to join, is read by an admin, let in, and greeted."""
        user = self._call_stranger(text)
        await self.bot.deliver(_rename(write_tap(user["id"], "ask"), user))
        request = await self._find_request(user["id"])
        listed = await self.send(OLGA, "/admin")
        decided = await self.bot.deliver(
            write_tap(OLGA, f"j:{seal(request.telegram_id, request.name)}:{request.request_id}:1:1~1")
        )
        greeted = await self.bot.deliver({"message": {**write_message(user["id"], text="/start"), "from": user}})
        return Seen(answers=(*listed.answers, *decided.answers, *greeted.answers))

    def _call_stranger(self, text: str) -> Json:
        name = {"first_name": text, "last_name": text[::-1], "language_code": text[:3]}
        return {**write_user(next(self._strangers)), **name}

    async def _find_request(self, account: int) -> JoinRequest:
        return (await asyncio.to_thread(self.service.people.request_to_join, account, "", None))[0]

    @property
    def times(self) -> dict[str, datetime]:
        """Clocks of a shift that can be."""
        return {"start": _BEGIN, "end": _BEGIN + timedelta(hours=4)}

    def new_form(self, step: Step, **known: object) -> Form:
        """A form of a new shift."""
        return Form(Kind.NEW, "", 0, step, day=_BEGIN.date(), **known)  # type: ignore[arg-type]

    def edit_form(self, step: Step, edited: EditField) -> Form:
        """A form that corrects the shift."""
        return Form(Kind.EDIT, "", 0, step, shift_id=self._shift_id, edited=edited, day=_BEGIN.date(), **self.times)  # type: ignore[arg-type]


def _rename(update: Json, user: Json) -> Json:
    return {"callback_query": {**update["callback_query"], "from": user}}


Write = Callable[[Reader, str], Awaitable[Seen]]
PLACES: Mapping[str, Write] = {
    "an amount": lambda reader, text: reader.answer_form(
        reader.new_form(Step.AMOUNT, product_id=_PRODUCT, **reader.times), text
    ),
    "a start": lambda reader, text: reader.answer_form(reader.new_form(Step.START), text),
    "an end": lambda reader, text: reader.answer_form(reader.new_form(Step.END, start=_BEGIN), text),
    "another total": lambda reader, text: reader.answer_form(reader.edit_form(Step.TOTAL, EditField.TOTAL), text),
    "a command's words": lambda reader, text: reader.send(ALICE, f"/help {text}"),
    "an invite's code": lambda reader, text: reader.send(70_001, f"/start {text}"),
    "a name": Reader.write_name,
}
MORE_PLACES: Mapping[str, Write] = {
    "an amount that was far above the usual": lambda reader, text: reader.answer_form(
        reader.new_form(Step.AMOUNT_SURE, product_id=_PRODUCT, trail=(Step.AMOUNT,), **reader.times), text
    ),
    "another clock-in": lambda reader, text: reader.answer_form(reader.edit_form(Step.START, EditField.CLOCK_IN), text),
    "a tap's place": lambda reader, text: reader.answer_form(reader.new_form(Step.PRODUCT, **reader.times), text),
    "a command": lambda reader, text: reader.send(ALICE, f"/{text}"),
    "a name that is shown": Reader.show_name,
}


def find_fault(answer: Answer) -> str | None:
    """What is wrong about an answer, None where it is as it must be: it can be sent, and shows nobody's markup."""
    try:
        answer.text.encode()
    except UnicodeEncodeError:
        return "what was answered cannot be sent"
    if "\x00" in answer.text:
        return "what was answered cannot be kept"
    if "went wrong" in answer.text:
        return "it went wrong"
    return _find_markup_fault(answer) if isinstance(answer, Screen) else None


def _find_markup_fault(screen: Screen) -> str | None:
    if len(screen.text) > LONGEST_TEXT:
        return "the answer is too long"
    try:
        entities = parse_html(screen.text).entities
    except ApiError as error:
        return f"the markup is refused: {error.refusal.description}"
    foreign = {entity.type for entity in entities} & NOT_OURS
    return f"it came out as {foreign}" if foreign else None
