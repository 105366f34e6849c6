"""A unit of work across several hops: one transaction in one thread, for a connection is bound to its thread."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from types import TracebackType
from typing import Self, TypeVar

from bot.caller import Caller
from postgres_service import PostgresService

T = TypeVar("T")


class UnitOfWork:
    """All of it or nothing: what was not committed when the block ends is undone.

    async with UnitOfWork(service, thread) as unit:
        locked = await unit.begin(partial(service.inbox.lock, update_id))
        person = await unit.call(people.find_person, telegram_id)
        await unit.commit(partial(service.inbox.finish, update_id))

    `thread` has one worker and runs one unit at a time.
    """

    def __init__(self, service: PostgresService, thread: ThreadPoolExecutor) -> None:
        self._service = service
        self._thread = thread
        self._transaction = ExitStack()
        self._is_open = False
        self.call = Caller(service, thread)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._is_open:
            # Runs to its end also where this task is cancelled meanwhile: the thread is free again only then.
            await asyncio.shield(self._hop(self._undo))

    async def begin(self, first: Callable[[], T]) -> T:
        """Begin the transaction with its first statement. Raises UnavailableError."""
        self._is_open = True
        return await self._hop(partial(self._begin, first))

    async def commit(self, last: Callable[[], None]) -> None:
        """The last statements and the end. Raises UnavailableError, also where it is not known whether it was done."""
        await self._hop(partial(self._commit, last))
        self._is_open = False

    def _hop(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        return asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _begin(self, first: Callable[[], T]) -> T:
        with ExitStack() as stack:
            stack.enter_context(self._service.transaction())
            found = first()
            self._transaction = stack.pop_all()
        return found

    def _commit(self, last: Callable[[], None]) -> None:
        with self._transaction.pop_all():
            last()

    def _undo(self) -> None:
        undone = _UndoneError()
        try:
            self._transaction.__exit__(_UndoneError, undone, None)
        except _UndoneError:
            return


class _UndoneError(Exception):
    """Tells the transaction that it is not to be kept."""
