"""For tests: start the emulator beside the test and act as the people who use the bot.

Everything goes over HTTP, so the same works against an emulator in another process: `Emulator(url, token)`.

    with run_emulator() as emulator:
        alice = await emulator.add_person(1001, "Alice")
        await alice.send("/start")
        await alice.tap("Create shift")
        assert "date" in (await alice.screen()).text
"""

from __future__ import annotations

import asyncio
import base64
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from aiohttp import ClientSession

from playground.records import Json, Profile, Sent
from playground.screens import (
    Screen,
    Toast,
    is_reaction,
    read_dicts,
    read_number,
    read_screens,
    read_toast,
)
from playground.server import start_playground

TOKEN = "4242:playground"  # noqa: S105 - opens nothing but an emulator on this machine
_TIMEOUT = 5.0
_QUIET = 0.1


class EmulatorError(AssertionError):
    """A person could not do what the test asks, or waited in vain; the text says what there was instead."""


class Emulator:
    """The control API of a running emulator."""

    def __init__(self, api_url: str, token: str = TOKEN) -> None:
        self.api_url = api_url
        self.token = token

    async def add_person(self, person_id: int, first_name: str, **names: str) -> Person:
        """Add a person (last_name, username, language_code, label may be given) and act as them."""
        await self.post("/people", {"id": person_id, "first_name": first_name, **names})
        return Person(self, person_id)

    def person(self, person_id: int) -> Person:
        """Act as a person who is there already."""
        return Person(self, person_id)

    async def inject(self, update: Mapping[str, object]) -> int:
        """Queue any update, also one that no bot can read; without an `update_id` it gets the next one."""
        return read_number((await self.post("/updates", {"update": dict(update)}))["update_id"])

    async def deliver_again(self, update_id: int, times: int = 1) -> None:
        """Deliver a former update again with the same id."""
        await self.post(f"/updates/{update_id}/again", {"times": times})

    async def jump_update_id(self, value: int) -> None:
        """Let the ids of the updates go on from `value`, as after a quiet week."""
        await self.post("/updates/next_id", {"value": value})

    async def is_confirmed(self, update_id: int) -> bool:
        """Whether the bot has confirmed an update (its newest copy) with a higher offset."""
        return bool((await self.get(f"/updates/{update_id}"))["is_confirmed"])

    async def fail(
        self,
        method: str,
        error_code: int,
        description: str,
        *,
        times: int = 1,
        parameters: Mapping[str, object] | None = None,
    ) -> None:
        """Refuse the next calls of a method ("" for any but getUpdates); they are not applied."""
        body = {"method": method, "error_code": error_code, "description": description, "times": times}
        await self.post("/faults", {**body, "parameters": dict(parameters or {})})

    async def delay(self, method: str, seconds: float, times: int = 1) -> None:
        """Let the next calls of a method take so long before they are applied."""
        await self.post("/faults", {"method": method, "delay": seconds, "times": times})

    async def drop_answers(self, method: str, times: int = 1) -> None:
        """Apply the next calls of a method, but close the connection instead of answering."""
        await self.post("/faults", {"method": method, "drops_answer": True, "times": times})

    async def clear_faults(self) -> None:
        """No more faults."""
        await self._request("DELETE", "/faults")

    async def limit(self, per_chat: int | None = 1, overall: int | None = 30) -> None:
        """Take so many messages in a second, and refuse more with 429; None for no limit."""
        await self.post("/limits", {"per_chat": per_chat or 0, "overall": overall or 0})

    async def count_refused_by_limits(self) -> int:
        """How many calls were one too many for the limits."""
        return read_number((await self.get("/counters"))["refused_by_limits"])

    async def rough_road(
        self,
        *,
        seed: int = 1,
        again: float = 0.0,
        latest: int = 50,
        jumps: float = 0.0,
        shuffled: bool = False,
        lost_polls: float = 0.0,
    ) -> None:
        """From now on updates come as in `playground.chaos.Chaos`."""
        shares: Json = {"again": again, "latest": latest, "jumps": jumps, "lost_polls": lost_polls}
        await self.post("/chaos", {"seed": seed, "shuffled": shuffled, **shares})

    async def deliver_rest_again(self) -> int:
        """Deliver now what the rough road still has to deliver again; how many."""
        return read_number((await self.post("/chaos/rest", {}))["delivered_again"])

    async def go_away(self, kind: str) -> None:
        """Telegram is away (a value of `playground.faults.Outage`) until `come_back`."""
        await self.post("/outage", {"kind": kind})

    async def come_back(self) -> None:
        """Telegram answers again."""
        await self.post("/outage", {"kind": ""})

    async def advance_clock(self, seconds: float) -> None:
        """Move the emulator's clock forward; a button press lives 150 s."""
        await self.post("/clock", {"advance": seconds})

    async def count_calls(self, method: str) -> int:
        """How often the bot has called a method (getUpdates counts when it comes in)."""
        calls = (await self.get("/counters"))["calls"]
        return read_number(calls.get(method, 0)) if isinstance(calls, dict) else 0

    async def count_attempts(self, method: str) -> int:
        """How often the bot has tried to call a method, also while Telegram was away."""
        attempts = (await self.get("/counters"))["attempts"]
        return read_number(attempts.get(method, 0)) if isinstance(attempts, dict) else 0

    async def get(self, path: str) -> Json:
        """GET below /emulator."""
        return await self._request("GET", path)

    async def post(self, path: str, body: Json) -> Json:
        """POST below /emulator."""
        return await self._request("POST", path, body)

    async def fetch(self, url: str) -> bytes:
        """The bytes behind a `Picture.url`."""
        async with ClientSession() as session, session.get(f"{self.api_url}{url}") as response:
            return await response.read()

    async def _request(self, method: str, path: str, body: Json | None = None) -> Json:
        url = f"{self.api_url}/emulator{path}"
        # A session of its own for each call: tests run in a loop each, and a session belongs to one loop.
        async with ClientSession() as session, session.request(method, url, json=body) as response:
            answer: Json = await response.json()
        if response.status != 200:
            raise EmulatorError(str(answer.get("error")))
        return answer


