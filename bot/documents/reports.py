"""Reports as CSV and XLSX files (SPEC 4.25)."""

import csv
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import StringIO

from bot.documents.sheets import Book
from bot.documents.tables import Column, Hours, Kind, Table, Value, clean_cell
from bot.views.months import spell_month
from bot.views.statement_lines import spell_date
from bot.words import Words
from payroll.reports import (
    DaysReport,
    DayTotals,
    Leaderboard,
    PeopleReport,
    PersonTotals,
    Place,
    ProductsReport,
    ProductTotals,
    Report,
)

# What spreadsheets take for the beginning of a formula, the wide forms of East Asia too. A tab or a line's end, that
# they skip before it, is gone by then.
_FORMULA_BEGINS = tuple("=+-@\uff1d\uff0b\uff0d\uff20")


def render_report_csv(words: Words, report: Report) -> bytes:
    """The report's rows without sums: UTF-8 with its mark, commas, CRLF, text in quotes, as Excel reads it.

    Dates are `YYYY-MM-DD`, amounts bare numbers such as `-1234.50`. Text that a spreadsheet could take for a formula
    gets an apostrophe before it.
    """
    table = make_report_table(words, report)
    file = StringIO()
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([_write_cell(column.label) for column in table.columns])
    writer.writerows([_write_cell(value) for value in row] for row in table.rows)
    return b"\xef\xbb\xbf" + file.getvalue().encode()


def render_report_xlsx(words: Words, report: Report) -> bytes:
    """The report with its sums as formulas. The same report gives the same bytes."""
    table = make_report_table(words, report)
    day = report.month if isinstance(report, Leaderboard) else report.until
    book = Book(table.title, datetime.combine(day, time(), UTC))
    book.add_table(table)
    return book.finish()


def make_report_table(words: Words, report: Report) -> Table:
    """A report as a table, before it is a file."""
    match report:
        case PeopleReport(rows=people):
            return _make(words, "people", report, _list_people_columns(words), map(_read_person, people))
        case DaysReport(rows=days, is_pay_shown=True):
            return _make(words, "days", report, _list_day_columns(words), map(_read_day, days))
        case DaysReport(rows=days):
            sold = (_read_day(one)[:-1] for one in days)
            return _make(words, "days", report, _list_day_columns(words)[:-1], sold)
        case ProductsReport(rows=products):
            return _make(words, "products", report, _list_product_columns(words), map(_read_product, products))
        case Leaderboard(rows=places):
            return _make(words, "leaderboard", report, _list_place_columns(words), map(_read_place, places))


def _make(words: Words, name: str, report: Report, columns: Sequence[Column], rows: Iterable[Sequence[Value]]) -> Table:
    title = words.plain(f"report-title-{name}", period=_spell_dates(words, report))
    return Table(words.plain(f"report-sheet-{name}"), title, columns, list(rows))


def _spell_dates(words: Words, report: Report) -> str:
    if isinstance(report, Leaderboard):
        return spell_month(words, report.month)
    return words.plain("statement-period", **{"from": spell_date(report.since), "to": spell_date(report.until)})


def _list_figures(words: Words) -> list[Column]:
    """What people and days have in common."""
    return [
        Column(words.plain("report-column-shifts"), Kind.COUNT, 9, is_summed=True),
        Column(words.plain("statement-column-hours"), Kind.NUMBER, 10, is_summed=True),
        Column(words.plain("statement-column-total-sales"), Kind.AMOUNT, 15, is_summed=True),
        Column(words.plain("statement-column-net"), Kind.AMOUNT, 15, is_summed=True),
    ]


def _list_people_columns(words: Words) -> list[Column]:
    return [
        Column(words.plain("report-column-id"), Kind.ID, 14),
        Column(words.plain("report-column-name"), Kind.TEXT, 30),
        *_list_figures(words),
        Column(words.plain("statement-hourly"), Kind.AMOUNT, 14, is_summed=True),
        Column(words.plain("statement-commissions"), Kind.AMOUNT, 14, is_summed=True),
        Column(words.plain("statement-shift-bonuses"), Kind.AMOUNT, 14, is_summed=True),
        Column(words.plain("statement-taken-over"), Kind.AMOUNT, 14, is_summed=True),
        Column(words.plain("statement-column-made"), Kind.AMOUNT, 15, is_summed=True, adds_up=(6, 9)),
    ]


def _read_person(one: PersonTotals) -> Sequence[Value]:
    hours = Hours(one.exact_hours, one.worked_hours)
    taken_over = one.total_made - one.total_per_hour - one.commissions - one.bonus_pay
    return (
        one.employee_id, one.name, one.shifts, hours, one.total_sales, one.net_sales, one.total_per_hour,
        one.commissions, one.bonus_pay, taken_over, one.total_made,
    )  # fmt: skip


def _list_day_columns(words: Words) -> list[Column]:
    return [
        Column(words.plain("statement-column-date"), Kind.DATE, 13),
        Column(words.plain("report-column-people"), Kind.COUNT, 9),
        *_list_figures(words),
        Column(words.plain("statement-column-made"), Kind.AMOUNT, 15, is_summed=True),
    ]


def _read_day(one: DayTotals) -> Sequence[Value]:
    hours = Hours(one.exact_hours, one.worked_hours)
    return one.day, one.people, one.shifts, hours, one.total_sales, one.net_sales, one.total_made


def _list_product_columns(words: Words) -> list[Column]:
    return [
        Column(words.plain("report-column-id"), Kind.ID, 8),
        Column(words.plain("report-column-name"), Kind.TEXT, 30),
        Column(words.plain("report-column-shifts"), Kind.COUNT, 9),
        Column(words.plain("statement-column-total-sales"), Kind.AMOUNT, 15, is_summed=True),
        Column(words.plain("report-column-refunded"), Kind.AMOUNT, 15, is_summed=True),
    ]


def _read_product(one: ProductTotals) -> Sequence[Value]:
    return one.product_id, one.name, one.shifts, one.total_sales, one.refunded


def _list_place_columns(words: Words) -> list[Column]:
    return [
        Column(words.plain("report-column-place"), Kind.ID, 8),
        Column(words.plain("report-column-name"), Kind.TEXT, 30),
        Column(words.plain("statement-column-total-sales"), Kind.AMOUNT, 15, is_summed=True),
    ]


def _read_place(one: Place) -> Sequence[Value]:
    return one.place, one.name, one.sales


def _write_cell(value: Value) -> str | Decimal | int | date | None:
    if isinstance(value, Hours):
        return value.shown
    if not isinstance(value, str):
        return value
    text = clean_cell(value)
    return f"'{text}" if text.startswith(_FORMULA_BEGINS) else text
