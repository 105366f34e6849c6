"""Kills at named points: which to choose, and how often each was hit."""

import random
from collections import Counter
from dataclasses import dataclass, field

from tests.faults.bots import Death
from tests.faults.stage import Stage

SCOUT = "(any)"
"""No point has this name: the bot runs until its patience is over and dies at the next point, whichever it is."""
RARE = 0.3
"""So many kills are aimed at points that few bots pass."""


@dataclass(slots=True)
class Toll:
    """The kills so far, by the point at which they happened, and how often each point was passed by a bot."""

    dice: random.Random
    killed: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    ended_otherwise: int = 0

    def choose(self) -> str:
        """The point for the next kill: one that was hit least, most of the time among those often passed."""
        if len(self.seen) < 10:
            return SCOUT
        often = [point for point, count in self.seen.items() if count * 8 > self.total]
        among = list(self.seen) if self.dice.random() < RARE or not often else often
        least = min(self.killed[point] for point in among)
        return self.dice.choice(sorted(point for point in among if self.killed[point] == least))

    def note(self, death: Death) -> None:
        """A bot has ended."""
        self.seen.update(death.seen)
        if death.point:
            self.killed[death.point] += 1
        else:
            self.ended_otherwise += 1

    @property
    def total(self) -> int:
        """How many bots were killed."""
        return self.killed.total()


async def kill_bots(stage: Stage, kills: int, *, patience: float = 0.5) -> Toll:
    """Start bots and kill each at a named point, while the crowd goes on."""
    toll = Toll(random.Random(stage.seed))
    while toll.total < kills:
        order = stage.order(
            target=toll.choose(),
            nth=toll.dice.choice([1, 1, 2, 3]),
            patience=patience,
            seed=toll.dice.randrange(1 << 30),
        )
        toll.note(await stage.bots.run(order))
        assert toll.ended_otherwise <= 3, f"bots end by themselves: see {stage.log}"
        stage.crowd.check()
    return toll