class Person:
    """One person who chats with the bot."""

    def __init__(self, emulator: Emulator, person_id: int) -> None:
        self.id = person_id
        self._emulator = emulator
        self._path = f"/people/{person_id}"

    async def send(
        self,
        text: str,
        *,
        reply_to: int | None = None,
        forwarded_from: str = "",
        wait: bool = True,
        timeout: float = _TIMEOUT,  # noqa: ASYNC109 - a person's patience, told by what they wait for
    ) -> Sent:
        """Write to the bot and, with `wait`, wait until it has written or changed something in the chat."""
        seq = await self._seq()
        body: Json = {"text": text, "reply_to": reply_to or 0, "forwarded_from": forwarded_from}
        return await self._sent(await self._emulator.post(f"{self._path}/text", body), seq, text, wait, timeout)

    async def send_photo(
        self,
        image: bytes,
        caption: str = "",
        *,
        wait: bool = True,
        timeout: float = _TIMEOUT,  # noqa: ASYNC109
    ) -> Sent:
        """Send a PNG or JPEG."""
        seq = await self._seq()
        body: Json = {"image": base64.b64encode(image).decode(), "caption": caption}
        return await self._sent(await self._emulator.post(f"{self._path}/photo", body), seq, "photo", wait, timeout)

    async def tap(
        self,
        text: str,
        *,
        message_id: int | None = None,
        wait: bool = True,
        timeout: float = _TIMEOUT,  # noqa: ASYNC109
    ) -> Toast:
        """Press the button that reads `text`, on the given message or on the newest one that has it.

        `Yesterday…` is the button that begins so.

        With `wait`, waits until the tap is answered and until the bot has written or changed something in the chat;
        where the answer has a text of its own, which may be all there is, until the chat is quiet.
        Raises EmulatorError with the buttons there are where it is missing.
        """
        return await self._press({"text": text, "message_id": message_id or 0}, wait, timeout)

    async def press(
        self,
        data: str,
        *,
        message_id: int | None = None,
        wait: bool = True,
        timeout: float = _TIMEOUT,  # noqa: ASYNC109
    ) -> Toast:
        """Press by callback data; with a message id any data, also made up or from an old keyboard."""
        return await self._press({"data": data, "message_id": message_id or 0}, wait, timeout)

    async def press_many(self, data: str, message_id: int, times: int) -> None:
        """The same button tapped many times at once; waits for nothing."""
        await self._emulator.post(f"{self._path}/press", {"data": data, "message_id": message_id, "times": times})

    async def block(self) -> None:
        """Block the bot."""
        await self._emulator.post(f"{self._path}/block", {"is_blocked": True})

    async def unblock(self) -> None:
        """Let the bot in again."""
        await self._emulator.post(f"{self._path}/block", {"is_blocked": False})

    async def screens(self) -> list[Screen]:
        """The bot's messages in the chat, oldest first."""
        return read_screens(await self._chat())

    async def screen(self) -> Screen:
        """The bot's newest message."""
        screens = await self.screens()
        if not screens:
            raise EmulatorError("the bot has written nothing yet")
        return screens[-1]

    async def toasts(self) -> list[Toast]:
        """All taps with their answers, oldest first."""
        return [read_toast(each) for each in read_dicts((await self._emulator.get(f"{self._path}/presses"))["presses"])]

    async def toast(self) -> Toast:
        """The newest tap with its answer."""
        toasts = await self.toasts()
        if not toasts:
            raise EmulatorError("no button has been pressed yet")
        return toasts[-1]

    async def wait_for(
        self,
        expected: str | re.Pattern[str],
        *,
        timeout: float = _TIMEOUT,  # noqa: ASYNC109
    ) -> Screen:
        """The bot's newest message that contains the text, or in which the pattern is found."""
        pattern = expected if isinstance(expected, re.Pattern) else re.compile(re.escape(expected))
        found: list[Screen] = []

        def is_there(chat: Json) -> bool:
            found[:] = [screen for screen in read_screens(chat) if pattern.search(screen.text)]
            return bool(found)

        await self._until(is_there, f"a message with {pattern.pattern!r}", timeout)
        return found[-1]

    async def settled(
        self,
        *,
        quiet: float = _QUIET,
        timeout: float = _TIMEOUT,  # noqa: ASYNC109
    ) -> None:
        """Wait until every update is confirmed, every tap answered, and the chat has been quiet for `quiet` seconds."""
        deadline = time.monotonic() + timeout
        while time.monotonic() < deadline:
            chat = await self._until(
                lambda chat: not chat["is_waiting"],
                "the bot to confirm every update and answer every tap",
                deadline - time.monotonic(),
            )
            if not await self._events(read_number(chat["seq"]), quiet):
                return
        raise EmulatorError(f"the chat did not come to rest within {timeout} s")

    async def _press(self, body: Json, wait: bool, patience: float) -> Toast:
        seq = await self._seq()
        made = read_dicts((await self._emulator.post(f"{self._path}/press", body))["presses"])[0]
        if not wait:
            return read_toast(made)
        deadline = time.monotonic() + patience
        toast = await self._wait_for_answer(str(made["query_id"]), body, seq, deadline)
        if toast.text:
            # The answer may be all there is: an alert changes nothing in the chat.
            await self.settled(timeout=deadline - time.monotonic())
        else:
            await self._wait_for_reaction(seq, f"the tap on {body}", deadline)
        return toast

    async def _wait_for_answer(self, query_id: str, body: Json, seq: int, deadline: float) -> Toast:
        while not (toast := read_toast(await self._emulator.get(f"/presses/{query_id}"))).is_answered:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise EmulatorError(f"the bot did not answer the tap on {body}; {_describe(await self._chat())}")
            seq = max([seq, *(read_number(event["seq"]) for event in await self._events(seq, remaining))])
        return toast

    async def _sent(self, answer: Json, seq: int, what: str, wait: bool, patience: float) -> Sent:
        if wait:
            await self._wait_for_reaction(seq, what, time.monotonic() + patience)
        return Sent(read_number(answer["update_id"]), read_number(answer["message_id"]))

    async def _wait_for_reaction(self, seq: int, what: str, deadline: float) -> None:
        while (remaining := deadline - time.monotonic()) > 0:
            for event in await self._events(seq, remaining):
                seq = read_number(event["seq"])
                if is_reaction(event):
                    return
        raise EmulatorError(f"the bot did not react to {what}; {_describe(await self._chat())}")

    async def _until(self, holds: Callable[[Json], bool], what: str, patience: float) -> Json:
        deadline = time.monotonic() + patience
        while not holds(chat := await self._chat()):
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise EmulatorError(f"waited in vain for {what}; {_describe(chat)}")
            await self._events(read_number(chat["seq"]), remaining)
        return chat

    async def _events(self, seq: int, seconds: float) -> list[Json]:
        answer = await self._emulator.get(f"/events?chat_id={self.id}&after={seq}&timeout={max(seconds, 0):.3f}")
        return read_dicts(answer["events"])

    async def _chat(self) -> Json:
        return await self._emulator.get(self._path)

    async def _seq(self) -> int:
        return read_number((await self._emulator.get("/counters"))["seq"])


