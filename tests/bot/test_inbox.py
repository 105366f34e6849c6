"""What comes in: kept first, handled once, in order for each person, whatever it is and however often it comes."""

import asyncio
import json
import random
from collections.abc import Mapping
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.delivery import workers
from bot.delivery.intake import find_sender
from bot.delivery.lines import Lines, Turn
from payroll.errors import ErrorKey, ForbiddenError, UnavailableError
from playground.client import Emulator, Person
from postgres_service import PostgresService
from repository.inbox import RawUpdate, TakenUpdate
from repository.outbox import Parcel
from tests.bot.conftest import Chat, run_bot
from tests.bot.shifts import begin, count_shifts, find_receipt
from tests.clock import SteppingClock
from tests.databases import fetch_all


@pytest.fixture
async def alice(chat: Chat) -> Person:
    """Alice in the main menu."""
    person = await chat.employee("Alice", 1001)
    await person.send("/start")
    return person


def list_inbox(database: dict[str, Any]) -> list[tuple[Any, ...]]:
    """State, whether the update is still known, and the reason, in the order of arrival."""
    return fetch_all(database, "SELECT state, payload IS NOT NULL, error FROM inbox ORDER BY arrival_no")


def write_text(update_id: int, text: str, person_id: int = 1001) -> dict[str, Any]:
    """An update as Telegram sends it."""
    sender = {"id": person_id, "is_bot": False, "first_name": "Alice", "language_code": "en"}
    message = {"message_id": update_id, "date": 1, "chat": {"id": person_id, "type": "private"}, "from": sender}
    return {"update_id": update_id, "message": {**message, "text": text}}


# --- once, and in order ----------------------------------------------------------------------------------------------


async def test_what_was_handled_is_remembered_by_its_number_only(
    chat: Chat, alice: Person, database: dict[str, Any]
) -> None:
    await alice.send("/help")
    await alice.settled()
    assert list_inbox(database) == [("done", False, None)] * 2


async def test_an_update_that_comes_again_has_no_effect_at_all(chat: Chat, alice: Person) -> None:
    sent = await alice.send("/ranks")
    await alice.settled()
    shown = len(await alice.screens())
    await chat.emulator.deliver_again(sent.update_id, 3)
    await alice.settled(quiet=0.3)
    assert len(await alice.screens()) == shown


async def test_ids_that_jump_down_are_handled_like_any_other(chat: Chat, alice: Person) -> None:
    await chat.emulator.jump_update_id(17)
    await alice.send("/ranks")
    await alice.settled()
    await chat.emulator.jump_update_id(5)
    await alice.send("/help")
    assert "How this works" in (await alice.screen()).text


async def test_what_lies_below_an_offset_and_was_lost_on_its_way_is_asked_for_again(chat: Chat, alice: Person) -> None:
    await chat.emulator.drop_answers("getUpdates")
    await alice.send("/help")
    await alice.settled()
    await chat.emulator.jump_update_id(1_000)
    await alice.send("/ranks")
    assert "Ranks" in (await alice.screen()).text


async def test_a_batch_in_any_order_with_repeats_is_kept_once_each(service: PostgresService) -> None:
    numbers = [*range(100, 160), *range(7, 40), *range(100, 130)]
    random.Random(5).shuffle(numbers)
    raw = [RawUpdate(number, number % 3 or None, "{}") for number in numbers]
    kept = service.inbox.store(raw)
    assert sorted(one.update_id for one in kept) == sorted(set(numbers))
    assert [one.arrival_no for one in kept] == sorted(one.arrival_no for one in kept)
    assert service.inbox.store(raw) == []


async def test_what_one_person_sent_is_handled_in_order_after_a_restart_too(
    emulator: Emulator, service: PostgresService, clock: SteppingClock, database: dict[str, Any]
) -> None:
    chat = Chat(emulator, service, clock)
    alice = await chat.employee("Alice", 1001)
    async with run_bot(emulator, service):
        await alice.send("/start")
        await alice.settled()
    texts = ["/help", "/ranks", "/history", "/help", "/balance"]
    raw = [write_text(number, text) for number, text in enumerate(texts, 1)]
    service.inbox.store([RawUpdate(one["update_id"], 1001, json.dumps(one)) for one in raw])
    async with run_bot(emulator, service):
        await alice.wait_for("Nothing is owed")
        await alice.settled()
    handled = fetch_all(database, "SELECT update_id FROM inbox WHERE update_id <= 5 ORDER BY done_at")
    assert handled == [(1,), (2,), (3,), (4,), (5,)]
    # Of screens that wait only the newest is sent.
    assert "Nothing is owed" in (await alice.screen()).text


async def test_a_flood_of_one_sender_does_not_starve_others(chat: Chat, alice: Person) -> None:
    flood = [write_text(number, "hello?", 6666) for number in range(1, 2001)]
    raw = [RawUpdate(one["update_id"], 6666, json.dumps(one)) for one in flood]
    await chat.stranger("Mallory", 6666)
    await asyncio.to_thread(chat.service.inbox.store, raw)
    await asyncio.sleep(workers.TICK_SECONDS + 0.2)
    await alice.send("/help", timeout=1.5)
    assert "How this works" in (await alice.screen()).text


