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


# --- what somebody changed in the sheet -------------------------------------------------------------------------------


def tamper(mirror: Mirror) -> None:
    """One amount typed over, one line of the ledger taken out."""
    sold = mirror.book.get_sheet("data_shift_products")
    column = sold.read_row(0).index("amount")
    sold.put(1, column, float(str(sold.get(1, column))) + 100)
    ledger = mirror.book.get_sheet("data_balance_transactions")
    rows = [row for row in ledger.read_all() if any(row)]
    ledger.write_all([*rows[:-1], [None] * len(rows[0])])


def test_a_sheet_in_which_an_amount_was_typed_over_and_a_line_is_gone_restores_nothing_and_says_which(
    make_office: Callable[[], Office], mirror: Mirror
) -> None:
    empty = make_office()
    init_schema(empty)
    before = empty.read(is_whole=True)
    tamper(mirror)
    for arguments in ((), ("--execute",)):
        ran = empty.run("--source", "sheets", *arguments)
        assert ran.status == 1
        told = "\n".join(ran.lines)
        assert "data_shift_products: of its" in told
        assert "data_balance_transactions:" in told
        assert "rows were written" in told
        assert "The books differ" in told
        assert "--accept-differences" in told
        assert empty.read(is_whole=True) == before


def test_who_accepts_the_differences_gets_what_is_there(make_office: Callable[[], Office], mirror: Mirror) -> None:
    empty = make_office()
    tamper(mirror)
    ran = empty.run("--source", "sheets", "--execute", "--accept-differences")
    assert ran.status == 0
    assert any("data_shift_products: of its" in line for line in ran.lines)
    assert len(empty.fetch("SELECT FROM shifts")) == 501


def test_a_mirror_of_an_earlier_version_tells_no_sums_and_is_restored(
    make_office: Callable[[], Office], mirror: Mirror
) -> None:
    sheet = mirror.book.get_sheet("Mirror")
    rows = [row for row in sheet.read_all() if row[:1] != ["sums"]]
    sheet.write_all([*rows, ["", ""]])
    ran = make_office().run("--source", "sheets", "--execute")
    assert ran.status == 0
    assert any("tells no sums of its tabs" in line for line in ran.lines)


def test_what_the_database_refuses_is_told_beside_the_tab_in_which_it_was_changed(
    make_office: Callable[[], Office], mirror: Mirror
) -> None:
    empty = make_office()
    people = mirror.book.get_sheet("data_employees")
    rows = [row for row in people.read_all() if any(row)]
    people.write_all([*rows[:1], *rows[2:], [None] * len(rows[0])])
    ran = empty.run("--source", "sheets", "--execute")
    assert ran.status == 1
    told = "\n".join(ran.lines)
    assert "data_employees:" in told
    assert "The database refuses what is there" in told
    assert empty.fetch("SELECT FROM shifts") == []
