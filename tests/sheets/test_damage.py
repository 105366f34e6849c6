"""What people do to the sheet: the next run puts it back, keeps what was theirs, and tells the admins."""

from collections.abc import Callable
from typing import Any

import pytest

from postgres_service import PostgresService
from sheets_backup.mirror import RunKind
from tests.fake_sheets.api import batch_update
from tests.fake_sheets.grid import Formula, Sheet
from tests.sheets.mirrors import Mirror
from tests.sheets.shifts import record

THEIRS = "what somebody wrote"


@pytest.fixture
def filled(mirror: Mirror, service: PostgresService) -> Mirror:
    """A mirror of some shifts, as a run left it."""
    for number in range(1, 13):
        record(service, number, employee_id=101 + number % 3, Model_A=str(1000 - 50 * number))
    mirror.run_well()
    return mirror


def change(mirror: Mirror, *requests: dict[str, Any]) -> None:
    batch_update(mirror.book, {"requests": requests})


def get(mirror: Mirror, title: str = "Shifts") -> Sheet:
    return mirror.book.get_sheet(title)


def find_kept(mirror: Mirror, title: str = "Shifts") -> list[str]:
    return [sheet.title for sheet in mirror.book.sheets if sheet.title.startswith(f"{title} (kept 2026-11-16)")]


def holds(sheet: Sheet, value: object) -> bool:
    return any(value in cells for cells in sheet.read_all())


def span(mirror: Mirror, dimension: str, start: int, end: int, title: str = "Shifts") -> dict[str, Any]:
    place = {"sheetId": get(mirror, title).sheet_id, "dimension": dimension, "startIndex": start, "endIndex": end}
    return {"range": place}


# --- what leaves something of theirs ---------------------------------------------------------------------------------


def overwrite_an_amount(mirror: Mirror) -> None:
    get(mirror).put(5, 7, THEIRS)


def overwrite_a_number(mirror: Mirror) -> None:
    get(mirror).put(3, 0, 99)
    get(mirror).put(3, 3, THEIRS)


def write_a_formula(mirror: Mirror) -> None:
    get(mirror).put(2, 11, Formula("=SUM(H3:K3)", THEIRS))


def insert_a_row_of_their_own(mirror: Mirror) -> None:
    change(mirror, {"insertDimension": span(mirror, "ROWS", 4, 5)})
    get(mirror).put(4, 0, THEIRS)


def add_rows_below(mirror: Mirror) -> None:
    get(mirror).put(13, 0, 13)
    get(mirror).put(13, 3, THEIRS)


def add_a_column(mirror: Mirror) -> None:
    width = get(mirror).column_count
    change(mirror, {"appendDimension": {"sheetId": get(mirror).sheet_id, "dimension": "COLUMNS", "length": 1}})
    get(mirror).put(0, width, "Comment")
    get(mirror).put(4, width, THEIRS)


def insert_a_column(mirror: Mirror) -> None:
    change(mirror, {"insertDimension": span(mirror, "COLUMNS", 3, 4)})
    get(mirror).put(6, 3, THEIRS)


def rename_a_header(mirror: Mirror) -> None:
    get(mirror).put(0, 3, THEIRS)


def sort_and_overwrite(mirror: Mirror) -> None:
    sort_all(mirror)
    get(mirror).put(7, 3, THEIRS)


def overwrite_the_tab(mirror: Mirror) -> None:
    get(mirror).write_all([["A sheet of my own"], [THEIRS], [1, 2, 3]])


def change_a_tab_that_a_restore_reads(mirror: Mirror) -> None:
    get(mirror, "data_shifts").put(4, 3, THEIRS)


def rename_and_take_the_name(mirror: Mirror) -> None:
    sheet = get(mirror)
    sheet.title = "Shifts of November"
    mirror.book.sheets.append(Sheet(4711, "Shifts"))
    get(mirror).write_all([[THEIRS]])


LEAVING_SOMETHING: dict[Callable[[Mirror], None], str] = {
    overwrite_an_amount: "Shifts",
    overwrite_a_number: "Shifts",
    write_a_formula: "Shifts",
    insert_a_row_of_their_own: "Shifts",
    add_rows_below: "Shifts",
    add_a_column: "Shifts",
    insert_a_column: "Shifts",
    rename_a_header: "Shifts",
    sort_and_overwrite: "Shifts",
    overwrite_the_tab: "Shifts",
    change_a_tab_that_a_restore_reads: "data_shifts",
    rename_and_take_the_name: "Shifts",
}


