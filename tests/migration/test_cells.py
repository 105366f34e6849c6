"""Cells as people fill them: every way of writing that is understood, and every doubt that is refused (SPEC 7)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migration import cells
from migration.dates import FIRST_SERIAL_DAY_1904, DateOrder, DateReading
from migration.formats import apply_percent_format
from migration.models import find_models
from migration.tabs import SHIFTS, lay_out
from migration.values import Cell, CellError

NOON = datetime(2025, 9, 1, 12, 30, 15)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (12.5, "12.50"), (12, "12.00"), (0.1 + 0.2, "0.30"), (99.89999999999999, "99.90"), (Decimal("7.25"), "7.25"),
        ("12.5", "12.50"), ("12,50", "12.50"), ("$12.50", "12.50"), ("12.50 $", "12.50"), (" 1 234.50 ", "1234.50"),
        ("1\u00a0234,50", "1234.50"), ("1,234.50", "1234.50"), ("$1\u202f234.50", "1234.50"), (0, "0.00"),
        ("0", "0.00"), (-0.0, "0.00"), (99_999_999.99, "99999999.99"),
    ],
)  # fmt: skip
def test_an_amount(cell: Cell, amount: str) -> None:
    assert cells.read_amount(cell) == Decimal(amount)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("abc", "not an amount"), (True, "not an amount"), ("12.5.3", "not an amount"), (float("nan"), "not an amount"),
        (NOON, "not an amount"), ("#REF!", "not an amount"), ("€5", "not an amount"), (-1, "negative"),
        ("-1", "negative"), ("−1.00", "negative"), ("1,234", "may be 1,234.00 or 1.234"),
        ("12.345", "may be 12,345.00"), (12.345, "more than two decimals"), (100_000_000, "over 99,999,999.99"),
        ("1e5", "not an amount"),
    ],
)  # fmt: skip
def test_what_is_no_amount(cell: Cell, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        cells.read_amount(cell)


@given(st.decimals(0, 99_999_999, places=2))
def test_every_amount_is_read_from_a_number_and_from_every_way_of_writing_it(amount: Decimal) -> None:
    assert cells.read_amount(float(amount)) == amount
    for text in (
        f"{amount}",
        f"{amount:,}",
        f"${amount}",
        f"{amount}".replace(".", ","),
        f"{amount:,}".replace(",", " "),
    ):
        assert cells.read_amount(text) == amount


@pytest.mark.parametrize(
    ("cell", "sign", "amount"),
    [
        (439.984, None, "439.98"), ("439.98400000001", None, "439.98"), (2.675, None, "2.68"),
        ("439.984", ".", "439.98"),
        ("439,984", ",", "439.98"), ("1,234.50", ".", "1234.50"),
    ],
)  # fmt: skip
def test_an_amount_that_the_old_bot_did_not_round(cell: Cell, sign: str | None, amount: str) -> None:
    assert cells.read_amount(cell, is_derived=True, decimal_sign=sign) == Decimal(amount)


def test_three_decimals_are_understood_only_where_their_column_says_what_the_sign_is() -> None:
    assert cells.find_decimal_sign(["439.984", "12.5", None, 3.25]) == "."
    assert cells.find_decimal_sign(["439.984", "12.5", "12,50"]) is None
    assert cells.find_decimal_sign(["439.984", "100"]) is None
    with pytest.raises(CellError, match=r"may be 439,984\.00 or 439\.98"):
        cells.read_amount("439.984", is_derived=True, decimal_sign=None)


@pytest.mark.parametrize(
    ("cell", "pct"),
    [(8, "8.00"), (8.5, "8.50"), ("8", "8.00"), ("8,5 %", "8.50"), ("10.00%", "10.00"), (0, "0.00"), ("0.5%", "0.50")],
)
def test_a_percentage(cell: Cell, pct: str) -> None:
    assert cells.read_pct(cell) == Decimal(pct)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        (0.08, "may be 0.08 % or 8 %"), ("0,08", "may be 0.08 % or 8 %"), (101, "not between 0 and 100"),
        (-1, "not between"), ("8.125", "more than two decimals"), ("eight", "not a percentage"), (True, "not a"),
    ],
)  # fmt: skip
def test_what_is_no_percentage(cell: Cell, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        cells.read_pct(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "2025/09/01 12:30:15", "2025/09/01 12/30/15", "2025-09-01 12:30:15", "2025-09-01T12:30:15", "2025/9/1 12:30:15",
        "2025.09.01 12.30.15", "\u00a02025/09/01  12:30:15 ", "2025-09-01 12:30:15.000", NOON,
        NOON + timedelta(microseconds=3), NOON - timedelta(microseconds=3), 45901.52100694444, "45901.52100694444",
        "45901,52100694444", Decimal("45901.52100694444"),
    ],
)  # fmt: skip
def test_a_time(cell: Cell) -> None:
    assert cells.read_time(cell) == NOON


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2025/09/01", (2025, 9, 1)), (date(2025, 9, 1), (2025, 9, 1)), (45901, (2025, 9, 1)),
        ("2025/09/01 7:05", (2025, 9, 1, 7, 5)), ("2024/02/29 00:00:00", (2024, 2, 29)),
    ],
)  # fmt: skip
def test_a_time_without_its_smaller_parts(cell: Cell, moment: tuple[int, ...]) -> None:
    assert cells.read_time(cell) == datetime(*moment)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize(
    "cell",
    [
        "31/08/2026 17:05", "8/31/2026 5:05 PM", "31.8.2026 17.05", "2026/08/31 5:05:00 p.m.", "31 Aug 2026 17:05",
        "Mon, 31 August 2026, 17:05", "August 31, 2026 5:05pm", "2026 Aug 31 17:05", "31 августа 2026 г. 17:05",
        "31 серпня 2026 17:05", "31-Aug-2026 17:05:00",
    ],
)  # fmt: skip
def test_a_time_that_is_clear_in_whatever_order_its_parts_stand(cell: Cell) -> None:
    assert cells.read_time(cell) == datetime(2026, 8, 31, 17, 5)  # noqa: DTZ001


@pytest.mark.parametrize(("order", "month", "day"), [(DateOrder.DAY_FIRST, 9, 1), (DateOrder.MONTH_FIRST, 1, 9)])
def test_what_has_two_readings_is_read_in_the_order_that_is_said(order: DateOrder, month: int, day: int) -> None:
    for cell in ("01/09/2026 10:00", "1.9.26 10:00", "01-09-2026 10:00 am"):
        assert cells.read_time(cell, DateReading(order)) == datetime(2026, month, day, 10)  # noqa: DTZ001
        with pytest.raises(CellError, match="say which with --date-order"):
            cells.read_time(cell)
    assert cells.read_time("05/05/2026") == datetime(2026, 5, 5)  # noqa: DTZ001
    assert cells.read_time("31/08/2026", DateReading(order)) == datetime(2026, 8, 31)  # noqa: DTZ001


@pytest.mark.parametrize(("clock", "hour"), [("12:00 AM", 0), ("12:30 pm", 12), ("1 PM", 13), ("11 a.m.", 11)])
def test_a_time_of_half_a_day(clock: str, hour: int) -> None:
    assert cells.read_time(f"2026/08/31 {clock}").hour == hour
    with pytest.raises(CellError, match="a time that does not exist"):
        cells.read_time("2026/08/31 13:00 PM")


def test_a_number_counts_from_where_the_workbook_does() -> None:
    reading = DateReading(epoch=FIRST_SERIAL_DAY_1904)
    assert cells.read_time(44439.375, reading) == cells.read_time(45901.375) == datetime(2025, 9, 1, 9)  # noqa: DTZ001


@pytest.mark.parametrize("cell", ["USD 300", "300 USD", "US$ 300.00", "$300", "300 dollars", "300 долл.", "300,00 USD"])
def test_an_amount_with_a_word_for_the_currency(cell: Cell) -> None:
    assert cells.read_amount(cell) == Decimal(300)


@pytest.mark.parametrize("cell", ["-", "–", "$ -", "USD -", "- $", "$", "USD", " $ -   "])
def test_a_dash_is_nothing(cell: Cell) -> None:
    assert cells.is_nothing(cell)


@pytest.mark.parametrize("cell", ["", "-1", "0", "x", "USDX", None, 0])
def test_what_is_something(cell: Cell) -> None:
    assert not cells.is_nothing(cell)


@pytest.mark.parametrize("cell", [1e99, -1e99, Decimal("1E+400"), 10**30])
def test_a_number_beyond_all_others_is_refused_as_any(cell: Cell) -> None:
    for read in (cells.read_amount, cells.read_pct, cells.read_whole, cells.read_time, cells.read_hours):
        with pytest.raises(CellError):
            read(cell)


@pytest.mark.parametrize(
    ("number", "pattern", "shown"),
    [
        (0.08, "0%", "8%"), (0.085, "0.00%", "8.5%"), (1.2, "0%", "120%"), (8, '0.00"%"', "8%"), (8, "0.00\\%", "8%"),
        (0.08, '[>=0]0.0%;[Red]-0.0%', "8%"), (8, "0.00", None), (8, "", None), (8, '0 "of 100"', None),
        (Decimal("0.08"), "0.00%", "8%"),
    ],
)  # fmt: skip
def test_what_a_format_makes_of_a_number(number: float | Decimal, pattern: str, shown: str | None) -> None:
    text = apply_percent_format(number, pattern)
    assert (text is None) == (shown is None)
    assert text is None or shown is None or cells.read_pct(text, highest=999) == cells.read_pct(shown, highest=999)


@pytest.mark.parametrize("cell", ["2025-09-01T12:30:15Z", "2025-09-01 08:30:15-04:00", "2025/09/01 14:30:15+0200"])
def test_a_time_that_says_its_offset_is_an_instant(cell: Cell) -> None:
    assert cells.read_time(cell) == NOON.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2025/02/31 10:00:00", "a day that does not exist"), ("2025/02/29", "a day that does not exist"),
        ("2025/09/01 24:00:00", "a time that does not exist"), ("2025/09/01 10:60:00", "a time that does not exist"),
        ("01/09/2025 10:00", "day or the month first"), ("1.9.25", "day or the month first"),
        ("13/13/2025", "a day that does not exist"), ("yesterday", "not a date"), (20250901, "a number, not a date"),
        (5, "a number, not a date"), (True, "not a date"), (time(10), "not a date"), ("2025/09-01", "not a date"),
    ],
)  # fmt: skip
def test_what_is_no_time(cell: Cell, reason: str) -> None:
    with pytest.raises(CellError, match=reason):
        cells.read_time(cell)


@given(st.datetimes(datetime(1970, 1, 2), datetime(2099, 1, 1)))  # noqa: DTZ001
def test_a_real_date_is_the_same_by_its_number_and_by_its_text(moment: datetime) -> None:
    whole = moment.replace(microsecond=0)
    serial = (whole - datetime(1899, 12, 30)) / timedelta(days=1)  # noqa: DTZ001
    assert cells.read_time(serial) == cells.read_time(f"{whole:%Y/%m/%d %H:%M:%S}") == cells.read_time(whole) == whole


@pytest.mark.parametrize(
    ("cell", "hours"),
    [(8.33, "8.33"), ("8,33", "8.33"), ("8:20", "8.33"), ("30:00:00", "30.00"), (time(8, 20), "8.33"),
     (timedelta(hours=25), "25.00"), (7.999999999, "8.00")],
)  # fmt: skip
def test_hours(cell: Cell, hours: str) -> None:
    assert cells.read_hours(cell) == Decimal(hours)


@pytest.mark.parametrize(("cell", "number"), [(7, 7), (7.0, 7), (" 7 ", 7), ("-7", -7), (2**53 * 1.0, 2**53)])
def test_a_whole_number(cell: Cell, number: int) -> None:
    assert cells.read_whole(cell) == number


@pytest.mark.parametrize("cell", [7.5, "7.0", "seven", True, 1e18, "1.23E+09", "9" * 19, NOON])
def test_what_is_no_whole_number(cell: Cell) -> None:
    with pytest.raises(CellError):
        cells.read_whole(cell)


@pytest.mark.parametrize(
    ("written", "flag"),
    [((True, "TRUE", "true", 1, "1", 1.0, "Yes"), True), ((False, "FALSE", "false", 0, "0", None, "", " no "), False)],
)
def test_a_flag(written: tuple[Cell, ...], flag: bool) -> None:
    assert {cells.read_flag(cell) for cell in written} == {flag}


@pytest.mark.parametrize("read", [cells.read_flag, lambda cell: cells.read_text(cell, longest=3)])
def test_what_is_neither(read: Callable[[Cell], object]) -> None:
    with pytest.raises(CellError):
        read("maybe")


def test_columns_are_found_by_name_in_any_order_and_the_rest_is_models() -> None:
    header: list[Cell] = [
        "Tips", "clock_out", "TOTAL SALES", "Model B", "Comment", "%", "Net sales", "", "Employee Id", "Date",
        "Clock in", "EmployeeName", "id", "Worked hours / shift", "Commissions", "Total made", "Total per hour",
        "Empty",
    ]  # fmt: skip
    layout = lay_out(SHIFTS, header)
    assert layout.faults == ()
    assert set(layout.unknown) == {"Tips", "Model B", "Comment", "Empty"}
    row: list[Cell] = [None] * len(header)
    row[0], row[2], row[3], row[4] = 5, 100, "$100.00", "nice"
    models = find_models([row, row], layout, frozenset())
    assert list(models.places) == ["Model B"]
    assert models.left_out == {
        "Tips": "it is no part of the total sales",
        "Comment": "it does not hold amounts",
        "Empty": "it is empty",
    }


def test_an_empty_column_of_a_known_model_is_a_model() -> None:
    layout = lay_out(SHIFTS, [column.header for column in SHIFTS.columns] + ["model a"])
    assert list(find_models([[]], layout, frozenset({"model a"})).places) == ["model a"]
