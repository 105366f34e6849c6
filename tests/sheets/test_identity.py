"""Whose sheet it is: an empty database never overwrites the backup of a full one (TECH T25)."""

from typing import Any

import pytest

from pg_schema import PostgresSchema
from postgres_service import PostgresService
from repository.timeline import begin_timeline
from sheets_backup.errors import ForeignSheetError
from sheets_backup.mirror import RunKind
from tests.databases import DatabaseServer, connect, temporary_database
from tests.fake_sheets.grid import Sheet
from tests.sheets.mirrors import Mirror, open_mirror
from tests.sheets.shifts import record

OLD_SHEET: list[list[Any]] = [["ID", "Date"], [1, "2026/11/01 10:00:00"]]


def list_titles(mirror: Mirror) -> list[str]:
    return [sheet.title for sheet in mirror.book.sheets]


def test_the_sheet_tells_whose_it_is(mirror: Mirror, service: PostgresService) -> None:
    record(service, Model_A="100")
    mirror.run_well()
    told = {str(row[0]): str(row[1]) for row in mirror.book.get_sheet("Mirror").read_all()}
    assert (told["state"], told["as_of"]) == ("whole", "2026-11-17T01:00:00.000000Z")
    assert told["schema_version"].isdecimal()
    assert len(told["database_uuid"]) == 36


@pytest.fixture
def taken(mirror: Mirror, service: PostgresService, server: DatabaseServer, template: str) -> Any:
    """The sheet of a full database, and a new, empty one that is set to the same sheet."""
    record(service, Model_A="100")
    mirror.run_well()
    with temporary_database(server, template) as params, open_mirror(params, mirror.clock) as other:
        other.fake.book = mirror.book
        with connect(params) as connection:  # one that was made on its own has a name of its own
            connection.execute("UPDATE schema_metadata SET value = gen_random_uuid() WHERE key = 'database_uuid'")
        with PostgresService(rules=service.rules, **params) as empty:
            empty.people.ensure_owner(900_002)
        yield other


class TestTheSheetOfAnotherDatabase:
    def test_nothing_is_written_and_admins_hear_of_it_at_once(self, taken: Mirror) -> None:
        before = taken.read_cells()
        report = taken.run()
        assert isinstance(report.error, ForeignSheetError)
        assert "--adopt" in str(report.error)
        assert taken.fake.count(is_write=True) == 0
        assert taken.read_cells() == before
        assert len(taken.list_notices("mirror_stopped")) == 1

    def test_a_full_run_writes_nothing_either_and_admins_hear_of_it_once(self, taken: Mirror) -> None:
        for kind in (RunKind.FULL, RunKind.INCREMENTAL, RunKind.INCREMENTAL):
            assert isinstance(taken.run(kind).error, ForeignSheetError)
        assert taken.fake.count(is_write=True) == 0
        assert len(taken.list_notices("mirror_stopped")) == 1

    def test_adopting_copies_each_tab_before(self, taken: Mirror) -> None:
        before = taken.read_cells()
        taken.run_well(RunKind.ADOPT)
        copies = {sheet.title: sheet.read_all() for sheet in taken.book.sheets if "(before 2026-11-16)" in sheet.title}
        filled = {title for title, rows in before.items() if len(rows) > 1}
        assert copies.keys() == {f"{title} (before 2026-11-16)" for title in filled}
        assert copies["Shifts (before 2026-11-16)"] == before["Shifts"]
        assert taken.book.get_sheet("Shifts").read_all()[1:] == []
        assert taken.run_well().rows == 0

    def test_the_one_it_belonged_to_stops_after_that(self, taken: Mirror, mirror: Mirror) -> None:
        taken.run_well(RunKind.ADOPT)
        assert isinstance(mirror.run().error, ForeignSheetError)


class TestASheetWithoutIdentity:
    def test_an_empty_one_is_begun_on(self, mirror: Mirror) -> None:
        mirror.run_well()
        assert "Mirror" in list_titles(mirror)

    def test_tabs_with_headers_alone_are_begun_on(self, mirror: Mirror) -> None:
        mirror.book.sheets.append(Sheet(5, "Shifts"))
        mirror.book.get_sheet("Shifts").write_all([["ID", "Date"]])
        mirror.run_well()
        assert mirror.book.get_sheet("Shifts").get(0, 2) == "EmployeeId"

    def test_one_with_rows_is_left_alone(self, mirror: Mirror) -> None:
        mirror.book.sheets.append(Sheet(5, "Shifts"))
        mirror.book.get_sheet("Shifts").write_all(OLD_SHEET)
        assert isinstance(mirror.run().error, ForeignSheetError)
        assert mirror.book.get_sheet("Shifts").read_all() == OLD_SHEET
        assert mirror.fake.count(is_write=True) == 0

    def test_one_with_rows_is_copied_and_taken_over(self, mirror: Mirror, service: PostgresService) -> None:
        record(service, Model_A="100")
        mirror.book.sheets.append(Sheet(5, "Shifts"))
        mirror.book.get_sheet("Shifts").write_all(OLD_SHEET)
        mirror.run_well(RunKind.ADOPT)
        assert mirror.book.get_sheet("Shifts (before 2026-11-16)").read_all() == OLD_SHEET
        assert mirror.book.get_sheet("Shifts").get(1, 3) == "Anna"

    def test_an_identity_that_somebody_deleted_stops_the_mirror(self, mirror: Mirror, service: PostgresService) -> None:
        record(service, Model_A="100")
        mirror.run_well()
        mirror.book.sheets.remove(mirror.book.get_sheet("Mirror"))
        record(service, 5, Model_A="100")
        before = mirror.read_cells()
        assert isinstance(mirror.run().error, ForeignSheetError)
        assert mirror.read_cells() == before
        mirror.run_well(RunKind.ADOPT)
        assert mirror.run_well().rows == 0


