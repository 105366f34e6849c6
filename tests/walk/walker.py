"""Opens whatever there is to open: each command, each button of each screen, until nothing new is found.

A button is new as long as its kind (the handler that answers it, with what its data chooses) was not pressed: what it
is about, a person or a shift, is one of many. What changes something is pressed last, the questions of dialogues are
answered by buttons and by texts. So a screen that is new is opened without being named anywhere.
"""

import itertools
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from aiogram import Router

from bot import commands
from bot.keyboards.deciding import list_prefixes
from bot.paging import fit, read_turn
from bot.screen import Answer, Screen, Toast
from bot.seals import stamp
from bot.words import load_words
from playground.arguments import CALLBACK_DATA_LIMIT, CAPTION_LIMIT, TEXT_LIMIT
from playground.entities import parse_html
from tests.rights.actions import CHANGING, MAY_CHANGE
from tests.rights.cases import THE_BOT, find_handler
from tests.rights.world import TIMELINE
from tests.watched import Seen, WatchedBot

MOST_BUTTONS = 100
MOST_KEYBOARD_BYTES = 10_000
LONGEST_TOAST = 200
ANSWERS = ("12.50", "2026/11/20", "9:00", "17:00", "a few words", "1", "🦈")
"""What is typed where a question has no button left: one of these is an answer to each."""
MOST_QUESTIONS = 9
"""So many answers end any dialogue."""
_DIALOGUES = {"q": 4, "f": 3}
"""How the data of their buttons begin, and where in it stands what a tap says."""
_WORDS = load_words("en", is_strict=True)
_numbers = itertools.count(1)


@dataclass(slots=True)
class Walker:
    """One person who presses everything. `faults` are sentences, each with how one got there.

    `acted` are the kinds of deeds that were done, by this person or another one.
    """

    bot: WatchedBot
    routers: Sequence[Router]
    account: int
    acted: set[str]
    faults: list[str] = field(default_factory=list)
    screens: int = 0
    handlers: set[str] = field(default_factory=set)
    _pressed: set[str] = field(default_factory=set)
    _seen: set[str] = field(default_factory=set)
    _deeds: list[tuple[str, str]] = field(default_factory=list)

    async def look(self, more: Iterable[str] = ()) -> None:
        """Every screen that only shows, from each command on and from the buttons given."""
        waiting: deque[tuple[str, str]] = deque()
        for command in ("/start", "hello", *(f"/{one.name}" for one in commands.LISTED)):
            for screen in await self._say(command):
                waiting.extend(self._list_new(screen, command))
        await self._change("hello again")
        for data in more:
            self._seen.add(data)
            for screen in await self._press(data, ""):
                waiting.extend(self._list_new(screen, data))
        await self._follow(waiting)

    async def look_at(self, screens: Iterable[Mapping[str, str]]) -> None:
        """What the buttons of messages lead to that came unasked."""
        await self._follow(deque((data, "a notice") for buttons in screens for data in buttons.values()))

    async def _follow(self, waiting: deque[tuple[str, str]]) -> None:
        while waiting:
            data, way = waiting.popleft()
            if data in self._seen:
                continue
            self._seen.add(data)
            handler = await self._find(data)
            if handler in CHANGING or handler in MAY_CHANGE or data[: data.find(":")] in _DIALOGUES:
                self._deeds.append((data, way))
                continue
            kind = _find_kind(data, handler)
            if kind in self._pressed:
                continue
            self._pressed.add(kind)
            for screen in await self._press(data, way):
                waiting.extend(self._list_new(screen, f"{way} > {data}"))

    async def act(self) -> None:
        """Everything that changes something, to its end, as far as nobody has done it yet."""
        deeds, self._deeds = self._deeds, []
        for data, way in deeds:
            handler = await self._find(data)
            kind = _find_kind(data, handler)
            if kind in self.acted:
                continue
            screens = await self._press(data, way, may_refuse=True)
            if handler not in self.handlers:
                continue  # it was refused before it was asked
            self.acted.add(kind)
            await self._answer(screens, f"{way} > {data}")

    async def _answer(self, screens: Sequence[Screen], way: str) -> None:
        """From the first question of a dialogue to what came of it."""
        texts = itertools.cycle(ANSWERS)
        for _ in range(MOST_QUESTIONS):
            question = next((one for one in screens if one.draft_id is not None), None)
            if question is None:
                return
            button = self._choose(question)
            if button is not None:
                way = f"{way} > {button}"
                screens = await self._press(button, way, may_refuse=True)
                continue
            for _ in ANSWERS:
                text = next(texts)
                screens = await self._say(text, way)
                if not any(one.draft_id is not None and _is_same(one, question) for one in screens):
                    way = f"{way} > {text}"
                    break

    def _choose(self, question: Screen) -> str | None:
        """A button that answers and was not pressed in this dialogue yet."""
        for data in _list_data(question):
            parts = data.split(":")
            if parts[0] not in _DIALOGUES or parts[_DIALOGUES[parts[0]]] in ("b", "s", "p") or data in self._seen:
                continue
            self._seen.add(data)
            return data
        return None

    # --- one step ----------------------------------------------------------------------------------------------------

    async def _say(self, text: str, way: str = "") -> list[Screen]:
        user = self._write_user()
        chat = {"id": self.account, "type": "private", "first_name": "Name"}
        message = {"message_id": next(_numbers), "date": 1, "chat": chat, "from": user, "text": text}
        return self._check(await self._deliver({"message": message}, f"{way} > {text}"), f"{way} > {text}")

    async def _change(self, text: str) -> None:
        """Change a message that was sent before."""
        chat = {"id": self.account, "type": "private", "first_name": "Name"}
        message = {"message_id": next(_numbers), "date": 1, "edit_date": 2, "chat": chat, "from": self._write_user()}
        update = {"edited_message": {**message, "text": text}}
        self._check(await self._deliver(update, "a message changed"), "a message changed")

    async def _press(self, data: str, way: str, *, may_refuse: bool = False) -> list[Screen]:
        seen = await self._deliver(self._write_tap(data), f"{way} > {data}")
        if seen.error is not None and not may_refuse:
            self._blame(f"{way} > {data}", f"refused: {seen.error}")
        return self._check(seen, f"{way} > {data}", read_turn(data)[0])

    async def _deliver(self, update: dict[str, Any], way: str) -> Seen:
        try:
            return await self.bot.deliver(update)
        except AssertionError as error:
            self._blame(way, f"failed: {error}")
            return self.bot.take()

    async def _find(self, data: str) -> str:
        return (await find_handler(self.routers, self._write_tap(read_turn(data)[1])))[0]

    def _write_tap(self, data: str) -> dict[str, Any]:
        chat = {"id": self.account, "type": "private", "first_name": "Name"}
        message = {"chat": chat, "message_id": next(_numbers), "date": 1, "from": THE_BOT, "text": "…"}
        query = {"id": str(next(_numbers)), "from": self._write_user(), "chat_instance": "1", "data": data}
        return {"callback_query": {**query, "message": message}}

    def _write_user(self) -> dict[str, Any]:
        return {"id": self.account, "is_bot": False, "first_name": "Name", "language_code": "en"}

    # --- what is wrong -----------------------------------------------------------------------------------------------

    def _check(self, seen: Seen, way: str, page: int = 0) -> list[Screen]:
        self.handlers.update(seen.ran)
        if not seen.answers:
            self._blame(way, "nothing was said")
        answers = [_send(one, page) if isinstance(one, Screen) else one for one in seen.answers]
        for answer in answers:
            for fault in list_faults(answer):
                self._blame(way, fault)
        screens = [one for one in answers if isinstance(one, Screen)]
        self.screens += len(screens)
        return screens

    def _blame(self, way: str, fault: str) -> None:
        self.faults.append(f"{self.account}: {way}: {fault}")

    def _list_new(self, screen: Screen, way: str) -> Iterator[tuple[str, str]]:
        yield from ((data, way) for data in _list_data(screen) if data not in self._seen)


