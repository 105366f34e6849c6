"""Names of files: plain letters that every machine takes."""

from datetime import date

import pytest

from bot.documents.names import name_report_file, name_statement_file
from payroll.reports import DaysReport, Leaderboard, PeopleReport, ProductsReport, Report
from tests.documents.made import HOSTILE_NAMES, make_statement

SINCE, UNTIL = date(2026, 11, 1), date(2026, 11, 30)


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("Ann", "ann"),
        ("Zoë O’Brien", "zoe-obrien"),
        ("Ann Example-Smith", "ann-example-smith"),
        ("Анна", "100"),
        ("../../etc/passwd", "etc-passwd"),
        ("=1+1", "1-1"),
        ("W" * 200, "w" * 40),
        ("?", "100"),
    ],
)
def test_a_statement_is_named_by_its_days_and_the_person(name: str, who: str) -> None:
    assert name_statement_file(make_statement(name=name), "pdf") == f"statement-2026-11-01-2026-11-14-{who}.pdf"


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_makes_an_unsafe_one(name: str) -> None:
    found = name_statement_file(make_statement(name=name), "xlsx")
    assert set(found) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert len(found) <= 90


@pytest.mark.parametrize(
    ("report", "name"),
    [
        (PeopleReport(SINCE, UNTIL, []), "report-people-2026-11-01-2026-11-30.csv"),
        (DaysReport(SINCE, UNTIL, []), "report-days-2026-11-01-2026-11-30.csv"),
        (ProductsReport(SINCE, UNTIL, []), "report-products-2026-11-01-2026-11-30.csv"),
        (Leaderboard(SINCE, []), "leaderboard-2026-11.csv"),
    ],
)
def test_a_report_is_named_by_what_it_is_and_its_days(report: Report, name: str) -> None:
    assert name_report_file(report, "csv") == name
