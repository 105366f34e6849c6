"""Updates that come again, under ids that start anew, in another order, with answers to polls lost: the model holds."""

from pathlib import Path
from typing import Any

from playground.chaos import Chaos
from tests.databases import fetch_all
from tests.faults.books import compare
from tests.faults.stage import read_seed, scale, set_up, tell, wait_until

UPDATES = 100_000
AGAIN = 0.3
PEOPLE = 40
HOUR = 3_600.0


async def be_delivered_again(database: dict[str, Any], log: Path, updates: int, *, people: int) -> None:
    """A crowd on a rough road until there were so many different updates, then whatever is to come again comes."""
    seed = read_seed()
    async with set_up(database, log, seed, people=people, strangers=2, patience=10.0, clock_speed=10.0) as stage:
        queue = stage.playground.world.updates
        queue.chaos = Chaos(seed=seed, again=AGAIN, latest=200, jumps=0.01, shuffled=True, lost_polls=0.02)
        await stage.bots.start(stage.order())
        stage.crowd.begin()
        await wait_until(lambda: queue.known_count >= updates, HOUR, stage.crowd.check)
        queue.add_all_again()
        await stage.finish(300)
        found = compare(database, stage.crowd.people)
        ((stored,),) = fetch_all(database, "SELECT count(*) FROM inbox")
        tell(
            "redelivery", seed, updates=queue.known_count, again=queue.chaos.repeated, jumps=queue.chaos.jumped,
            lost_polls=queue.chaos.lost, goals=stage.crowd.count("goals"), stored=stored,
            confirmed=stage.watch.checked, unstored=len(stage.watch.unstored), findings=f"[{found}]",
        )  # fmt: skip
    found.refuse_any()
    assert stage.watch.unstored == []
    assert stored == queue.known_count
    assert queue.chaos.repeated > updates * (AGAIN - 0.05)
    assert queue.chaos.jumped > 0
    assert queue.chaos.lost > 0


async def test_whatever_comes_again_the_effects_equal_the_model(database: dict[str, Any], tmp_path: Path) -> None:
    await be_delivered_again(database, tmp_path / "bot.log", scale(UPDATES), people=PEOPLE)
