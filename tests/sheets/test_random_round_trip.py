"""Random databases come back from the sheet as they were. `make test-faults` tries 200 of them."""

from hypothesis import HealthCheck, given, settings

from tests.clock import SteppingClock
from tests.databases import DatabaseServer
from tests.sheets.random_books import DEEDS, Deed
from tests.sheets.round_trips import go_round


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(deeds=DEEDS)
def test_a_random_database_comes_back_as_it_was(
    server: DatabaseServer, mirrored_template: str, template: str, clock: SteppingClock, deeds: list[Deed]
) -> None:
    assert go_round(server, (mirrored_template, template), clock, deeds) > 0