async def test_lines_hold_little_and_keep_the_order() -> None:
    lines, table = Lines(longest=3), list(range(10))
    for update_id in table:
        lines.add(7, update_id)
    lines.add(8, 100)
    handled: list[Turn] = []

    async def load(sender: int | None, limit: int) -> list[int]:
        assert sender == 7
        return [update_id for update_id in table if update_id > handled[-1].update_id][:limit]

    while not lines.is_empty:
        handled.append(await lines.take())
        turn = handled[-1] if handled[-1].sender == 7 else handled.pop()
        await lines.finish(turn, load)
    assert [turn.update_id for turn in handled] == table


# --- what cannot be handled ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "broken",
    [
        {"message": "no object"},
        {"message": {"message_id": "x", "chat": 7}},
        {"callback_query": {"id": 5, "from": {"id": "y"}}},
        {"message": {"message_id": 1, "date": 10**30, "chat": {"id": 1, "type": "private"}}},
    ],
)
async def test_an_update_that_cannot_be_read_is_set_aside_and_the_next_is_handled_within_a_second(
    chat: Chat, alice: Person, database: dict[str, Any], broken: dict[str, Any]
) -> None:
    await chat.emulator.inject(broken)
    await alice.send("/help", timeout=1.0)
    await alice.settled()
    assert ("dead", True, "cannot be read") in list_inbox(database)
    assert await chat.emulator.count_calls("getUpdates") < 10


async def test_an_answer_of_which_one_update_is_no_json_does_not_stop_the_polling(
    service: PostgresService, database: dict[str, Any]
) -> None:
    deep = "[" * 5000 + "]" * 5000
    waiting = {5: '{"update_id": 5}', 6: f'{{"update_id": 6, "message": {deep}}}', 7: '{"update_id": 7}'}

    async def answer(request: web.Request) -> web.Response:
        sent, result = await request.post(), '{"id": 4242, "is_bot": true, "first_name": "Bot", "username": "bot"}'
        if request.path.endswith("/getUpdates"):
            for update_id in [one for one in waiting if one < int(str(sent.get("offset", 0)))]:
                del waiting[update_id]
            if not waiting:
                await asyncio.sleep(0.2)
            result = f"[{', '.join(list(waiting.values())[: int(str(sent.get('limit', 100)))])}]"
        if request.path.endswith(("/deleteWebhook", "/setMyCommands")):
            result = "true"
        return web.Response(text=f'{{"ok": true, "result": {result}}}', content_type="application/json")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as telegram, run_bot(Emulator(str(telegram.make_url("")).rstrip("/")), service):
        async with asyncio.timeout(5):
            while waiting:  # noqa: ASYNC110 - until all is confirmed
                await asyncio.sleep(0.05)
    assert fetch_all(database, "SELECT update_id FROM inbox ORDER BY update_id") == [(5,), (6,), (7,)]


@pytest.mark.parametrize("update_id", [-7, 2**63])
async def test_an_id_that_cannot_be_is_passed_over(chat: Chat, alice: Person, update_id: int) -> None:
    await chat.emulator.inject({"update_id": update_id, "message": {"from": {"id": 5}}})
    await alice.send("/help", timeout=2.0)
    await alice.send("/ranks", timeout=3.0)
    assert await chat.emulator.count_calls("getUpdates") < 20


async def test_what_the_bot_has_not_asked_for_is_done_with(chat: Chat, alice: Person, database: dict[str, Any]) -> None:
    await chat.emulator.inject({"message": {"message_id": 1, "date": 1, "chat": {"id": -5, "type": "channel"}}})
    await chat.emulator.inject({"update_id": 3, "some_new_kind": {"id": 1}, "message": None})
    await alice.send("/help")
    await alice.settled()
    assert [row[0] for row in list_inbox(database)].count("done") == 4