def _send(screen: Screen, page: int) -> Screen:
    """A screen as it is sent."""
    shown = fit(_WORDS, screen, page)
    return replace(shown, keyboard=stamp(shown.keyboard, list_prefixes(), TIMELINE)) if shown.keyboard else shown


def list_faults(answer: Answer) -> Iterator[str]:
    """What Telegram would refuse, or nobody could read."""
    if isinstance(answer, Toast):
        if not len(answer.text) > 0:
            yield "an empty toast"
        return
    limit = TEXT_LIMIT if answer.photo is None and answer.file is None else CAPTION_LIMIT
    if not answer.text.strip():
        yield "an empty screen"
    if len(answer.text) * 2 > limit and (length := parse_html(answer.text).cleaned().utf16_length) > limit:
        yield f"{length} characters"
    if answer.file is not None and not answer.file.content:
        yield "an empty file"
    yield from _list_faults_of_keyboard(answer)


def _list_faults_of_keyboard(screen: Screen) -> Iterator[str]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        yield f"{len(buttons)} buttons"
    size = len(json.dumps([one.model_dump(exclude_none=True) for one in buttons], ensure_ascii=False).encode())
    if size > MOST_KEYBOARD_BYTES:
        yield f"a keyboard of {size} bytes"
    for button in buttons:
        if not button.text.strip():
            yield "a button without a text"
        if button.callback_data is not None and len(button.callback_data.encode()) > CALLBACK_DATA_LIMIT:
            yield f"{len(button.callback_data.encode())} bytes of callback data"


def _list_data(screen: Screen) -> list[str]:
    rows = screen.keyboard.inline_keyboard if screen.keyboard else []
    return [button.callback_data for row in rows for button in row if button.callback_data]


def _is_same(one: Screen, other: Screen) -> bool:
    """Whether it asks the same: its buttons carry the same revision."""
    return _list_data(one) == _list_data(other)


def _find_kind(data: str, handler: str) -> str:
    """The handler and what the data chooses, without what it is about: numbers, dates, drafts, subjects."""
    page, screen = read_turn(data)
    prefix, *values = screen.split(":")
    return " ".join(
        ["turned" if page else "", handler, prefix, *("#" if re.search(r"\d", value) else value for value in values)]
    )
