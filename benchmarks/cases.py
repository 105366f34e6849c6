"""What a measured method is: the call, its floor, and what it is held to."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from benchmarks.plain import Params, Plain
from benchmarks.stage import Stage
from postgres_service import PostgresService

READ_CALLS = 600
WRITE_CALLS = 300
_MOST_CALLS, _FEWEST_CALLS, _RECORDS_IN_ALL = 40, 5, 200_000


class Contestant(StrEnum):
    """Who is measured."""

    SERVICE = "service"
    FLOOR = "floor"
    CONNECTING = "connect per call"


class Kind(StrEnum):
    """What a method is held to."""

    ONE_RECORD = "reads one record"
    CREATION = "records a shift"
    ALL_SHIFTS = "reads all shifts"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was made ready: the arguments of the service's method, and the parameters of the floor."""

    ours: tuple[Any, ...]
    floor: Params


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the table.

    `make` makes a call ready for one of the contestants, outside the time taken. `ours` is the call of the service: the
    method that the label begins with, unless something else is said. So is `floor`, the statement of that name.
    """

    label: str
    make: Callable[[Stage, Contestant], Call]
    floor: Callable[[Plain, Params], object] | None = None
    ours: Callable[[PostgresService, Call], object] | None = None
    kind: Kind = Kind.OTHER
    calls: int = READ_CALLS
    settles_ranks: bool = True

    @property
    def method(self) -> str:
        """The method of the service that is measured."""
        return self.label.partition(",")[0]

    def call_service(self, stage: Stage, call: Call) -> object:
        """The call of the service."""
        service = stage.settling if self.settles_ranks else stage.bare
        if self.ours is not None:
            return self.ours(service, call)
        return getattr(service, self.method)(*call.ours)

    def call_plainly(self, plain: Plain, call: Call) -> object:
        """The call of the floor."""
        if self.floor is not None:
            return self.floor(plain, call.floor)
        return plain.fetch(self.method, call.floor)

    def count_calls(self, contestant: Contestant, size: int) -> int:
        """How often a contestant is called: enough for a median, less often where a call takes long."""
        if self.kind is Kind.ALL_SHIFTS:
            return max(_FEWEST_CALLS, min(_MOST_CALLS, _RECORDS_IN_ALL // size))
        return self.calls // 4 if contestant is Contestant.CONNECTING else self.calls
