"""From a tap to its answer, beside bare aiogram; and how old the newest screen is of people who tap fast."""

import asyncio
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from benchmarks.figures import Figure
from benchmarks.programs import (
    PATIENCE_SECONDS,
    TEAM,
    Program,
    come_to_rest,
    prepare_books,
    prepare_programs,
    wait_for_answer,
)
from benchmarks.timing import Timing
from playground import people
from playground.records import Profile
from playground.world import World
from tests.databases import DatabaseServer, temporary_database
from tests.faults.crowd import FIRST_ID

MOST_TAP = 3.0
MOST_AGE_SECONDS = 2.0
FAST_PEOPLE, FAST_TAPS, FAST_SECONDS = 20, 25, 10.0
WARM_UPS = 2 * TEAM
TURNS = 4
BETWEEN_SECONDS = 0.05
"""Between two taps, of one person after the other: below the pace at which the bot sends at most."""
_MAIN, _RANKS, _HISTORY, _SHIFT = "m:main", "m:ranks", "m:history", "m:shift"


@dataclass(frozen=True, slots=True)
class TapResult:
    """What a tap takes, in ms; `ages` are the seconds from the last tap of each who taps fast to its screen."""

    bot: Timing
    bare: Timing
    ages: Sequence[float]

    @property
    def ratio(self) -> float:
        """How many times as long a tap takes in the bot."""
        return self.bot.median / self.bare.median


def measure_taps(server: DatabaseServer, *, taps: int) -> TapResult:
    """So many taps in each, by turns; then the fast ones."""
    with temporary_database(server) as params:
        prepare_books(params)
        return asyncio.run(_measure(params, taps))


def list_tap_figures(result: TapResult) -> Iterator[Figure]:
    """What must hold of taps."""
    yield Figure(
        "a tap to its answer", f"{result.ratio:.2f} × bare aiogram", f"{MOST_TAP:g} ×", result.ratio <= MOST_TAP
    )
    age = max(result.ages)
    what = f"age of the newest screen, {FAST_PEOPLE} people tapping {FAST_TAPS} times in {FAST_SECONDS:g} s"
    yield Figure(what, f"{age:.2f} s", f"{MOST_AGE_SECONDS:g} s", age <= MOST_AGE_SECONDS)


async def _measure(params: Mapping[str, Any], taps: int) -> TapResult:
    async with prepare_programs(params) as (bot, bare):
        for program in (bot, bare):
            for number in range(TEAM):
                program.world.add_person(Profile(FIRST_ID + number, f"Worker {number}"))
        taken: Mapping[int, list[float]] = {id(bot): [], id(bare): []}
        async with bot.run() as process, bare.run() as other:
            await come_to_rest(bot.world, process.pid)
            await come_to_rest(bare.world, other.pid)
            for program in (bot, bare):
                await asyncio.gather(*(_open(program.world, FIRST_ID + number) for number in range(TEAM)))
                await _tap_often(program, WARM_UPS)
            for _ in range(TURNS):
                for program in (bot, bare):
                    taken[id(program)].extend(await _tap_often(program, taps // TURNS))
            bot.world.limits.per_chat = 1
            fast = (_tap_fast(bot.world, FIRST_ID + number) for number in range(FAST_PEOPLE))
            return TapResult(_sum_up(taken[id(bot)]), _sum_up(taken[id(bare)]), await asyncio.gather(*fast))


async def _open(world: World, person_id: int) -> None:
    seq = world.events.last_seq
    people.send_text(world, person_id, "/start")
    await wait_for_answer(world, person_id, seq)


async def _tap_often(program: Program, taps: int) -> list[float]:
    """The seconds of so many taps, each by the next of the team: to the ranks and back."""
    taken = []
    for person_id in islice(cycle(range(FIRST_ID, FIRST_ID + TEAM)), taps):
        offered, seq = _list_data(program.world, person_id), program.world.events.last_seq
        began = time.perf_counter()
        people.press_data(program.world, person_id, _choose(offered))
        await _wait_for_buttons(program.world, person_id, seq, old=offered)
        taken.append(time.perf_counter() - began)
        await asyncio.sleep(BETWEEN_SECONDS)
    return taken


def _choose(offered: Sequence[str]) -> str:
    return next((data for data in (_RANKS, _MAIN) if data in offered), offered[0])


def _list_data(world: World, person_id: int) -> list[str]:
    """What the buttons of the newest message say that has any."""
    for message in reversed(world.chats[person_id].messages.values()):
        if found := [str(button["callback_data"]) for button in message.list_buttons() if "callback_data" in button]:
            return found
    return []


async def _wait_for_buttons(world: World, person_id: int, seq: int, *, old: Sequence[str]) -> None:
    """Until the newest message has other buttons."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while _list_data(world, person_id) == old:
            seq = (await world.events.wait_after(seq, person_id, PATIENCE_SECONDS))[-1].seq


async def _tap_fast(world: World, person_id: int) -> float:
    """Tap on what is there, the menu last; the seconds from then until the menu is there."""
    message_id = max(world.chats[person_id].messages)
    for data in islice(cycle((_RANKS, _HISTORY)), FAST_TAPS - 1):
        people.press_data(world, person_id, data, message_id)
        await asyncio.sleep(FAST_SECONDS / FAST_TAPS)
    seq, began = world.events.last_seq, time.perf_counter()
    people.press_data(world, person_id, _MAIN, message_id)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while _SHIFT not in _list_data(world, person_id):
            seq = (await world.events.wait_after(seq, person_id, PATIENCE_SECONDS))[-1].seq
    return time.perf_counter() - began


def _sum_up(taken: Sequence[float]) -> Timing:
    times = [1000 * seconds for seconds in taken]
    return Timing(statistics.median(times), statistics.quantiles(times, n=20)[-1], len(times))