@pytest.mark.parametrize("damage", LEAVING_SOMETHING, ids=lambda damage: damage.__name__)
def test_the_next_run_puts_it_back_keeps_what_was_theirs_and_says_so(
    filled: Mirror, damage: Callable[[Mirror], None]
) -> None:
    title = LEAVING_SOMETHING[damage]
    before = filled.read_cells()
    damage(filled)
    filled.run_well()
    assert filled.read_cells() == before
    kept = find_kept(filled, title)
    assert len(kept) == 1
    assert holds(get(filled, kept[0]), THEIRS) or holds(get(filled, kept[0]), Formula("=SUM(H3:K3)", THEIRS))
    told = [tab for notice in filled.list_notices("mirror_damage") for tab in notice["tabs"]]
    assert [tab["title"] for tab in told] == [title]


# --- what leaves nothing of theirs -----------------------------------------------------------------------------------


def sort_all(mirror: Mirror) -> None:
    place = {"sheetId": get(mirror).sheet_id, "startRowIndex": 1}
    change(mirror, {"sortRange": {"range": place, "sortSpecs": [{"dimensionIndex": 7, "sortOrder": "ASCENDING"}]}})


def sort_the_header_with_the_rest(mirror: Mirror) -> None:
    place = {"sheetId": get(mirror).sheet_id, "startRowIndex": 0}
    change(mirror, {"sortRange": {"range": place, "sortSpecs": [{"dimensionIndex": 7, "sortOrder": "ASCENDING"}]}})


def insert_an_empty_row(mirror: Mirror) -> None:
    change(mirror, {"insertDimension": span(mirror, "ROWS", 4, 5)})


def delete_a_row(mirror: Mirror) -> None:
    change(mirror, {"deleteDimension": span(mirror, "ROWS", 4, 5)})


def delete_the_last_row(mirror: Mirror) -> None:
    change(mirror, {"deleteDimension": span(mirror, "ROWS", 12, 13)})


def copy_a_row(mirror: Mirror) -> None:
    get(mirror).rows[13] = list(get(mirror).rows[5])


def clear_the_tab(mirror: Mirror) -> None:
    change(mirror, {"updateCells": {"range": {"sheetId": get(mirror).sheet_id}, "fields": "userEnteredValue"}})


def delete_the_tab(mirror: Mirror) -> None:
    change(mirror, {"deleteSheet": {"sheetId": get(mirror).sheet_id}})


def rename_the_tab(mirror: Mirror) -> None:
    properties = {"sheetId": get(mirror).sheet_id, "title": "Shifts of November"}
    change(mirror, {"updateSheetProperties": {"properties": properties, "fields": "title"}})


LEAVING_NOTHING = (
    sort_all,
    sort_the_header_with_the_rest,
    insert_an_empty_row,
    delete_a_row,
    delete_the_last_row,
    copy_a_row,
    clear_the_tab,
    delete_the_tab,
    rename_the_tab,
)


@pytest.mark.parametrize("damage", LEAVING_NOTHING, ids=lambda damage: damage.__name__)
def test_what_holds_nothing_of_theirs_is_put_back_without_a_copy(
    filled: Mirror, damage: Callable[[Mirror], None]
) -> None:
    before = filled.read_cells()
    damage(filled)
    filled.run_well()
    assert filled.read_cells() == before
    assert find_kept(filled) == []
    told = [tab for notice in filled.list_notices("mirror_damage") for tab in notice["tabs"]]
    assert [tab["title"] for tab in told] == ["Shifts"]


def test_a_deleted_column_is_put_back_and_what_is_left_is_kept(filled: Mirror) -> None:
    before = filled.read_cells()
    change(filled, {"deleteDimension": span(filled, "COLUMNS", 5, 6)})
    filled.run_well()
    assert filled.read_cells() == before
    assert len(find_kept(filled)) == 1


# --- around it -------------------------------------------------------------------------------------------------------


def test_a_change_of_the_database_and_damage_at_once(filled: Mirror, service: PostgresService) -> None:
    record(service, 20, Model_B="5")
    service.update_total_sales(4, 1)
    overwrite_an_amount(filled)
    filled.run_well()
    kept = find_kept(filled)
    assert holds(get(filled, kept[0]), THEIRS)
    assert [row[0] for row in get(filled).read_all()[1:]] == list(range(1, 14))
    assert get(filled).get(4, 7) == 1


def test_a_row_that_is_written_anyway_is_kept_first(filled: Mirror, service: PostgresService) -> None:
    get(filled).put(5, 3, THEIRS)
    service.update_total_sales(5, 123)
    filled.run_well()
    assert holds(get(filled, find_kept(filled)[0]), THEIRS)


def test_damage_on_two_days_and_twice_a_day_is_kept_each_time(filled: Mirror) -> None:
    for text in ("first", "second"):
        get(filled).put(5, 3, text)
        filled.run_well()
    filled.clock.move(days=1)
    get(filled).put(5, 3, "third")
    filled.run_well()
    titles = [sheet.title for sheet in filled.book.sheets if "(kept" in sheet.title]
    assert titles == ["Shifts (kept 2026-11-16)", "Shifts (kept 2026-11-16) 2", "Shifts (kept 2026-11-17)"]
    assert [holds(get(filled, title), text) for title, text in zip(titles, ("first", "second", "third"), strict=True)]


