"""A percentage is what its cell shows: a sheet keeps 0.08 for 8 % and says so in the format alone (SPEC 7)."""

from decimal import Decimal

import pytest

from tests.fake_sheets.grid import Formatted
from tests.fake_sheets.server import FakeSheets
from tests.migration.conftest import Office, fill
from tests.migration.sample_sheet import Tabs
from tests.migration.small_sheet import BORIS, make_small_tabs


def _format_shown_as_pct(tabs: Tabs, fake: FakeSheets, pattern: str, scale: float) -> None:
    """Give every percentage of the spreadsheet a format under which it shows what it is."""
    fill(fake.book, tabs)
    for title, header in (("EmployeeSettings", "Sales commission"), ("DynamicRates", "Percentage"), ("Shifts", "%")):
        sheet = fake.book.get_sheet(title)
        place = tabs[title][0].index(header)
        for row in range(1, len(tabs[title])):
            value = sheet.get(row, place)
            assert isinstance(value, int | float)
            sheet.put(row, place, Formatted(value * scale, "PERCENT" if scale != 1 else "NUMBER", pattern))


@pytest.mark.parametrize(("pattern", "scale"), [("0.00%", 0.01), ("0%", 0.01), ('0.00"%"', 1)])
def test_the_api_s_formats_say_what_a_number_means(ready: Office, fake: FakeSheets, pattern: str, scale: float) -> None:
    _format_shown_as_pct(make_small_tabs(), fake, pattern, scale)
    ran = ready.run("--source", "sheets", "--execute")
    assert (ran.status, ran.err) == (0, ""), ran.out
    assert ready.fetch("SELECT sum(total_made), min(commission_pct), max(commission_pct) FROM shifts") == [
        (Decimal("459.20"), Decimal("8.00"), Decimal("11.00"))
    ]
    assert ready.fetch("SELECT base_pct FROM employee_settings WHERE employee_id = %s", BORIS) == [(Decimal("8.00"),)]
    # The tabs, their cells, their formats.
    assert fake.count() == 3


def test_120_percent_is_no_1_20(ready: Office, fake: FakeSheets) -> None:
    tabs = make_small_tabs()
    fill(fake.book, tabs)
    place = tabs["Shifts"][0].index("%")
    fake.book.get_sheet("Shifts").put(1, place, Formatted(1.2, "PERCENT", "0%"))
    ran = ready.run("--source", "sheets", "--execute")
    assert ran.status == 0
    assert any("% 120.00, by the rules 10.00" in line for line in ran.lines)
    assert ready.fetch("SELECT commission_pct FROM shifts WHERE shift_id = 1") == [(Decimal("120.00"),)]


def test_a_bare_fraction_without_a_format_is_still_refused_and_typing_the_percentage_helps(
    ready: Office, fake: FakeSheets
) -> None:
    tabs = make_small_tabs()
    fill(fake.book, tabs)
    sheet, place = fake.book.get_sheet("EmployeeSettings"), tabs["EmployeeSettings"][0].index("Sales commission")
    sheet.put(1, place, 0.08)
    ran = ready.run("--source", "sheets", "--execute")
    assert ran.status == 1
    assert "EmployeeSettings row 2, Sales commission: “0.08” may be 0.08 % or 8 %: write it with its %" in ran.lines
    sheet.put(1, place, Formatted(0.08, "PERCENT", "0%"))
    assert ready.run("--source", "sheets", "--execute").status == 0
