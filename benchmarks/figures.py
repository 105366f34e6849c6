"""What must hold, and whether it does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.cases import Case, Contestant, Kind
from benchmarks.crowd import CrowdResult
from benchmarks.migration import MigrationResult
from benchmarks.timing import Key, Timing

READ_LIMIT = 3.0
CREATE_LIMIT = 2.0
GROWTH_LIMIT = 1.5
ALL_SHIFTS_SIZE = 20_000
ALL_SHIFTS_SECONDS = 0.5
CREATIONS_A_SECOND = 500
MIGRATED_A_SECOND = 10_000
_US_PER_SECOND = 1_000_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that must hold: what, how it came out, and what is allowed."""

    what: str
    found: str
    allowed: str
    is_met: bool


def list_figures(
    cases: Sequence[Case], timings: Mapping[Key, Timing], sizes: Sequence[int], crowds: Sequence[CrowdResult]
) -> list[Figure]:
    """All figures that can be judged by what was measured."""
    figures: list[Figure] = []
    for case in cases:
        figures += _compare_with_floor(case, timings, sizes)
        figures += _judge_growth(case, timings, sizes)
    for crowd in crowds:
        figures += _judge_crowd(crowd)
    return figures


def judge_migration(result: MigrationResult) -> Figure:
    """How fast records of a spreadsheet become rows."""
    rate = result.loaded_per_second
    what = f"{result.shifts:,} shifts migrated, reading aside"
    found, allowed = f"{rate:,.0f} a second", f"{MIGRATED_A_SECOND:,} a second"
    return Figure(what, found, allowed, rate >= MIGRATED_A_SECOND)


def compute_ratio(timings: Mapping[Key, Timing], label: str, size: int, other: Contestant) -> float:
    """The service's median by another's."""
    return timings[label, size, Contestant.SERVICE].median / timings[label, size, other].median


def _compare_with_floor(case: Case, timings: Mapping[Key, Timing], sizes: Sequence[int]) -> Iterator[Figure]:
    limit = {Kind.ONE_RECORD: READ_LIMIT, Kind.CREATION: CREATE_LIMIT}.get(case.kind)
    if limit is None:
        return
    for size in sizes:
        ratio = compute_ratio(timings, case.label, size, Contestant.FLOOR)
        yield Figure(f"{case.label} at {size:,}", f"{ratio:.2f} × its floor", f"{limit:g} ×", ratio <= limit)


def _judge_growth(case: Case, timings: Mapping[Key, Timing], sizes: Sequence[int]) -> Iterator[Figure]:
    medians = {size: timings[case.label, size, Contestant.SERVICE].median for size in sizes}
    smallest, largest = min(sizes), max(sizes)
    if case.kind is Kind.ALL_SHIFTS:
        yield from _judge_all_shifts(case, medians)
    elif smallest < largest:
        growth = medians[largest] / medians[smallest]
        what = f"{case.label} at {largest:,}"
        yield Figure(what, f"{growth:.2f} × that at {smallest:,}", f"{GROWTH_LIMIT:g} ×", growth <= GROWTH_LIMIT)


def _judge_all_shifts(case: Case, medians: Mapping[int, float]) -> Iterator[Figure]:
    base = medians.get(ALL_SHIFTS_SIZE)
    if base is None:
        return
    if case.ours is None:
        seconds = base / _US_PER_SECOND
        allowed = f"{ALL_SHIFTS_SECONDS:g} s"
        yield Figure(f"{case.label} at {ALL_SHIFTS_SIZE:,}", f"{seconds:.3f} s", allowed, seconds < ALL_SHIFTS_SECONDS)
    for size, median in medians.items():
        if size > ALL_SHIFTS_SIZE:
            growth = (median / size) / (base / ALL_SHIFTS_SIZE)
            found = f"{growth:.2f} × as long a shift as at {ALL_SHIFTS_SIZE:,}"
            yield Figure(f"{case.label} at {size:,}", found, f"{GROWTH_LIMIT:g} ×", growth <= GROWTH_LIMIT)


def _judge_crowd(crowd: CrowdResult) -> Iterator[Figure]:
    what = f"{crowd.threads} threads create shifts"
    found = "; ".join(crowd.faults) or f"no error, each of {crowd.bonuses:,} bonuses used once"
    yield Figure(what, found, "no error, each bonus used once", not crowd.faults)
    rate = crowd.per_second
    yield Figure(what, f"{rate:,.0f} a second", f"{CREATIONS_A_SECOND} a second", rate >= CREATIONS_A_SECOND)