async def test_a_bug_is_tried_once_more_then_set_aside_and_a_later_try_goes_well(
    chat: Chat, alice: Person, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    olga = await chat.admin("Olga", 9001)
    calls = []

    def fail(*_: object) -> None:
        calls.append(1)
        raise RuntimeError("a bug with a secret: 1,357.91")

    with monkeypatch.context() as patch:
        patch.setattr(chat.service.statistics, "get_ledger_end", fail)
        await alice.send("/balance")
        assert "Something went wrong on my side" in (await alice.screen()).text
        await olga.wait_for("Something went wrong while I answered somebody")
    assert len(calls) == 2
    (dead,) = chat.service.inbox.list_dead()
    assert (dead.sender, dead.error) == ("Alice", "RuntimeError")
    assert chat.service.inbox.retry_dead(dead.update_id)
    await alice.wait_for("Nothing is owed", timeout=workers.TICK_SECONDS + 3)
    assert chat.service.inbox.count_dead() == 0
    assert not chat.service.inbox.retry_dead(dead.update_id)


async def test_an_admin_sees_what_was_set_aside_and_decides(chat: Chat, alice: Person) -> None:
    olga = await chat.admin("Olga", 9001)
    await olga.send("/admin")
    assert not any("Set aside" in button for button in (await olga.screen()).buttons)
    await chat.emulator.inject({"message": {"from": {"id": 1001}, "chat": "none"}})
    await chat.emulator.inject({"message": {"from": {"id": 5}}})
    await olga.wait_for("Something went wrong while I answered somebody")
    await olga.settled()
    await olga.send("/admin")
    await olga.tap("⚠️ Set aside (2)")
    shown = await olga.screen()
    assert "Alice: cannot be read" in shown.text
    assert "somebody unknown: cannot be read" in shown.text
    drop = shown.data["🗑 Drop 1"]
    assert (await olga.tap("🗑 Drop 1")).text == "Dropped."
    assert "Alice" not in (await olga.screen()).text
    assert (await olga.press(drop, message_id=shown.message_id)).text == "It has changed since. Nothing was done."
    assert (await olga.tap("🔁 Again 1")).text == "I try it again now."
    assert "Nothing is set aside." in (await olga.screen()).text


async def test_what_is_dropped_stays_known(service: PostgresService) -> None:
    raw = [RawUpdate(1, 7, "{}")]
    service.inbox.store(raw)
    with service.transaction():
        assert service.inbox.lock(1) == "{}"
        service.inbox.bury(1, "cannot be read")
    assert service.inbox.drop_dead(1)
    assert not service.inbox.drop_dead(1)
    assert service.inbox.store(raw) == []
    assert service.inbox.lock(1) is None
    assert service.inbox.take(1) is None


async def test_what_is_taken_is_done_with_its_transaction_only(service: PostgresService) -> None:
    service.inbox.store([RawUpdate(1, 7, "{}")])
    with service.rehearsal():
        assert service.inbox.take(1) == TakenUpdate("{}", "1")
    with service.transaction():
        assert service.inbox.take(1) == TakenUpdate("{}", "1")
        assert service.inbox.take(1) is None
    assert service.inbox.list_waiting(0, 10) == []


async def test_a_failing_part_undoes_itself_only(service: PostgresService) -> None:
    with service.transaction():
        service.people.join(1, "Alice", "en")
        with pytest.raises(ForbiddenError), service.savepoint():
            service.people.accept_invite("a code that nobody has", 2, "Boris", "en")
    assert service.people.find_by_telegram(1) is not None
    assert service.people.find_by_telegram(2) is None


async def test_what_an_update_did_is_undone_where_it_does_not_come_to_its_end(
    chat: Chat, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begin(alice)
    note_shown = chat.service.drafts.note_shown

    def fail(telegram_id: int, draft_id: str | None) -> bool:
        note_shown(telegram_id, draft_id)
        raise RuntimeError("a bug")

    with monkeypatch.context() as patch:
        patch.setattr(chat.service.drafts, "note_shown", fail)
        toast = await alice.tap("No sales")
        assert toast.text.startswith("Something went wrong on my side")
    assert count_shifts(chat) == 0
    await alice.tap("No sales")
    assert "is saved" in (await find_receipt(alice)).text
    assert count_shifts(chat) == 1


# --- the database, again and again -----------------------------------------------------------------------------------


async def test_a_unit_that_fails_for_lack_of_the_database_is_run_again_as_a_whole(
    chat: Chat, alice: Person, database: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    boris = await chat.employee("Boris", 1002)
    add, failed = chat.service.outbox.add_to_chat, set[str]()

    def fail_once(chat_id: int, kind: str, payload: Mapping[str, Any], *rest: Any, **more: Any) -> Parcel | None:
        added = add(chat_id, kind, payload, *rest, **more)
        if payload["text"] not in failed:
            failed.add(payload["text"])
            raise UnavailableError(ErrorKey.DATABASE_AWAY, field="database", value="gone", allowed="one that is there")
        return added

    monkeypatch.setattr(chat.service.outbox, "add_to_chat", fail_once)
    await alice.send("/shift", wait=False)
    await alice.send("/help", wait=False)
    await boris.send("/help")
    await alice.wait_for("How this works")
    await alice.settled()
    texts = [screen.text for screen in await alice.screens()]
    # The question goes where another screen comes: it is not there twice.
    assert sum("When did your shift start?" in text for text in texts) <= 1
    assert sum("How this works" in text for text in texts) == 1
    assert fetch_all(database, "SELECT count(*) FROM drafts") == [(1,)]


def test_whose_turn_an_update_takes() -> None:
    assert find_sender({"update_id": 1, "message": {"from": {"id": 7}}}) == 7
    assert find_sender({"update_id": 1, "channel_post": {"chat": {"id": 7}}}) is None
    assert find_sender({"update_id": 1, "message": {"from": {"id": 10**40}}}) is None
