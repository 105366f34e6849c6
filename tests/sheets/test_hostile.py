"""Names and notes that look like something else: in the sheet as the text they are, and back again."""

from postgres_service import PostgresService
from sheets_backup.cells import Kind, clean_text, decode, encode
from sheets_backup.restore import read_mirror
from tests.databases import connect
from tests.sheets.mirrors import Mirror
from tests.sheets.shifts import record

HOSTILE = (
    '=IMPORTXML("http://example.org", "//a")', "=1+1", "+49 170 1234567", "-5", "@SUM(A1)", "'quoted", "''", "007",
    "1e5", "12,50", "12.50", "$1,000.00", "50%", "TRUE", "false", "2026-11-16", "11/16/2026", "16.11.2026", "10:30",
    "#REF!", "#N/A", "null", "\\", '\\"x"', '"', "a\tb", "line\none", "line\r\ntwo", "bell\x07", "\u202eright to left",
    "👩‍👩‍👧‍👦 🧑🏽‍🚀", "é e\u0301", " leading and trailing ", "\u2028", "A" * 200, "<script>alert(1)</script>",
)  # fmt: skip


def test_every_hostile_text_stands_in_the_sheet_as_text(mirror: Mirror, service: PostgresService) -> None:
    ids = {record(service, number, Model_A="1"): text for number, text in enumerate(HOSTILE)}
    with connect(mirror.params) as connection, connection.cursor() as cursor:
        statement = "UPDATE shifts SET employee_name = %(text)s, note = %(text)s WHERE shift_id = %(id)s"
        cursor.executemany(statement, [{"id": shift_id, "text": text} for shift_id, text in ids.items()])
    mirror.run_well()
    shown = {row[0]: row[3] for row in mirror.book.get_sheet("Shifts").read_all()[1:]}
    assert shown == {shift_id: clean_text(text) for shift_id, text in ids.items()}
    assert mirror.run_well().rows == 0
    contents = read_mirror(mirror.open_gateway().read_all_tabs())
    assert contents.rejected == ()
    assert {row[0]: (row[2], row[8]) for row in contents.tables["shifts"]} == {
        shift_id: (text, text) for shift_id, text in ids.items()
    }


def test_only_what_a_sheet_would_change_is_shown_differently() -> None:
    changed = [text for text in HOSTILE if clean_text(text) != text]
    assert changed == ["a\tb", "line\r\ntwo", "bell\x07", "\u2028"]


def test_every_text_is_read_as_it_was_written_and_none_as_nothing() -> None:
    for text in (*HOSTILE, "", "\\\\", "\x00", "\ufffe"):
        cell = encode(Kind.TEXT, text)
        assert isinstance(cell, str)
        assert cell
        assert decode(Kind.TEXT, cell) == text


def test_a_number_of_more_digits_than_a_sheet_shows_is_text() -> None:
    for number in (0, -7, 10**15 - 1, 10**15, 2**53 + 1, -(10**18)):
        cell = encode(Kind.WHOLE, number)
        assert isinstance(cell, int) == (abs(number) < 10**15)
        assert decode(Kind.WHOLE, cell) == number
