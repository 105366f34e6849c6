"""What holds between runs: which worksheets go with which, and from when on shifts are owed (SPEC 7, PAYROLL D41).

Done in steps with `--tables`, a migration comes to what one run of all worksheets does, or is stopped with a sentence.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from migration.books import Books
from migration.report import Report
from migration.tabs import BONUSES, EMPLOYEE_RANKS, RANKS, RATES, SETTINGS, SHIFTS, Rows, Tab, Tabs, find_header
from migration.values import is_empty

HISTORY = (SHIFTS, EMPLOYEE_RANKS, BONUSES)
"""What happened: the three are priced, ranked and drawn by each other."""
REFERENCE = (SETTINGS, RATES, RANKS)
"""What it is priced and ranked by."""


def refuse_parted_history(tabs: Tabs, wanted: Sequence[Tab], report: Report) -> None:
    """Shifts, ranks and bonuses come together, as far as the source has them."""
    left_out = [tab.title for tab in HISTORY if tab not in wanted and _has_rows(tab, tabs.get(tab.title, ()))]
    if left_out and any(tab in wanted for tab in HISTORY):
        together = ", ".join(tab.title for tab in HISTORY)
        report.fault(f"{together} are migrated together: name {' and '.join(left_out)} in --tables too.")


def list_left_out_reference(tabs: Tabs, wanted: Sequence[Tab]) -> list[Tab]:
    """The worksheets that history needs, that the source has, and that this run leaves out."""
    if not any(tab in wanted for tab in HISTORY):
        return []
    return [tab for tab in REFERENCE if tab not in wanted and _has_rows(tab, tabs.get(tab.title, ()))]


def refuse_late_reference(wanted: Sequence[Tab], books: Books, report: Report) -> None:
    """Shifts that are there were priced by what held before: with other wages, rates or ranks they come along."""
    if SHIFTS in wanted or not books.imported:
        return
    for tab in REFERENCE:
        tally = report.tallies.get(tab.title)
        if tally is not None and (tally.updated or (tab is not SETTINGS and tally.inserted)):
            history = ", ".join(one.title for one in HISTORY)
            report.fault(
                f"shifts that are there were priced by another one: name {history} in --tables too.", tab.title
            )


def find_owed_from(books: Books) -> date | None:
    """The day that an earlier migration counted from, None where there was none.

    As it noted it; where it noted nothing, the day of the first shift that it took as owed, else that after the last
    one that it took as paid.
    """
    if books.owed_from is not None:
        return books.owed_from
    paid = [one.shift_date for one in books.imported.values() if one.was_paid and not one.is_corrected]
    owed = [one.shift_date for one in books.imported.values() if not one.was_paid and not one.is_corrected]
    if owed:
        return min(owed)
    return max(paid) + timedelta(days=1) if paid else None


def check_owed_from(owed_from: date, today: date, books: Books, report: Report) -> None:
    """Refuse a day to come, and one that would make owed what was taken as paid, or the other way round."""
    if owed_from > today:
        report.fault(f"--owed-from {owed_from} is in the future: nothing would be owed to anybody.")
    for was_paid, named, other in ((True, "paid", "owed"), (False, "owed", "paid")):
        days = [
            one.shift_date
            for one in books.imported.values()
            if one.was_paid is was_paid and not one.is_corrected and (one.shift_date >= owed_from) is was_paid
        ]
        if days:
            count = "1 shift" if len(days) == 1 else f"{len(days):,} shifts"
            report.fault(
                f"--owed-from {owed_from} would make {count} of {min(days)} to {max(days)} {other}, but an earlier "
                f"migration took them over as {named}, and so they stay: leave --owed-from out."
            )


def _has_rows(tab: Tab, rows: Rows) -> bool:
    return any(not is_empty(cell) for row in rows[find_header(tab, rows) + 1 :] for cell in row)
