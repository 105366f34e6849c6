"""Killed at a step, whichever: the next run ends with the sheet as the database. `make test-faults` kills more."""

from postgres_service import PostgresService
from tests.sheets.kills import kill_runs
from tests.sheets.mirrors import Mirror


def test_a_run_killed_at_any_step_is_made_good_by_the_next(mirror: Mirror, service: PostgresService) -> None:
    toll = kill_runs(mirror, service, 12, seed=3)
    assert toll.killed == 12
    if toll.damaged == 0:
        assert [sheet.title for sheet in mirror.book.sheets if "(kept" in sheet.title] == []
