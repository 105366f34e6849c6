"""The one hop from the event loop to the synchronous service."""

import asyncio
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from postgres_service import PostgresService

P = ParamSpec("P")
T = TypeVar("T")


class Caller:
    """Runs use cases in a thread: `await call(use_case, person, …)` passes the service first."""

    def __init__(self, service: PostgresService) -> None:
        self._service = service

    async def __call__(
        self, use_case: Callable[Concatenate[PostgresService, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The result of one use case. Raises its domain errors."""
        return await asyncio.to_thread(use_case, self._service, *args, **kwargs)
