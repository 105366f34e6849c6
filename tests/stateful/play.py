"""Runs the machine for so many runs of so many steps, the same ones every time, and says what happened in them."""

from collections import Counter
from dataclasses import dataclass

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.stateful.machine import Company
from tests.stateful.stage import Stage


@dataclass(frozen=True)
class Profile:
    """How long to play."""

    runs: int
    steps: int


def play(stage: Stage, profile: Profile) -> Counter[str]:
    """Play; the counts of what happened. Raises where service and model part, with the steps that lead there."""

    class Played(Company):
        pass

    Played.stage, Played.counts = stage, Counter()
    run_state_machine_as_test(
        Played,
        settings=settings(
            max_examples=profile.runs,
            stateful_step_count=profile.steps + 1,  # opening for business is one
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    for what, number in sorted(Played.counts.items()):
        print(f"{number:8} {what}")
    return Played.counts
