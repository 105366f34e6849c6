"""The one hop from the event loop to the synchronous service."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from typing import Concatenate, ParamSpec, TypeVar

from postgres_service import PostgresService

P = ParamSpec("P")
T = TypeVar("T")


class Caller:
    """Runs use cases in a thread: `await call(use_case, person, …)` passes the service first.

    In the thread of a unit of work each use case is a part of that, and undone alone where it raises.
    """

    def __init__(self, service: PostgresService, thread: Executor | None = None) -> None:
        """`thread` is the unit's; without one each use case is a transaction of its own, in any thread."""
        self._service = service
        self._thread = thread

    async def __call__(
        self, use_case: Callable[Concatenate[PostgresService, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The result of one use case. Raises its domain errors."""
        run = partial(self._run, use_case, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._thread, run)

    def _run(self, use_case: Callable[Concatenate[PostgresService, P], T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        with self._service.savepoint():
            return use_case(self._service, *args, **kwargs)
