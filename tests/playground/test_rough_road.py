"""What torture tests ask of the emulator: a rough road for updates, Telegram away, and a look at each confirmation."""

from __future__ import annotations

import asyncio
import itertools

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from playground.chaos import Chaos
from playground.client import Emulator, EmulatorError, Person, run_emulator
from tests.playground.conftest import make_bot


async def fetch_all(bot: Bot) -> list[tuple[int, int]]:
    """(update id, sender) of everything that is delivered, confirmed batch by batch."""
    taken: list[tuple[int, int]] = []
    offset = None
    while updates := await bot.get_updates(offset=offset):
        for update in updates:
            assert update.message is not None
            taken.append((update.update_id, update.message.chat.id))
        offset = max(update.update_id for update in updates) + 1
    return taken


async def write_texts(people: list[Person], times: int) -> dict[int, list[int]]:
    """Everybody writes in turn; the ids of their updates by person."""
    sent: dict[int, list[int]] = {person.id: [] for person in people}
    for number in range(times):
        for person in people:
            sent[person.id].append((await person.send(str(number), wait=False)).update_id)
    return sent


async def test_a_share_of_the_updates_comes_again_with_the_same_id(bot: Bot, emulator: Emulator, alice: Person) -> None:
    await emulator.rough_road(seed=7, again=0.3, latest=5)
    sent = await write_texts([alice], 100)
    rest = await emulator.deliver_rest_again()
    delivered = [update_id for update_id, _ in await fetch_all(bot)]
    assert set(delivered) == set(sent[alice.id])
    assert 115 < len(delivered) < 145
    assert rest < 10
    assert max(delivered.count(update_id) for update_id in sent[alice.id]) == 2


def test_the_same_seed_gives_the_same_road() -> None:
    def travel(seed: int) -> list[object]:
        road = Chaos(seed=seed, again=0.5, jumps=0.5, shuffled=True, lost_polls=0.5)
        return [
            (road.pick_repeats(n), road.pick_next_id(n, ()), road.order([1, 2, 3]), road.loses_answer())
            for n in range(50)
        ]

    assert travel(3) == travel(3)
    assert travel(3) != travel(4)


async def test_ids_start_anew_at_lower_numbers_and_none_is_used_twice(
    bot: Bot, emulator: Emulator, alice: Person
) -> None:
    await emulator.rough_road(seed=1, jumps=0.1)
    sent = (await write_texts([alice], 200))[alice.id]
    assert len(set(sent)) == 200
    assert sum(later < earlier for earlier, later in itertools.pairwise(sent)) >= 5
    assert {update_id for update_id, _ in await fetch_all(bot)} == set(sent)


async def test_batches_come_in_another_order_but_nobody_is_overtaken_by_themselves(
    bot: Bot, emulator: Emulator, alice: Person
) -> None:
    boris = await emulator.add_person(1002, "Boris")
    await emulator.rough_road(seed=5, shuffled=True)
    sent = await write_texts([alice, boris], 30)
    batches = [await bot.get_updates() for _ in range(20)]
    assert len({len(batch) for batch in batches}) > 3
    orders = [[update.update_id for update in batch] for batch in batches]
    assert any(order != sorted(order) for order in orders)
    for batch in batches:
        for person in (alice, boris):
            own = [u.update_id for u in batch if u.message is not None and u.message.chat.id == person.id]
            assert own == sent[person.id][: len(own)]


async def test_answers_to_polls_get_lost_and_what_they_brought_comes_again(
    bot: Bot, emulator: Emulator, alice: Person
) -> None:
    await emulator.rough_road(seed=2, lost_polls=0.5)
    sent = (await write_texts([alice], 5))[alice.id]
    lost = 0
    for _ in range(30):
        try:
            assert [update.update_id for update in await bot.get_updates()] == sent
        except TelegramNetworkError:
            lost += 1
    assert 5 < lost < 25


async def test_each_confirmation_can_be_looked_at_before_it_counts() -> None:
    confirmed: list[list[int]] = []
    with run_emulator(on_confirming=confirmed.append) as emulator:
        async with make_bot(emulator) as bot:
            alice = await emulator.add_person(1001, "Alice")
            sent = (await write_texts([alice], 3))[alice.id]
            await bot.get_updates()
            assert confirmed == []
            await bot.get_updates(offset=sent[1] + 1)
            await bot.get_updates(offset=sent[2] + 1)
    assert confirmed == [sent[:2], sent[2:]]


async def test_telegram_is_away_in_one_of_four_ways(bot: Bot, emulator: Emulator, alice: Person) -> None:
    await alice.send("/start", wait=False)
    await emulator.go_away("5xx")
    with pytest.raises(TelegramServerError, match="Bad Gateway"):
        await bot.get_updates()
    await emulator.go_away("closed")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(alice.id, "lost")
    await emulator.go_away("hanging")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(alice.id, "lost", request_timeout=1)
    await emulator.go_away("page")
    with pytest.raises(UnicodeDecodeError):
        await bot.send_message(alice.id, "lost")
    await emulator.come_back()
    await bot.send_message(alice.id, "back")
    assert [screen.text for screen in await alice.screens()] == ["back"]
    assert len(await bot.get_updates()) == 1
    with pytest.raises(EmulatorError, match="kind: asleep"):
        await emulator.go_away("asleep")


async def test_an_open_poll_fails_when_telegram_goes_away(bot: Bot, emulator: Emulator) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=20))
    await asyncio.sleep(0.1)
    await emulator.go_away("5xx")
    with pytest.raises(TelegramServerError):
        await poll


async def test_what_the_limits_refuse_is_counted(bot: Bot, emulator: Emulator, alice: Person) -> None:
    await alice.send("/start", wait=False)
    await emulator.limit()
    await bot.send_message(alice.id, "one")
    for _ in range(3):
        with pytest.raises(TelegramRetryAfter):
            await bot.send_message(alice.id, "too soon")
    assert await emulator.count_refused_by_limits() == 3
