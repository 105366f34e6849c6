"""A rough road for updates: delivered again, in another order, under ids that start anew; and answers that get lost."""

from __future__ import annotations

import random
from collections import deque
from collections.abc import Container
from dataclasses import dataclass, field

_NEWEST_RANDOM_ID = 2_000_000_000
_LOW_IDS = 1_000_000


@dataclass(slots=True)
class Chaos:
    """What happens to updates, by shares between 0 and 1; the same seed gives the same road.

    `again`: so many are delivered once more with the same id, up to `latest` updates later. `jumps`: before so many the
    ids start anew at a random number, a lower one as long as there are any. `shuffled`: the batches hold what waits in
    another order, of any size; what one chat sent keeps its order, and an offset confirms only what was in the batch
    that it was worked out from. `lost_polls`: so many batches are handed out, but their answer never arrives.
    """

    seed: int = 1
    again: float = 0.0
    latest: int = 50
    jumps: float = 0.0
    shuffled: bool = False
    lost_polls: float = 0.0
    repeated: int = 0
    jumped: int = 0
    lost: int = 0
    _dice: random.Random = field(init=False)
    _due: deque[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)  # noqa: S311 - a road that can be travelled again, no secret
        self._due = deque([] for _ in range(self.latest + 1))

    def pick_repeats(self, update_id: int) -> list[int]:
        """An update comes in: the ids of former ones that are due to be delivered again right after it."""
        if self._dice.random() < self.again:
            self._due[self._dice.randrange(self.latest + 1)].append(update_id)
        self._due.append([])
        return self._count_repeats(self._due.popleft())

    def pick_all_repeats(self) -> list[int]:
        """The ids of all that is still to be delivered again."""
        due = [update_id for line in self._due for update_id in line]
        for line in self._due:
            line.clear()
        return self._count_repeats(due)

    def _count_repeats(self, ids: list[int]) -> list[int]:
        self.repeated += len(ids)
        return ids

    def pick_next_id(self, next_id: int, used: Container[int]) -> int:
        """The id of the next update: `next_id`, or where ids start anew; never one that was used."""
        if self._dice.random() < self.jumps:
            self.jumped += 1
            next_id = self._dice.randrange(1, next_id if next_id > _LOW_IDS else _NEWEST_RANDOM_ID)
        while next_id in used:
            next_id += 1
        return next_id

    def order(self, chats: list[int]) -> list[int]:
        """Positions of a batch out of what waits, given the chat of each that waits, oldest first."""
        if not self.shuffled or not chats:
            return list(range(len(chats)))
        by_chat: dict[int, deque[int]] = {}
        for position, chat_id in enumerate(chats):
            by_chat.setdefault(chat_id, deque()).append(position)
        mixed = list(chats)
        self._dice.shuffle(mixed)
        return [by_chat[chat_id].popleft() for chat_id in mixed[: self._dice.randrange(1, len(mixed) + 1)]]

    def loses_answer(self) -> bool:
        """Whether the answer to a poll that brought updates gets lost."""
        is_lost = self._dice.random() < self.lost_polls
        self.lost += is_lost
        return is_lost