def test_another_spreadsheet_is_begun_on_from_the_start(mirror: Mirror, service: PostgresService) -> None:
    record(service, Model_A="100")
    mirror.run_well()
    before = mirror.read_cells()
    mirror.book.sheets = [Sheet(0, "Sheet1")]
    mirror.book.spreadsheet_id = "another_spreadsheet_of_theirs"
    mirror.run_well()
    assert mirror.read_cells() == before


# --- copies of one database -------------------------------------------------------------------------------------------

AHEAD = "The spreadsheet is ahead of this database"


@pytest.fixture
def copy(mirror: Mirror, service: PostgresService, server: DatabaseServer) -> Any:
    """A database as it was after its first run, beside the one that works on: of a card that was copied, say."""
    record(service, Model_A="100")
    mirror.run_well()
    service.close()
    with temporary_database(server, mirror.params["database"]) as params, open_mirror(params, mirror.clock) as other:
        other.fake.book = mirror.book
        yield other


def record_in(mirror: Mirror, service: PostgresService, day: int) -> None:
    with PostgresService(rules=service.rules, **mirror.params) as books:
        record(books, day, Model_A="100")


def expect_stopped(mirror: Mirror) -> None:
    before, written = mirror.read_cells(), mirror.fake.count(is_write=True)
    for kind in (RunKind.INCREMENTAL, RunKind.FULL):
        report = mirror.run(kind)
        assert isinstance(report.error, ForeignSheetError)
        assert AHEAD in str(report.error)
        assert "--adopt" in str(report.error)
        assert "migrate_to_postgres.py --source sheets" in str(report.error)
    assert (mirror.read_cells(), mirror.fake.count(is_write=True)) == (before, written)
    assert len(mirror.list_notices("mirror_stopped")) == 1


def test_of_two_copies_at_work_the_second_stops(mirror: Mirror, copy: Mirror, service: PostgresService) -> None:
    for one in (mirror, copy):
        record_in(one, service, 5)
    mirror.run_well()
    expect_stopped(copy)
    assert mirror.run_well().rows == 0
    copy.run_well(RunKind.ADOPT)
    assert "Shifts (before 2026-11-16)" in list_titles(copy)
    record_in(mirror, service, 6)
    expect_stopped(mirror)


def test_a_database_restored_from_a_backup_leaves_a_newer_sheet_alone(
    mirror: Mirror, copy: Mirror, service: PostgresService
) -> None:
    with PostgresSchema(**copy.params).connect_as_owner() as connection:
        begin_timeline(connection)
    record_in(copy, service, 5)
    expect_stopped(copy)
    assert mirror.run_well().rows == 0


def read_told(mirror: Mirror) -> dict[str, str]:
    """What a restore from the sheet takes over of it."""
    told = {str(row[0]): str(row[1]) for row in mirror.book.get_sheet("Mirror").read_all()}
    return {"restored_from": told["timeline"], "mirror_run": told["run"]}


def test_a_database_restored_from_the_sheet_goes_on_and_the_one_it_replaces_stops(
    mirror: Mirror, copy: Mirror, service: PostgresService
) -> None:
    with PostgresSchema(**copy.params).connect_as_owner() as connection:
        begin_timeline(connection, facts=read_told(mirror))
    copy.run_well()
    assert copy.run_well().rows == 0
    record_in(mirror, service, 5)
    expect_stopped(mirror)


def test_a_database_restored_from_the_sheet_stops_where_the_other_one_has_written_since(
    mirror: Mirror, copy: Mirror, service: PostgresService
) -> None:
    told = read_told(mirror)
    record_in(mirror, service, 5)
    mirror.run_well()
    with PostgresSchema(**copy.params).connect_as_owner() as connection:
        begin_timeline(connection, facts=told)
    expect_stopped(copy)


def test_a_sheet_of_an_earlier_version_that_tells_no_run_is_gone_on_with(
    mirror: Mirror, service: PostgresService
) -> None:
    record(service, Model_A="100")
    mirror.run_well()
    sheet = mirror.book.get_sheet("Mirror")
    rows = [row for row in sheet.read_all() if row[:1] not in (["timeline"], ["run"])]
    sheet.write_all([*rows, ["", ""], ["", ""]])
    mirror.run_well()
    assert read_told(mirror).keys() == {"restored_from", "mirror_run"}
