"""Names of files: plain letters that every machine takes."""

import re
import unicodedata

from payroll.reports import Leaderboard, Report
from payroll.statements import Statement

_LONGEST_NAME = 40


def name_statement_file(statement: Statement, ending: str) -> str:
    """`statement-2026-11-01-2026-11-14-ann.pdf`; a name without plain letters is left to the person's number."""
    period = statement.of.period
    who = _spell_plainly(statement.of.name) or str(statement.of.employee_id)
    return f"statement-{period.start_date}-{period.end_date}-{who}.{ending}"


def name_report_file(report: Report, ending: str) -> str:
    """`report-people-2026-11-01-2026-11-30.csv`, `leaderboard-2026-11.xlsx`."""
    if isinstance(report, Leaderboard):
        return f"leaderboard-{report.month:%Y-%m}.{ending}"
    kind = type(report).__name__.removesuffix("Report").lower()
    return f"report-{kind}-{report.since}-{report.until}.{ending}"


def _spell_plainly(name: str) -> str:
    """A name in small Latin letters, figures and hyphens; accents go, what has no plain form too."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:_LONGEST_NAME].strip("-")
