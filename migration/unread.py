"""What a source has beside the worksheets that are taken over: named, and where it holds sales, in the way (SPEC 7)."""

from collections.abc import Sequence
from decimal import Decimal

from migration.models import find_amount
from migration.report import Report
from migration.sources import Book
from migration.tabs import SHIFTS, Rows, Tab, find_alike, find_header, lay_out
from migration.values import is_empty
from payroll.money import ZERO


def note_unread(book: Book, wanted: Sequence[Tab], report: Report) -> None:
    """Name everything that is found and not read. Shifts among it are sales that the database would not have."""
    titles = {tab.title for tab in wanted}
    for name in book.unread:
        report.note(f"{name} is not read: it is no worksheet.")
    for title, rows in book.tabs.items():
        if title in titles:
            continue
        alike = find_alike(rows)
        if alike is None:
            report.note(f"Worksheet {title} is not read: it is none of the old bot's.")
        elif title == alike.title:
            report.note(f"Worksheet {title} is not read: --tables leaves it out.")
        elif alike == SHIFTS and alike in wanted:
            count, sales = _sum_up(rows)
            rows_text = "1 row" if count == 1 else f"{count:,} rows"
            report.lose(
                "",
                None,
                f"Worksheet {title} looks like Shifts and is not read: {rows_text} with {sales:,.2f} of sales. "
                "Move its rows into Shifts, or delete it from the copy that is migrated.",
            )
        else:
            report.note(f"Worksheet {title} is not read, though it looks like {alike.title}.")


def _sum_up(rows: Rows) -> tuple[int, Decimal]:
    """How many shifts a worksheet has, and their total sales as far as they can be read."""
    head = find_header(SHIFTS, rows)
    place = lay_out(SHIFTS, rows[head]).places["Total sales"]
    body = [row for row in rows[head + 1 :] if not all(map(is_empty, row))]
    return len(body), sum((find_amount(row[place]) or ZERO for row in body if place < len(row)), ZERO)
