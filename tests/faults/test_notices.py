"""Notices under Telegram's limits, one a second in a chat and thirty in all: none refused, none lost, all in order."""

import asyncio
import random
import re
from pathlib import Path
from typing import Any

from postgres_service import PostgresService
from tests.faults.stage import Stage, read_seed, set_up, tell, wait_until

NOTICES = 500
PEOPLE = 50
_NUMBER = re.compile(r"shift (\d+)")


async def test_500_notices_keep_the_limits_and_their_order(database: dict[str, Any], tmp_path: Path) -> None:
    await be_told(database, tmp_path / "bot.log", NOTICES, people=PEOPLE)


async def be_told(database: dict[str, Any], log: Path, notices: int, *, people: int) -> None:
    """So many notices for so many people wait when the bot starts, and some more come while it sends."""
    seed = read_seed()
    async with set_up(database, log, seed, people=people) as stage:
        world = stage.playground.world
        for person in stage.crowd.people:
            world.chats[person.id].is_started = True
        world.limits.per_chat, world.limits.overall = 1, 30
        receivers = [person.id for person in stage.crowd.people] * (notices // people)
        random.Random(seed).shuffle(receivers)
        later = receivers[: notices // 5]
        expected = await asyncio.to_thread(leave_notices, database, receivers[len(later) :], first=1)
        await stage.bots.start(stage.order(is_paced=True))
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.sleep(1)
        more = await asyncio.to_thread(leave_notices, database, later, first=notices)
        for receiver, numbers in more.items():
            expected.setdefault(receiver, []).extend(numbers)
        await wait_until(lambda: count_told(stage) >= notices, 20 + 3 * notices / 25)
        took = loop.time() - began
        await stage.bots.stop()
    told = read_told(stage)
    out_of_order = [receiver for receiver, numbers in told.items() if numbers != sorted(numbers)]
    tell(
        "notices", seed, notices=notices, people=people, took_s=f"{took:.1f}", refused=world.limits.refused,
        out_of_order=len(out_of_order), lost=notices - sum(map(len, told.values())),
    )  # fmt: skip
    assert told == expected
    assert world.limits.refused == 0
    assert took < 2 * notices / 25 + 10


def leave_notices(database: dict[str, Any], receivers: list[int], *, first: int) -> dict[int, list[int]]:
    """A numbered notice for each receiver, in this order; the numbers by receiver."""
    left: dict[int, list[int]] = {}
    with PostgresService(**database) as service:
        for number, receiver in enumerate(receivers, first):
            facts = {"employee_name": "Worker", "shift_id": number, "hours": "13.00"}
            service.outbox.add(receiver, "long_shift", facts)
            left.setdefault(receiver, []).append(number)
    return left


def count_told(stage: Stage) -> int:
    return sum(map(len, read_told(stage).values()))


def read_told(stage: Stage) -> dict[int, list[int]]:
    """The numbers of the notices in each chat, in the order in which they stand there."""
    return {
        chat_id: numbers
        for chat_id, chat in stage.playground.world.chats.items()
        if (numbers := [int(m[1]) for one in chat.messages.values() if (m := _NUMBER.search(one.content.text))])
    }
