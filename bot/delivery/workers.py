"""Handles what is in the inbox: in order for each person, several people at once, each update in one transaction.

"Seen", "done" and "what to send" are committed together or not at all, so an update has its effect once however often
it is delivered and wherever the process ends (FAULTS "Telegram"). What fails for lack of the database is tried again
until it goes well; what fails for another reason once more, and is then set aside for the admins.
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from aiogram import Bot, Dispatcher
from aiogram.types import CallbackQuery, Message, Update
from pydantic import ValidationError

from bot.caller import Caller
from bot.delivery.drawer import Drawer
from bot.delivery.lines import Lines
from bot.delivery.outage import Outage
from bot.delivery.parcels import Outgoing, address, end_question
from bot.delivery.patience import Patience
from bot.delivery.presenter import Presenter
from bot.delivery.reading import parse, read_update
from bot.delivery.sender import Sender
from bot.policies import find_private_user
from bot.screen import Answer, Screen, Toast
from bot.views.errors import render_failure
from bot.words import DEFAULT_LANGUAGE, load_words
from payroll.errors import UnavailableError, UnitUndoneError
from postgres_service import PostgresService
from repository.outbox import Parcel

T = TypeVar("T")

WORKERS = 6
TICK_SECONDS = 2.0
"""How often the table is looked at when nothing waits here: for what an admin has had tried again."""
PAGE = 1000
LONGEST_WAIT_SECONDS = 5.0
TRIES_BEFORE_TOLD = 3
"""A deadlock is gone at the next try, an outage is not."""
MOST_TIMEOUTS = 10
FINISH_SECONDS = 5.0
_TIMEOUTS = ("57014", "55P03")
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Trouble:
    """An update that could not be handled yet. `update`: as far as it could be read."""

    tries: int = 0
    timeouts: int = 0
    update: Update | None = None


@dataclass(frozen=True, slots=True)
class _Done:
    """What came of an update. `next_ones` are the messages that may be sent at once."""

    event: CallbackQuery | Message | None
    answer: Answer | None
    next_ones: Sequence[Parcel]


class _Worker:
    """A thread, and its event loop: handlers are coroutines, though all that they wait for is done in the thread."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.thread = ThreadPoolExecutor(1, thread_name_prefix=f"worker-{number}")
        self.runner = asyncio.Runner()

    def close(self) -> None:
        """Let it end what it does, and take nothing more."""
        self.thread.submit(self.runner.close)
        self.thread.shutdown(wait=False)


class _UnreadableError(Exception):
    """An update is none that can be handled."""


