"""Long polling, and what goes wrong with it: two pollers, updates that come again, lost answers, undecodable ones."""

from __future__ import annotations

import asyncio
import time

import pytest
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramConflictError, TelegramNetworkError
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import ClientSession

from playground.client import Emulator, Person

MENU = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Tap", callback_data="draft:1")]])


async def test_a_poll_ends_at_once_when_something_comes(bot: Bot, alice: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    started = time.monotonic()
    sent = await alice.send("hello", wait=False)
    (update,) = await poll
    assert time.monotonic() - started < 2
    assert update.update_id == sent.update_id
    assert update.message is not None
    assert update.message.text == "hello"


async def test_an_offset_confirms_what_lies_below_it(bot: Bot, emulator: Emulator, alice: Person) -> None:
    first, second = await alice.send("one", wait=False), await alice.send("two", wait=False)
    assert [update.update_id for update in await bot.get_updates(limit=1)] == [first.update_id]
    assert len(await bot.get_updates()) == 2
    assert not await emulator.is_confirmed(first.update_id)

    assert [update.update_id for update in await bot.get_updates(offset=second.update_id)] == [second.update_id]
    assert await emulator.is_confirmed(first.update_id)
    assert not await emulator.is_confirmed(second.update_id)


async def test_unwanted_types_are_not_delivered(bot: Bot, alice: Person) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    await alice.send("/start", wait=False)
    await bot.send_message(alice.id, "menu", reply_markup=MENU)
    await alice.tap("Tap", wait=False)
    (update,) = await bot.get_updates()
    assert update.callback_query is not None
    assert update.callback_query.data == "draft:1"


async def test_the_second_poller_ends_the_first(bot: Bot, alice: Person) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(bot.get_updates(timeout=20))
    with pytest.raises(
        TelegramConflictError,
        match="Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    ):
        await first
    await alice.send("hello", wait=False)
    assert len(await second) == 1


async def test_a_webhook_shuts_polling_off(bot: Bot) -> None:
    await bot.set_webhook("https://example.org/hook")
    assert (await bot.get_webhook_info()).url == "https://example.org/hook"
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook()
    assert await bot.get_updates() == []


async def test_pending_updates_can_be_dropped(bot: Bot, alice: Person) -> None:
    await alice.send("old", wait=False)
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == []
    for text in ("old", "newer", "newest"):
        await alice.send(text, wait=False)
    (update,) = await bot.get_updates(offset=-1)
    assert update.message is not None
    assert update.message.text == "newest"


async def test_an_update_is_delivered_again_with_its_id(bot: Bot, emulator: Emulator, alice: Person) -> None:
    sent = await alice.send("once", wait=False)
    (update,) = await bot.get_updates()
    assert await bot.get_updates(offset=update.update_id + 1) == []

    await emulator.deliver_again(sent.update_id, times=2)
    again = await bot.get_updates(offset=update.update_id + 1)
    assert [each.update_id for each in again] == [sent.update_id, sent.update_id]
    assert again[0] == update
    assert await bot.get_updates(offset=update.update_id + 1) == []


async def test_ids_can_start_anew_below_the_offset(bot: Bot, emulator: Emulator, alice: Person) -> None:
    before = await alice.send("before", wait=False)
    offset = (await bot.get_updates())[-1].update_id + 1
    await emulator.jump_update_id(77)
    after = await alice.send("after", wait=False)
    assert (after.update_id, after.update_id < before.update_id) == (77, True)
    assert [update.update_id for update in await bot.get_updates(offset=offset)] == [77]
    assert await bot.get_updates(offset=offset) == []


async def test_an_undecodable_update_is_delivered_as_it_is(bot: Bot, emulator: Emulator) -> None:
    update_id = await emulator.inject({"message": {"message_id": "not a number", "new_in_2031": {"x": 1}}})
    with pytest.raises(ClientDecodeError):
        await bot.get_updates()
    async with ClientSession() as session, session.get(f"{emulator.api_url}/bot{emulator.token}/getUpdates") as answer:
        (raw,) = (await answer.json())["result"]
    assert raw == {"update_id": update_id, "message": {"message_id": "not a number", "new_in_2031": {"x": 1}}}


async def test_a_dropped_answer_leaves_the_call_applied(bot: Bot, emulator: Emulator, alice: Person) -> None:
    await alice.send("/start", wait=False)
    await emulator.drop_answers("sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(alice.id, "delivered all the same")
    assert (await alice.screen()).text == "delivered all the same"
    assert (await bot.send_message(alice.id, "next")).message_id == 3


async def test_an_answer_to_a_poll_that_was_lost_comes_again(bot: Bot, emulator: Emulator, alice: Person) -> None:
    await alice.send("hello", wait=False)
    await emulator.drop_answers("getUpdates")
    with pytest.raises(TelegramNetworkError):
        await bot.get_updates()
    assert len(await bot.get_updates()) == 1


async def test_a_slow_call_is_applied_late(bot: Bot, emulator: Emulator, alice: Person) -> None:
    await alice.send("/start", wait=False)
    await emulator.delay("sendMessage", 0.2)
    sending = asyncio.create_task(bot.send_message(alice.id, "late"))
    await asyncio.sleep(0.05)
    assert await alice.screens() == []
    await sending
    assert (await alice.screen()).text == "late"


async def test_a_button_can_be_tapped_many_times_at_once(bot: Bot, emulator: Emulator, alice: Person) -> None:
    await alice.send("/start", wait=False)
    sent = await bot.send_message(alice.id, "menu", reply_markup=MENU)
    await alice.press_many("draft:1", sent.message_id, times=50)
    updates = await bot.get_updates()
    queries = [update.callback_query for update in updates if update.callback_query]
    assert len({query.id for query in queries}) == 50
    assert len({update.update_id for update in updates}) == 51
    assert {query.data for query in queries} == {"draft:1"}


async def test_made_up_presses_and_those_on_messages_that_are_gone_arrive(bot: Bot, alice: Person) -> None:
    await alice.send("/start", wait=False)
    sent = await bot.send_message(alice.id, "menu", reply_markup=MENU)
    await alice.press("somebody else's", message_id=sent.message_id, wait=False)
    await bot.delete_message(alice.id, sent.message_id)
    await alice.press("draft:1", message_id=sent.message_id, wait=False)

    _, made_up, gone = [update.callback_query for update in await bot.get_updates()]
    assert made_up is not None
    assert made_up.data == "somebody else's"
    assert gone is not None
    assert gone.message is not None
    assert (gone.message.message_id, gone.message.date) == (sent.message_id, 0)
