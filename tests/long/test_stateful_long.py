"""The same days as in `tests/integration/test_stateful.py`, at least 2,000 runs of 30 steps."""

from typing import Any

from tests.databases import DatabaseServer
from tests.stateful.play import Profile, play
from tests.stateful.stage import open_stage


def test_service_and_model_agree_in_2000_runs_of_30_steps(server: DatabaseServer, database: dict[str, Any]) -> None:
    with open_stage(server, database) as stage:
        # A run ends early where hypothesis has used up what it may draw for it: more are begun than are asked for.
        counts = play(stage, Profile(runs=4000, steps=30))
    assert counts["runs of 30 steps"] >= 2000
    assert counts["steps"] >= 60_000
    for what in (
        "told: bonus_kept", "told: rank_regained", "rank bonuses returned", "moves to another month",
        "percent_prev took from others", "percent_all took from others", "refused: time-does-not-exist",
        "double_commission applied at the end", "flat void at the end", "clocked out",
    ):  # fmt: skip
        assert counts[what] >= 20, what
