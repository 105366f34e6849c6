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

from bot.delivery.lines import Lines
from bot.delivery.outage import Outage
from bot.delivery.parcels import Outgoing, address, end_question
from bot.delivery.patience import Patience
from bot.delivery.presenter import Presenter
from bot.delivery.reading import parse, read_update
from bot.delivery.sender import Sender
from bot.delivery.unit import UnitOfWork
from bot.policies import find_private_user
from bot.screen import Answer, Screen, Toast
from bot.views.errors import render_failure
from bot.words import DEFAULT_LANGUAGE, load_words
from payroll.errors import UnavailableError
from postgres_service import PostgresService

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
        threads = [ThreadPoolExecutor(1, thread_name_prefix=f"worker-{number}") for number in range(WORKERS)]
        tasks = [asyncio.create_task(self._work(number, thread)) for number, thread in enumerate(threads)]
        watching = asyncio.create_task(self._watch_table())
        try:
            ended, _ = await asyncio.wait([*tasks, watching], return_when=asyncio.FIRST_COMPLETED)
            for task in ended:
                task.result()
        finally:
            watching.cancel()
            await self._finish(tasks)
            for thread in threads:
                thread.shutdown(wait=False)

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

    async def _work(self, number: int, thread: ThreadPoolExecutor) -> None:
        loop = asyncio.get_running_loop()
        while not self._is_stopping:
            turn = await self._lines.take()
            self._busy.add(number)
            wait = await self._handle(turn.update_id, thread)
            if wait is None:
                self._troubles.pop(turn.update_id, None)
                self._patience.end(turn.update_id)
                await self._lines.finish(turn, self._load_more)
            else:
                loop.call_later(wait, self._lines.wait_again, turn)
            self._busy.discard(number)

    async def _load_more(self, sender: int | None, limit: int) -> list[int]:
        found = await self._patiently(partial(self._service.inbox.list_waiting_of, sender, limit))
        return [one.update_id for one in found]

    async def _handle(self, update_id: int, thread: ThreadPoolExecutor) -> float | None:
        """None where it is over, well or not; otherwise after how many seconds to try again."""
        try:
            reason = await self._try(update_id, thread) and await self._try(update_id, thread)
            if reason is not None:
                await self._set_aside(update_id, reason, thread)
        except UnavailableError as error:
            return self._put_off(update_id, error)
        return None

    async def _try(self, update_id: int, thread: ThreadPoolExecutor) -> str | None:
        """Why it went wrong, None where it went well. Raises UnavailableError."""
        try:
            await self._handle_once(update_id, thread)
        except UnavailableError as error:
            if not self._is_stuck(update_id, error):
                raise
            return "too slow"
        except Exception as error:  # noqa: BLE001 - one update that fails must not hold up the others
            _log.exception("update %s could not be handled", update_id)
            return type(error).__name__
        return None

    async def _handle_once(self, update_id: int, thread: ThreadPoolExecutor) -> None:
        async with UnitOfWork(self._service, thread) as unit:
            locked = await unit.begin(partial(self._service.inbox.lock, update_id))
            if locked is None:
                self._answer_former_tap(update_id)
                return
            update = self._read(update_id, locked.payload)
            if update is None:
                await unit.commit(partial(self._bury, update_id, "cannot be read"))
                self._sender.wake()
                return
            event, answer = _find_event(update), None
            if event is not None:
                told = {"call": unit.call, "timeline": locked.timeline}
                answer = _take_answer(await self._dispatcher.feed_update(self._bot, update, **told))
            parcels = address(event, answer) if event is not None else []
            await unit.commit(partial(self._keep, update_id, event, answer, parcels))
        self._show(event, answer)

    async def _set_aside(self, update_id: int, reason: str, thread: ThreadPoolExecutor) -> None:
        """Put an update among the dead; who sent it hears that something went wrong, and so do the admins."""
        async with UnitOfWork(self._service, thread) as unit:
            locked = await unit.begin(partial(self._service.inbox.lock, update_id))
            if locked is None:
                return
            update = self._read(update_id, locked.payload)
            event = _find_event(update) if update is not None else None
            answer = _apologize(event) if event is not None else None
            parcels = address(event, answer) if event is not None else []
            await unit.commit(partial(self._bury, update_id, reason, parcels))
        self._show(event, answer)

    def _read(self, update_id: int, payload: str) -> Update | None:
        try:
            update = read_update(parse(payload), self._bot)
        except (ValueError, RecursionError) as error:
            # Without the error's text, which would recite what somebody wrote.
            problems = error.error_count() if isinstance(error, ValidationError) else 1
            _log.error("update %s cannot be read: %d problems", update_id, problems)
            return None
        self._troubles.setdefault(update_id, _Trouble()).update = update
        self._patience.begin(update)
        return update

    def _show(self, event: CallbackQuery | Message | None, answer: Answer | None) -> None:
        """What was committed can be seen: the tap is answered at once, the outbox is looked at."""
        if isinstance(event, CallbackQuery):
            self._answer(event, answer)
        self._sender.wake()

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

    # --- in the thread of the unit -----------------------------------------------------------------------------------

    def _keep(
        self,
        update_id: int,
        event: CallbackQuery | Message | None,
        answer: Answer | None,
        parcels: Sequence[Outgoing],
    ) -> None:
        user = find_private_user(event) if event is not None else None
        if user is not None and isinstance(answer, Screen):
            ends_question = self._service.drafts.note_shown(user.id, answer.draft_id)
            parcels = [end_question(one) for one in parcels] if ends_question else parcels
        self._post(parcels)
        self._service.inbox.finish(update_id)

    def _bury(self, update_id: int, reason: str, parcels: Sequence[Outgoing] = ()) -> None:
        self._post(parcels)
        self._service.outbox.add_alarm("failure", {})
        self._service.inbox.bury(update_id, reason)

    def _post(self, parcels: Sequence[Outgoing]) -> None:
        for one in parcels:
            photo = None if self._is_sparing() else one.photo
            self._service.outbox.add_to_chat(
                one.chat_id, one.kind, one.payload, one.file or photo, overtakes=one.overtakes
            )

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
