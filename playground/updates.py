"""The queue of updates and getUpdates' long polling."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass

from playground.chaos import Chaos
from playground.errors import BAD_GATEWAY, OTHER_POLLER, ApiError, Refusal
from playground.records import Json

_LONGEST_POLL = 50
_LARGEST_BATCH = 100


@dataclass(slots=True, eq=False)
class _Entry:
    update_id: int
    chat_id: int
    payload: Json
    deliveries: int = 0
    batch: int = 0
    is_confirmed: bool = False

    def as_json(self) -> Json:
        return {"update_id": self.update_id, "deliveries": self.deliveries, "is_confirmed": self.is_confirmed}


class UpdateQueue:
    """Updates wait here until the bot confirms them with a higher offset. Used on one event loop.

    An offset forgets only what was handed out before: an update that is put in again, or that has a small id after
    the ids jumped, is still delivered once.
    """

    def __init__(self, on_confirmed: Callable[[int, int], None], first_id: int) -> None:
        self._on_confirmed = on_confirmed
        self._queue: list[_Entry] = []
        self._latest: dict[int, _Entry] = {}
        self._allowed: Collection[str] = ()
        self._poller: asyncio.Future[None] | None = None
        self._is_closed = False
        self._batches = 0
        self.next_id = first_id
        self.chaos = Chaos()
        self.longest_poll: float = _LONGEST_POLL
        """A poll waits at most so many seconds, whatever it asks for."""
        self.on_confirming: Callable[[list[int]], None] | None = None
        """Told the ids that an offset is about to confirm: whoever wants to know whether they are stored by now."""

    @property
    def pending_count(self) -> int:
        """Updates that are not confirmed."""
        return len(self._queue)

    @property
    def known_count(self) -> int:
        """Different updates so far."""
        return len(self._latest)

    @property
    def allowed(self) -> list[str]:
        """The types asked for with the newest call that named any; empty for all."""
        return list(self._allowed)

    def take_id(self) -> int:
        """The next update_id, used up by this."""
        update_id = self.chaos.pick_next_id(self.next_id, self._latest)
        self.next_id = update_id + 1
        return update_id

    def add(self, chat_id: int, payload: Json) -> int:
        """Queue an update; without an `update_id` of its own it gets the next one. Returns the id."""
        update_id = payload.get("update_id")
        if not isinstance(update_id, int):
            update_id = self.take_id()
            payload = {"update_id": update_id, **payload}
        self._put(_Entry(update_id, chat_id, payload))
        for former_id in self.chaos.pick_repeats(update_id):
            self.add_again(former_id)
        return update_id

    def add_again(self, update_id: int) -> bool:
        """Deliver a former update once more, with the same id; False where there was none."""
        entry = self._latest.get(update_id)
        if entry is not None:
            self._put(_Entry(entry.update_id, entry.chat_id, entry.payload))
        return entry is not None

    def add_all_again(self) -> int:
        """Deliver now what the chaos still has to deliver again; how many."""
        return sum(self.add_again(update_id) for update_id in self.chaos.pick_all_repeats())

    def find_state(self, update_id: int) -> Json | None:
        """How often the newest copy of an update was handed out and whether it is confirmed."""
        entry = self._latest.get(update_id)
        return entry.as_json() if entry else None

    def has_unconfirmed(self, chat_id: int) -> bool:
        """Whether an update of this person still waits for the bot."""
        return any(entry.chat_id == chat_id for entry in self._queue)

    def set_allowed(self, types: Collection[str]) -> None:
        """Which types of update are wanted from now on; empty for all."""
        self._allowed = types

    def clear(self) -> None:
        """Forget everything that waits."""
        self._queue.clear()

    def interrupt(self, refusal: Refusal = BAD_GATEWAY) -> None:
        """Let the open poll fail, as when the server goes away."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(ApiError(refusal))

    def close(self) -> None:
        """Answer the open poll and every later one at once."""
        self._is_closed = True
        self._wake()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """getUpdates: confirm what lies below `offset`, then give the next updates, waiting for the first one.

        Raises:
            ApiError: 409 when another poll comes while this one waits.
        """
        self.interrupt(OTHER_POLLER)
        self._confirm(offset)
        poller = self._poller = asyncio.get_running_loop().create_future()
        if not self._queue and not self._is_closed and seconds > 0:
            await asyncio.wait((poller,), timeout=min(seconds, self.longest_poll))
        if poller.done():
            poller.result()
        poller.cancel()
        return self._hand_out(min(max(limit, 1), _LARGEST_BATCH))

    def _put(self, entry: _Entry) -> None:
        kinds = set(entry.payload) - {"update_id"}
        if self._allowed and kinds and not kinds & set(self._allowed):
            return
        self._queue.append(entry)
        self._latest[entry.update_id] = entry
        self._wake()

    def _wake(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            confirmed = self._queue[:offset]
        else:
            confirmed = [entry for entry in self._queue if entry.deliveries and entry.update_id < offset]
        if self.chaos.shuffled:
            # Nothing that is in no batch the offset was worked out from: in order there is none such below it.
            batches = {entry.batch for entry in confirmed if entry.update_id == offset - 1}
            confirmed = [entry for entry in confirmed if entry.batch in batches]
        if confirmed and self.on_confirming is not None:
            self.on_confirming([entry.update_id for entry in confirmed])
        for entry in confirmed:
            entry.is_confirmed = True
            self._on_confirmed(entry.chat_id, entry.update_id)
        self._queue = [entry for entry in self._queue if not entry.is_confirmed]

    def _hand_out(self, limit: int) -> list[Json]:
        batch = [
            self._queue[position] for position in self.chaos.order([entry.chat_id for entry in self._queue])[:limit]
        ]
        self._batches += 1
        for entry in batch:
            entry.deliveries += 1
            entry.batch = self._batches
        return [entry.payload for entry in batch]
