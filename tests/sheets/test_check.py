"""`--verify` and `--restore-check`: what differs is found, cell by cell and row by row."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import own_postgres
from config import Config
from postgres_service import PostgresService
from sheets_backup.check import run_restore_check, run_verify
from sheets_backup.errors import ForeignSheetError, MirrorError, RefusedError
from sheets_backup.quota import Pace
from sheets_backup.scratch import make_scratch
from sheets_backup.verify import Comparison
from tests.databases import DatabaseServer, connect, fetch_all
from tests.sheets.mirrors import Mirror
from tests.sheets.shifts import record


def verify(mirror: Mirror) -> Comparison:
    pace = Pace(now=mirror.seconds, sleep=mirror.seconds.sleep)
    return run_verify(mirror.config, mirror.params, clock=mirror.clock, pace=pace)


@pytest.fixture
def filled(mirror: Mirror, service: PostgresService) -> Mirror:
    """A mirror of some shifts, as a run left it."""
    for number in range(1, 8):
        record(service, number, Model_A="400")
    service.shifts.delete(3)
    mirror.run_well()
    return mirror


class TestVerify:
    def test_a_sheet_as_the_database_has_no_difference(self, filled: Mirror) -> None:
        comparison = verify(filled)
        assert comparison.differences == []
        assert (comparison.waiting, comparison.compared > 500) == (0, True)

    def test_every_wrong_cell_is_named(self, filled: Mirror) -> None:
        filled.book.get_sheet("Shifts").put(1, 7, 401)
        filled.book.get_sheet("data_shifts").put(4, 3, "recorded?")
        assert list(map(str, verify(filled).differences)) == [
            "Shifts, row 2, Model A: 400.00 is expected, 401 found",
            "data_shifts, row 5, status: 'recorded' is expected, 'recorded?' found",
        ]

    def test_a_missing_tab_a_missing_row_and_a_row_too_many_are_found(self, filled: Mirror) -> None:
        filled.book.sheets.remove(filled.book.get_sheet("Ranks"))
        del filled.book.get_sheet("data_products").rows[1]
        filled.book.get_sheet("DynamicRates").put(9, 0, 3)
        found = {difference.where.partition(",")[0] for difference in verify(filled).differences}
        assert found == {"Ranks", "data_products", "DynamicRates"}

    def test_what_waits_for_the_next_run_is_left_out(self, filled: Mirror, service: PostgresService) -> None:
        service.update_total_sales(1, 1)
        record(service, 20, Model_A="1")
        comparison = verify(filled)
        assert comparison.differences == []
        assert comparison.waiting > 0

    def test_nothing_is_written_but_the_log(self, filled: Mirror) -> None:
        filled.book.get_sheet("Shifts").put(1, 7, 401)
        writes = filled.fake.count(is_write=True)
        verify(filled)
        assert filled.fake.count(is_write=True) == writes
        rows = fetch_all(
            filled.params, "SELECT sync_type, direction, status, error FROM sync_log ORDER BY id DESC LIMIT 1"
        )
        assert rows == [("verify", "pull", "failed", "1 differ")]


class TestRestoreCheck:
    @pytest.fixture
    def made(self) -> list[str]:
        """The scratch databases that were made."""
        return []

    @pytest.fixture
    def check(self, filled: Mirror, server: DatabaseServer, made: list[str]) -> Any:
        @contextmanager
        def scratch(_: Config) -> Iterator[Mapping[str, Any]]:
            with make_scratch(server.maker, server.owner) as params:
                made.append(params["database"])
                yield {**server.login, **params}

        def run() -> Comparison:
            pace = Pace(now=filled.seconds, sleep=filled.seconds.sleep)
            return run_restore_check(filled.config, filled.params, clock=filled.clock, pace=pace, scratch=scratch)

        return run

    def test_the_sheet_restores_into_the_same_database(
        self, filled: Mirror, check: Any, made: list[str], service: PostgresService
    ) -> None:
        record(service, 20, Model_A="77")
        comparison = check()
        assert comparison.differences == []
        assert comparison.compared > 60
        assert len(made) == 1
        assert fetch_all(filled.params, "SELECT datname FROM pg_database WHERE datname = ANY (%s)", made) == []

    def test_a_row_that_would_not_come_back_is_named(self, filled: Mirror, check: Any) -> None:
        with connect(filled.params) as connection:
            connection.execute("SELECT setval('shifts_shift_id_seq', 100)")
            owner = "SELECT count(*) FROM sync_outbox"
            assert connection.execute(owner).fetchall() == [(0,)]
            connection.execute("UPDATE shifts SET note = 'behind its back' WHERE shift_id = 1")
            connection.execute("DELETE FROM sync_outbox")
        comparison = check()
        assert [difference.where for difference in comparison.differences] == ["shifts 1"]
        assert "behind its back" in comparison.render("rows")

    def test_it_looks_at_the_sheet_as_it_is_and_heals_nothing(self, filled: Mirror, check: Any) -> None:
        filled.book.get_sheet("data_shifts").put(1, filled.book.get_sheet("data_shifts").read_row(0).index("note"), "?")
        before, writes = filled.read_cells(), filled.fake.count(is_write=True)
        assert [difference.where for difference in check().differences] == ["shifts 1"]
        assert (filled.read_cells(), filled.fake.count(is_write=True)) == (before, writes)

    def test_a_sheet_left_in_the_middle_is_not_trusted(self, filled: Mirror, check: Any) -> None:
        sheet = filled.book.get_sheet("Mirror")
        filled.fake.before_answer = lambda: sheet.put(5, 1, "being written")
        with pytest.raises(MirrorError, match="--full"):
            check()

    def test_another_database_s_sheet_is_refused(self, filled: Mirror, check: Any) -> None:
        filled.book.get_sheet("Mirror").put(2, 1, "00000000-0000-0000-0000-000000000000")
        with pytest.raises(ForeignSheetError):
            check()


def test_a_role_that_may_make_no_database_is_told_how_it_could(run_dir: Path) -> None:
    with (
        own_postgres.lease(run_dir / "data") as lease,
        pytest.raises(RefusedError, match="CREATEDB"),
        make_scratch(lease.params, None),
    ):
        pass
