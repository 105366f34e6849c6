"""A spreadsheet that is this bot's own mirror is restored as it is, ledger and settings included (SPEC 8, T25)."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from payroll.business_time import BusinessZone
from postgres_service import PostgresService
from repository.rules import Rules
from repository.timeline import NUMBERS_AHEAD
from sheets_backup.mirror import RunKind
from tests.clock import SteppingClock
from tests.migration.conftest import Office, init_schema
from tests.sheets.mirrors import Mirror, open_mirror

MIRRORED_BESIDE = ("schema_metadata", "sync_log", "outbox", "reconciliations")


@pytest.fixture
def mirror(migrated: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mirror]:
    """The migrated sample with a shift of the bot's own, in a sheet; and the settings that name that sheet."""
    rules = Rules(BusinessZone.named("America/New_York"), clock=SteppingClock(datetime(2025, 11, 21, tzinfo=UTC)))
    with PostgresService(**migrated.params, settle_ranks=True, rules=rules) as service:
        service.create_shift(
            {"employee_id": 120000001, "clock_in": "2025/11/20 09:00:00", "clock_out": "2025/11/20 17:00:00",
             "products": {"Aria": 250, "Bella": 1800}}
        )  # fmt: skip
    with open_mirror(migrated.params, SteppingClock(datetime(2026, 11, 17, 1, 0, tzinfo=UTC))) as opened:
        opened.run_well(RunKind.FULL)
        monkeypatch.setenv("SHEETS_EMULATOR_HOST", opened.fake.host)
        monkeypatch.setenv("SPREADSHEET_ID", opened.book.spreadsheet_id)
        yield opened


def test_an_empty_database_becomes_the_one_that_was_mirrored(
    make_office: Callable[[], Office], migrated: Office, mirror: Mirror
) -> None:
    empty = make_office()
    ran = empty.run("--source", "sheets", "--execute")
    assert (ran.status, ran.err) == (0, "")
    assert mirror.fake.count(is_write=False) > 0
    before, after = migrated.read(is_whole=True), empty.read(is_whole=True)
    for table in before.keys() - {*MIRRORED_BESIDE, "sequences", "mirror_state", "mirror_tabs", "mirror_rows"}:
        assert after[table] == before[table] or table == "sync_outbox", table
    with PostgresService(**empty.params, settle_ranks=True) as service:
        assert service.reconciliation.run().differences == ()
        assert service.get_next_id() == 502 + NUMBERS_AHEAD


@pytest.mark.usefixtures("mirror")
def test_a_dry_run_of_a_restore_leaves_nothing_behind(make_office: Callable[[], Office]) -> None:
    empty = make_office()
    init_schema(empty)
    before = empty.read(is_whole=True)
    ran = empty.run("--source", "sheets")
    assert ran.status == 0
    assert ran.table["shifts"] == (501, 501, 0, 0, 0)
    assert empty.read(is_whole=True) == before


@pytest.mark.usefixtures("mirror")
def test_a_mirror_is_never_restored_over_records(migrated: Office) -> None:
    before = migrated.read(is_whole=True)
    ran = migrated.run("--source", "sheets", "--execute")
    assert ran.status == 1
    assert any(line.startswith("A mirror is restored into an empty database only") for line in ran.lines)
    assert migrated.read(is_whole=True)["shifts"] == before["shifts"]


def test_a_mirror_that_lost_the_tab_with_its_identity_is_not_taken_for_an_old_sheet(
    make_office: Callable[[], Office], mirror: Mirror
) -> None:
    empty = make_office()
    init_schema(empty)
    before = empty.read(is_whole=True)
    mirror.book.get_sheet("Mirror").title = "Please do not touch"
    ran = empty.run("--source", "sheets", "--execute")
    assert ran.status == 1
    assert any("but no tab Mirror that tells whose it is" in line for line in ran.lines)
    assert empty.read(is_whole=True) == before
