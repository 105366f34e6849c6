"""Messages that take minutes to decode: who sent one gets a sentence, everybody else their answer at once."""

import asyncio
import contextlib
import gc
import itertools
import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from bot.application import build_bot
from bot.delivery import reading
from playground.client import Emulator, Person
from postgres_service import PostgresService
from repository.inbox import RawUpdate
from tests.bot.conftest import Chat, Session, run_bot
from tests.bot.test_webhook import Delivered, delivered  # noqa: F401 - a fixture
from tests.clock import SteppingClock
from tests.databases import fetch_all
from tests.hostile.corpus import Json, write_message, write_tap
from tests.hostile.shapes import SHAPES, add_unknown_block, draw_table, list_places, nest_styles

MALLORY = 6666
LONGEST_SECONDS = 0.05
ANSWERED_WITHIN = 0.5
WORST = ("styles", "a table", "entities", "an unknown block", "deep lists")


def list_worst(account: int = MALLORY) -> list[Json]:
    """The worst shapes, sent, below a tap and in what is answered."""
    chosen = ("a message", "a tap", "a reply")
    return [update for name in WORST for place, update in list_places(account, SHAPES[name]()) if place in chosen]


# --- what one costs --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", autouse=True)
def _frozen() -> Iterator[None]:
    """As in the bot: what was loaded for good is not looked through for garbage."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("shape", SHAPES)
def test_an_update_of_any_shape_is_decoded_or_given_up_within_moments(shape: str) -> None:
    for place, update in list_places(MALLORY, SHAPES[shape]()):
        text = json.dumps({"update_id": 1, **update})
        # Once more where something else took the time.
        assert any(_measure(text) < LONGEST_SECONDS for _ in range(5)), place


def _measure(text: str) -> float:
    began = time.thread_time()
    with contextlib.suppress(ValueError):
        reading.read_update(reading.parse(text))
    return time.thread_time() - began


@pytest.mark.parametrize("content", [nest_styles(), draw_table(), add_unknown_block()])
def test_of_a_rich_message_it_is_known_that_it_was_one(content: Json) -> None:
    for place, update in list_places(MALLORY, content):
        read = reading.read_update(reading.parse(json.dumps({"update_id": 1, **update})))
        message = read.edited_message or read.message
        if place in ("a message", "a change", "a forward"):
            assert message is not None
            assert message.rich_message is not None


@pytest.mark.parametrize("name", ["forward_origin", "forward_from", "forward_from_chat", "forward_sender_name"])
def test_a_forwarded_text_is_known_as_one_whichever_field_says_so(name: str) -> None:
    update = {"update_id": 1, "message": write_message(MALLORY, text="500", **{name: {"any": "thing"}})}
    message = reading.read_update(update).message
    assert message is not None
    assert message.forward_origin is not None


async def test_the_bot_api_may_answer_with_any_message(emulator: Emulator) -> None:
    answer = {"ok": True, "result": write_message(MALLORY, **nest_styles(), reply_to_message=write_message(5))}

    async def send(_: web.Request) -> web.Response:
        return web.json_response(answer)

    app = web.Application()
    app.router.add_post("/bot4242:playground/sendMessage", send)
    async with TestServer(app) as server:
        bot = build_bot(emulator.token, str(server.make_url("")).rstrip("/"), Session())
        began = time.thread_time()
        assert (await bot.send_message(MALLORY, "hello")).message_id == 7
        assert time.thread_time() - began < ANSWERED_WITHIN
        await bot.session.close()


# --- who sends one ---------------------------------------------------------------------------------------------------


async def test_who_pastes_something_formatted_is_asked_to_type_it(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    for content in (nest_styles(), draw_table(), add_unknown_block()):
        before = len(await alice.screens())
        await chat.emulator.inject({"message": write_message(1001, **content)})
        await alice.settled()
        said = [screen.text for screen in (await alice.screens())[before:]]
        assert ["plain text" in text for text in said] == [True]


async def test_a_tap_below_a_rich_message_does_what_its_button_says(chat: Chat) -> None:
    alice = await chat.employee("Alice", 1001)
    await alice.send("/start")
    below = write_message(1001, **nest_styles())
    await chat.emulator.inject(write_tap(1001, "m:ranks", message=below))
    await alice.wait_for("Ranks, November")


# --- everybody else --------------------------------------------------------------------------------------------------


async def _inject(chat: Chat, update: Json) -> None:
    """In another thread, as in another program: to write it takes time too."""
    await asyncio.to_thread(asyncio.run, chat.emulator.inject(update))


async def test_others_are_answered_at_once_while_they_come_by_polling(chat: Chat, database: dict[str, Any]) -> None:
    boris = await _welcome(chat, "Boris", 1002)
    await chat.stranger("Mallory", MALLORY)
    async with _tapping(boris):
        for number, update in enumerate(list_worst(), 1):
            await _inject(chat, update)
            await _until_all_handled(database, number)


async def test_others_are_answered_at_once_while_they_come_by_webhook(
    delivered: Delivered,  # noqa: F811
    database: dict[str, Any],
) -> None:
    boris = await delivered.chat.employee("Boris", 1002)
    await delivered.chat.emulator.post("/people/1002/text", {"text": "hi", "reply_to": 0, "forwarded_from": ""})
    bodies = [json.dumps({"update_id": number, **update}).encode() for number, update in enumerate(list_worst(), 1)]
    numbers = itertools.count(len(bodies) + 1)

    async def tap() -> None:
        before = len(await boris.screens())
        assert await delivered.deliver_update(json.dumps({
            "update_id": next(numbers), "message": write_message(1002, text="/help"),
        }).encode()) == 200  # fmt: skip
        while len(await boris.screens()) == before:  # noqa: ASYNC110 - seen at the emulator only
            await asyncio.sleep(0.01)

    await tap()
    async with _repeating(tap):
        assert {await delivered.deliver_update(body) for body in bodies} == {200}
        await _until_all_handled(database, len(bodies))


async def test_others_are_answered_at_once_while_the_bot_api_answers_with_them(
    emulator: Emulator, service: PostgresService, clock: SteppingClock
) -> None:
    chat = Chat(emulator, service, clock)
    boris, mallory = await chat.employee("Boris", 1002), await chat.employee("Mallory", MALLORY)
    shapes = ("styles", "blocks", "a table", "an unknown block", "entities", "replies", "pins")
    contents = [SHAPES[name]() for name in shapes]
    async with _telegram_that_adds(emulator, MALLORY, contents) as telegram, run_bot(telegram, service):
        await boris.send("/start")
        await mallory.send("/start")
        async with _tapping(boris):
            for _ in shapes:
                await mallory.tap("🏆 Ranks", timeout=60)
                await mallory.send("/start", timeout=60)


@contextlib.asynccontextmanager
async def _telegram_that_adds(emulator: Emulator, account: int, contents: list[Json]) -> AsyncIterator[Emulator]:
    """The emulator, as the bot sees it: each message of one chat in its answers holds one of these in turn."""
    added = itertools.cycle([json.dumps(content)[1:] for content in contents])

    async def pass_on(request: web.Request) -> web.Response:
        headers, url = {"Content-Type": request.headers["Content-Type"]}, f"{emulator.api_url}{request.path_qs}"
        async with ClientSession() as session, session.post(url, data=await request.read(), headers=headers) as said:
            text, status = await said.text(), said.status
        result = json.loads(text).get("result")
        if isinstance(result, dict) and "message_id" in result and result["chat"]["id"] == account:
            result = {name: value for name, value in result.items() if name not in ("entities", "text")}
            text = f'{{"ok": true, "result": {json.dumps(result)[:-1]}, {next(added)}}}'
        return web.Response(text=text, status=status, content_type="application/json")

    app = web.Application()
    app.router.add_post("/{path:.*}", pass_on)
    async with TestServer(app) as server:
        yield Emulator(str(server.make_url("")).rstrip("/"), emulator.token)


async def test_what_is_in_the_inbox_of_an_earlier_version_stops_nobody_at_the_start(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    chat = Chat(emulator, service, clock)
    boris = await chat.employee("Boris", 1002)
    await chat.stranger("Mallory", MALLORY)
    updates = [json.dumps({"update_id": number, **one}) for number, one in enumerate(list_worst(), 1)]
    service.inbox.store([RawUpdate(number, MALLORY, one) for number, one in enumerate(updates, 1)])
    async with run_bot(emulator, service):
        await boris.send("/start")
        async with _tapping(boris):
            await _until_all_handled(database, len(updates))


async def test_a_batch_of_very_many_large_ones_is_taken_in_pieces(chat: Chat, database: dict[str, Any]) -> None:
    boris = await _welcome(chat, "Boris", 1002)
    await chat.stranger("Mallory", MALLORY)
    await chat.emulator.delay("getUpdates", 0.3)
    async with _tapping(boris):
        await asyncio.gather(
            *(_inject(chat, {"message": write_message(MALLORY, **draw_table(100))}) for _ in range(30))
        )
        await _until_all_handled(database, 30)
    assert fetch_all(database, "SELECT count(*) FROM inbox WHERE state = 'dead'") == [(0,)]
    assert await chat.emulator.count_calls("getUpdates") < 20


async def test_what_is_too_much_is_set_aside_and_what_comes_after_it_is_handled(
    chat: Chat, database: dict[str, Any]
) -> None:
    boris = await _welcome(chat, "Boris", 1002)
    update_id = await chat.emulator.inject({"message": write_message(1002, **SHAPES["lists"]())})
    await boris.send("/ranks")
    await boris.wait_for("Ranks, November")
    dead = fetch_all(database, "SELECT update_id, error, length(payload) < 200 FROM inbox WHERE state = 'dead'")
    assert dead == [(update_id, "cannot be read", True)]


async def _welcome(chat: Chat, name: str, telegram_id: int) -> Person:
    person = await chat.employee(name, telegram_id)
    await person.send("/start")
    return person


def _tapping(person: Person) -> contextlib.AbstractAsyncContextManager[None]:
    """Somebody taps on and on while the block runs; each tap is answered within half a second."""
    buttons = itertools.cycle(("🏆 Ranks", "Main menu"))
    return _repeating(lambda: person.tap(next(buttons), timeout=60))


@contextlib.asynccontextmanager
async def _repeating(act: Callable[[], Any]) -> AsyncIterator[None]:
    # By the clock of the loop's own thread, for what else the machine does is none of the bot's doing.
    waits: list[float] = []

    async def repeat() -> None:
        while True:
            began = time.thread_time()
            await act()
            waits.append(time.thread_time() - began)

    repeating = asyncio.create_task(repeat())
    try:
        yield
    finally:
        repeating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await repeating
    assert waits
    assert max(waits) < ANSWERED_WITHIN


async def _until_all_handled(database: dict[str, Any], count: int) -> None:
    """So many of Mallory's are through, well or set aside."""
    query = (
        "SELECT count(*) FROM inbox WHERE state <> 'waiting' AND (sender_id IS NULL OR sender_id NOT IN (1001, 1002))"
    )
    async with asyncio.timeout(60):
        while (await asyncio.to_thread(fetch_all, database, query))[0][0] < count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
