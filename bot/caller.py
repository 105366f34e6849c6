"""The one door from the handlers to the service: use cases run in the thread and the transaction of their update."""

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from postgres_service import PostgresService

P = ParamSpec("P")
T = TypeVar("T")


class Caller:
    """Runs use cases: `await call(use_case, person, …)` passes the service first.

    Each is a part of the transaction that its thread is in, and undone alone where it raises.
    """

    def __init__(self, service: PostgresService, *, is_careful: bool) -> None:
        """`is_careful`: whether one that fails in PostgreSQL is undone alone also where it only reads."""
        self._service = service
        self._is_careful = is_careful

    async def __call__(
        self, use_case: Callable[Concatenate[PostgresService, P], T], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """The result of one use case. Raises its domain errors, UnitUndoneError."""
        with self._service.savepoint(is_careful=self._is_careful):
            return use_case(self._service, *args, **kwargs)