def test_the_same_damage_again_and_again_is_kept_and_told_once(filled: Mirror) -> None:
    for _ in range(5):
        get(filled).put(5, 3, THEIRS)
        filled.run_well()
    assert len(find_kept(filled)) == 1
    assert len(filled.list_notices("mirror_damage")) == 1


def test_tabs_of_their_own_are_left_alone(filled: Mirror) -> None:
    mirror = filled
    mirror.book.sheets.append(Sheet(4711, "My sums"))
    get(mirror, "My sums").write_all([[Formula("=SUM(Shifts!H:H)", "1")], [THEIRS]])
    before = get(mirror, "My sums").read_all()
    mirror.run_well()
    mirror.run_well(RunKind.FULL)
    assert get(mirror, "My sums").read_all() == before
    assert mirror.list_notices("mirror_damage") == []


def test_a_full_run_keeps_what_was_theirs_too(filled: Mirror) -> None:
    before = filled.read_cells()
    overwrite_an_amount(filled)
    filled.run_well(RunKind.FULL)
    assert filled.read_cells() == before
    assert len(find_kept(filled)) == 1


def test_all_tabs_damaged_at_once_are_all_put_back(filled: Mirror) -> None:
    before = filled.read_cells()
    for sheet in filled.book.sheets:
        if sheet.title not in ("Mirror", "Sheet1"):
            sheet.put(1, 1, THEIRS)
    filled.run_well()
    assert filled.read_cells() == before


def test_the_identity_s_tab_renamed_gets_its_name_back(filled: Mirror) -> None:
    before = filled.read_cells()
    get(filled, "Mirror").title = "What is this"
    filled.run_well()
    assert filled.read_cells() == before


def test_a_sheet_too_large_for_one_look_is_looked_through_by_turns(
    filled: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheets_backup.look.READ_CELLS", 600)
    monkeypatch.setattr("sheets_backup.look.TAIL_ROWS", 2)
    before = filled.read_cells()
    get(filled).put(3, 3, THEIRS)
    get(filled, "data_balance_transactions").put(2, 3, THEIRS)
    runs = 0
    while filled.read_cells() != before:
        runs += 1
        filled.run_well()
        assert runs < 10, "each place has its turn"
    assert runs > 1
    assert holds(get(filled, find_kept(filled)[0]), THEIRS)
    assert len(find_kept(filled, "data_balance_transactions")) == 1


def test_of_a_large_sheet_the_newest_rows_are_looked_at_in_every_run(
    filled: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sheets_backup.look.READ_CELLS", 600)
    monkeypatch.setattr("sheets_backup.look.TAIL_ROWS", 2)
    for _ in range(3):
        before = filled.read_cells()
        get(filled).put(12, 3, THEIRS)
        filled.run_well()
        assert filled.read_cells() == before


# --- merged cells, and how many copies are kept -----------------------------------------------------------------------


def test_merged_cells_are_taken_apart_and_kept_once(filled: Mirror) -> None:
    before = get(filled).read_all()
    place = {"sheetId": get(filled).sheet_id, "startRowIndex": 2, "startColumnIndex": 3, "endRowIndex": 4}
    change(filled, {"mergeCells": {"range": {**place, "endColumnIndex": 6}, "mergeType": "MERGE_ALL"}})
    get(filled).put(2, 3, THEIRS)
    for _ in range(4):
        filled.run_well()
    assert get(filled).read_all() == before
    assert get(filled).merges == []
    assert find_kept(filled) == ["Shifts (kept 2026-11-16)"]


def test_merged_empty_cells_take_nothing_of_what_is_written_later(filled: Mirror, service: PostgresService) -> None:
    last = len(get(filled).read_all())
    place = {"sheetId": get(filled).sheet_id, "startRowIndex": last, "startColumnIndex": 0, "endRowIndex": last + 2}
    change(filled, {"mergeCells": {"range": {**place, "endColumnIndex": 6}, "mergeType": "MERGE_ALL"}})
    record(service, 20, Model_A="77")
    filled.run_well()
    assert get(filled).merges == []
    assert get(filled).get(last, 3) == "Anna"
    assert find_kept(filled) == []


def test_of_the_copies_of_a_tab_the_oldest_goes_and_three_stay(filled: Mirror) -> None:
    for number in range(1, 6):
        get(filled).put(5, 7, f"{THEIRS} {number}")
        filled.run_well()
    kept = find_kept(filled)
    assert len(kept) == 3
    for number, title in zip((3, 4, 5), kept, strict=True):
        assert holds(get(filled, title), f"{THEIRS} {number}")
    assert filled.run_well().rows == 0
