"""Days of a company, done by the service and by the model, agree to the cent after every step."""

from typing import Any

from tests.databases import DatabaseServer
from tests.stateful.play import Profile, play
from tests.stateful.stage import open_stage


def test_service_and_model_agree_after_every_step(server: DatabaseServer, database: dict[str, Any]) -> None:
    with open_stage(server, database) as stage:
        counts = play(stage, Profile(runs=200, steps=30))
    assert counts["runs of 30 steps"] >= 100
    # A run in which nothing happens agrees too: each of these must have been there to be compared.
    for what in (
        "recorded", "recorded late", "clocked out", "repeated requests", "moves to another month", "deleted",
        "terms changed: Settings", "terms changed: PayTerms", "terms changed: tuple", "used by hand",
        "told: rank_down", "told: rank_regained", "rank bonuses drawn", "rank bonuses returned",
        "rank bonuses withdrawn", "percent_prev took from others", "percent_all took from others",
        "refused: shift-overlaps", "shifts reconciled",
    ):  # fmt: skip
        assert counts[what] > 0, what