@contextmanager
def run_emulator(
    token: str = TOKEN,
    people: Iterable[Profile] = (),
    clock: Callable[[], float] = time.time,
    *,
    on_confirming: Callable[[list[int]], None] | None = None,
) -> Iterator[Emulator]:
    """An emulator on a free port, in a thread with an event loop of its own, until the block ends.

    `on_confirming` is called in that thread with the ids that an offset is about to confirm.
    """
    started = threading.Event()
    running: list[tuple[str, Callable[[], object]]] = []
    failures: list[BaseException] = []

    async def serve() -> None:
        stop = asyncio.Event()
        playground = await start_playground("127.0.0.1", 0, token, people, clock=clock)
        playground.world.updates.on_confirming = on_confirming
        loop = asyncio.get_running_loop()
        running.append((playground.api_url, lambda: loop.call_soon_threadsafe(stop.set)))
        started.set()
        await stop.wait()
        await playground.close()

    def run() -> None:
        try:
            asyncio.run(serve())
        except OSError as error:
            failures.append(error)
        finally:
            started.set()

    thread = threading.Thread(target=run, name="emulator")
    thread.start()
    started.wait()
    try:
        if failures:
            raise failures[0]
        yield Emulator(running[0][0], token)
    finally:
        for _, stop_server in running:
            stop_server()
        thread.join()


def _describe(chat: Json) -> str:
    screens = read_screens(chat)
    if not screens:
        return "the bot has written nothing yet"
    return f"the bot's newest message is {screens[-1].text!r} with the buttons {list(screens[-1].buttons)}"
