"""Taking the time: contestants and sizes in turns, so that whatever drifts on the machine hits all alike."""

import gc
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from benchmarks.cases import Call, Case, Contestant, Kind
from benchmarks.plain import call_connecting
from benchmarks.stage import Stage

ROUNDS = 6
# Calls that do not count: before everything, until both sides have their plans made and kept; and at the beginning of
# each turn, until the processor has forgotten the one before.
WARM_UPS = 8
TURN_WARM_UPS = 10
_FEWEST_CALLS = 3


@dataclass(frozen=True, slots=True)
class Timing:
    """What the calls took, in µs."""

    median: float
    p95: float
    calls: int


Key: TypeAlias = tuple[str, int, Contestant]
"""A case by its label, the number of shifts, and who."""


@dataclass(frozen=True, slots=True)
class _Runner:
    """A contestant on a stage, with one case."""

    case: Case
    stage: Stage
    contestant: Contestant
    run: Callable[[Call], object]

    @property
    def key(self) -> Key:
        return (self.case.label, self.stage.size, self.contestant)

    def take_times(self, count: int, *, warm_ups: int) -> list[int]:
        """The time of each call in ns; making the call ready and letting go of its answer are outside of it."""
        gc.collect()
        taken = []
        for _ in range(warm_ups + count):
            # One by one: a bonus that is granted for a later call would be used up by this one.
            call = self.case.make(self.stage, self.contestant)
            begun = time.perf_counter_ns()
            answer = self.run(call)
            taken.append(time.perf_counter_ns() - begun)
            del answer
        return taken[warm_ups:]


def measure(case: Case, stages: Sequence[Stage], *, share: float) -> Mapping[Key, Timing]:
    """Everybody's times of one case on all stages. `share` of the usual number of calls are made."""
    runners = [runner for stage in stages for runner in _list_runners(case, stage)]
    # A call that takes long is as long the first time.
    is_long = case.kind is Kind.ALL_SHIFTS
    for runner in runners:
        runner.take_times(0, warm_ups=1 if is_long else WARM_UPS)
    taken: dict[Key, list[int]] = defaultdict(list)
    for round_ in range(ROUNDS):
        first = round_ % len(runners)
        for runner in runners[first:] + runners[:first]:
            total = max(_FEWEST_CALLS, round(share * case.count_calls(runner.contestant, runner.stage.size)))
            due = total * (round_ + 1) // ROUNDS - total * round_ // ROUNDS
            if due:
                taken[runner.key] += runner.take_times(due, warm_ups=0 if is_long else TURN_WARM_UPS)
    return {key: _summarise(times) for key, times in taken.items()}


def _list_runners(case: Case, stage: Stage) -> Iterator[_Runner]:
    def call_connecting_anew(call: Call) -> object:
        return call_connecting(stage.params, lambda plain: case.call_plainly(plain, call))

    yield _Runner(case, stage, Contestant.SERVICE, partial(case.call_service, stage))
    yield _Runner(case, stage, Contestant.FLOOR, partial(case.call_plainly, stage.held))
    yield _Runner(case, stage, Contestant.CONNECTING, call_connecting_anew)


def _summarise(taken: Sequence[int]) -> Timing:
    ordered = sorted(taken)
    p95 = ordered[min(len(ordered) - 1, len(ordered) * 95 // 100)]
    return Timing(median=statistics.median(ordered) / 1000, p95=p95 / 1000, calls=len(ordered))
