"""A total of hours is the exact time's sum, rounded once, wherever one is shown (SPEC 3.5, 3.12)."""

import re
from datetime import date
from decimal import Decimal

import pytest

from bot.documents.reports import render_report_csv, render_report_xlsx
from bot.documents.statement_pdf import render_statement_pdf
from bot.documents.statement_xlsx import render_statement_xlsx
from bot.use_cases.reports import get_report
from bot.use_cases.team import get_card
from bot.views.reports import render_report
from bot.views.team import render_member
from payroll.reports import ReportKind
from postgres_service import PostgresService
from tests.documents.made import WORDS, ZONE
from tests.documents.reading import read_csv, read_lines, read_sheet, to_cents
from tests.owners import SECOND_HALF, hire_owner, usd
from tests.shift_data import ANN

DAY = date(2026, 11, 16)
TIMES = {
    "three times 20 minutes": ("08:20:00", "09:20:00", "10:20:00"),
    "times to the second, as an API tells them": ("08:20:07", "09:33:59", "10:59:58"),
    "three halves of a hundredth, which one by one are rounded up": ("08:20:42", "09:20:42", "10:20:42"),
}
TOTALS = {"three times 20 minutes": "1.00", "three halves of a hundredth, which one by one are rounded up": "1.04"}


@pytest.mark.parametrize("times", TIMES)
def test_every_place_that_shows_a_total_of_hours_shows_the_same(service: PostgresService, times: str) -> None:
    olga = hire_owner(service)
    for hour, end in zip((8, 9, 10), TIMES[times], strict=True):
        clocks = {"clock_in": f"2026/11/16 {hour:02}:00:00", "clock_out": f"2026/11/16 {end}"}
        service.create_shift({"employee_id": ANN, **clocks, "products": {"Model A": 100}})
    statement = service.statements.get(ANN, SECOND_HALF)
    people, days = (get_report(service, olga, kind, DAY, DAY) for kind in (ReportKind.PEOPLE, ReportKind.DAYS))
    paper = next(line for line in read_lines(render_statement_pdf(WORDS, ZONE, statement)) if line.startswith("Total "))
    shown = {
        "statement": statement.worked_hours,
        "statement, PDF": Decimal(paper.split()[1]),
        "statement, XLSX": _sum_hours(render_statement_xlsx(WORDS, ZONE, statement), "Shifts"),
        "person's page": _find_hours(render_member(WORDS, ZONE, get_card(service, olga, ANN)).text),
    }
    for name, report in (("People", people), ("Days", days)):
        shown[f"{name}, chat"] = _find_hours(render_report(WORDS, report, 0).text)
        shown[f"{name}, XLSX"] = _sum_hours(render_report_xlsx(WORDS, report), name)
        shown[f"{name}, CSV"] = Decimal(read_csv(render_report_csv(WORDS, report))[0]["Hours"])
    assert len(set(shown.values())) == 1, shown
    assert times not in TOTALS or set(shown.values()) == {usd(TOTALS[times])}


def _find_hours(text: str) -> Decimal:
    found = re.findall(r"([\d.]+) h\b", text)
    assert found, text
    return Decimal(found[-1])


def _sum_hours(xlsx: bytes, sheet: str) -> Decimal:
    """What a program that opens the file makes of the cells, and what the file says that it is."""
    *rows, total = read_sheet(xlsx, sheet)
    summed = to_cents(sum((Decimal(str(row["Hours"])) for row in rows), Decimal(0)))
    assert summed == to_cents(total["Hours"])
    return summed