class Workers:
    """So many updates at once, of different people."""

    def __init__(
        self,
        bot: Bot,
        dispatcher: Dispatcher,
        service: PostgresService,
        lines: Lines,
        presenter: Presenter,
        sender: Sender,
        drawer: Drawer,
        outage: Outage,
        patience: Patience,
        *,
        is_sparing: Callable[[], bool] = lambda: False,
    ) -> None:
        """`is_sparing`: whether there is no room for pictures at the moment (FAULTS "Disk full")."""
        self._bot = bot
        self._dispatcher = dispatcher
        self._service = service
        self._lines = lines
        self._presenter = presenter
        self._sender = sender
        self._drawer = drawer
        self._outage = outage
        self._patience = patience
        self._is_sparing = is_sparing
        self._troubles: dict[int, _Trouble] = {}
        self._busy: set[int] = set()
        self._toasts: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    async def load(self) -> None:
        """Take up what waits in the table; as long as the database is away, wait for it."""
        after = 0
        while True:
            found = await self._patiently(partial(self._service.inbox.list_waiting, after, PAGE))
            for one in found:
                self._lines.add(one.sender_id, one.update_id)
            if len(found) < PAGE:
                return
            after = found[-1].arrival_no

    async def run(self) -> None:
        """Handle until cancelled; what is being handled then has a few seconds to come to its end."""
        team = [_Worker(number) for number in range(WORKERS)]
        tasks = [asyncio.create_task(self._work(worker)) for worker in team]
        watching = asyncio.create_task(self._watch_table())
        try:
            ended, _ = await asyncio.wait([*tasks, watching], return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            watching.cancel()
            await self._finish(tasks)
            for worker in team:
                worker.close()

    async def _finish(self, tasks: Sequence[asyncio.Task[None]]) -> None:
        self._is_stopping = True
        for number, task in enumerate(tasks):
            if number not in self._busy:
                task.cancel()
        _, late = await asyncio.wait([*tasks, *self._toasts], timeout=FINISH_SECONDS)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    async def _watch_table(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            if self._lines.is_empty:
                await self.load()

    # --- one update --------------------------------------------------------------------------------------------------

    async def _work(self, worker: _Worker) -> None:
        loop = asyncio.get_running_loop()
        while not self._is_stopping:
            turn = await self._lines.take()
            self._busy.add(worker.number)
            wait = await self._handle(turn.update_id, worker)
            if wait is None:
                self._troubles.pop(turn.update_id, None)
                self._patience.end(turn.update_id)
                await self._lines.finish(turn, self._load_more)
            else:
                loop.call_later(wait, self._lines.wait_again, turn)
            self._busy.discard(worker.number)

    async def _load_more(self, sender: int | None, limit: int) -> list[int]:
        found = await self._patiently(partial(self._service.inbox.list_waiting_of, sender, limit))
        return [one.update_id for one in found]

    async def _handle(self, update_id: int, worker: _Worker) -> float | None:
        """None where it is over, well or not; otherwise after how many seconds to try again."""
        try:
            reason = await self._try(update_id, worker)
            if reason is not None:
                reason = await self._try(update_id, worker, is_careful=True)
            if reason is not None:
                await self._set_aside(update_id, reason, worker)
        except UnavailableError as error:
            return self._put_off(update_id, error)
        return None

    async def _try(self, update_id: int, worker: _Worker, *, is_careful: bool = False) -> str | None:
        """Why it went wrong, None where it went well. Raises UnavailableError."""
        try:
            await self._handle_once(update_id, worker, is_careful=is_careful)
        except UnavailableError as error:
            if not self._is_stuck(update_id, error):
                raise
            return "too slow"
        except _UnreadableError:
            return "cannot be read"
        except UnitUndoneError as error:
            _log.info("update %s is handled once more, with care: %s", update_id, type(error.__cause__).__name__)
            return "undone"
        except Exception as error:  # noqa: BLE001 - one update that fails must not hold up the others
            _log.exception("update %s could not be handled", update_id)
            return type(error).__name__
        return None

    async def _handle_once(self, update_id: int, worker: _Worker, *, is_careful: bool) -> None:
        loop = asyncio.get_running_loop()
        work = partial(self._run_unit, loop, worker.runner, update_id, is_careful=is_careful)
        self._show(update_id, await loop.run_in_executor(worker.thread, work))

    async def _set_aside(self, update_id: int, reason: str, worker: _Worker) -> None:
        """Put an update among the dead; who sent it hears that something went wrong, and so do the admins."""
        loop = asyncio.get_running_loop()
        work = partial(self._bury, loop, update_id, reason)
        self._show(update_id, await loop.run_in_executor(worker.thread, work))

    def _show(self, update_id: int, done: _Done | None) -> None:
        """What was committed can be seen: what is next is sent, the tap is answered, the outbox is looked at."""
        if done is None:
            self._answer_former_tap(update_id)
            return
        for one in done.next_ones:
            self._sender.send_next(one)
        if isinstance(done.event, CallbackQuery):
            self._answer(done.event, done.answer)
        self._sender.wake()
        if isinstance(done.answer, Screen) and done.answer.drawing is not None:
            self._drawer.wake()

    def _note_begun(self, update: Update) -> None:
        self._troubles.setdefault(update.update_id, _Trouble()).update = update
        self._patience.begin(update)

    def _answer(self, query: CallbackQuery, answer: Answer | None) -> None:
        task = asyncio.create_task(self._presenter.answer_tap(query, answer))
        self._toasts.add(task)
        task.add_done_callback(self._toasts.discard)

    async def _patiently(self, work: Callable[[], T]) -> T:
        while True:
            try:
                return await asyncio.to_thread(work)
            except UnavailableError as error:
                _log.warning("the inbox cannot be read: %s", error)
            await asyncio.sleep(1.0)

    # --- in the thread of a worker -----------------------------------------------------------------------------------

    def _run_unit(
        self, loop: asyncio.AbstractEventLoop, runner: asyncio.Runner, update_id: int, *, is_careful: bool
    ) -> _Done | None:
        """Handle an update in one transaction; None where it is done, or somebody else is at it."""
        with self._service.transaction():
            taken = self._service.inbox.take(update_id)
            if taken is None:
                return None
            update = self._read(loop, update_id, taken.payload)
            if update is None:
                raise _UnreadableError
            event, answer = _find_event(update), None
            if event is not None:
                call = Caller(self._service, is_careful=is_careful)
                feeding = self._dispatcher.feed_update(self._bot, update, call=call, timeline=taken.timeline)
                answer = _take_answer(runner.run(feeding))
            return _Done(event, answer, self._keep(event, answer))

    def _keep(self, event: CallbackQuery | Message | None, answer: Answer | None) -> list[Parcel]:
        """The messages that may be sent as soon as this is committed."""
        parcels = address(event, answer) if event is not None else []
        user = find_private_user(event) if event is not None else None
        if user is not None and isinstance(answer, Screen):
            ends_question = self._service.drafts.note_shown(user.id, answer.draft_id)
            parcels = [end_question(one) for one in parcels] if ends_question else parcels
        return self._post(parcels)

    def _bury(self, loop: asyncio.AbstractEventLoop, update_id: int, reason: str) -> _Done | None:
        with self._service.transaction():
            payload = self._service.inbox.lock(update_id)
            if payload is None:
                return None
            update = self._read(loop, update_id, payload)
            event = _find_event(update) if update is not None else None
            answer = _apologize(event) if event is not None else None
            next_ones = self._post(address(event, answer) if event is not None else [])
            self._service.outbox.add_alarm("failure", {})
            self._service.inbox.bury(update_id, reason)
            return _Done(event, answer, next_ones)

    def _read(self, loop: asyncio.AbstractEventLoop, update_id: int, payload: str) -> Update | None:
        try:
            update = read_update(parse(payload), self._bot)
        except (ValueError, RecursionError) as error:
            # Without the error's text, which would recite what somebody wrote.
            problems = error.error_count() if isinstance(error, ValidationError) else 1
            _log.error("update %s cannot be read: %d problems", update_id, problems)
            return None
        loop.call_soon_threadsafe(self._note_begun, update)
        return update

    def _post(self, parcels: Sequence[Outgoing]) -> list[Parcel]:
        add = self._service.outbox.add_to_chat
        photos = [None if self._is_sparing() else one.photo for one in parcels]
        added = [
            add(one.chat_id, one.kind, one.payload, one.file or photo, overtakes=one.overtakes)
            for one, photo in zip(parcels, photos, strict=True)
        ]
        return [one for one in added if one is not None]

    # --- trouble -----------------------------------------------------------------------------------------------------

    def _put_off(self, update_id: int, error: UnavailableError) -> float:
        trouble = self._troubles.setdefault(update_id, _Trouble())
        trouble.tries += 1
        wait = min(0.05 * 2.0**trouble.tries, LONGEST_WAIT_SECONDS)
        _log.warning("update %s waits for another try: %s", update_id, error)
        # Of a row that is locked they know by then that it takes a moment.
        if trouble.tries >= TRIES_BEFORE_TOLD and trouble.update is not None and not _is_timeout(error):
            self._outage.tell([trouble.update], error)
        return wait

    def _is_stuck(self, update_id: int, error: UnavailableError) -> bool:
        """Whether it is this update that is too slow, again and again, rather than the database that is away."""
        trouble = self._troubles.setdefault(update_id, _Trouble())
        if _is_timeout(error):
            trouble.timeouts += 1
        return trouble.timeouts >= MOST_TIMEOUTS

    def _answer_former_tap(self, update_id: int) -> None:
        """Its transaction was committed, but the answer was lost: the words of the toast are gone with it."""
        trouble = self._troubles.get(update_id)
        if trouble is not None and trouble.update is not None and trouble.update.callback_query is not None:
            self._answer(trouble.update.callback_query, None)
            self._sender.wake()
            self._drawer.wake()


def _is_timeout(error: UnavailableError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in _TIMEOUTS


def _find_event(update: Update) -> CallbackQuery | Message | None:
    """What of an update is handled, None for what the bot has not asked for."""
    return update.callback_query or update.message or update.edited_message


def _take_answer(answer: object) -> Answer | None:
    """What a handler returned; None where none was found."""
    return answer if isinstance(answer, Screen | Toast) else None


def _apologize(event: CallbackQuery | Message) -> Answer | None:
    user = find_private_user(event)
    if user is None:
        return None
    return render_failure(load_words((user.language_code or DEFAULT_LANGUAGE).partition("-")[0]), event)
