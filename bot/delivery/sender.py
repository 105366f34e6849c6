"""Sends what waits in the outbox: in order in each chat, several chats at once, as fast as Telegram takes it (FAULTS).

One message of a chat is on its way at a time, and the next is looked for when it has arrived, so that the table alone
knows what is to be sent. A message that was sent but not yet marked when the process ended is sent again: texts say
what is, never what to add.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from aiogram.exceptions import (
    ClientDecodeError,
    TelegramEntityTooLarge,
    TelegramMigrateToChat,
    TelegramRetryAfter,
)

from bot.delivery.pace import Pace
from bot.delivery.parcels import unwrap
from bot.delivery.presenter import Presenter, Shown
from bot.delivery.reach import Reach
from bot.delivery.refusals import NOT_HEARD, NOT_OURS, SEND_ERRORS, SendError, find_unreachable
from bot.keyboards.deciding import list_prefixes
from bot.logs import describe
from bot.paging import fit
from bot.screen import Screen
from bot.seals import stamp
from bot.views import notices
from bot.words import DEFAULT_LANGUAGE, Html, load_words
from payroll.errors import UnavailableError
from postgres_service import PostgresService
from repository.outbox import LETTER, SCREEN, Parcel

T = TypeVar("T")

TICK_SECONDS = 3.0
"""How often the table is looked at unasked: for what another process has written."""
GATHER_SECONDS = 0.01
"""What comes within such a moment is looked for at once. What is next in its chat does not wait for that."""
LOOKED_AT = 200
MOST_SCREENS = 30
MOST_NOTICES = 5
"""How many chats are sent to at once. Few for notices, so that nobody who taps waits behind them."""
LONGEST_WAIT_SECONDS = 8.0
GENERAL_WITHIN_SECONDS = 1.0
"""Told by two chats so shortly after each other to wait, it is meant for all."""
MOST_UNREADABLE = 3
FINISH_SECONDS = 3.0
_NOWHERE = 0
_log = logging.getLogger(__name__)


class Sender:
    """Waits to be woken when something was committed, and looks on its own every few seconds."""

    def __init__(self, service: PostgresService, presenter: Presenter, pace: Pace, reach: Reach) -> None:
        self._service = service
        self._reach = reach
        self._presenter = presenter
        self._pace = pace
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="sender")
        self._woken = asyncio.Event()
        self._lanes: dict[int, asyncio.Task[None]] = {}
        self._notice_lanes: set[int] = set()
        self._resting: dict[int, float] = {}
        self._pacing: dict[int, float] = {}
        self._failures: dict[int, int] = {}
        self._told_to_wait: tuple[int, float] = (_NOWHERE, 0.0)
        self._all_rest_until = 0.0
        self._end: SendError | None = None
        self._is_at_work = False

    def wake(self) -> None:
        """There may be something to send."""
        self._woken.set()

    def send_next(self, parcel: Parcel) -> None:
        """Send the next message of its chat, which was just committed, without looking for it.

        Where it cannot be now it is found in the table in its turn.
        """
        is_at_work = self._is_at_work and self._reach.back.is_set() and time.monotonic() >= self._all_rest_until
        if is_at_work and len(self._lanes) - len(self._notice_lanes) < MOST_SCREENS:
            self._start(parcel)

    async def run(self) -> None:
        """Send until cancelled; what is on its way then has a few seconds to arrive.

        Raises TelegramUnauthorizedError, TelegramNotFound where the token is (or has become) none.
        """
        self._is_at_work = True
        try:
            while self._end is None:
                await self._reach.back.wait()
                await asyncio.sleep(GATHER_SECONDS)
                self._woken.clear()
                wait = await self._look()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._woken.wait()
            raise self._end
        finally:
            await self._finish()

    async def _finish(self) -> None:
        self._is_at_work = False
        tasks = list(self._lanes.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=FINISH_SECONDS)
            for task in late:
                task.cancel()
        self._thread.shutdown(wait=False)

    # --- what is next ------------------------------------------------------------------------------------------------

    async def _look(self) -> float:
        """Send what may be sent now; after how many seconds to look again."""
        now = time.monotonic()
        if now < self._all_rest_until:
            return self._all_rest_until - now
        if len(self._lanes) - len(self._notice_lanes) >= MOST_SCREENS:
            return TICK_SECONDS
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        self._pacing = {chat: until for chat, until in self._pacing.items() if until > now}
        shut, paced = [*self._lanes, *self._resting], list(self._pacing)
        find = partial(self._service.outbox.list_next, shut=shut, paced=paced, limit=LOOKED_AT)
        try:
            parcels, is_all = await self._ask(find)
        except UnavailableError as error:
            _log.warning("messages wait: %s", error)
            return 1.0
        started = [self._start(parcel) for parcel in sorted(parcels, key=lambda one: one.is_notice)]
        if any(started) and not is_all:
            # One chat's many must not hide what waits for others: those that are sent to now are left out next time.
            self.wake()
        return min([TICK_SECONDS, *(until - now for until in (*self._resting.values(), *self._pacing.values()))])

    def _start(self, parcel: Parcel) -> bool:
        """Begin to send a message; False where it has to wait for others."""
        chat = parcel.chat_id or _NOWHERE
        if chat in self._lanes or self._resting.get(chat, 0.0) > time.monotonic():
            return False
        if parcel.is_notice and len(self._notice_lanes) >= MOST_NOTICES:
            return False
        if parcel.is_notice:
            self._notice_lanes.add(chat)
        self._lanes[chat] = asyncio.create_task(self._send(chat, parcel))
        return True

    def _rest(self, chat: int, seconds: float) -> None:
        """Nothing for this chat for so long."""
        self._resting[chat] = max(self._resting.get(chat, 0.0), time.monotonic() + seconds)

    # --- one message -------------------------------------------------------------------------------------------------

    async def _send(self, chat: int, parcel: Parcel) -> None:
        try:
            await self._deliver(chat, parcel)
        except TelegramRetryAfter as error:
            await self._wait_as_told(chat, parcel, error.retry_after)
        except NOT_OURS as error:
            self._end = error
        except TelegramMigrateToChat as error:
            await self._note(partial(self._service.outbox.move_chat, chat, error.migrate_to_chat_id))
        except TelegramEntityTooLarge as error:
            await self._give_up(chat, parcel, error)
        except NOT_HEARD as error:
            await self._try_later(chat, parcel, error)
        except SEND_ERRORS as error:
            await self._give_up(chat, parcel, error)
        except UnavailableError as error:
            _log.warning("a message waits: %s", error)
            self._rest(chat, 1.0)
        except Exception as error:  # noqa: BLE001 - what comes later must still be sent
            _log.exception("message %s cannot be sent", parcel.outbox_id)
            await self._note(partial(self._service.outbox.mark_failed, parcel.outbox_id, type(error).__name__))
        finally:
            del self._lanes[chat]
            self._notice_lanes.discard(chat)
            self.wake()

    async def _deliver(self, chat: int, parcel: Parcel) -> None:
        outbox = self._service.outbox
        if parcel.chat_id is None:
            _log.warning("notice %s cannot arrive: no Telegram account", parcel.outbox_id)
            await self._note(partial(outbox.mark_failed, parcel.outbox_id, "no Telegram account"))
            return
        shown = Shown()
        if parcel.kind == SCREEN:
            screen, tapped = unwrap(parcel.payload, parcel.attached)
            shown = await self._presenter.show(chat, _stamp(screen, parcel), tapped, parcel.live_id)
        elif parcel.kind == LETTER:
            await self._presenter.send(chat, Screen(Html(parcel.payload["text"])))
        else:
            notice = await self._render(parcel)
            if notice is None:
                await self._note(partial(outbox.mark_failed, parcel.outbox_id, "no words"))
                return
            await self._presenter.send(chat, _stamp(notice, parcel))
        if self._pace.chat_seconds is not None:
            self._pacing[chat] = time.monotonic() + self._pace.chat_seconds
            self._rest(chat, self._pace.note_sent(chat))
        self._failures.pop(chat, None)
        marks = {"chat_id": chat, "live_id": shown.live_id, "record_id": shown.record_id}
        await asyncio.gather(self._tidy(chat, shown), self._note(partial(outbox.mark_sent, parcel.outbox_id, **marks)))

    async def _tidy(self, chat: int, shown: Shown) -> None:
        try:
            await self._presenter.tidy(chat, shown)
        except TelegramRetryAfter as error:
            self._rest(chat, error.retry_after)

    async def _render(self, parcel: Parcel) -> Screen | None:
        """A notice as a message, None where nobody has words for it."""
        payload, ranks = await self._ask(partial(self._gather_facts, parcel))
        words = load_words((parcel.language or DEFAULT_LANGUAGE).partition("-")[0])
        try:
            notice = notices.render_notice(words, parcel.kind, payload, ranks)
        except (LookupError, ValueError):
            _log.exception("notice %s has no words", parcel.outbox_id)
            return None
        return fit(words, notice)

    def _gather_facts(self, parcel: Parcel) -> tuple[Mapping[str, Any], notices.RankNames]:
        """What a notice says, and the ranks by id.

        With `employee_id` it gets that person's name, with `statement_of` (a day) their statement as it is now.
        """
        payload = dict(parcel.payload)
        if "employee_id" in payload:
            payload["employee_name"] = self._service.people.get(payload["employee_id"]).name
        if "statement_of" in payload:
            day = date.fromisoformat(payload["statement_of"])
            payload["statement"] = self._service.statements.get(payload["employee_id"], day)
            payload["zone"] = self._service.rules.zone
        return payload, self._service.statistics.get_rank_names()

    # --- what did not arrive -----------------------------------------------------------------------------------------

    async def _wait_as_told(self, chat: int, parcel: Parcel, seconds: int) -> None:
        """Wait as long as Telegram says; all chats where a second one is told at the same time."""
        _log.info("told to wait %d s", seconds)
        self._pace.note_refused(chat)
        former, at = self._told_to_wait
        now = time.monotonic()
        if former not in (_NOWHERE, chat) and now - at < GENERAL_WITHIN_SECONDS:
            self._all_rest_until = max(self._all_rest_until, now + seconds)
        self._told_to_wait = (chat, now)
        await self._note(partial(self._service.outbox.postpone, parcel.outbox_id, seconds))
        self._rest(chat, seconds)

    async def _try_later(self, chat: int, parcel: Parcel, error: SendError) -> None:
        """Once more when Telegram is back; where it is not away, a little later each time."""
        if await self._reach.is_away():
            return
        tries = self._failures[chat] = self._failures.get(chat, 0) + 1
        if isinstance(error, ClientDecodeError) and tries >= MOST_UNREADABLE:
            # It may well have arrived each time: no chat is flooded because an answer cannot be read.
            await self._give_up(chat, parcel, error)
            return
        wait = min(0.25 * 2.0**tries, LONGEST_WAIT_SECONDS)
        _log.info("Telegram did not answer (%s), once more in %.1f s", type(error).__name__, wait)
        self._rest(chat, wait)

    async def _give_up(self, chat: int, parcel: Parcel, error: SendError) -> None:
        _log.warning("message %s cannot arrive: %s", parcel.outbox_id, error)
        reason = find_unreachable(error)

        def note() -> None:
            with self._service.transaction():
                self._service.outbox.mark_failed(parcel.outbox_id, describe(error))
                if reason is not None:
                    self._service.outbox.mark_unreachable(chat, reason)

        self._failures.pop(chat, None)
        await self._note(note)

    # --- the database ------------------------------------------------------------------------------------------------

    async def _ask(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def _note(self, work: Callable[[], None]) -> None:
        """Write down what came of a message; however long the database is away, its chat waits for that."""
        wait = 0.1
        while True:
            try:
                return await self._ask(work)
            except UnavailableError as error:
                _log.warning("what came of a message is not noted yet: %s", error)
            await asyncio.sleep(wait)
            wait = min(2 * wait, LONGEST_WAIT_SECONDS)


def _stamp(screen: Screen, parcel: Parcel) -> Screen:
    """A message whose buttons that decide say on which timeline it was sent."""
    if screen.keyboard is None:
        return screen
    return replace(screen, keyboard=stamp(screen.keyboard, list_prefixes(), parcel.timeline))
